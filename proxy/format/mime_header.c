/*
 * mime_header.c - the fields of a header, one after the other
 */
#include "proxy/format/mime.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* The end of the line that starts at `at`, its line feed included. */
static const char *line_end(const char *at, const char *end)
{
    const char *feed = memchr(at, '\n', (size_t)(end - at));
    return feed == NULL ? end : feed + 1;
}

static bool is_blank_line(const char *at, const char *end)
{
    return at < end &&
           (*at == '\n' || (*at == '\r' && at + 1 < end && at[1] == '\n'));
}

static bool is_continuation(const char *at, const char *end)
{
    return at < end && (*at == ' ' || *at == '\t');
}

/* RFC 5322, 3.6.8: printable characters without the colon; RFC 5322, 4.5.8 lets
 * white space stand before the colon.  NULL if there is no name here. */
static const char *name_end(const char *at, const char *end,
                            const char **colon_out)
{
    const char *stop = at;
    while (stop < end && (unsigned char)*stop > ' ' && *stop != ':' &&
           *stop != 0x7f)
        stop++;
    const char *colon = stop;
    while (colon < end && (*colon == ' ' || *colon == '\t'))
        colon++;
    if (stop == at || colon == end || *colon != ':')
        return NULL;
    *colon_out = colon;
    return stop;
}

bool mime_field_next(const char *header, size_t len, size_t *offset,
                     struct mime_field *field_out)
{
    const char *end = header + len;
    const char *at = header + *offset;
    while (at < end && !is_blank_line(at, end)) {
        const char *stop = line_end(at, end);
        while (is_continuation(stop, end))
            stop = line_end(stop, end);
        const char *colon;
        const char *name_stop = name_end(at, stop, &colon);
        *offset = (size_t)(stop - header);
        if (name_stop != NULL) {
            *field_out = (struct mime_field){
                .name = at,
                .name_len = (size_t)(name_stop - at),
                .raw = at,
                .raw_len = (size_t)(stop - at),
                .value = colon + 1,
                .value_len = (size_t)(stop - colon - 1),
            };
            return true;
        }
        at = stop;
    }
    return false;
}

/* Takes the line ends out, and NUL, which no header may hold. */
static char *unfold(struct arena *arena, const char *value, size_t len)
{
    char *text = arena_alloc(arena, len + 1);
    char *out = text;
    for (size_t i = 0; i < len; i++) {
        if (value[i] != '\r' && value[i] != '\n' && value[i] != '\0')
            *out++ = value[i];
    }
    while (out > text && (out[-1] == ' ' || out[-1] == '\t'))
        *--out = '\0';
    return text + strspn(text, " \t");
}

char *mime_header_value(struct arena *arena, const char *header, size_t len,
                        const char *name)
{
    struct mime_field field;
    for (size_t offset = 0; mime_field_next(header, len, &offset, &field);) {
        if (str_is_nocase(field.name, field.name_len, name))
            return unfold(arena, field.value, field.value_len);
    }
    return NULL;
}
