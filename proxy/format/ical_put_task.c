/*
 * ical_put_task.c - what Exchange holds of a task, put into its VTODO
 */
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/format/ical_private.h"

static void put_day(struct ical_pen *pen, struct ical_component *component,
                    const char *name, const struct when *when)
{
    ical_put(pen, component, name,
             when->kind == WHEN_NONE
                 ? NULL
                 : ical_when_line(pen->context.arena, name, when));
}

static void put_instant(struct ical_pen *pen, struct ical_component *component,
                        const char *name, int64_t instant)
{
    struct arena *arena = pen->context.arena;
    ical_put(pen, component, name,
             instant == TIME_NONE
                 ? NULL
                 : arena_printf(arena, "%s:%s", name,
                                ical_utc_text(arena, instant)));
}

/* A day and a time do not go together (RFC 5545, 3.8.2.3). */
static void put_days(struct ical_pen *pen, struct ical_component *component,
                     unsigned parts, const struct task *shall)
{
    bool mixed = shall->start.kind != WHEN_NONE && shall->due.kind != WHEN_NONE;
    if (parts & 1u << TASK_DUE || (mixed && parts & 1u << TASK_START)) {
        ical_put(pen, component, "DURATION", NULL);
        put_day(pen, component, "DUE", &shall->due);
    }
    if (parts & 1u << TASK_START || (mixed && parts & 1u << TASK_DUE))
        put_day(pen, component, "DTSTART", &shall->start);
}

static void put_progress(struct ical_pen *pen, struct ical_component *component,
                         const struct task *shall)
{
    static const char *const states[] = {
        [TASK_NOT_STARTED] = "STATUS:NEEDS-ACTION",
        [TASK_IN_PROGRESS] = "STATUS:IN-PROCESS",
        [TASK_COMPLETED] = "STATUS:COMPLETED",
        [TASK_WAITING] = "STATUS:NEEDS-ACTION",
        [TASK_DEFERRED] = "STATUS:CANCELLED",
    };
    bool done = shall->status == TASK_COMPLETED;
    unsigned percent = done ? 100 : shall->percent;
    ical_put(pen, component, "STATUS", states[shall->status]);
    ical_put(pen, component, "X-POSTERN-STATUS",
             shall->status == TASK_WAITING ? "X-POSTERN-STATUS:WAITING" : NULL);
    ical_put(pen, component, "PERCENT-COMPLETE",
             percent == 0 ? NULL
                          : arena_printf(pen->context.arena,
                                         "PERCENT-COMPLETE:%u", percent));
    put_instant(pen, component, "COMPLETED",
                done ? shall->completed : TIME_NONE);
}

static void put_reminder(struct ical_pen *pen, struct ical_component *component,
                         const struct task *shall)
{
    int64_t instant;
    struct ical_component *alarm;
    while ((alarm = ical_task_alarm(&pen->context, component, shall,
                                    &instant)) != NULL &&
           !shall->reminder)
        ical_child_remove(component, alarm);
    pen->touched = true;
    if (shall->reminder)
        ical_put_alarm(pen, component, alarm,
                       arena_printf(pen->context.arena,
                                    "TRIGGER;VALUE=DATE-TIME:%s",
                                    ical_utc_text(pen->context.arena,
                                                  shall->reminder_time)));
}

static void put_rule(struct ical_pen *pen, struct ical_component *component,
                     const struct task *shall)
{
    struct arena *arena = pen->context.arena;
    const struct recurrence *rule = shall->recurrence;
    const struct when *base =
        shall->start.kind != WHEN_NONE ? &shall->start : &shall->due;
    ical_put(pen, component, "X-POSTERN-REGENERATES",
             rule != NULL && rule->pattern >= REGENERATE_DAILY
                 ? "X-POSTERN-REGENERATES:TRUE"
                 : NULL);
    ical_put(pen, component, "RRULE",
             rule == NULL || base->kind == WHEN_NONE
                 ? NULL
                 : arena_printf(arena, "RRULE:%s",
                                ical_rule_text(arena, rule, base)));
}

void ical_task_put(struct ical_pen *pen, struct ical_component *component,
                   const struct task *was, const struct task *shall)
{
    unsigned parts = was != NULL ? task_differences(was, shall) : ~0u;
    pen->touched = was == NULL;
    if (parts & 1u << TASK_SUMMARY)
        ical_put_text(pen, component, "SUMMARY", shall->summary);
    if (parts & 1u << TASK_BODY)
        ical_put_body(pen, component, shall->description, shall->html);
    put_days(pen, component, parts, shall);
    if (parts & 1u << TASK_PROGRESS)
        put_progress(pen, component, shall);
    if (parts & 1u << TASK_CLASS)
        ical_put_class(pen, component, shall->class);
    if (parts & 1u << TASK_IMPORTANCE)
        ical_put_importance(pen, component, shall->importance);
    if (parts & 1u << TASK_CATEGORIES)
        ical_put_categories(pen, component, shall->categories);
    if (parts & 1u << TASK_REMINDER)
        put_reminder(pen, component, shall);
    if (parts & 1u << TASK_RECURRENCE)
        put_rule(pen, component, shall);
    if (was == NULL && shall->created > 0)
        put_instant(pen, component, "CREATED", shall->created);
    if (pen->touched && shall->modified > 0)
        put_instant(pen, component, "LAST-MODIFIED", shall->modified);
    if (ical_line_find(component, "DTSTAMP") == NULL)
        put_instant(pen, component, "DTSTAMP",
                    shall->modified > 0 ? shall->modified : 1);
}
