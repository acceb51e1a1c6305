/*
 * reading.h - the messages that someone is fetching, or storing, at present
 */
#ifndef POSTERN_EXCHANGE_READING_H
#define POSTERN_EXCHANGE_READING_H

#include <stdbool.h>
#include <stdint.h>

#include "proxy/base/op.h"

struct reading;

struct reading *reading_new(void);
void reading_free(struct reading **reading);

/* False when somebody else is fetching the message of that row.  What is being
 * stored has no row yet: there it is a number made of its digest. */
bool reading_claim(struct reading *reading, int64_t row);
void reading_release(struct reading *reading, int64_t row);

/* Waits until nobody is at it; false when cancelled. */
bool reading_wait(struct op *op, struct reading *reading, int64_t row);

#endif
