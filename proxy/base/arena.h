/*
 * arena.h - the memory of one request
 *
 * What a request makes lives in its arena and goes with it.  Memory is zeroed
 * and never NULL: running out of it ends the process.  Not thread-safe: an
 * arena belongs to whoever runs the request.
 */
#ifndef POSTERN_BASE_ARENA_H
#define POSTERN_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);

/* Runs what was deferred, newest first, and frees everything. */
void arena_free(struct arena **arena);

/* As free and new, keeping one block for the next request. */
void arena_reset(struct arena *arena);

void *arena_alloc(struct arena *arena, size_t size);

/* As arena_alloc for an array; an overflowing product ends the process. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* Copies; of NULL, NULL. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t len);
void *arena_memdup(struct arena *arena, const void *data, size_t len);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args);

/* Has `release(subject)` called when the arena is freed or reset. */
void arena_defer(struct arena *arena, void (*release)(void *subject),
                 void *subject);

#endif
