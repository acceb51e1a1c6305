/*
 * test_authenticate.c - AUTHENTICATE with tokens
 */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "proxy/base/base64.h"
#include "tests/exchange/exchange.h"
#include "tests/imap/client.h"

/* "user=ann@example.com\1auth=Bearer token-1\1\1" and the like. */
#define X_GOOD "dXNlcj1hbm5AZXhhbXBsZS5jb20BYXV0aD1CZWFyZXIgdG9rZW4tMQEB"
#define X_OLD "dXNlcj1hbm5AZXhhbXBsZS5jb20BYXV0aD1CZWFyZXIgb2xkAQE="
#define X_BOB "dXNlcj1hbm5AZXhhbXBsZS5jb20BYXV0aD1CZWFyZXIgdG9rZW4tYm9iAQE="
#define X_BROKEN "dXNlcj1hbm5AZXhhbXBsZS5jb20BYXV0aD1CZWFyZXIgdG9rZW4tMQE="
#define O_GOOD "bixhPWFubkBleGFtcGxlLmNvbSwBaG9zdD1sb2NhbGhvc3QBcG9ydD0xNDMBYXV0aD1CZWFyZXIgdG9rZW4tMQEB"
#define O_OLD "bixhPWFubkBleGFtcGxlLmNvbSwBaG9zdD1sb2NhbGhvc3QBcG9ydD0xNDMBYXV0aD1CZWFyZXIgb2xkAQE="
#define O_ASKS "bixhPWFubkBleGFtcGxlLmNvbSwBaG9zdD1oAXBvcnQ9MTQzAWF1dGg9AQE="
#define O_NOBODY "biwsAWF1dGg9QmVhcmVyIHRva2VuLTEBAQ=="

#define IN "a OK [CAPABILITY IMAP4rev1 *\n"
#define REFUSED "a NO [AUTHENTICATIONFAILED] Exchange does not accept the token\n"
#define BROKEN "a BAD The response is not what the mechanism wants\n"

static struct imap_world *world;
static struct imap_client *client;

static void begin(void)
{
    world = imap_world_new_with("exchange.tokens", "yes");
    imap_world_set(world, "exchange.patience", "0");
    exchange_issue_token(imap_world_exchange(world), "ann@example.com",
                         "token-1");
    exchange_issue_token(imap_world_exchange(world), "bob@example.com",
                         "token-bob");
    client = imap_client_new(world);
}

static void end(void)
{
    imap_client_free(&client);
    imap_world_free(&world);
}

TestSuite(imap_authenticate, .init = begin, .fini = end);

static void expect(const char *said, const char *pattern)
{
    const char *heard = imap_client_say(client, "%s", said);

    cr_expect(imap_is_like(heard, pattern), "%s: %s", said, heard);
}

/* clang-format off */
static const struct {
    const char *name, *said, *heard;
} cases[] = {
    { "XOAUTH2 at once",          "a AUTHENTICATE XOAUTH2 " X_GOOD "\n", IN },
    { "XOAUTH2 when asked",       "a AUTHENTICATE XOAUTH2\n" X_GOOD "\n", "+ \n" IN },
    { "OAUTHBEARER at once",      "a authenticate oauthbearer " O_GOOD "\n", IN },
    { "OAUTHBEARER when asked",   "a AUTHENTICATE OAUTHBEARER\n" O_GOOD "\n", "+ \n" IN },
    { "XOAUTH2 refused",          "a AUTHENTICATE XOAUTH2 " X_OLD "\n\n", "+ eyJzdGF0dXMiOiI0MDEi*\n" REFUSED },
    { "OAUTHBEARER refused",      "a AUTHENTICATE OAUTHBEARER " O_OLD "\nAQ==\n", "+ eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2Vu*\n" REFUSED },
    { "OAUTHBEARER asks",         "a AUTHENTICATE OAUTHBEARER " O_ASKS "\nAQ==\n", "+ eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2Vu*\n" REFUSED },
    { "a star after a refusal",   "a AUTHENTICATE XOAUTH2 " X_OLD "\n*\n", "+ eyJz*\n" REFUSED },
    { "someone else's token",     "a AUTHENTICATE XOAUTH2 " X_BOB "\n\n", "+ eyJzdGF0dXMiOiI0MDMi*\n"
                                  "a NO [AUTHORIZATIONFAILED] No right to this mailbox\n" },
    { "nobody's token",           "a AUTHENTICATE OAUTHBEARER " O_NOBODY "\nAQ==\n", "+ eyJz*\n" REFUSED },
    { "a star",                   "a AUTHENTICATE XOAUTH2\n*\n", "+ \na BAD Cancelled\n" },
    { "no base64",                "a AUTHENTICATE XOAUTH2 !\n", BROKEN },
    { "nothing",                  "a AUTHENTICATE XOAUTH2 =\n", BROKEN },
    { "half a message",           "a AUTHENTICATE XOAUTH2 " X_BROKEN "\n", BROKEN },
    { "the other's message",      "a AUTHENTICATE OAUTHBEARER " X_GOOD "\n", BROKEN },
    { "a password beside it",     "a LOGIN ann@example.com secret\n", IN },
    { "a token as a password",    "a LOGIN ann@example.com token-1\n", "a NO [AUTHENTICATIONFAILED] *\n" },
};
/* clang-format on */

Test(imap_authenticate, logs_in_with_tokens_or_says_why_not)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct imap_client *one = imap_client_new(world);
        const char *heard = imap_client_say(one, "%s", cases[i].said);

        cr_expect(imap_is_like(heard, cases[i].heard), "%s: %s", cases[i].name,
                  heard);
        heard = imap_client_say(one, "b SELECT INBOX\n");
        cr_expect_eq(strstr(heard, "b OK ") != NULL,
                     strstr(cases[i].heard, IN) != NULL, "%s: %s",
                     cases[i].name, heard);
        imap_client_free(&one);
    }
}

Test(imap_authenticate, goes_on_after_a_refusal)
{
    expect("a AUTHENTICATE XOAUTH2 " X_OLD "\n", "+ eyJz*\n");
    expect("AQ==\n", REFUSED);
    expect("a NOOP\n", "a OK NOOP completed\n");
    expect("a AUTHENTICATE XOAUTH2 " X_GOOD "\n", IN);
}

Test(imap_authenticate, tells_passing_troubles_from_refusals)
{
    struct exchange_fault_rule rule = { .fault = FAULT_HTTP_503,
                                        .times = 1000 };

    exchange_set_fault(imap_world_exchange(world), &rule);
    expect("a AUTHENTICATE XOAUTH2 " X_GOOD "\n",
           "a NO [UNAVAILABLE] Exchange cannot be reached\n");
}

Test(imap_authenticate, offers_what_the_settings_allow)
{
    static const struct {
        const char *use;
        bool is_private, tokens, passwords;
    } settings[] = {
        { "no", true, false, true },   { "yes", true, true, true },
        { "only", true, true, false }, { "yes", false, false, false },
        { "only", false, false, false },
    };

    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        bool tokens = settings[i].tokens, passwords = settings[i].passwords;

        imap_world_set(world, "exchange.tokens", settings[i].use);
        imap_client_set_private(client, settings[i].is_private);
        const char *heard = imap_client_say(client, "a CAPABILITY\n");
        cr_expect_eq(strstr(heard, " AUTH=XOAUTH2") != NULL, tokens);
        cr_expect_eq(strstr(heard, " AUTH=OAUTHBEARER") != NULL, tokens);
        cr_expect_eq(strstr(heard, " AUTH=PLAIN AUTH=LOGIN") != NULL,
                     passwords);
        cr_expect_eq(strstr(heard, " LOGINDISABLED") != NULL, !passwords);
    }
}

Test(imap_authenticate, takes_nothing_that_is_not_offered)
{
    imap_world_set(world, "exchange.tokens", "no");
    expect("a AUTHENTICATE XOAUTH2 " X_GOOD "\n",
           "a NO [CANNOT] There is no such mechanism\n");
    imap_world_set(world, "exchange.tokens", "only");
    expect("a AUTHENTICATE PLAIN AGFubkBleGFtcGxlLmNvbQBzZWNyZXQ=\n",
           "a NO [CANNOT] There is no such mechanism\n");
    expect("a LOGIN ann@example.com secret\n",
           "a NO [CANNOT] Only tokens are taken here\n");
    imap_client_set_private(client, false);
    expect("a AUTHENTICATE XOAUTH2 " X_GOOD "\n", "a NO [PRIVACYREQUIRED] *\n");
}

Test(imap_authenticate, sends_the_client_away_for_a_new_token)
{
    expect("a AUTHENTICATE XOAUTH2 " X_GOOD "\n", IN);
    imap_client_say(client, "b SELECT INBOX\n");
    exchange_end_token(imap_world_exchange(world), "token-1");
    expect("c STATUS Drafts (MESSAGES)\n",
           "c NO [AUTHENTICATIONFAILED] *\n"
           "* BYE The token has expired, please log in again\n");
    cr_expect(imap_client_is_closed(client));
}

Test(imap_authenticate, wakes_an_idling_client_when_its_token_has_expired)
{
    static const char bye[] =
        "* BYE The token has expired, please log in again\n";
    struct imap_client *other = imap_client_new(world);

    expect("a AUTHENTICATE XOAUTH2 " X_GOOD "\n", IN);
    imap_client_say(client, "b SELECT INBOX\n");
    imap_client_say(client, "c IDLE\n");
    imap_client_say(other, "a AUTHENTICATE XOAUTH2 " X_GOOD "\n");
    exchange_end_token(imap_world_exchange(world), "token-1");
    imap_client_say(other, "b STATUS Drafts (MESSAGES)\n");
    cr_expect_str_eq(imap_client_hear(client, bye), bye);
    cr_expect(imap_client_is_closed(client));
    imap_client_free(&other);
}

Test(imap_authenticate, lets_all_sessions_go_on_with_a_newer_token)
{
    struct imap_client *other = imap_client_new(world);
    const char *newer = "dXNlcj1hbm5AZXhhbXBsZS5jb20BYXV0aD1CZWFyZXIgdG9rZW4tMgEB";

    expect("a AUTHENTICATE XOAUTH2 " X_GOOD "\n", IN);
    exchange_issue_token(imap_world_exchange(world), "ann@example.com",
                         "token-2");
    imap_client_say(other, "a AUTHENTICATE XOAUTH2 %s\n", newer);
    exchange_end_token(imap_world_exchange(world), "token-1");
    expect("c STATUS Drafts (MESSAGES)\n",
           "* STATUS Drafts (MESSAGES 0)\nc OK *\n");
    imap_client_free(&other);
}
