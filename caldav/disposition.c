/*
 * disposition.c - what a file is called: Content-Disposition (RFC 6266)
 */
#include "caldav/disposition.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "caldav/href.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"

/* --- Writing -------------------------------------------------------------- */

/* RFC 8187, 3.2.1: attr-char */
static bool is_attr_char(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || (c != '\0' && strchr("!#$&+-.^_`|~", c));
}

/* For programs of old, where the name is not all of it. */
static void put_plain(struct buf *out, const char *file)
{
    buf_puts(out, "; filename=\"");
    for (; *file != '\0'; file++) {
        unsigned char c = (unsigned char)*file;

        if ((c & 0xC0) != 0x80)
            buf_putc(out,
                     c < ' ' || c > '~' || c == '"' || c == '\\' || c == '%'
                         ? '_'
                         : *file);
    }
    buf_putc(out, '"');
}

const char *dav_disposition(struct arena *arena, const char *file)
{
    struct buf out;

    buf_init(&out, arena);
    buf_puts(&out, "attachment");
    if (file == NULL || *file == '\0')
        return out.data;
    put_plain(&out, file);
    buf_puts(&out, "; filename*=UTF-8''");
    for (; *file != '\0'; file++)
        if (is_attr_char((unsigned char)*file))
            buf_putc(&out, *file);
        else
            buf_printf(&out, "%%%02X", (unsigned char)*file);
    return out.data;
}

/* --- Reading -------------------------------------------------------------- */

/* Takes a token or a quoted string. */
static const char *take_value(struct arena *arena, const char **at)
{
    struct buf out;
    const char *c = *at;

    buf_init(&out, arena);
    if (*c != '"') {
        size_t len = strcspn(c, "; \t");

        *at = c + len;
        return arena_strndup(arena, c, len);
    }
    for (c++; *c != '\0' && *c != '"'; c++) {
        c += *c == '\\' && c[1] != '\0';
        buf_putc(&out, *c);
    }
    *at = *c == '"' ? c + 1 : c;
    return out.len > 0 ? out.data : "";
}

/* RFC 8187, 3.2: of the charsets UTF-8, which all have to know.  NULL for what
 * is none. */
static const char *decode(struct arena *arena, const char *text)
{
    size_t count;
    bool slash;
    const char *quote = str_starts_nocase(text, "UTF-8'")
                            ? strchr(text + strlen("UTF-8'"), '\'')
                            : NULL;
    char **segments =
        quote != NULL
            ? dav_href_split(arena, arena_printf(arena, "/%s", quote + 1),
                             &count, &slash)
            : NULL;

    return segments != NULL && count == 1 ? segments[0] : NULL;
}

/* Nobody says in which of his folders it is to be here. */
static const char *without_folders(const char *name)
{
    for (const char *c = name; *c != '\0'; c++)
        if (*c == '/' || *c == '\\')
            name = c + 1;
    return name;
}

static bool is_good(const char *name)
{
    if (name == NULL || *name == '\0' || !utf8_valid(name, strlen(name)))
        return false;
    for (; *name != '\0'; name++)
        if ((unsigned char)*name < ' ' || *name == '\x7f')
            return false;
    return true;
}

const char *dav_disposition_file(struct arena *arena, const char *field)
{
    const char *plain = NULL, *extended = NULL;

    for (const char *at = field; at != NULL && *at != '\0';) {
        at += strspn(at, "; \t");
        size_t len = strcspn(at, "=; \t");
        const char *name = at;

        at += len;
        at += strspn(at, " \t");
        if (*at != '=')
            continue;
        at += 1 + strspn(at + 1, " \t");
        const char *value = take_value(arena, &at);
        if (str_is_nocase(name, len, "filename*"))
            extended = decode(arena, value);
        else if (str_is_nocase(name, len, "filename"))
            plain = value;
    }
    if (extended != NULL)
        extended = without_folders(extended);
    if (plain != NULL)
        plain = without_folders(plain);
    return is_good(extended) ? extended : is_good(plain) ? plain : "attachment";
}
