/*
 * buf.c - bytes that grow
 */
#include "proxy/base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/memory.h"

/* What `data` is before the first byte comes. */
static char nothing[1];

void buf_init(struct buf *buf, struct arena *arena)
{
    *buf = (struct buf){ .data = nothing, .arena = arena };
}

void buf_fini(struct buf *buf)
{
    if (buf->arena == NULL && buf->capacity > 0)
        free(buf->data);
    buf_init(buf, buf->arena);
}

static void grow(struct buf *buf, size_t needed)
{
    size_t capacity = buf->capacity < 32 ? 64 : buf->capacity * 2;

    if (capacity < needed)
        capacity = needed;

    char *data;
    if (buf->arena != NULL) {
        data = arena_alloc(buf->arena, capacity);
        if (buf->len > 0)
            memcpy(data, buf->data, buf->len);
    } else {
        char *old = buf->capacity > 0 ? buf->data : NULL;

        data = memory_resize(old, capacity);
    }
    data[buf->len] = '\0';
    buf->data = data;
    buf->capacity = capacity;
}

char *buf_reserve(struct buf *buf, size_t len)
{
    if (len >= SIZE_MAX / 2 - buf->len)
        memory_exhausted();

    /* One byte more for the NUL; capacity 0 means that there is nothing of
     * ours. */
    if (buf->capacity < buf->len + len + 1)
        grow(buf, buf->len + len + 1);
    return buf->data + buf->len;
}

void buf_commit(struct buf *buf, size_t len)
{
    if (len == 0)
        return;
    buf->len += len;
    buf->data[buf->len] = '\0';
}

void buf_append(struct buf *buf, const void *data, size_t len)
{
    if (len == 0)
        return;
    memcpy(buf_reserve(buf, len), data, len);
    buf_commit(buf, len);
}

void buf_puts(struct buf *buf, const char *text)
{
    buf_append(buf, text, strlen(text));
}

void buf_putc(struct buf *buf, char c)
{
    buf_append(buf, &c, 1);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    buf_vprintf(buf, format, args);
    va_end(args);
}

void buf_vprintf(struct buf *buf, const char *format, va_list args)
{
    va_list again;

    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    if (len < 0)
        memory_exhausted();

    vsnprintf(buf_reserve(buf, (size_t)len), (size_t)len + 1, format, again);
    buf->len += (size_t)len;
    va_end(again);
}

void buf_consume(struct buf *buf, size_t len)
{
    if (len == 0)
        return;
    memmove(buf->data, buf->data + len, buf->len - len);
    buf->len -= len;
    buf->data[buf->len] = '\0';
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    if (buf->capacity > 0)
        buf->data[0] = '\0';
}
