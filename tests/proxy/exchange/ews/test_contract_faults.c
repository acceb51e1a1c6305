/*
 * test_contract_faults.c - the backend against the simulated Exchange: what is
 * done when it fails
 */
#include <criterion/criterion.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/exchange/ews/ews.h"
#include "tests/proxy/exchange/ews/contract.h"

/* --- Faults --------------------------------------------------------------- */

/* clang-format off */

/* One fault on the way, while reading twelve messages and while deleting four. */
static const struct {
    const char *name;
    enum exchange_fault fault;
    long parameter;
    enum status reading;
    const char *deleting;  /* o: done, u: uncertain, t: unavailable */
    size_t left;           /* messages after that */
} faults[] = {
    { "401",            FAULT_HTTP_401,          0, STATUS_OK, "oooo", 8 },
    { "429",            FAULT_HTTP_429,          1, STATUS_OK, "oooo", 8 },
    { "500",            FAULT_HTTP_500,          0, STATUS_OK, "uuuu", 12 },
    { "503",            FAULT_HTTP_503,          1, STATUS_OK, "oooo", 8 },
    { "busy",           FAULT_SERVER_BUSY,     300, STATUS_OK, "oooo", 8 },
    { "busy within",    FAULT_SERVER_BUSY_INNER, 300, STATUS_OK, "oooo", 8 },
    { "single items",   FAULT_ITEM_TRANSIENT,    0, STATUS_OK, "oooo", 8 },
    { "a stop",         FAULT_BATCH_STOPPED,     2, STATUS_OK, "oooo", 8 },
    { "a reset before", FAULT_RESET_BEFORE,      0, STATUS_OK, "uuuu", 12 },
    { "a reset after",  FAULT_RESET_AFTER,       0, STATUS_OK, "uuuu", 8 },
    { "truncated",      FAULT_TRUNCATED,         0, STATUS_OK, NULL, 8 },
    { "malformed",      FAULT_MALFORMED,         0, STATUS_OK, NULL, 8 },
    { "slow",           FAULT_SLOW,             50, STATUS_OK, "oooo", 8 },
    { "hanging",        FAULT_HANG,              0, STATUS_OK, "uuuu", 12 },
    { "a login page",   FAULT_LOGIN_PAGE,        0, STATUS_OK, "uuuu", 12 },
};
/* clang-format on */

static void read_under_fault(struct contract *scene, size_t i,
                             const struct listed *listed)
{
    static struct content content;

    enum status status = contract_read(scene, listed, REMOTE_CONTENT, &content);
    cr_expect_eq(status, faults[i].reading, "%s: %s, %s", faults[i].name,
                 status_name(status), scene->op->reason);
    cr_expect_eq(content.count, listed->count, "%s: %zu read", faults[i].name,
                 content.count);
    for (size_t n = 0; n < content.count; n++) {
        size_t nth = 0, len;
        cr_assert_eq(content.status[n], STATUS_OK, "%s", faults[i].name);
        sscanf(strstr(content.text[n], "Message ") + 8, "%zu", &nth);
        char *expected =
            exchange_content(scene->exchange, CONTRACT_USER, NULL, nth, &len);
        cr_expect(content.len[n] == len &&
                      memcmp(content.text[n], expected, len) == 0,
                  "%s: number %zu", faults[i].name, n);
        free(expected);
    }
}

static void delete_under_fault(struct contract *scene, size_t i,
                               const struct listed *listed)
{
    struct remote_result results[4];
    const char *ids[4];
    char told[5] = "";

    for (size_t n = 0; n < 4; n++)
        ids[n] = listed->items[n].id;
    ews_backend.items_delete(scene->op, scene->remote, ids, 4,
                             REMOTE_DELETE_HARD, results);
    for (size_t n = 0; n < 4; n++)
        told[n] = results[n].status == STATUS_OK          ? 'o'
                  : results[n].status == STATUS_UNCERTAIN ? 'u'
                                                          : '?';
    if (faults[i].deleting != NULL)
        cr_expect_str_eq(told, faults[i].deleting, "%s: %s", faults[i].name,
                         told);
    cr_expect_null(strchr(told, '?'), "%s: %s", faults[i].name, told);
    cr_expect_eq(exchange_count(scene->exchange, CONTRACT_USER, NULL),
                 faults[i].left, "%s: %zu", faults[i].name,
                 exchange_count(scene->exchange, CONTRACT_USER, NULL));
}

Test(ews_contract, loses_nothing_and_does_nothing_twice_under_faults,
     .timeout = 600)
{
    static struct listed listed;

    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct exchange_fault_rule rule = { .fault = faults[i].fault,
                                            .times = 1,
                                            .parameter = faults[i].parameter };
        struct contract scene;
        contract_begin_with(&scene, EXCHANGE_2013_SP1, false, EXCHANGE_BASIC);
        if (faults[i].fault == FAULT_HANG)
            mailbox_set(&scene.mailbox, "exchange.timeout", "3");
        contract_log_in(&scene);
        contract_add_many(&scene, 12);
        const char *inbox = contract_folder(&scene, FOLDER_INBOX);
        rule.operation = "SyncFolderItems";
        exchange_set_fault(scene.exchange, &rule);
        enum status status = contract_list(&scene, inbox, NULL, &listed);
        cr_assert_eq(status, STATUS_OK, "%s: %s, %s", faults[i].name,
                     status_name(status), scene.op->reason);
        cr_assert_eq(listed.count, 12, "%s: %zu listed", faults[i].name,
                     listed.count);
        rule.operation = "GetItem";
        exchange_set_fault(scene.exchange, &rule);
        read_under_fault(&scene, i, &listed);
        rule.operation = "DeleteItem";
        exchange_set_fault(scene.exchange, &rule);
        delete_under_fault(&scene, i, &listed);
        contract_end(&scene);
    }
}

Test(ews_contract, gives_good_messages_beside_a_corrupt_one)
{
    struct exchange_fault_rule rule = { "GetItem", FAULT_ITEM_CORRUPT,
                                        0,         UINT_MAX,
                                        4,         NULL };
    static struct listed listed;
    static struct content content;
    struct contract scene;
    size_t bad = 0;

    contract_begin(&scene, EXCHANGE_2016);
    contract_add_many(&scene, 12);
    cr_assert_eq(contract_list(&scene, contract_folder(&scene, FOLDER_INBOX),
                               NULL, &listed),
                 STATUS_OK);
    exchange_set_fault(scene.exchange, &rule);
    cr_expect_eq(contract_read(&scene, &listed, REMOTE_CONTENT, &content),
                 STATUS_OK);
    for (size_t i = 0; i < content.count; i++) {
        cr_expect_eq(content.text[i] == NULL,
                     content.status[i] == STATUS_CORRUPT);
        bad += content.status[i] == STATUS_CORRUPT;
    }
    cr_expect_eq(content.count, 12);
    cr_expect_eq(bad, 1);
    contract_end(&scene);
}
