/*
 * directory_pack.h - a person in a row of bytes, for the cache and the index
 *
 * One row of bytes begins with a number that changes with what the others mean,
 * so that what an older version has packed is not taken for something else.
 */
#ifndef POSTERN_EXCHANGE_DIRECTORY_PACK_H
#define POSTERN_EXCHANGE_DIRECTORY_PACK_H

#include <stdbool.h>
#include <stddef.h>

#include "proxy/exchange/directory.h"

struct arena;
struct buf;

/* Appends a person, without his picture. */
void person_pack(struct buf *out, const struct person *person);

/* Reads one; texts stay in `data`, the rest is in the arena.  NULL: nothing
 * that this version has packed. */
struct person *person_unpack(struct arena *arena, const char *data, size_t len);

/* A copy of all of him but the picture. */
struct person *person_copy(struct arena *arena, const struct person *person);

/* Whether one of his addresses is this one, whatever the case; without reading
 * all of him. */
bool person_packed_has(const char *data, size_t len, const char *address);

#endif
