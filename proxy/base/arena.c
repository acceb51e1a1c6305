/*
 * arena.c - the memory of one request
 *
 * Blocks are filled from front to back.  What does not fit into the current
 * block starts a new one; a large thing gets a block of its own behind the
 * current one, whose rest stays in use.
 */
#include "proxy/base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"

#define ALIGNMENT 16

/* With AddressSanitizer everything gets a block of its own, so that an access
 * beyond its end or after its arena is seen. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define EACH_ITS_BLOCK
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define EACH_ITS_BLOCK
#endif

#ifdef EACH_ITS_BLOCK
#define BLOCK_SIZE 0
#else
#define BLOCK_SIZE (8 * 1024 - 64)
#endif

struct block {
    _Alignas(ALIGNMENT) struct block *next;
    size_t used;
    size_t capacity;
    _Alignas(ALIGNMENT) char data[];
};

struct deferred {
    struct deferred *next;
    void (*release)(void *subject);
    void *subject;
};

struct arena {
    struct block *blocks; /* the first is the one being filled */
    struct deferred *deferred;
};

struct arena *arena_new(void)
{
    return memory_new(sizeof(struct arena));
}

static void run_deferred(struct arena *arena)
{
    while (arena->deferred != NULL) {
        struct deferred *deferred = arena->deferred;

        arena->deferred = deferred->next;
        deferred->release(deferred->subject);
    }
}

void arena_reset(struct arena *arena)
{
    run_deferred(arena);

    struct block *kept = NULL;
    struct block *block = arena->blocks;
    while (block != NULL) {
        struct block *next = block->next;

        if (kept == NULL && block->capacity == BLOCK_SIZE && BLOCK_SIZE > 0)
            kept = block;
        else
            free(block);
        block = next;
    }
    if (kept != NULL) {
        memset(kept->data, 0, kept->used);
        kept->used = 0;
        kept->next = NULL;
    }
    arena->blocks = kept;
}

void arena_free(struct arena **arena)
{
    if (*arena == NULL)
        return;
    arena_reset(*arena);
    free((*arena)->blocks);
    free(*arena);
    *arena = NULL;
}

static struct block *block_new(size_t capacity)
{
    struct block *block = memory_new(sizeof *block + capacity);

    block->capacity = capacity;
    return block;
}

/* Finds or makes the block that `size` bytes fit into. */
static struct block *block_for(struct arena *arena, size_t size)
{
    struct block *current = arena->blocks;

    if (current != NULL && current->capacity - current->used >= size)
        return current;
    if (current == NULL || size <= BLOCK_SIZE / 4) {
        struct block *block = block_new(size > BLOCK_SIZE ? size : BLOCK_SIZE);

        block->next = current;
        arena->blocks = block;
        return block;
    }

    struct block *block = block_new(size);
    block->next = current->next;
    current->next = block;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        memory_exhausted();

    size_t rounded = size;
    if (BLOCK_SIZE > 0)
        rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;

    struct block *block = block_for(arena, rounded);
    char *memory = block->data + block->used;
    block->used += rounded;
    return memory;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / 2 / size)
        memory_exhausted();
    return arena_alloc(arena, count * size);
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_memdup(arena, text, strlen(text) + 1);
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
    size_t actual = strnlen(text, len);
    char *copy = arena_alloc(arena, actual + 1);

    memcpy(copy, text, actual);
    return copy;
}

void *arena_memdup(struct arena *arena, const void *data, size_t len)
{
    void *copy = arena_alloc(arena, len);

    if (len > 0)
        memcpy(copy, data, len);
    return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    va_list again;

    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    if (len < 0)
        memory_exhausted();

    char *text = arena_alloc(arena, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return text;
}

void arena_defer(struct arena *arena, void (*release)(void *subject),
                 void *subject)
{
    struct deferred *deferred = arena_alloc(arena, sizeof *deferred);

    deferred->release = release;
    deferred->subject = subject;
    deferred->next = arena->deferred;
    arena->deferred = deferred;
}
