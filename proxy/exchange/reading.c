/*
 * reading.c - the messages that someone is fetching at present
 *
 * A message that two sessions want at once is fetched by the first; the second
 * waits and finds it in the cache.  Nobody waits while he holds a claim
 * himself.
 */
#include "proxy/exchange/reading.h"

#include <pthread.h>
#include <stdlib.h>

#include "proxy/base/memory.h"
#include "proxy/exchange/flight.h"

struct reading {
    pthread_mutex_t lock;
    pthread_cond_t released;
    int64_t *rows;
    size_t count;
};

struct reading *reading_new(void)
{
    struct reading *reading = memory_new(sizeof *reading);

    wait_init(&reading->lock, &reading->released);
    return reading;
}

void reading_free(struct reading **reading)
{
    if (*reading == NULL)
        return;
    wait_fini(&(*reading)->lock, &(*reading)->released);
    free((*reading)->rows);
    free(*reading);
    *reading = NULL;
}

static size_t find_row(const struct reading *reading, int64_t row)
{
    size_t i = 0;

    while (i < reading->count && reading->rows[i] != row)
        i++;
    return i;
}

bool reading_claim(struct reading *reading, int64_t row)
{
    pthread_mutex_lock(&reading->lock);
    bool free_now = find_row(reading, row) == reading->count;
    if (free_now) {
        reading->rows = memory_resize(reading->rows, (reading->count + 1) *
                                                         sizeof *reading->rows);
        reading->rows[reading->count++] = row;
    }
    pthread_mutex_unlock(&reading->lock);
    return free_now;
}

void reading_release(struct reading *reading, int64_t row)
{
    pthread_mutex_lock(&reading->lock);
    size_t i = find_row(reading, row);
    if (i < reading->count)
        reading->rows[i] = reading->rows[--reading->count];
    pthread_cond_broadcast(&reading->released);
    pthread_mutex_unlock(&reading->lock);
}

bool reading_wait(struct op *op, struct reading *reading, int64_t row)
{
    bool go_on = true;

    pthread_mutex_lock(&reading->lock);
    while (go_on && find_row(reading, row) < reading->count)
        go_on = wait_moment(op, &reading->lock, &reading->released);
    pthread_mutex_unlock(&reading->lock);
    return go_on;
}
