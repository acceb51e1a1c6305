/*
 * test_uidonly.c - sessions without message numbers (RFC 9586)
 */
#include <criterion/criterion.h>

#include <string.h>

#include "tests/exchange/exchange.h"
#include "tests/imap/ann.h"

static void begin(void)
{
    /* Else a NOOP may be answered before the news have come. */
    world = imap_world_new_with("exchange.push", "poll");
    for (int i = 0; i < 5; i++)
        imap_world_add(world, NULL, "a message");
    other = imap_client_ann(world);
    imap_client_say(other, "s SELECT INBOX\n");
    ann = imap_client_ann(world);
    cr_assert_str_eq(imap_client_say(ann, "e ENABLE UIDONLY\n"),
                     "* ENABLED UIDONLY\ne OK ENABLE completed\n");
    imap_client_say(ann, "s SELECT INBOX\n");
}

TestSuite(imap_uidonly, .init = begin, .fini = ann_end);

/* clang-format off */
static const char *const with_numbers[] = {
    "FETCH 1 (FLAGS)", "FETCH * (FLAGS)", "FETCH $ (FLAGS)", "FETCH 1 BODY[]<0.5>",
    "STORE 1 FLAGS (\\Seen)", "STORE * (UNCHANGEDSINCE 1) FLAGS ()",
    "COPY 1 INBOX", "MOVE 1 INBOX", "REPLACE 1 INBOX {3+}\nabc", "SEARCH ALL", "SEARCH 1:3",
    "SEARCH UID 1:3", "SORT (ARRIVAL) UTF-8 ALL", "THREAD REFERENCES UTF-8 ALL",
    "UID SEARCH 1:3", "UID SEARCH *", "UID SEARCH NOT (OR SEEN 1)",
    "UID SEARCH RETURN (SAVE) 1", "UID SORT (ARRIVAL) UTF-8 2:4",
    "UID THREAD REFERENCES UTF-8 SEEN 1", "SELECT INBOX (QRESYNC (1 1 (1 1)))",
    "SELECT INBOX (QRESYNC (1 1 1:5 (1 1)))",
};
/* clang-format on */

Test(imap_uidonly, refuses_message_numbers)
{
    imap_client_say(ann, "e ENABLE QRESYNC\n");
    for (size_t i = 0; i < sizeof with_numbers / sizeof *with_numbers; i++) {
        const char *heard = imap_client_say(ann, "a %s\n", with_numbers[i]);

        cr_expect_eq(strncmp(heard, "a BAD [UIDREQUIRED] ", 20), 0, "%s: %s",
                     with_numbers[i], heard);
    }
}

Test(imap_uidonly, shows_messages_by_their_uids)
{
    ann_expect_like("a UID FETCH 2:3 (FLAGS)\n",
                    "* 2 UIDFETCH (FLAGS ())\n* 3 UIDFETCH (FLAGS ())\n"
                    "a OK UID FETCH completed\n");
    ann_expect_like(
        "a UID FETCH 5:* (UID FLAGS)\n",
        "* 5 UIDFETCH (UID 5 FLAGS ())\na OK UID FETCH completed\n");
    ann_expect_like(
        "a UID STORE 4 +FLAGS (\\Seen)\n",
        "* 4 UIDFETCH (FLAGS (\\Seen))\na OK UID STORE completed\n");
}

Test(imap_uidonly, stays_once_it_is_enabled)
{
    imap_client_say(ann, "e ENABLE CONDSTORE\nu UNSELECT\ns SELECT INBOX\n");
    ann_expect_like("a FETCH 1 (FLAGS)\n", "a BAD [UIDREQUIRED] *\n");
    ann_expect_like("a UID FETCH 1 (FLAGS)\n",
                    "* 1 UIDFETCH (FLAGS ())\na OK UID FETCH completed\n");
}

Test(imap_uidonly, names_by_uids_what_was_not_stored)
{
    imap_client_say(other, "x STORE 2,4 +FLAGS.SILENT (\\Flagged)\n");
    imap_client_say(ann, "n NOOP\n");
    imap_client_say(ann, "x UID STORE 1 +FLAGS.SILENT (\\Deleted)\n");
    imap_client_say(ann, "x EXPUNGE\ne ENABLE CONDSTORE\n");
    ann_expect_like("a UID STORE 2,4 (UNCHANGEDSINCE 1) +FLAGS (\\Seen)\n",
                    "* 2 UIDFETCH (MODSEQ (#) FLAGS (\\Flagged))\n"
                    "* 4 UIDFETCH (MODSEQ (#) FLAGS (\\Flagged))\n"
                    "a OK [MODIFIED 2,4] *\n");
}

Test(imap_uidonly, takes_what_a_search_has_kept)
{
    ann_expect_like("a UID SEARCH RETURN (SAVE) UID 2:3\n",
                    "a OK UID SEARCH completed\n");
    ann_expect_like("a UID FETCH $ (FLAGS)\n",
                    "* 2 UIDFETCH (FLAGS ())\n* 3 UIDFETCH (FLAGS ())\n"
                    "a OK UID FETCH completed\n");
    ann_expect_like("a UID SEARCH $ UID 3:5\n",
                    "* SEARCH 3\na OK UID SEARCH completed\n");
}

Test(imap_uidonly, sorts_and_threads_by_uids)
{
    imap_client_say(ann, "x UID STORE 1 +FLAGS.SILENT (\\Deleted)\n");
    imap_client_say(ann, "x EXPUNGE\n");
    ann_expect_like("a UID SORT (REVERSE ARRIVAL) UTF-8 UID 2:3\n",
                    "* SORT 3 2\na OK UID SORT completed\n");
    ann_expect_like("a UID THREAD ORDEREDSUBJECT UTF-8 UID 2\n",
                    "* THREAD (2)\na OK UID THREAD completed\n");
}

Test(imap_uidonly, shows_by_uids_what_arrives)
{
    imap_client_say(ann, "n NOTIFY SET (SELECTED (MessageNew (FLAGS)"
                         " MessageExpunge FlagChange))\n");
    imap_client_say(other, "x STORE 1 +FLAGS.SILENT (\\Deleted)\n");
    imap_client_say(other, "x EXPUNGE\n");
    imap_world_add(world, NULL, "new");
    ann_expect_like("a NOOP\n", "* VANISHED 1\n* 5 EXISTS\n* 1 RECENT\n"
                                "* 6 UIDFETCH (FLAGS (\\Recent))\n"
                                "a OK NOOP completed\n");
}

Test(imap_uidonly, searches_by_uids)
{
    imap_client_say(ann, "x UID STORE 2:3 +FLAGS.SILENT (\\Deleted)\n");
    ann_expect_like("a UID SEARCH DELETED UID 1:4\n",
                    "* SEARCH 2 3\na OK UID SEARCH completed\n");
    ann_expect_like(
        "a UID SEARCH RETURN (ALL) DELETED\n",
        "* ESEARCH (TAG \"a\") UID ALL 2:3\na OK UID SEARCH completed\n");
}

Test(imap_uidonly, tells_what_has_gone_by_uids)
{
    imap_client_say(other, "x STORE 1,3 +FLAGS.SILENT (\\Deleted)\n");
    imap_client_say(other, "x EXPUNGE\n");
    imap_world_add(world, NULL, "new");
    ann_expect_like("a NOOP\n", "* VANISHED 1,3\n* 4 EXISTS\n* 1 RECENT\n"
                                "a OK NOOP completed\n");
    ann_expect_like("a UID STORE 4:5 +FLAGS.SILENT (\\Deleted)\n",
                    "a OK UID STORE completed\n");
    ann_expect_like("a UID EXPUNGE 4\n",
                    "* VANISHED 4\na OK UID EXPUNGE completed\n");
    ann_expect_like("a EXPUNGE\n", "* VANISHED 5\na OK EXPUNGE completed\n");
    imap_client_say(ann, "c CREATE Box\n");
    ann_expect_like("a UID MOVE 2 Box\n",
                    "* OK [COPYUID # 2 1] Moved\n* VANISHED 2\n"
                    "a OK UID MOVE completed\n");
}

Test(imap_uidonly, tells_what_others_have_changed_by_uids)
{
    imap_client_say(other, "x STORE 2 +FLAGS.SILENT (\\Deleted)\n");
    ann_expect_like("a NOOP\n",
                    "* 2 UIDFETCH (FLAGS (\\Deleted))\na OK NOOP completed\n");
    imap_client_say(ann, "e ENABLE CONDSTORE\n");
    imap_client_say(other, "x STORE 4 +FLAGS.SILENT (\\Seen)\n");
    ann_expect_like(
        "a NOOP\n",
        "* 4 UIDFETCH (FLAGS (\\Seen) MODSEQ (#))\na OK NOOP completed\n");
}

Test(imap_uidonly, does_not_point_at_the_first_unseen_message_by_number)
{
    const char *heard = imap_client_say(ann, "a SELECT INBOX\n");

    cr_expect(strstr(heard, "* 5 EXISTS\n"), "%s", heard);
    cr_expect_eq(strstr(heard, "[UNSEEN"), NULL, "%s", heard);
}

Test(imap_uidonly, brings_a_client_back_by_uids)
{
    const char *heard =
        imap_client_say(ann, "e ENABLE QRESYNC\na SELECT INBOX\n");
    unsigned long long validity = imap_number_after(heard, "[UIDVALIDITY "),
                       since = imap_number_after(strstr(heard, "UIDVALIDITY"),
                                                 "[HIGHESTMODSEQ ");

    imap_client_say(other, "x STORE 1 +FLAGS.SILENT (\\Deleted)\n");
    imap_client_say(other, "x EXPUNGE\n");
    imap_client_say(other, "x STORE 4 +FLAGS.SILENT (\\Seen)\n");
    heard = imap_client_say(ann, "a SELECT INBOX (QRESYNC (%llu %llu))\n",
                            validity, since);
    heard = strstr(heard, "* VANISHED");
    cr_assert_neq(heard, NULL);
    cr_expect(imap_is_like(heard, "* VANISHED (EARLIER) 1\n"
                                  "* 5 UIDFETCH (FLAGS (\\Seen) MODSEQ (#))\n"
                                  "a OK [READ-WRITE] SELECT completed\n"),
              "%s", heard);
}
