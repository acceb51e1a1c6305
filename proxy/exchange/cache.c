/*
 * cache.c - renderings of messages, bounded in size
 *
 * A table says what is here and in which order it was used; the renderings
 * themselves are in files (cache_files.c), or in RAM.
 */
#include "proxy/exchange/cache.h"

#include <pthread.h>
#include <stdlib.h>

#include "proxy/base/memory.h"
#include "proxy/base/spool.h"
#include "proxy/exchange/cache_files.h"

#define BUCKETS 1024
#define RAM_LIMIT (32u * 1024 * 1024)

struct entry {
    int64_t row;
    uint32_t rendering;
    uint64_t size;
    char *data;         /* in RAM only */
    struct entry *next; /* in its bucket */
    struct entry *older, *newer;
};

struct cache {
    pthread_mutex_t lock;
    int directory; /* -1 in RAM */
    uint64_t limit;
    uint64_t size;
    uint64_t writes; /* for temporary names */
    struct entry *oldest, *newest;
    struct entry *buckets[BUCKETS];
};

/* --- The table ----------------------------------------------------------- */

static struct entry **find(struct cache *cache, int64_t row, uint32_t rendering)
{
    struct entry **entry = &cache->buckets[(uint64_t)row % BUCKETS];

    while (*entry != NULL &&
           ((*entry)->row != row || (*entry)->rendering != rendering))
        entry = &(*entry)->next;
    return entry;
}

static void unlink_age(struct cache *cache, struct entry *entry)
{
    *(entry->older != NULL ? &entry->older->newer : &cache->oldest) =
        entry->newer;
    *(entry->newer != NULL ? &entry->newer->older : &cache->newest) =
        entry->older;
    entry->older = entry->newer = NULL;
}

static void make_newest(struct cache *cache, struct entry *entry)
{
    entry->older = cache->newest;
    entry->newer = NULL;
    *(cache->newest != NULL ? &cache->newest->newer : &cache->oldest) = entry;
    cache->newest = entry;
}

static void drop(struct cache *cache, struct entry **place)
{
    struct entry *entry = *place;

    *place = entry->next;
    unlink_age(cache, entry);
    cache->size -= entry->size;
    if (cache->directory >= 0)
        cache_files_remove(cache->directory, entry->row, entry->rendering);
    free(entry->data);
    free(entry);
}

static void add(struct cache *cache, int64_t row, uint32_t rendering,
                uint64_t size, char *data)
{
    struct entry **place = find(cache, row, rendering);

    if (*place == NULL) {
        *place = memory_new(sizeof **place);
        **place = (struct entry){ .row = row, .rendering = rendering };
    } else {
        unlink_age(cache, *place);
        cache->size -= (*place)->size;
        free((*place)->data);
    }
    (*place)->size = size;
    (*place)->data = data;
    cache->size += size;
    make_newest(cache, *place);
    while (cache->size > cache->limit)
        drop(cache, find(cache, cache->oldest->row, cache->oldest->rendering));
}

/* --- Opening ------------------------------------------------------------- */

static void add_file(void *context, int64_t row, uint32_t rendering,
                     uint64_t size)
{
    add(context, row, rendering, size, NULL);
}

struct cache *cache_new(const char *directory, enum cache_how how,
                        uint64_t limit)
{
    struct cache *cache = memory_new(sizeof *cache);

    pthread_mutex_init(&cache->lock, NULL);
    cache->directory = -1;
    cache->limit = how == CACHE_OFF ? 0 : limit;
    if (directory != NULL && how == CACHE_DISK)
        cache->directory = cache_files_open(directory);
    else if (directory != NULL)
        cache_files_clear(directory);
    if (cache->directory < 0 && cache->limit > RAM_LIMIT)
        cache->limit = RAM_LIMIT;
    if (cache->directory >= 0)
        cache_files_load(cache->directory, add_file, cache);
    return cache;
}

bool cache_keeps(const struct cache *cache)
{
    return cache->limit > 0;
}

static void free_entries(struct cache *cache)
{
    while (cache->oldest != NULL) {
        struct entry *entry = cache->oldest;

        unlink_age(cache, entry);
        free(entry->data);
        free(entry);
    }
}

void cache_free(struct cache **cache)
{
    if (*cache == NULL)
        return;
    free_entries(*cache);
    if ((*cache)->directory >= 0)
        cache_files_close((*cache)->directory);
    pthread_mutex_destroy(&(*cache)->lock);
    free(*cache);
    *cache = NULL;
}

/* --- Use ----------------------------------------------------------------- */

static struct spool *spool_of(struct cache *cache, const struct entry *entry)
{
    if (cache->directory >= 0)
        return cache_files_read(cache->directory, entry->row, entry->rendering,
                                entry->size);
    struct spool *spool = spool_new(NULL, 0);
    if (!spool_write(spool, entry->data, entry->size))
        spool_free(&spool);
    return spool;
}

struct spool *cache_get(struct cache *cache, int64_t row, uint32_t rendering)
{
    struct spool *spool = NULL;

    pthread_mutex_lock(&cache->lock);
    struct entry **place = find(cache, row, rendering);
    if (*place != NULL) {
        spool = spool_of(cache, *place);
        if (spool == NULL) {
            drop(cache, place);
        } else {
            unlink_age(cache, *place);
            make_newest(cache, *place);
        }
    }
    pthread_mutex_unlock(&cache->lock);
    return spool;
}

static char *copy_to_memory(const struct spool *content)
{
    uint64_t size = spool_size(content);
    char *data = memory_new(size + 1);

    for (uint64_t at = 0; at < size;) {
        long got = spool_read(content, at, data + at, (size_t)(size - at));
        if (got <= 0) {
            free(data);
            return NULL;
        }
        at += (uint64_t)got;
    }
    return data;
}

void cache_put(struct cache *cache, int64_t row, uint32_t rendering,
               const struct spool *content)
{
    uint64_t size = spool_size(content);
    char *data = NULL;
    bool kept;

    if (size > cache->limit / 2 || cache->limit == 0)
        return;
    pthread_mutex_lock(&cache->lock);
    uint64_t number = cache->writes++;
    pthread_mutex_unlock(&cache->lock);
    /* Without the lock: a large file takes a while. */
    if (cache->directory >= 0)
        kept = cache_files_write(cache->directory, row, rendering, number,
                                 content);
    else
        kept = (data = copy_to_memory(content)) != NULL;
    if (!kept)
        return;
    pthread_mutex_lock(&cache->lock);
    add(cache, row, rendering, size, data);
    pthread_mutex_unlock(&cache->lock);
}

void cache_remove(struct cache *cache, int64_t row, uint32_t rendering)
{
    pthread_mutex_lock(&cache->lock);
    struct entry **place = find(cache, row, rendering);
    if (*place != NULL)
        drop(cache, place);
    pthread_mutex_unlock(&cache->lock);
}
