/*
 * test_kinds.c - mailboxes that are not one's own: shared ones, public folders,
 * the online archive, what can be recovered, and searches
 */
#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "tests/exchange/exchange.h"
#include "tests/imap/client.h"

#define ANN "ann@example.com"
#define BOB "bob@example.com"
#define LISTED "a OK LIST completed\n"

static struct imap_world *world;
static struct exchange *exchange;
static struct imap_client *ann;

static void begin(void)
{
    world = imap_world_new();
    exchange = imap_world_exchange(world);
}

static void log_in(void)
{
    ann = imap_client_ann(world);
}

static void end(void)
{
    if (ann != NULL)
        imap_client_free(&ann);
    imap_world_free(&world);
}

TestSuite(imap_kinds, .init = begin, .fini = end);

static const char *say(const char *command)
{
    return imap_client_say(ann, "a %s\n", command);
}

static void expect(const char *command, const char *answer)
{
    const char *heard = say(command);

    cr_expect_str_eq(heard, answer, "%s: %s", command, heard);
}

static void expect_part(const char *command, const char *part)
{
    const char *heard = say(command);

    cr_expect(strstr(heard, part), "%s: %s", command, heard);
}

static void expect_calls(const char *command, unsigned calls)
{
    exchange_reset_calls(exchange);
    say(command);
    cr_expect_eq(exchange_calls(exchange, NULL), calls, "%s: %u calls", command,
                 exchange_calls(exchange, NULL));
}

static void add(const char *user, const char *folder, const char *subject)
{
    char mime[300];
    int len = snprintf(mime, sizeof mime,
                       "From: x@example.org\r\nSubject: %s\r\n"
                       "Message-ID: <%s@x>\r\n\r\nHello.\r\n",
                       subject, subject);

    exchange_add_message(exchange, user, folder, mime, (size_t)len, 1700000000,
                         false);
}

/* --- Logging in to someone else's mailbox -------------------------------- */

Test(imap_kinds, opens_another_mailbox_by_a_second_name)
{
    static const char *const names[] = {
        ANN "/" BOB,        "ANN@example.com/" BOB,
        ANN "\\\\" BOB,     "EXAMPLE\\\\ann\\\\" BOB,
        "EXAMPLE/ann/" BOB,
    };

    exchange_grant(exchange, BOB, NULL, ANN, "Owner");
    add(BOB, NULL, "for-bob");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct imap_client *client = imap_client_new(world);
        const char *answer = imap_client_say(
            client, "a LOGIN \"%s\" secret\nb SELECT INBOX\n", names[i]);

        cr_expect(strstr(answer, "a OK"), "%s: %s", names[i], answer);
        cr_expect(strstr(answer, "* 1 EXISTS"), "%s: %s", names[i], answer);
        cr_expect(strstr(answer, "b OK [READ-WRITE]"), "%s", answer);
        imap_client_free(&client);
    }
}

/* base64 of "bob@example.com\0ann@example.com\0secret" */
#define FOR_BOB "Ym9iQGV4YW1wbGUuY29tAGFubkBleGFtcGxlLmNvbQBzZWNyZXQ="

Test(imap_kinds, opens_another_mailbox_by_an_authorization_identity)
{
    struct imap_client *client = imap_client_new(world);
    const char *answer;

    exchange_grant(exchange, BOB, NULL, ANN, "Owner");
    add(BOB, NULL, "for-bob");
    answer = imap_client_say(client, "a AUTHENTICATE PLAIN " FOR_BOB
                                     "\nb STATUS INBOX (MESSAGES)\n");
    cr_expect(strstr(answer, "* STATUS INBOX (MESSAGES 1)"), "%s", answer);
    imap_client_free(&client);
}

Test(imap_kinds, refuses_a_mailbox_without_a_right_to_it)
{
    static const char *const commands[] = {
        "LOGIN " ANN "/" BOB " secret",
        "LOGIN " ANN "/nobody@example.com secret",
        "AUTHENTICATE PLAIN " FOR_BOB,
    };

    ann = imap_client_new(world);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        expect(commands[i],
               "a NO [AUTHORIZATIONFAILED] No right to this mailbox\n");
    expect_part("LOGIN " ANN " secret", "a OK");
}

Test(imap_kinds, counts_wrong_passwords_of_one_login_together)
{
    exchange_grant(exchange, BOB, NULL, ANN, "Owner");
    ann = imap_client_new(world);
    say("LOGIN " ANN " one");
    say("LOGIN " ANN "/" BOB " two");
    say("LOGIN " ANN "/carl@example.com three");
    exchange_reset_calls(exchange);
    expect_part("LOGIN " ANN "/" BOB " four", "a NO [UNAVAILABLE]");
    expect_part("LOGIN " ANN " one", "a NO [AUTHENTICATIONFAILED]");
    cr_expect_eq(exchange_calls(exchange, NULL), 0);
}

Test(imap_kinds, shows_no_other_stores_in_a_mailbox_opened_for_itself)
{
    exchange_grant(exchange, BOB, NULL, ANN, "Owner");
    exchange_add_archive(exchange, ANN);
    exchange_add_public_folder(exchange, "News");
    ann = imap_client_new(world);
    say("LOGIN " ANN "/" BOB " secret");
    expect("NAMESPACE",
           "* NAMESPACE ((\"\" \"/\")) NIL NIL\na OK NAMESPACE completed\n");
    expect("LIST \"\" (Public* Archive* Shared*)", LISTED);
}

/* --- Shared mailboxes below one's own ------------------------------------ */

#define SHARED "Shared/" BOB

Test(imap_kinds, shows_a_mailbox_that_is_named)
{
    exchange_grant(exchange, BOB, NULL, ANN, "Owner");
    exchange_add_folder(exchange, BOB, "Projects/Bread");
    add(BOB, "Projects/Bread", "rye");
    log_in();
    expect("LIST \"\" Shared*", LISTED);
    expect_part("SELECT " SHARED "/Projects/Bread", "* 1 EXISTS");
    expect_part("FETCH 1 BODY[HEADER.FIELDS (SUBJECT)]", "Subject: rye");
    expect_part("STORE 1 +FLAGS \\Flagged", "a OK");
    expect_part(
        "LIST \"\" *",
        "* LIST (\\HasChildren \\NonExistent \\Noselect) \"/\" Shared\n");
    expect_part("LIST \"\" *",
                "* LIST (\\HasChildren \\NonExistent \\Noselect) \"/\" " SHARED
                "\n");
    expect("LIST \"\" " SHARED "/Projects/%",
           "* LIST (\\HasNoChildren) \"/\" " SHARED "/Projects/Bread\n" LISTED);
    /* Somebody else's folders have no use for this user. */
    expect("LIST \"\" " SHARED "/Sent",
           "* LIST (\\HasNoChildren) \"/\" " SHARED "/Sent\n" LISTED);
    expect("LIST (SUBSCRIBED) \"\" Shared*", LISTED);
}

Test(imap_kinds, costs_two_calls_to_show_a_shared_mailbox)
{
    exchange_grant(exchange, BOB, NULL, ANN, "Owner");
    log_in();
    say("LIST \"\" *");
    expect_calls("LIST \"\" " SHARED "/*", 2);
    expect_calls("LIST \"\" " SHARED "/*", 0);
    expect_calls("LIST \"\" *", 0);
    imap_world_set(world, "exchange.store_interval", "0");
    expect_calls("LIST \"\" *", 2);
}

Test(imap_kinds, shows_the_mailboxes_of_the_settings)
{
    exchange_grant(exchange, BOB, NULL, ANN, "Owner");
    imap_world_set(world, "mail.shared", "nobody@example.com, " BOB);
    log_in();
    expect_part("LIST \"\" *", "\"/\" " SHARED "/INBOX\n");
    cr_expect_null(strstr(say("LIST \"\" *"), "nobody"));
}

Test(imap_kinds, shows_single_folders_to_which_there_is_a_right)
{
    exchange_grant(exchange, BOB, NULL, "Default", "None");
    exchange_grant(exchange, BOB, "Drafts", ANN, "Editor");
    exchange_grant(exchange, BOB, NULL, ANN, "None");
    exchange_grant(exchange, BOB, "Inbox", ANN, "Reviewer");
    log_in();
    expect_part("LIST \"\" Shared/*", LISTED);
    expect("SELECT Shared/nobody@example.com/INBOX",
           "a NO [NONEXISTENT] No such mailbox\n");
}

Test(imap_kinds, opens_for_reading_what_can_only_be_read)
{
    exchange_grant(exchange, BOB, "Posteingang", ANN, "Reviewer");
    add(BOB, NULL, "for-bob");
    log_in();
    expect_part("SELECT " SHARED "/INBOX", "a OK [READ-ONLY]");
    expect_part("FETCH 1 BODY[]", "for-bob");
    expect_part("STORE 1 +FLAGS \\Seen", "a NO");
    expect("MYRIGHTS " SHARED "/INBOX",
           "* MYRIGHTS " SHARED "/INBOX lr\na OK MYRIGHTS completed\n");
    cr_expect_str_eq(
        imap_client_say(ann, "a APPEND " SHARED "/INBOX {12+}\nA: b\n\nHi\n\n"),
        "a NO [NOPERM] No right to do this\n");
    expect_part("COPY 1 " SHARED "/INBOX", "a NO [NOPERM]");
    expect_part("COPY 1 INBOX", "a OK");
    expect_part("SELECT INBOX", "* 1 EXISTS");
    expect_part("CREATE " SHARED "/New", "a NO [CANNOT]");
    expect_part("GETACL " SHARED "/INBOX", "a NO [NOPERM]");
}

Test(imap_kinds, moves_messages_between_stores)
{
    exchange_grant(exchange, BOB, NULL, ANN, "Owner");
    add(BOB, NULL, "one");
    add(BOB, NULL, "two");
    log_in();
    expect_part("SELECT " SHARED "/INBOX", "* 2 EXISTS");
    expect_part("MOVE 1 INBOX", "a OK");
    expect_part("STATUS INBOX (MESSAGES)", "MESSAGES 1");
    cr_expect_eq(exchange_count(exchange, BOB, NULL), 1);
    expect_part("RENAME " SHARED "/Sent Mine", "a NO [CANNOT]");
}

/* --- Public folders ------------------------------------------------------ */

Test(imap_kinds, opens_public_folders_level_by_level)
{
    exchange_add_public_folder(exchange, "News/Local/Sports");
    exchange_add_public_folder(exchange, "News/World");
    exchange_add_public_folder(exchange, "Rules");
    log_in();
    say("LIST \"\" %");
    exchange_reset_calls(exchange);
    expect("LIST \"\" Pub*", "* LIST (\\HasChildren \\NonExistent \\Noselect) "
                             "\"/\" Public\n" LISTED);
    cr_expect_eq(exchange_calls(exchange, NULL), 0);
    expect("LIST \"\" Public/%",
           "* LIST (\\HasChildren) \"/\" Public/News\n"
           "* LIST (\\HasNoChildren) \"/\" Public/Rules\n" LISTED);
    cr_expect_eq(exchange_calls(exchange, NULL), 1);
    expect("LIST \"\" Public/News/%",
           "* LIST (\\HasChildren) \"/\" Public/News/Local\n"
           "* LIST (\\HasNoChildren) \"/\" Public/News/World\n" LISTED);
    cr_expect_eq(exchange_calls(exchange, NULL), 2);
    expect_calls("LIST \"\" Public/*", 1);
    expect_calls("LIST \"\" Public/*", 0);
    expect_calls("LIST \"\" *", 0);
    expect_part("NAMESPACE", "((\"Public/\" \"/\"))");
}

Test(imap_kinds, opens_a_public_folder_by_its_name)
{
    const char *heard;

    exchange_add_public_folder(exchange, "News/Local/Sports");
    add(EXCHANGE_PUBLIC, "News/Local/Sports", "goal");
    log_in();
    expect_part("SELECT Public/News/Local/Sports", "* 1 EXISTS");
    heard = imap_client_say(
        ann, "a APPEND Public/News/Local/Sports {12+}\nA: b\n\nHi\n\n");
    cr_expect(strstr(heard, "* 2 EXISTS"), "%s", heard);
    cr_expect(strstr(heard, "a OK"), "%s", heard);
    expect_part("SELECT Public/News/None",
                "a NO [NONEXISTENT] No such mailbox\n");
}

Test(imap_kinds, opens_public_folders_by_names_in_utf8)
{
    exchange_add_public_folder(exchange, "B\xc3\xbc"
                                         "cher/Neu");
    log_in();
    say("ENABLE UTF8=ACCEPT");
    expect_part("LIST \"\" \"Public/B\xc3\xbc*\"", "\"/\" \"Public/B\xc3\xbc"
                                                   "cher/Neu\"\n");
    expect_part("SELECT \"Public/B\xc3\xbc"
                "cher/Neu\"",
                "a OK");
}

Test(imap_kinds, hides_public_folders_if_told_to)
{
    exchange_add_public_folder(exchange, "News");
    imap_world_set(world, "mail.public_folders", "no");
    log_in();
    expect("LIST \"\" Pub*", LISTED);
    expect("SELECT Public/News", "a NO [NONEXISTENT] No such mailbox\n");
}

/* --- The archive, recoverable items, searches ---------------------------- */

Test(imap_kinds, shows_the_archive_where_there_is_one)
{
    exchange_add_archive(exchange, ANN);
    exchange_add_folder(exchange, ANN "/archive", "Years/2019");
    add(ANN "/archive", "Years/2019", "old");
    log_in();
    expect_calls("LIST \"\" *", 2);
    expect_calls("LIST \"\" *", 0);
    expect_part("SELECT \"Archive Mailbox/Years/2019\"", "* 1 EXISTS");
    expect_part("MOVE 1 INBOX", "a OK");
    expect_part("STATUS INBOX (MESSAGES)", "MESSAGES 1");
    expect_part("GETQUOTAROOT \"Archive Mailbox/Years/2019\"",
                "* QUOTAROOT \"Archive Mailbox/Years/2019\"\n");
    imap_world_set(world, "mail.archive", "no");
    cr_expect_null(strstr(say("LIST \"\" *"), "Archive Mailbox"));
}

Test(imap_kinds, shows_no_archive_where_there_is_none)
{
    log_in();
    expect_calls("LIST \"\" *", 1);
    expect("LIST \"\" Archive*", LISTED);
}

Test(imap_kinds, shows_what_can_be_recovered_for_reading)
{
    imap_world_set(world, "mail.recoverable", "yes");
    imap_world_add(world, NULL, "gone");
    log_in();
    say("SELECT INBOX");
    say("STORE 1 +FLAGS \\Deleted");
    say("EXPUNGE");
    expect_part("SELECT \"Recoverable Items/Deletions\"", "* 1 EXISTS");
    expect_part("SELECT \"Recoverable Items/Deletions\"", "a OK [READ-ONLY]");
    expect_part("COPY 1 INBOX", "a OK");
    expect_part("COPY 1 \"Recoverable Items/Purges\"", "a NO [NOPERM]");
    expect_part("STATUS INBOX (MESSAGES)", "MESSAGES 1");
}

/* --- Names --------------------------------------------------------------- */

Test(imap_kinds, leaves_ones_own_folders_their_names)
{
    exchange_add_folder(exchange, ANN, "Shared/" BOB);
    exchange_add_folder(exchange, ANN, "Public/Own");
    log_in();
    expect("LIST \"\" Public/%",
           "* LIST (\\HasNoChildren) \"/\" Public/Own\n" LISTED);
    expect("LIST \"\" Shared/%",
           "* LIST (\\HasNoChildren) \"/\" " SHARED "\n" LISTED);
}
