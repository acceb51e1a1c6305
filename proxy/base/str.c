/*
 * str.c - ASCII text: comparing, numbers, lists
 */
#include "proxy/base/str.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"

#define WHITE " \t\r\n\f\v"

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool str_equal(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool str_equal_nocase(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && str_compare_nocase(a, b) == 0);
}

int str_compare_nocase(const char *a, const char *b)
{
    while (*a != '\0' && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return lower(*a) - lower(*b);
}

bool str_starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool str_starts_nocase(const char *text, const char *prefix)
{
    size_t len = strlen(prefix);

    return strnlen(text, len) == len && str_is_nocase(text, len, prefix);
}

bool str_ends_nocase(const char *text, const char *suffix)
{
    size_t text_len = strlen(text);
    size_t len = strlen(suffix);

    return text_len >= len && str_is_nocase(text + text_len - len, len, suffix);
}

bool str_is_nocase(const char *data, size_t len, const char *word)
{
    for (size_t i = 0; i < len; i++)
        if (word[i] == '\0' || lower(data[i]) != lower(word[i]))
            return false;
    return word[len] == '\0';
}

bool str_to_u64(const char *text, uint64_t max, uint64_t *value_out)
{
    uint64_t value = 0;

    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9')
            return false;

        uint64_t digit = (uint64_t)(*text - '0');
        if (value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    if (value > max)
        return false;
    *value_out = value;
    return true;
}

bool str_to_i64(const char *text, int64_t *value_out)
{
    bool negative = *text == '-';
    uint64_t limit = (uint64_t)INT64_MAX + (negative ? 1 : 0);
    uint64_t value;

    if (!str_to_u64(negative ? text + 1 : text, limit, &value))
        return false;
    *value_out = negative ? (int64_t)(0 - value) : (int64_t)value;
    return true;
}

/* Narrows `*len` bytes at `text` to what is between white space. */
static const char *trimmed(const char *text, size_t *len)
{
    while (*len > 0 && strchr(WHITE, text[*len - 1]) != NULL)
        (*len)--;
    while (*len > 0 && strchr(WHITE, *text) != NULL) {
        text++;
        (*len)--;
    }
    return text;
}

char **str_split(struct arena *arena, const char *text, const char *separators)
{
    size_t most = 2; /* the last part, and NULL */

    for (const char *p = text; *p != '\0'; p++)
        if (strchr(separators, *p) != NULL)
            most++;

    char **parts = arena_array(arena, most, sizeof *parts);
    size_t count = 0;
    for (;;) {
        size_t piece = strcspn(text, separators);
        size_t len = piece;
        const char *start = trimmed(text, &len);

        if (len > 0)
            parts[count++] = arena_strndup(arena, start, len);
        if (text[piece] == '\0')
            return parts;
        text += piece + 1;
    }
}

char *str_trim(struct arena *arena, const char *text)
{
    size_t len = strlen(text);
    const char *start = trimmed(text, &len);

    return arena_strndup(arena, start, len);
}

const char *str_authority(const char *url, size_t *len_out)
{
    const char *colon = strstr(url, "://");
    const char *start = colon != NULL ? colon + 3 : url;

    *len_out = strcspn(start, "/?#");
    return start;
}

bool str_has_login(const char *url)
{
    size_t len;
    const char *authority = str_authority(url, &len);

    return memchr(authority, '@', len) != NULL;
}

char *str_lower(char *text)
{
    for (char *p = text; *p != '\0'; p++)
        *p = (char)lower(*p);
    return text;
}

char *str_printable(struct arena *arena, const char *data, size_t len,
                    size_t max)
{
    struct buf buf;

    buf_init(&buf, arena);
    buf_putc(&buf, '"');
    for (size_t i = 0; i < len && i < max; i++) {
        unsigned char c = (unsigned char)data[i];

        if (c == '"' || c == '\\')
            buf_printf(&buf, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            buf_printf(&buf, "\\x%02x", c);
        else
            buf_putc(&buf, (char)c);
    }
    buf_puts(&buf, len > max ? "...\"" : "\"");
    return buf.data;
}
