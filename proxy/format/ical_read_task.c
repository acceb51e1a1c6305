/*
 * ical_read_task.c - a VTODO as a task of Exchange
 */
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/format/html_text.h"
#include "proxy/format/ical_private.h"
#include "proxy/format/recurrence.h"

static bool read_times(const struct ical_context *context,
                       const struct ical_component *component,
                       struct task *task)
{
    const struct ical_line *start = ical_line_find(component, "DTSTART");
    const struct ical_line *due = ical_line_find(component, "DUE");
    const char *duration_text = ical_value(component, "DURATION");
    struct ical_duration duration;
    if (start != NULL) {
        task->start = ical_when(&context->times, start);
        if (task->start.kind == WHEN_NONE)
            return false;
    }
    if (due != NULL) {
        task->due = ical_when(&context->times, due);
        return task->due.kind != WHEN_NONE;
    }
    if (duration_text != NULL && start != NULL) {
        if (!ical_duration(duration_text, &duration))
            return false;
        task->due = ical_when_after(&task->start, &duration);
    }
    return true;
}

static void read_progress(const struct ical_context *context,
                          const struct ical_component *component,
                          struct task *task)
{
    uint64_t percent = 0;
    const char *status = ical_value(component, "STATUS");
    const char *more = ical_value(component, "X-POSTERN-STATUS");
    const char *percent_text = ical_value(component, "PERCENT-COMPLETE");
    if (percent_text != NULL && !str_to_u64(percent_text, 100, &percent))
        percent = 0;
    task->percent = (unsigned)percent;
    task->completed = ical_instant_of(context, component, "COMPLETED");
    if (status == NULL)
        task->status = task->completed != TIME_NONE || percent == 100
                           ? TASK_COMPLETED
                       : percent > 0 ? TASK_IN_PROGRESS
                                     : TASK_NOT_STARTED;
    else if (str_equal_nocase(status, "COMPLETED"))
        task->status = TASK_COMPLETED;
    else if (str_equal_nocase(status, "IN-PROCESS"))
        task->status = TASK_IN_PROGRESS;
    else if (str_equal_nocase(status, "CANCELLED"))
        task->status = TASK_DEFERRED;
    else if (more != NULL && str_equal_nocase(more, "WAITING"))
        task->status = TASK_WAITING;
    if (task->status == TASK_COMPLETED)
        task->percent = 100;
    else
        task->completed = TIME_NONE;
}

/* A rule that Exchange begins anew when the task is done. */
static void read_regeneration(const struct ical_component *component,
                              const struct recurrence *rule)
{
    const char *value = ical_value(component, "X-POSTERN-REGENERATES");
    if (rule == NULL || value == NULL || !str_equal_nocase(value, "TRUE"))
        return;
    static const enum recurrence_pattern patterns[] = {
        [REPEAT_DAILY] = REGENERATE_DAILY,
        [REPEAT_WEEKLY] = REGENERATE_WEEKLY,
        [REPEAT_MONTHLY_DAY] = REGENERATE_MONTHLY,
        [REPEAT_MONTHLY_WEEKDAY] = REGENERATE_MONTHLY,
        [REPEAT_YEARLY_DAY] = REGENERATE_YEARLY,
        [REPEAT_YEARLY_WEEKDAY] = REGENERATE_YEARLY
    };
    ((struct recurrence *)rule)->pattern = patterns[rule->pattern];
}

static enum ical_problem read_rule(const struct ical_context *context,
                                   const struct ical_component *component,
                                   struct task *task, const char **reason_out)
{
    const struct when *base =
        task->start.kind != WHEN_NONE ? &task->start : &task->due;
    if (base->kind == WHEN_NONE) {
        *reason_out = "A recurring task needs a start or a due date.";
        return ical_line_find(component, "RRULE") == NULL ? ICAL_FINE
                                                          : ICAL_RECURRENCE;
    }
    /* The item shows the days of the task that is next, wherever its rule has
     * begun; and what begins anew when it is done has no days to compare. */
    struct ical_context own = *context;
    own.times.loose = true;
    own.times.trusted |=
        ical_line_find(component, "X-POSTERN-REGENERATES") != NULL;
    enum ical_problem problem = ical_recurrence_read(
        &own, component, base, &task->recurrence, reason_out);
    if (problem == ICAL_FINE)
        read_regeneration(component, task->recurrence);
    return problem;
}

enum ical_problem ical_task_read(const struct ical_context *context,
                                 const struct ical_component *component,
                                 struct task *out, const char **reason_out)
{
    *out = (struct task){ .uid = ical_text_of(context, component, "UID") };
    *reason_out = "A date cannot be read.";
    if (!read_times(context, component, out))
        return ICAL_TIME;
    enum ical_problem problem = read_rule(context, component, out, reason_out);
    if (problem != ICAL_FINE)
        return problem;
    out->summary = ical_text_of(context, component, "SUMMARY");
    out->description = ical_text_of(context, component, "DESCRIPTION");
    out->html = ical_html_of(context, component, out->description);
    if (out->description == NULL && out->html != NULL)
        out->description = html_lines(context->arena, out->html);
    read_progress(context, component, out);
    out->class = ical_class_of(component);
    out->importance = ical_importance_of(component);
    out->categories = ical_categories_of(context, component);
    out->reminder =
        ical_task_alarm(context, component, out, &out->reminder_time) != NULL;
    out->created = ical_instant_of(context, component, "CREATED");
    out->modified = ical_instant_of(context, component, "LAST-MODIFIED");
    *reason_out = NULL;
    return ICAL_FINE;
}
