/*
 * ical_filter.c - the tests of a calendar-query (RFC 4791, 9.7 and 9.9)
 *
 * A component of a series stands for those of its instances that it is: the
 * master for all that are as the rule says, an exception for itself.
 */
#include "proxy/format/ical_filter.h"

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/format/ical_private.h"
#include "proxy/format/recurrence.h"

enum { DAY = 86400 };

struct filtering {
    struct ical_parsed parsed;
    const struct ical_component *event; /* that the alarms are of */
};

/* --- Events -------------------------------------------------------------- */

bool ical_range_meets(const struct ical_range *range, int64_t from, int64_t to)
{
    if (from == to)
        return range->from <= from && range->to > from;
    return range->from < to && range->to > from;
}

/* An exception as the only instance that it is; false for the master. */
static bool own_instance(const struct ical_parsed *parsed,
                         const struct ical_component *component,
                         struct instance *out)
{
    const struct series *series = &parsed->object.series;
    const struct zone *zone = parsed->context.times.zone;
    for (size_t i = 0; i < series->exception_count; i++) {
        const struct event *event = &series->exceptions[i];
        if (parsed->exceptions[i] != component)
            continue;
        *out = (struct instance){ .occurrence = event->occurrence,
                                  .exception = event,
                                  .start = event->start,
                                  .end = event->end,
                                  .from = when_instant(&event->start, zone),
                                  .to = when_instant(&event->end, zone) };
        return true;
    }
    return false;
}

/* Calls `test` for each instance of a component until one is true.  What comes
 * long after the range is not looked at: no alarm is that early. */
static bool any_instance(const struct filtering *filtering,
                         const struct ical_component *component,
                         const struct ical_range *range,
                         bool (*test)(const void *context,
                                      const struct instance *instance),
                         const void *context)
{
    const struct ical_parsed *parsed = &filtering->parsed;
    struct instances instances;
    struct instance instance;
    if (own_instance(parsed, component, &instance))
        return test(context, &instance);
    instances_begin(&instances, &parsed->object.series,
                    parsed->context.times.zone);
    bool late = false;
    while (!late && instances_next(&instances, &instance)) {
        if (instance.exception != NULL)
            continue;
        if (test(context, &instance))
            return true;
        late = range->to < INT64_MAX - 400 * (int64_t)DAY &&
               instance.from > range->to + 400 * (int64_t)DAY;
    }
    return false;
}

static bool instance_overlaps(const void *range,
                              const struct instance *instance)
{
    return ical_range_meets(range, instance->from, instance->to);
}

/* --- Tasks --------------------------------------------------------------- */

static bool span_fits(const struct ical_range *range, bool has_start,
                      int64_t start, bool has_due, int64_t due)
{
    if (has_start && has_due)
        return (range->from < due || range->from <= start) &&
               (range->to > start || range->to >= due);
    if (has_start)
        return range->from <= start && range->to > start;
    return range->from < due && range->to >= due;
}

static bool undated_fits(const struct ical_range *range, int64_t created,
                         int64_t completed)
{
    if (completed != TIME_NONE && created != TIME_NONE)
        return (range->from <= created || range->from <= completed) &&
               (range->to >= created || range->to >= completed);
    if (completed != TIME_NONE)
        return range->from <= completed && range->to >= completed;
    return created == TIME_NONE || range->to > created;
}

static bool task_fits(const struct ical_parsed *parsed,
                      const struct ical_range *range)
{
    const struct task *task = &parsed->object.task;
    const struct zone *zone = parsed->context.times.zone;
    bool has_start = task->start.kind != WHEN_NONE;
    bool has_due = task->due.kind != WHEN_NONE;
    if (!has_start && !has_due)
        return undated_fits(
            range, task->created,
            ical_instant_of(&parsed->context, parsed->master, "COMPLETED"));
    struct when base = has_start ? task->start : task->due;
    int64_t length = has_start && has_due ? when_instant(&task->due, zone) -
                                                when_instant(&task->start, zone)
                                          : 0;
    int64_t at = when_instant(&base, zone), day;
    if (task->recurrence == NULL)
        return span_fits(range, has_start, at, has_due, at + length);
    struct recurrence_days days;
    recurrence_days_begin(&days, task->recurrence);
    while (recurrence_days_next(&days, &day)) {
        struct when when = when_on_day(&base, day);
        at = when_instant(&when, zone);
        if (span_fits(range, has_start, at, has_due, at + length))
            return true;
        if (at > range->to)
            return false;
    }
    return false;
}

/* --- Alarms -------------------------------------------------------------- */

struct alarm {
    const struct filtering *filtering;
    const struct ical_range *range;
    const struct ical_component *component;
};

/* When it goes off, and again (RFC 5545, 3.8.6.2). */
static bool rings_in(const struct alarm *alarm, int64_t at)
{
    uint64_t repeat = 0;
    struct ical_duration every = { 0 };
    const char *count = ical_value(alarm->component, "REPEAT");
    const char *duration = ical_value(alarm->component, "DURATION");
    if (count != NULL && duration != NULL &&
        (!str_to_u64(count, 100, &repeat) || !ical_duration(duration, &every)))
        repeat = 0;
    for (uint64_t i = 0; i <= repeat; i++) {
        if (ical_range_meets(alarm->range, at, at))
            return true;
        at += every.days * DAY + every.seconds;
    }
    return false;
}

static bool alarm_rings(const void *context, const struct instance *instance)
{
    const struct alarm *alarm = context;
    const struct ical_times *times = &alarm->filtering->parsed.context.times;
    const struct ical_line *line = ical_line_find(alarm->component, "TRIGGER");
    struct ical_duration duration;
    if (line == NULL)
        return false;
    if (!ical_duration(line->value, &duration)) {
        struct when when = ical_when(times, line);
        return when.kind != WHEN_NONE &&
               rings_in(alarm, when_instant(&when, times->zone));
    }
    const char *related = ical_param(line, "RELATED");
    bool of_end = related != NULL && str_equal_nocase(related, "END");
    return rings_in(alarm,
                    ical_when_rings(&alarm->filtering->parsed.context,
                                    of_end ? &instance->end : &instance->start,
                                    &duration));
}

static bool alarm_fits(const struct filtering *filtering,
                       const struct ical_component *component,
                       const struct ical_range *range)
{
    struct alarm alarm = { .filtering = filtering,
                           .range = range,
                           .component = component };
    if (filtering->parsed.object.kind == ICAL_EVENT)
        return any_instance(filtering, filtering->event, range, alarm_rings,
                            &alarm);
    const struct task *task = &filtering->parsed.object.task;
    struct instance instance = { .start = task->start, .end = task->due };
    if (instance.start.kind == WHEN_NONE)
        instance.start = task->due;
    return instance.start.kind != WHEN_NONE && alarm_rings(&alarm, &instance);
}

/* --- Properties ---------------------------------------------------------- */

static bool param_fits(const struct ical_line *line,
                       const struct ical_param_filter *filter)
{
    const char *value = ical_param(line, filter->name);
    if (filter->absent || value == NULL)
        return filter->absent && value == NULL;
    return filter->text == NULL || ical_text_matches(filter->text, value);
}

static bool line_fits(const struct filtering *filtering,
                      const struct ical_line *line,
                      const struct ical_prop_filter *filter)
{
    const struct ical_context *context = &filtering->parsed.context;
    if (filter->range != NULL) {
        struct when when = ical_when(&context->times, line);
        int64_t instant = when_instant(&when, context->times.zone);
        if (when.kind == WHEN_NONE || instant < filter->range->from ||
            instant >= filter->range->to)
            return false;
    }
    if (filter->text != NULL &&
        !ical_text_matches(filter->text,
                           ical_text_unescape(context->arena, line->value)))
        return false;
    for (size_t i = 0; i < filter->param_count; i++)
        if (!param_fits(line, &filter->params[i]))
            return false;
    return true;
}

static bool prop_fits(const struct filtering *filtering,
                      const struct ical_component *component,
                      const struct ical_prop_filter *filter)
{
    const struct ical_line *line = ical_line_find(component, filter->name);
    if (filter->absent)
        return line == NULL;
    for (; line != NULL; line = ical_line_next(line, filter->name))
        if (line_fits(filtering, line, filter))
            return true;
    return false;
}

/* --- Components ---------------------------------------------------------- */

static bool range_fits(const struct filtering *filtering,
                       const struct ical_component *component,
                       const struct ical_range *range)
{
    if (str_equal_nocase(component->name, "VEVENT"))
        return any_instance(filtering, component, range, instance_overlaps,
                            range);
    if (str_equal_nocase(component->name, "VTODO"))
        return task_fits(&filtering->parsed, range);
    return str_equal_nocase(component->name, "VALARM") &&
           alarm_fits(filtering, component, range);
}

static bool child_fits(struct filtering *filtering,
                       const struct ical_component *parent,
                       const struct ical_comp_filter *filter);

static bool component_fits(struct filtering *filtering,
                           const struct ical_component *component,
                           const struct ical_comp_filter *filter)
{
    for (size_t i = 0; i < filter->prop_count; i++)
        if (!prop_fits(filtering, component, &filter->props[i]))
            return false;
    for (size_t i = 0; i < filter->comp_count; i++) {
        if (str_equal_nocase(component->name, "VEVENT"))
            filtering->event = component;
        if (!child_fits(filtering, component, &filter->comps[i]))
            return false;
    }
    return filter->range == NULL ||
           range_fits(filtering, component, filter->range);
}

static bool child_fits(struct filtering *filtering,
                       const struct ical_component *parent,
                       const struct ical_comp_filter *filter)
{
    bool any = false;
    for (const struct ical_component *child = parent->children; child != NULL;
         child = child->next) {
        if (!str_equal_nocase(child->name, filter->name))
            continue;
        any = true;
        if (!filter->absent && component_fits(filtering, child, filter))
            return true;
    }
    return filter->absent && !any;
}

bool ical_matches(struct arena *arena, const char *text, size_t len,
                  const struct ical_comp_filter *filter,
                  const struct zone *zone)
{
    struct filtering filtering = { .event = NULL };
    const char *reason;
    if (ical_parse(arena, text, len, zone, NULL, true, &filtering.parsed,
                   &reason) != ICAL_FINE)
        return false;
    return str_equal_nocase(filtering.parsed.calendar->name, filter->name) &&
           !filter->absent &&
           component_fits(&filtering, filtering.parsed.calendar, filter);
}

void ical_filter_bounds(const struct ical_comp_filter *filter,
                        enum ical_kind *kind_out, struct ical_range *range_out)
{
    *kind_out = ICAL_NONE;
    *range_out = (struct ical_range){ .from = INT64_MIN, .to = INT64_MAX };
    for (size_t i = 0; i < filter->comp_count; i++) {
        const struct ical_comp_filter *comp = &filter->comps[i];
        bool event = str_equal_nocase(comp->name, "VEVENT");
        if (comp->absent || (!event && !str_equal_nocase(comp->name, "VTODO")))
            continue;
        *kind_out = event ? ICAL_EVENT : ICAL_TASK;
        if (!event || comp->range == NULL)
            continue;
        /* What takes no time begins and ends where the range begins. */
        if (comp->range->from > INT64_MIN)
            range_out->from = comp->range->from - 1;
        range_out->to = comp->range->to;
    }
}
