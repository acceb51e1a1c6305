/*
 * test_acl.c - who may do what in a mailbox (RFC 4314)
 */
#include <criterion/criterion.h>

#include <string.h>

#include "tests/exchange/exchange.h"
#include "tests/imap/ann.h"

static void begin(void)
{
    ann_begin();
    exchange_add_user(imap_world_exchange(world), "carl@example.com", "Carl",
                      "secret", "en");
}

TestSuite(imap_acl, .init = begin, .fini = ann_end);

#define DONE "a OK SETACL completed\n"
#define GOT "a OK GETACL completed\n"
#define BOB "bob@example.com"

/* clang-format off */
struct line {
    const char *command;
    const char *answer;
};

static const struct line conversation[] = {
    { "GETACL INBOX",                       "* ACL INBOX\n" GOT },
    { "SETACL INBOX " BOB " lr",            DONE },
    { "GETACL INBOX",                       "* ACL INBOX " BOB " lr\n" GOT },
    { "SETACL INBOX Bob@Example.Com +is",   DONE },
    { "GETACL INBOX",                       "* ACL INBOX " BOB " lrsi\n" GOT },
    { "SETACL INBOX " BOB " lrswipkte",     DONE },
    { "GETACL INBOX",                       "* ACL INBOX " BOB " lrswiktecd\n" GOT },
    { "SETACL INBOX " BOB " -te",           DONE },
    { "GETACL INBOX",                       "* ACL INBOX " BOB " lrswikc\n" GOT },
    { "SETACL INBOX " BOB " -s",            DONE },
    { "GETACL INBOX",                       "* ACL INBOX " BOB " lrikc\n" GOT },
    { "SETACL INBOX " BOB " lrswipcda",     DONE },
    { "GETACL INBOX",                       "* ACL INBOX " BOB " lrswikxteacd\n" GOT },
    { "SETACL INBOX " BOB " -a",            DONE },
    { "GETACL INBOX",                       "* ACL INBOX " BOB " lrswiktecd\n" GOT },
    { "SETACL INBOX anyone l",              DONE },
    { "SETACL INBOX carl@example.com lrd",  DONE },
    { "GETACL INBOX",
      "* ACL INBOX " BOB " lrswiktecd anyone l carl@example.com lrted\n" GOT },
    { "DELETEACL INBOX " BOB,               "a OK DELETEACL completed\n" },
    { "DELETEACL INBOX anyone",             "a OK DELETEACL completed\n" },
    { "SETACL INBOX carl@example.com \"\"", DONE },
    { "GETACL INBOX",                       "* ACL INBOX\n" GOT },
};

static const struct line refusals[] = {
    { "SETACL INBOX " BOB " x",
      "a NO [CANNOT] The rights x and a go together\n" },
    { "SETACL INBOX " BOB " +a",
      "a NO [CANNOT] The rights x and a go together\n" },
    { "SETACL INBOX -" BOB " l",
      "a NO [CANNOT] People are known by address, or as anyone or anonymous\n" },
    { "SETACL INBOX bob l",
      "a NO [CANNOT] People are known by address, or as anyone or anonymous\n" },
    { "SETACL INBOX stranger@example.com l",
      "a NO [CANNOT] Exchange knows nobody by this name\n" },
    { "SETACL INBOX " BOB " z",
      "a BAD SETACL takes a mailbox, an identifier and rights\n" },
    { "SETACL INBOX " BOB,
      "a BAD SETACL takes a mailbox, an identifier and rights\n" },
    { "SETACL nothing " BOB " l",  "a NO [NONEXISTENT] No such mailbox\n" },
    { "GETACL",                    "a BAD GETACL takes a mailbox\n" },
    { "DELETEACL INBOX",           "a BAD DELETEACL takes a mailbox and an identifier\n" },
    { "MYRIGHTS nothing",          "a NO [NONEXISTENT] No such mailbox\n" },
    { "GETACL INBOX",              "* ACL INBOX\n" GOT },
};

static const struct line questions[] = {
    { "MYRIGHTS INBOX",
      "* MYRIGHTS INBOX lrswikxteacd\na OK MYRIGHTS completed\n" },
    { "LISTRIGHTS INBOX " BOB,
      "* LISTRIGHTS INBOX " BOB " \"\" l r s w i kc ted xa\na OK LISTRIGHTS completed\n" },
};
/* clang-format on */

static void expect_all(const struct line lines[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        ann_expect(lines[i].command, lines[i].answer);
}

Test(imap_acl, gives_and_takes_rights)
{
    expect_all(conversation, sizeof conversation / sizeof *conversation);
}

Test(imap_acl, refuses_what_exchange_cannot_grant)
{
    expect_all(refusals, sizeof refusals / sizeof *refusals);
}

Test(imap_acl, tells_what_may_be_done)
{
    expect_all(questions, sizeof questions / sizeof *questions);
}

Test(imap_acl, keeps_the_entries_of_others)
{
    struct exchange *exchange = imap_world_exchange(world);

    exchange_grant(exchange, "ann@example.com", "Drafts", "S-1-5-21-1",
                   "Reviewer");
    exchange_grant(exchange, "ann@example.com", "Drafts", BOB,
                   "NoneditingAuthor");
    imap_client_say(ann, "a SETACL Drafts carl@example.com lr\n");
    cr_expect_str_eq(imap_client_say(ann, "a GETACL Drafts\n"),
                     "* ACL Drafts S-1-5-21-1 lr " BOB
                     " lrited carl@example.com lr\n" GOT);
    imap_client_say(ann, "a DELETEACL Drafts S-1-5-21-1\n");
    cr_expect_str_eq(imap_client_say(ann, "a GETACL Drafts\n"),
                     "* ACL Drafts " BOB " lrited carl@example.com lr\n" GOT);
}

Test(imap_acl, costs_two_calls_to_change_and_none_to_ask_for_ones_own)
{
    struct exchange *exchange = imap_world_exchange(world);

    imap_client_say(ann, "a LIST \"\" *\n");
    exchange_reset_calls(exchange);
    imap_client_say(ann, "a SETACL INBOX " BOB " lr\n");
    cr_expect_eq(exchange_calls(exchange, NULL), 2);
    imap_client_say(ann, "a GETACL INBOX\n");
    cr_expect_eq(exchange_calls(exchange, NULL), 3);
    imap_client_say(ann, "a MYRIGHTS INBOX\nb LISTRIGHTS INBOX " BOB "\n");
    cr_expect_eq(exchange_calls(exchange, NULL), 3);
}
