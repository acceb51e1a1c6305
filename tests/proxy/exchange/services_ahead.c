/*
 * services_ahead.c - tests of mail_ahead.c and of where messages are kept
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "tests/proxy/exchange/services.h"

#define COUNT 60

static bool count_good(void *context, const struct mail_content *content)
{
    size_t *good = context;

    *good += content->status == STATUS_OK;
    return true;
}

enum order { UPWARDS, DOWNWARDS, HERE_AND_THERE, TWICE_EACH };

static uint32_t nth(enum order order, uint32_t i)
{
    switch (order) {
    case UPWARDS:
        return i + 1;
    case DOWNWARDS:
        return COUNT - i;
    case HERE_AND_THERE:
        return (i * 37) % COUNT + 1;
    case TWICE_EACH:
        break;
    }
    return i / 2 + 1;
}

/* How many calls it takes to read one message after the other. */
static unsigned calls_for(struct services *services, enum order order,
                          enum mail_need need)
{
    int64_t inbox = services_folder(services, "INBOX");
    size_t good = 0;

    exchange_fill(services->exchange, ANN, NULL, COUNT);
    services_uids(services, inbox);
    exchange_reset_calls(services->exchange);
    for (uint32_t i = 0; i < COUNT; i++) {
        uint32_t uid = nth(order, i);
        size_t before = good;

        cr_expect_eq(mail_read(&services->op, services->account, inbox, &uid, 1,
                               need, count_good, &good),
                     STATUS_OK);
        cr_expect_eq(good, before + 1, "one for one");
    }
    return exchange_calls(services->exchange, NULL);
}

/* clang-format off */
static const struct {
    const char *what;
    enum order order;
    enum mail_need need;
    const char *setting;
    const char *value;
    unsigned least, most;
} readings[] = {
    { "upwards",           UPWARDS,        MAIL_NEED_CONTENT,   NULL, NULL, 2, 8 },
    { "downwards",         DOWNWARDS,      MAIL_NEED_CONTENT,   NULL, NULL, 2, 8 },
    { "parts of each",     TWICE_EACH,     MAIL_NEED_CONTENT,   NULL, NULL, 2, 8 },
    { "structures",        UPWARDS,        MAIL_NEED_STRUCTURE, NULL, NULL, 2, 8 },
    { "headers",           UPWARDS,        MAIL_NEED_HEADER,    NULL, NULL, 2, 8 },
    { "here and there",    HERE_AND_THERE, MAIL_NEED_CONTENT,   NULL, NULL, COUNT, COUNT },
    { "when told not to",  UPWARDS,        MAIL_NEED_CONTENT,   "store.read_ahead", "0",
                           COUNT, COUNT },
    { "without a cache",   UPWARDS,        MAIL_NEED_CONTENT,   "store.cache", "off",
                           COUNT, COUNT },
    { "structures then",   UPWARDS,        MAIL_NEED_STRUCTURE, "store.cache", "off", 2, 8 },
    { "within the budget", UPWARDS,        MAIL_NEED_CONTENT,   "store.read_ahead", "1",
                           COUNT, COUNT },
};
/* clang-format on */

Test(services_ahead, reads_along_what_comes_next)
{
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
        struct services services = services_open(EXCHANGE_2016);
        char *error = NULL;

        if (readings[i].setting != NULL)
            cr_assert(settings_set(services.settings, readings[i].setting,
                                   readings[i].value, &error));
        services_restart(&services);
        unsigned calls =
            calls_for(&services, readings[i].order, readings[i].need);
        cr_expect(calls >= readings[i].least && calls <= readings[i].most,
                  "%s: %u", readings[i].what, calls);
        services_close(&services);
    }
}

Test(services_ahead, does_not_mind_what_exchange_cannot_give)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");
    size_t good = 0;

    exchange_fill(services.exchange, ANN, NULL, 10);
    services_uids(&services, inbox);
    exchange_corrupt(services.exchange, ANN, NULL, 5);
    for (uint32_t uid = 1; uid <= 10; uid++)
        cr_expect_eq(mail_read(&services.op, services.account, inbox, &uid, 1,
                               MAIL_NEED_CONTENT, count_good, &good),
                     uid == 6 ? STATUS_CORRUPT : STATUS_OK, "%u", uid);
    cr_expect_eq(good, 9);
    services_close(&services);
}

/* --- Where they are kept ------------------------------------------------- */

static bool has_messages(const struct services *services)
{
    char command[160];

    snprintf(command, sizeof command,
             "test -n \"$(find '%s' -name '*.eml' -print -quit)\"",
             services->directory);
    return system(command) == 0;
}

static bool is_for_others(const struct services *services)
{
    char command[160];

    snprintf(command, sizeof command,
             "test -n \"$(find '%s' -perm /077 -print -quit)\"",
             services->directory);
    return system(command) == 0;
}

static unsigned calls_to_read_again(struct services *services)
{
    int64_t inbox = services_folder(services, "INBOX");
    size_t good = 0;

    for (int i = 0; i < 2; i++) {
        exchange_reset_calls(services->exchange);
        cr_expect_eq(mail_read(&services->op, services->account, inbox,
                               (uint32_t[]){ 1 }, 1, MAIL_NEED_CONTENT,
                               count_good, &good),
                     STATUS_OK);
    }
    cr_expect_eq(good, 2);
    return exchange_calls(services->exchange, NULL);
}

/* clang-format off */
static const struct {
    const char *how;
    bool on_disk;
    unsigned again;
} keepings[] = {
    { "disk",   true,  0 },
    { "memory", false, 0 },
    { "off",    false, 1 },
    { "disk",   true,  0 },
};
/* clang-format on */

Test(services_cache, keeps_messages_where_it_is_told)
{
    struct services services = services_open_on_disk(EXCHANGE_2016);

    services_deliver(&services, NULL, "one");
    services_uids(&services, services_folder(&services, "INBOX"));
    for (size_t i = 0; i < sizeof keepings / sizeof *keepings; i++) {
        char *error = NULL;

        cr_assert(settings_set(services.settings, "store.cache",
                               keepings[i].how, &error));
        services_restart(&services);
        cr_expect_not(has_messages(&services), "%s", keepings[i].how);
        cr_expect_eq(calls_to_read_again(&services), keepings[i].again, "%s",
                     keepings[i].how);
        cr_expect_eq(has_messages(&services), keepings[i].on_disk, "%s",
                     keepings[i].how);
        cr_expect_not(is_for_others(&services), "%s", keepings[i].how);
    }
    services_close(&services);
}
