/*
 * href.c - paths of URLs
 */
#include "caldav/href.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"

/* What need not be quoted: RFC 3986, 2.3, and what addresses and our own
 * escapes are full of. */
static bool is_plain(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || (c != '\0' && strchr("-._~@=", c) != NULL);
}

void dav_href_quote(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (is_plain(c))
            buf_putc(out, *text);
        else
            buf_printf(out, "%%%02X", c);
    }
}

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that two digits stand for; -1 if they are none. */
static int code(const char *digits)
{
    int high = digit(digits[0]);
    int low = high < 0 ? -1 : digit(digits[1]);

    return low < 0 ? -1 : high * 16 + low;
}

/* --- Splitting ----------------------------------------------------------- */

/* clang-format off */
static const struct scheme {
    const char *begin;
    const char *port; /* that need not be said */
} schemes[] = {
    { "http://",  ":80" },
    { "https://", ":443" },
};
/* clang-format on */

/* Where the host begins in an absolute URL; NULL for any other. */
static const char *host_of(const char *href, const struct scheme **scheme_out)
{
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (str_starts_nocase(href, schemes[i].begin)) {
            *scheme_out = &schemes[i];
            return href + strlen(schemes[i].begin);
        }
    return NULL;
}

/* The path of an absolute URL, or the path itself. */
static const char *path_of(const char *href)
{
    const struct scheme *scheme;
    const char *host = host_of(href, &scheme);

    if (host == NULL)
        return href;
    host += strcspn(host, "/?#");
    return *host == '/' ? host : "/";
}

/* The length of a host without the port that its scheme has anyway. */
static size_t bare_length(const char *host, size_t len, const char *port)
{
    size_t tail = strlen(port);

    return len > tail && strncmp(host + len - tail, port, tail) == 0
               ? len - tail
               : len;
}

bool dav_href_is_at(const char *href, const char *host)
{
    const struct scheme *scheme;
    const char *given = host_of(href, &scheme);

    if (given == NULL)
        return strstr(href, "://") == NULL;
    size_t size = strcspn(given, "/?#");
    const char *user = memchr(given, '@', size);
    if (user != NULL) {
        size -= (size_t)(user + 1 - given);
        given = user + 1;
    }
    size = bare_length(given, size, scheme->port);
    return bare_length(host, strlen(host), scheme->port) == size &&
           strncasecmp(given, host, size) == 0;
}

static char *unquote(struct arena *arena, const char *text, size_t len)
{
    char *out = arena_alloc(arena, len + 1);
    size_t size = 0;

    for (size_t i = 0; i < len; i++) {
        int c = (unsigned char)text[i];

        if (c == '%') {
            c = len - i > 2 ? code(text + i + 1) : -1;
            i += 2;
        }
        if (c <= 0)
            return NULL;
        out[size++] = (char)c;
    }
    return utf8_valid(out, size) ? out : NULL;
}

static bool is_dots(const char *segment)
{
    return str_equal(segment, ".") || str_equal(segment, "..");
}

char **dav_href_split(struct arena *arena, const char *href, size_t *count_out,
                      bool *slash_out)
{
    const char *path = path_of(href);
    size_t len = strcspn(path, "?#");
    char **segments = arena_array(arena, len / 2 + 2, sizeof *segments);
    size_t count = 0;

    if (*path != '/')
        return NULL;
    for (size_t at = 0; at < len;) {
        size_t size = strcspn(path + at, "/?#");

        if (size > 0) {
            segments[count] = unquote(arena, path + at, size);
            if (segments[count] == NULL || is_dots(segments[count]))
                return NULL;
            count++;
        }
        at += size + 1;
    }
    *count_out = count;
    *slash_out = path[len - 1] == '/';
    return segments;
}

const char *dav_href_query(const char *href)
{
    const char *query = strchr(href, '?');

    return query != NULL ? query + 1 : NULL;
}

/* --- Names --------------------------------------------------------------- */

/* The byte that an escape stands for, upper case only; -1 if it is none. */
static int escaped(const char *text)
{
    return text[0] == '=' && text[1] != '\0' &&
                   strspn(text + 1, "0123456789ABCDEF") >= 2
               ? code(text + 1)
               : -1;
}

const char *dav_href_from_name(struct arena *arena, const char *name, bool word)
{
    struct buf out;

    buf_init(&out, arena);
    word = word || is_dots(name) || str_equal(name, "=");
    for (const char *at = name; *at != '\0'; at++) {
        unsigned char c = (unsigned char)*at;

        if (c == '/' || (word && at == name) || escaped(at) >= 0)
            buf_printf(&out, "=%02X", c);
        else
            buf_putc(&out, *at);
    }
    return out.len > 0 ? out.data : "=";
}

const char *dav_href_to_name(struct arena *arena, const char *segment)
{
    struct buf out;

    if (str_equal(segment, "="))
        return "";
    buf_init(&out, arena);
    while (*segment != '\0') {
        int c = escaped(segment);

        buf_putc(&out, c > 0 ? (char)c : *segment);
        segment += c > 0 ? 3 : 1;
    }
    return out.len > 0 ? out.data : "";
}
