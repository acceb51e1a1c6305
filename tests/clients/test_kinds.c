/*
 * test_kinds.c - mailboxes that are not one's own, rights, quota and notes,
 * over EWS: by the real daemon, with the calls that they cost
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/clients/answer.h"
#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/script.h"

#define SETTINGS                                                               \
    "[exchange]\npoll_interval = 1h\nfolder_interval = 1h\npush = poll\n"

#define ANY_CALLS ~0u
#define SHARED "Shared/" BOB

/* One command after the other: what comes, and what it costs. */
struct wish {
    const char *command;
    enum said said;
    const char *part; /* of the answer; NULL: any */
    unsigned calls;
};

static void fulfil(struct harness *harness, struct link *link,
                   const struct wish wishes[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct wish *wish = &wishes[i];

        exchange_reset_calls(harness->exchange);
        struct answer answer = answer_to(link, "%s", wish->command);
        unsigned calls = exchange_calls(harness->exchange, NULL);
        cr_expect_eq(answer.said, wish->said, "%s: %s", wish->command,
                     answer.text.data);
        cr_expect(wish->part == NULL || answer_count(&answer, wish->part) > 0,
                  "%s: %s", wish->command, answer.text.data);
        cr_expect(wish->calls == ANY_CALLS || calls == wish->calls,
                  "%s: %u calls", wish->command, calls);
        answer_fini(&answer);
    }
}

#define FULFIL(harness, link, wishes)                                          \
    fulfil(harness, link, wishes, sizeof wishes / sizeof *wishes)

static void add(struct harness *harness, const char *user, const char *folder,
                const char *subject)
{
    char *mime = harness_message(subject, subject, "Hello.\r\n");

    exchange_add_message(harness->exchange, user, folder, mime, strlen(mime),
                         1700000000, false);
    free(mime);
}

/* A session of this user name. */
static struct link *open_as(const struct harness *harness, const char *user,
                            enum said said)
{
    struct link *link = link_open(harness->imap);

    free(link_line(link, WAIT_SECONDS));
    struct answer answer = answer_to(link, "LOGIN \"%s\" " PASSWORD, user);
    cr_expect_eq(answer.said, said, "%s: %s", user, answer.text.data);
    answer_fini(&answer);
    return link;
}

/* --- Shared mailboxes ---------------------------------------------------- */

static const enum exchange_version versions[] = { EXCHANGE_2007_SP1,
                                                  EXCHANGE_2010_SP2,
                                                  EXCHANGE_2016 };

Test(kinds, another_mailbox_by_a_second_name, .timeout = SECONDS)
{
    /* clang-format off */
    static const struct wish wishes[] = {
        { "NAMESPACE",                    SAID_OK, "((\"\" \"/\")) NIL NIL",  0 },
        { "LIST \"\" Sent",               SAID_OK, "(\\HasNoChildren \\Sent) \"/\" Sent", 1 },
        { "SELECT INBOX",                 SAID_OK, "[READ-WRITE]",           1 },
        { "FETCH 1 BODY.PEEK[]",          SAID_OK, "for-bob",                1 },
        { "STORE 1 +FLAGS (\\Flagged)",   SAID_OK, "\\Flagged",              1 },
        { "CREATE Made",                  SAID_OK, NULL,                     1 },
        { "COPY 1 Made",                  SAID_OK, NULL,                     ANY_CALLS },
        { "MYRIGHTS INBOX",               SAID_OK, "lrswikxteacd",           0 },
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        struct harness harness;

        harness_start(&harness, versions[i], SETTINGS);
        exchange_grant(harness.exchange, BOB, NULL, ANN, "Owner");
        add(&harness, BOB, NULL, "for-bob");
        struct link *link = open_as(&harness, ANN "/" BOB, SAID_OK);
        FULFIL(&harness, link, wishes);
        cr_expect_eq(exchange_count(harness.exchange, BOB, "Made"), 1);
        link_close(&link);
        harness_stop(&harness);
    }
}

Test(kinds, no_mailbox_without_a_right, .timeout = SECONDS)
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, SETTINGS);
    struct link *link = open_as(&harness, ANN "/" BOB, SAID_NO);
    link_close(&link);
    link = open_as(&harness, ANN "/nobody@postern.example", SAID_NO);
    link_close(&link);
    link = open_as(&harness, ANN, SAID_OK);
    link_close(&link);
    harness_stop(&harness);
}

Test(kinds, a_shared_mailbox_beside_ones_own, .timeout = SECONDS)
{
    /* clang-format off */
    static const struct wish wishes[] = {
        { "LIST \"\" *",                          SAID_OK, NULL,            1 },
        { "LIST \"\" " SHARED "/*",               SAID_OK, SHARED "/INBOX", 2 },
        { "LIST \"\" " SHARED "/*",               SAID_OK, SHARED "/Sent",  0 },
        { "SELECT " SHARED "/Projects/Bread",     SAID_OK, "[READ-WRITE]",  1 },
        { "FETCH 1 BODY.PEEK[]",                  SAID_OK, "rye",           1 },
        { "MOVE 1 INBOX",                         SAID_OK, NULL,            ANY_CALLS },
        { "STATUS INBOX (MESSAGES)",              SAID_OK, "MESSAGES 1",    ANY_CALLS },
        { "CREATE " SHARED "/Projects/Cake",      SAID_OK, NULL,            1 },
        { "DELETE " SHARED "/Projects/Cake",      SAID_OK, NULL,            ANY_CALLS },
        { "SELECT Shared/nobody@x.example/INBOX", SAID_NO, "[NONEXISTENT]", 1 },
        { "SELECT Shared/nobody@x.example/INBOX", SAID_NO, "[NONEXISTENT]", 0 },
    };
    /* clang-format on */
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, SETTINGS);
    exchange_grant(harness.exchange, BOB, NULL, ANN, "Owner");
    exchange_add_folder(harness.exchange, BOB, "Projects/Bread");
    add(&harness, BOB, "Projects/Bread", "rye");
    struct link *link = script_imap_open(&harness);
    FULFIL(&harness, link, wishes);
    cr_expect_eq(exchange_count(harness.exchange, ANN, NULL), 1);
    cr_expect_eq(exchange_count(harness.exchange, BOB, "Projects/Bread"), 0);
    link_close(&link);
    harness_stop(&harness);
}

Test(kinds, single_folders_of_somebody_else, .timeout = SECONDS)
{
    /* clang-format off */
    static const struct wish wishes[] = {
        { "LIST \"\" " SHARED "/%",    SAID_OK, SHARED "/INBOX", ANY_CALLS },
        { "SELECT " SHARED "/INBOX",   SAID_OK, "[READ-ONLY]",   1 },
        { "FETCH 1 BODY[]",            SAID_OK, "for-bob",       1 },
        { "STORE 1 +FLAGS (\\Seen)",   SAID_NO, NULL,            0 },
        { "COPY 1 " SHARED "/INBOX",   SAID_NO, "[NOPERM]",      0 },
        { "COPY 1 INBOX",              SAID_OK, NULL,            ANY_CALLS },
        { "MYRIGHTS " SHARED "/INBOX", SAID_OK, " lr\r\n",       0 },
        { "GETACL " SHARED "/INBOX",   SAID_NO, "[NOPERM]",      1 },
        { "SELECT " SHARED "/Sent",    SAID_NO, "[NONEXISTENT]", 0 },
    };
    /* clang-format on */
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, SETTINGS);
    exchange_grant(harness.exchange, BOB, "Inbox", ANN, "Reviewer");
    add(&harness, BOB, NULL, "for-bob");
    struct link *link = script_imap_open(&harness);
    FULFIL(&harness, link, wishes);
    link_close(&link);
    harness_stop(&harness);
}

/* --- Public folders, the archive, recoverable items ---------------------- */

Test(kinds, public_folders, .timeout = SECONDS)
{
    /* clang-format off */
    static const struct wish wishes[] = {
        { "LIST \"\" *",                        SAID_OK, "\"/\" Public\r\n",         1 },
        { "LIST \"\" Public/%",                 SAID_OK, "\\HasChildren) \"/\" Public/News\r\n", ANY_CALLS },
        { "LIST \"\" Public/News/%",            SAID_OK, "Public/News/Local",        1 },
        { "LIST \"\" Public/News/%",            SAID_OK, "Public/News/World",        0 },
        { "SELECT Public/News/Local/Sports",    SAID_OK, "* 1 EXISTS",               ANY_CALLS },
        { "FETCH 1 BODY[]",                     SAID_OK, "goal",                     ANY_CALLS },
        { "STATUS Public/News/World (MESSAGES)", SAID_OK, "MESSAGES 0",              ANY_CALLS },
        { "COPY 1 INBOX",                       SAID_OK, NULL,                       ANY_CALLS },
        { "SELECT Public/None",                 SAID_NO, "[NONEXISTENT]",            0 },
        { "NAMESPACE",                          SAID_OK, "((\"Public/\" \"/\"))",    0 },
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        struct harness harness;

        harness_start(&harness, versions[i], SETTINGS);
        exchange_add_public_folder(harness.exchange, "News/Local/Sports");
        exchange_add_public_folder(harness.exchange, "News/World");
        add(&harness, EXCHANGE_PUBLIC, "News/Local/Sports", "goal");
        struct link *link = script_imap_open(&harness);
        FULFIL(&harness, link, wishes);
        link_close(&link);
        harness_stop(&harness);
    }
}

/* Exchange tells of a thousand folders at once. */
Test(kinds, more_public_folders_than_fit_into_a_page, .timeout = SECONDS)
{
    static const struct wish wishes[] = {
        { "LIST \"\" Public/%", SAID_OK, "Public/News", ANY_CALLS },
        { "LIST \"\" Public/News/%", SAID_OK, "Public/News/1001\r\n", 2 },
    };
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, SETTINGS);
    for (int i = 1; i <= 1001; i++) {
        char path[32];

        snprintf(path, sizeof path, "News/%04d", i);
        exchange_add_public_folder(harness.exchange, path);
    }
    struct link *link = script_imap_open(&harness);
    FULFIL(&harness, link, wishes);
    link_close(&link);
    harness_stop(&harness);
}

Test(kinds, the_online_archive, .timeout = SECONDS)
{
    /* clang-format off */
    static const struct wish wishes[] = {
        { "LIST \"\" *",                              SAID_OK, "\"Archive Mailbox/Years/2019\"", 2 },
        { "LIST \"\" *",                              SAID_OK, NULL,                             0 },
        { "SELECT \"Archive Mailbox/Years/2019\"",    SAID_OK, "* 1 EXISTS",                     1 },
        { "MOVE 1 INBOX",                             SAID_OK, NULL,                             ANY_CALLS },
        { "STATUS INBOX (MESSAGES)",                  SAID_OK, "MESSAGES 1",                     ANY_CALLS },
    };
    /* clang-format on */
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, SETTINGS);
    exchange_add_archive(harness.exchange, ANN);
    exchange_add_folder(harness.exchange, ANN "/archive", "Years/2019");
    add(&harness, ANN "/archive", "Years/2019", "old");
    struct link *link = script_imap_open(&harness);
    FULFIL(&harness, link, wishes);
    cr_expect_eq(exchange_count(harness.exchange, ANN, NULL), 1);
    link_close(&link);
    harness_stop(&harness);
}

Test(kinds, what_can_be_recovered_and_what_is_searched_for, .timeout = SECONDS)
{
    /* clang-format off */
    static const struct wish wishes[] = {
        { "SELECT INBOX",                               SAID_OK, "* 2 EXISTS",    ANY_CALLS },
        { "STORE 1 +FLAGS (\\Deleted)",                 SAID_OK, NULL,            1 },
        { "EXPUNGE",                                    SAID_OK, NULL,            1 },
        { "LIST \"\" \"Recoverable Items/*\"",          SAID_OK, "Deletions",     1 },
        { "SELECT \"Recoverable Items/Deletions\"",     SAID_OK, "[READ-ONLY]",   ANY_CALLS },
        { "FETCH 1 BODY[]",                             SAID_OK, "gone",          1 },
        { "COPY 1 INBOX",                               SAID_OK, NULL,            ANY_CALLS },
        { "COPY 1 \"Recoverable Items/Purges\"",        SAID_NO, "[NOPERM]",      0 },
        { "LIST \"\" \"Search Folders/*\"",             SAID_OK, NULL,            1 },
    };
    /* clang-format on */
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016,
                  SETTINGS "[mail]\nrecoverable = yes\nsearch_folders = yes\n");
    add(&harness, ANN, NULL, "gone");
    add(&harness, ANN, NULL, "here");
    struct link *link = script_imap_open(&harness);
    FULFIL(&harness, link, wishes);
    cr_expect_eq(exchange_count(harness.exchange, ANN, NULL), 2);
    link_close(&link);
    harness_stop(&harness);
}

/* --- Rights, quota, notes ------------------------------------------------ */

Test(kinds, rights, .timeout = SECONDS)
{
    /* clang-format off */
    static const struct wish wishes[] = {
        { "LIST \"\" *",                            SAID_OK, NULL,                          1 },
        { "MYRIGHTS INBOX",                         SAID_OK, "lrswikxteacd",                0 },
        { "SETACL INBOX " BOB " lrsi",              SAID_OK, NULL,                          2 },
        { "GETACL INBOX",                           SAID_OK, "* ACL INBOX " BOB " lrsi\r\n", 1 },
        { "SETACL INBOX " BOB " lrswite",           SAID_OK, NULL,                          2 },
        { "GETACL INBOX",                           SAID_OK, BOB " lrswited\r\n",           1 },
        { "SETACL INBOX anyone lr",                 SAID_OK, NULL,                          2 },
        { "GETACL INBOX",                           SAID_OK, "anyone lr",                   1 },
        { "DELETEACL INBOX anyone",                 SAID_OK, NULL,                          2 },
        { "DELETEACL INBOX " BOB,                   SAID_OK, NULL,                          2 },
        { "GETACL INBOX",                           SAID_OK, "* ACL INBOX\r\n",             1 },
        { "SETACL INBOX nobody@x.example lr",       SAID_NO, "[CANNOT]",                    2 },
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        struct harness harness;

        harness_start(&harness, versions[i], SETTINGS);
        struct link *link = script_imap_open(&harness);
        FULFIL(&harness, link, wishes);
        link_close(&link);
        harness_stop(&harness);
    }
}

Test(kinds, quota_and_notes, .timeout = SECONDS)
{
    /* clang-format off */
    static const struct wish wishes[] = {
        { "LIST \"\" *",                                SAID_OK, NULL,                              1 },
        { "GETQUOTAROOT INBOX",                         SAID_OK, " 10240)\r\n",                     1 },
        { "GETQUOTA \"\"",                              SAID_OK, "* QUOTA \"\" (STORAGE ",          0 },
        { "GETMETADATA INBOX /shared/comment",          SAID_OK, "(/shared/comment NIL)",           1 },
        { "SETMETADATA INBOX (/shared/comment \"Hi\")", SAID_OK, NULL,                              ANY_CALLS },
        { "GETMETADATA INBOX /shared/comment",          SAID_OK, "(/shared/comment \"Hi\")",        ANY_CALLS },
        { "SETMETADATA INBOX (/shared/comment NIL)",    SAID_OK, NULL,                              ANY_CALLS },
        { "GETMETADATA INBOX /shared/comment",          SAID_OK, "(/shared/comment NIL)",           ANY_CALLS },
        { "GETMETADATA \"\" (DEPTH infinity) /shared",  SAID_OK, "color/Bread \"#9db7e8\"",         1 },
        { "GETMETADATA \"\" (DEPTH infinity) /shared",  SAID_OK, "color/a=2Fb&c \"#e7a1a2\"",       1 },
    };
    /* clang-format on */
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, SETTINGS);
    exchange_set_quota(harness.exchange, 10 * 1024 * 1024);
    exchange_add_category(harness.exchange, ANN, "Bread", 7);
    exchange_add_category(harness.exchange, ANN, "a/b&c", 0);
    struct link *link = script_imap_open(&harness);
    FULFIL(&harness, link, wishes);
    link_close(&link);
    harness_stop(&harness);
}
