/*
 * watcher.c - the thread that looks for news while someone listens
 *
 * Every exchange.poll_interval it asks each account once for the stamps of all
 * its watched folders, and syncs only those that have moved.  While nobody
 * watches it sleeps without waking.
 */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/base/time.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/changes_private.h"
#include "proxy/exchange/mail_private.h"

struct watcher {
    struct accounts *accounts;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    bool started;
    atomic_bool stopping;
    size_t watches;
    uint32_t interval_s;
};

static void look_at_account(struct op *op, struct account *account)
{
    size_t count, mail = 0;
    int64_t *folders = changes_folders(op, account->changes, &count);

    for (size_t i = 0; i < count; i++) {
        if (folders[i] != 0)
            folders[mail++] = folders[i];
        else
            folder_refresh(op, account);
    }
    enum status *statuses = arena_array(op->arena, mail + 1, sizeof *statuses);
    enum status status = sync_moved(op, account, folders, mail, 0, statuses);
    if (status != STATUS_OK && status != STATUS_CANCELLED)
        log_debug("watcher", "no news user=%s status=%s reason=\"%s\"",
                  account_user(account), status_name(status),
                  op->reason != NULL ? op->reason : "");
}

static void look(struct watcher *watcher, struct arena *arena)
{
    struct op op;
    size_t count;

    op_init(&op, arena, "watcher");
    op.background = true;
    op.cancelled = &watcher->stopping;
    struct account **accounts = accounts_all(&op, watcher->accounts, &count);
    for (size_t i = 0; i < count; i++) {
        look_at_account(&op, accounts[i]);
        account_unref(&accounts[i]);
    }
    arena_reset(arena);
}

/* False once the watcher stops. */
static bool wait_for_tick(struct watcher *watcher)
{
    uint64_t begun = time_monotonic_ms();

    pthread_mutex_lock(&watcher->lock);
    while (!atomic_load(&watcher->stopping)) {
        uint64_t due = begun + 1000u * (uint64_t)watcher->interval_s;

        if (watcher->watches == 0) {
            pthread_cond_wait(&watcher->changed, &watcher->lock);
            begun = time_monotonic_ms();
            continue;
        }
        if (time_monotonic_ms() >= due)
            break;
        struct timespec until = { .tv_sec = (time_t)(due / 1000),
                                  .tv_nsec = (long)(due % 1000) * 1000000L };
        pthread_cond_timedwait(&watcher->changed, &watcher->lock, &until);
    }
    bool go_on = !atomic_load(&watcher->stopping);
    pthread_mutex_unlock(&watcher->lock);
    return go_on;
}

static void *watch(void *context)
{
    struct watcher *watcher = context;
    struct arena *arena = arena_new();

    while (wait_for_tick(watcher))
        look(watcher, arena);
    arena_free(&arena);
    return NULL;
}

struct watcher *watcher_new(struct accounts *accounts)
{
    struct watcher *watcher = memory_new(sizeof *watcher);

    watcher->accounts = accounts;
    wait_init(&watcher->lock, &watcher->changed);
    return watcher;
}

void watcher_free(struct watcher **watcher)
{
    if (*watcher == NULL)
        return;
    pthread_mutex_lock(&(*watcher)->lock);
    atomic_store(&(*watcher)->stopping, true);
    pthread_cond_broadcast(&(*watcher)->changed);
    bool started = (*watcher)->started;
    pthread_mutex_unlock(&(*watcher)->lock);
    if (started)
        pthread_join((*watcher)->thread, NULL);
    wait_fini(&(*watcher)->lock, &(*watcher)->changed);
    free(*watcher);
    *watcher = NULL;
}

void watcher_begin(struct watcher *watcher, uint32_t interval_s)
{
    pthread_mutex_lock(&watcher->lock);
    watcher->interval_s = interval_s;
    watcher->watches++;
    if (!watcher->started && !atomic_load(&watcher->stopping))
        watcher->started =
            pthread_create(&watcher->thread, NULL, watch, watcher) == 0;
    pthread_cond_broadcast(&watcher->changed);
    pthread_mutex_unlock(&watcher->lock);
}

void watcher_end(struct watcher *watcher)
{
    pthread_mutex_lock(&watcher->lock);
    watcher->watches--;
    pthread_mutex_unlock(&watcher->lock);
}
