/*
 * ical_expand.c - occurrences instead of rules, and what of a text is wanted
 */
#include "proxy/format/ical_expand.h"

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/format/ical_private.h"
#include "proxy/format/recurrence.h"

struct expansion {
    struct ical_parsed parsed;
    const struct ical_range *range;
    struct ical_component *calendar; /* the new one */
    struct ical_component **end;
    size_t count;
};

/* --- Occurrences (9.6.5) ------------------------------------------------- */

static struct when in_utc(struct when when)
{
    if (when.kind == WHEN_ZONED)
        when.zone = zone_utc();
    return when;
}

static void set_when(struct arena *arena, struct ical_component *component,
                     const char *name, struct when when)
{
    when = in_utc(when);
    ical_lines_remove(component, name);
    if (when.kind != WHEN_NONE)
        ical_line_add(arena, component, ical_when_line(arena, name, &when));
}

static struct ical_component *add_copy(struct expansion *expansion,
                                       const struct ical_component *from)
{
    static const char *const rules[] = { "RRULE", "RDATE", "EXDATE", "EXRULE",
                                         "DURATION" };
    struct ical_component *copy =
        ical_component_copy(expansion->parsed.context.arena, from);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        ical_lines_remove(copy, rules[i]);
    *expansion->end = copy;
    expansion->end = &copy->next;
    return copy;
}

static void add_instance(struct expansion *expansion,
                         const struct instance *instance)
{
    struct ical_parsed *parsed = &expansion->parsed;
    const struct series *series = &parsed->object.series;
    const struct ical_component *from =
        instance->exception != NULL
            ? parsed->exceptions[instance->exception - series->exceptions]
            : parsed->master;
    struct arena *arena = parsed->context.arena;
    struct ical_component *copy = add_copy(expansion, from);
    set_when(arena, copy, "RECURRENCE-ID", instance->occurrence);
    set_when(arena, copy, "DTSTART", instance->start);
    set_when(arena, copy, "DTEND", instance->end);
}

static bool expand_events(struct expansion *expansion)
{
    struct instances instances;
    struct instance instance;
    instances_begin(&instances, &expansion->parsed.object.series,
                    expansion->parsed.context.times.zone);
    int64_t late = expansion->range->to < INT64_MAX - 400 * 86400LL
                       ? expansion->range->to + 400 * 86400LL
                       : INT64_MAX;
    bool over = false;
    while (instances_next(&instances, &instance)) {
        /* Exceptions that are out of order come at the end. */
        over |= instance.exception == NULL && instance.from > late;
        if (over && instances.exception >=
                        expansion->parsed.object.series.exception_count)
            return true;
        if (!ical_range_meets(expansion->range, instance.from, instance.to))
            continue;
        if (++expansion->count > ICAL_MAX_INSTANCES)
            return false;
        add_instance(expansion, &instance);
    }
    return true;
}

static void add_task(struct expansion *expansion, const struct when *start,
                     const struct when *due)
{
    struct arena *arena = expansion->parsed.context.arena;
    struct ical_component *copy = add_copy(expansion, expansion->parsed.master);
    set_when(arena, copy, "DTSTART", *start);
    set_when(arena, copy, "DUE", *due);
    if (expansion->parsed.object.task.recurrence != NULL)
        set_when(arena, copy, "RECURRENCE-ID",
                 start->kind != WHEN_NONE ? *start : *due);
}

static bool expand_tasks(struct expansion *expansion)
{
    const struct task *task = &expansion->parsed.object.task;
    const struct zone *zone = expansion->parsed.context.times.zone;
    if (task->recurrence == NULL) {
        add_task(expansion, &task->start, &task->due);
        return true;
    }
    bool has_start = task->start.kind != WHEN_NONE;
    bool has_due = task->due.kind != WHEN_NONE;
    int64_t base = when_day(has_start ? &task->start : &task->due), day;
    int64_t length = has_start && has_due ? when_day(&task->due) - base : 0;
    struct recurrence_days days;
    recurrence_days_begin(&days, task->recurrence);
    while (recurrence_days_next(&days, &day)) {
        struct when start = task->start, due = task->due;
        if (has_start)
            start = when_on_day(&start, day);
        if (has_due)
            due = when_on_day(&due, day + length);
        int64_t from = when_instant(has_start ? &start : &due, zone);
        int64_t to = when_instant(has_due ? &due : &start, zone);
        if (from >= expansion->range->to)
            return true;
        if (!ical_range_meets(expansion->range, from, to < from ? from : to))
            continue;
        if (++expansion->count > ICAL_MAX_INSTANCES)
            return false;
        add_task(expansion, &start, &due);
    }
    return true;
}

/* False: too many. */
static bool expand(struct ical_parsed *parsed, const struct ical_range *range)
{
    struct ical_component calendar = *parsed->calendar;
    struct expansion expansion = { .parsed = *parsed,
                                   .range = range,
                                   .calendar = &calendar,
                                   .end = &calendar.children };
    calendar.children = NULL;
    bool good = parsed->object.kind == ICAL_TASK ? expand_tasks(&expansion)
                                                 : expand_events(&expansion);
    *parsed->calendar = calendar;
    return good;
}

/* --- Exceptions (9.6.6) -------------------------------------------------- */

static bool matters(const struct ical_parsed *parsed, const struct event *event,
                    const struct ical_range *range)
{
    const struct series *series = &parsed->object.series;
    const struct zone *zone = parsed->context.times.zone;
    if (ical_range_meets(range, when_instant(&event->start, zone),
                         when_instant(&event->end, zone)))
        return true;
    struct event plain = *event;
    if (series->has_master)
        plain = series_occurrence(series, &event->occurrence);
    return ical_range_meets(range, when_instant(&plain.start, zone),
                            when_instant(&plain.end, zone));
}

static void limit(struct ical_parsed *parsed, const struct ical_range *range)
{
    const struct series *series = &parsed->object.series;
    for (size_t i = 0; i < series->exception_count; i++)
        if (!matters(parsed, &series->exceptions[i], range))
            ical_child_remove(parsed->calendar, parsed->exceptions[i]);
}

/* --- What is wanted (9.6.1) ---------------------------------------------- */

static const struct ical_prop_shape *wanted_prop(
    const struct ical_comp_shape *shape, const char *name)
{
    for (size_t i = 0; i < shape->prop_count; i++)
        if (str_equal_nocase(shape->props[i].name, name))
            return &shape->props[i];
    return NULL;
}

static const struct ical_comp_shape *wanted_comp(
    const struct ical_comp_shape *shape, const char *name)
{
    for (size_t i = 0; i < shape->comp_count; i++)
        if (str_equal_nocase(shape->comps[i].name, name))
            return &shape->comps[i];
    return NULL;
}

static void prune(struct arena *arena, struct ical_component *component,
                  const struct ical_comp_shape *shape)
{
    struct ical_line *next_line;
    for (struct ical_line *line = component->lines; line != NULL;
         line = next_line) {
        next_line = line->next;
        const struct ical_prop_shape *wanted = wanted_prop(shape, line->name);
        if (wanted == NULL && !shape->all_props)
            ical_line_remove(component, line);
        else if (wanted != NULL && wanted->no_value)
            ical_line_set_value(arena, line, "");
    }
    struct ical_component *next;
    for (struct ical_component *child = component->children; child != NULL;
         child = next) {
        next = child->next;
        const struct ical_comp_shape *wanted = wanted_comp(shape, child->name);
        if (wanted != NULL)
            prune(arena, child, wanted);
        else if (!shape->all_comps)
            ical_child_remove(component, child);
    }
}

/* What limit-freebusy-set asks for needs nothing: no text that is kept has a
 * VFREEBUSY. */
const char *ical_shaped(struct arena *arena, const char *text, size_t len,
                        const struct ical_shape *shape, const struct zone *zone)
{
    struct ical_parsed parsed;
    const char *reason;
    if (shape->component == NULL && shape->expand == NULL &&
        shape->limit_recurrence == NULL)
        return arena_strndup(arena, text, len);
    if (ical_parse(arena, text, len, zone, NULL, true, &parsed, &reason) !=
        ICAL_FINE)
        return arena_strndup(arena, text, len);
    if (shape->expand != NULL && !expand(&parsed, shape->expand))
        return NULL;
    if (shape->expand == NULL && shape->limit_recurrence != NULL)
        limit(&parsed, shape->limit_recurrence);
    if (shape->component != NULL)
        prune(arena, parsed.calendar, shape->component);
    return ical_lines_text(arena, parsed.calendar);
}
