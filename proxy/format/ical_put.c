/*
 * ical_put.c - lines of events and tasks that say what Exchange holds
 */
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/format/ical_private.h"

void ical_put(struct ical_pen *pen, struct ical_component *component,
              const char *name, const char *text)
{
    pen->touched = true;
    struct ical_line *old = ical_line_find(component, name);
    if (text == NULL || old == NULL) {
        ical_lines_remove(component, name);
        if (text != NULL)
            ical_line_add(pen->context.arena, component, text);
        return;
    }
    /* A line that was there stays where it was. */
    struct ical_component one = { .name = "" };
    ical_line_add(pen->context.arena, &one, text);
    if (one.lines == NULL)
        return;
    struct ical_line *next;
    while ((next = ical_line_next(old, name)) != NULL)
        ical_line_remove(component, next);
    next = old->next;
    *old = *one.lines;
    old->next = next;
}

void ical_put_text(struct ical_pen *pen, struct ical_component *component,
                   const char *name, const char *text)
{
    struct arena *arena = pen->context.arena;
    if (text == NULL || *text == '\0')
        ical_put(pen, component, name, NULL);
    else
        ical_put(
            pen, component, name,
            arena_printf(arena, "%s:%s", name, ical_text_escape(arena, text)));
}

void ical_put_body(struct ical_pen *pen, struct ical_component *component,
                   const char *description, const char *html)
{
    struct arena *arena = pen->context.arena;
    ical_put_text(pen, component, "DESCRIPTION", description);
    ical_put(pen, component, "STYLED-DESCRIPTION", NULL);
    ical_put(pen, component, "X-ALT-DESC",
             html == NULL || *html == '\0'
                 ? NULL
                 : arena_printf(arena, "X-ALT-DESC;FMTTYPE=text/html:%s",
                                ical_text_escape(arena, html)));
}

void ical_put_class(struct ical_pen *pen, struct ical_component *component,
                    enum event_class class)
{
    static const char *const lines[] = {
        [CLASS_PUBLIC] = NULL,
        [CLASS_PERSONAL] = "CLASS:X-PERSONAL",
        [CLASS_PRIVATE] = "CLASS:PRIVATE",
        [CLASS_CONFIDENTIAL] = "CLASS:CONFIDENTIAL",
    };
    ical_put(pen, component, "CLASS", lines[class]);
}

void ical_put_importance(struct ical_pen *pen, struct ical_component *component,
                         enum event_importance importance)
{
    static const char *const lines[] = {
        [IMPORTANCE_LOW] = "PRIORITY:9",
        [IMPORTANCE_NORMAL] = NULL,
        [IMPORTANCE_HIGH] = "PRIORITY:1",
    };
    ical_put(pen, component, "PRIORITY", lines[importance]);
    ical_put(pen, component, "X-MICROSOFT-CDO-IMPORTANCE", NULL);
}

void ical_put_categories(struct ical_pen *pen, struct ical_component *component,
                         const char *const *categories)
{
    struct buf line;
    buf_init(&line, pen->context.arena);
    buf_puts(&line, "CATEGORIES:");
    const char *comma = "";
    for (; categories != NULL && *categories != NULL; categories++) {
        buf_printf(&line, "%s%s", comma,
                   ical_text_escape(pen->context.arena, *categories));
        comma = ",";
    }
    ical_put(pen, component, "CATEGORIES", *comma != '\0' ? line.data : NULL);
}

/* Changes when an alarm goes off, or makes one (`alarm` NULL). */
void ical_put_alarm(struct ical_pen *pen, struct ical_component *component,
                    struct ical_component *alarm, const char *trigger)
{
    struct arena *arena = pen->context.arena;
    if (alarm == NULL) {
        alarm = ical_component_new(arena, "VALARM");
        ical_child_add(component, alarm);
        ical_line_add(arena, alarm, "ACTION:DISPLAY");
        const char *summary = ical_value(component, "SUMMARY");
        ical_line_add(arena, alarm,
                      arena_printf(arena, "DESCRIPTION:%s",
                                   summary != NULL && *summary != '\0'
                                       ? summary
                                       : "Reminder"));
    }
    ical_put(pen, alarm, "TRIGGER", trigger);
}
