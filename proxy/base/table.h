/*
 * table.h - finding things by a number and a text
 *
 * For looking up many things among many, where going through all of them each
 * time would take too long.
 */
#ifndef POSTERN_BASE_TABLE_H
#define POSTERN_BASE_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct table;

/* An empty one, in the arena. */
struct table *table_new(struct arena *arena);

/* Adds a thing unless there is one of this number and text (NULL is "").  The
 * text is not copied; the thing is not NULL.  Returns the one that is there. */
void *table_add(struct table *table, int64_t number, const char *text,
                void *thing);

/* NULL: there is none. */
void *table_find(const struct table *table, int64_t number, const char *text);

#endif
