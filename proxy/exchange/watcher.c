/*
 * watcher.c - see watcher.h
 *
 * The thread goes through the accounts, does what does not wait itself (opening
 * and closing streams), has helpers do the rest, and sleeps until the earliest
 * moment at which something is due.  Whatever changes a vigil wakes it up.
 */
#include "proxy/exchange/watcher.h"

#include <stdlib.h>

#include "proxy/base/memory.h"
#include "proxy/base/time.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/helpers.h"
#include "proxy/exchange/http/stream.h"
#include "proxy/exchange/vigil.h"

#define HELPERS 8

/* How long ending the subscriptions may take. */
#define ENDING_MS 3000

struct watcher {
    pthread_mutex_t lock; /* for all vigils as well */
    struct vigil *vigils; /* those that are on */
    struct helpers *helpers;
    struct streams *streams;
    pthread_t thread;
    bool started;
    atomic_bool stopping;
    atomic_bool giving_up; /* it has taken too long to stop */
    uint64_t patience_ms;  /* until when it may take */
    atomic_uint wakes;
};

/* --- What vigils need ---------------------------------------------------- */

void watcher_lock(struct watcher *watcher)
{
    pthread_mutex_lock(&watcher->lock);
}

void watcher_unlock(struct watcher *watcher)
{
    pthread_mutex_unlock(&watcher->lock);
}

void watcher_wake(struct watcher *watcher)
{
    streams_wake(watcher->streams);
}

const atomic_bool *watcher_stopping(const struct watcher *watcher)
{
    return &watcher->stopping;
}

const atomic_bool *watcher_giving_up(const struct watcher *watcher)
{
    return &watcher->giving_up;
}

unsigned watcher_wakes(struct accounts *accounts)
{
    return atomic_load(&accounts_watcher(accounts)->wakes);
}

/* --- The thread ---------------------------------------------------------- */

/* On a helper's thread. */
static void work(struct vigil *vigil, void (*step)(struct vigil *vigil))
{
    struct watcher *watcher = vigil->watcher;

    step(vigil);
    watcher_lock(watcher);
    vigil->busy = false;
    watcher_wake(watcher);
    watcher_unlock(watcher);
}

static void work_begin(void *subject)
{
    work(subject, vigil_begin);
}

static void work_catch_up(void *subject)
{
    work(subject, vigil_catch_up);
}

static void work_ask(void *subject)
{
    work(subject, vigil_ask);
}

static void work_look(void *subject)
{
    work(subject, vigil_look);
}

static void work_end(void *subject)
{
    work(subject, vigil_end);
}

static void (*const works[])(void *subject) = {
    [VIGIL_BEGIN] = work_begin, [VIGIL_CATCH_UP] = work_catch_up,
    [VIGIL_ASK] = work_ask,     [VIGIL_LOOK] = work_look,
    [VIGIL_END] = work_end,
};

static void hush(struct vigil *vigil)
{
    if (vigil->watch == NULL || vigil->watch->push != REMOTE_PUSH_STREAM)
        return;
    account_backend(vigil->account)->watch_hush(vigil->watch);
    watcher_lock(vigil->watcher);
    vigil->listening = vigil->open = false;
    watcher_unlock(vigil->watcher);
}

/* Without the lock: backends may tell news at once. */
static void do_step(struct watcher *watcher, struct vigil *vigil,
                    enum vigil_step step)
{
    if (step == VIGIL_LISTEN) {
        account_backend(vigil->account)
            ->watch_listen(vigil->watch, watcher->streams);
        return;
    }
    if (step == VIGIL_END)
        hush(vigil);
    helpers_do(watcher->helpers, works[step], vigil);
}

/* Decides on one under the lock, which is let go for doing it. */
static void attend(struct watcher *watcher, struct vigil *vigil,
                   uint64_t *due_ms)
{
    enum vigil_step step = vigil_next(vigil, time_monotonic_ms(), due_ms);

    if (step == VIGIL_REST || step == VIGIL_LEAVE)
        return;
    if (step == VIGIL_LISTEN)
        vigil->listening = true;
    else
        vigil->busy = true;
    watcher_unlock(watcher);
    do_step(watcher, vigil, step);
    watcher_lock(watcher);
}

static void drop_those_that_leave(struct watcher *watcher)
{
    uint64_t now = time_monotonic_ms(), due;

    for (struct vigil **place = &watcher->vigils; *place != NULL;) {
        struct vigil *vigil = *place;

        if (vigil_next(vigil, now, &due) != VIGIL_LEAVE) {
            place = &vigil->next;
            continue;
        }
        *place = vigil->next;
        vigil->on = false;
    }
}

/* When something is due next; UINT64_MAX: nothing is. */
static uint64_t attend_all(struct watcher *watcher)
{
    uint64_t due_ms = UINT64_MAX;

    for (struct vigil *vigil = watcher->vigils; vigil != NULL;
         vigil = vigil->next)
        attend(watcher, vigil, &due_ms);
    drop_those_that_leave(watcher);
    return due_ms;
}

/* Under the lock: whether all has come to its end. */
static bool has_stopped(struct watcher *watcher, uint64_t *due_ms)
{
    if (!atomic_load(&watcher->stopping))
        return false;
    if (time_monotonic_ms() >= watcher->patience_ms)
        atomic_store(&watcher->giving_up, true);
    else if (*due_ms > watcher->patience_ms)
        *due_ms = watcher->patience_ms;
    return watcher->vigils == NULL;
}

static void *watch(void *context)
{
    struct watcher *watcher = context;

    watcher_lock(watcher);
    for (;;) {
        uint64_t due_ms = attend_all(watcher);

        if (has_stopped(watcher, &due_ms))
            break;
        watcher_unlock(watcher);
        streams_wait(watcher->streams, due_ms);
        atomic_fetch_add(&watcher->wakes, 1);
        watcher_lock(watcher);
    }
    watcher_unlock(watcher);
    return NULL;
}

/* --- Life ---------------------------------------------------------------- */

struct watcher *watcher_new(void)
{
    struct watcher *watcher = memory_new(sizeof *watcher);

    pthread_mutex_init(&watcher->lock, NULL);
    watcher->helpers = helpers_new(HELPERS);
    return watcher;
}

void watcher_free(struct watcher **watcher)
{
    struct watcher *gone = *watcher;

    if (gone == NULL)
        return;
    watcher_lock(gone);
    atomic_store(&gone->stopping, true);
    gone->patience_ms = time_monotonic_ms() + ENDING_MS;
    if (gone->started)
        watcher_wake(gone);
    watcher_unlock(gone);
    if (gone->started)
        pthread_join(gone->thread, NULL);
    helpers_free(&gone->helpers);
    streams_free(&gone->streams);
    pthread_mutex_destroy(&gone->lock);
    free(gone);
    *watcher = NULL;
}

/* --- Listeners ----------------------------------------------------------- */

static struct vigil *vigil_of(struct watcher *watcher, struct account *account)
{
    if (account->vigil == NULL) {
        account->vigil = memory_new(sizeof *account->vigil);
        account->vigil->watcher = watcher;
        account->vigil->account = account;
    }
    return account->vigil;
}

static void start(struct watcher *watcher)
{
    if (watcher->started || atomic_load(&watcher->stopping))
        return;
    watcher->streams = streams_new();
    watcher->started =
        pthread_create(&watcher->thread, NULL, watch, watcher) == 0;
}

/* Under the lock: the thread looks after it from now on, if it did not. */
static bool add(struct watcher *watcher, struct vigil *vigil)
{
    start(watcher);
    if (vigil->on || !watcher->started)
        return false;
    vigil->on = true;
    vigil->better_ms = 1; /* any way is better than none */
    vigil->failures = 0;
    vigil->next = watcher->vigils;
    watcher->vigils = vigil;
    return true;
}

void watcher_begin(struct account *account)
{
    struct watcher *watcher = account_watcher(account);

    watcher_lock(watcher);
    struct vigil *vigil = vigil_of(watcher, account);
    vigil->listeners++;
    vigil->check = true;
    vigil->due_ms = vigil->ask_ms = vigil->retry_ms = 0;
    add(watcher, vigil);
    if (vigil->spared)
        vigil->better_ms = 1;
    if (watcher->started)
        watcher_wake(watcher);
    watcher_unlock(watcher);
}

/* Until when an account is watched of which that is wanted no more. */
static uint64_t end_of_lingering(struct account *account)
{
    uint32_t linger = account_settings(account)->exchange.push_linger;

    return time_monotonic_ms() + 1000u * (uint64_t)linger;
}

void watcher_end(struct account *account)
{
    struct watcher *watcher = account_watcher(account);

    watcher_lock(watcher);
    account->vigil->listeners--;
    account->vigil->linger_until_ms = end_of_lingering(account);
    if (watcher->started)
        watcher_wake(watcher);
    watcher_unlock(watcher);
}

void watcher_retry(struct account *account)
{
    struct watcher *watcher = account_watcher(account);

    watcher_lock(watcher);
    if (account->vigil != NULL) {
        account->vigil->retry_ms = 0;
        if (watcher->started)
            watcher_wake(watcher);
    }
    watcher_unlock(watcher);
}

static bool tells_of(const struct vigil *vigil, int64_t folder)
{
    if (vigil->all || folder == 0)
        return true;
    for (size_t i = 0; i < vigil->folder_count; i++)
        if (vigil->folders[i] == folder)
            return true;
    return false;
}

void watcher_look(struct account *account, int64_t folder)
{
    struct watcher *watcher = account_watcher(account);

    watcher_lock(watcher);
    struct vigil *vigil = vigil_of(watcher, account);
    vigil->linger_until_ms = end_of_lingering(account);
    bool news = add(watcher, vigil);
    if (vigil->watch != NULL && !tells_of(vigil, folder))
        news |= vigil_renew_soon(vigil);
    if (news && watcher->started)
        watcher_wake(watcher);
    watcher_unlock(watcher);
}

bool watcher_vouches(struct account *account, int64_t folder, uint64_t looked)
{
    struct watcher *watcher = account_watcher(account);

    watcher_lock(watcher);
    const struct vigil *vigil = account->vigil;
    bool vouches = vigil != NULL && vigil->on && !vigil->applying &&
                   vigil->news_count == 0 && !vigil->tree &&
                   looked >= vigil->since && tells_of(vigil, folder) &&
                   vigil_is_telling(vigil);
    watcher_unlock(watcher);
    return vouches;
}
