/*
 * test_list_extended.c - LIST's options (RFC 5258, 5819, 6154), what STATUS
 * knows, and what mailboxes are by (RFC 8474)
 */
#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/exchange/exchange.h"
#include "tests/imap/ann.h"

TestSuite(imap_list_extended, .init = ann_begin, .fini = ann_end);

/* Some folders, of which only the deepest of each is subscribed. */
static void make_folders(void)
{
    imap_client_say(ann, "a CREATE Foo/Bar/Baz\nb CREATE Moo\n"
                         "c SUBSCRIBE Foo/Bar/Baz\nd UNSUBSCRIBE Trash\n");
}

#define LISTED "a OK LIST completed\n"
#define BAD "a BAD LIST takes a reference and a mailbox name with wildcards\n"

Test(imap_list_extended, selects_by_options)
{
    /* clang-format off */
    static const struct {
        const char *command;
        const char *answer;
    } cases[] = {
        { "LIST () \"\" Moo",
          "* LIST (\\HasNoChildren) \"/\" Moo\n" LISTED },
        { "LIST (SUBSCRIBED) \"\" (Moo Foo/Bar/%)",
          "* LIST (\\HasNoChildren \\Subscribed) \"/\" Foo/Bar/Baz\n" LISTED },
        { "LIST (SUBSCRIBED) \"\" Foo%", LISTED },
        { "LIST (SUBSCRIBED RECURSIVEMATCH) \"\" (Foo% Moo)",
          "* LIST (\\HasChildren) \"/\" Foo (\"CHILDINFO\" (\"SUBSCRIBED\"))\n" LISTED },
        { "LIST (RECURSIVEMATCH REMOTE SUBSCRIBED) \"\" F*",
          "* LIST (\\HasChildren) \"/\" Foo (\"CHILDINFO\" (\"SUBSCRIBED\"))\n"
          "* LIST (\\HasChildren) \"/\" Foo/Bar (\"CHILDINFO\" (\"SUBSCRIBED\"))\n"
          "* LIST (\\HasNoChildren \\Subscribed) \"/\" Foo/Bar/Baz\n" LISTED },
        { "LIST (SPECIAL-USE) \"\" (Trash Foo)",
          "* LIST (\\HasNoChildren \\Trash) \"/\" Trash\n" LISTED },
        { "LIST (SPECIAL-USE SUBSCRIBED) \"\" (Trash Junk Foo)",
          "* LIST (\\HasNoChildren \\Junk \\Subscribed) \"/\" Junk\n" LISTED },
        { "LIST (SPECIAL-USE RECURSIVEMATCH) \"\" (Junk Foo)",
          "* LIST (\\HasNoChildren \\Junk) \"/\" Junk\n" LISTED },
        { "LIST (REMOTE) \"\" Moo",
          "* LIST (\\HasNoChildren) \"/\" Moo\n" LISTED },
        { "LIST \"\" Foo/% RETURN (SUBSCRIBED CHILDREN)",
          "* LIST (\\HasChildren) \"/\" Foo/Bar\n" LISTED },
        { "LIST \"\" (Foo Foo Foo%)",
          "* LIST (\\HasChildren) \"/\" Foo\n" LISTED },
        { "LIST \"\" (\"\") RETURN (CHILDREN)", LISTED },
        { "LIST (RECURSIVEMATCH) \"\" *",
          "a BAD RECURSIVEMATCH goes with another option\n" },
        { "LIST (RECURSIVEMATCH REMOTE) \"\" *",
          "a BAD RECURSIVEMATCH goes with another option\n" },
        { "LIST (NONSENSE) \"\" *", BAD },
        { "LIST (SUBSCRIBED", BAD },
        { "LIST \"\" Moo RETURN", BAD },
        { "LIST \"\" Moo RETURN (NONSENSE)", BAD },
        { "LIST \"\" Moo RETURN (STATUS ())", BAD },
        { "LIST \"\" ()", BAD },
    };
    /* clang-format on */

    make_folders();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ann_expect(cases[i].command, cases[i].answer);
}

Test(imap_list_extended, counts_all_mailboxes_with_one_call)
{
    const char *answer;

    make_folders();
    imap_world_add(world, NULL, "one");
    imap_world_add(world, "Moo", "two");
    imap_world_add(world, "Moo", "three");
    imap_client_say(ann, "a LIST \"\" * RETURN (STATUS (MESSAGES))\n");
    imap_world_set(world, "exchange.status_interval", "0");
    exchange_reset_calls(imap_world_exchange(world));
    answer = imap_client_say(
        ann, "a LIST \"\" * RETURN (STATUS (MESSAGES UNSEEN))\n");
    cr_expect(strstr(answer, "\"/\" INBOX\n"
                             "* STATUS INBOX (MESSAGES 1 UNSEEN 1)\n"),
              "%s", answer);
    cr_expect(strstr(answer, "\"/\" Moo\n"
                             "* STATUS Moo (MESSAGES 2 UNSEEN 2)\n"),
              "%s", answer);
    cr_expect_eq(exchange_calls(imap_world_exchange(world), "GetFolder"), 1);
    imap_world_set(world, "exchange.status_interval", "1m");
    exchange_reset_calls(imap_world_exchange(world));
    imap_client_say(ann, "a LIST \"\" * RETURN (STATUS (MESSAGES UNSEEN))\n");
    cr_expect_eq(exchange_calls(imap_world_exchange(world), NULL), 0);
}

Test(imap_list_extended, tells_no_counts_of_what_holds_no_messages)
{
    exchange_add_folder(imap_world_exchange(world), "ann@example.com",
                        "Contacts/Letters");
    ann_expect("LIST \"\" Contacts RETURN (STATUS (MESSAGES))",
               "* LIST (\\HasChildren \\Noselect) \"/\" Contacts\n" LISTED);
}

Test(imap_list_extended, lists_though_a_mailbox_cannot_be_counted)
{
    const struct exchange_fault_rule rule = { .operation = "SyncFolderItems",
                                              .fault = FAULT_RESPONSE_CODE,
                                              .times = 1,
                                              .code = "ErrorAccessDenied" };

    imap_client_say(ann, "a CREATE Moo\n");
    exchange_set_fault(imap_world_exchange(world), &rule);
    ann_expect("LIST \"\" Moo RETURN (STATUS (MESSAGES))",
               "* LIST (\\HasNoChildren) \"/\" Moo\n" LISTED);
}

Test(imap_list_extended, tells_sizes_and_what_is_marked_deleted)
{
    const char *answer;
    unsigned long size = 0, deleted = 0, storage = 0;

    imap_world_add(world, NULL, "one");
    imap_world_add(world, NULL, "two");
    imap_client_say(ann, "a SELECT INBOX\nb STORE 1 +FLAGS \\Deleted\n"
                         "c FETCH 1:2 BODY.PEEK[]\nd UNSELECT\n");
    answer =
        imap_client_say(ann, "a STATUS INBOX (SIZE DELETED DELETED-STORAGE)\n");
    cr_expect_eq(sscanf(answer,
                        "* STATUS INBOX (SIZE %lu DELETED %lu "
                        "DELETED-STORAGE %lu)\na OK",
                        &size, &deleted, &storage),
                 3, "%s", answer);
    cr_expect_eq(deleted, 1);
    cr_expect_gt(storage, 0);
    cr_expect_eq(size, 2 * storage, "%s", answer);
}

Test(imap_list_extended, refuses_to_give_a_mailbox_a_use)
{
    ann_expect("CREATE Own (USE (\\Sent))",
               "a NO [USEATTR] Exchange gives folders their use\n");
    ann_expect("CREATE Own (USE (\\Sent \\Drafts))",
               "a NO [USEATTR] Exchange gives folders their use\n");
    ann_expect("CREATE Own (USE \\Sent)", "a BAD CREATE takes a mailbox\n");
    ann_expect("SELECT Own", "a NO [NONEXISTENT] No such mailbox\n");
}

/* The id in "... MAILBOXID (<id>)...", to be freed. */
static char *mailbox_id(const char *answer)
{
    const char *id = strstr(answer, "MAILBOXID (");

    cr_assert_not_null(id, "%s", answer);
    id += strlen("MAILBOXID (");
    return strndup(id, strcspn(id, ")"));
}

Test(imap_list_extended, knows_a_mailbox_by_the_same_id_for_good)
{
    char *made = mailbox_id(imap_client_say(ann, "a CREATE Foo\n"));
    char *asked =
        mailbox_id(imap_client_say(ann, "a STATUS Foo (MAILBOXID)\n"));
    imap_client_say(ann, "a RENAME Foo Moo\n");
    char *renamed = mailbox_id(imap_client_say(ann, "a SELECT Moo\n"));
    imap_client_say(ann, "a UNSELECT\nb DELETE Moo\n");
    char *made_anew = mailbox_id(imap_client_say(ann, "a CREATE Moo\n"));

    cr_expect_str_eq(asked, made);
    cr_expect_str_eq(renamed, made);
    cr_expect_str_neq(made_anew, made);
    free(made);
    free(asked);
    free(renamed);
    free(made_anew);
}

/* --- Names in UTF-8 ------------------------------------------------------ */

Test(imap_list_extended, speaks_of_mailboxes_in_utf8_once_that_is_enabled)
{
    /* clang-format off */
    static const struct {
        const char *command;
        const char *part;
    } cases[] = {
        { "CREATE Gr&APwA3w-e",                  "a OK" },
        { "LIST \"\" Gr*",                       "\"/\" Gr&APwA3w-e\n" },
        { "ENABLE UTF8=ACCEPT",                  "* ENABLED UTF8=ACCEPT" },
        { "LIST \"\" Gr*",                       "\"/\" \"Gr\xc3\xbc\xc3\x9f" "e\"\n" },
        { "LIST \"\" \"Gr\xc3\xbc*\"",         "\"/\" \"Gr\xc3\xbc\xc3\x9f" "e\"\n" },
        { "LSUB \"\" \"*\xc3\x9f%\"",          "a OK" },
        { "STATUS \"Gr\xc3\xbc\xc3\x9f" "e\" (MESSAGES)",
          "* STATUS \"Gr\xc3\xbc\xc3\x9f" "e\" (MESSAGES 0)" },
        { "SELECT \"Gr\xc3\xbc\xc3\x9f" "e\"", "a OK" },
        { "CREATE \"Gr\xc3\xbc\xc3\x9f" "e\"", "a NO [ALREADYEXISTS]" },
        { "CREATE A&B",                          "a OK" },
        { "LIST \"\" A*",                        "\"/\" A&B\n" },
        { "GETMETADATA A&B /shared/comment",     "* METADATA A&B (" },
        { "GETACL A&B",                          "* ACL A&B\n" },
        { "RENAME A&B \"\xe2\x82\xac\"",       "a OK" },
        { "GETQUOTAROOT \"\xe2\x82\xac\"",     "* QUOTAROOT \"\xe2\x82\xac\"" },
        { "DELETE \"\xe2\x82\xac\"",           "a OK" },
        { "SELECT \"\xff\"",                    "a BAD" },
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *heard = imap_client_say(ann, "a %s\n", cases[i].command);

        cr_expect(strstr(heard, cases[i].part), "%s: %s", cases[i].command,
                  heard);
    }
}

Test(imap_list_extended, tells_the_old_name_of_what_was_renamed_in_rev2)
{
    imap_client_say(ann, "a ENABLE IMAP4rev2\nb CREATE \"B\xc3\xbc" "cher\"\n");
    ann_expect("RENAME \"B\xc3\xbc" "cher\" Books",
               "* LIST () \"/\" Books (\"OLDNAME\" (\"B\xc3\xbc" "cher\"))\n"
               "a OK RENAME completed\n");
}
