/*
 * text_key.c - text prepared for comparing (RFC 4518, by ICU)
 */
#include "proxy/format/text_key.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "proxy/base/arena.h"
#include "proxy/base/utf8.h"

struct units {
    UChar *data;
    int32_t len;
};

static bool is_ascii(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] >= 0x80)
            return false;
    }
    return true;
}

/* RFC 4518, 2.2: what a character becomes; 0: nothing. */
static uint32_t mapped(uint32_t c)
{
    if ((c >= 0x09 && c <= 0x0d) || c == 0x85)
        return ' ';
    if (c < 0x80)
        return c < 0x20 || c == 0x7f ? 0 : c;
    if (U_GET_GC_MASK((UChar32)c) & U_GC_Z_MASK)
        return u_hasBinaryProperty((UChar32)c,
                                   UCHAR_DEFAULT_IGNORABLE_CODE_POINT)
                   ? 0
                   : ' ';
    if (u_iscntrl((UChar32)c) ||
        u_hasBinaryProperty((UChar32)c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
        return 0;
    return c;
}

static char *ascii_key(struct arena *arena, const char *text, size_t len,
                       enum text_key how)
{
    char *key = arena_alloc(arena, len + 1);
    size_t count = 0;

    for (size_t i = 0; i < len; i++) {
        uint32_t c = mapped((unsigned char)text[i]);

        if (how != TEXT_EXACT && c >= 'A' && c <= 'Z')
            c += 'a' - 'A';
        if (c != 0)
            key[count++] = (char)c;
    }
    return key;
}

static struct units to_units(struct arena *arena, const char *text, size_t len)
{
    struct units units = { arena_array(arena, len + 1, sizeof(UChar)), 0 };
    const char *at = text, *end = text + len;

    while (at < end) {
        uint32_t c = mapped(utf8_next(&at, end));

        if (c != 0)
            U16_APPEND_UNSAFE(units.data, units.len, c);
    }
    return units;
}

/* NULL where ICU cannot. */
static struct units normalized(struct arena *arena, const UNormalizer2 *form,
                               struct units from)
{
    UErrorCode error = U_ZERO_ERROR;
    struct units to = { NULL, 0 };
    int32_t room = unorm2_normalize(form, from.data, from.len, NULL, 0, &error);

    if (error != U_BUFFER_OVERFLOW_ERROR && U_FAILURE(error))
        return to;
    to.data = arena_array(arena, (size_t)room + 1, sizeof(UChar));
    error = U_ZERO_ERROR;
    to.len =
        unorm2_normalize(form, from.data, from.len, to.data, room + 1, &error);
    if (U_FAILURE(error))
        to.data = NULL;
    return to;
}

/* Letters with a stroke through them, or without their dot, are in no parts;
 * those of one unit each, in small letters. */
static UChar32 plain(UChar32 c)
{
    static const UChar letters[][2] = {
        { 0x00f8, 'o' }, { 0x0111, 'd' }, { 0x0127, 'h' },
        { 0x0131, 'i' }, { 0x0142, 'l' }, { 0x0167, 't' },
    };

    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        if (letters[i][0] == c)
            return letters[i][1];
    }
    return c;
}

/* Takes the accents off characters that are in parts. */
static void drop_marks(struct units *units)
{
    int32_t count = 0;

    for (int32_t i = 0; i < units->len;) {
        UChar32 c;

        U16_NEXT(units->data, i, units->len, c);
        if ((U_GET_GC_MASK(c) & U_GC_MN_MASK) == 0)
            U16_APPEND_UNSAFE(units->data, count, plain(c));
    }
    units->len = count;
}

static char *to_text(struct arena *arena, struct units units)
{
    char *text = arena_alloc(arena, (size_t)units.len * 3 + 1);
    size_t len = 0;

    for (int32_t i = 0; i < units.len;) {
        UChar32 c;

        U16_NEXT(units.data, i, units.len, c);
        len += utf8_put((uint32_t)c, text + len);
    }
    return text;
}

char *text_key(struct arena *arena, const char *text, size_t len,
               enum text_key how)
{
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *form = how == TEXT_EXACT
                                   ? unorm2_getNFKCInstance(&error)
                                   : unorm2_getNFKCCasefoldInstance(&error);
    const UNormalizer2 *parts = unorm2_getNFKDInstance(&error);
    struct units units;

    if (is_ascii(text, len))
        return ascii_key(arena, text, len, how);
    /* ICU counts in int32_t. */
    if (len > INT32_MAX / 32 || !utf8_valid(text, len) || U_FAILURE(error))
        return NULL;
    units = normalized(arena, form, to_units(arena, text, len));
    if (units.data != NULL && how == TEXT_LOOSE) {
        units = normalized(arena, parts, units);
        drop_marks(&units);
    }
    return units.data != NULL ? to_text(arena, units) : NULL;
}
