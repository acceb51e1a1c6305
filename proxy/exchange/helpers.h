/*
 * helpers.h - a few threads for what others must not wait for
 *
 * The gateway's own workers belong to the loop, of which nothing below the
 * protocols knows.  These are made when there is work and none is free, and
 * stay.
 */
#ifndef POSTERN_EXCHANGE_HELPERS_H
#define POSTERN_EXCHANGE_HELPERS_H

#include <stddef.h>

struct helpers;

struct helpers *helpers_new(size_t most);

/* Ends once all work is done. */
void helpers_free(struct helpers **helpers);

/* Has work(subject) done soon; what is given first is begun first. */
void helpers_do(struct helpers *helpers, void (*work)(void *subject),
                void *subject);

#endif
