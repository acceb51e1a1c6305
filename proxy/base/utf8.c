/*
 * utf8.c - RFC 3629, strictly: no surrogates, no overlong forms
 */
#include "proxy/base/utf8.h"

#include "proxy/base/buf.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* By how many bytes follow the first: its mark, and the least that needs
 * them. */
static const struct form {
    unsigned char mask;
    unsigned char mark;
    uint32_t least;
} forms[] = {
    { 0x80, 0x00, 0 },
    { 0xe0, 0xc0, 0x80 },
    { 0xf0, 0xe0, 0x800 },
    { 0xf8, 0xf0, 0x10000 },
};

/* Reads what the bytes after the first of a form add to it. */
static uint32_t read_tail(const unsigned char *bytes, size_t tail,
                          uint32_t head)
{
    for (size_t i = 1; i <= tail; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return UINT32_MAX;
        head = head << 6 | (bytes[i] & 0x3fu);
    }
    return head;
}

uint32_t utf8_next(const char **text, const char *end)
{
    const unsigned char *bytes = (const unsigned char *)*text;
    size_t available = (size_t)(end - *text);

    (*text)++;
    for (size_t tail = 0; tail < 4; tail++) {
        const struct form *form = &forms[tail];

        if ((bytes[0] & form->mask) != form->mark)
            continue;
        if (tail >= available)
            return UINT32_MAX;

        uint32_t head = bytes[0] & (unsigned char)~form->mask;
        uint32_t character = read_tail(bytes, tail, head);
        if (character > 0x10ffff || character < form->least ||
            (character >= 0xd800 && character <= 0xdfff))
            return UINT32_MAX;
        *text += tail;
        return character;
    }
    return UINT32_MAX;
}

size_t utf8_put(uint32_t character, char out[4])
{
    size_t tail = 0;

    while (tail < 3 && character >= (tail == 0 ? 0x80 : forms[tail + 1].least))
        tail++;
    for (size_t i = tail; i > 0; i--) {
        out[i] = (char)(0x80 | (character & 0x3f));
        character >>= 6;
    }
    out[0] = (char)(forms[tail].mark | character);
    return tail + 1;
}

bool utf8_valid(const char *text, size_t len)
{
    const char *end = text + len;

    while (text < end)
        if (utf8_next(&text, end) == UINT32_MAX)
            return false;
    return true;
}

char *utf8_repair(struct arena *arena, const char *text, size_t len)
{
    const char *end = text + len;
    struct buf buf;

    buf_init(&buf, arena);
    buf_reserve(&buf, len);
    while (text < end) {
        const char *start = text;

        if (utf8_next(&text, end) == UINT32_MAX)
            buf_puts(&buf, REPLACEMENT);
        else
            buf_append(&buf, start, (size_t)(text - start));
    }
    return buf.data;
}
