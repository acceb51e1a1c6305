/*
 * test_hello.c - EHLO, HELO, STARTTLS and what needs no login
 */
#include <criterion/criterion.h>

#include "tests/smtp/player.h"

/* clang-format off */
static const struct dialogue dialogues[] = {
    { "EHLO tells what can be had",
      "C: EHLO test\n"
      "S: 250-*\nS: 250-SIZE*\nS: 250-PIPELINING\nS: 250-8BITMIME\nS: 250-SMTPUTF8\n"
      "S: 250-DSN\nS: 250-CHUNKING\nS: 250-AUTH PLAIN LOGIN\nS: 250 ENHANCEDSTATUSCODES\n", 0 },
    { "HELO tells nothing", "C: HELO test\nS: 250 *\n", 0 },
    { "commands are the same in any case", "C: ehlo test\nS. 250 *\nC: nOOp\nS: 250 2.0.0 *\n", 0 },
    { "EHLO needs a name", "C: EHLO\nS: 501 5.5.4 *\nC: HELO \nS: 501 5.5.4 *\n", 0 },
    { "an unknown command is refused and the session lives",
      "C: WIZ\nS: 500 5.5.1 *\nC: NOOP\nS: 250 2.0.0 *\n", 0 },
    { "an empty line is refused and the session lives",
      "C: \nS: 500 5.5.2 *\nC:  NOOP\nS: 500 5.5.2 *\nC: NOOP\nS: 250 2.0.0 *\n", 0 },
    { "control characters are refused and the session lives",
      "C+ NO\\0OP\\r\\n\nS: 500 5.5.2 *\nC+ NOOP\\tx\\r\\n\nS: 500 5.5.2 *\nC: NOOP\nS: 250 2.0.0 *\n", 0 },
    { "a bare LF ends a command", "C+ NOOP\\n\nS: 250 2.0.0 *\n", 0 },
    { "VRFY, EXPN and HELP say something",
      "C: VRFY ann\nS: 252 2.1.5 *\nC: EXPN list\nS: 502 5.5.1 *\nC: HELP\nS: 214 2.0.0 *\n"
      "C: HELP MAIL\nS: 214 2.0.0 *\nC: VRFY\nS: 501 5.5.4 *\n", 0 },
    { "RSET and QUIT take no argument",
      "C: RSET now\nS: 501 5.5.4 *\nC: QUIT now\nS: 501 5.5.4 *\nC: RSET\nS: 250 2.0.0 *\n", 0 },
    { "QUIT says good-bye and hangs up", "C: QUIT\nS: 221 2.0.0 *\nE:\n", 0 },
    { "nothing follows QUIT", "C: QUIT\nC: NOOP\nS: 221 2.0.0 *\nE:\n", 0 },
    { "STARTTLS is refused where there is no certificate",
      "C: STARTTLS\nS: 502 5.5.1 *\n", 0 },
    { "without a login nothing is sent",
      "C: EHLO test\nS. 250 *\nC: MAIL FROM:<" ME ">\nS: 530 5.7.0 *\n"
      "C: RCPT TO:<" ANN ">\nS: 530 5.7.0 *\nC: DATA\nS: 530 5.7.0 *\n"
      "C+ BDAT 6 LAST\\r\\nNOOP\\r\\n\nS: 530 5.7.0 *\nC: RSET\nS: 250 2.0.0 *\n", 0 },
};
/* clang-format on */

Test(smtp_hello, answers_without_a_login)
{
    player_play_table(dialogues, sizeof dialogues / sizeof *dialogues);
}

Test(smtp_hello, survives_a_line_without_end)
{
    struct player player;
    char line[20000];

    memset(line, 'x', sizeof line);
    player_start(&player);
    for (int i = 0; i < 500; i++)
        player_send(&player, line, sizeof line, 1000);
    cr_expect(player.input.len <= 8192);
    cr_expect(player.output.len == 0);
    player_play(&player, "long", "C: \nS: 500 5.5.2 *\nC: NOOP\nS: 250 *\n");
    player_stop(&player);
}

Test(smtp_hello, takes_lines_up_to_the_limit)
{
    static const struct {
        size_t len;
        const char *script;
    } cases[] = {
        { 16384, "S: 250 2.0.0 *\nC: NOOP\nS: 250 2.0.0 *\n" },
        { 16385, "S: 500 5.5.2 *\nC: NOOP\nS: 250 2.0.0 *\n" },
    };
    static const size_t steps[] = { 1, 7, 16384, 16385, 16386, 40000 };

    for (size_t i = 0; i < 12; i++) {
        struct player player;
        char line[16400] = "NOOP ";
        size_t len = cases[i % 2].len;

        memset(line + 5, 'x', sizeof line - 5);
        memcpy(line + len, "\r\n", 2);
        player_start(&player);
        player_send(&player, line, len + 2, steps[i / 2]);
        player_play(&player, "limit", cases[i % 2].script);
        player_stop(&player);
    }
}

Test(smtp_hello, forgets_everything_with_starttls)
{
    struct player player;

    player_start(&player);
    player.session.can_start_tls = true;
    player_play(&player, "before",
                "C: EHLO test\nS. 250-STARTTLS\nS. 250 *\n" LOGIN ENVELOPE
                "C: STARTTLS\nC: NOOP\nS: 220 2.0.0 *\nT:\n");
    player_play(&player, "after",
                "C: MAIL FROM:<" ME ">\nS: 530 *\n"
                "C: AUTH PLAIN\nS: 503 *\n"
                "C: STARTTLS\nS: 502 *\n" HELLO ENVELOPE);
    player_stop(&player);
}

Test(smtp_hello, tells_the_limit_of_size)
{
    struct player player;

    player_start(&player);
    player_set(&player, "mail.message_limit", "12345");
    player_play(&player, "size",
                "C: EHLO test\nS: 250-*\nS: 250-SIZE 12345\n"
                "S. 250 *\n");
    player_stop(&player);
}
