/*
 * test_folder.c - the selected mailbox: what a client is told, and when
 */
#include <criterion/criterion.h>

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "tests/exchange/exchange.h"
#include "tests/imap/ann.h"

static void begin(void)
{
    world = imap_world_new();
    for (int i = 0; i < 4; i++)
        imap_world_add(world, NULL, "a message");
    ann = imap_client_ann(world);
    other = imap_client_ann(world);
}

TestSuite(imap_folder, .init = begin, .fini = ann_end);

static void expect(struct imap_client *client, const char *said,
                   const char *answer)
{
    cr_expect_str_eq(imap_client_say(client, "%s", said), answer, "%s", said);
}

Test(imap_folder, is_described_when_selected)
{
    const char *heard = imap_client_say(ann, "a SELECT INBOX\n");

    cr_expect(strstr(heard,
                     "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft "),
              "%s", heard);
    cr_expect(strstr(heard, "* OK [PERMANENTFLAGS (\\Answered \\Flagged "
                            "\\Deleted \\Seen \\Draft "));
    cr_expect(strstr(heard, " \\*)] "), "%s", heard);
    cr_expect(strstr(heard, "* 4 EXISTS\n* 4 RECENT\n* OK [UNSEEN 1] "), "%s",
              heard);
    cr_expect(strstr(heard, "* OK [UIDNEXT 5] "), "%s", heard);
    cr_expect(strstr(heard, "* OK [UIDVALIDITY "), "%s", heard);
    cr_expect(strstr(heard, "a OK [READ-WRITE] SELECT completed\n"), "%s",
              heard);
    cr_expect(
        strstr(imap_client_say(other, "a EXAMINE INBOX\n"), "* 0 RECENT\n"),
        "only the first session sees them as recent");
}

Test(imap_folder, leaves_recent_alone_when_only_examined)
{
    const char *heard = imap_client_say(ann, "a EXAMINE INBOX\n");

    cr_expect(strstr(heard, "* OK [PERMANENTFLAGS ()] "), "%s", heard);
    cr_expect(strstr(heard, "* 4 RECENT\n"), "%s", heard);
    cr_expect(strstr(heard, "a OK [READ-ONLY] EXAMINE completed\n"), "%s",
              heard);
    cr_expect(
        strstr(imap_client_say(other, "a SELECT INBOX\n"), "* 4 RECENT\n"));
}

Test(imap_folder, is_left_by_a_selection_that_fails)
{
    imap_client_say(ann, "a SELECT INBOX\n");
    expect(ann, "a SELECT Nowhere\n",
           "* OK [CLOSED] The mailbox is closed\n"
           "a NO [NONEXISTENT] No such mailbox\n");
    expect(ann, "a EXPUNGE\n", "a BAD Select a mailbox first\n");
}

Test(imap_folder, announces_what_others_have_expunged_where_that_is_allowed)
{
    imap_client_say(ann, "a SELECT INBOX\n");
    imap_client_say(other, "a SELECT INBOX\n");
    expect(other, "a UID STORE 2:3 +FLAGS.SILENT (\\Deleted)\n",
           "a OK UID STORE completed\n");
    expect(other, "a EXPUNGE\n",
           "* 2 EXPUNGE\n* 2 EXPUNGE\na OK EXPUNGE completed\n");

    /* Not while numbers are in use; a number without message says so. */
    expect(ann, "a STORE 4 +FLAGS (\\Seen)\n",
           "* 4 FETCH (FLAGS (\\Seen \\Recent))\na OK STORE completed\n");
    expect(ann, "a STORE 2 +FLAGS (\\Seen)\n",
           "a NO [EXPUNGEISSUED] Some of these messages have been deleted\n");
    expect(ann, "a UID STORE 4 -FLAGS.SILENT (\\Seen)\n",
           "* 2 EXPUNGE\n* 2 EXPUNGE\na OK UID STORE completed\n");
    expect(ann, "a STORE 3 +FLAGS (\\Seen)\n",
           "a BAD There is no message of that number\n");
}

Test(imap_folder, announces_new_messages_and_their_being_recent)
{
    imap_client_say(ann, "a SELECT INBOX\n");
    imap_world_add(world, NULL, "new");
    expect(ann, "a NOOP\n", "* 5 EXISTS\n* 5 RECENT\na OK NOOP completed\n");
    expect(ann, "a NOOP\n", "a OK NOOP completed\n");
    imap_world_add(world, NULL, "newer");
    exchange_remove(imap_world_exchange(world), "ann@example.com", NULL, 0);
    exchange_mark_read(imap_world_exchange(world), "ann@example.com", NULL, 0,
                       true);
    expect(ann, "a CHECK\n",
           "* 1 EXPUNGE\n* 1 FETCH (UID 2 FLAGS (\\Seen \\Recent))\n"
           "* 5 EXISTS\n* 5 RECENT\na OK CHECK completed\n");
}

Test(imap_folder, expunges_only_the_uids_that_are_named)
{
    imap_client_say(ann,
                    "a SELECT INBOX\nb STORE 1:3 +FLAGS.SILENT (\\Deleted)\n");
    expect(ann, "a UID EXPUNGE 2,4\n",
           "* 2 EXPUNGE\na OK UID EXPUNGE completed\n");
    expect(ann, "a UID EXPUNGE\n", "a BAD UID EXPUNGE takes a set of UIDs\n");
    cr_expect_eq(
        exchange_count(imap_world_exchange(world), "ann@example.com", NULL), 3);
    expect(ann, "a EXPUNGE\n",
           "* 1 EXPUNGE\n* 1 EXPUNGE\na OK EXPUNGE completed\n");
    cr_expect_eq(
        exchange_count(imap_world_exchange(world), "ann@example.com", NULL), 1);
}

Test(imap_folder, expunges_silently_when_closed_and_not_when_unselected)
{
    struct exchange *exchange = imap_world_exchange(world);

    imap_client_say(
        ann,
        "a SELECT INBOX\nb STORE 1 +FLAGS.SILENT (\\Deleted)\nc UNSELECT\n");
    cr_expect_eq(exchange_count(exchange, "ann@example.com", NULL), 4);
    imap_client_say(ann, "a EXAMINE INBOX\nb CLOSE\n");
    cr_expect_eq(exchange_count(exchange, "ann@example.com", NULL), 4);
    imap_client_say(ann, "a SELECT INBOX\n");
    expect(ann, "a CLOSE\n", "a OK CLOSE completed\n");
    cr_expect_eq(exchange_count(exchange, "ann@example.com", NULL), 3);
}

Test(imap_folder, changes_nothing_when_opened_for_reading)
{
    imap_client_say(ann, "a EXAMINE INBOX\n");
    expect(ann, "a EXPUNGE\n",
           "a NO [READ-ONLY] The mailbox is open for reading only\n");
    expect(ann, "a UID EXPUNGE 1\n",
           "a NO [READ-ONLY] The mailbox is open for reading only\n");
    expect(ann, "a MOVE 1 Sent\n",
           "a NO [READ-ONLY] The mailbox is open for reading only\n");
}

/* The UIDVALIDITY of a mailbox. */
static unsigned validity(const char *mailbox)
{
    unsigned value = 0;
    const char *heard =
        imap_client_say(other, "v STATUS %s (UIDVALIDITY)\n", mailbox);

    cr_assert_eq(sscanf(heard, "* STATUS %*s (UIDVALIDITY %u)", &value), 1,
                 "%s", heard);
    return value;
}

Test(imap_folder, copies_and_tells_the_new_uids)
{
    char answer[200];

    imap_client_say(ann, "a CREATE To\nb SELECT INBOX\n");
    snprintf(answer, sizeof answer,
             "a OK [COPYUID %u 1:2,4 1:3] COPY completed\n", validity("To"));
    expect(ann, "a COPY 4,1:2 To\n", answer);
    cr_expect_eq(
        exchange_count(imap_world_exchange(world), "ann@example.com", "To"), 3);
    expect(ann, "a COPY 1 Nowhere\n", "a NO [TRYCREATE] No such mailbox\n");
    expect(ann, "a UID COPY 99 To\n", "a OK UID COPY completed\n");
    expect(ann, "a COPY 5 To\n", "a BAD There is no message of that number\n");
    expect(ann, "a COPY To\n",
           "a BAD COPY takes a message set and a mailbox\n");
}

Test(imap_folder, moves_and_announces_it)
{
    char answer[200];

    imap_client_say(ann, "a CREATE To\nb SELECT INBOX\n");
    snprintf(answer, sizeof answer,
             "* OK [COPYUID %u 2:3 1:2] Moved\n* 2 EXPUNGE\n* 2 EXPUNGE\n"
             "a OK UID MOVE completed\n",
             validity("To"));
    expect(ann, "a UID MOVE 2:3 To\n", answer);
    cr_expect_eq(
        exchange_count(imap_world_exchange(world), "ann@example.com", "To"), 2);
    cr_expect_eq(
        exchange_count(imap_world_exchange(world), "ann@example.com", NULL), 2);
    expect(ann, "a MOVE 1 Nowhere\n", "a NO [TRYCREATE] No such mailbox\n");
}

Test(imap_folder, says_no_when_a_move_failed_and_nothing_is_lost)
{
    const struct exchange_fault_rule rule = {
        .operation = "MoveItem",
        .fault = FAULT_RESPONSE_CODE,
        .times = UINT_MAX,
        .code = "ErrorQuotaExceeded",
    };

    imap_client_say(ann, "a CREATE To\nb SELECT INBOX\n");
    exchange_set_fault(imap_world_exchange(world), &rule);
    expect(ann, "a MOVE 1:4 To\n", "a NO [OVERQUOTA] The mailbox is full\n");
    cr_expect_eq(
        exchange_count(imap_world_exchange(world), "ann@example.com", NULL), 4);
}

Test(imap_folder, asks_for_no_other_mailbox_when_its_own_is_gone)
{
    imap_client_say(ann, "a CREATE Gone\n");
    imap_world_add(world, "Gone", "lost");
    imap_client_say(ann, "a SELECT Gone\n");
    expect(other, "a DELETE Gone\n", "a OK DELETE completed\n");
    expect(ann, "a COPY 1 INBOX\n", "a NO [NONEXISTENT] No such mailbox\n");
    expect(ann, "a MOVE 1 INBOX\n", "a NO [NONEXISTENT] No such mailbox\n");
}

Test(imap_folder, serves_what_is_known_when_exchange_is_away)
{
    const struct exchange_fault_rule rule = {
        .fault = FAULT_RESPONSE_CODE,
        .times = UINT_MAX,
        .code = "ErrorAccessDenied",
    };
    const struct exchange_fault_rule busy = {
        .fault = FAULT_HTTP_401,
        .times = UINT_MAX,
    };
    const char *heard;

    imap_client_say(ann, "a SELECT INBOX\n");
    exchange_set_fault(imap_world_exchange(world), &busy);
    expect(ann, "a NOOP\n",
           "* NO [AUTHENTICATIONFAILED] Wrong user name or password\n"
           "a OK NOOP completed\n");
    heard = imap_client_say(ann, "a SELECT INBOX\n");
    cr_expect(strstr(heard, "* 4 EXISTS\n"), "%s", heard);
    cr_expect(strstr(heard, "* NO ["), "%s", heard);
    cr_expect(strstr(heard, "a OK [READ-WRITE] SELECT completed\n"), "%s",
              heard);
    exchange_clear_faults(imap_world_exchange(world));
    exchange_set_fault(imap_world_exchange(world), &rule);
    expect(ann, "a CHECK\n",
           "* NO [NOPERM] No right to do this\na OK CHECK completed\n");
}

Test(imap_folder, appends_and_tells_the_uid)
{
    char answer[500];

    imap_client_say(ann, "a SELECT INBOX\n");
    snprintf(
        answer, sizeof answer,
        "+\n* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded "
        "$MDNSent $Junk $NotJunk $label1)\n"
        "* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft "
        "$Forwarded $MDNSent $Junk $NotJunk $label1 \\*)] These can be "
        "changed\n"
        "* 5 EXISTS\n* 5 RECENT\na OK [APPENDUID %u 5] APPEND completed\n",
        validity("INBOX"));
    expect(
        ann,
        "a APPEND INBOX (\\Seen $label1) \" 1-Feb-2024 12:00:00 +0100\" {14}\n"
        "Subject: x\n\n\n",
        answer);
    cr_expect_eq(
        exchange_count(imap_world_exchange(world), "ann@example.com", NULL), 5);
    expect(ann, "a APPEND Nowhere {3+}\nabc\n",
           "a NO [TRYCREATE] No such mailbox\n");
    expect(ann, "a APPEND INBOX {0+}\n\n",
           "a NO [CANNOT] The message is empty\n");
    static const char bad[] = "a BAD APPEND takes a mailbox, and flags, a date "
                              "and a message, or several\n";
    expect(ann, "a APPEND INBOX (\\Bad) {3+}\nabc\n", bad);
    expect(ann, "a APPEND INBOX \"abc\"\n", bad);
    expect(ann, "a APPEND INBOX {3+}\nabc{3+}\nabc\n", bad);
}

Test(imap_folder, tells_an_idling_client_at_once)
{
    static const char flagged[] =
        "* 1 FETCH (UID 1 FLAGS (\\Flagged \\Recent))\n";
    static const char gone[] = "* 1 EXPUNGE\n";

    imap_client_say(ann, "a SELECT INBOX\n");
    imap_client_say(other, "a SELECT INBOX\n");
    expect(ann, "a IDLE\n", "+ Waiting for news\n");
    imap_client_say(other, "a STORE 1 +FLAGS.SILENT (\\Flagged)\n");
    cr_expect_str_eq(imap_client_hear(ann, flagged), flagged);
    imap_client_say(other, "a STORE 1 +FLAGS.SILENT (\\Deleted)\nb EXPUNGE\n");
    cr_expect_str_eq(imap_client_hear(ann, gone), gone);
    cr_expect(strstr(imap_client_say(ann, "done\n"), "a OK IDLE completed\n"));
    expect(ann, "a IDLE\n", "+ Waiting for news\n");
    expect(ann, "b NOOP\n", "a BAD IDLE ends with DONE\n");
    expect(ann, "b IDLE now\n", "b BAD IDLE takes no arguments\n");
}

Test(imap_folder, lets_a_client_idle_without_a_mailbox)
{
    expect(ann, "a IDLE\nDONE\n", "+ Waiting for news\na OK IDLE completed\n");
}
