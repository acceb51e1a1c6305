/*
 * joining.c - many texts as one
 */
#include "caldav/joining.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"

void dav_joining_init(struct dav_joining *joining, struct arena *arena,
                      struct buf *out, bool calendar)
{
    *joining = (struct dav_joining){ .arena = arena,
                                     .out = out,
                                     .calendar = calendar };
    if (calendar)
        buf_puts(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
                      "PRODID:-//Postern//EN\r\n");
}

/* Where the line after this one begins. */
static const char *next_line(const char *line, const char *end)
{
    const char *lf = memchr(line, '\n', (size_t)(end - line));

    return lf != NULL ? lf + 1 : end;
}

static bool begins(const char *line, const char *end, const char *word)
{
    size_t len = strlen(word);

    return (size_t)(end - line) >= len && strncasecmp(line, word, len) == 0;
}

/* The line after "END:" of the component that begins here. */
static const char *end_of(const char *start, const char *end)
{
    int depth = 0;
    const char *line = start;

    while (line < end) {
        const char *next = next_line(line, end);

        depth += begins(line, end, "BEGIN:");
        depth -= begins(line, end, "END:");
        line = next;
        if (depth == 0)
            break;
    }
    return line;
}

/* The TZID of a VTIMEZONE as it is written, folds and all. */
static const char *zone_id(struct arena *arena, const char *start,
                           const char *end)
{
    for (const char *line = start; line < end; line = next_line(line, end)) {
        if (!begins(line, end, "TZID"))
            continue;
        const char *stop = next_line(line, end);
        while (stop < end && (*stop == ' ' || *stop == '\t'))
            stop = next_line(stop, end);
        return arena_strndup(arena, line, (size_t)(stop - line));
    }
    return "";
}

static bool is_new_zone(struct dav_joining *joining, const char *id)
{
    size_t count = joining->zone_count;

    for (size_t i = 0; i < count; i++)
        if (str_equal(joining->zones[i], id))
            return false;
    if ((count & (count - 1)) == 0) {
        const char **more = arena_array(
            joining->arena, count == 0 ? 1 : 2 * count, sizeof *more);

        if (count > 0)
            memcpy(more, joining->zones, count * sizeof *more);
        joining->zones = more;
    }
    joining->zones[joining->zone_count++] = id;
    return true;
}

static void add_components(struct dav_joining *joining, const char *line,
                           const char *end)
{
    while (line < end) {
        if (begins(line, end, "BEGIN:VCALENDAR") ||
            !begins(line, end, "BEGIN:")) {
            line = next_line(line, end); /* of the VCALENDAR itself */
            continue;
        }
        const char *stop = end_of(line, end);
        if (!begins(line, end, "BEGIN:VTIMEZONE") ||
            is_new_zone(joining, zone_id(joining->arena, line, stop)))
            buf_append(joining->out, line, (size_t)(stop - line));
        line = stop;
    }
}

void dav_joining_add(struct dav_joining *joining, const char *text, size_t len)
{
    if (joining->calendar)
        add_components(joining, text, text + len);
    else
        buf_append(joining->out, text, len);
    if (len > 0 && text[len - 1] != '\n')
        buf_puts(joining->out, "\r\n");
}

void dav_joining_end(struct dav_joining *joining)
{
    if (joining->calendar)
        buf_puts(joining->out, "END:VCALENDAR\r\n");
}
