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
    char line[20000];

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

/* --- Tokens ---------------------------------------------------------------- */

/* "user=me@own.example\1auth=Bearer good\1\1" and the like. */
#define X_GOOD "dXNlcj1tZUBvd24uZXhhbXBsZQFhdXRoPUJlYXJlciBnb29kAQE="
#define X_OLD "dXNlcj1tZUBvd24uZXhhbXBsZQFhdXRoPUJlYXJlciBvbGQBAQ=="
#define X_BOB "dXNlcj1tZUBvd24uZXhhbXBsZQFhdXRoPUJlYXJlciBib2JzAQE="
#define O_GOOD "bixhPW1lQG93bi5leGFtcGxlLAFob3N0PXgBcG9ydD0yNQFhdXRoPUJlYXJlciBnb29kAQE="
#define O_OLD "bixhPW1lQG93bi5leGFtcGxlLAFob3N0PXgBcG9ydD0yNQFhdXRoPUJlYXJlciBvbGQBAQ=="
#define O_ASKS "bixhPW1lQG93bi5leGFtcGxlLAFob3N0PXgBcG9ydD0yNQFhdXRoPQEB"

/* clang-format off */
static const struct dialogue tokens[] = {
    { "XOAUTH2 at once", GREET "C: AUTH XOAUTH2 " X_GOOD "\nS: 235 2.7.0 *\n" IN, 0 },
    { "XOAUTH2 when asked", GREET "C: AUTH XOAUTH2\nS: 334 \nC: " X_GOOD "\nS: 235 2.7.0 *\n" IN, 0 },
    { "OAUTHBEARER at once", GREET "C: auth oauthbearer " O_GOOD "\nS: 235 2.7.0 *\n" IN, 0 },
    { "OAUTHBEARER when asked", GREET "C: AUTH OAUTHBEARER\nS: 334 \nC: " O_GOOD "\nS: 235 *\n" IN, 0 },
    { "XOAUTH2 refused", GREET "C: AUTH XOAUTH2 " X_OLD "\nS: 334 eyJzdGF0dXMiOiI0MDEi*\nC: \nS: 535 5.7.8 *\n" STILL_OUT, 0 },
    { "OAUTHBEARER refused", GREET "C: AUTH OAUTHBEARER " O_OLD "\nS: 334 eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2Vu*\nC: AQ==\nS: 535 5.7.8 *\n" STILL_OUT, 0 },
    { "OAUTHBEARER asks", GREET "C: AUTH OAUTHBEARER " O_ASKS "\nS: 334 eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2Vu*\nC: AQ==\nS: 535 5.7.8 *\n" STILL_OUT, 0 },
    { "a star after a refusal", GREET "C: AUTH XOAUTH2 " X_OLD "\nS: 334 *\nC: *\nS: 535 5.7.8 *\nC: NOOP\nS: 250 *\n", 0 },
    { "another try after a refusal", GREET "C: AUTH XOAUTH2 " X_OLD "\nS: 334 *\nC: \nS: 535 *\n"
      "C: AUTH XOAUTH2 " X_GOOD "\nS: 235 *\n" IN, 0 },
    { "someone else's token", GREET "C: AUTH XOAUTH2 " X_BOB "\nS: 334 eyJzdGF0dXMiOiI0MDMi*\nC: \nS: 535 5.7.8 No right *\n" STILL_OUT, 0 },
    { "a star", GREET "C: AUTH XOAUTH2\nS: 334 \nC: *\nS: 501 5.0.0 *\n" STILL_OUT, 0 },
    { "no base64", GREET "C: AUTH XOAUTH2 !\nS: 501 5.5.2 *\n" STILL_OUT, 0 },
    { "the other's message", GREET "C: AUTH OAUTHBEARER " X_GOOD "\nS: 501 5.5.2 *\nC: NOOP\nS: 250 *\n" STILL_OUT, 0 },
    { "a password beside it", HELLO IN, 0 },
};
/* clang-format on */

static void start_with_tokens(struct player *player, const char *use)
{
    player_start(player);
    player_set(player, "exchange.tokens", use);
    exchange_issue_token(player->exchange, ME, "good");
    exchange_issue_token(player->exchange, BOB, "bobs");
}

Test(smtp_auth, logs_in_with_tokens_or_says_why_not)
{
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        struct player player;

        start_with_tokens(&player, "yes");
        player_play(&player, tokens[i].name, tokens[i].script);
        player_stop(&player);
    }
}

Test(smtp_auth, offers_what_the_settings_allow)
{
    static const struct {
        const char *use, *script;
    } cases[] = {
        { "no", "C: EHLO test\nS. 250-AUTH PLAIN LOGIN\nS: 250 *\n"
                "C: AUTH XOAUTH2\nS: 504 5.5.4 *\n" },
        { "yes", "C: EHLO test\nS. 250-AUTH OAUTHBEARER XOAUTH2 PLAIN LOGIN\n"
                 "S: 250 *\n" },
        { "only", "C: EHLO test\nS. 250-AUTH OAUTHBEARER XOAUTH2\nS: 250 *\n"
                  "C: AUTH PLAIN " PLAIN_ME "\nS: 504 5.5.4 *\n" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct player player;

        start_with_tokens(&player, cases[i].use);
        player_play(&player, cases[i].use, cases[i].script);
        player_stop(&player);
    }
}

Test(smtp_auth, sends_the_client_away_for_a_new_token)
{
    struct player player;

    start_with_tokens(&player, "yes");
    player_play(&player, "begin",
                GREET "C: AUTH XOAUTH2 " X_GOOD "\nS: 235 *\n" ENVELOPE
                      "C: DATA\nS: 354 *\n");
    exchange_end_token(player.exchange, "good");
    player_play(&player, "end",
                "C: Subject: a\nC: \nC: b\nC: .\nS: 421 4.7.0 *\nE:\n");
    player_stop(&player);
}
