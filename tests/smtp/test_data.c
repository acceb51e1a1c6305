/*
 * test_data.c - DATA and BDAT: what is sent, and what is answered
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/exchange/exchange.h"
#include "tests/smtp/player.h"

#define HEAD                                                                   \
    "C: From: <" ME ">\nC: To: <" ANN ">\nC: Message-ID: <1@own.example>\n"    \
    "C: Subject: a\nC: \n"
#define SENT "S: 250 2.0.0 *\n"
#define MESSAGE ENVELOPE "C: DATA\nS: 354 *\n" HEAD "C: Hello\nC: .\n"

/* clang-format off */
static const struct dialogue dialogues[] = {
    { "a message is sent", HELLO MESSAGE SENT, 1 },
    { "two messages with one Message-ID are both sent", HELLO MESSAGE SENT MESSAGE SENT, 2 },
    { "everything comes at once", HELLO
      "C: MAIL FROM:<" ME ">\nC: RCPT TO:<" ANN ">\nC: DATA\n" HEAD "C: Hello\nC: .\nC: QUIT\n"
      "S: 250 2.1.0 *\nS: 250 2.1.5 *\nS: 354 *\n" SENT "S: 221 *\nE:\n", 1 },
    { "DATA without recipients", HELLO
      "C: DATA\nS: 503 5.5.1 *\nC: MAIL FROM:<" ME ">\nS: 250 *\nC: DATA\nS: 503 5.5.1 *\n", 0 },
    { "a client that hangs up within its message sends nothing",
      HELLO ENVELOPE "C: DATA\nS: 354 *\n" HEAD "C: Hello\n", 0 },
    { "a client that hangs up before the last LF sends nothing",
      HELLO ENVELOPE "C: DATA\nS: 354 *\n" HEAD "C: Hello\nC+ .\\r\n", 0 },
    { "after a message the next one begins anew",
      HELLO MESSAGE SENT "C: DATA\nS: 503 *\nC: RCPT TO:<" ANN ">\nS: 503 *\n", 1 },
    { "only CRLF.CRLF ends a message", HELLO ENVELOPE "C: DATA\nS: 354 *\n" HEAD
      "C+ a\\n.\\nMAIL FROM:<eve@x>\\r\\nb\\n.\\r\\nRSET\\r\\n.\\nRSET\\r\\n.\\r\\n\n" SENT, 1 },
    { "a bare CR is refused",
      HELLO ENVELOPE "C: DATA\nS: 354 *\n" HEAD "C+ a\\r.\\r\\r\\n.\\r\\n\nS: 554 5.6.0 *\n"
      "C: NOOP\nS: 250 *\n" MESSAGE SENT, 1 },
    { "a recipient who is hidden gets it as well", HELLO
      "C: MAIL FROM:<" ME ">\nS: 250 *\nC: RCPT TO:<" BOB ">\nS: 250 *\n"
      "C: RCPT TO:<" ANN ">\nS: 250 *\n"
      "C: DATA\nS: 354 *\nC: To: <" BOB ">\nC: \nC: Hello\nC: .\n" SENT, 1 },
    { "a message for others than it says is refused", HELLO
      "C: MAIL FROM:<" ME ">\nS: 250 *\nC: RCPT TO:<" ANN ">\nS: 250 *\n"
      "C: DATA\nS: 354 *\nC: To: <" BOB ">\nC: \nC: Hello\nC: .\nS: 550 5.6.0 *\n", 0 },

    { "a chunk is a message", HELLO ENVELOPE
      "C+ BDAT 32 LAST\\r\\nTo: <" ANN ">\\r\\n\\r\\nHello\\r\\n\n" SENT, 1 },
    { "chunks of any size make a message", HELLO ENVELOPE
      "C+ BDAT 6\\r\\nTo: <aBDAT 0\\r\\nbdat 17\\r\\nnn@own.example>\\r\\nBDAT 2\\r\\n\\r\\n\n"
      "C+ BDAT 3\\r\\n.\\r\\nBDAT 0 LAST\\r\\n\n"
      "S: 250 2.0.0 6 *\nS: 250 2.0.0 0 *\nS: 250 2.0.0 17 *\nS: 250 2.0.0 2 *\nS: 250 2.0.0 3 *\n"
      SENT, 1 },
    { "a chunk that nobody wants is thrown away", HELLO
      "C+ BDAT 6\\r\\nRSET\\r\\nBDAT 6 LAST\\r\\nRSET\\r\\nNOOP\\r\\n\n"
      "S: 503 5.5.1 *\nS: 503 5.5.1 *\nS: 250 2.0.0 *\n", 0 },
    { "DATA after BDAT is refused", HELLO ENVELOPE
      "C+ BDAT 3\\r\\na\\r\\n\nS: 250 *\nC: DATA\nS: 503 5.5.1 *\n"
      "C: RCPT TO:<" BOB ">\nS: 503 5.5.1 *\nC: RSET\nS: 250 *\n" MESSAGE SENT, 1 },
    { "RSET forgets chunks", HELLO ENVELOPE
      "C+ BDAT 3\\r\\na\\r\\n\nS: 250 *\nC: RSET\nS: 250 *\nC: BDAT 0 LAST\nS: 503 5.5.1 *\n", 0 },
    { "after a bad chunk the others are refused", HELLO ENVELOPE
      "C+ BDAT 3\\r\\n\\rab\n" "S: 554 5.6.0 *\nC: BDAT 0 LAST\nS: 503 5.5.1 *\n", 0 },
    { "a chunk without a size ends the session", HELLO ENVELOPE
      "C: BDAT x LAST\nS: 521 5.5.4 *\nE:\n", 0 },
    { "a chunk that says more than LAST ends the session", HELLO ENVELOPE
      "C: BDAT 5 FIRST\nS: 521 5.5.4 *\nE:\n", 0 },
    { "a chunk of too many octets ends the session", HELLO ENVELOPE
      "C: BDAT 99999999999999999999999\nS: 521 5.5.4 *\nE:\n", 0 },
};
/* clang-format on */

Test(smtp_data, sends_what_comes)
{
    player_play_table(dialogues, sizeof dialogues / sizeof *dialogues);
}

struct content_case {
    const char *name;
    const char *sent;
    const char *received; /* the body */
};

/* clang-format off */
static const struct content_case content_cases[] = {
    { "plain lines", "one\r\ntwo\r\n.\r\n", "one\r\ntwo\r\n" },
    { "no lines", ".\r\n", "" },
    { "dots at the start of lines", "..\r\n...\r\n..a\r\n.b\r\na.\r\n.\r\n",
      ".\r\n..\r\n.a\r\nb\r\na.\r\n" },
    { "empty lines at the end", "a\r\n\r\n\r\n.\r\n", "a\r\n\r\n\r\n" },
    { "bare LF", "a\nb\n\n.\r\n\r\n.\r\n", "a\r\nb\r\n\r\n.\r\n\r\n" },
    { "octets of any kind", "\x01\x7f\xff\xc3\xa4\r\n.\r\n", "\x01\x7f\xff\xc3\xa4\r\n" },
};
/* clang-format on */

Test(smtp_data, keeps_each_octet_wherever_pieces_meet)
{
    static const char head[] = "To: <" ANN ">\r\nDate: Sat, 21 Nov 2026 "
                               "10:00:00 +0000\r\nMessage-ID: <1@x>\r\n\r\n";

    for (size_t i = 0; i < sizeof content_cases / sizeof *content_cases; i++) {
        const struct content_case *c = &content_cases[i];

        for (size_t step = 1; step < 8; step++) {
            struct player player;
            size_t len;

            player_start(&player);
            player_play(&player, c->name, HELLO ENVELOPE "C: DATA\nS: 354 *\n");
            player_send(&player, head, strlen(head), step);
            player_send(&player, c->sent, strlen(c->sent), step);
            player_play(&player, c->name, SENT);
            char *text = player_message(&player, ANN, 0, &len);
            char *body = memmem(text, len, "\r\n\r\n", 4);
            cr_assert(body != NULL, "%s", c->name);
            body += 4;
            size_t body_len = len - (size_t)(body - text);
            cr_expect(body_len == strlen(c->received) &&
                          memcmp(body, c->received, body_len) == 0,
                      "%s, step %zu: \"%.*s\"", c->name, step, (int)body_len,
                      body);
            free(text);
            player_stop(&player);
        }
    }
}

Test(smtp_data, eats_a_message_that_is_too_big)
{
    struct player player;
    char line[1000];

    memset(line, 'x', sizeof line);
    memcpy(line + sizeof line - 2, "\r\n", 2);
    player_start(&player);
    player_set(&player, "mail.message_limit", "100000");
    player_play(&player, "data", HELLO ENVELOPE "C: DATA\nS: 354 *\n" HEAD);
    for (int i = 0; i < 200; i++)
        player_send(&player, line, sizeof line, 777);
    player_play(&player, "data", "C: .\nS: 552 5.3.4 *\n" MESSAGE SENT);

    player_play(&player, "chunk", ENVELOPE "C: BDAT 200000 LAST\n");
    for (int i = 0; i < 200; i++)
        player_send(&player, line, sizeof line, 777);
    player_play(&player, "chunk", "S: 552 5.3.4 *\n" MESSAGE SENT);
    cr_expect(player_received(&player, ANN) == 2);
    player_stop(&player);
}

/* What Exchange says, and what we say then. */
struct fault_case {
    const char *name;
    enum exchange_fault fault;
    const char *code;
    const char *answer;
};

/* clang-format off */
static const struct fault_case fault_cases[] = {
    { "permanent upstream error = 5xx", FAULT_RESPONSE_CODE, "ErrorSendAsDenied", "S: 550 5.7.60 *\n" },
    { "a refused recipient", FAULT_RESPONSE_CODE, "ErrorInvalidRecipients", "S: 550 5.1.3 *\n" },
    { "a message too large", FAULT_RESPONSE_CODE, "ErrorMessageSizeExceeded", "S: 552 5.3.4 *\n" },
    { "a full mailbox", FAULT_RESPONSE_CODE, "ErrorQuotaExceeded", "S: 552 5.2.2 *\n" },
    { "no right", FAULT_RESPONSE_CODE, "ErrorAccessDenied", "S: 550 5.7.1 *\n" },
    { "HTTP 503 is no success", FAULT_HTTP_503, NULL, "S: 451 4.3.? *\n" },
    { "throttling is not for ever", FAULT_SERVER_BUSY, NULL, "S: 451 4.3.2 *\n" },
};
/* clang-format on */

Test(smtp_data, says_what_exchange_says)
{
    for (size_t i = 0; i < sizeof fault_cases / sizeof *fault_cases; i++) {
        const struct fault_case *c = &fault_cases[i];
        struct exchange_fault_rule rule = { .operation = "CreateItem",
                                            .fault = c->fault,
                                            .times = 1000,
                                            .parameter = 10,
                                            .code = c->code };
        struct player player;
        char script[500];

        player_start(&player);
        player_play(&player, c->name, HELLO);
        exchange_set_fault(player.exchange, &rule);
        snprintf(script, sizeof script, MESSAGE "%s", c->answer);
        player_play(&player, c->name, script);
        cr_expect(player_received(&player, ANN) == 0, "%s", c->name);
        exchange_clear_faults(player.exchange);
        player_play(&player, c->name, MESSAGE SENT);
        player_stop(&player);
    }
}

Test(smtp_data, never_shows_bcc)
{
    struct player player;
    size_t len;

    player_start(&player);
    player_play(&player, "bcc",
                HELLO ENVELOPE
                "C: RCPT TO:<" BOB ">\nS: 250 *\nC: DATA\nS: 354 *\n"
                "C: To: <" ANN ">\nC: Bcc: <" BOB ">\nC: \nC: Hello\nC: .\n"
                SENT);
    cr_expect(player_received(&player, BOB) == 1);
    char *text = player_message(&player, ANN, 0, &len);
    cr_expect(memmem(text, len, "bob@", 4) == NULL);
    free(text);
    player_stop(&player);
}

Test(smtp_data, sends_a_large_message_whole)
{
    struct player player;
    char line[1000];
    size_t len;

    memset(line, 'x', sizeof line);
    memcpy(line + sizeof line - 2, "\r\n", 2);
    player_start(&player);
    player_play(&player, "data", HELLO ENVELOPE "C: DATA\nS: 354 *\n" HEAD);
    for (int i = 0; i < 3000; i++)
        player_send(&player, line, sizeof line, 65536);
    player_play(&player, "data", "C: .\n" SENT);
    char *text = player_message(&player, ANN, 0, &len);
    char *body = memmem(text, len, "\r\n\r\n", 4);
    cr_assert(body != NULL);
    cr_assert(len - (size_t)(body + 4 - text) == 3000 * sizeof line);
    for (int i = 0; i < 3000; i++)
        cr_assert(
            memcmp(body + 4 + (size_t)i * sizeof line, line, sizeof line) == 0);
    free(text);
    player_stop(&player);
}
