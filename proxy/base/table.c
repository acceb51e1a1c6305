/*
 * table.c - see table.h
 *
 * Open addressing: a thing lies at the place that its hash names, or at the
 * next free one.  The table is never more than half full.
 */
#include "proxy/base/table.h"

#include <string.h>

#include "proxy/base/arena.h"

struct entry {
    uint64_t hash;
    int64_t number;
    const char *text;
    void *thing; /* NULL: free */
};

struct table {
    struct arena *arena;
    struct entry *entries;
    size_t room; /* a power of two */
    size_t count;
};

#define FIRST_ROOM 64

struct table *table_new(struct arena *arena)
{
    struct table *table = arena_alloc(arena, sizeof *table);

    table->arena = arena;
    table->room = FIRST_ROOM;
    table->entries = arena_array(arena, table->room, sizeof *table->entries);
    return table;
}

/* FNV-1a, with its upper bits mixed into the lower ones. */
static uint64_t hash_of(int64_t number, const char *text)
{
    uint64_t hash = 0xcbf29ce484222325u ^ (uint64_t)number;

    hash *= 0x100000001b3u;
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
    return hash ^ hash >> 32;
}

/* Where it is, or would be. */
static struct entry *place_of(const struct table *table, uint64_t hash,
                              int64_t number, const char *text)
{
    size_t i = hash & (table->room - 1);

    for (;; i = (i + 1) & (table->room - 1)) {
        struct entry *entry = &table->entries[i];

        if (entry->thing == NULL ||
            (entry->hash == hash && entry->number == number &&
             strcmp(entry->text, text) == 0))
            return entry;
    }
}

static void grow(struct table *table)
{
    struct entry *old = table->entries;
    size_t room = table->room;

    table->room = room * 2;
    table->entries =
        arena_array(table->arena, table->room, sizeof *table->entries);
    for (size_t i = 0; i < room; i++)
        if (old[i].thing != NULL)
            *place_of(table, old[i].hash, old[i].number, old[i].text) = old[i];
}

void *table_add(struct table *table, int64_t number, const char *text,
                void *thing)
{
    if (text == NULL)
        text = "";
    uint64_t hash = hash_of(number, text);
    struct entry *entry = place_of(table, hash, number, text);

    if (entry->thing != NULL)
        return entry->thing;
    *entry = (struct entry){ hash, number, text, thing };
    if (++table->count * 2 > table->room)
        grow(table);
    return thing;
}

void *table_find(const struct table *table, int64_t number, const char *text)
{
    if (text == NULL)
        text = "";
    return place_of(table, hash_of(number, text), number, text)->thing;
}
