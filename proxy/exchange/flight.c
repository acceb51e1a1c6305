/*
 * flight.c - several who want the same of Exchange at once share one call
 */
#include "proxy/exchange/flight.h"

#include <time.h>

#include "proxy/base/time.h"

/* How often a waiting operation looks whether its client is still there. */
#define LOOK_MS 200
#define PROGRESS_MS 1000

void wait_init(pthread_mutex_t *lock, pthread_cond_t *condition)
{
    pthread_condattr_t attributes;

    pthread_mutex_init(lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

void wait_fini(pthread_mutex_t *lock, pthread_cond_t *condition)
{
    pthread_mutex_destroy(lock);
    pthread_cond_destroy(condition);
}

static void show_progress(struct op *op, pthread_mutex_t *lock)
{
    if (op->progress == NULL)
        return;
    pthread_mutex_unlock(lock);
    op->progress(op);
    pthread_mutex_lock(lock);
}

bool wait_moment(struct op *op, pthread_mutex_t *lock,
                 pthread_cond_t *condition)
{
    struct timespec until;

    if (op_cancelled(op))
        return false;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LOOK_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    if (pthread_cond_timedwait(condition, lock, &until) != 0 &&
        until.tv_nsec < LOOK_MS * 1000000L) /* once a second is enough */
        show_progress(op, lock);
    return !op_cancelled(op);
}

bool wait_for(struct op *op, uint32_t milliseconds)
{
    uint64_t end = time_monotonic_ms() + milliseconds, shown = 0;

    for (uint64_t now = time_monotonic_ms(); now < end;
         now = time_monotonic_ms()) {
        uint64_t step = end - now < LOOK_MS ? end - now : LOOK_MS;
        struct timespec pause = { .tv_nsec = (long)step * 1000000L };

        if (op_cancelled(op))
            return false;
        if (op->progress != NULL && now - shown >= PROGRESS_MS) {
            op->progress(op);
            shown = now;
        }
        nanosleep(&pause, NULL);
    }
    return !op_cancelled(op);
}

void flight_init(struct flight *flight)
{
    *flight = (struct flight){ 0 };
    wait_init(&flight->lock, &flight->ended);
}

void flight_fini(struct flight *flight)
{
    wait_fini(&flight->lock, &flight->ended);
}

bool flight_begin(struct op *op, struct flight *flight, enum status *status_out)
{
    bool mine = true;

    *status_out = STATUS_OK;
    pthread_mutex_lock(&flight->lock);
    uint64_t wanted = flight->begun + 1;
    for (;;) {
        if (flight->done >= wanted && flight->status != STATUS_CANCELLED) {
            *status_out = flight->status;
            mine = false;
            break;
        }
        if (!flight->running)
            break;
        if (!wait_moment(op, &flight->lock, &flight->ended)) {
            *status_out = STATUS_CANCELLED;
            mine = false;
            break;
        }
    }
    if (mine) {
        flight->running = true;
        flight->begun++;
    }
    pthread_mutex_unlock(&flight->lock);
    return mine;
}

bool flight_enter(struct op *op, struct flight *flight)
{
    bool entered = true;

    pthread_mutex_lock(&flight->lock);
    while (flight->running && entered)
        entered = wait_moment(op, &flight->lock, &flight->ended);
    if (entered) {
        flight->running = true;
        flight->begun++;
    }
    pthread_mutex_unlock(&flight->lock);
    return entered;
}

void flight_end(struct flight *flight, enum status status)
{
    pthread_mutex_lock(&flight->lock);
    flight->running = false;
    flight->done = flight->begun;
    flight->status = status;
    pthread_cond_broadcast(&flight->ended);
    pthread_mutex_unlock(&flight->lock);
}
