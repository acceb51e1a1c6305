/*
 * flight.h - several who want the same of Exchange at once share one call
 *
 * A run that begins after someone has asked is as good as his own.
 */
#ifndef POSTERN_EXCHANGE_FLIGHT_H
#define POSTERN_EXCHANGE_FLIGHT_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "proxy/base/op.h"

/* Waits on a condition that wait_init has made, for a moment at most: the
 * caller looks again whether it holds.  False when `op` was cancelled.  While
 * it waits, a sign of life is shown, without the lock. */
void wait_init(pthread_mutex_t *lock, pthread_cond_t *condition);
void wait_fini(pthread_mutex_t *lock, pthread_cond_t *condition);
bool wait_moment(struct op *op, pthread_mutex_t *lock,
                 pthread_cond_t *condition);

/* Lets time pass; false when `op` was cancelled. */
bool wait_for(struct op *op, uint32_t milliseconds);

struct flight {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool running;
    uint64_t begun;     /* how many runs have begun */
    uint64_t done;      /* the number of the last one to end */
    enum status status; /* what came of it */
};

void flight_init(struct flight *flight);
void flight_fini(struct flight *flight);

/* True: the caller is to run it and then call flight_end.  False: another's run
 * has ended with `*status_out`. */
bool flight_begin(struct op *op, struct flight *flight,
                  enum status *status_out);
void flight_end(struct flight *flight, enum status status);

/* Takes turns: waits until nobody runs, whatever came of it.  False: cancelled.
 */
bool flight_enter(struct op *op, struct flight *flight);

#endif
