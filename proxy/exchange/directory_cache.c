/*
 * directory_cache.c - what has been told of people, in memory for minutes
 */
#include "proxy/exchange/directory_cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/exchange/flight.h"

#define BUCKETS 1024

/* One answer, its key and its data in one piece.  Who reads it holds it, so
 * that it may leave the cache meanwhile. */
struct entry {
    struct directory_answer answer;
    atomic_uint holders;
    LIST_ENTRY(entry) bucket;
    TAILQ_ENTRY(entry) age;
    size_t owner; /* how long his part of the key is */
    size_t size;
    const char *key;
    char memory[];
};

struct directory_turn {
    LIST_ENTRY(directory_turn) link;
    struct flight flight;
    unsigned users;
    char key[];
};

struct directory_cache {
    pthread_mutex_t lock;
    LIST_HEAD(, entry) buckets[BUCKETS];
    TAILQ_HEAD(entries, entry) ages; /* the last used one first */
    uint64_t size;
    LIST_HEAD(, directory_turn) turns;
};

struct directory_cache *directory_cache_new(void)
{
    struct directory_cache *cache = memory_new(sizeof *cache);

    pthread_mutex_init(&cache->lock, NULL);
    TAILQ_INIT(&cache->ages);
    return cache;
}

/* --- Entries -------------------------------------------------------------- */

/* No user's name has a line's end in it. */
static const char *whole_key(struct op *op, const char *owner, const char *key)
{
    return arena_printf(op->arena, "%s\n%s", owner, key);
}

/* FNV-1a */
static size_t bucket_of(const char *key)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (; *key != '\0'; key++)
        hash = (hash ^ (unsigned char)*key) * UINT64_C(0x100000001b3);
    return (size_t)(hash % BUCKETS);
}

static void release(void *subject)
{
    struct entry *entry = subject;

    if (atomic_fetch_sub(&entry->holders, 1) == 1)
        free(entry);
}

static const struct directory_answer *hold(struct op *op, struct entry *entry)
{
    atomic_fetch_add(&entry->holders, 1);
    arena_defer(op->arena, release, entry);
    return &entry->answer;
}

static struct entry *new_entry(const char *owner, const char *key,
                               const struct directory_answer *answer)
{
    size_t key_len = strlen(key) + 1;
    struct entry *entry = memory_new(sizeof *entry + key_len + answer->len + 1);

    entry->answer = *answer;
    atomic_init(&entry->holders, 1);
    entry->owner = strlen(owner);
    entry->size = sizeof *entry + key_len + answer->len;
    entry->key = memcpy(entry->memory, key, key_len);
    entry->answer.data = entry->memory + key_len;
    if (answer->len > 0)
        memcpy(entry->memory + key_len, answer->data, answer->len);
    return entry;
}

/* --- The cache, under its lock -------------------------------------------- */

static struct entry *find_entry(struct directory_cache *cache, const char *key)
{
    struct entry *entry;

    LIST_FOREACH (entry, &cache->buckets[bucket_of(key)], bucket)
        if (strcmp(entry->key, key) == 0)
            return entry;
    return NULL;
}

static void remove_entry(struct directory_cache *cache, struct entry *entry)
{
    LIST_REMOVE(entry, bucket);
    TAILQ_REMOVE(&cache->ages, entry, age);
    cache->size -= entry->size;
    release(entry);
}

static void add_entry(struct directory_cache *cache, struct entry *entry)
{
    atomic_fetch_add(&entry->holders, 1);
    LIST_INSERT_HEAD(&cache->buckets[bucket_of(entry->key)], entry, bucket);
    TAILQ_INSERT_HEAD(&cache->ages, entry, age);
    cache->size += entry->size;
}

static void use_entry(struct directory_cache *cache, struct entry *entry)
{
    TAILQ_REMOVE(&cache->ages, entry, age);
    TAILQ_INSERT_HEAD(&cache->ages, entry, age);
}

void directory_cache_free(struct directory_cache **cache)
{
    if (*cache == NULL)
        return;
    while (!TAILQ_EMPTY(&(*cache)->ages))
        remove_entry(*cache, TAILQ_FIRST(&(*cache)->ages));
    pthread_mutex_destroy(&(*cache)->lock);
    free(*cache);
    *cache = NULL;
}

const struct directory_answer *directory_cache_put(
    struct op *op, struct directory_cache *cache, const char *owner,
    const char *key, const struct directory_answer *answer, uint64_t limit)
{
    key = whole_key(op, owner, key);
    struct entry *entry = new_entry(owner, key, answer);

    pthread_mutex_lock(&cache->lock);
    struct entry *old = find_entry(cache, key);
    if (old != NULL)
        remove_entry(cache, old);
    if (entry->size <= limit)
        add_entry(cache, entry);
    while (cache->size > limit)
        remove_entry(cache, TAILQ_LAST(&cache->ages, entries));
    pthread_mutex_unlock(&cache->lock);
    arena_defer(op->arena, release, entry);
    return &entry->answer;
}

const struct directory_answer *directory_cache_find(
    struct op *op, struct directory_cache *cache, const char *owner,
    const char *key)
{
    const struct directory_answer *answer = NULL;

    key = whole_key(op, owner, key);
    pthread_mutex_lock(&cache->lock);
    struct entry *entry = find_entry(cache, key);
    if (entry != NULL) {
        use_entry(cache, entry);
        answer = hold(op, entry);
    }
    pthread_mutex_unlock(&cache->lock);
    return answer;
}

static bool is_owned(const struct entry *entry, const char *owner)
{
    return entry->owner == strlen(owner) &&
           strncmp(entry->key, owner, entry->owner) == 0;
}

const struct directory_answer *directory_cache_search(
    struct op *op, struct directory_cache *cache, const char *owner,
    bool (*fits)(void *context, const struct directory_answer *answer),
    void *context)
{
    const struct directory_answer *found = NULL;
    struct entry *entry;

    pthread_mutex_lock(&cache->lock);
    TAILQ_FOREACH (entry, &cache->ages, age)
        if (is_owned(entry, owner) && fits(context, &entry->answer)) {
            found = hold(op, entry);
            break;
        }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

/* --- Turns ---------------------------------------------------------------- */

static struct directory_turn *turn_of(struct directory_cache *cache,
                                      const char *key)
{
    struct directory_turn *turn;

    LIST_FOREACH (turn, &cache->turns, link)
        if (strcmp(turn->key, key) == 0)
            return turn;
    turn = memory_new(sizeof *turn + strlen(key) + 1);
    strcpy(turn->key, key);
    flight_init(&turn->flight);
    LIST_INSERT_HEAD(&cache->turns, turn, link);
    return turn;
}

bool directory_turn_begin(struct op *op, struct directory_cache *cache,
                          const char *owner, const char *key,
                          struct directory_turn **turn_out,
                          enum status *status_out)
{
    key = whole_key(op, owner, key);
    pthread_mutex_lock(&cache->lock);
    *turn_out = turn_of(cache, key);
    (*turn_out)->users++;
    pthread_mutex_unlock(&cache->lock);
    return flight_begin(op, &(*turn_out)->flight, status_out);
}

void directory_turn_end(struct directory_cache *cache,
                        struct directory_turn **turn, bool mine,
                        enum status status)
{
    struct directory_turn *ended = *turn;

    *turn = NULL;
    if (mine)
        flight_end(&ended->flight, status);
    pthread_mutex_lock(&cache->lock);
    bool unused = --ended->users == 0;
    if (unused)
        LIST_REMOVE(ended, link);
    pthread_mutex_unlock(&cache->lock);
    if (!unused)
        return;
    flight_fini(&ended->flight);
    free(ended);
}
