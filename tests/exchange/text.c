/*
 * text.c - looking for text in text, whatever the case
 */
#include "tests/exchange/text.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/utf8.h"

/* Simple folding of the alphabets that our mail is written in. */
static uint32_t fold(uint32_t c)
{
    if ((c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) ||
        (c >= 0x391 && c <= 0x3a9) || (c >= 0x410 && c <= 0x42f))
        return c + 32;
    if (c >= 0x100 && c <= 0x137)
        return c | 1;
    return c >= 0x400 && c <= 0x40f ? c + 80 : c;
}

char *text_fold(struct arena *arena, const char *text)
{
    const char *end = text + strlen(text);
    struct buf out;

    buf_init(&out, arena);
    while (text < end) {
        uint32_t c = utf8_next(&text, end);
        char octets[4];

        if (c == UINT32_MAX)
            c = 0xfffd;
        buf_append(&out, octets, utf8_put(fold(c), octets));
    }
    return out.len == 0 ? arena_strdup(arena, "") : out.data;
}

bool text_contains(struct arena *arena, const char *text, const char *wanted)
{
    return text != NULL &&
           strstr(text_fold(arena, text), text_fold(arena, wanted)) != NULL;
}
