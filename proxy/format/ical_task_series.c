/*
 * ical_task_series.c - what is done of a series of tasks
 *
 * In iCalendar a day of a series is done by an exception, and the series stays.
 * In Exchange the task shows the day that is next.  When it is done, it moves
 * on to the one after that, and leaves a copy of itself, which is done and does
 * not repeat.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/format/ical_private.h"
#include "proxy/format/recurrence.h"

/* What a program says of the day that is done. */
static const char *const progress[] = { "STATUS", "PERCENT-COMPLETE",
                                        "COMPLETED" };

enum { PROGRESS_COUNT = sizeof progress / sizeof *progress };

/* The only VTODO with a RECURRENCE-ID, or without; NULL. */
static struct ical_component *only_one(const struct ical_component *calendar,
                                       bool is_exception)
{
    struct ical_component *found = NULL;
    for (struct ical_component *child = calendar->children; child != NULL;
         child = child->next) {
        if (!str_equal_nocase(child->name, "VTODO") ||
            (ical_line_find(child, "RECURRENCE-ID") != NULL) != is_exception)
            continue;
        if (found != NULL)
            return NULL;
        found = child;
    }
    return found;
}

/* Whether the exception is of the day that the series shows. */
static bool is_next(const struct ical_context *context,
                    const struct ical_component *exception,
                    const struct task *series)
{
    const struct when *next =
        series->start.kind != WHEN_NONE ? &series->start : &series->due;
    struct when named =
        ical_when(&context->times, ical_line_find(exception, "RECURRENCE-ID"));
    if (named.kind == WHEN_ZONED && next->kind == WHEN_ZONED)
        named.zone = next->zone;
    return named.kind != WHEN_NONE && when_day(&named) == when_day(next);
}

/* Whether it is done, and otherwise as the series is. */
static bool is_only_done(const struct ical_context *context,
                         const struct ical_component *series,
                         const struct ical_component *exception)
{
    const unsigned own =
        1u << TASK_PROGRESS | 1u << TASK_RECURRENCE | 1u << TASK_REMINDER;
    struct task all, day;
    const char *reason;
    return ical_task_read(context, series, &all, &reason) == ICAL_FINE &&
           ical_task_read(context, exception, &day, &reason) == ICAL_FINE &&
           all.recurrence != NULL && day.status == TASK_COMPLETED &&
           is_next(context, exception, &all) &&
           (task_differences(&all, &day) & ~own) == 0;
}

bool ical_task_take_done(const struct ical_context *context,
                         struct ical_component *calendar)
{
    struct ical_component *series = only_one(calendar, false);
    struct ical_component *exception = only_one(calendar, true);
    if (series == NULL || exception == NULL ||
        !is_only_done(context, series, exception))
        return false;
    for (size_t i = 0; i < PROGRESS_COUNT; i++) {
        const struct ical_line *line = ical_line_find(exception, progress[i]);
        ical_lines_remove(series, progress[i]);
        if (line != NULL)
            ical_line_add(context->arena, series, line->text);
    }
    ical_child_remove(calendar, exception);
    return true;
}

const char *ical_task_alone(struct arena *arena, const char *text,
                            const char *uid)
{
    struct ical_component *calendar =
        ical_lines_read(arena, text, strlen(text), NULL, NULL);
    if (calendar == NULL)
        return NULL;
    struct ical_component *series = only_one(calendar, false);
    struct ical_component *exception = only_one(calendar, true);
    if (series == NULL || ical_line_find(series, "RRULE") == NULL)
        return NULL;
    if (exception != NULL)
        ical_child_remove(calendar, exception);
    ical_lines_remove(series, "RRULE");
    ical_lines_remove(series, "UID");
    ical_line_add(arena, series,
                  arena_printf(arena, "UID:%s", ical_text_escape(arena, uid)));
    return ical_lines_text(arena, calendar);
}
