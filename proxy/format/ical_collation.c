/*
 * ical_collation.c - whether a text contains another, as a client compares
 */
#include <string.h>

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/format/ical_filter.h"

static UChar *to_utf16(struct arena *arena, const char *text, int32_t *len)
{
    UErrorCode error = U_ZERO_ERROR;
    int32_t room = (int32_t)strlen(text) + 1;
    UChar *out = arena_array(arena, (size_t)room, sizeof *out);
    u_strFromUTF8WithSub(out, room, len, text, -1, 0xFFFD, NULL, &error);
    return out;
}

/* RFC 5051: decomposed, and without the difference of cases. */
static UChar *folded(struct arena *arena, const char *text, int32_t *len_out)
{
    UErrorCode error = U_ZERO_ERROR;
    int32_t len;
    UChar *from = to_utf16(arena, text, &len);
    const UNormalizer2 *rules = unorm2_getNFKDInstance(&error);
    if (U_FAILURE(error))
        return from;
    int32_t room = len * 18 + 1;
    UChar *parts = arena_array(arena, (size_t)room, sizeof *parts);
    len = unorm2_normalize(rules, from, len, parts, room, &error);
    if (U_FAILURE(error))
        return from;
    UChar *out = arena_array(arena, (size_t)len * 3 + 1, sizeof *out);
    *len_out = u_strFoldCase(out, len * 3 + 1, parts, len, U_FOLD_CASE_DEFAULT,
                             &error);
    return out;
}

static bool contains_unicode(const char *text, const char *part)
{
    struct arena *arena = arena_new();
    int32_t text_len = 0, part_len = 0;
    const UChar *in = folded(arena, text, &text_len);
    const UChar *what = folded(arena, part, &part_len);
    bool found = u_strFindFirst(in, text_len, what, part_len) != NULL;
    arena_free(&arena);
    return found;
}

static bool contains_ascii(const char *text, const char *part)
{
    for (size_t len = strlen(part);; text++) {
        size_t i = 0;
        while (i < len && text[i] != '\0' &&
               str_is_nocase(&text[i], 1, (char[]){ part[i], '\0' }))
            i++;
        if (i == len)
            return true;
        if (*text == '\0')
            return false;
    }
}

bool ical_text_matches(const struct ical_text_match *match, const char *text)
{
    bool found = false;
    switch (match->collation) {
    case ICAL_ASCII_CASEMAP:
        found = contains_ascii(text, match->text);
        break;
    case ICAL_OCTET:
        found = strstr(text, match->text) != NULL;
        break;
    case ICAL_UNICODE_CASEMAP:
        found = contains_unicode(text, match->text);
        break;
    }
    return found != match->negate;
}
