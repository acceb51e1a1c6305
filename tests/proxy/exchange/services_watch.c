/*
 * services_watch.c - hearing of what happens at Exchange while someone watches
 */
#include <criterion/criterion.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proxy/base/arena.h"
#include "proxy/exchange/vigil.h"
#include "proxy/exchange/watcher.h"
#include "tests/proxy/exchange/services.h"

/* How long anything may take; nothing waits for so long unless it fails. */
#define MOMENTS 6000
#define MOMENT_US (20 * 1000)

/* --- Scenes -------------------------------------------------------------- */

struct scene {
    struct services services;
    struct changes_listener *listener;
    int64_t inbox;
    atomic_int told;
};

static void count_change(void *context)
{
    atomic_fetch_add((atomic_int *)context, 1);
}

static void set(struct scene *scene, const char *key, const char *value)
{
    char *error = NULL;

    cr_assert(settings_set(scene->services.settings, key, value, &error), "%s",
              error);
}

static unsigned calls(struct scene *scene, const char *operation)
{
    return exchange_calls(scene->services.exchange, operation);
}

/* Whether asking for the folder, its counts and the tree costs nothing. */
static bool is_free(struct scene *scene, int64_t folder)
{
    struct services *services = &scene->services;
    struct mail_counts counts;
    struct folder *folders;
    size_t count;

    exchange_reset_calls(services->exchange);
    mail_count(&services->op, services->account, &folder, 1, &counts);
    folder_list(&services->op, services->account, &folders, &count);
    struct mail_view *view = services_refresh(services, folder);
    mail_view_unref(&view);
    return calls(scene, NULL) == 0;
}

/* Until all is told and nothing waits to be looked at. */
static bool becomes_free(struct scene *scene, int64_t folder)
{
    for (int i = 0; i < MOMENTS; i++) {
        if (is_free(scene, folder))
            return true;
        usleep(MOMENT_US);
    }
    return false;
}

static bool becomes(struct scene *scene, unsigned (*number)(struct scene *),
                    unsigned wanted)
{
    for (int i = 0; i < MOMENTS && number(scene) != wanted; i++)
        usleep(MOMENT_US);
    return number(scene) == wanted;
}

static unsigned subscriptions(struct scene *scene)
{
    return exchange_subscriptions(scene->services.exchange, NULL);
}

static unsigned streams(struct scene *scene)
{
    return exchange_streams(scene->services.exchange, NULL);
}

/* How many messages the index knows in the inbox, without asking. */
static unsigned known(struct scene *scene)
{
    struct mail_counts counts;

    mail_known_counts(&scene->services.op, scene->services.account,
                      &scene->inbox, 1, &counts);
    return counts.messages;
}

static unsigned known_unseen(struct scene *scene)
{
    struct mail_counts counts;

    mail_known_counts(&scene->services.op, scene->services.account,
                      &scene->inbox, 1, &counts);
    return counts.unseen;
}

static void watch(struct scene *scene, int64_t folder)
{
    scene->listener = changes_listen(scene->services.account, folder, true,
                                     count_change, &scene->told);
}

/* An inbox with one message, and the tree as old as it likes. */
static struct scene *open(enum exchange_version version)
{
    struct scene *scene = calloc(1, sizeof *scene);

    scene->services = services_open(version);
    set(scene, "exchange.folder_interval", "0");
    set(scene, "exchange.pull_interval", "1");
    services_deliver(&scene->services, NULL, "first");
    scene->inbox = services_folder(&scene->services, "INBOX");
    mail_view_unref(&(struct mail_view *){
        services_refresh(&scene->services, scene->inbox) });
    return scene;
}

static void close_scene(struct scene *scene)
{
    changes_unlisten(&scene->listener);
    services_close(&scene->services);
    free(scene);
}

static struct scene *open_and_watch(enum exchange_version version)
{
    struct scene *scene = open(version);

    watch(scene, scene->inbox);
    cr_assert(becomes_free(scene, scene->inbox));
    return scene;
}

/* From now on news that come together are taken together, however slowly they
 * come. */
static void collect_patiently(void)
{
    vigil_collect_ms = 3000;
}

static void deliver(struct scene *scene, const char *subject)
{
    services_deliver(&scene->services, NULL, subject);
}

/* --- News ---------------------------------------------------------------- */

static const enum exchange_version versions[] = {
    EXCHANGE_2007_SP1, EXCHANGE_2010_SP1, EXCHANGE_2013_SP1, EXCHANGE_2016
};

#define VERSIONS (sizeof versions / sizeof *versions)

Test(services_watch, hears_of_a_delivery_and_syncs_once)
{
    collect_patiently();
    for (size_t i = 0; i < VERSIONS; i++) {
        struct scene *scene = open_and_watch(versions[i]);

        exchange_reset_calls(scene->services.exchange);
        atomic_store(&scene->told, 0);
        deliver(scene, "second");
        cr_expect(becomes(scene, known, 2), "version %zu", i);
        cr_expect_eq(calls(scene, "SyncFolderItems"), 1, "version %zu", i);
        cr_expect_eq(calls(scene, NULL) - calls(scene, "GetEvents"), 1,
                     "version %zu: %u calls", i, calls(scene, NULL));
        for (int k = 0; k < MOMENTS && atomic_load(&scene->told) == 0; k++)
            usleep(MOMENT_US);
        cr_expect_gt(atomic_load(&scene->told), 0);
        close_scene(scene);
    }
}

Test(services_watch, hears_of_flags_and_deletions)
{
    for (size_t i = 0; i < VERSIONS; i++) {
        struct scene *scene = open_and_watch(versions[i]);

        exchange_mark_read(scene->services.exchange, ANN, NULL, 0, true);
        cr_expect(becomes(scene, known_unseen, 0), "version %zu", i);
        exchange_remove(scene->services.exchange, ANN, NULL, 0);
        cr_expect(becomes(scene, known, 0), "version %zu", i);
        close_scene(scene);
    }
}

Test(services_watch, takes_many_changes_together)
{
    struct scene *scene = open_and_watch(EXCHANGE_2016);

    exchange_reset_calls(scene->services.exchange);
    exchange_fill(scene->services.exchange, ANN, NULL, 300);
    cr_expect(becomes(scene, known, 301));
    cr_expect_lt(calls(scene, "SyncFolderItems"), 300 / 10);
    close_scene(scene);
}

Test(services_watch, asks_for_a_folder_only_when_something_happened_in_it)
{
    collect_patiently();
    struct scene *scene = open(EXCHANGE_2016);
    int64_t sent = services_folder(&scene->services, "Sent");

    watch(scene, scene->inbox);
    cr_assert(becomes_free(scene, scene->inbox));
    cr_assert(becomes_free(scene, sent));
    services_deliver(&scene->services, "Sent Items", "elsewhere");
    /* Once this has been heard of, so has that. */
    deliver(scene, "second");
    cr_assert(becomes(scene, known, 2));
    cr_expect_not(is_free(scene, sent));
    cr_expect_eq(calls(scene, "SyncFolderItems"), 1);
    cr_expect(is_free(scene, sent));
    close_scene(scene);
}

/* --- The tree, and any folder -------------------------------------------- */

static unsigned has_bread(struct scene *scene)
{
    struct folder *folders;
    size_t count;
    unsigned found = 0;

    set(scene, "exchange.folder_interval", "1d");
    folder_list(&scene->services.op, scene->services.account, &folders, &count);
    for (size_t i = 0; i < count; i++)
        found |= strcmp(folders[i].name, "Bread") == 0;
    set(scene, "exchange.folder_interval", "0");
    return found;
}

Test(services_watch, hears_of_new_folders)
{
    collect_patiently();
    struct scene *scene = open_and_watch(EXCHANGE_2016);

    exchange_reset_calls(scene->services.exchange);
    atomic_store(&scene->told, 0);
    exchange_add_folder(scene->services.exchange, ANN, "Bread");
    for (int i = 0; i < MOMENTS && atomic_load(&scene->told) == 0; i++)
        usleep(MOMENT_US);
    cr_expect_eq(calls(scene, "SyncFolderHierarchy"), 1);
    cr_expect_eq(has_bread(scene), 1);
    close_scene(scene);
}

Test(services_watch, hears_of_messages_in_new_folders_that_have_to_be_named)
{
    struct scene *scene = open_and_watch(EXCHANGE_2007_SP1);
    struct services *services = &scene->services;

    exchange_reset_calls(services->exchange);
    exchange_add_folder(services->exchange, ANN, "Bread");
    exchange_add_folder(services->exchange, ANN, "Cake");
    for (int i = 0; i < MOMENTS && calls(scene, "Subscribe") == 0; i++)
        usleep(MOMENT_US);
    cr_expect(becomes(scene, subscriptions, 1));
    changes_unlisten(&scene->listener);
    scene->inbox = services_folder(services, "Cake");
    watch(scene, scene->inbox);
    mail_view_unref(
        &(struct mail_view *){ services_refresh(services, scene->inbox) });
    cr_expect(becomes_free(scene, scene->inbox));
    services_deliver(services, "Cake", "sponge");
    cr_expect(becomes(scene, known, 1));
    close_scene(scene);
}

Test(services_watch, syncs_any_folder_that_is_known_for_who_watches_all)
{
    collect_patiently();
    struct scene *scene = open(EXCHANGE_2016);
    int64_t sent = services_folder(&scene->services, "Sent");
    struct mail_counts counts;

    watch(scene, 0);
    cr_assert(becomes_free(scene, scene->inbox));
    exchange_reset_calls(scene->services.exchange);
    atomic_store(&scene->told, 0);
    services_deliver(&scene->services, "Sent Items", "never read");
    for (int i = 0; i < MOMENTS && atomic_load(&scene->told) == 0; i++)
        usleep(MOMENT_US);
    cr_expect_gt(atomic_load(&scene->told), 0, "nobody was told");
    cr_expect_eq(calls(scene, NULL), 0);
    cr_expect_eq(mail_known_counts(&scene->services.op, scene->services.account,
                                   &sent, 1, &counts),
                 STATUS_UNAVAILABLE);
    deliver(scene, "second");
    cr_expect(becomes(scene, known, 2));
    cr_expect_eq(calls(scene, NULL), 1);
    close_scene(scene);
}

/* --- Gaps ---------------------------------------------------------------- */

static void lose_subscription(struct exchange *exchange)
{
    exchange_lose_subscriptions(exchange, NULL);
}

static void lose_events(struct exchange *exchange)
{
    exchange_lose_events(exchange, ANN);
}

static void cut(struct exchange *exchange)
{
    exchange_cut_streams(exchange, false);
}

/* clang-format off */
static const struct {
    const char *name;
    void (*act)(struct exchange *exchange);
} gaps[] = {
    { "a lost subscription", lose_subscription },
    { "lost events",         lose_events },
    { "a cut stream",        cut },
    { "a restart",           exchange_restart },
};
/* clang-format on */

Test(services_watch, learns_after_a_gap_what_happened_in_it)
{
    for (size_t v = 0; v < VERSIONS; v += VERSIONS - 1)
        for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++) {
            struct scene *scene = open_and_watch(versions[v]);

            gaps[i].act(scene->services.exchange);
            deliver(scene, "in the gap");
            cr_expect(becomes(scene, known, 2), "%s, version %zu", gaps[i].name,
                      v);
            cr_expect(becomes_free(scene, scene->inbox), "%s, version %zu",
                      gaps[i].name, v);
            deliver(scene, "after it");
            cr_expect(becomes(scene, known, 3), "%s, version %zu", gaps[i].name,
                      v);
            close_scene(scene);
        }
}

Test(services_watch, comes_back_when_exchange_does)
{
    struct scene *scene = open_and_watch(EXCHANGE_2016);

    services_fault(&scene->services, NULL, FAULT_RESET_BEFORE, 2);
    exchange_restart(scene->services.exchange);
    deliver(scene, "in the gap");
    cr_expect(becomes(scene, known, 2));
    close_scene(scene);
}

Test(services_watch, trusts_no_stream_that_has_become_silent)
{
    struct scene *scene = open(EXCHANGE_2016);

    set(scene, "exchange.push_silence", "2");
    watch(scene, scene->inbox);
    cr_assert(becomes_free(scene, scene->inbox));
    exchange_set_silent(scene->services.exchange, true);
    deliver(scene, "unheard");
    for (int i = 0; i < MOMENTS && is_free(scene, scene->inbox); i++)
        usleep(MOMENT_US);
    cr_expect_eq(known(scene), 2);
    close_scene(scene);
}

/* --- Ways ---------------------------------------------------------------- */

Test(services_watch, pulls_when_there_are_too_many_streams)
{
    struct scene *scene = open(EXCHANGE_2016);
    struct exchange_fault_rule rule = {
        .operation = "GetStreamingEvents",
        .fault = FAULT_RESPONSE_CODE,
        .times = 1,
        .code = "ErrorExceededConnectionCount",
    };

    exchange_set_fault(scene->services.exchange, &rule);
    watch(scene, scene->inbox);
    cr_assert(becomes_free(scene, scene->inbox));
    deliver(scene, "second");
    cr_expect(becomes(scene, known, 2));
    cr_expect_eq(streams(scene), 0);
    cr_expect_eq(subscriptions(scene), 1);
    close_scene(scene);
}

Test(services_watch, polls_when_there_are_too_many_subscriptions)
{
    struct scene *scene = open(EXCHANGE_2016);
    struct exchange_fault_rule rule = {
        .operation = "Subscribe",
        .fault = FAULT_RESPONSE_CODE,
        .times = 2,
        .code = "ErrorExceededSubscriptionCount",
    };

    set(scene, "exchange.poll_interval", "1");
    exchange_set_fault(scene->services.exchange, &rule);
    watch(scene, scene->inbox);
    deliver(scene, "second");
    cr_expect(becomes(scene, known, 2));
    deliver(scene, "third");
    cr_expect(becomes(scene, known, 3));
    cr_expect_eq(subscriptions(scene), 0);
    close_scene(scene);
}

Test(services_watch, takes_the_way_that_the_settings_name)
{
    struct scene *scene = open(EXCHANGE_2016);

    set(scene, "exchange.push", "pull");
    watch(scene, scene->inbox);
    cr_assert(becomes_free(scene, scene->inbox));
    cr_expect_eq(streams(scene), 0);
    cr_expect_eq(subscriptions(scene), 1);
    deliver(scene, "second");
    cr_expect(becomes(scene, known, 2));
    close_scene(scene);
}

/* --- Beginning and ending ------------------------------------------------ */

Test(services_watch, has_one_subscription_and_one_stream_for_all_sessions)
{
    struct scene *scene = open_and_watch(EXCHANGE_2016);
    struct changes_listener *others[5];

    exchange_reset_calls(scene->services.exchange);
    for (size_t i = 0; i < 5; i++)
        others[i] = changes_listen(scene->services.account, scene->inbox, true,
                                   count_change, &scene->told);
    usleep(300 * 1000);
    cr_expect_eq(calls(scene, NULL), 0);
    for (size_t i = 0; i < 5; i++)
        changes_unlisten(&others[i]);
    cr_expect_eq(streams(scene), 1);
    cr_expect_eq(subscriptions(scene), 1);
    close_scene(scene);
}

Test(services_watch, lingers_and_then_ends)
{
    struct scene *scene = open_and_watch(EXCHANGE_2016);

    changes_unlisten(&scene->listener);
    cr_expect(becomes_free(scene, scene->inbox));
    deliver(scene, "second");
    for (int i = 0; i < MOMENTS && known(scene) < 2; i++) {
        is_free(scene, scene->inbox);
        usleep(MOMENT_US);
    }
    cr_expect(becomes_free(scene, scene->inbox));
    cr_expect_eq(known(scene), 2);
    cr_expect_eq(subscriptions(scene), 1);

    set(scene, "exchange.push_linger", "0");
    watch(scene, scene->inbox);
    changes_unlisten(&scene->listener);
    cr_expect(becomes(scene, subscriptions, 0));
    cr_expect(becomes(scene, streams, 0));
    cr_expect_not(is_free(scene, scene->inbox));
    close_scene(scene);
}

Test(services_watch, unsubscribes_when_the_gateway_ends)
{
    struct scene *scene = open_and_watch(EXCHANGE_2016);

    changes_unlisten(&scene->listener);
    services_restart(&scene->services);
    cr_expect(becomes(scene, subscriptions, 0));
    cr_expect(becomes(scene, streams, 0));
    close_scene(scene);
}

Test(services_watch, does_not_hammer_with_a_password_that_is_refused)
{
    struct scene *scene = open_and_watch(EXCHANGE_2016);

    exchange_reset_calls(scene->services.exchange);
    services_fault(&scene->services, NULL, FAULT_HTTP_401, 1000);
    exchange_restart(scene->services.exchange);
    usleep(1500 * 1000);
    cr_expect_leq(calls(scene, NULL), 2, "%u calls", calls(scene, NULL));
    close_scene(scene);
}

Test(services_watch, sleeps_while_nothing_happens)
{
    struct scene *scene = open_and_watch(EXCHANGE_2016);

    unsigned before, wakes = 0;
    int left = 60;

    do {
        before = wakes;
        usleep(2000 * 1000);
        wakes = watcher_wakes(scene->services.accounts);
    } while (wakes != before && --left > 0);
    cr_expect_gt(left, 0);
    close_scene(scene);
}
