/*
 * test_mailbox.c - mailboxes: LIST, CREATE, RENAME, DELETE, subscriptions,
 * STATUS
 */
#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "tests/exchange/exchange.h"
#include "tests/imap/ann.h"

TestSuite(imap_mailbox, .init = ann_begin, .fini = ann_end);

static void create(const char *name)
{
    const char *answer = imap_client_say(ann, "a CREATE %s\n", name);

    cr_expect(strstr(answer, "a OK [MAILBOXID (F") == answer, "%s: %s", name,
              answer);
}

Test(imap_mailbox, lists_the_standard_folders_with_their_uses)
{
    const char *answer = imap_client_say(ann, "a LIST \"\" *\n");

    cr_expect(strstr(answer, "* LIST (\\HasNoChildren) \"/\" INBOX\n"), "%s",
              answer);
    cr_expect(strstr(answer, "* LIST (\\HasNoChildren \\Sent) \"/\" Sent\n"),
              "%s", answer);
    cr_expect(strstr(answer, "* LIST (\\HasNoChildren \\Trash) \"/\" Trash\n"),
              "%s", answer);
    cr_expect(strstr(answer, "* LIST (\\HasNoChildren \\Junk) \"/\" Junk\n"),
              "%s", answer);
    cr_expect(
        strstr(answer, "* LIST (\\HasNoChildren \\Drafts) \"/\" Drafts\n"),
        "%s", answer);
    cr_expect_null(strstr(answer, "Calendar"), "%s", answer);
}

Test(imap_mailbox, gives_standard_names_in_a_german_mailbox)
{
    struct imap_client *bob = imap_client_new(world);
    const char *answer;

    imap_client_say(bob, "a LOGIN bob@example.com secret\n");
    answer = imap_client_say(bob, "a LIST \"\" %%\n");
    cr_expect(strstr(answer, "\"/\" INBOX\n"), "%s", answer);
    cr_expect(strstr(answer, "\\Sent) \"/\" Sent\n"), "%s", answer);
    imap_client_free(&bob);
}

Test(imap_mailbox, tells_folders_from_standard_ones_of_the_same_name)
{
    struct imap_client *bob = imap_client_new(world);
    const char *answer;

    exchange_add_folder(imap_world_exchange(world), "bob@example.com", "Sent");
    exchange_add_folder(imap_world_exchange(world), "bob@example.com", "Inbox");
    imap_client_say(bob, "a LOGIN bob@example.com secret\n");
    answer = imap_client_say(bob, "a LIST \"\" %%\n");
    cr_expect(strstr(answer, "\\Sent) \"/\" Sent\n"), "%s", answer);
    cr_expect(strstr(answer, "\"/\" \"Sent (2)\"\n"), "%s", answer);
    cr_expect(strstr(answer, "\"/\" \"Inbox (2)\"\n"), "%s", answer);
    cr_expect(strstr(imap_client_say(bob, "a SELECT \"Inbox (2)\"\n"), "a OK"));
    imap_client_free(&bob);
}

Test(imap_mailbox, lists_by_pattern)
{
    imap_client_say(ann,
                    "a CREATE Projects/Bread/Rye\nb CREATE Projects/Cake\n");
    ann_expect("LIST \"\" Proj%",
               "* LIST (\\HasChildren) \"/\" Projects\na OK LIST completed\n");
    ann_expect(
        "LIST Projects/ %",
        "* LIST (\\HasChildren) \"/\" Projects/Bread\n"
        "* LIST (\\HasNoChildren) \"/\" Projects/Cake\na OK LIST completed\n");
    ann_expect("LIST \"\" *ye", "* LIST (\\HasNoChildren) \"/\" "
                                "Projects/Bread/Rye\na OK LIST completed\n");
    ann_expect("LIST \"\" %/%/%", "* LIST (\\HasNoChildren) \"/\" "
                                  "Projects/Bread/Rye\na OK LIST completed\n");
    ann_expect("LIST \"\" \"\"",
               "* LIST (\\Noselect) \"/\" \"\"\na OK LIST completed\n");
    ann_expect("LIST \"\" nothing", "a OK LIST completed\n");
    ann_expect(
        "LIST (SPECIAL-USE) \"\" S%",
        "* LIST (\\HasNoChildren \\Sent) \"/\" Sent\na OK LIST completed\n");
    ann_expect(
        "LIST \"\" (Projects Sent) RETURN (SPECIAL-USE)",
        "* LIST (\\HasChildren) \"/\" Projects\n"
        "* LIST (\\HasNoChildren \\Sent) \"/\" Sent\na OK LIST completed\n");
    ann_expect(
        "LIST \"\"",
        "a BAD LIST takes a reference and a mailbox name with wildcards\n");
}

Test(imap_mailbox, round_trips_names_of_any_kind)
{
    static const char *const names[] = {
        "\"with space\"",
        "\" both ends \"",
        "a=2Fb>c",
        "\"100% *\"",
        "\"say \\\"hi\\\" \\\\\"",
        "Gr&APwA3w-e",
        "&2D3eAA-",
        "x=3D2Fy",
        "tab=09",
        "{5+}\nhello",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        cr_expect(strstr(imap_client_say(ann, "a CREATE %s\n", names[i]),
                         "a OK [MAILBOXID ("),
                  "%s", names[i]);
        cr_expect(
            strstr(imap_client_say(ann, "a SELECT %s\n", names[i]), "a OK"),
            "%s", names[i]);
        cr_expect_str_eq(
            imap_client_say(ann, "a CREATE %s\n", names[i]),
            "a NO [ALREADYEXISTS] A mailbox of that name is there already\n");
        if (names[i][0] != '{')
            cr_expect(strstr(imap_client_say(ann, "a LIST \"\" *\n"), names[i]),
                      "%s", names[i]);
        cr_expect_str_eq(imap_client_say(ann, "a DELETE %s\n", names[i]),
                         "a OK DELETE completed\n", "%s", names[i]);
        cr_expect_str_eq(imap_client_say(ann, "a SELECT %s\n", names[i]),
                         "* OK [CLOSED] The mailbox is closed\n"
                         "a NO [NONEXISTENT] No such mailbox\n");
    }
}

Test(imap_mailbox, shows_names_that_other_programs_have_made)
{
    exchange_add_folder(imap_world_exchange(world), "ann@example.com",
                        "A\\/B > C");
    ann_expect(
        "LIST \"\" A%",
        "* LIST (\\HasNoChildren) \"/\" \"A=2FB > C\"\na OK LIST completed\n");
}

Test(imap_mailbox, creates_and_deletes)
{
    ann_expect(
        "CREATE inbox",
        "a NO [ALREADYEXISTS] A mailbox of that name is there already\n");
    create("New/");
    ann_expect(
        "CREATE new",
        "a NO [ALREADYEXISTS] A mailbox of that name is there already\n");
    create("New/Below");
    ann_expect("DELETE New",
               "a NO [HASCHILDREN] There are mailboxes below it\n");
    ann_expect("DELETE New/Below", "a OK DELETE completed\n");
    ann_expect("DELETE New", "a OK DELETE completed\n");
    ann_expect("DELETE New", "a NO [NONEXISTENT] No such mailbox\n");
    ann_expect("DELETE INBOX", "a NO [CANNOT] INBOX cannot be deleted\n");
    ann_expect("DELETE Sent", "a NO [CANNOT] Exchange cannot do this\n");
    ann_expect("CREATE a//b", "a NO [CANNOT] Exchange cannot do this\n");
    ann_expect("CREATE", "a BAD CREATE takes a mailbox\n");
}

Test(imap_mailbox, renames_with_everything_below)
{
    imap_client_say(ann, "a CREATE From/Below\n");
    imap_world_add(world, "From/Below", "kept");
    ann_expect("RENAME From To/Deeper", "a OK RENAME completed\n");
    ann_expect(
        "STATUS To/Deeper/Below (MESSAGES)",
        "* STATUS To/Deeper/Below (MESSAGES 1)\na OK STATUS completed\n");
    ann_expect("RENAME To/Deeper To/Deeper/Into",
               "a NO [CANNOT] Exchange cannot do this\n");
    ann_expect(
        "RENAME To To",
        "a NO [ALREADYEXISTS] A mailbox of that name is there already\n");
    ann_expect("RENAME Sent Else", "a NO [CANNOT] Exchange cannot do this\n");
    ann_expect("RENAME From Else", "a NO [NONEXISTENT] No such mailbox\n");
    ann_expect("RENAME To", "a BAD RENAME takes a mailbox and its new name\n");
}

Test(imap_mailbox, empties_the_inbox_by_renaming_it)
{
    imap_world_add(world, NULL, "one");
    imap_world_add(world, NULL, "two");
    ann_expect("RENAME inbox Old/Mail", "a OK RENAME completed\n");
    ann_expect("STATUS INBOX (MESSAGES)",
               "* STATUS INBOX (MESSAGES 0)\na OK STATUS completed\n");
    ann_expect(
        "STATUS Old/Mail (MESSAGES UNSEEN)",
        "* STATUS Old/Mail (MESSAGES 2 UNSEEN 2)\na OK STATUS completed\n");
}

Test(imap_mailbox, remembers_subscriptions)
{
    imap_client_say(ann, "a CREATE Up/Down\n");
    imap_client_say(ann, "a UNSUBSCRIBE Up\n");
    ann_expect("SUBSCRIBE Up/Down", "a OK SUBSCRIBE completed\n");
    ann_expect("LSUB \"\" Up%",
               "* LSUB (\\Noselect) \"/\" Up\na OK LSUB completed\n");
    ann_expect("LSUB \"\" Up*",
               "* LSUB () \"/\" Up/Down\na OK LSUB completed\n");
    ann_expect("LIST (SUBSCRIBED) \"\" Up*",
               "* LIST (\\HasNoChildren \\Subscribed) \"/\" Up/Down\na OK LIST "
               "completed\n");
    ann_expect("UNSUBSCRIBE Up/Down", "a OK UNSUBSCRIBE completed\n");
    ann_expect("LSUB \"\" Up*", "a OK LSUB completed\n");
    ann_expect("SUBSCRIBE Nowhere", "a NO [NONEXISTENT] No such mailbox\n");
}

Test(imap_mailbox, gives_another_uidvalidity_to_a_mailbox_made_again)
{
    char first[200];

    imap_client_say(ann, "a CREATE Again\n");
    snprintf(first, sizeof first, "%s",
             imap_client_say(ann, "a STATUS Again (UIDVALIDITY)\n"));
    imap_client_say(ann, "a DELETE Again\nb CREATE Again\n");
    cr_expect_str_neq(imap_client_say(ann, "a STATUS Again (UIDVALIDITY)\n"),
                      first);
}

Test(imap_mailbox, tells_the_status_of_any_mailbox)
{
    imap_world_add(world, "Drafts", "one");
    ann_expect("STATUS Drafts (UIDNEXT MESSAGES RECENT UNSEEN)",
               "* STATUS Drafts (MESSAGES 1 RECENT 1 UIDNEXT 2 UNSEEN 1)\na OK "
               "STATUS completed\n");
    ann_expect("STATUS Nowhere (MESSAGES)",
               "a NO [NONEXISTENT] No such mailbox\n");
    ann_expect("STATUS Drafts ()",
               "a BAD STATUS takes a mailbox and a list of items\n");
    ann_expect("STATUS Drafts (SIZES)",
               "a BAD STATUS takes a mailbox and a list of items\n");
}
