/*
 * test_qresync.c - clients that come back (RFC 7162, 3.2)
 */
#include <criterion/criterion.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/exchange/exchange.h"
#include "tests/imap/ann.h"

#define ANN "ann@example.com"

static uint64_t start; /* the mod-sequence at SELECT */
static uint64_t validity;

static void begin(void)
{
    const char *heard;

    world = imap_world_new();
    for (int i = 0; i < 8; i++)
        imap_world_add(world, NULL, "a message");
    other = imap_client_ann(world);
    imap_client_say(other, "s SELECT INBOX\n");
    ann = imap_client_ann(world);
    heard = imap_client_say(ann, "e ENABLE QRESYNC\ns SELECT INBOX\n");
    start = imap_number_after(heard, "* OK [HIGHESTMODSEQ ");
    validity = imap_number_after(heard, "* OK [UIDVALIDITY ");
    cr_assert(start > 0 && validity > 0, "%s", heard);
}

TestSuite(imap_qresync, .init = begin, .fini = ann_end);

static void expect(struct imap_client *client, const char *said,
                   const char *pattern)
{
    const char *heard = imap_client_say(client, "%s", said);

    cr_expect(imap_is_like(heard, pattern), "%s%s", said, heard);
}

/* Takes the messages of a set away by the other client. */
static void expunge(const char *set)
{
    imap_client_say(other, "x UID STORE %s +FLAGS.SILENT (\\Deleted)\n", set);
    imap_client_say(other, "x UID EXPUNGE %s\n", set);
}

/* What SELECT answers to these parameters, from the first line on that is about
 * what has happened since. */
static const char *come_back(uint64_t uid_validity, uint64_t since,
                             const char *rest)
{
    const char *heard = imap_client_say(
        ann, "a SELECT INBOX (QRESYNC (%" PRIu64 " %" PRIu64 "%s))\n",
        uid_validity, since, rest);
    const char *last = strstr(heard, "* OK [MAILBOXID ");

    return last != NULL ? strchr(last, '\n') + 1 : heard;
}

Test(imap_qresync, is_enabled_with_condstore_in_it)
{
    struct imap_client *one = imap_client_ann(world);

    expect(one, "a ENABLE QRESYNC\n",
           "* ENABLED QRESYNC\na OK ENABLE completed\n");
    expect(one, "a ENABLE qresync condstore X-OTHER\n",
           "* ENABLED CONDSTORE QRESYNC\na OK ENABLE completed\n");
    imap_client_free(&one);
}

Test(imap_qresync, tells_what_has_gone_by_uids)
{
    expunge("2,4:5");
    expect(ann, "a NOOP\n", "* VANISHED 2,4:5\na OK NOOP completed\n");
    expect(ann, "a UID STORE 1,7:8 +FLAGS.SILENT (\\Deleted)\n",
           "* 1 FETCH (UID 1 MODSEQ (#))\n* 4 FETCH (UID 7 MODSEQ (#))\n"
           "* 5 FETCH (UID 8 MODSEQ (#))\na OK UID STORE completed\n");
    expect(ann, "a UID EXPUNGE 1,3\n",
           "* VANISHED 1\na OK [HIGHESTMODSEQ #] UID EXPUNGE completed\n");
    expect(ann, "a EXPUNGE\n",
           "* VANISHED 7:8\na OK [HIGHESTMODSEQ #] EXPUNGE completed\n");
    expect(ann, "a EXPUNGE\n", "a OK EXPUNGE completed\n");
}

Test(imap_qresync, tells_what_was_moved_before_the_tagged_line)
{
    imap_client_say(ann, "a CREATE Box\n");
    expect(ann, "a UID MOVE 3:4 Box\n",
           "* OK [COPYUID # 3:4 1:2] Moved\n* VANISHED 3:4\n"
           "a OK [HIGHESTMODSEQ #] UID MOVE completed\n");
}

/* 3.2.8 */
Test(imap_qresync, does_not_tell_the_sequence_when_closing)
{
    imap_client_say(ann, "a STORE 1 +FLAGS.SILENT (\\Deleted)\n");
    expect(ann, "a CLOSE\n", "a OK CLOSE completed\n");
    cr_expect_str_eq(come_back(validity, start, ""),
                     "* VANISHED (EARLIER) 1\n"
                     "a OK [READ-WRITE] SELECT completed\n");
}

/* 3.2.11 */
Test(imap_qresync, says_when_a_mailbox_is_closed_by_selecting_another)
{
    imap_client_say(ann, "a CREATE Box\n");
    cr_expect_eq(
        strncmp(imap_client_say(ann, "a SELECT Box\n"), "* OK [CLOSED] ", 14),
        0);
    expect(ann, "a UNSELECT\n", "a OK UNSELECT completed\n");
    cr_expect_eq(strstr(imap_client_say(ann, "a SELECT Box\n"), "[CLOSED]"),
                 NULL);
}

/* 3.2.10.2, and 3.2 on delayed replies, as in the example of section 6 */
Test(imap_qresync, holds_the_sequence_back_with_what_has_gone)
{
    uint64_t held;

    expunge("4");
    const char *heard =
        imap_client_say(ann, "a STORE 1:2 +FLAGS.SILENT (\\Seen)\n");
    cr_expect(imap_is_like(heard, "* 1 FETCH (UID 1 MODSEQ (#))\n"
                                  "* 2 FETCH (UID 2 MODSEQ (#))\n"
                                  "* OK [HIGHESTMODSEQ #] *\n"
                                  "a OK STORE completed\n"),
              "%s", heard);
    held = imap_number_after(heard, "[HIGHESTMODSEQ ");
    cr_expect_eq(held, start);
    cr_expect_null(strstr(imap_client_say(ann, "a FETCH 3 (FLAGS MODSEQ)\n"),
                          "[HIGHESTMODSEQ "));
    heard = imap_client_say(ann, "a FETCH 2 (FLAGS MODSEQ)\n");
    cr_expect_eq(imap_number_after(heard, "[HIGHESTMODSEQ "), held, "%s",
                 heard);
    heard = imap_client_say(ann, "a NOOP\n");
    cr_expect(imap_is_like(heard, "* VANISHED 4\n* OK [HIGHESTMODSEQ #] *\n"
                                  "a OK NOOP completed\n"),
              "%s", heard);
    cr_expect_gt(imap_number_after(heard, "[HIGHESTMODSEQ "), held);
}

Test(imap_qresync, does_not_name_what_was_never_announced)
{
    imap_world_add(world, NULL, "new");
    imap_client_say(other, "x NOOP\n");
    expunge("9");
    expect(ann, "a NOOP\n", "a OK NOOP completed\n");
}

Test(imap_qresync, tells_what_has_happened_since)
{
    expunge("2,5");
    imap_client_say(other, "x UID STORE 3 +FLAGS.SILENT (\\Seen)\n");
    imap_client_say(other, "x UID STORE 7 +FLAGS.SILENT (\\Flagged)\n");
    const char *heard = come_back(validity, start, "");
    cr_expect(imap_is_like(heard,
                           "* VANISHED (EARLIER) 2,5\n"
                           "* 2 FETCH (UID 3 FLAGS (\\Seen) MODSEQ (#))\n"
                           "* 5 FETCH (UID 7 FLAGS (\\Flagged) MODSEQ "
                           "(#))\n"
                           "a OK [READ-WRITE] SELECT completed\n"),
              "%s", heard);
    heard = come_back(validity, start, " 1:3");
    cr_expect(imap_is_like(heard,
                           "* VANISHED (EARLIER) 2\n"
                           "* 2 FETCH (UID 3 FLAGS (\\Seen) MODSEQ (#))\n"
                           "a OK [READ-WRITE] SELECT completed\n"),
              "%s", heard);
    expunge("1,3:4,6,8");
    heard = come_back(validity, start + 100, "");
    cr_expect(imap_is_like(heard, "* VANISHED (EARLIER) 1:6,8\n"
                                  "* 1 FETCH (UID 7 FLAGS (\\Flagged) MODSEQ "
                                  "(#))\n"
                                  "a OK [READ-WRITE] SELECT completed\n"),
              "of the future nothing is known: %s", heard);
}

Test(imap_qresync, tells_nothing_of_another_mailbox_of_that_name)
{
    expunge("2,5");
    cr_expect_str_eq(come_back(validity + 1, start, " 1:8"),
                     "a OK [READ-WRITE] SELECT completed\n");
}

/* 3.2.5.2: number 2 is UID 2 still, number 5 is not UID 5 any more. */
Test(imap_qresync, spares_the_client_what_its_numbers_show_it_to_know)
{
    expunge("1,4");
    expect(ann, "a NOOP\n", "* VANISHED 1,4\na OK NOOP completed\n");
    expunge("6");
    cr_expect_str_eq(come_back(validity, start, " 1:8 (2:4,6 3,5:6,8)"),
                     "* VANISHED (EARLIER) 6\n"
                     "a OK [READ-WRITE] SELECT completed\n");
    cr_expect_str_eq(come_back(validity, start, " (1 2)"),
                     "* VANISHED (EARLIER) 4,6\n"
                     "a OK [READ-WRITE] SELECT completed\n");
}

/* 3.2.6 */
Test(imap_qresync, names_the_vanished_of_a_fetch_first)
{
    char said[200];

    expunge("2,5:6");
    imap_client_say(ann, "n NOOP\n");
    imap_client_say(other, "x UID STORE 3,8 FLAGS.SILENT (\\Seen)\n");
    imap_client_say(ann, "n NOOP\n");
    snprintf(said, sizeof said,
             "a UID FETCH 1:5,7 (FLAGS) (CHANGEDSINCE %" PRIu64 " VANISHED)\n",
             start);
    expect(ann, said,
           "* VANISHED (EARLIER) 2,5\n"
           "* 2 FETCH (UID 3 MODSEQ (#) FLAGS (\\Seen))\n"
           "a OK UID FETCH completed\n");
}

Test(imap_qresync, does_not_call_earlier_what_is_yet_to_be_told)
{
    char said[200];

    expunge("2");
    snprintf(said, sizeof said,
             "a UID FETCH 1:* (FLAGS) (VANISHED CHANGEDSINCE %" PRIu64 ")\n",
             start);
    expect(ann, said, "* VANISHED 2\na OK UID FETCH completed\n");
}

/* 3.2 */
Test(imap_qresync, counts_a_comment_on_the_mailbox)
{
    const char *heard;

    imap_client_say(other, "x SETMETADATA INBOX (/shared/comment \"In\")\n");
    heard = imap_client_say(ann, "a STATUS INBOX (HIGHESTMODSEQ)\n");
    cr_expect_gt(imap_number_after(heard, "(HIGHESTMODSEQ "), start, "%s",
                 heard);
    expect(ann, "a NOOP\n", "a OK NOOP completed\n");
}

/* clang-format off */
static const struct {
    const char *name;
    const char *said;
} grammar[] = {
    { "no list", "SELECT INBOX (QRESYNC)" },
    { "no mod-sequence", "SELECT INBOX (QRESYNC (1))" },
    { "the UIDVALIDITY 0", "SELECT INBOX (QRESYNC (0 1))" },
    { "the mod-sequence 0", "SELECT INBOX (QRESYNC (1 0))" },
    { "a star among the UIDs", "SELECT INBOX (QRESYNC (1 1 1:*))" },
    { "a star among the numbers", "SELECT INBOX (QRESYNC (1 1 1:5 (* 5)))" },
    { "more numbers than UIDs", "SELECT INBOX (QRESYNC (1 1 1:5 (1:3 4:5)))" },
    { "numbers in another order", "SELECT INBOX (QRESYNC (1 1 1:5 (2,1 4:5)))" },
    { "two spaces", "SELECT INBOX (QRESYNC (1 1  1:5))" },
    { "VANISHED by numbers", "FETCH 1 (FLAGS) (CHANGEDSINCE 4 VANISHED)" },
    { "VANISHED by itself", "UID FETCH 1 (FLAGS) (VANISHED)" },
};
/* clang-format on */

Test(imap_qresync, refuses)
{
    for (size_t i = 0; i < sizeof grammar / sizeof *grammar; i++) {
        const char *heard = imap_client_say(ann, "a %s\n", grammar[i].said);

        cr_expect_eq(strncmp(heard, "a BAD ", 6), 0, "%s: %s", grammar[i].name,
                     heard);
    }
    expect(ann, "a NOOP\n", "a OK NOOP completed\n");
    cr_expect(strstr(imap_client_say(ann, "a FETCH 1 (UID)\n"), "(UID 1)"),
              "the mailbox stays open");
}
