/*
 * test_push.c - news from Exchange on their way to clients that idle
 *
 * What happens at Exchange reaches a client in IDLE by itself, at the cost of
 * one call, however Exchange tells of it and whatever goes wrong in between.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/clients/answer.h"
#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/script.h"

#define STREAM "GetStreamingEvents"

/* Nothing is asked by the clock, and nothing is good for being young. */
#define SETTINGS                                                               \
    "[exchange]\npoll_interval = 1h\nfolder_interval = 0\n"                    \
    "status_interval = 0\npull_interval = 1\npatience = 2m\n"

/* --- Scenes -------------------------------------------------------------- */

struct scene {
    struct harness harness;
    struct link *idle;  /* has the inbox open and idles */
    struct link *other; /* asks for its counts */
    unsigned delivered;
};

static void deliver(struct scene *scene)
{
    char subject[32], id[32];

    snprintf(subject, sizeof subject, "Number %u", ++scene->delivered);
    snprintf(id, sizeof id, "<%u@push.example>", scene->delivered);
    char *mime = harness_message(subject, id, "Hello\r\n");
    harness_deliver(&scene->harness, NULL, mime);
    free(mime);
}

static void hear(struct scene *scene, const char *pattern)
{
    free(script_line(&scene->harness, scene->idle, pattern));
}

/* What a command of the other client costs in calls. */
static unsigned cost(struct scene *scene, const char *command)
{
    exchange_reset_calls(scene->harness.exchange);
    struct answer answer = answer_to(scene->other, "%s", command);
    cr_expect(answer.said == SAID_OK, "%s: %s", command,
              said_name(answer.said));
    answer_fini(&answer);
    return exchange_calls(scene->harness.exchange, NULL) -
           exchange_calls(scene->harness.exchange, "GetEvents");
}

/* Until Exchange is known to tell of everything. */
static void settle(struct scene *scene)
{
    for (int i = 0; i < WAIT_SECONDS * 10; i++) {
        if (cost(scene, "STATUS INBOX (MESSAGES)") == 0)
            return;
        usleep(100 * 1000);
    }
    cr_expect(false, "the inbox is asked for each time");
}

static struct scene *open(enum exchange_version version, const char *settings)
{
    struct scene *scene = calloc(1, sizeof *scene);

    harness_start(&scene->harness, version, settings);
    deliver(scene);
    scene->idle = script_imap_open(&scene->harness);
    scene->other = script_imap_open(&scene->harness);
    script_play(&scene->harness, scene->idle,
                "C: a SELECT INBOX\nS. * 1 EXISTS\nS. a OK *\n"
                "C: b IDLE\nS: + *\n");
    settle(scene);
    return scene;
}

static void finish(struct scene *scene)
{
    link_close(&scene->idle);
    link_close(&scene->other);
    harness_stop(&scene->harness);
    free(scene);
}

/* --- News ---------------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *name;
    enum exchange_version version;
} versions[] = {
    { "2007", EXCHANGE_2007_SP1 },
    { "2010", EXCHANGE_2010_SP1 },
    { "2013", EXCHANGE_2013_SP1 },
    { "2016", EXCHANGE_2016 },
};
/* clang-format on */

#define VERSIONS (sizeof versions / sizeof *versions)

Test(push, a_delivery_takes_one_sync_and_what_the_client_fetches,
     .timeout = SECONDS)
{
    for (size_t i = 0; i < VERSIONS; i++) {
        struct scene *scene = open(versions[i].version, SETTINGS);
        struct exchange *exchange = scene->harness.exchange;

        exchange_reset_calls(exchange);
        deliver(scene);
        hear(scene, "* 2 EXISTS");
        cr_expect_eq(exchange_calls(exchange, "SyncFolderItems"), 1, "%s",
                     versions[i].name);
        script_play(&scene->harness, scene->idle,
                    "C: DONE\nS. b OK *\nC: c FETCH 2 ENVELOPE\nS. c OK *\n");
        cr_expect_eq(exchange_calls(exchange, NULL) -
                         exchange_calls(exchange, "GetEvents"),
                     2, "%s", versions[i].name);
        finish(scene);
    }
}

Test(push, flags_and_deletions_arrive_as_well, .timeout = SECONDS)
{
    for (size_t i = 0; i < VERSIONS; i++) {
        struct scene *scene = open(versions[i].version, SETTINGS);
        struct exchange *exchange = scene->harness.exchange;

        exchange_mark_read(exchange, ANN, NULL, 0, true);
        hear(scene, "* 1 FETCH *Seen*");
        exchange_remove(exchange, ANN, NULL, 0);
        hear(scene, "* 1 EXPUNGE");
        deliver(scene);
        hear(scene, "* 1 EXISTS");
        finish(scene);
    }
}

Test(push, what_is_watched_is_not_asked_for, .timeout = SECONDS)
{
    static const char *const commands[] = {
        "STATUS INBOX (MESSAGES UNSEEN)",
        "SELECT INBOX",
        "NOOP",
        "CHECK",
        "EXAMINE INBOX",
        "LIST \"\" *",
    };
    struct scene *scene = open(EXCHANGE_2016, SETTINGS);

    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        cr_expect_eq(cost(scene, commands[i]), 0, "%s", commands[i]);
    cr_expect_eq(cost(scene, "STATUS Drafts (MESSAGES)"), 2,
                 "its stamp and its messages");
    cr_expect_eq(cost(scene, "STATUS Drafts (MESSAGES)"), 0);
    finish(scene);
}

/* --- Trouble ------------------------------------------------------------- */

static void lose_subscriptions(struct scene *scene)
{
    exchange_lose_subscriptions(scene->harness.exchange, NULL);
}

static void lose_events(struct scene *scene)
{
    exchange_lose_events(scene->harness.exchange, ANN);
}

static void cut(struct scene *scene)
{
    exchange_cut_streams(scene->harness.exchange, false);
}

static void cut_inside(struct scene *scene)
{
    exchange_cut_streams(scene->harness.exchange, true);
}

static void restart(struct scene *scene)
{
    exchange_restart(scene->harness.exchange);
}

/* Nothing is heard, until the stream is taken for dead. */
static void silence(struct scene *scene)
{
    exchange_set_silent(scene->harness.exchange, true);
    deliver(scene);
    usleep(2500 * 1000);
    exchange_set_silent(scene->harness.exchange, false);
}

static void refuse(struct scene *scene)
{
    harness_fault(&scene->harness, STREAM, FAULT_HTTP_503, 1, 0);
    exchange_restart(scene->harness.exchange);
}

static void answer_with_a_page(struct scene *scene)
{
    harness_fault(&scene->harness, STREAM, FAULT_LOGIN_PAGE, 1, 0);
    exchange_cut_streams(scene->harness.exchange, false);
}

/* clang-format off */
static const struct {
    const char *name;
    void (*act)(struct scene *scene);
} troubles[] = {
    { "subscriptions are lost",       lose_subscriptions },
    { "events are lost",              lose_events },
    { "the stream is cut",            cut },
    { "it is cut inside an envelope", cut_inside },
    { "the server restarts",          restart },
    { "the stream is silent",         silence },
    { "the server is busy",           refuse },
    { "a page comes instead",         answer_with_a_page },
};
/* clang-format on */

Test(push, nothing_is_missed_whatever_goes_wrong, .timeout = SECONDS)
{
    struct scene *scene = open(EXCHANGE_2016, SETTINGS "push_silence = 2\n");

    /* A sign of life comes early enough for so little patience. */
    exchange_set_heartbeat(scene->harness.exchange, 300);
    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++) {
        char pattern[32];

        troubles[i].act(scene);
        deliver(scene);
        snprintf(pattern, sizeof pattern, "* %u EXISTS", scene->delivered);
        hear(scene, pattern);
        settle(scene);
        cr_log_info("%s", troubles[i].name);
    }
    finish(scene);
}

static void await_streams(struct scene *scene, unsigned count)
{
    struct exchange *exchange = scene->harness.exchange;

    for (int i = 0; i < WAIT_SECONDS * 50; i++) {
        if (exchange_calls(exchange, STREAM) >= count)
            return;
        usleep(20 * 1000);
    }
    cr_assert(false, "not %u streams", count);
}

Test(push, a_stream_whose_time_is_over_goes_on_without_a_gap,
     .timeout = SECONDS)
{
    struct scene *scene = open(EXCHANGE_2016, SETTINGS "push_timeout = 60\n");
    struct exchange *exchange = scene->harness.exchange;

    /* The stream that is there lasts a real minute: this is for the next. */
    exchange_set_minute(exchange, 1200);
    exchange_reset_calls(exchange);
    exchange_cut_streams(exchange, false);
    await_streams(scene, 1);
    settle(scene);
    exchange_reset_calls(exchange);
    await_streams(scene, 2);
    static const char *const others[] = { "Subscribe", "Unsubscribe",
                                          "GetFolder", "SyncFolderItems",
                                          "SyncFolderHierarchy" };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        cr_expect_eq(exchange_calls(exchange, others[i]), 0, "%s", others[i]);
    deliver(scene);
    hear(scene, "* 2 EXISTS");
    finish(scene);
}

Test(push, the_subscription_ends_with_the_gateway, .timeout = SECONDS)
{
    struct scene *scene = open(EXCHANGE_2016, SETTINGS);

    cr_expect_eq(exchange_subscriptions(scene->harness.exchange, NULL), 1);
    harness_daemon_stop(&scene->harness);
    cr_expect_eq(exchange_subscriptions(scene->harness.exchange, NULL), 0);
    harness_daemon_start(&scene->harness);
    finish(scene);
}
