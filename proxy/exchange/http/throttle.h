/*
 * throttle.h - how many calls an account makes at once, and when
 *
 * Exchange counts the calls in progress and the time they take, and refuses
 * whoever takes too much; the limits are the administrator's secret.  So each
 * account has a budget that no default policy minds, of which searching and
 * synchronising calls get two.  Interactive operations go before background
 * ones, and when Exchange asks for a pause all of them keep it.
 */
#ifndef POSTERN_EXCHANGE_HTTP_THROTTLE_H
#define POSTERN_EXCHANGE_HTTP_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "proxy/base/op.h"

struct throttle;

struct throttle *throttle_new(uint32_t concurrency);
void throttle_free(struct throttle **throttle);

/* Waits for a place.  STATUS_OK, STATUS_CANCELLED, or STATUS_BUSY when there
 * will be none before `deadline` (of time_monotonic_ms).  `find`: searches or
 * synchronises. */
enum status throttle_enter(struct op *op, struct throttle *throttle, bool find,
                           uint64_t deadline);
void throttle_leave(struct throttle *throttle, bool find);

/* Nobody enters for so long. */
void throttle_pause(struct throttle *throttle, uint32_t milliseconds);

/* One call less at a time, for ten minutes. */
void throttle_narrow(struct throttle *throttle);

/* Waits, and for the end of the pause as well; false when that would be after
 * `deadline` or when the client has gone. */
bool throttle_sleep(struct op *op, struct throttle *throttle,
                    uint32_t milliseconds, uint64_t deadline);

#endif
