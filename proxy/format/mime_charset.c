/*
 * mime_charset.c - text in any charset as UTF-8 (by ICU), and text without its
 * case
 */
#include "proxy/format/mime_charset.h"

#include <limits.h>
#include <string.h>

#include <unicode/ucasemap.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"

/* Mail says one and means the other: the left is a subset of the right. */
static const struct {
    const char *said;
    const char *meant;
} supersets[] = {
    { "us-ascii", "windows-1252" },
    { "ascii", "windows-1252" },
    { "iso-8859-1", "windows-1252" },
    { "latin1", "windows-1252" },
    { "gb2312", "gb18030" },
    { "gbk", "gb18030" },
    { "ks_c_5601-1987", "windows-949" },
    { "euc-kr", "windows-949" },
    { "shift_jis", "windows-31j" },
    { "iso-8859-9", "windows-1254" },
};

/* NULL when ICU does not know it.  ICU takes "" as the machine's own charset,
 * and what follows a comma as options. */
static UConverter *open_converter(const char *charset)
{
    if (*charset == '\0' || strlen(charset) >= UCNV_MAX_CONVERTER_NAME_LENGTH ||
        strchr(charset, ',') != NULL)
        return NULL;
    for (size_t i = 0; i < sizeof supersets / sizeof *supersets; i++) {
        if (str_equal_nocase(charset, supersets[i].said))
            charset = supersets[i].meant;
    }
    UErrorCode error = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(charset, &error);
    return U_FAILURE(error) ? NULL : converter;
}

bool mime_charset_known(const char *charset)
{
    UConverter *converter = open_converter(charset);
    if (converter == NULL)
        return false;
    ucnv_close(converter);
    return true;
}

/* Characters as UTF-8 without NUL, which a C string cannot hold. */
static char *utf16_to_utf8(struct arena *arena, const UChar *text, int32_t len)
{
    char *out = arena_alloc(arena, (size_t)len * 3 + 1);
    size_t out_len = 0;
    for (int32_t i = 0; i < len;) {
        UChar32 c;
        U16_NEXT(text, i, len, c);
        if (c != 0)
            out_len += utf8_put(U_IS_SURROGATE(c) ? 0xfffd : (uint32_t)c,
                                out + out_len);
    }
    return out;
}

char *mime_charset_decode(struct arena *arena, const char *charset,
                          const char *data, size_t len)
{
    /* ICU counts in int32_t. */
    if (len > INT32_MAX / 8)
        return NULL;
    UConverter *converter = open_converter(charset);
    if (converter == NULL)
        return NULL;
    UErrorCode error = U_ZERO_ERROR;
    int32_t capacity = (int32_t)len * 2 + 16;
    UChar *text = arena_array(arena, (size_t)capacity, sizeof *text);
    int32_t text_len =
        ucnv_toUChars(converter, text, capacity, data, (int32_t)len, &error);
    ucnv_close(converter);
    return U_FAILURE(error) ? NULL : utf16_to_utf8(arena, text, text_len);
}

char *mime_charset_guess(struct arena *arena, const char *data, size_t len)
{
    if (utf8_valid(data, len))
        return arena_strndup(arena, data, len);
    char *out = arena_alloc(arena, len * 2 + 1);
    size_t out_len = 0;
    for (size_t i = 0; i < len; i++) {
        if (data[i] != '\0')
            out_len += utf8_put((unsigned char)data[i], out + out_len);
    }
    return out;
}

static bool is_ascii(const char *text)
{
    while (*text != '\0' && (unsigned char)*text < 0x80)
        text++;
    return *text == '\0';
}

char *mime_fold_case(struct arena *arena, const char *text)
{
    size_t len = strlen(text);
    if (is_ascii(text))
        return str_lower(arena_strndup(arena, text, len));
    const char *valid = utf8_repair(arena, text, len);
    len = strlen(valid);
    UErrorCode error = U_ZERO_ERROR;
    UCaseMap *map = ucasemap_open("", U_FOLD_CASE_DEFAULT, &error);
    /* Folding makes three characters of one at the most. */
    size_t capacity = len * 3 + 1;
    if (U_FAILURE(error) || capacity > INT32_MAX) {
        ucasemap_close(map);
        return str_lower(arena_strdup(arena, valid));
    }
    char *out = arena_alloc(arena, capacity);
    int32_t out_len = ucasemap_utf8FoldCase(map, out, (int32_t)capacity, valid,
                                            (int32_t)len, &error);
    ucasemap_close(map);
    if (U_FAILURE(error) || out_len < 0 || (size_t)out_len >= capacity)
        return str_lower(arena_strdup(arena, valid));
    return out;
}

/* --- For sorting ---------------------------------------------------------- */

static char *ascii_casemap(struct arena *arena, const char *text)
{
    char *key = arena_strdup(arena, text);
    for (char *c = key; *c != '\0'; c++) {
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    }
    return key;
}

/* Each character's simple titlecase, as UTF-16. */
static UChar *to_titles(struct arena *arena, const char *text, size_t len,
                        int32_t *len_out)
{
    UChar *titles = arena_array(arena, len, sizeof *titles);
    int32_t count = 0;
    for (const char *at = text, *end = text + len; at < end;) {
        uint32_t c = utf8_next(&at, end);
        UChar32 title = u_totitle(c == UINT32_MAX ? 0xfffd : (UChar32)c);
        U16_APPEND_UNSAFE(titles, count, title);
    }
    *len_out = count;
    return titles;
}

char *mime_casemap(struct arena *arena, const char *text)
{
    size_t len = strlen(text);
    /* ICU counts in int32_t. */
    if (is_ascii(text) || len > INT32_MAX / 8)
        return ascii_casemap(arena, text);
    int32_t titles_len;
    const char *valid = utf8_repair(arena, text, len);
    UChar *titles = to_titles(arena, valid, strlen(valid), &titles_len);
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *nfkd = unorm2_getNFKDInstance(&error);
    int32_t key_len =
        U_FAILURE(error)
            ? 0
            : unorm2_normalize(nfkd, titles, titles_len, NULL, 0, &error);
    if (error != U_BUFFER_OVERFLOW_ERROR)
        return utf16_to_utf8(arena, titles, titles_len);
    UChar *key = arena_array(arena, (size_t)key_len, sizeof *key);
    error = U_ZERO_ERROR;
    unorm2_normalize(nfkd, titles, titles_len, key, key_len, &error);
    return U_FAILURE(error) ? utf16_to_utf8(arena, titles, titles_len)
                            : utf16_to_utf8(arena, key, key_len);
}
