/*
 * directory_cache.h - what has been told of people, in memory for minutes
 *
 * Answers of all accounts share one limit; those that were not used for longest
 * go first.  An answer that is too old stays until then: it is better than none
 * while nothing newer can be had.  Thread-safe.
 */
#ifndef POSTERN_EXCHANGE_DIRECTORY_CACHE_H
#define POSTERN_EXCHANGE_DIRECTORY_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/op.h"

struct buf;
struct directory_cache;

struct directory_answer {
    uint64_t told_ms; /* when, of time_monotonic_ms */
    bool none;        /* there is nothing, and no data */
    bool complete;    /* there is no more of it */
    bool people;      /* the data are people */
    size_t limit;     /* how many were asked for */
    size_t len;
    const char *data;
};

struct directory_cache *directory_cache_new(void);
void directory_cache_free(struct directory_cache **cache);

/* Keeps a copy of an answer, as far as `limit` octets for all of them allow, in
 * place of an older one; returns it, as directory_cache_find does. */
const struct directory_answer *directory_cache_put(
    struct op *op, struct directory_cache *cache, const char *owner,
    const char *key, const struct directory_answer *answer, uint64_t limit);

/* The newest answer to a question of an owner, however old; it lasts until op's
 * arena ends.  NULL: there is none. */
const struct directory_answer *directory_cache_find(
    struct op *op, struct directory_cache *cache, const char *owner,
    const char *key);

/* The first of an owner's answers that `fits`, those used last before the
 * others.  `fits` must not wait. */
const struct directory_answer *directory_cache_search(
    struct op *op, struct directory_cache *cache, const char *owner,
    bool (*fits)(void *context, const struct directory_answer *answer),
    void *context);

/*
 * Those who have the same question take turns.  True: it is the caller's, who
 * looks into the cache once more, asks if he has to, and says what came of it.
 * False: it has been asked for by another, with `*status_out`, after the caller
 * had come; or (STATUS_CANCELLED) he has gone.  Either way the turn is ended.
 */
struct directory_turn;
bool directory_turn_begin(struct op *op, struct directory_cache *cache,
                          const char *owner, const char *key,
                          struct directory_turn **turn_out,
                          enum status *status_out);
void directory_turn_end(struct directory_cache *cache,
                        struct directory_turn **turn, bool mine,
                        enum status status);

#endif
