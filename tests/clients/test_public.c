/*
 * test_public.c - public folders in several mailboxes, by the real daemon:
 * which mailbox each call goes to
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/clients/answer.h"
#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/script.h"

#define SETTINGS                                                               \
    "[exchange]\npoll_interval = 1h\nfolder_interval = 1h\npush = poll\n"      \
    "status_interval = 0\n"

#define NEWS_MAILBOX "news@postern.example"
#define LOCAL_MAILBOX "local@postern.example"

struct wish {
    const char *command;
    const char *part; /* of the answer */
};

static void add(struct harness *harness, const char *folder,
                const char *subject)
{
    char *mime = harness_message(subject, subject, "Hello.\r\n");

    exchange_add_message(harness->exchange, EXCHANGE_PUBLIC, folder, mime,
                         strlen(mime), 1700000000, false);
    free(mime);
}

/* Folders in three mailboxes, of which the first has the tree. */
static void start_with(struct harness *harness, enum exchange_version version,
                       const char *settings)
{
    static const char *const folders[] = { "Rules", "News", "News/World",
                                           "News/Local" };

    harness_start(harness, version, settings);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        exchange_add_public_folder(harness->exchange, folders[i]);
        exchange_grant(harness->exchange, EXCHANGE_PUBLIC, folders[i], ANN,
                       "Owner");
        add(harness, folders[i], folders[i]);
    }
    exchange_put_public_folder(harness->exchange, "News", NEWS_MAILBOX);
    exchange_put_public_folder(harness->exchange, "News/Local", LOCAL_MAILBOX);
}

static void start(struct harness *harness, enum exchange_version version)
{
    start_with(harness, version, SETTINGS);
}

static void wish(struct link *link, const struct wish *wish)
{
    struct answer answer = answer_to(link, "%s", wish->command);

    cr_expect_eq(answer.said, SAID_OK, "%s: %s", wish->command,
                 answer.text.data);
    cr_expect(answer_count(&answer, wish->part) > 0, "%s: %s", wish->command,
              answer.text.data);
    answer_fini(&answer);
}

/* Fulfils the wishes; how many calls had to be passed on. */
static unsigned fulfil(struct harness *harness, struct link *link,
                       const struct wish wishes[], size_t count)
{
    unsigned passed_on = 0;

    for (size_t i = 0; i < count; i++) {
        exchange_reset_calls(harness->exchange);
        wish(link, &wishes[i]);
        passed_on += exchange_passed_on(harness->exchange);
    }
    return passed_on;
}

#define FULFIL(harness, link, wishes)                                          \
    fulfil(harness, link, wishes, sizeof(wishes) / sizeof *(wishes))

/* clang-format off */
static const struct wish reading[] = {
    { "LIST \"\" Public/%",                 "Public/Rules" },
    { "LIST \"\" Public/News/%",            "Public/News/Local" },
    { "SELECT Public/Rules",                "* 1 EXISTS" },
    { "FETCH 1 (BODY.PEEK[] PREVIEW)",      "Hello." },
    { "SELECT Public/News/Local",           "* 1 EXISTS" },
    { "FETCH 1 (BODY.PEEK[] PREVIEW)",      "Hello." },
    { "SEARCH BODY Hello",                  "* SEARCH 1" },
    { "STATUS Public/News (MESSAGES)",      "MESSAGES 1" },
    { "LIST \"\" (Public/Rules Public/News/*) RETURN (STATUS (MESSAGES))",
      "Public/News/World (MESSAGES 1)" },
};

static const struct wish writing[] = {
    { "SELECT Public/News/World",           "* 1 EXISTS" },
    { "STORE 1 +FLAGS (\\Flagged)",         "\\Flagged" },
    { "COPY 1 Public/News",                 "COPYUID" },
    { "APPEND Public/News/World {21+}\r\nSubject: more\r\n\r\nMore", "APPENDUID" },
    { "GETACL Public/News/World",           "* ACL" },
    { "STORE 1 +FLAGS.SILENT (\\Deleted)",  "OK" },
    { "EXPUNGE",                            "* 1 EXPUNGE" },
    { "CREATE Public/News/Sports",          "OK" },
};

/* Nobody knows yet where the new folder is. */
static const struct wish changing[] = {
    { "RENAME Public/News/Sports Public/News/Games", "OK" },
    { "DELETE Public/News/Games",           "OK" },
};
/* clang-format on */

Test(public, each_call_names_the_mailbox_that_has_the_folder,
     .timeout = SECONDS)
{
    static const enum exchange_version versions[] = { EXCHANGE_2013_SP1,
                                                      EXCHANGE_2019 };

    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        struct harness harness;

        start(&harness, versions[i]);
        struct link *link = script_imap_open(&harness);
        cr_expect_eq(FULFIL(&harness, link, reading), 0);
        cr_expect_eq(FULFIL(&harness, link, writing), 0);
        cr_expect_leq(FULFIL(&harness, link, changing), 1);
        link_close(&link);
        harness_stop(&harness);
    }
}

/* The user, the mailbox with the tree, and two more; and each of them once. */
Test(public, autodiscover_is_asked_once_for_each_mailbox, .timeout = SECONDS)
{
    struct harness harness;

    start(&harness, EXCHANGE_2016);
    struct link *link = script_imap_open(&harness);
    exchange_reset_calls(harness.exchange);
    for (size_t turn = 0; turn < 2; turn++)
        for (size_t i = 0; i < sizeof reading / sizeof *reading; i++)
            wish(link, &reading[i]);
    cr_expect_eq(exchange_calls(harness.exchange, "Autodiscover"), 5);
    cr_expect_eq(exchange_passed_on(harness.exchange), 0);
    link_close(&link);
    harness_stop(&harness);
}

/* The mailbox with the tree is asked where the folder is, and has to ask. */
Test(public, a_restart_costs_one_call, .timeout = SECONDS)
{
    static const struct wish login = { "STATUS INBOX (MESSAGES)",
                                       "MESSAGES 0" };
    static const struct wish again[] = {
        { "STATUS Public/News/Local (MESSAGES)", "MESSAGES 1" },
        { "SELECT Public/News/Local", "* 1 EXISTS" },
        { "FETCH 1 (BODY.PEEK[])", "Hello." },
    };
    struct harness harness;

    start(&harness, EXCHANGE_2016);
    struct link *link = script_imap_open(&harness);
    FULFIL(&harness, link, reading);
    link_close(&link);
    harness_daemon_stop(&harness);
    harness_daemon_start(&harness);
    link = script_imap_open(&harness);
    wish(link, &login);
    cr_expect_eq(FULFIL(&harness, link, again), 1);
    link_close(&link);
    harness_stop(&harness);
}

Test(public, a_folder_is_followed_into_another_mailbox, .timeout = SECONDS)
{
    struct harness harness;

    start_with(&harness, EXCHANGE_2016,
               "[exchange]\npush = poll\nstatus_interval = 0\n"
               "folder_interval = 1\nstore_interval = 1\n");
    struct link *link = script_imap_open(&harness);
    FULFIL(&harness, link, reading);
    exchange_put_public_folder(harness.exchange, "News/Local", NEWS_MAILBOX);
    sleep(2);
    cr_expect_eq(FULFIL(&harness, link, reading), 0);
    link_close(&link);
    harness_stop(&harness);
}

static size_t count_in_log(const struct harness *harness, const char *text)
{
    char *log = harness_log(harness);
    size_t count = 0;

    for (const char *at = log; (at = strstr(at, text)) != NULL; at++)
        count++;
    free(log);
    return count;
}

Test(public, without_autodiscover_all_works_and_the_log_says_so_once,
     .timeout = SECONDS)
{
    struct harness harness;

    start(&harness, EXCHANGE_2016);
    exchange_set_autodiscover(harness.exchange, false);
    struct link *link = script_imap_open(&harness);
    cr_expect_gt(FULFIL(&harness, link, reading), 0);
    FULFIL(&harness, link, writing);
    cr_expect_eq(count_in_log(&harness, "public folders are not routed"), 1);
    link_close(&link);
    harness_stop(&harness);
}

Test(public, autodiscover_that_fails_is_no_failure, .timeout = SECONDS)
{
    static const enum exchange_fault faults[] = {
        FAULT_HTTP_401, FAULT_HTTP_500,   FAULT_HTTP_503,   FAULT_LOGIN_PAGE,
        FAULT_TRUNCATED, FAULT_MALFORMED, FAULT_RESET_BEFORE, FAULT_HANG,
    };

    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct harness harness;

        start(&harness, EXCHANGE_2016);
        harness_fault(&harness, "Autodiscover", faults[i], UINT32_MAX, 0);
        struct link *link = script_imap_open(&harness);
        FULFIL(&harness, link, reading);
        cr_expect_eq(count_in_log(&harness, "are not routed"), 1, "fault %d",
                     (int)faults[i]);
        link_close(&link);
        harness_stop(&harness);
    }
}

Test(public, before_2013_nobody_asks, .timeout = SECONDS)
{
    struct harness harness;

    start(&harness, EXCHANGE_2010_SP2);
    struct link *link = script_imap_open(&harness);
    for (size_t i = 0; i < sizeof reading / sizeof *reading; i++)
        wish(link, &reading[i]);
    cr_expect_eq(exchange_calls(harness.exchange, "Autodiscover"), 0);
    cr_expect_eq(count_in_log(&harness, "are not routed"), 0);
    link_close(&link);
    harness_stop(&harness);
}
