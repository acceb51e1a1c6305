/*
 * test_store.c - STORE, and what it costs
 */
#include <criterion/criterion.h>

#include <limits.h>
#include <string.h>

#include "tests/exchange/exchange.h"
#include "tests/imap/ann.h"

static void begin(void)
{
    world = imap_world_new();
    for (int i = 0; i < 3; i++)
        imap_world_add(world, NULL, "a message");
    ann = imap_client_ann(world);
    cr_assert(
        strstr(imap_client_say(ann, "s SELECT inbox\n"), "s OK [READ-WRITE]"));
}

TestSuite(imap_store, .init = begin, .fini = ann_end);

/* What tells of keywords that were not in use before. */
#define NOW_KNOWN(keywords)                                                    \
    "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded "      \
    "$MDNSent $Junk $NotJunk " keywords ")\n"                                  \
    "* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft "      \
    "$Forwarded $MDNSent $Junk $NotJunk " keywords " \\*)] These can be changed\n"

/* clang-format off */
static const struct {
    const char *name;
    const char *command;
    const char *answer;
} cases[] = {
    { "adds a flag", "STORE 1 +FLAGS (\\Seen)", "* 1 FETCH (FLAGS (\\Seen \\Recent))\na OK STORE completed\n" },
    { "keeps the other flags", "STORE 1 +FLAGS \\Flagged", "* 1 FETCH (FLAGS (\\Flagged \\Seen \\Recent))\na OK STORE completed\n" },
    { "takes a flag away", "STORE 1 -FLAGS (\\Seen)", "* 1 FETCH (FLAGS (\\Flagged \\Recent))\na OK STORE completed\n" },
    { "replaces all flags", "STORE 1 FLAGS (\\Answered)", "* 1 FETCH (FLAGS (\\Answered \\Recent))\na OK STORE completed\n" },
    { "lets answered and forwarded coexist", "STORE 1 +FLAGS ($Forwarded)",
      "* 1 FETCH (FLAGS (\\Answered $Forwarded \\Recent))\na OK STORE completed\n" },
    { "is silent when asked to be", "STORE 1 FLAGS.SILENT ()", "a OK STORE completed\n" },
    { "takes several flags without parentheses", "STORE 1 FLAGS \\Seen \\Flagged",
      "* 1 FETCH (FLAGS (\\Flagged \\Seen \\Recent))\na OK STORE completed\n" },
    { "answers in the order of numbers", "STORE 3,2:1 FLAGS.SILENT ()", "a OK STORE completed\n" },
    { "shows the UID when asked by UID", "UID STORE 2 +FLAGS (\\Deleted)",
      "* 2 FETCH (UID 2 FLAGS (\\Deleted \\Recent))\na OK UID STORE completed\n" },
    { "lets a message live that is no longer marked", "UID STORE 2 -FLAGS (\\Deleted)",
      "* 2 FETCH (UID 2 FLAGS (\\Recent))\na OK UID STORE completed\n" },
    { "passes over UIDs that are not there", "UID STORE 77:99 +FLAGS (\\Seen)", "a OK UID STORE completed\n" },
    { "keeps a category with a space and an umlaut", "STORE 3 +FLAGS (B=C3=BCro=202)",
      NOW_KNOWN("B=C3=BCro=202") "* 3 FETCH (FLAGS (\\Recent B=C3=BCro=202))\na OK STORE completed\n" },
    { "knows Thunderbird's labels", "STORE 3 FLAGS ($label1 Blue)",
      NOW_KNOWN("B=C3=BCro=202 $label1 Blue") "* 3 FETCH (FLAGS (\\Recent $label1 Blue))\na OK STORE completed\n" },
    { "takes a keyword away in any case", "STORE 3 -FLAGS ($LABEL1 BLUE)", "* 3 FETCH (FLAGS (\\Recent))\na OK STORE completed\n" },
    { "calls a message a draft", "STORE 3 +FLAGS (\\Draft)", "* 3 FETCH (FLAGS (\\Draft \\Recent))\na OK STORE completed\n" },
    { "keeps that while others change", "STORE 3 +FLAGS (\\Seen)", "* 3 FETCH (FLAGS (\\Seen \\Draft \\Recent))\na OK STORE completed\n" },
    { "calls it none again", "STORE 3 FLAGS ()", "* 3 FETCH (FLAGS (\\Recent))\na OK STORE completed\n" },
    { "refuses \\Recent", "STORE 3 +FLAGS (\\Recent)", "a BAD STORE takes a message set, FLAGS and a flag list\n" },
    { "refuses unknown system flags", "STORE 3 +FLAGS (\\New)", "a BAD STORE takes a message set, FLAGS and a flag list\n" },
    { "refuses numbers that are not there", "STORE 4 +FLAGS (\\Seen)", "a BAD There is no message of that number\n" },
    { "refuses a missing flag list", "STORE 3 +FLAGS", "a BAD STORE takes a message set, FLAGS and a flag list\n" },
    { "refuses another item", "STORE 3 LABELS (\\Seen)", "a BAD STORE takes a message set, FLAGS and a flag list\n" },
};
/* clang-format on */

Test(imap_store, changes_what_it_says)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_str_eq(imap_client_say(ann, "a %s\n", cases[i].command),
                         cases[i].answer, "%s", cases[i].name);
}

Test(imap_store, shows_a_draft_as_none_when_told_so)
{
    imap_client_say(ann, "a APPEND INBOX (\\Draft) {14+}\nSubject: x\n\n\n");
    cr_expect_str_eq(imap_client_say(ann, "b STORE 4 -FLAGS (\\Draft)\n"),
                     "* 4 FETCH (FLAGS (\\Recent))\nb OK STORE completed\n");

    other = imap_client_ann(world);
    imap_client_say(other, "s SELECT INBOX\n");
    cr_expect_str_eq(imap_client_say(other, "c SEARCH DRAFT\n"),
                     "* SEARCH\nc OK SEARCH completed\n");
    imap_client_say(other, "d STORE 4 FLAGS (\\Draft)\n");
    imap_client_free(&other);
    cr_expect_str_eq(imap_client_say(ann, "e NOOP\n"),
                     "* 4 FETCH (UID 4 FLAGS (\\Draft \\Recent))\n"
                     "e OK NOOP completed\n");
}

Test(imap_store, costs_one_call_for_many_messages_and_none_for_nothing)
{
    struct exchange *exchange = imap_world_exchange(world);

    exchange_reset_calls(exchange);
    imap_client_say(ann, "a STORE 1:3 +FLAGS.SILENT (\\Seen)\n");
    cr_expect_eq(exchange_calls(exchange, "UpdateItem"), 1);
    exchange_reset_calls(exchange);
    imap_client_say(ann, "a STORE 1:3 +FLAGS (\\Seen)\n");
    cr_expect_eq(exchange_calls(exchange, NULL), 0);
}

Test(imap_store, refuses_in_a_mailbox_opened_for_reading)
{
    imap_client_say(ann, "e EXAMINE inbox\n");
    cr_expect_str_eq(imap_client_say(ann, "a STORE 1 +FLAGS (\\Seen)\n"),
                     "a NO [READ-ONLY] The mailbox is open for reading only\n");
}

Test(imap_store, tells_what_was_done_before_a_failure)
{
    const struct exchange_fault_rule rule = {
        .operation = "UpdateItem",
        .fault = FAULT_RESPONSE_CODE,
        .times = UINT_MAX,
        .code = "ErrorAccessDenied",
    };

    exchange_set_fault(imap_world_exchange(world), &rule);
    cr_expect_str_eq(
        imap_client_say(ann, "a STORE 1 +FLAGS.SILENT (\\Seen)\n"),
        "* 1 FETCH (FLAGS (\\Recent))\na NO [NOPERM] No right to do this\n");
}

Test(imap_store, shows_other_sessions_what_has_changed)
{
    other = imap_client_ann(world);

    imap_client_say(other, "s SELECT INBOX\n");
    imap_client_say(ann, "a STORE 2 +FLAGS.SILENT (\\Flagged)\n");
    cr_expect_str_eq(
        imap_client_say(other, "a CAPABILITY\n") != NULL
            ? imap_client_say(other, "b STORE 1 -FLAGS.SILENT (\\Seen)\n")
            : "",
        "b OK STORE completed\n");
    imap_client_say(ann, "a STORE 2 -FLAGS.SILENT (\\Flagged)\n");
    cr_expect_str_eq(imap_client_say(other, "c NOOP\n"),
                     "* 2 FETCH (UID 2 FLAGS ())\nc OK NOOP completed\n");
    imap_client_free(&other);
}

Test(imap_store, is_not_silent_about_what_others_have_changed)
{
    other = imap_client_ann(world);
    const char *answer;

    imap_client_say(other, "s SELECT inbox\n");
    imap_client_say(other, "a STORE 1 +FLAGS (\\Flagged Blue)\n");
    answer = imap_client_say(ann, "a STORE 1:2 +FLAGS.SILENT (\\Seen Red)\n");
    cr_expect_str_eq(answer,
                     NOW_KNOWN("Red Blue") "* 1 FETCH (FLAGS (\\Flagged \\Seen "
                                           "\\Recent Blue Red))\n"
                                           "a OK STORE completed\n");
    answer = imap_client_say(ann, "a STORE 1:2 -FLAGS.SILENT (Red)\n");
    cr_expect_str_eq(answer, "a OK STORE completed\n");
    cr_expect_str_eq(imap_client_say(ann, "a NOOP\n"), "a OK NOOP completed\n");
    imap_client_free(&other);
}
