/*
 * test_subscribed.c - subscriptions, which are to names (RFC 3501, 6.3.6
 * to 6.3.9; RFC 5258, 3.1)
 */
#include <criterion/criterion.h>

#include <string.h>

#include "tests/exchange/exchange.h"
#include "tests/imap/ann.h"

#define ANN "ann@example.com"

static void begin(void)
{
    world = imap_world_new();
    imap_world_set(world, "exchange.folder_interval", "0");
    ann = imap_client_ann(world);
    imap_client_say(ann, "a CREATE Foo/Bar\nb CREATE Moo\n"
                         "c SUBSCRIBE Foo/Bar\nd SUBSCRIBE Moo\n");
}

TestSuite(imap_subscribed, .init = begin, .fini = ann_end);

#define LISTED "a OK LIST completed\n"
#define LSUBBED "a OK LSUB completed\n"
#define LOST "* LIST (\\HasNoChildren \\NonExistent \\Subscribed) \"/\" "

Test(imap_subscribed, stay_when_the_mailbox_goes)
{
    /* clang-format off */
    static const struct {
        const char *command;
        const char *answer;
    } cases[] = {
        { "LIST \"\" (Foo* Moo*)", LISTED },
        { "LIST \"\" (Foo* Moo*) RETURN (SUBSCRIBED)", LISTED },
        { "LIST (SUBSCRIBED) \"\" (Foo* Moo*)",
          LOST "Foo/Bar\n" LOST "Moo\n" LISTED },
        { "LIST (SUBSCRIBED) \"\" (Foo% Moo%) RETURN (STATUS (MESSAGES))",
          LOST "Moo\n" LISTED },
        { "LIST (SUBSCRIBED RECURSIVEMATCH) \"\" Foo%",
          "* LIST (\\HasNoChildren \\NonExistent) \"/\" Foo"
          " (\"CHILDINFO\" (\"SUBSCRIBED\"))\n" LISTED },
        { "LIST (SPECIAL-USE) \"\" (Foo* Moo*)", LISTED },
        { "LSUB \"\" Foo*", "* LSUB (\\Noselect) \"/\" Foo/Bar\n" LSUBBED },
        { "LSUB \"\" Foo%", "* LSUB (\\Noselect) \"/\" Foo\n" LSUBBED },
        { "LSUB \"\" M%", "* LSUB (\\Noselect) \"/\" Moo\n" LSUBBED },
        { "SELECT Moo", "a NO [NONEXISTENT] No such mailbox\n" },
        { "SUBSCRIBE Moo", "a NO [NONEXISTENT] No such mailbox\n" },
    };
    /* clang-format on */

    imap_client_say(ann, "a DELETE Foo/Bar\nb DELETE Foo\nc DELETE Moo\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ann_expect(cases[i].command, cases[i].answer);
}

Test(imap_subscribed, go_when_the_client_says_so)
{
    imap_client_say(ann, "a DELETE Moo\n");
    ann_expect("UNSUBSCRIBE Moo", "a OK UNSUBSCRIBE completed\n");
    ann_expect("LIST (SUBSCRIBED) \"\" Moo", LISTED);
    ann_expect("LSUB \"\" Moo", LSUBBED);
    ann_expect("UNSUBSCRIBE Moo", "a NO [NONEXISTENT] No such mailbox\n");
    imap_client_say(ann, "a CREATE Moo\n");
    ann_expect("LIST (SUBSCRIBED) \"\" Moo", LISTED);
}

Test(imap_subscribed, are_there_again_with_the_mailbox)
{
    imap_client_say(ann, "a DELETE Moo\nb CREATE Moo\n");
    ann_expect("LIST (SUBSCRIBED) \"\" Moo",
               "* LIST (\\HasNoChildren \\Subscribed) \"/\" Moo\n" LISTED);
    ann_expect("LSUB \"\" Moo", "* LSUB () \"/\" Moo\n" LSUBBED);
}

/* Dovecot and Cyrus keep them with the old names as well. */
Test(imap_subscribed, do_not_follow_a_rename)
{
    imap_client_say(ann, "a RENAME Foo New\n");
    ann_expect("LIST (SUBSCRIBED) \"\" (Foo* New*)", LOST "Foo/Bar\n" LISTED);
    imap_client_say(ann, "a RENAME New Foo\n");
    ann_expect("LIST (SUBSCRIBED) \"\" (Foo* New*)",
               "* LIST (\\HasNoChildren \\Subscribed) \"/\" Foo/Bar\n" LISTED);
}

Test(imap_subscribed, stay_when_another_program_deletes_the_folder)
{
    exchange_remove_folder(imap_world_exchange(world), ANN, "Moo");
    ann_expect("LIST (SUBSCRIBED) \"\" Moo", LOST "Moo\n" LISTED);
    exchange_add_folder(imap_world_exchange(world), ANN, "Moo");
    ann_expect("LIST (SUBSCRIBED) \"\" Moo",
               "* LIST (\\HasNoChildren \\Subscribed) \"/\" Moo\n" LISTED);
}

Test(imap_subscribed, follow_when_another_program_renames_the_folder)
{
    exchange_rename_folder(imap_world_exchange(world), ANN, "Foo", "New");
    ann_expect("LIST (SUBSCRIBED) \"\" (Foo* New*)",
               "* LIST (\\HasNoChildren \\Subscribed) \"/\" New/Bar\n" LISTED);
}

Test(imap_subscribed, stay_when_the_folder_goes_to_the_trash)
{
    imap_world_set(world, "mail.delete", "trash");
    imap_client_say(ann, "a DELETE Moo\n");
    ann_expect("LIST \"\" (Moo Trash/%)",
               "* LIST (\\HasNoChildren) \"/\" Trash/Moo\n" LISTED);
    ann_expect("LIST (SUBSCRIBED) \"\" (Moo Trash/%)", LOST "Moo\n" LISTED);
}

/* A calendar is no mailbox, though it has the name of one. */
Test(imap_subscribed, may_be_to_what_is_no_mailbox_any_more)
{
    imap_client_say(ann, "a DELETE Moo\n");
    exchange_add_folder(imap_world_exchange(world), ANN, "Calendar/Moo");
    exchange_rename_folder(imap_world_exchange(world), ANN, "Calendar/Moo",
                           "Boo");
    imap_client_say(ann, "a SUBSCRIBE Calendar/Boo\n");
    exchange_remove_folder(imap_world_exchange(world), ANN, "Calendar/Boo");
    ann_expect("LIST \"\" Calendar*", LISTED);
    ann_expect("LIST (SUBSCRIBED) \"\" Cal*", LOST "Calendar/Boo\n" LISTED);
    ann_expect("LSUB \"\" Cal%",
               "* LSUB (\\Noselect) \"/\" Calendar\n" LSUBBED);
    ann_expect("UNSUBSCRIBE Calendar/Boo", "a OK UNSUBSCRIBE completed\n");
    ann_expect("LSUB \"\" Cal*", LSUBBED);
}
