/*
 * test_stores.c - other stores over EWS, by the real daemon: which server each
 * call goes to
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/clients/answer.h"
#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/script.h"
#include "tests/exchange/soap.h"

#define SETTINGS                                                               \
    "[exchange]\npoll_interval = 1h\nfolder_interval = 1h\npush = poll\n"      \
    "status_interval = 0\n"

#define SHARED "Shared/" BOB

static void add(struct harness *harness, const char *user, const char *folder,
                const char *subject)
{
    char *mime = harness_message(subject, subject, "Hello.\r\n");

    exchange_add_message(harness->exchange, user, folder, mime, strlen(mime),
                         1700000000, false);
    free(mime);
}

/* Says a command; what comes has `part` in it. */
static void expect(struct link *link, const char *command, const char *part)
{
    struct answer answer = answer_to(link, "%s", command);

    cr_expect_eq(answer.said, SAID_OK, "%s: %s", command, answer.text.data);
    cr_expect(answer_count(&answer, part) > 0, "%s: %s", command,
              answer.text.data);
    answer_fini(&answer);
}

/* --- Shared mailboxes ---------------------------------------------------- */

Test(stores, each_call_goes_to_the_server_of_the_mailbox_it_is_about,
     .timeout = SECONDS)
{
    /* clang-format off */
    static const struct { const char *command, *part; } wishes[] = {
        { "LIST \"\" " SHARED "/*",             SHARED "/Projects/Bread" },
        { "SELECT " SHARED "/INBOX",            "* 1 EXISTS" },
        { "FETCH 1 (BODY.PEEK[] PREVIEW)",      "for-bob" },
        { "STORE 1 +FLAGS (\\Flagged)",         "\\Flagged" },
        { "SEARCH BODY Hello",                  "* SEARCH 1" },
        { "COPY 1 " SHARED "/Projects/Bread",   "COPYUID" },
        { "MOVE 1 " SHARED "/Projects/Bread",   "COPYUID" },
        { "GETACL " SHARED "/Projects",         "* ACL" },
        { "CREATE " SHARED "/Projects/Cake",    "OK" },
        { "RENAME " SHARED "/Projects/Cake " SHARED "/Projects/Pie", "OK" },
        { "DELETE " SHARED "/Projects/Pie",     "OK" },
        { "STATUS INBOX (MESSAGES)",            "MESSAGES 1" },
        { "LIST \"\" (INBOX " SHARED "/*) RETURN (STATUS (MESSAGES))",
          SHARED "/Projects/Bread (MESSAGES 2)" },
        { "SELECT " SHARED "/Projects/Bread",   "* 2 EXISTS" },
        { "STORE 1:* +FLAGS.SILENT (\\Deleted)", "OK" },
        { "EXPUNGE",                            "* 1 EXPUNGE" },
    };
    /* clang-format on */
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, SETTINGS);
    exchange_grant(harness.exchange, BOB, NULL, ANN, "Owner");
    exchange_add_folder(harness.exchange, BOB, "Projects/Bread");
    add(&harness, BOB, NULL, "for-bob");
    add(&harness, ANN, NULL, "for-ann");
    struct link *link = script_imap_open(&harness);
    for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
        exchange_reset_calls(harness.exchange);
        expect(link, wishes[i].command, wishes[i].part);
        char *anchors = exchange_anchors(harness.exchange);
        cr_expect_eq(exchange_passed_on(harness.exchange), 0, "%s: %s",
                     wishes[i].command, anchors);
        free(anchors);
    }
    cr_expect_eq(exchange_count(harness.exchange, BOB, "Projects/Bread"), 0);
    link_close(&link);
    harness_stop(&harness);
}

/* --- Search folders ------------------------------------------------------- */

/* What another client asks for. */
static void ask(struct harness *harness, const char *body)
{
    char *request;
    struct soap_reply reply;

    if (asprintf(&request,
                 "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/"
                 "envelope/\" xmlns:m=\"http://schemas.microsoft.com/exchange/"
                 "services/2006/messages\" xmlns:t=\"http://schemas.microsoft."
                 "com/exchange/services/2006/types\"><soap:Header>"
                 "<t:RequestServerVersion Version=\"Exchange2010_SP2\"/>"
                 "</soap:Header><soap:Body>%s</soap:Body></soap:Envelope>",
                 body) < 0)
        abort();
    soap_handle(harness->exchange, ANN, NULL, request, strlen(request), NULL,
                &reply);
    cr_assert_not_null(strstr(reply.body, "NoError"), "%s", reply.body);
    free(reply.body);
    free(request);
}

static const char rye_in_inbox[] =
    "<m:CreateFolder><m:ParentFolderId><t:DistinguishedFolderId "
    "Id=\"searchfolders\"/></m:ParentFolderId><m:Folders><t:SearchFolder>"
    "<t:DisplayName>Rye</t:DisplayName><t:SearchParameters "
    "Traversal=\"Deep\"><t:Restriction><t:Contains "
    "ContainmentMode=\"Substring\" ContainmentComparison=\"IgnoreCase\">"
    "<t:FieldURI FieldURI=\"item:Subject\"/><t:Constant Value=\"rye\"/>"
    "</t:Contains></t:Restriction><t:BaseFolderIds><t:DistinguishedFolderId "
    "Id=\"inbox\"/></t:BaseFolderIds></t:SearchParameters></t:SearchFolder>"
    "</m:Folders></m:CreateFolder>";

Test(stores, a_search_folder_shows_what_it_finds_and_takes_nothing,
     .timeout = SECONDS)
{
    /* clang-format off */
    static const struct { const char *command, *part; enum said said; } wishes[] = {
        { "LIST \"\" \"Search Folders/*\"",     "\"Search Folders/Rye\"",       SAID_OK },
        { "STATUS \"Search Folders/Rye\" (MESSAGES UNSEEN)", "MESSAGES 2 UNSEEN 2", SAID_OK },
        { "SELECT \"Search Folders/Rye\"",      "[READ-ONLY]",                  SAID_OK },
        { "FETCH 1:* BODY.PEEK[HEADER.FIELDS (SUBJECT)]", "dark rye",           SAID_OK },
        { "FETCH 2 BODY[TEXT]",                 "Hello.",                       SAID_OK },
        { "SEARCH SUBJECT dark",                "* SEARCH 1",                   SAID_OK },
        { "STORE 1 +FLAGS (\\Flagged)",         " NO ",                          SAID_NO },
        { "COPY 1 INBOX",                       "COPYUID",                      SAID_OK },
        { "COPY 1 \"Search Folders/Rye\"",      "[NOPERM]",                     SAID_NO },
        { "CREATE \"Search Folders/Rye/X\"",    " NO ",                          SAID_NO },
        { "DELETE \"Search Folders/Rye\"",      " NO ",                          SAID_NO },
    };
    /* clang-format on */
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016,
                  SETTINGS "[mail]\nsearch_folders = yes\n");
    add(&harness, ANN, NULL, "dark rye");
    add(&harness, ANN, NULL, "spelt");
    add(&harness, ANN, NULL, "light Rye");
    add(&harness, ANN, "Drafts", "rye elsewhere");
    ask(&harness, rye_in_inbox);
    struct link *link = script_imap_open(&harness);
    for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
        struct answer answer = answer_to(link, "%s", wishes[i].command);
        cr_expect_eq(answer.said, wishes[i].said, "%s: %s", wishes[i].command,
                     answer.text.data);
        cr_expect(answer_count(&answer, wishes[i].part) > 0, "%s: %s",
                  wishes[i].command, answer.text.data);
        answer_fini(&answer);
    }
    cr_expect_eq(exchange_count(harness.exchange, ANN, NULL), 4);
    link_close(&link);
    harness_stop(&harness);
}

Test(stores, a_search_folder_follows_its_search, .timeout = SECONDS)
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016,
                  SETTINGS "[mail]\nsearch_folders = yes\n");
    add(&harness, ANN, NULL, "dark rye");
    add(&harness, ANN, NULL, "spelt");
    ask(&harness, rye_in_inbox);
    struct link *link = script_imap_open(&harness);
    expect(link, "LIST \"\" \"Search Folders/*\"", "Rye");
    expect(link, "SELECT \"Search Folders/Rye\"", "* 1 EXISTS");
    add(&harness, ANN, NULL, "light rye");
    expect(link, "SELECT \"Search Folders/Rye\"", "* 2 EXISTS");
    /* One goes and one comes: there are as many as before. */
    exchange_remove(harness.exchange, ANN, NULL, 0);
    add(&harness, ANN, NULL, "sour rye");
    expect(link, "SELECT \"Search Folders/Rye\"", "* 2 EXISTS");
    expect(link, "FETCH 1:* BODY.PEEK[HEADER.FIELDS (SUBJECT)]", "sour rye");
    cr_expect_eq(exchange_calls(harness.exchange, "SyncFolderItems"), 0);
    link_close(&link);
    harness_stop(&harness);
}
