/*
 * ical_read_common.c - what events and tasks have in common
 */
#include <ctype.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/base/utf8.h"
#include "proxy/format/html_text.h"
#include "proxy/format/ical_private.h"
#include "proxy/format/recurrence.h"

enum { CATEGORIES_MAX = 500 };

const char *ical_text_of(const struct ical_context *context,
                         const struct ical_component *component,
                         const char *name)
{
    const char *value = ical_value(component, name);
    if (value == NULL || *value == '\0')
        return NULL;
    return ical_text_unescape(context->arena, value);
}

int64_t ical_instant_of(const struct ical_context *context,
                        const struct ical_component *component,
                        const char *name)
{
    const struct ical_line *line = ical_line_find(component, name);
    if (line == NULL)
        return TIME_NONE;
    struct when when = ical_when(&context->times, line);
    return when.kind == WHEN_NONE ? TIME_NONE
                                  : when_instant(&when, context->times.zone);
}

enum event_class ical_class_of(const struct ical_component *component)
{
    const char *class = ical_value(component, "CLASS");
    if (class == NULL || str_equal_nocase(class, "PUBLIC"))
        return CLASS_PUBLIC;
    if (str_equal_nocase(class, "CONFIDENTIAL"))
        return CLASS_CONFIDENTIAL;
    if (str_equal_nocase(class, "X-PERSONAL"))
        return CLASS_PERSONAL;
    /* RFC 5545, 3.8.1.3: what is not known is private. */
    return CLASS_PRIVATE;
}

enum event_importance ical_importance_of(const struct ical_component *component)
{
    uint64_t priority;
    const char *value = ical_value(component, "PRIORITY");
    if (value == NULL || !str_to_u64(value, 9, &priority) || priority == 0 ||
        priority == 5)
        return IMPORTANCE_NORMAL;
    return priority < 5 ? IMPORTANCE_HIGH : IMPORTANCE_LOW;
}

const char *const *ical_categories_of(const struct ical_context *context,
                                      const struct ical_component *component)
{
    const char **all = NULL;
    size_t count = 0;
    for (const struct ical_line *line = ical_line_find(component, "CATEGORIES");
         line != NULL; line = ical_line_next(line, "CATEGORIES")) {
        const char *const *list = ical_text_list(context->arena, line->value);
        for (; *list != NULL && count < CATEGORIES_MAX; list++) {
            if (all == NULL)
                all = arena_array(context->arena, CATEGORIES_MAX + 1,
                                  sizeof *all);
            all[count++] = *list;
        }
    }
    return all;
}

/* --- HTML ---------------------------------------------------------------- */

/* "data:text/html,%3Cp%3E" (RFC 2397). */
static const char *html_of_data(struct arena *arena, const char *url)
{
    if (!str_starts_nocase(url, "data:text/html"))
        return NULL;
    const char *comma = strchr(url, ',');
    if (comma == NULL || memmem(url, (size_t)(comma - url), ";base64", 7))
        return NULL;
    char *html = arena_alloc(arena, strlen(comma)), *to = html;
    for (const char *from = comma + 1; *from != '\0'; from++) {
        char hex[3] = { from[0], from[1], '\0' };
        if (*from == '%' && isxdigit((unsigned char)from[1]) &&
            isxdigit((unsigned char)from[2])) {
            memcpy(hex, from + 1, 2);
            unsigned value = 0;
            for (int i = 0; i < 2; i++)
                value =
                    value * 16 +
                    (unsigned)(isdigit((unsigned char)hex[i])
                                   ? hex[i] - '0'
                                   : tolower((unsigned char)hex[i]) - 'a' + 10);
            *to++ = (char)value;
            from += 2;
        } else {
            *to++ = *from;
        }
    }
    return utf8_repair(arena, html, (size_t)(to - html));
}

/* Whether two texts have the same letters and digits: the rest is layout. */
static bool same_words(const char *a, const char *b)
{
    for (;; a++, b++) {
        while (*a != '\0' && !isalnum((unsigned char)*a))
            a++;
        while (*b != '\0' && !isalnum((unsigned char)*b))
            b++;
        if (*a != *b || *a == '\0')
            return *a == *b;
    }
}

static const char *html_line(const struct ical_context *context,
                             const struct ical_component *component)
{
    static const char *const names[] = { "X-ALT-DESC", "STYLED-DESCRIPTION" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (const struct ical_line *line = ical_line_find(component, names[i]);
             line != NULL; line = ical_line_next(line, names[i])) {
            const char *type = ical_param(line, "FMTTYPE");
            if (type != NULL && str_equal_nocase(type, "text/html"))
                return ical_text_unescape(context->arena, line->value);
        }
    const struct ical_line *line = ical_line_find(component, "DESCRIPTION");
    const char *altrep = line != NULL ? ical_param(line, "ALTREP") : NULL;
    return altrep != NULL ? html_of_data(context->arena, altrep) : NULL;
}

/* Clients that know nothing of HTML change the plain text and leave the other:
 * HTML that says something else is of yesterday. */
const char *ical_html_of(const struct ical_context *context,
                         const struct ical_component *component,
                         const char *description)
{
    const char *html = html_line(context, component);
    if (html == NULL || *html == '\0' || description == NULL)
        return html;
    return same_words(html_lines(context->arena, html), description) ? html
                                                                     : NULL;
}

/* --- Alarms -------------------------------------------------------------- */

static bool is_alarm(const struct ical_component *component)
{
    const char *action = ical_value(component, "ACTION");
    return str_equal_nocase(component->name, "VALARM") && action != NULL &&
           (str_equal_nocase(action, "DISPLAY") ||
            str_equal_nocase(action, "AUDIO"));
}

/* What a trigger says: an instant, or how long after the start or the end. */
struct trigger {
    bool absolute;
    int64_t instant;
    bool of_end;
    struct ical_duration after;
};

static bool read_trigger(const struct ical_context *context,
                         const struct ical_component *alarm,
                         struct trigger *out)
{
    const struct ical_line *line = ical_line_find(alarm, "TRIGGER");
    *out = (struct trigger){ .absolute = false };
    if (line == NULL)
        return false;
    const char *related = ical_param(line, "RELATED");
    out->of_end = related != NULL && str_equal_nocase(related, "END");
    if (ical_duration(line->value, &out->after))
        return true;
    struct when when = ical_when(&context->times, line);
    out->absolute = true;
    out->instant = when.instant;
    return when.kind == WHEN_ZONED;
}

int64_t ical_when_rings(const struct ical_context *context,
                        const struct when *base,
                        const struct ical_duration *after)
{
    struct ical_duration days = { .days = after->days };
    struct when when = ical_when_after(base, &days);
    return when_instant(&when, context->times.zone) + after->seconds;
}

/* Seconds before the start; a day has 24 hours here, as Exchange counts. */
static int64_t seconds_before(const struct ical_context *context,
                              const struct event *event,
                              const struct trigger *trigger)
{
    int64_t start = when_instant(&event->start, context->times.zone);
    int64_t end = when_instant(&event->end, context->times.zone);
    if (trigger->absolute)
        return start - trigger->instant;
    return -(trigger->after.days * 86400 + trigger->after.seconds) -
           (trigger->of_end ? end - start : 0);
}

struct ical_component *ical_event_alarm(const struct ical_context *context,
                                        const struct ical_component *component,
                                        const struct event *event,
                                        int64_t *before_out)
{
    bool recurs = ical_line_find(component, "RRULE") != NULL;
    for (struct ical_component *child = component->children; child != NULL;
         child = child->next) {
        struct trigger trigger;
        if (!is_alarm(child) || !read_trigger(context, child, &trigger) ||
            (trigger.absolute && recurs))
            continue;
        *before_out = seconds_before(context, event, &trigger);
        if (*before_out >= 0)
            return child;
    }
    return NULL;
}

struct ical_component *ical_task_alarm(const struct ical_context *context,
                                       const struct ical_component *component,
                                       const struct task *task,
                                       int64_t *instant_out)
{
    for (struct ical_component *child = component->children; child != NULL;
         child = child->next) {
        struct trigger trigger;
        if (!is_alarm(child) || !read_trigger(context, child, &trigger))
            continue;
        const struct when *base =
            trigger.of_end || task->start.kind == WHEN_NONE ? &task->due
                                                            : &task->start;
        if (!trigger.absolute && base->kind == WHEN_NONE)
            continue;
        *instant_out = trigger.absolute
                           ? trigger.instant
                           : ical_when_rings(context, base, &trigger.after);
        return child;
    }
    return NULL;
}

bool ical_is_self(const struct ical_context *context, const char *address)
{
    for (const char *const *self = context->self;
         address != NULL && self != NULL && *self != NULL; self++)
        if (str_equal_nocase(*self, address))
            return true;
    return false;
}
