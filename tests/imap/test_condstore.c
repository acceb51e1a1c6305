/*
 * test_condstore.c - mod-sequences and what is done under a condition (RFC
 * 7162, 3.1)
 */
#include <criterion/criterion.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/exchange/exchange.h"
#include "tests/imap/ann.h"

#define ANN "ann@example.com"

static uint64_t start; /* the mod-sequence at SELECT */

static void begin(void)
{
    world = imap_world_new();
    for (int i = 0; i < 5; i++)
        imap_world_add(world, NULL, "a message");
    other = imap_client_ann(world);
    imap_client_say(other, "s SELECT INBOX\n");
    ann = imap_client_ann(world);
    start = imap_number_after(imap_client_say(ann, "s SELECT INBOX\n"),
                              "* OK [HIGHESTMODSEQ ");
    cr_assert_gt(start, 0);
}

TestSuite(imap_condstore, .init = begin, .fini = ann_end);

/* As the pattern says; see imap_is_like. */
static const char *expect(struct imap_client *client, const char *said,
                          const char *pattern)
{
    const char *heard = imap_client_say(client, "%s", said);

    cr_expect(imap_is_like(heard, pattern), "%s%s", said, heard);
    return heard;
}

/* What a message's mod-sequence is now. */
static uint64_t modseq(int uid)
{
    return imap_number_after(
        imap_client_say(ann, "m UID FETCH %d (MODSEQ)\n", uid), "MODSEQ (");
}

/* The ways to say that one knows CONDSTORE (3.1). */
static const char *const enabling[] = {
    "SELECT INBOX (CONDSTORE)",
    "EXAMINE INBOX (condstore)",
    "STATUS INBOX (HIGHESTMODSEQ)",
    "FETCH 1 (MODSEQ)",
    "SEARCH MODSEQ 1",
    "FETCH 1 (FLAGS) (CHANGEDSINCE 1)",
    "STORE 1 (UNCHANGEDSINCE 1) +FLAGS (\\Flagged)",
    "ENABLE CONDSTORE",
    "ENABLE QRESYNC",
    "ENABLE QRESYNC CONDSTORE",
};

Test(imap_condstore, is_enabled_by_whatever_makes_use_of_it)
{
    for (size_t i = 0; i < sizeof enabling / sizeof *enabling; i++) {
        struct imap_client *one = imap_client_ann(world);
        const char *heard;

        imap_client_say(one, "s SELECT INBOX\n");
        imap_client_say(other, "x STORE 5 FLAGS.SILENT ()\n");
        imap_client_say(one, "n NOOP\n");
        heard = imap_client_say(one, "a %s\n", enabling[i]);
        cr_expect_gt(imap_number_after(heard, "HIGHESTMODSEQ "), 0,
                     "%s says where the mailbox stands: %s", enabling[i],
                     heard);
        imap_client_say(other, "x STORE 5 FLAGS.SILENT (\\Seen)\n");
        heard = imap_client_say(one, "b NOOP\n");
        cr_expect(imap_is_like(heard, "* 5 FETCH (UID 5 FLAGS (\\Seen) MODSEQ "
                                      "(#))\nb OK NOOP completed\n"),
                  "%s: %s", enabling[i], heard);
        imap_client_free(&one);
    }
}

Test(imap_condstore, tells_nothing_of_itself_to_those_who_do_not_know_it)
{
    imap_client_say(ann, "a STORE 1 +FLAGS (\\Seen)\n");
    expect(other, "a NOOP\n",
           "* 1 FETCH (UID 1 FLAGS (\\Seen \\Recent))\na OK NOOP completed\n");
    expect(other, "a STORE 1 -FLAGS (\\Seen)\n",
           "* 1 FETCH (FLAGS (\\Recent))\na OK STORE completed\n");
}

Test(imap_condstore, says_once_where_the_mailbox_stands)
{
    expect(ann, "a FETCH 1 (MODSEQ)\n",
           "* OK [HIGHESTMODSEQ #] *\n* 1 FETCH (MODSEQ (#))\n"
           "a OK FETCH completed\n");
    expect(ann, "a FETCH 1:2 (MODSEQ)\n",
           "* 1 FETCH (MODSEQ (#))\n* 2 FETCH (MODSEQ (#))\n"
           "a OK FETCH completed\n");
}

Test(imap_condstore, counts_every_change_of_a_flag)
{
    uint64_t before = modseq(3), after;

    cr_expect_leq(before, start);
    expect(ann, "a STORE 3 +FLAGS.SILENT (\\Seen)\n",
           "* 3 FETCH (UID 3 MODSEQ (#))\na OK STORE completed\n");
    after = modseq(3);
    cr_expect_gt(after, start);
    imap_client_say(ann, "a STORE 4 +FLAGS.SILENT (\\Seen)\n");
    cr_expect_gt(modseq(4), after, "a later STORE has a greater one");
    cr_expect_eq(modseq(3), after);
    cr_expect_leq(modseq(1), start);
}

Test(imap_condstore, does_not_count_what_changes_nothing)
{
    uint64_t before;

    imap_client_say(ann, "a STORE 2 +FLAGS (\\Seen)\n");
    before = modseq(2);
    imap_client_say(ann, "a STORE 2 +FLAGS (\\Seen)\n");
    imap_client_say(ann, "a STORE 2 -FLAGS (\\Flagged)\n");
    imap_client_say(ann, "a FETCH 2 BODY[]\n");
    cr_expect_eq(modseq(2), before);
}

Test(imap_condstore, gives_new_messages_the_greatest_of_all)
{
    imap_client_say(ann, "a ENABLE CONDSTORE\n");
    imap_world_add(world, NULL, "new");
    expect(ann, "a NOOP\n", "* 6 EXISTS\n* 1 RECENT\na OK NOOP completed\n");
    cr_expect_gt(modseq(6), start);
}

Test(imap_condstore, counts_seeing_a_message_by_fetching_it)
{
    modseq(1);
    expect(ann, "a UID FETCH 1 (BODY[TEXT])\n",
           "* 1 FETCH (UID 1 BODY[TEXT] {8}\nHello.\n)\n"
           "* 1 FETCH (UID 1 FLAGS (\\Seen) MODSEQ (#))\n"
           "a OK UID FETCH completed\n");
}

Test(imap_condstore, fetches_only_what_has_changed_since)
{
    char said[200];

    imap_client_say(other, "x STORE 2,4 +FLAGS.SILENT (\\Flagged)\n");
    imap_client_say(ann, "n NOOP\n");
    snprintf(said, sizeof said,
             "a UID FETCH 1:* (FLAGS) (CHANGEDSINCE %" PRIu64 ")\n", start);
    expect(ann, said,
           "* OK [HIGHESTMODSEQ #] *\n"
           "* 2 FETCH (UID 2 MODSEQ (#) FLAGS (\\Flagged))\n"
           "* 4 FETCH (UID 4 MODSEQ (#) FLAGS (\\Flagged))\n"
           "a OK UID FETCH completed\n");
    snprintf(said, sizeof said,
             "a FETCH 1:3 FLAGS (CHANGEDSINCE %" PRIu64 ")\n", start);
    expect(ann, said,
           "* 2 FETCH (MODSEQ (#) FLAGS (\\Flagged))\na OK FETCH completed\n");
    snprintf(said, sizeof said,
             "a FETCH 1:* (UID) (CHANGEDSINCE %" PRIu64 ")\n", modseq(4));
    expect(ann, said, "a OK FETCH completed\n");
}

/* clang-format off */
static const struct {
    const char *name;
    const char *said;
    const char *pattern;
} grammar[] = {
    { "an unknown parameter", "SELECT INBOX (WORLD)", "a BAD SELECT takes a mailbox and a list of parameters\n" },
    { "no parameter", "SELECT INBOX ()", "a BAD SELECT takes a mailbox and a list of parameters\n" },
    { "an unknown modifier", "FETCH 1 (FLAGS) (SINCE 4)", "a BAD FETCH takes *\n" },
    { "CHANGEDSINCE without a number", "FETCH 1 (FLAGS) (CHANGEDSINCE)", "a BAD FETCH takes *\n" },
    { "CHANGEDSINCE twice", "FETCH 1 (FLAGS) (CHANGEDSINCE 4 CHANGEDSINCE 5)", "a BAD FETCH takes *\n" },
    { "more than 63 bits", "FETCH 1 (FLAGS) (CHANGEDSINCE 9223372036854775808)", "a BAD FETCH takes *\n" },
    { "UNCHANGEDSINCE without a number", "STORE 1 (UNCHANGEDSINCE) FLAGS ()", "a BAD STORE takes *\n" },
    { "another condition", "STORE 1 (CHANGEDSINCE 4) FLAGS ()", "a BAD STORE takes *\n" },
    { "VANISHED without QRESYNC", "UID FETCH 1 (FLAGS) (CHANGEDSINCE 4 VANISHED)", "a BAD VANISHED goes *\n" },
    { "QRESYNC that is not enabled", "SELECT INBOX (QRESYNC (1 1))", "a BAD QRESYNC *\n" },
};
/* clang-format on */

Test(imap_condstore, refuses)
{
    for (size_t i = 0; i < sizeof grammar / sizeof *grammar; i++) {
        const char *heard = imap_client_say(ann, "a %s\n", grammar[i].said);

        cr_expect(imap_is_like(heard, grammar[i].pattern), "%s: %s",
                  grammar[i].name, heard);
    }
}

Test(imap_condstore, stores_where_nothing_has_changed)
{
    char said[200];

    snprintf(said, sizeof said,
             "a UID STORE 5,3,1 (UNCHANGEDSINCE %" PRIu64
             ") +FLAGS.SILENT (\\Deleted)\n",
             start);
    expect(ann, said,
           "* OK [HIGHESTMODSEQ #] *\n"
           "* 1 FETCH (UID 1 MODSEQ (#))\n"
           "* 3 FETCH (UID 3 MODSEQ (#))\n"
           "* 5 FETCH (UID 5 MODSEQ (#))\n"
           "a OK UID STORE completed\n");
    expect(ann, "a FETCH 3 (FLAGS)\n",
           "* 3 FETCH (FLAGS (\\Deleted))\na OK FETCH completed\n");
}

Test(imap_condstore, tells_the_sequence_even_where_nothing_had_to_be_done)
{
    modseq(1);
    imap_client_say(ann, "a STORE 1 +FLAGS (\\Seen)\n");
    expect(ann,
           "a STORE 1 (UNCHANGEDSINCE 9223372036854775807) +FLAGS.SILENT "
           "(\\Seen)\n",
           "* 1 FETCH (UID 1 MODSEQ (#))\na OK STORE completed\n");
}

Test(imap_condstore, leaves_alone_what_others_have_changed)
{
    char said[200];

    imap_client_say(other, "x STORE 2,4 FLAGS.SILENT (\\Seen)\n");
    snprintf(said, sizeof said,
             "a STORE 1:4 (UNCHANGEDSINCE %" PRIu64 ") FLAGS (\\Flagged)\n",
             start);
    expect(ann, said,
           "* OK [HIGHESTMODSEQ #] *\n"
           "* 1 FETCH (UID 1 MODSEQ (#) FLAGS (\\Flagged))\n"
           "* 2 FETCH (UID 2 MODSEQ (#) FLAGS (\\Seen))\n"
           "* 3 FETCH (UID 3 MODSEQ (#) FLAGS (\\Flagged))\n"
           "* 4 FETCH (UID 4 MODSEQ (#) FLAGS (\\Seen))\n"
           "a OK [MODIFIED 2,4] Others have changed some of these\n");
    snprintf(said, sizeof said,
             "a UID STORE 4 (UNCHANGEDSINCE %" PRIu64 ") -FLAGS (\\Seen)\n",
             modseq(4));
    expect(ann, said,
           "* 4 FETCH (UID 4 MODSEQ (#) FLAGS ())\n"
           "a OK UID STORE completed\n");
}

Test(imap_condstore, leaves_alone_what_exchange_has_changed_meanwhile)
{
    char said[200];

    modseq(1);
    exchange_mark_read(imap_world_exchange(world), ANN, NULL, 1, true);
    snprintf(said, sizeof said,
             "a STORE 2 (UNCHANGEDSINCE %" PRIu64 ") -FLAGS (\\Seen)\n", start);
    expect(ann, said,
           "* 2 FETCH (UID 2 MODSEQ (#) FLAGS (\\Seen))\n"
           "a OK [MODIFIED 2] Others have changed some of these\n");
}

/* 3.1.12 */
Test(imap_condstore, minds_only_the_flags_in_question)
{
    char said[200];

    imap_client_say(other, "x STORE 2 +FLAGS.SILENT (\\Flagged)\n");
    imap_client_say(other, "x STORE 3 +FLAGS.SILENT (\\Seen Blue)\n");
    snprintf(said, sizeof said,
             "a STORE 2:3 (UNCHANGEDSINCE %" PRIu64
             ") +FLAGS.SILENT (\\Seen)\n",
             start);
    cr_expect(strstr(imap_client_say(ann, "%s", said), "a OK [MODIFIED 3] "));
    expect(ann, "a FETCH 2 FLAGS\n",
           "* 2 FETCH (FLAGS (\\Flagged \\Seen))\na OK FETCH completed\n");
    expect(ann, "a NOOP\n", "a OK NOOP completed\n");
}

/* Example 8 */
Test(imap_condstore, always_fails_under_the_condition_zero)
{
    expect(ann, "a STORE 2 (UNCHANGEDSINCE 0) +FLAGS.SILENT ($MDNSent)\n",
           "* OK [HIGHESTMODSEQ #] *\n"
           "* 2 FETCH (UID 2 MODSEQ (#) FLAGS ())\n"
           "a OK [MODIFIED 2] Others have changed some of these\n");
}

/* Example 11 */
Test(imap_condstore, names_both_the_gone_and_the_changed)
{
    char said[200];

    modseq(1);
    imap_client_say(other, "x STORE 4:5 +FLAGS.SILENT (\\Deleted)\n");
    imap_client_say(other, "x EXPUNGE\n");
    imap_client_say(other, "x STORE 2 +FLAGS.SILENT (\\Deleted \\Answered)\n");
    snprintf(said, sizeof said,
             "a STORE 1:5 (UNCHANGEDSINCE %" PRIu64 ") FLAGS (\\Seen)\n",
             start);
    expect(ann, said,
           "* 1 FETCH (UID 1 MODSEQ (#) FLAGS (\\Seen))\n"
           "* 2 FETCH (UID 2 MODSEQ (#) FLAGS (\\Answered \\Deleted))\n"
           "* 3 FETCH (UID 3 MODSEQ (#) FLAGS (\\Seen))\n"
           "* OK [HIGHESTMODSEQ #] *\n"
           "a NO [MODIFIED 2] Some of these messages have been deleted\n");
    expect(ann, "a NOOP\n",
           "* 4 EXPUNGE\n* 4 EXPUNGE\n* OK [HIGHESTMODSEQ #] *\n"
           "a OK NOOP completed\n");
}

Test(imap_condstore, does_not_fail_a_message_that_is_named_twice)
{
    char said[200];

    snprintf(said, sizeof said,
             "a STORE 4,3:5 (UNCHANGEDSINCE %" PRIu64
             ") +FLAGS.SILENT (\\Deleted)\n",
             start);
    expect(ann, said,
           "* OK [HIGHESTMODSEQ #] *\n"
           "* 3 FETCH (UID 3 MODSEQ (#))\n* 4 FETCH (UID 4 MODSEQ (#))\n"
           "* 5 FETCH (UID 5 MODSEQ (#))\na OK STORE completed\n");
}

Test(imap_condstore, asks_and_changes_with_two_calls_for_many)
{
    struct exchange *exchange = imap_world_exchange(world);

    exchange_reset_calls(exchange);
    imap_client_say(ann,
                    "a STORE 1:5 (UNCHANGEDSINCE %" PRIu64 ") +FLAGS.SILENT"
                    " (\\Seen)\n",
                    start);
    cr_expect_eq(exchange_calls(exchange, "UpdateItem"), 1);
    cr_expect_leq(exchange_calls(exchange, NULL), 2);
}

Test(imap_condstore, tells_the_sequence_by_status_as_by_select)
{
    const char *heard =
        imap_client_say(ann, "a STATUS INBOX (HIGHESTMODSEQ)\n");

    cr_expect_eq(imap_number_after(heard, "(HIGHESTMODSEQ "), start, "%s",
                 heard);
}

Test(imap_condstore, tells_a_change_that_was_taken_back)
{
    uint64_t before = modseq(2);

    imap_client_say(other, "x STORE 2 +FLAGS.SILENT (\\Seen)\n");
    imap_client_say(other, "x STORE 2 -FLAGS.SILENT (\\Seen)\n");
    cr_expect_gt(
        imap_number_after(expect(ann, "a NOOP\n",
                                 "* 2 FETCH (UID 2 FLAGS () MODSEQ (#))\n"
                                 "a OK NOOP completed\n"),
                          "MODSEQ ("),
        before);
}
