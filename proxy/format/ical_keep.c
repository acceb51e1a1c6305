/*
 * ical_keep.c - what of a client's text is kept on the item
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/format/ical.h"
#include "proxy/format/ical_lines.h"

enum { LONG_TEXT = 4096 };

/* --- What to keep -------------------------------------------------------- */

static bool is_large(const struct ical_line *line)
{
    const char *encoding = ical_param(line, "ENCODING");
    if (str_equal_nocase(line->name, "ATTACH"))
        return encoding != NULL && str_equal_nocase(encoding, "BASE64");
    return strlen(line->text) > LONG_TEXT &&
           (str_equal_nocase(line->name, "DESCRIPTION") ||
            str_equal_nocase(line->name, "X-ALT-DESC") ||
            str_equal_nocase(line->name, "STYLED-DESCRIPTION"));
}

static bool drop_large(struct ical_component *component)
{
    bool dropped = false;
    struct ical_line **at = &component->lines;
    while (*at != NULL)
        if (is_large(*at)) {
            *at = (*at)->next;
            dropped = true;
        } else {
            at = &(*at)->next;
        }
    for (struct ical_component *child = component->children; child != NULL;
         child = child->next)
        dropped |= drop_large(child);
    return dropped;
}

/* It asks for one message: what has it once more asks for another (RFC 6638,
 * 7.2). */
static bool drop_force_send(struct arena *arena,
                            struct ical_component *component)
{
    static const char name[] = "SCHEDULE-FORCE-SEND";
    bool dropped = false;
    for (struct ical_line *line = component->lines; line != NULL;
         line = line->next)
        if (ical_param(line, name) != NULL) {
            ical_line_set_param(arena, line, name, NULL);
            dropped = true;
        }
    for (struct ical_component *child = component->children; child != NULL;
         child = child->next)
        dropped |= drop_force_send(arena, child);
    return dropped;
}

/* What nobody misses. */
static bool is_dispensable(const struct ical_line *line)
{
    static const char *const names[] = { "DTSTAMP", "CREATED", "LAST-MODIFIED",
                                         "SEQUENCE" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_equal_nocase(line->name, names[i]))
            return true;
    return false;
}

static bool lines_in(const struct ical_component *a,
                     const struct ical_component *b)
{
    for (const struct ical_line *line = a->lines; line != NULL;
         line = line->next) {
        const struct ical_line *other = b->lines;
        while (other != NULL && strcmp(other->text, line->text) != 0)
            other = other->next;
        if (other == NULL && !is_dispensable(line))
            return false;
    }
    return true;
}

/* Whether each component of one says nothing that one of the other's does not.
 */
static bool says_no_more(const struct ical_component *a,
                         const struct ical_component *b)
{
    for (const struct ical_component *child = a->children; child != NULL;
         child = child->next) {
        if (str_equal_nocase(child->name, "VTIMEZONE"))
            continue;
        const struct ical_component *other = b->children;
        while (other != NULL &&
               !(str_equal_nocase(child->name, other->name) &&
                 lines_in(child, other) && says_no_more(child, other)))
            other = other->next;
        if (other == NULL)
            return false;
    }
    return true;
}

/* Exchange knows on which days a task begins, is due and was done, and no times
 * of them. */
static struct ical_object without_times(const struct ical_object *object)
{
    struct ical_object held = *object;
    if (held.kind != ICAL_TASK)
        return held;
    if (held.task.start.kind != WHEN_NONE)
        held.task.start.kind = WHEN_DATE;
    if (held.task.due.kind != WHEN_NONE)
        held.task.due.kind = WHEN_DATE;
    held.task.completed = TIME_NONE;
    return held;
}

const char *ical_keep(struct arena *arena, const char *text, size_t len,
                      const struct ical_object *object)
{
    struct ical_component *calendar =
        ical_lines_read(arena, text, len, NULL, NULL);
    if (calendar == NULL)
        return NULL;
    bool less = drop_force_send(arena, calendar);
    struct ical_object held = without_times(object);
    const char *plain = ical_write(arena, &held, NULL, zone_utc(), NULL, NULL);
    const struct ical_component *without =
        ical_lines_read(arena, plain, strlen(plain), NULL, NULL);
    /* That of a series tells the copies of it that are done from itself. */
    bool is_series =
        object->kind == ICAL_TASK && object->task.recurrence != NULL;
    if (!is_series && without != NULL && says_no_more(calendar, without))
        return NULL;
    less |= drop_large(calendar);
    return less ? ical_lines_text(arena, calendar)
                : arena_strndup(arena, text, len);
}
