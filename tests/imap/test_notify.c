/*
 * test_notify.c - what is told without being asked (RFC 5465)
 */
#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "tests/exchange/exchange.h"
#include "tests/imap/ann.h"

#define ANN "ann@example.com"

static void begin(void)
{
    world = imap_world_new();
    for (int i = 0; i < 3; i++)
        imap_world_add(world, NULL, "a message");
    other = imap_client_ann(world);
    imap_client_say(other, "c CREATE Lists\nc CREATE Lists/Im2000\n"
                           "c CREATE Misc\ns SELECT INBOX\n");
    ann = imap_client_ann(world);
    imap_client_say(ann, "s SELECT INBOX\n");
}

TestSuite(imap_notify, .init = begin, .fini = ann_end);

static void expect_to_hear(const char *pattern)
{
    const char *heard = imap_client_hear(ann, pattern);

    cr_expect(imap_is_like(heard, pattern), "expected %sheard %s", pattern,
              heard);
}

static void append(const char *folder)
{
    const char *heard = imap_client_say(
        other, "x APPEND %s {27+}\nSubject: new\n\n12345678901\n", folder);

    cr_assert(strstr(heard, "x OK ["), "%s", heard);
}

/* clang-format off */
static const struct {
    const char *name;
    const char *said;
    const char *pattern;
} answers[] = {
    { "nothing", "NOTIFY NONE", "a OK NOTIFY completed\n" },
    { "the selected mailbox", "NOTIFY SET (SELECTED (MessageNew (uid flags) MessageExpunge))", "a OK NOTIFY completed\n" },
    { "in any case", "notify set (selected-delayed (MESSAGENEW messageexpunge flagchange))", "a OK NOTIFY completed\n" },
    { "several groups", "NOTIFY SET (MAILBOXES INBOX (MessageNew MessageExpunge)) (PERSONAL (SubscriptionChange))",
      "a OK NOTIFY completed\n" },
    { "mailboxes in a list", "NOTIFY SET (SUBTREE (Lists \"Misc\") NONE) (MAILBOXES (INBOX {4+}\nMisc) (MailboxName))",
      "a OK NOTIFY completed\n" },
    { "mailboxes that are not there", "NOTIFY SET (MAILBOXES (Nowhere) (MessageNew MessageExpunge))",
      "a OK NOTIFY completed\n" },
    { "the STATUS of other mailboxes", "NOTIFY SET STATUS (SELECTED (MessageNew MessageExpunge)) (SUBTREE Lists (MessageNew MessageExpunge))",
      "* STATUS Lists (MESSAGES 0 UIDNEXT 1 UIDVALIDITY #)\n* STATUS Lists/Im2000 (MESSAGES 0 UIDNEXT 1 UIDVALIDITY #)\n"
      "a OK NOTIFY completed\n" },
    { "the STATUS with its sequence", "NOTIFY SET STATUS (MAILBOXES Misc (MessageNew MessageExpunge FlagChange))",
      "* STATUS Misc (MESSAGES 0 UIDNEXT 1 UIDVALIDITY # HIGHESTMODSEQ #)\na OK NOTIFY completed\n" },
    { "no STATUS of the selected mailbox", "NOTIFY SET STATUS (MAILBOXES INBOX (MessageNew MessageExpunge))",
      "a OK NOTIFY completed\n" },
    { "MessageNew alone", "NOTIFY SET (PERSONAL (MessageNew))", "a BAD NOTIFY takes *\n" },
    { "MessageExpunge alone", "NOTIFY SET (SELECTED (MessageExpunge))", "a BAD NOTIFY takes *\n" },
    { "FlagChange without both", "NOTIFY SET (SELECTED (FlagChange))", "a BAD NOTIFY takes *\n" },
    { "AnnotationChange without both", "NOTIFY SET (SELECTED (AnnotationChange))", "a BAD NOTIFY takes *\n" },
    { "names of the selected mailbox", "NOTIFY SET (SELECTED (MailboxName))", "a BAD NOTIFY takes *\n" },
    { "both kinds of selected", "NOTIFY SET (SELECTED NONE) (SELECTED-DELAYED NONE)", "a BAD NOTIFY takes *\n" },
    { "attributes of other mailboxes", "NOTIFY SET (PERSONAL (MessageNew (UID) MessageExpunge))", "a BAD NOTIFY takes *\n" },
    { "no group", "NOTIFY SET", "a BAD NOTIFY takes *\n" },
    { "no events", "NOTIFY SET (PERSONAL ())", "a BAD NOTIFY takes *\n" },
    { "another kind of mailboxes", "NOTIFY SET (EVERYTHING (MailboxName))", "a BAD NOTIFY takes *\n" },
    { "something behind", "NOTIFY NONE NOW", "a BAD NOTIFY takes *\n" },
    { "an event that is not supported", "NOTIFY SET (SELECTED (MessageNew MessageExpunge AnnotationChange))",
      "a NO [BADEVENT (MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange "
      "MailboxMetadataChange ServerMetadataChange)] *\n" },
    { "an event that nobody knows", "NOTIFY SET (PERSONAL (Rain))", "a NO [BADEVENT (MessageNew *\n" },
};
/* clang-format on */

Test(imap_notify, answers)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        const char *heard = imap_client_say(ann, "a %s\n", answers[i].said);

        cr_expect(imap_is_like(heard, answers[i].pattern), "%s: %s",
                  answers[i].name, heard);
    }
}

Test(imap_notify, refuses_more_than_it_can_look_after)
{
    char said[3000] = "NOTIFY SET";

    for (int i = 0; i < 101; i++)
        strcat(said, " (PERSONAL NONE)");
    cr_expect_eq(strncmp(imap_client_say(ann, "a %s\n", said),
                         "a NO [NOTIFICATIONOVERFLOW] ", 28),
                 0);
}

Test(imap_notify, is_a_noop_as_well)
{
    imap_world_add(world, NULL, "new");
    ann_expect_like("a NOTIFY SET (SELECTED (MessageNew MessageExpunge))\n",
                    "* 4 EXISTS\n* # RECENT\na OK NOTIFY completed\n");
}

Test(imap_notify, tells_of_the_selected_mailbox_between_commands)
{
    imap_client_say(ann, "a NOTIFY SET (SELECTED (MessageNew (FLAGS "
                         "BODY.PEEK[HEADER.FIELDS (SUBJECT)]) MessageExpunge "
                         "FlagChange))\n");
    append("INBOX");
    expect_to_hear("* 4 EXISTS\n* # RECENT\n"
                   "* 4 FETCH (UID 4 FLAGS () BODY[HEADER.FIELDS (SUBJECT)] "
                   "{16}\nSubject: new\n\n)\n");
    imap_client_say(other, "x STORE 2 +FLAGS.SILENT (\\Flagged)\n");
    expect_to_hear("* 2 FETCH (UID 2 FLAGS (\\Flagged))\n");
    imap_client_say(other, "x UID STORE 1 +FLAGS.SILENT (\\Deleted)\n");
    expect_to_hear("* 1 FETCH (UID 1 FLAGS (\\Deleted))\n");
    imap_client_say(other, "x EXPUNGE\n");
    expect_to_hear("* 1 EXPUNGE\n");
}

Test(imap_notify, shows_no_message_that_the_client_has_brought_itself)
{
    imap_client_say(ann, "a NOTIFY SET (SELECTED (MessageNew (UID) "
                         "MessageExpunge FlagChange))\n");
    cr_expect(imap_is_like(
        imap_client_say(ann, "a APPEND INBOX {27+}\nSubject: new\n\n"
                             "12345678901\n"),
        "* 4 EXISTS\n* # RECENT\na OK [APPENDUID # 4] APPEND completed\n"));
    ann_expect_like("a COPY 1:2 INBOX\n",
                    "* 6 EXISTS\n* # RECENT\n"
                    "a OK [COPYUID # 1:2 5:6] COPY completed\n");
}

Test(imap_notify, counts_no_message_as_seen_that_it_shows)
{
    imap_client_say(ann, "a NOTIFY SET (SELECTED (MessageNew (BODY[TEXT]) "
                         "MessageExpunge FlagChange))\n");
    append("INBOX");
    expect_to_hear("* 4 EXISTS\n* # RECENT\n"
                   "* 4 FETCH (UID 4 BODY[TEXT] {11}\n12345678901)\n");
    ann_expect_like("a FETCH 4 (FLAGS)\n",
                    "* 4 FETCH (FLAGS ())\na OK FETCH completed\n");
}

Test(imap_notify, delays_what_has_gone_until_a_command_allows_it)
{
    imap_client_say(ann, "a NOTIFY SET (SELECTED-DELAYED (MessageNew "
                         "MessageExpunge FlagChange))\n");
    imap_client_say(other, "x UID STORE 1 +FLAGS.SILENT (\\Deleted)\n");
    expect_to_hear("* 1 FETCH (UID 1 FLAGS (\\Deleted))\n");
    imap_client_say(other, "x EXPUNGE\n");
    append("INBOX");
    expect_to_hear("* 4 EXISTS\n* # RECENT\n");
    ann_expect_like("a FETCH 2 (UID)\n",
                    "* 2 FETCH (UID 2)\na OK FETCH completed\n");
    ann_expect_like("a NOOP\n", "* 1 EXPUNGE\na OK NOOP completed\n");
}

Test(imap_notify, tells_with_vanished_and_modseq_who_knows_them)
{
    imap_client_say(ann, "e ENABLE QRESYNC\na NOTIFY SET (SELECTED (MessageNew "
                         "(UID) MessageExpunge FlagChange))\n");
    append("INBOX");
    expect_to_hear("* 4 EXISTS\n* # RECENT\n* 4 FETCH (MODSEQ (#) UID 4)\n");
    imap_client_say(other, "x UID STORE 1 +FLAGS.SILENT (\\Deleted)\n");
    expect_to_hear("* 1 FETCH (UID 1 FLAGS (\\Deleted) MODSEQ (#))\n");
    imap_client_say(other, "x EXPUNGE\n");
    expect_to_hear("* VANISHED 1\n");
}

Test(imap_notify, keeps_still_about_the_selected_mailbox_if_not_asked)
{
    imap_client_say(ann, "e ENABLE QRESYNC\n");
    uint64_t modseq = imap_number_after(
        imap_client_say(ann, "a SELECT INBOX\n"), "[HIGHESTMODSEQ ");

    imap_client_say(ann, "a NOTIFY SET (MAILBOXES Misc (MessageNew "
                         "MessageExpunge))\n");
    imap_client_say(other, "x STORE 2 +FLAGS.SILENT (\\Flagged)\n");
    append("INBOX");
    const char *heard = imap_client_say(ann, "a NOOP\n");
    cr_expect(
        imap_is_like(heard, "* OK [HIGHESTMODSEQ #] *\na OK NOOP completed\n"),
        "%s", heard);
    cr_expect_eq(imap_number_after(heard, "[HIGHESTMODSEQ "), modseq);
    /* Once for each change, and where the client has seen a later number. */
    ann_expect_like("a NOOP\n", "a OK NOOP completed\n");
    ann_expect_like("a FETCH 1 (MODSEQ)\n", "* 1 FETCH (MODSEQ (#))\n"
                                            "a OK FETCH completed\n");
    ann_expect_like("a FETCH 2 (MODSEQ)\n", "* 2 FETCH (MODSEQ (#))\n"
                                            "* OK [HIGHESTMODSEQ #] *\n"
                                            "a OK FETCH completed\n");
    ann_expect_like("a SEARCH MODSEQ 1\n", "* SEARCH 1 2 3 (MODSEQ #)\n"
                                           "* OK [HIGHESTMODSEQ #] *\n"
                                           "a OK SEARCH completed\n");
    ann_expect_like("a NOOP\n", "a OK NOOP completed\n");
    imap_client_say(other, "x STORE 2 -FLAGS.SILENT (\\Flagged)\n"
                           "x STORE 2 +FLAGS.SILENT (\\Flagged)\n");
    ann_expect_like("a NOOP\n",
                    "* OK [HIGHESTMODSEQ #] *\na OK NOOP completed\n");
    ann_expect_like(
        "a NOTIFY SET (SELECTED (MessageNew MessageExpunge FlagChange))\n",
        "* 2 FETCH (UID 2 FLAGS (\\Flagged) MODSEQ (#))\n"
        "* 4 EXISTS\n* # RECENT\n* OK [HIGHESTMODSEQ #] *\n"
        "a OK NOTIFY completed\n");
}

Test(imap_notify, tells_what_the_client_has_expunged_itself)
{
    imap_client_say(ann, "a NOTIFY NONE\n");
    imap_client_say(ann, "a STORE 2 +FLAGS.SILENT (\\Deleted)\n");
    ann_expect_like("a EXPUNGE\n", "* 2 EXPUNGE\na OK EXPUNGE completed\n");
}

Test(imap_notify, tells_of_new_messages_in_other_mailboxes)
{
    imap_client_say(ann, "a NOTIFY SET STATUS (SELECTED NONE) (SUBTREE Lists "
                         "(MessageNew MessageExpunge))\n");
    append("Misc");
    append("Lists/Im2000");
    expect_to_hear("* STATUS Lists/Im2000 (MESSAGES 1 UIDNEXT 2)\n");
    imap_client_say(ann, "a ENABLE CONDSTORE\n");
    append("Lists/Im2000");
    expect_to_hear(
        "* STATUS Lists/Im2000 (MESSAGES 2 UIDNEXT 3 HIGHESTMODSEQ #)\n");
    imap_client_say(other, "s SELECT Lists/Im2000\n"
                           "x STORE 1 +FLAGS.SILENT (\\Deleted)\nx EXPUNGE\n");
    expect_to_hear(
        "* STATUS Lists/Im2000 (MESSAGES 1 UIDNEXT 3 HIGHESTMODSEQ #)\n");
}

Test(imap_notify, tells_of_flags_in_other_mailboxes)
{
    append("Misc");
    imap_client_say(ann, "a NOTIFY SET STATUS (PERSONAL (MessageNew "
                         "MessageExpunge FlagChange))\n");
    imap_client_say(other, "s SELECT Misc\n");
    imap_client_say(other, "x STORE 1 +FLAGS.SILENT (\\Flagged)\n");
    imap_client_say(other, "x STORE 1 +FLAGS.SILENT (\\Seen)\n");
    expect_to_hear("* STATUS Misc (UIDVALIDITY # UNSEEN 0)\n");
    imap_client_say(ann, "e ENABLE CONDSTORE\n");
    imap_client_say(other, "x STORE 1 -FLAGS.SILENT (\\Flagged)\n");
    expect_to_hear("* STATUS Misc (UIDVALIDITY # HIGHESTMODSEQ #)\n");
}

Test(imap_notify, tells_of_other_mailboxes_without_any_selected)
{
    imap_client_say(ann, "a UNSELECT\n");
    imap_client_say(ann, "a NOTIFY SET (SELECTED (MessageNew MessageExpunge)) "
                         "(MAILBOXES Misc (MessageNew MessageExpunge))\n");
    append("Misc");
    expect_to_hear("* STATUS Misc (MESSAGES 1 UIDNEXT 2)\n");
}

Test(imap_notify, tells_of_names)
{
    imap_client_say(other, "x SUBSCRIBE Lists\nx SUBSCRIBE Lists/Im2000\n");
    imap_client_say(ann, "a NOTIFY SET (PERSONAL (MailboxName))\n");
    imap_client_say(other, "x CREATE Lists/Lemonade\n");
    imap_client_say(other, "x SUBSCRIBE Lists/Lemonade\n");
    expect_to_hear(
        "* LIST (\\HasNoChildren \\Subscribed) \"/\" Lists/Lemonade\n"
        "* LIST (\\HasChildren \\Subscribed) \"/\" Lists\n");
    imap_client_say(other, "x RENAME Lists/Lemonade Lists/Water\n");
    expect_to_hear("* LIST (\\HasNoChildren) \"/\" Lists/Water "
                   "(\"OLDNAME\" (Lists/Lemonade))\n");
    imap_client_say(other, "x RENAME Lists Old\n");
    expect_to_hear("* LIST (\\HasChildren) \"/\" Old "
                   "(\"OLDNAME\" (Lists))\n");
    imap_client_say(other, "x DELETE Old/Water\n");
    expect_to_hear("* LIST (\\NonExistent) \"/\" Old/Water\n"
                   "* LIST (\\HasChildren) \"/\" Old\n");
}

Test(imap_notify, tells_of_subscriptions)
{
    imap_client_say(other, "x SUBSCRIBE Misc\n");
    imap_client_say(ann, "a NOTIFY SET (SUBSCRIBED (SubscriptionChange))\n");
    imap_client_say(other, "x UNSUBSCRIBE Misc\n");
    expect_to_hear("* LIST (\\HasNoChildren) \"/\" Misc\n");
    imap_client_say(other, "x SUBSCRIBE Misc\n");
    expect_to_hear("* LIST (\\HasNoChildren \\Subscribed) \"/\" Misc\n");
}

Test(imap_notify, tells_of_subscriptions_to_what_is_gone)
{
    imap_client_say(other, "x SUBSCRIBE Misc\nx SUBSCRIBE Lists/Im2000\n");
    imap_client_say(ann, "a NOTIFY SET (PERSONAL (MailboxName "
                         "SubscriptionChange))\n");
    imap_client_say(other, "x DELETE Misc\n");
    expect_to_hear("* LIST (\\NonExistent \\Subscribed) \"/\" Misc\n");
    imap_client_say(other, "x UNSUBSCRIBE Misc\n");
    expect_to_hear("* LIST (\\NonExistent) \"/\" Misc\n");
    imap_client_say(ann, "a DELETE Lists/Im2000\n");
    imap_client_say(other, "x CREATE Lists/Im2000\n");
    expect_to_hear("* LIST (\\HasNoChildren \\Subscribed) \"/\" Lists/Im2000\n"
                   "* LIST (\\HasChildren) \"/\" Lists\n");
    imap_client_say(ann, "a DELETE Lists/Im2000\n");
    imap_client_say(other, "x UNSUBSCRIBE Lists/Im2000\n");
    expect_to_hear("* LIST (\\NonExistent) \"/\" Lists/Im2000\n");
}

Test(imap_notify, tells_of_comments)
{
    imap_client_say(ann, "a NOTIFY SET (PERSONAL (MailboxMetadataChange))\n");
    imap_client_say(other, "x SETMETADATA Misc (/shared/comment \"Odds\")\n");
    expect_to_hear("* METADATA Misc /shared/comment\n");
    imap_client_say(other, "x SETMETADATA Misc (/shared/comment NIL)\n");
    expect_to_hear("* METADATA Misc /shared/comment\n");
    imap_client_say(ann, "x SETMETADATA Misc (/shared/comment \"Ends\")\n");
    imap_client_say(other, "x SETMETADATA INBOX (/shared/comment \"In\")\n");
    expect_to_hear("* METADATA INBOX /shared/comment\n");
}

Test(imap_notify, keeps_still_about_what_the_client_has_done_itself)
{
    imap_client_say(other, "x SUBSCRIBE Misc\n");
    imap_client_say(ann, "a NOTIFY SET (PERSONAL (MailboxName "
                         "SubscriptionChange))\n");
    imap_client_say(ann, "a CREATE Mine\na RENAME Mine Yours\n"
                         "a UNSUBSCRIBE Yours\na CREATE Deep/Deeper\n"
                         "a DELETE Yours\n");
    imap_client_say(other, "x UNSUBSCRIBE Misc\n");
    expect_to_hear("* LIST (\\HasNoChildren) \"/\" Misc\n");
}

Test(imap_notify, tells_the_same_to_an_idling_client)
{
    imap_client_say(ann, "a NOTIFY SET (SELECTED-DELAYED (MessageNew "
                         "MessageExpunge)) (MAILBOXES Misc (MessageNew "
                         "MessageExpunge))\n");
    imap_client_say(ann, "i IDLE\n");
    imap_client_say(other, "x UID STORE 1 +FLAGS.SILENT (\\Deleted)\n");
    imap_client_say(other, "x EXPUNGE\n");
    expect_to_hear("* 1 EXPUNGE\n");
    append("Misc");
    expect_to_hear("* STATUS Misc (MESSAGES 1 UIDNEXT 2)\n");
    ann_expect_like("DONE\n", "i OK IDLE completed\n");
}

Test(imap_notify, goes_with_the_selected_mailbox)
{
    imap_client_say(ann, "a NOTIFY SET (SELECTED (MessageNew MessageExpunge))\n"
                         "s SELECT Misc\n");
    append("INBOX");
    append("Misc");
    expect_to_hear("* 1 EXISTS\n* 1 RECENT\n");
}

Test(imap_notify, ends_with_none)
{
    imap_client_say(ann, "a NOTIFY SET (SELECTED (MessageNew MessageExpunge)) "
                         "(PERSONAL (MessageNew MessageExpunge))\n"
                         "a NOTIFY NONE\n");
    append("Misc");
    append("INBOX");
    ann_expect_like("a NOOP\n", "a OK NOOP completed\n");
}

Test(imap_notify, hears_of_what_other_programs_do)
{
    imap_client_say(ann, "a NOTIFY SET STATUS (SELECTED (MessageNew "
                         "MessageExpunge)) (MAILBOXES Misc (MessageNew "
                         "MessageExpunge))\n");
    imap_world_add(world, NULL, "new");
    expect_to_hear("* 4 EXISTS\n* # RECENT\n");
    imap_world_add(world, "Misc", "new");
    expect_to_hear("* STATUS Misc (MESSAGES 1 UIDNEXT 2)\n");
}

Test(imap_notify, says_good_bye_when_the_idling_clients_mailbox_is_deleted)
{
    imap_client_say(ann, "s SELECT Misc\ni IDLE\n");
    imap_client_say(other, "x DELETE Misc\n");
    expect_to_hear("* BYE The mailbox has been deleted\n");
    cr_expect(imap_client_is_closed(ann));
}
