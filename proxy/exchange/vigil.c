/*
 * vigil.c - the watch over one account: what is told, and what is next
 */
#include "proxy/exchange/vigil.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/base/time.h"
#include "proxy/exchange/account_private.h"

/* A subscription that nobody asks about ends after half an hour, and so do the
 * ones that were too many. */
#define BETTER_MS (30 * 60 * 1000u)

/* Streams that have never begun, one after the other: something in between
 * keeps them back. */
#define MUTE_STREAMS 3

/* A client that makes one folder makes many: one subscription for all. */
#define RENEW_MS 1000

#define LONGEST_PAUSE_MS (5 * 60 * 1000u)
#define REFUSED_PAUSE_MS (15 * 60 * 1000u)

/* More folders than that, and all are looked at instead. */
#define NEWS_MAX 256

uint32_t vigil_collect_ms = 200;

static const struct exchange_settings *settings_of(const struct vigil *vigil)
{
    return &account_settings(vigil->account)->exchange;
}

void vigil_free(struct vigil **vigil)
{
    if (*vigil == NULL)
        return;
    for (size_t i = 0; i < (*vigil)->news_count; i++)
        free((*vigil)->news[i].folder);
    free((*vigil)->news);
    free((*vigil)->folders);
    free(*vigil);
    *vigil = NULL;
}

/* --- Whether it can be relied on ----------------------------------------- */

bool vigil_is_telling(const struct vigil *vigil)
{
    const struct exchange_settings *settings = settings_of(vigil);
    /* Of a connection that a laptop takes along into its sleep, nothing is
     * known when it wakes up. */
    uint64_t age = time_with_sleep_ms() - vigil->alive_ms;

    if (vigil->watch == NULL || vigil->lost)
        return false;
    /* When a heart-beat is late, the stream may be dead. */
    if (vigil->push == REMOTE_PUSH_STREAM)
        return vigil->open && age < 500u * (uint64_t)settings->push_silence;
    return age < 2000u * (uint64_t)settings->pull_interval;
}

/* --- What is next -------------------------------------------------------- */

static bool is_due(uint64_t at_ms, uint64_t now_ms, uint64_t *due_ms)
{
    if (now_ms >= at_ms)
        return true;
    if (at_ms < *due_ms)
        *due_ms = at_ms;
    return false;
}

static bool is_wanted(const struct vigil *vigil, uint64_t now_ms,
                      uint64_t *due_ms)
{
    return !atomic_load(watcher_stopping(vigil->watcher)) &&
           (vigil->listeners > 0 ||
            !is_due(vigil->linger_until_ms, now_ms, due_ms));
}

/* Whether there is something to catch up with, now or soon. */
static bool is_behind(const struct vigil *vigil)
{
    if (vigil->news_count > 0 || vigil->tree)
        return true;
    return vigil->check && vigil->listeners > 0 && vigil->watch != NULL &&
           !vigil->lost && (vigil->open || vigil->push == REMOTE_PUSH_PULL);
}

static enum vigil_step next_of_watch(const struct vigil *vigil, uint64_t now_ms,
                                     uint64_t *due_ms)
{
    if (vigil->watch != NULL && vigil->lost)
        return VIGIL_END;
    if (vigil->watch == NULL)
        return is_due(vigil->retry_ms, now_ms, due_ms) ? VIGIL_BEGIN
                                                       : VIGIL_REST;
    if (vigil->push == REMOTE_PUSH_STREAM)
        return !vigil->listening && is_due(vigil->retry_ms, now_ms, due_ms)
                   ? VIGIL_LISTEN
                   : VIGIL_REST;
    /* While it lingers, nobody waits for the answers. */
    return vigil->listeners > 0 && is_due(vigil->ask_ms, now_ms, due_ms)
               ? VIGIL_ASK
               : VIGIL_REST;
}

/* Whether folders are looked at that nobody tells of.  When Exchange is away,
 * or minds the password, that would only be more of the same. */
static bool needs_looks(const struct vigil *vigil)
{
    if (vigil->listeners == 0 || vigil->refused ||
        vigil->failed == STATUS_UNAVAILABLE)
        return false;
    return vigil->polls || !vigil_is_telling(vigil);
}

enum vigil_step vigil_next(const struct vigil *vigil, uint64_t now_ms,
                           uint64_t *due_ms)
{
    enum vigil_step step = VIGIL_REST;

    if (vigil->busy)
        return VIGIL_REST;
    if (!is_wanted(vigil, now_ms, due_ms))
        return vigil->watch != NULL ? VIGIL_END : VIGIL_LEAVE;
    if (is_behind(vigil) && is_due(vigil->due_ms, now_ms, due_ms))
        return VIGIL_CATCH_UP;
    if (vigil->better_ms != 0 && is_due(vigil->better_ms, now_ms, due_ms))
        return vigil->watch != NULL ? VIGIL_END : VIGIL_BEGIN;
    if (vigil->push != REMOTE_PUSH_NONE)
        step = next_of_watch(vigil, now_ms, due_ms);
    if (step == VIGIL_REST && needs_looks(vigil) &&
        is_due(vigil->look_ms, now_ms, due_ms))
        step = VIGIL_LOOK;
    return step;
}

bool vigil_renew_soon(struct vigil *vigil)
{
    if (vigil->better_ms != 0)
        return false;
    vigil->better_ms = time_monotonic_ms() + RENEW_MS;
    return true;
}

void vigil_look_later(struct vigil *vigil)
{
    vigil->look_pause = 0;
    vigil->look_ms = time_monotonic_ms() +
                     1000u * (uint64_t)settings_of(vigil)->poll_interval;
}

/* --- Failing ------------------------------------------------------------- */

uint32_t vigil_pause(unsigned failures)
{
    uint32_t pause = failures < 11 ? 250u << failures : LONGEST_PAUSE_MS;
    uint32_t random = 0;

    if (pause > LONGEST_PAUSE_MS)
        pause = LONGEST_PAUSE_MS;
    if (failures == 0)
        pause = vigil_collect_ms;
    if (getrandom(&random, sizeof random, GRND_NONBLOCK) < 0)
        random = (uint32_t)time_monotonic_ms();
    return pause + random % (pause / 2 + 1);
}

enum remote_push vigil_best(const struct vigil *vigil)
{
    static const enum remote_push ways[] = {
        [PUSH_AUTO] = REMOTE_PUSH_STREAM,
        [PUSH_STREAM] = REMOTE_PUSH_STREAM,
        [PUSH_PULL] = REMOTE_PUSH_PULL,
        [PUSH_POLL] = REMOTE_PUSH_NONE,
    };

    return ways[settings_of(vigil)->push];
}

static void take_next_way(struct vigil *vigil, enum status status)
{
    static const char *const ways[] = {
        [REMOTE_PUSH_NONE] = "polling",
        [REMOTE_PUSH_PULL] = "pulling",
        [REMOTE_PUSH_STREAM] = "streaming",
    };

    log_info("watcher", "news by %s do not come user=%s status=%s",
             ways[vigil->push], account_user(vigil->account),
             status_name(status));
    vigil->push--;
    vigil->lost = vigil->watch != NULL;
    vigil->better_ms = time_monotonic_ms() + BETTER_MS;
    vigil->look_ms = vigil->retry_ms = 0;
    vigil->failures = 0;
    vigil->failed = STATUS_OK;
}

/* Whether the same will not do later, either. */
static bool is_no_way(const struct vigil *vigil, enum status status)
{
    switch (status) {
    case STATUS_UNSUPPORTED:
    case STATUS_LIMIT:
    case STATUS_DENIED:
    case STATUS_CANNOT:
    case STATUS_INTERNAL:
        return true;
    case STATUS_TIMEOUT:
        return vigil->failures >= MUTE_STREAMS &&
               vigil->push == REMOTE_PUSH_STREAM;
    default:
        return false;
    }
}

static bool is_refusal(enum status status)
{
    return status == STATUS_AUTH_FAILED || status == STATUS_AUTH_EXPIRED ||
           status == STATUS_AUTH_REFUSED || status == STATUS_AUTH_DISABLED;
}

void vigil_fail(struct vigil *vigil, enum status status, uint32_t pause)
{
    /* A lost subscription says that Exchange is there: a new one is had at
     * once, unless the last one was lost as soon as it was had. */
    if (status == STATUS_STALE && vigil->failed != STATUS_STALE)
        vigil->failures = 0;
    uint32_t wait = vigil_pause(vigil->failures++);

    vigil->failed = status;
    vigil->refused = is_refusal(status);
    if (status == STATUS_STALE || vigil->refused)
        vigil->lost = vigil->watch != NULL;
    /* Another connection is needed, which there will be when someone has logged
     * in. */
    if (vigil->refused)
        wait = REFUSED_PAUSE_MS;
    if (wait < pause)
        wait = pause + wait % (pause / 4 + 1);
    vigil->retry_ms = time_monotonic_ms() + wait;
    if (is_no_way(vigil, status) && vigil->push > REMOTE_PUSH_NONE &&
        settings_of(vigil)->push == PUSH_AUTO)
        take_next_way(vigil, status);
}

/* --- Hearing ------------------------------------------------------------- */

static struct vigil_news *news_of(struct vigil *vigil, const char *folder)
{
    for (size_t i = 0; i < vigil->news_count; i++)
        if (strcmp(vigil->news[i].folder, folder) == 0)
            return &vigil->news[i];
    if (vigil->news_count == NEWS_MAX)
        return NULL;
    vigil->news = memory_resize(vigil->news,
                                (vigil->news_count + 1) * sizeof *vigil->news);
    struct vigil_news *news = &vigil->news[vigil->news_count++];
    *news = (struct vigil_news){ .folder = memory_strdup(folder) };
    return news;
}

/* All is told from a moment on that has not begun yet. */
static void begin_anew(struct vigil *vigil)
{
    vigil->since = account_moment(vigil->account);
    vigil->check = true;
}

static void hear_change(struct vigil *vigil, const struct remote_news *news)
{
    if (vigil->news_count == 0 && !vigil->tree)
        vigil->due_ms = time_monotonic_ms() + vigil_collect_ms;
    if (news->kind == REMOTE_NEWS_TREE) {
        vigil->tree = true;
        return;
    }
    struct vigil_news *entry = news_of(vigil, news->folder);
    if (entry == NULL) {
        begin_anew(vigil);
        return;
    }
    entry->moment = account_moment(vigil->account);
    if (news->kind == REMOTE_NEWS_MESSAGES)
        entry->messages = true;
    else
        entry->itself = true;
}

static void hear_open(struct vigil *vigil)
{
    if (vigil->cut)
        begin_anew(vigil);
    log_debug("watcher", "news come user=%s", account_user(vigil->account));
    vigil->open = vigil->check = true;
    vigil->cut = false;
    vigil->failures = 0;
    vigil->failed = STATUS_OK;
    vigil->due_ms = time_monotonic_ms();
}

static void hear_end(struct vigil *vigil, const struct remote_news *news)
{
    log_debug("watcher", "news have ended user=%s status=%s reason=\"%s\"",
              account_user(vigil->account), status_name(news->status),
              news->reason != NULL ? news->reason : "");
    vigil->listening = vigil->open = false;
    vigil->cut = true;
    vigil_look_later(vigil);
    vigil_fail(vigil, news->status, news->pause);
}

void vigil_hear(struct vigil *vigil, const struct remote_news *news)
{
    vigil->alive_ms = time_with_sleep_ms();
    switch (news->kind) {
    case REMOTE_NEWS_OPEN:
        hear_open(vigil);
        break;
    case REMOTE_NEWS_ALIVE:
        break;
    case REMOTE_NEWS_MESSAGES:
    case REMOTE_NEWS_FOLDER:
    case REMOTE_NEWS_TREE:
        hear_change(vigil, news);
        break;
    case REMOTE_NEWS_END:
        hear_end(vigil, news);
        break;
    }
}
