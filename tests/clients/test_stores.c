/*
 * test_stores.c - other stores over EWS, by the real daemon: which server each
 * call goes to
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/clients/answer.h"
#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/script.h"

#define SECONDS 120
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
