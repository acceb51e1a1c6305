/*
 * buf.h - bytes that grow
 *
 * With an arena the bytes live in it; without one they are on the heap and
 * buf_fini frees them.  `data` is always followed by a NUL that `len` does not
 * count, so that text can be used as a C string.
 */
#ifndef POSTERN_BASE_BUF_H
#define POSTERN_BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct buf {
    char *data;
    size_t len;
    size_t capacity;
    struct arena *arena;
};

void buf_init(struct buf *buf, struct arena *arena);
void buf_fini(struct buf *buf);

/* Makes room for `len` more bytes and returns where they go; `len` is
 * unchanged. */
char *buf_reserve(struct buf *buf, size_t len);

/* Counts `len` bytes that were written where buf_reserve said. */
void buf_commit(struct buf *buf, size_t len);

void buf_append(struct buf *buf, const void *data, size_t len);
void buf_puts(struct buf *buf, const char *text);
void buf_putc(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *buf, const char *format, va_list args);

/* Drops `len` bytes from the front. */
void buf_consume(struct buf *buf, size_t len);

/* Forgets the content and keeps the memory. */
void buf_clear(struct buf *buf);

#endif
