/*
 * test_rev2.c - sessions that have enabled IMAP4rev2 (RFC 9051)
 */
#include <criterion/criterion.h>

#include <string.h>

#include "tests/exchange/exchange.h"
#include "tests/imap/ann.h"

static void begin(void)
{
    world = imap_world_new();
    for (int i = 0; i < 3; i++)
        imap_world_add(world, NULL, "a message");
    ann = imap_client_ann(world);
    cr_assert_str_eq(imap_client_say(ann, "e ENABLE IMAP4rev2\n"),
                     "* ENABLED IMAP4rev2\ne OK ENABLE completed\n");
    other = imap_client_ann(world);
    imap_client_say(other, "s EXAMINE INBOX\n");
}

TestSuite(imap_rev2, .init = begin, .fini = ann_end);

static const char selected[] =
    "* FLAGS (*\n"
    "* OK [PERMANENTFLAGS (*\n"
    "* 3 EXISTS\n"
    "* OK [UIDVALIDITY #] *\n"
    "* OK [UIDNEXT 4] *\n"
    "* OK [HIGHESTMODSEQ #] *\n"
    "* OK [MAILBOXID (*\n"
    "* LIST (\\HasNoChildren \\Subscribed) \"/\" INBOX\n"
    "a OK [READ-WRITE] SELECT completed\n";

/* 6.3.2 */
Test(imap_rev2, selects_with_the_name_and_nothing_of_recent_or_unseen)
{
    ann_expect_like("a SELECT inbox\n", selected);
}

Test(imap_rev2, says_when_a_mailbox_is_closed)
{
    imap_client_say(ann, "a SELECT INBOX\n");
    cr_expect_eq(
        strncmp(imap_client_say(ann, "a SELECT INBOX\n"), "* OK [CLOSED] ", 14),
        0);
}

Test(imap_rev2, knows_no_recent_messages)
{
    imap_client_say(ann, "a SELECT INBOX\n");
    imap_world_add(world, NULL, "new");
    ann_expect_like("a NOOP\n", "* 4 EXISTS\na OK NOOP completed\n");
    ann_expect_like("a FETCH 4 (FLAGS)\n",
                    "* 4 FETCH (FLAGS ())\na OK FETCH completed\n");
    cr_expect(strstr(imap_client_say(other, "a NOOP\n"), " RECENT\n"),
              "others do");
}

/* 7.5.2: unsolicited FETCH data has the UID */
Test(imap_rev2, tells_changes_with_uids)
{
    imap_client_say(ann, "a SELECT INBOX\n");
    ann_expect_like("a STORE 2 +FLAGS (\\Seen)\n",
                    "* 2 FETCH (UID 2 FLAGS (\\Seen))\na OK STORE completed\n");
}

/* 6.4.4 */
Test(imap_rev2, searches_with_esearch)
{
    imap_client_say(ann, "a SELECT INBOX\na STORE 2:3 +FLAGS (\\Flagged)\n");
    ann_expect_like("a SEARCH FLAGGED\n",
                    "* ESEARCH (TAG \"a\") ALL 2:3\na OK SEARCH completed\n");
    ann_expect_like("a UID SEARCH DELETED\n",
                    "* ESEARCH (TAG \"a\") UID\na OK UID SEARCH completed\n");
    ann_expect_like("a SEARCH RETURN (SAVE) FLAGGED\n",
                    "a OK SEARCH completed\n");
    ann_expect_like("a FETCH $ (UID)\n",
                    "* 2 FETCH (UID 2)\n* 3 FETCH (UID 3)\n"
                    "a OK FETCH completed\n");
}

/* 5.1 */
Test(imap_rev2, names_mailboxes_in_utf8)
{
    cr_expect(strstr(imap_client_say(ann, "a CREATE \"B\xc3\xbcro\"\n"),
                     "a OK [MAILBOXID ("));
    ann_expect_like("a LIST \"\" \"B*\"\n",
                    "* LIST (\\HasNoChildren) \"/\" "
                    "\"B\xc3\xbcro\"\na OK LIST completed\n");
    ann_expect_like("a STATUS \"B\xc3\xbcro\" (MESSAGES DELETED SIZE)\n",
                    "* STATUS \"B\xc3\xbcro\" (MESSAGES 0 SIZE 0 DELETED 0)\n"
                    "a OK STATUS completed\n");
    cr_expect(strstr(imap_client_say(other, "a LIST \"\" B*\n"), "B&APw-ro"),
              "others hear modified UTF-7");
}

/* 6.4.8 */
Test(imap_rev2, moves_and_copies_with_uids)
{
    imap_client_say(ann, "a SELECT INBOX\na CREATE Box\n");
    ann_expect_like("a COPY 1 Box\n", "a OK [COPYUID # 1 1] COPY completed\n");
    ann_expect_like("a MOVE 1 Box\n",
                    "* OK [COPYUID # 1 2] Moved\n* 1 EXPUNGE\n"
                    "a OK MOVE completed\n");
    ann_expect_like("a MOVE 1 Nowhere\n", "a NO [TRYCREATE] No such mailbox\n");
}

/* 6.4.5: the FETCH side of BINARY */
Test(imap_rev2, fetches_parts_decoded)
{
    imap_client_say(ann, "a SELECT INBOX\n");
    ann_expect_like("a FETCH 1 (BINARY.SIZE[1])\n",
                    "* 1 FETCH (BINARY.SIZE[1] 8)\na OK FETCH completed\n");
    ann_expect_like(
        "a FETCH 1 (BINARY.PEEK[1])\n",
        "* 1 FETCH (BINARY[1] {8}\nHello.\n)\na OK FETCH completed\n");
}

/* 6.3.9 */
Test(imap_rev2, lists_with_options)
{
    imap_client_say(ann, "c CREATE Box\nc SUBSCRIBE Box\n");
    ann_expect_like("a LIST (SUBSCRIBED) \"\" \"B*\" RETURN (CHILDREN STATUS "
                    "(MESSAGES))\n",
                    "* LIST (\\HasNoChildren \\Subscribed) \"/\" Box\n"
                    "* STATUS Box (MESSAGES 0)\na OK LIST completed\n");
}

/* 6.3.12: literals need no leave where they are short */
Test(imap_rev2, takes_literals_without_asking_and_short_ones)
{
    cr_expect(
        strstr(imap_client_say(ann, "a APPEND INBOX {27+}\nSubject: new\n\n"
                                    "12345678901\n"),
               "a OK [APPENDUID "));
}
