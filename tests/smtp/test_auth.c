/*
 * test_auth.c - AUTH
 */
#include <criterion/criterion.h>

#include "tests/exchange/exchange.h"
#include "tests/smtp/player.h"

#define GREET "C: EHLO test\nS. 250 *\n"
#define STILL_OUT "C: MAIL FROM:<" ME ">\nS: 530 5.7.0 *\n"
#define IN "C: MAIL FROM:<" ME ">\nS: 250 2.1.0 *\n"
#define PLAIN_ME "AG1lQG93bi5leGFtcGxlAHNlY3JldA=="
#define PLAIN_WRONG "AG1lQG93bi5leGFtcGxlAHdyb25n"
#define USER_ME "bWVAb3duLmV4YW1wbGU="
#define SECRET "c2VjcmV0"

/* clang-format off */
static const struct dialogue dialogues[] = {
    { "PLAIN with an initial response", GREET "C: AUTH PLAIN " PLAIN_ME "\nS: 235 2.7.0 *\n" IN, 0 },
    { "PLAIN without one",
      GREET "C: AUTH PLAIN\nS: 334 \nC: " PLAIN_ME "\nS: 235 2.7.0 *\n" IN, 0 },
    { "LOGIN", GREET "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: " USER_ME "\nS: 334 UGFzc3dvcmQ6\n"
      "C: " SECRET "\nS: 235 2.7.0 *\n" IN, 0 },
    { "LOGIN with the user at once",
      GREET "C: AUTH LOGIN " USER_ME "\nS: 334 UGFzc3dvcmQ6\nC: " SECRET "\nS: 235 *\n" IN, 0 },
    { "mechanisms in any case", GREET "C: auth plain " PLAIN_ME "\nS: 235 *\n" IN, 0 },
    { "a name for oneself to act for", GREET
      "C: AUTH PLAIN bWVAb3duLmV4YW1wbGUAbWVAb3duLmV4YW1wbGUAc2VjcmV0\nS: 235 *\n" IN, 0 },
    { "nobody acts for someone else", GREET
      "C: AUTH PLAIN ZXZlAG1lQG93bi5leGFtcGxlAHNlY3JldA==\nS: 535 5.7.8 *\n" STILL_OUT, 0 },
    { "a wrong password", GREET "C: AUTH PLAIN " PLAIN_WRONG "\nS: 535 5.7.8 *\n" STILL_OUT, 0 },
    { "a wrong password with LOGIN", GREET
      "C: AUTH LOGIN " USER_ME "\nS: 334 *\nC: d3Jvbmc=\nS: 535 5.7.8 *\n" STILL_OUT, 0 },
    { "a star cancels", GREET "C: AUTH PLAIN\nS: 334 \nC: *\nS: 501 5.0.0 *\n"
      "C: AUTH LOGIN\nS: 334 *\nC: *\nS: 501 5.0.0 *\n"
      "C: AUTH LOGIN " USER_ME "\nS: 334 *\nC: *\nS: 501 5.0.0 *\n" STILL_OUT LOGIN, 0 },
    { "what is not base64", GREET "C: AUTH PLAIN ***\nS: 501 5.5.2 *\n"
      "C: AUTH LOGIN\nS: 334 *\nC: {}\nS: 501 5.5.2 *\nC: NOOP\nS: 250 *\n" STILL_OUT, 0 },
    { "PLAIN without a password", GREET "C: AUTH PLAIN AG1lQG93bi5leGFtcGxl\nS: 501 5.5.2 *\n" STILL_OUT, 0 },
    { "an empty response", GREET "C: AUTH PLAIN =\nS: 501 5.5.2 *\n" STILL_OUT, 0 },
    { "a user with NUL in it", GREET "C: AUTH LOGIN YQBi\nS: 501 5.5.2 *\n" STILL_OUT, 0 },
    { "an unknown mechanism", GREET "C: AUTH CRAM-MD5\nS: 504 5.5.4 *\n" STILL_OUT, 0 },
    { "AUTH without a mechanism", GREET "C: AUTH\nS: 501 5.5.4 *\n", 0 },
    { "AUTH before EHLO", "C: AUTH PLAIN " PLAIN_ME "\nS: 503 5.5.1 *\n", 0 },
    { "AUTH twice", HELLO "C: AUTH PLAIN " PLAIN_ME "\nS: 503 5.5.1 *\n" IN, 0 },
    { "AUTH within a message", HELLO IN "C: AUTH PLAIN " PLAIN_ME "\nS: 503 5.5.1 *\n", 0 },
    { "commands within the dialogue are responses", GREET
      "C: AUTH LOGIN\nS: 334 *\nC: QUIT now\nS: 501 5.5.2 *\nC: NOOP\nS: 250 *\n", 0 },
};
/* clang-format on */

Test(smtp_auth, logs_in_or_says_why_not)
{
    player_play_table(dialogues, sizeof dialogues / sizeof *dialogues);
}

Test(smtp_auth, takes_no_password_in_the_open)
{
    struct player player;

    player_start(&player);
    player.session.private_link = false;
    player_play(&player, "open",
                "C: EHLO test\nS. 250-CHUNKING\nS: 250 ENHANCEDSTATUSCODES\n"
                "C: AUTH PLAIN " PLAIN_ME "\nS: 538 5.7.11 *\n"
                "C: AUTH LOGIN\nS: 538 5.7.11 *\n" STILL_OUT);
    player_stop(&player);
}

Test(smtp_auth, ends_with_a_response_that_is_too_long)
{
    struct player player;
    char line[8192];

    memset(line, 'A', sizeof line);
    player_start(&player);
    player_play(&player, "begin", GREET "C: AUTH PLAIN\nS: 334 \n");
    player_send(&player, line, sizeof line, 500);
    player_play(&player, "end", "C: \nS: 500 5.5.6 *\nC: NOOP\nS: 250 *\n");
    player_stop(&player);
}

Test(smtp_auth, forgets_the_user_when_a_dialogue_breaks_off)
{
    struct player player;

    player_start(&player);
    player_play(&player, "break off",
                GREET "C: AUTH LOGIN " USER_ME "\nS: 334 *\n"
                      "C: \t\nS: 500 *\n");
    cr_expect_null(player.session.login_user);
    player_play(&player, "again", LOGIN);
    player_stop(&player);
}

Test(smtp_auth, tells_passing_troubles_from_wrong_passwords)
{
    struct player player;
    struct exchange_fault_rule rule = { .fault = FAULT_HTTP_503,
                                        .times = 1000 };

    player_start(&player);
    exchange_set_fault(player.exchange, &rule);
    player_play(&player, "down",
                GREET "C: AUTH PLAIN " PLAIN_ME "\nS: 454 4.7.0 *\n" STILL_OUT);
    exchange_clear_faults(player.exchange);
    player_play(&player, "up", LOGIN);
    player_stop(&player);
}
