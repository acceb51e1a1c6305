/*
 * kept.c - see kept.h
 */
#include "proxy/exchange/ews/kept.h"

#include <string.h>
#include <zlib.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"

/* The longest value, in characters. */
#define VALUE_MAX 32000

/* The longest text: what grows beyond it has not been made here. */
#define TEXT_MAX (4u << 20)

char *kept_pack(struct arena *arena, const char *text)
{
    size_t len = strlen(text);
    uLongf packed_len = compressBound(len);

    if (len > TEXT_MAX)
        return NULL;
    Bytef *packed = arena_alloc(arena, packed_len);
    if (compress2(packed, &packed_len, (const Bytef *)text, len,
                  Z_BEST_COMPRESSION) != Z_OK ||
        base64_encoded_size(packed_len) > VALUE_MAX)
        return NULL;
    char *value = arena_alloc(arena, base64_encoded_size(packed_len) + 1);
    base64_encode(packed, packed_len, value);
    return value;
}

char *kept_unpack(struct arena *arena, const char *value)
{
    size_t packed_len;
    char *packed = base64_decode(arena, value, strlen(value), &packed_len);

    if (packed == NULL)
        return NULL;
    for (uLongf room = packed_len * 8 + 256; room <= TEXT_MAX * 2; room *= 4) {
        uLongf len = room;
        char *text = arena_alloc(arena, room + 1);
        int result =
            uncompress((Bytef *)text, &len, (const Bytef *)packed, packed_len);
        if (result == Z_OK)
            return strlen(text) == len ? text : NULL;
        if (result != Z_BUF_ERROR)
            return NULL;
    }
    return NULL;
}
