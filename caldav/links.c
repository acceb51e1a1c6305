/*
 * links.c - the URLs of attachments in the texts that are given out
 */
#include "caldav/links.h"

#include <string.h>

#include "caldav/attachment.h"
#include "caldav/href.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/format/ical_lines.h"

/* Takes a line with all that is folded into it; where the next one begins. */
static const char *take_line(const char *at, const char *end, struct buf *line)
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

/* Where the value begins, past quoted parameters; NULL if there is none. */
static char *value_of(char *line)
{
    bool quoted = false;

    for (; *line != '\0'; line++) {
        if (*line == '"')
            quoted = !quoted;
        if (*line == ':' && !quoted)
            return line + 1;
    }
    return NULL;
}

/* The MANAGED-ID of an ATTACH; NULL for any other line. */
static const char *managed_id(struct arena *arena, char *line)
{
    static const char name[] = ";MANAGED-ID=";
    const char *value = value_of(line);
    const char *id = strcasestr(line, name);

    if (!str_starts_nocase(line, "ATTACH;") || value == NULL || id == NULL ||
        id > value)
        return NULL;
    id += strlen(name);
    return *id == '"' ? arena_strndup(arena, id + 1, strcspn(id + 1, "\""))
                      : arena_strndup(arena, id, strcspn(id, ";:"));
}

/* What this host is called by the client. */
static const char *host_of(const struct dav_call *call)
{
    const char *host = dav_header(call, "Host");

    if (host == NULL || *host == '\0' || strpbrk(host, " \"<>/\\") != NULL)
        return "";
    return arena_printf(call->op->arena, "%s://%s",
                        call->session->tls ? "https" : "http", host);
}

static void put_line(struct dav_call *call, const char *href, char *line,
                     struct buf *out)
{
    struct arena *arena = call->op->arena;
    const char *id = managed_id(arena, line);
    struct buf linked;

    if (id == NULL) {
        ical_line_fold(out, line);
        return;
    }
    buf_init(&linked, arena);
    buf_append(&linked, line, (size_t)(value_of(line) - line));
    buf_printf(&linked, "%s%s?" DAV_ATTACHMENT_QUERY, host_of(call), href);
    dav_href_quote(&linked, id);
    ical_line_fold(out, linked.data);
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
        text = take_line(text, end, &line);
        put_line(call, href, line.data, &out);
    }
    return out.data;
}

/* --- Those that a client sends -------------------------------------------- */

/* The ids in a text, NULL at the end. */
static const char **ids_of(struct arena *arena, const char *text, size_t len)
{
    const char *end = text + len;
    const char **ids = NULL;
    size_t count = 0, room = 0;
    struct buf line;

    buf_init(&line, arena);
    while (text < end) {
        text = take_line(text, end, &line);
        const char *id = managed_id(arena, line.data);
        if (id == NULL)
            continue;
        if (count + 1 >= room) {
            const char **more = arena_array(arena, 2 * room + 8, sizeof *more);

            if (count > 0)
                memcpy(more, ids, count * sizeof *more);
            room = 2 * room + 8;
            ids = more;
        }
        ids[count++] = id;
    }
    return ids != NULL ? ids : arena_array(arena, 1, sizeof *ids);
}

bool dav_links_are_in(struct arena *arena, const char *text, size_t len,
                      const char *other)
{
    const char **ids = ids_of(arena, text, len);
    const char **known = ids_of(arena, other != NULL ? other : "",
                                other != NULL ? strlen(other) : 0);

    for (; *ids != NULL; ids++) {
        const char **at = known;

        while (*at != NULL && !str_equal(*at, *ids))
            at++;
        if (*at == NULL)
            return false;
    }
    return true;
}
