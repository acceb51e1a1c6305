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

/* --- HTML -------------------------------------------------------------------
 */

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

/* --- Alarms -----------------------------------------------------------------
 */

static bool is_alarm(const struct ical_component *component)
{
    const char *action = ical_value(component, "ACTION");
    return str_equal_nocase(component->name, "VALARM") && action != NULL &&
           (str_equal_nocase(action, "DISPLAY") ||
            str_equal_nocase(action, "AUDIO"));
}

/* The instant of a trigger; `start` and `end` are what it may be relative to.
 */
static bool trigger_instant(const struct ical_context *context,
                            const struct ical_component *alarm,
                            const struct when *start, const struct when *end,
                            bool *absolute_out, int64_t *out)
{
    const struct ical_line *line = ical_line_find(alarm, "TRIGGER");
    struct ical_duration duration;
    *absolute_out = false;
    if (line == NULL)
        return false;
    if (!ical_duration(line->value, &duration)) {
        struct when when = ical_when(&context->times, line);
        *absolute_out = true;
        *out = when.instant;
        return when.kind == WHEN_ZONED;
    }
    const char *related = ical_param(line, "RELATED");
    bool of_end = related != NULL && str_equal_nocase(related, "END");
    const struct when *base = of_end || start->kind == WHEN_NONE ? end : start;
    if (base->kind == WHEN_NONE)
        return false;
    struct when when = ical_when_after(base, &duration);
    *out = when_instant(&when, context->times.zone);
    return true;
}

struct ical_component *ical_event_alarm(const struct ical_context *context,
                                        const struct ical_component *component,
                                        const struct event *event,
                                        int64_t *before_out)
{
    bool recurs = ical_line_find(component, "RRULE") != NULL, absolute;
    int64_t start = when_instant(&event->start, context->times.zone), instant;
    for (struct ical_component *child = component->children; child != NULL;
         child = child->next) {
        if (!is_alarm(child) ||
            !trigger_instant(context, child, &event->start, &event->end,
                             &absolute, &instant) ||
            instant > start || (absolute && recurs))
            continue;
        *before_out = start - instant;
        return child;
    }
    return NULL;
}

struct ical_component *ical_task_alarm(const struct ical_context *context,
                                       const struct ical_component *component,
                                       const struct task *task,
                                       int64_t *instant_out)
{
    bool absolute;
    for (struct ical_component *child = component->children; child != NULL;
         child = child->next)
        if (is_alarm(child) &&
            trigger_instant(context, child, &task->start, &task->due, &absolute,
                            instant_out))
            return child;
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
