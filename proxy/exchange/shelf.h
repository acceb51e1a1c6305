/*
 * shelf.h - views that stay in memory while nobody looks at them
 *
 * The newest view of a folder is the one that the next is made from, and makes
 * the next SELECT of a large folder a matter of microseconds.  It cannot be out
 * of date, as every look compares it with the index.  All accounts share one
 * limit for them; those that were not used for longest go first.
 */
#ifndef POSTERN_EXCHANGE_SHELF_H
#define POSTERN_EXCHANGE_SHELF_H

#include <stdint.h>

struct place;
struct shelf;

struct shelf *shelf_new(void);
void shelf_free(struct shelf **shelf);

/* The place's view has been looked at, is another one, or has gone.  Under the
 * place's lock. */
void shelf_use(struct shelf *shelf, struct place *place);

/* Takes away what nobody looks at until all views have `limit` octets at most.
 * Without any place's lock. */
void shelf_trim(struct shelf *shelf, uint64_t limit);

/* The place is about to be freed. */
void shelf_leave(struct shelf *shelf, struct place *place);

#endif
