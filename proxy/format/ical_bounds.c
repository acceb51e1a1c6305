/*
 * ical_bounds.c - when objects begin and end, and whether Exchange has such
 * dates
 */
#include "proxy/base/time.h"
#include "proxy/format/ical_private.h"
#include "proxy/format/recurrence.h"

static void widen(int64_t from, int64_t to, int64_t *from_out, int64_t *to_out)
{
    if (from < *from_out)
        *from_out = from;
    if (to > *to_out)
        *to_out = to;
}

static void task_bounds(const struct task *task, const struct zone *zone,
                        int64_t *from_out, int64_t *to_out)
{
    int64_t start = when_instant(&task->start, zone);
    int64_t due = when_instant(&task->due, zone);
    *from_out = INT64_MIN;
    *to_out = INT64_MAX;
    if (task->recurrence != NULL)
        return;
    if (task->start.kind != WHEN_NONE)
        *from_out = start;
    if (task->due.kind != WHEN_NONE && task->start.kind != WHEN_NONE)
        *to_out = due + 86400;
}

void ical_bounds(const struct ical_object *object, const struct zone *zone,
                 int64_t *from_out, int64_t *to_out)
{
    if (object->kind == ICAL_TASK) {
        task_bounds(&object->task, zone, from_out, to_out);
        return;
    }
    const struct series *series = &object->series;
    const struct recurrence *rule = series->recurrence;
    *from_out = INT64_MAX;
    *to_out = INT64_MIN;
    bool endless = series->has_master && rule != NULL && rule->count == 0 &&
                   rule->until.kind == WHEN_NONE;
    if (endless)
        widen(when_instant(&series->master.start, zone), INT64_MAX, from_out,
              to_out);
    for (size_t i = 0; endless && i < series->exception_count; i++)
        widen(when_instant(&series->exceptions[i].start, zone), INT64_MAX,
              from_out, to_out);
    struct instances instances;
    struct instance instance;
    instances_begin(&instances, series, zone);
    while (!endless && instances_next(&instances, &instance))
        widen(instance.from, instance.to, from_out, to_out);
    if (*from_out > *to_out)
        *from_out = *to_out;
}

/* --- What Exchange has no dates for --------------------------------------- */

static enum ical_problem check_date(const struct when *when,
                                    const struct zone *zone,
                                    const char **reason_out)
{
    if (when->kind == WHEN_NONE)
        return ICAL_FINE;
    int64_t instant = when_instant(when, zone);
    if (instant >= ICAL_FIRST && instant <= ICAL_LAST)
        return ICAL_FINE;
    *reason_out = "Exchange has dates from 1601 to 4500 only.";
    return instant < ICAL_FIRST ? ICAL_EARLY : ICAL_LATE;
}

static enum ical_problem check_dates(const struct when *from,
                                     const struct when *to,
                                     const struct zone *zone,
                                     const char **reason_out)
{
    enum ical_problem problem = check_date(from, zone, reason_out);

    return problem == ICAL_FINE ? check_date(to, zone, reason_out) : problem;
}

enum ical_problem ical_dates_check(const struct ical_object *object,
                                   const struct zone *zone,
                                   const char **reason_out)
{
    const struct series *series = &object->series;
    enum ical_problem problem = ICAL_FINE;

    if (object->kind == ICAL_TASK)
        return check_dates(&object->task.start, &object->task.due, zone,
                           reason_out);
    if (series->has_master)
        problem = check_dates(&series->master.start, &series->master.end, zone,
                              reason_out);
    for (size_t i = 0; problem == ICAL_FINE && i < series->exception_count; i++)
        problem = check_dates(&series->exceptions[i].start,
                              &series->exceptions[i].end, zone, reason_out);
    return problem;
}
