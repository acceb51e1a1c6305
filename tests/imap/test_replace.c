/*
 * test_replace.c - REPLACE: a new message instead of an old one
 */
#include <criterion/criterion.h>

#include <limits.h>
#include <string.h>

#include "tests/exchange/exchange.h"
#include "tests/imap/ann.h"

static void begin(void)
{
    world = imap_world_new();
    imap_world_set(world, "exchange.patience", "1");
    for (int i = 0; i < 3; i++)
        imap_world_add(world, NULL, "old");
    ann = imap_client_ann(world);
    imap_client_say(ann, "a SELECT INBOX\nb FETCH 1:* FLAGS\n");
}

TestSuite(imap_replace, .init = begin, .fini = ann_end);

static size_t count(const char *folder)
{
    return exchange_count(imap_world_exchange(world), "ann@example.com",
                          folder);
}

static void expect_like(const char *said, const char *start, const char *rest)
{
    const char *heard = imap_client_say(ann, "%s", said);

    cr_expect(strncmp(heard, start, strlen(start)) == 0 &&
                  strstr(heard, rest) != NULL, "%s: %s", said, heard);
}

#define NEW "{14+}\nSubject: 1\n\n"

Test(imap_replace, tells_the_new_uid_before_the_old_one_goes)
{
    expect_like("a REPLACE 2 INBOX (\\Seen) " NEW "\n", "* OK [APPENDUID ",
                " 4] It is replaced\n* 2 EXPUNGE\n* 3 EXISTS\n");
    expect_like("a FETCH 1:* UID\n", "",
                "* 1 FETCH (UID 1)\n* 2 FETCH (UID 3)\n* 3 FETCH (UID 4)\n");
    cr_expect_eq(count(NULL), 3);
}

Test(imap_replace, works_by_uid_and_into_another_mailbox)
{
    expect_like("a UID REPLACE 3 Drafts " NEW "\n", "* OK [APPENDUID ",
                " 1] It is replaced\n* 3 EXPUNGE\n"
                "a OK UID REPLACE completed\n");
    expect_like("a REPLACE * Drafts CATENATE (TEXT " NEW
                " URL /INBOX;UID=1)\n", "* OK [APPENDUID ", "* 2 EXPUNGE\n");
    cr_expect_eq(count(NULL), 1);
    cr_expect_eq(count("Drafts"), 2);
}

static const struct {
    const char *said, *answer;
} refused[] = {
    { "a REPLACE 9 INBOX " NEW "\n", "a BAD There is no message " },
    { "a UID REPLACE 9 INBOX " NEW "\n", "a NO [NONEXISTENT] " },
    { "a REPLACE 1 Nowhere " NEW "\n", "a NO [TRYCREATE] " },
    { "a REPLACE 1 INBOX {0+}\n\n", "a NO [CANNOT] " },
    { "a REPLACE 1 INBOX " NEW " " NEW "\n", "a BAD REPLACE takes " },
    { "a REPLACE 1:2 INBOX " NEW "\n", "a BAD REPLACE takes " },
    { "a REPLACE 1 INBOX\n", "a BAD REPLACE takes " },
    { "a REPLACE\n", "a BAD REPLACE takes " },
    { "a REPLACE 1 INBOX CATENATE (URL /x;UID=1)\n", "a NO [BADURL " },
};

Test(imap_replace, changes_nothing_when_it_is_refused)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        expect_like(refused[i].said, refused[i].answer, "");
    imap_client_say(ann, "a EXAMINE INBOX\n");
    expect_like("a REPLACE 1 INBOX " NEW "\n", "a NO [READ-ONLY] ", "");
    cr_expect_eq(count(NULL), 3);
}

Test(imap_replace, finds_out_that_others_have_deleted_the_old_message)
{
    other = imap_client_ann(world);

    imap_client_say(other, "s SELECT INBOX\nd STORE 2 +FLAGS (\\Deleted)\n"
                           "e EXPUNGE\n");
    imap_client_free(&other);
    cr_expect(strstr(imap_client_say(ann, "a UID REPLACE 2 Drafts " NEW "\n"),
                     "a NO [EXPUNGEISSUED] "));
    cr_expect_eq(count("Drafts"), 0);
}

/* What was stored by an attempt of unknown outcome is found again, and may be
 * the very message that is to be replaced. */
Test(imap_replace, does_not_take_a_message_for_its_own_replacement)
{
    const struct exchange_fault_rule lost = { "DeleteItem", FAULT_RESET_BEFORE,
                                              0, UINT_MAX, 0, NULL };

    exchange_set_fault(imap_world_exchange(world), &lost);
    expect_like("a UID REPLACE 2 INBOX " NEW "\n", "", "a NO ");
    exchange_clear_faults(imap_world_exchange(world));
    imap_client_say(ann, "b NOOP\n");
    for (int i = 0; i < 3; i++)
        expect_like("a REPLACE * INBOX " NEW "\n", "* OK [APPENDUID ",
                    "a OK REPLACE completed\n");
    cr_expect_eq(count(NULL), 4);
}

Test(imap_replace, finds_the_new_message_when_it_is_asked_again)
{
    const struct exchange_fault_rule lost = { "DeleteItem", FAULT_RESET_BEFORE,
                                              0, UINT_MAX, 0, NULL };

    exchange_set_fault(imap_world_exchange(world), &lost);
    expect_like("a UID REPLACE 2 INBOX " NEW "\n", "", "a NO ");
    cr_expect_eq(count(NULL), 4);
    exchange_clear_faults(imap_world_exchange(world));
    expect_like("a UID REPLACE 2 INBOX " NEW "\n", "* OK [APPENDUID ",
                " 4] It is replaced\n* 2 EXPUNGE\n");
    cr_expect_eq(count(NULL), 3);
}

/* Whatever fails, neither or both are there, and never none. */
static const struct {
    const char *name;
    struct exchange_fault_rule fault;
    size_t left;
} failures[] = {
    { "the new one cannot be stored",
      { "CreateItem", FAULT_RESPONSE_CODE, 0, 1, 0, "ErrorQuotaExceeded" }, 3 },
    { "the old one cannot go",
      { "DeleteItem", FAULT_RESPONSE_CODE, 0, 1, 0, "ErrorAccessDenied" }, 3 },
    { "nobody knows whether the old one is gone",
      { "DeleteItem", FAULT_RESET_BEFORE, 0, UINT_MAX, 0, NULL }, 4 },
};

Test(imap_replace, loses_nothing_when_it_fails)
{
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        exchange_set_fault(imap_world_exchange(world), &failures[i].fault);
        expect_like("a UID REPLACE 2 INBOX " NEW "\n", "", "a NO ");
        cr_expect_eq(count(NULL), failures[i].left, "%s: %zu",
                     failures[i].name, count(NULL));
        exchange_clear_faults(imap_world_exchange(world));
    }
    expect_like("b NOOP\nc UID FETCH 2 UID\n", "", "UID 2");
}
