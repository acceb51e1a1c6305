/*
 * cache.h - renderings of messages, bounded in size
 *
 * Exchange may render the same message differently the next time, so what was
 * read once is kept and everything about a message comes from it: size,
 * structure, parts. Files are named after the index's row and rendering; the
 * least recently used ones go first.  Thread-safe.
 */
#ifndef POSTERN_EXCHANGE_CACHE_H
#define POSTERN_EXCHANGE_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "config/settings.h"

struct cache;
struct spool;

/* In <directory>/messages (mode 0700, its files 0600); in RAM when that is
 * wanted or `directory` is NULL; or one that keeps nothing.  What an earlier one
 * has left on the disk is taken away where nothing shall be there. */
struct cache *cache_new(const char *directory, enum cache_how how,
                        uint64_t limit);
void cache_free(struct cache **cache);

/* A rendering as a spool of the caller's; NULL if it is not here. */
struct spool *cache_get(struct cache *cache, int64_t row, uint32_t rendering);

/* Whether it keeps anything. */
bool cache_keeps(const struct cache *cache);

/* Keeps a copy, if it fits. */
void cache_put(struct cache *cache, int64_t row, uint32_t rendering,
               const struct spool *content);

void cache_remove(struct cache *cache, int64_t row, uint32_t rendering);

#endif
