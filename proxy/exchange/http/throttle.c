/*
 * throttle.c - see throttle.h
 */
#include "proxy/exchange/http/throttle.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "proxy/base/memory.h"
#include "proxy/base/time.h"

#define FINDS_AT_ONCE 2
#define NARROW_MS (10 * 60 * 1000)

/* How soon a waiting operation notices that its client has gone. */
#define LOOK_MS 200

/* How often a waiting operation shows a sign of life. */
#define PROGRESS_MS 1000

struct throttle {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    uint32_t concurrency;
    uint32_t narrowed; /* how many of them are not used */
    uint64_t narrowed_until;
    uint64_t paused_until;
    uint32_t calls;           /* in progress */
    uint32_t finds;           /* of these */
    uint32_t waiting;         /* interactive ones */
    uint32_t waiting_to_find; /* of these */
};

struct throttle *throttle_new(uint32_t concurrency)
{
    struct throttle *throttle = memory_new(sizeof *throttle);
    pthread_condattr_t attributes;

    pthread_mutex_init(&throttle->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&throttle->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    throttle->concurrency = concurrency > 0 ? concurrency : 1;
    return throttle;
}

void throttle_free(struct throttle **throttle)
{
    if (*throttle == NULL)
        return;
    pthread_cond_destroy(&(*throttle)->changed);
    pthread_mutex_destroy(&(*throttle)->mutex);
    free(*throttle);
    *throttle = NULL;
}

static uint32_t places(struct throttle *throttle, uint64_t now)
{
    if (now >= throttle->narrowed_until)
        throttle->narrowed = 0;
    return throttle->concurrency - throttle->narrowed;
}

static bool has_place(struct throttle *throttle, bool find, bool background,
                      uint64_t now)
{
    uint32_t count = places(throttle, now);
    uint32_t ahead = find ? throttle->waiting
                          : throttle->waiting - throttle->waiting_to_find;

    if (now < throttle->paused_until || throttle->calls >= count)
        return false;
    if (find && throttle->finds >= FINDS_AT_ONCE)
        return false;
    /* Background work leaves one place free, and lets those go first who wait.
     */
    return !background ||
           (ahead == 0 && (throttle->calls + 1 < count || count == 1));
}

/* Waits until something has changed or `until` has come, but not for long. */
static void wait_a_little(struct throttle *throttle, uint64_t now,
                          uint64_t until)
{
    uint64_t end = now + LOOK_MS;

    if (until > now && until < end)
        end = until;
    struct timespec when = { .tv_sec = (time_t)(end / 1000),
                             .tv_nsec = (long)(end % 1000) * 1000000 };
    pthread_cond_timedwait(&throttle->changed, &throttle->mutex, &when);
}

/* Lets the protocol show a sign of life from time to time, without the mutex.
 */
static void show_progress(struct op *op, struct throttle *throttle,
                          uint64_t *last)
{
    uint64_t now = time_monotonic_ms();

    if (op->progress == NULL || now - *last < PROGRESS_MS)
        return;
    *last = now;
    pthread_mutex_unlock(&throttle->mutex);
    op->progress(op);
    pthread_mutex_lock(&throttle->mutex);
}

static void count_waiting(struct throttle *throttle, const struct op *op,
                          bool find, int by)
{
    if (op->background)
        return;
    throttle->waiting += (uint32_t)by;
    if (find)
        throttle->waiting_to_find += (uint32_t)by;
}

enum status throttle_enter(struct op *op, struct throttle *throttle, bool find,
                           uint64_t deadline)
{
    uint64_t last = time_monotonic_ms();
    enum status status = STATUS_OK;

    pthread_mutex_lock(&throttle->mutex);
    count_waiting(throttle, op, find, 1);
    for (;;) {
        uint64_t now = time_monotonic_ms();
        if (op_cancelled(op)) {
            status = op_fail(op, STATUS_CANCELLED,
                             "cancelled before asking Exchange");
            break;
        }
        if (has_place(throttle, find, op->background, now)) {
            throttle->calls++;
            throttle->finds += find;
            break;
        }
        if (now >= deadline || throttle->paused_until > deadline) {
            status = op_fail(op, STATUS_BUSY,
                             "no call to Exchange was possible in time");
            break;
        }
        wait_a_little(throttle, now, throttle->paused_until);
        show_progress(op, throttle, &last);
    }
    count_waiting(throttle, op, find, -1);
    pthread_cond_broadcast(&throttle->changed);
    pthread_mutex_unlock(&throttle->mutex);
    return status;
}

void throttle_leave(struct throttle *throttle, bool find)
{
    pthread_mutex_lock(&throttle->mutex);
    throttle->calls--;
    throttle->finds -= find;
    pthread_cond_broadcast(&throttle->changed);
    pthread_mutex_unlock(&throttle->mutex);
}

void throttle_pause(struct throttle *throttle, uint32_t milliseconds)
{
    uint64_t until = time_monotonic_ms() + milliseconds;

    pthread_mutex_lock(&throttle->mutex);
    if (throttle->paused_until < until)
        throttle->paused_until = until;
    pthread_mutex_unlock(&throttle->mutex);
}

void throttle_narrow(struct throttle *throttle)
{
    uint64_t now = time_monotonic_ms();

    pthread_mutex_lock(&throttle->mutex);
    if (places(throttle, now) > 1)
        throttle->narrowed++;
    throttle->narrowed_until = now + NARROW_MS;
    pthread_mutex_unlock(&throttle->mutex);
}

bool throttle_sleep(struct op *op, struct throttle *throttle,
                    uint32_t milliseconds, uint64_t deadline)
{
    uint64_t last = time_monotonic_ms();
    uint64_t end = last + milliseconds;
    bool in_time = true;

    pthread_mutex_lock(&throttle->mutex);
    for (;;) {
        uint64_t now = time_monotonic_ms();
        uint64_t until =
            end > throttle->paused_until ? end : throttle->paused_until;
        if (until > deadline || op_cancelled(op))
            in_time = false;
        if (!in_time || now >= until)
            break;
        wait_a_little(throttle, now, until);
        show_progress(op, throttle, &last);
    }
    pthread_mutex_unlock(&throttle->mutex);
    return in_time;
}
