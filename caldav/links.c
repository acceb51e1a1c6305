/*
 * links.c - the URLs of attachments, and the lines that have them
 */
#include "caldav/links.h"

#include <string.h>

#include "caldav/href.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/format/ical_lines.h"

/* A request's line has to have room for what is only there to be read. */
#define NAME_MAX_LEN 200

/* --- URLs ----------------------------------------------------------------- */

const char *dav_host(const struct dav_call *call)
{
    const char *host = dav_header(call, "Host");

    if (host == NULL || *host == '\0' || strpbrk(host, " \"<>/\\") != NULL)
        return "";
    return arena_printf(call->op->arena, "%s://%s",
                        call->session->tls ? "https" : "http", host);
}

/* Exchange's ids are base64: what programs take for something else in a URL is
 * written as RFC 4648, 5 has it. */
static const char *plain_id(struct arena *arena, const char *id)
{
    char *plain = arena_strdup(arena, id);

    for (char *c = plain; *c != '\0'; c++)
        *c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
    return plain;
}

static bool is_segment(const char *name)
{
    return name != NULL && *name != '\0' && strlen(name) <= NAME_MAX_LEN &&
           !str_equal(name, ".") && !str_equal(name, "..");
}

const char *dav_link(struct dav_call *call, const char *href, const char *id,
                     const char *file)
{
    struct arena *arena = call->op->arena;
    struct buf out;

    buf_init(&out, arena);
    buf_printf(&out, "%s%s/", dav_host(call), href);
    dav_href_quote(&out, plain_id(arena, id));
    buf_putc(&out, '/');
    dav_href_quote(&out, is_segment(file) ? file : "attachment");
    return out.data;
}

/* --- Lines ---------------------------------------------------------------- */

const char *dav_links_take(const char *at, const char *end, struct buf *line)
{
    buf_clear(line);
    for (;;) {
        const char *lf = memchr(at, '\n', (size_t)(end - at));
        const char *stop = lf != NULL ? lf : end;

        buf_append(line, at, (size_t)(stop - at));
        if (line->len > 0 && line->data[line->len - 1] == '\r')
            line->len--;
        at = lf != NULL ? lf + 1 : end;
        if (at == end || (*at != ' ' && *at != '\t'))
            break;
        at++;
    }
    buf_append(line, "", 1);
    return at;
}

struct ical_line *dav_links_read(struct arena *arena, const char *line)
{
    struct ical_line *read = str_starts_nocase(line, "ATTACH;")
                                 ? ical_line_parse(arena, line)
                                 : NULL;
    const char *id = read != NULL ? ical_param(read, "MANAGED-ID") : NULL;

    return id != NULL && *id != '\0' ? read : NULL;
}

static void put_line(struct dav_call *call, const char *href, const char *text,
                     struct buf *out)
{
    struct arena *arena = call->op->arena;
    struct ical_line *line = dav_links_read(arena, text);

    if (line != NULL) {
        ical_line_set_value(arena, line,
                            dav_link(call, href, ical_param(line, "MANAGED-ID"),
                                     ical_param(line, "FILENAME")));
        text = line->text;
    }
    ical_line_fold(out, text);
}

const char *dav_links(struct dav_call *call, const char *href, const char *text,
                      size_t len)
{
    const char *end = text + len;
    struct buf out, line;

    /* The first parameter of a line of ours is never torn by a fold. */
    if (strcasestr(text, "ATTACH;") == NULL)
        return text;
    buf_init(&out, call->op->arena);
    buf_init(&line, call->op->arena);
    while (text < end) {
        text = dav_links_take(text, end, &line);
        put_line(call, href, line.data, &out);
    }
    return out.data;
}

const char *dav_links_find(struct arena *arena, const char *text,
                           const char *id)
{
    const char *end = text + strlen(text), *plain = plain_id(arena, id);
    struct buf line;

    buf_init(&line, arena);
    while (text < end) {
        text = dav_links_take(text, end, &line);
        const struct ical_line *read = dav_links_read(arena, line.data);
        if (read != NULL &&
            str_equal(plain_id(arena, ical_param(read, "MANAGED-ID")), plain))
            return read->text;
    }
    return NULL;
}
