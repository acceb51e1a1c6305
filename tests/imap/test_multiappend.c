/*
 * test_multiappend.c - APPEND of several messages: all or none
 */
#include <criterion/criterion.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "tests/exchange/exchange.h"
#include "tests/imap/ann.h"

static void begin(void)
{
    world = imap_world_new();
    imap_world_set(world, "exchange.patience", "1");
    ann = imap_client_ann(world);
}

TestSuite(imap_multiappend, .init = begin, .fini = ann_end);

static size_t drafts(void)
{
    return exchange_count(imap_world_exchange(world), "ann@example.com",
                          "Drafts");
}

static void expect_start(const char *said, const char *start)
{
    const char *heard = imap_client_say(ann, "%s", said);

    cr_expect_eq(strncmp(heard, start, strlen(start)), 0, "%s: %s", said,
                 heard);
}

#define ONE "{14+}\nSubject: 1\n\n"
#define TWO "{14+}\nSubject: 2\n\n"
#define THREE "{14+}\nSubject: 3\n\n"

Test(imap_multiappend, stores_all_with_their_flags_and_tells_the_uids)
{
    const char *heard = imap_client_say(
        ann, "a APPEND Drafts (\\Seen) " ONE
             " \" 1-Feb-2024 12:00:00 +0000\" {14}\nSubject: 2\n\n"
             " (\\Flagged) \" 2-Feb-2024 12:00:00 +0000\" " THREE "\n");

    cr_expect(strstr(heard, "+\na OK [APPENDUID "), "%s", heard);
    cr_expect(strstr(heard, " 1:3] APPEND completed\n"), "%s", heard);
    imap_client_say(ann, "b SELECT Drafts\n");
    cr_expect_str_eq(
        imap_client_say(ann, "c UID FETCH 2:3 (FLAGS INTERNALDATE)\n"),
        "* 2 FETCH (UID 2 FLAGS (\\Recent) INTERNALDATE "
        "\" 1-Feb-2024 12:00:00 +0000\")\n"
        "* 3 FETCH (UID 3 FLAGS (\\Flagged \\Recent) INTERNALDATE "
        "\" 2-Feb-2024 12:00:00 +0000\")\nc OK UID FETCH completed\n");
    heard = imap_client_say(ann, "d FETCH 1 FLAGS\n");
    cr_expect(strstr(heard, "(\\Seen \\Recent)"), "%s", heard);
}

/* Which of them fails, and how; what is there afterwards. */
static const struct {
    const char *name;
    struct exchange_fault_rule fault;
    const char *answer;
} failures[] = {
    { "the first is too much",
      { "CreateItem", FAULT_RESPONSE_CODE, 0, 1, 0, "ErrorQuotaExceeded" },
      "a NO [OVERQUOTA] " },
    { "the last is too much",
      { "CreateItem", FAULT_RESPONSE_CODE, 2, 1, 0, "ErrorQuotaExceeded" },
      "a NO [OVERQUOTA] " },
    { "the second cannot be sent",
      { "CreateItem", FAULT_RESET_BEFORE, 1, UINT_MAX, 0, NULL },
      "a NO [UNAVAILABLE] " },
    { "the second is refused",
      { "CreateItem", FAULT_RESPONSE_CODE, 1, 1, 0, "ErrorAccessDenied" },
      "a NO [NOPERM] " },
};

Test(imap_multiappend, leaves_nothing_of_what_fails)
{
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        exchange_set_fault(imap_world_exchange(world), &failures[i].fault);
        expect_start("a APPEND Drafts " ONE " " TWO " " THREE "\n",
                     failures[i].answer);
        cr_expect_eq(drafts(), 0, "%s", failures[i].name);
        exchange_clear_faults(imap_world_exchange(world));
    }
    expect_start("a APPEND Drafts " ONE " " TWO " " THREE "\n",
                 "a OK [APPENDUID ");
    cr_expect_eq(drafts(), 3);
}

Test(imap_multiappend, stores_nothing_when_one_is_empty_or_wrong)
{
    expect_start("a APPEND Drafts " ONE " {0+}\n\n",
                 "a NO [CANNOT] The message is empty\n");
    expect_start("a APPEND Drafts " ONE " (\\Bad) " TWO "\n", "a BAD ");
    expect_start("a APPEND Drafts " ONE " {99999999999}\n", "a NO [TOOBIG] ");
    expect_start("a APPEND Nowhere " ONE " " TWO "\n", "a NO [TRYCREATE] ");
    cr_expect_eq(drafts(), 0);
}

Test(imap_multiappend, takes_the_very_same_twice_for_two_messages)
{
    const char *heard =
        imap_client_say(ann, "a APPEND Drafts " ONE " " ONE " " ONE "\n");

    cr_expect(strstr(heard, " 1:3] "), "%s", heard);
    cr_expect_eq(drafts(), 3);
}

Test(imap_multiappend, doubles_nothing_when_answers_are_lost)
{
    const struct exchange_fault_rule lost = { "CreateItem", FAULT_RESET_AFTER,
                                              0, 3, 0, NULL };

    exchange_set_fault(imap_world_exchange(world), &lost);
    expect_start("a APPEND Drafts " ONE " " TWO " " ONE "\n",
                 "a OK [APPENDUID ");
    cr_expect_eq(drafts(), 3);
}

Test(imap_multiappend, is_no_burden_for_memory)
{
    imap_world_set(world, "imap.append_limit", "1M");
    other = imap_client_ann(world);
    char *text = calloc(1, 800 * 1000 + 1);

    memset(text, 'x', 800 * 1000);
    const char *heard = imap_client_say(
        other, "a APPEND Drafts {800000+}\n%s {800000}\n", text);
    cr_expect_str_eq(
        heard, "a NO [LIMIT] These messages are too much for one command\n");
    free(text);
    imap_client_free(&other);
}
