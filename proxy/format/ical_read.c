/*
 * ical_read.c - a calendar object resource (RFC 4791, 4.1) and its series
 */
#include "proxy/format/ical.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/format/ical_private.h"
#include "proxy/format/recurrence.h"

enum { EXCEPTIONS_MAX = 1000, DELETED_MAX = 5000, UID_MAX = 1000 };

static enum ical_problem fail(const char **reason_out,
                              enum ical_problem problem, const char *reason)
{
    *reason_out = reason;
    return problem;
}

/* --- What kind of object it is ------------------------------------------- */

static bool kind_of(const char *name, enum ical_kind *kind_out)
{
    if (str_equal_nocase(name, "VEVENT"))
        *kind_out = ICAL_EVENT;
    else if (str_equal_nocase(name, "VTODO"))
        *kind_out = ICAL_TASK;
    else
        return false;
    return true;
}

static bool is_other_kind(const char *name)
{
    return str_equal_nocase(name, "VJOURNAL") ||
           str_equal_nocase(name, "VFREEBUSY") ||
           str_equal_nocase(name, "VAVAILABILITY");
}

/* That all components are of one kind and have one UID, and how many. */
static enum ical_problem look(struct ical_parsed *parsed, size_t *count_out,
                              const char **reason_out)
{
    struct ical_object *object = &parsed->object;
    bool others = false;
    *count_out = 0;
    for (const struct ical_component *child = parsed->calendar->children;
         child != NULL; child = child->next) {
        enum ical_kind kind;
        others = others || is_other_kind(child->name);
        if (!kind_of(child->name, &kind))
            continue;
        const char *uid = ical_text_of(&parsed->context, child, "UID");
        if (uid == NULL || strlen(uid) > UID_MAX)
            return fail(reason_out, ICAL_OBJECT, "There is no UID.");
        if (object->uid != NULL && strcmp(object->uid, uid) != 0)
            return fail(reason_out, ICAL_OBJECT, "There are several UIDs.");
        if (object->kind != ICAL_NONE && object->kind != kind)
            return fail(reason_out, ICAL_OBJECT, "There are several kinds.");
        object->uid = uid;
        object->kind = kind;
        ++*count_out;
    }
    if (others && *count_out == 0)
        return fail(reason_out, ICAL_COMPONENT,
                    "Only events and tasks can be kept.");
    if (others)
        return fail(reason_out, ICAL_OBJECT, "There are several kinds.");
    if (*count_out == 0)
        return fail(reason_out, ICAL_OBJECT, "There is no event and no task.");
    return *count_out > EXCEPTIONS_MAX
               ? fail(reason_out, ICAL_LIMIT, "There are too many exceptions.")
               : ICAL_FINE;
}

/* --- Rules --------------------------------------------------------------- */

enum ical_problem ical_recurrence_read(const struct ical_context *context,
                                       const struct ical_component *component,
                                       const struct when *start,
                                       const struct recurrence **out,
                                       const char **reason_out)
{
    *out = NULL;
    *reason_out = "Exchange holds one recurrence rule, and no dates besides.";
    struct ical_line *line = ical_line_find(component, "RRULE");
    if (ical_line_find(component, "RDATE") ||
        ical_line_find(component, "EXRULE") ||
        (line != NULL && ical_line_next(line, "RRULE") != NULL))
        return ICAL_RECURRENCE;
    if (line == NULL)
        return ICAL_FINE;
    struct recurrence *rule = arena_alloc(context->arena, sizeof *rule);
    *out = rule;
    /* A start that Exchange moves would leave a time of the rule behind. */
    const char *plain = ical_rule_plain(context->arena, line->value, start);
    if (context->times.trusted && plain != line->value)
        ical_line_set_value(context->arena, line, plain);
    if (ical_rule_read(&context->times, plain, start, rule, reason_out))
        return ICAL_FINE;
    return ical_rule_is_one(&context->times, line->value)
               ? ICAL_RECURRENCE
               : fail(reason_out, ICAL_SYNTAX, "An RRULE is no rule.");
}

/* --- Series -------------------------------------------------------------- */

/* An occurrence is named as its series begins: by days, or by times. */
static struct when occurrence_of(const struct series *series, struct when when)
{
    const struct when *start = &series->master.start;
    struct when day = { .kind = WHEN_DATE };
    if (!series->has_master || when.kind == WHEN_NONE)
        return when;
    if (when.kind == WHEN_ZONED && start->kind == WHEN_ZONED) {
        when.zone = start->zone;
        return when;
    }
    if (start->kind == WHEN_DATE) {
        day.instant = when_day(&when) * 86400;
        return day;
    }
    return when_on_day(start, when_day(&when));
}

static int compare_when(const void *a, const void *b)
{
    int64_t x = ((const struct when *)a)->instant;
    int64_t y = ((const struct when *)b)->instant;
    return (x > y) - (x < y);
}

struct exception {
    struct event event;
    struct ical_component *component;
};

static int compare_exceptions(const void *a, const void *b)
{
    return compare_when(&((const struct exception *)a)->event.occurrence,
                        &((const struct exception *)b)->event.occurrence);
}

static bool has_exception(const struct series *series, const struct when *when)
{
    for (size_t i = 0; i < series->exception_count; i++)
        if (series->exceptions[i].occurrence.instant == when->instant)
            return true;
    return false;
}

/* EXDATEs that name no occurrence say nothing. */
static enum ical_problem read_deleted(struct ical_parsed *parsed,
                                      const char **reason_out)
{
    struct series *series = &parsed->object.series;
    size_t most = 0;
    for (const struct ical_line *line =
             ical_line_find(parsed->master, "EXDATE");
         line != NULL; line = ical_line_next(line, "EXDATE")) {
        most++;
        for (const char *c = line->value; *c != '\0'; c++)
            most += *c == ',';
    }
    if (most == 0 || series->recurrence == NULL)
        return ICAL_FINE;
    if (most > DELETED_MAX)
        return fail(reason_out, ICAL_LIMIT, "There are too many EXDATEs.");
    struct when *all = arena_array(parsed->context.arena, most, sizeof *all);
    size_t count = 0;
    for (const struct ical_line *line =
             ical_line_find(parsed->master, "EXDATE");
         line != NULL; line = ical_line_next(line, "EXDATE"))
        count += ical_when_list(&parsed->context.times, line, all + count);
    for (size_t i = 0; i < count; i++)
        all[i] = occurrence_of(series, all[i]);
    qsort(all, count, sizeof *all, compare_when);
    series->deleted = all;
    for (size_t i = 0; i < count; i++) {
        size_t kept = series->deleted_count;
        bool again = kept > 0 && all[kept - 1].instant == all[i].instant;
        if (!again && !has_exception(series, &all[i]))
            all[series->deleted_count++] = all[i];
    }
    return ICAL_FINE;
}

/* Only what is on the pattern: one walk for all of them. */
static size_t on_pattern(const struct series *series, struct when *all,
                         size_t count)
{
    struct recurrence_days days;
    recurrence_days_begin(&days, series->recurrence);
    size_t kept = 0;
    int64_t day = INT64_MIN;
    bool more = true;
    for (size_t i = 0; i < count; i++) {
        int64_t wanted = when_day(&all[i]);
        while (more && day < wanted)
            more = recurrence_days_next(&days, &day);
        if (more && day == wanted)
            all[kept++] = all[i];
    }
    return kept;
}

static enum ical_problem read_exception(struct ical_parsed *parsed,
                                        struct ical_component *component,
                                        struct exception *out,
                                        const char **reason_out)
{
    const struct ical_line *line = ical_line_find(component, "RECURRENCE-ID");
    if (ical_param(line, "RANGE") != NULL)
        return fail(reason_out, ICAL_RECURRENCE,
                    "Exchange changes single occurrences only.");
    out->component = component;
    enum ical_problem problem =
        ical_event_read(&parsed->context, component, &out->event, reason_out);
    if (problem != ICAL_FINE)
        return problem;
    struct when named = ical_when(&parsed->context.times, line);
    if (named.kind == WHEN_NONE)
        return fail(reason_out, ICAL_TIME, "A RECURRENCE-ID is no time.");
    out->event.occurrence = occurrence_of(&parsed->object.series, named);
    return ICAL_FINE;
}

static enum ical_problem check_exceptions(struct ical_parsed *parsed,
                                          const char **reason_out)
{
    struct series *series = &parsed->object.series;
    size_t count = series->exception_count;
    for (size_t i = 1; i < count; i++)
        if (series->exceptions[i].occurrence.instant ==
            series->exceptions[i - 1].occurrence.instant)
            return fail(reason_out, ICAL_OBJECT,
                        "Two exceptions are of the same occurrence.");
    if (count == 0 || !series->has_master)
        return ICAL_FINE;
    if (series->recurrence == NULL)
        return fail(reason_out, ICAL_OBJECT,
                    "There are exceptions, but no recurrence.");
    struct when *all = arena_array(parsed->context.arena, count, sizeof *all);
    for (size_t i = 0; i < count; i++)
        all[i] = series->exceptions[i].occurrence;
    return on_pattern(series, all, count) == count
               ? ICAL_FINE
               : fail(reason_out, ICAL_RECURRENCE,
                      "An exception is of no occurrence of the series.");
}

static enum ical_problem read_exceptions(struct ical_parsed *parsed,
                                         size_t count, const char **reason_out)
{
    struct series *series = &parsed->object.series;
    struct arena *arena = parsed->context.arena;
    struct exception *all = arena_array(arena, count + 1, sizeof *all);
    size_t read = 0;
    for (struct ical_component *child = parsed->calendar->children;
         child != NULL; child = child->next) {
        if (!str_equal_nocase(child->name, "VEVENT") || child == parsed->master)
            continue;
        enum ical_problem problem =
            read_exception(parsed, child, &all[read++], reason_out);
        if (problem != ICAL_FINE)
            return problem;
    }
    qsort(all, read, sizeof *all, compare_exceptions);
    series->exceptions = arena_array(arena, read + 1, sizeof(struct event));
    parsed->exceptions =
        arena_array(arena, read + 1, sizeof *parsed->exceptions);
    for (size_t i = 0; i < read; i++) {
        series->exceptions[i] = all[i].event;
        parsed->exceptions[i] = all[i].component;
    }
    series->exception_count = read;
    return check_exceptions(parsed, reason_out);
}

static enum ical_problem read_series(struct ical_parsed *parsed, size_t count,
                                     const char **reason_out)
{
    struct series *series = &parsed->object.series;
    series->uid = parsed->object.uid;
    for (struct ical_component *child = parsed->calendar->children;
         child != NULL; child = child->next) {
        if (!str_equal_nocase(child->name, "VEVENT") ||
            ical_line_find(child, "RECURRENCE-ID") != NULL)
            continue;
        if (parsed->master != NULL)
            return fail(reason_out, ICAL_OBJECT, "There are two masters.");
        parsed->master = child;
    }
    enum ical_problem problem = ICAL_FINE;
    if (parsed->master != NULL) {
        series->has_master = true;
        problem = ical_event_read(&parsed->context, parsed->master,
                                  &series->master, reason_out);
        if (problem == ICAL_FINE)
            problem = ical_recurrence_read(&parsed->context, parsed->master,
                                           &series->master.start,
                                           &series->recurrence, reason_out);
    }
    if (problem == ICAL_FINE)
        problem = read_exceptions(parsed, count, reason_out);
    if (problem == ICAL_FINE && parsed->master != NULL)
        problem = read_deleted(parsed, reason_out);
    if (problem == ICAL_FINE && series->deleted_count > 0)
        series->deleted_count =
            on_pattern(series, series->deleted, series->deleted_count);
    return problem;
}

static enum ical_problem read_task(struct ical_parsed *parsed, size_t count,
                                   const char **reason_out)
{
    if (count == 2 && ical_task_take_done(&parsed->context, parsed->calendar))
        count = 1;
    parsed->master = ical_child_find(parsed->calendar, "VTODO");
    if (count > 1 || ical_line_find(parsed->master, "RECURRENCE-ID") ||
        ical_line_find(parsed->master, "EXDATE"))
        return fail(reason_out, ICAL_RECURRENCE,
                    "Of a series of tasks only the next one can be done, "
                    "and Exchange holds no other exceptions of tasks.");
    return ical_task_read(&parsed->context, parsed->master,
                          &parsed->object.task, reason_out);
}

enum ical_problem ical_parse(struct arena *arena, const char *text, size_t len,
                             const struct zone *zone, const char *const *self,
                             bool trusted, struct ical_parsed *out,
                             const char **reason_out)
{
    *out =
        (struct ical_parsed){ .context = { .arena = arena,
                                           .self = self,
                                           .times = { .arena = arena,
                                                      .zone = zone,
                                                      .trusted = trusted } } };
    bool limit;
    *reason_out = NULL;
    out->calendar = ical_lines_read(arena, text, len, reason_out, &limit);
    if (out->calendar == NULL)
        return limit ? ICAL_LIMIT : ICAL_SYNTAX;
    if (!str_equal_nocase(out->calendar->name, "VCALENDAR") ||
        out->calendar->next != NULL)
        return fail(reason_out, ICAL_SYNTAX, "It is not one VCALENDAR.");
    /* What waits in an inbox has one. */
    if (!trusted && ical_line_find(out->calendar, "METHOD") != NULL)
        return fail(reason_out, ICAL_OBJECT, "It has a METHOD.");
    out->context.times.calendar = out->calendar;
    size_t count;
    enum ical_problem problem = look(out, &count, reason_out);
    if (problem == ICAL_FINE)
        problem = out->object.kind == ICAL_TASK
                      ? read_task(out, count, reason_out)
                      : read_series(out, count, reason_out);
    if (problem == ICAL_FINE)
        *reason_out = NULL;
    return problem;
}

enum ical_problem ical_read(struct arena *arena, const char *text, size_t len,
                            const struct zone *zone, const char *const *self,
                            struct ical_object *object_out,
                            const char **reason_out)
{
    struct ical_parsed parsed;
    *object_out = (struct ical_object){ 0 };
    if (!ical_lines_are_utf8(arena, text, len)) {
        *reason_out = "The text is not in UTF-8.";
        return ICAL_SYNTAX;
    }
    if (ical_lines_have_controls(text, len))
        return fail(reason_out, ICAL_SYNTAX, "There are control characters.");
    enum ical_problem problem =
        ical_parse(arena, text, len, zone, self, false, &parsed, reason_out);
    *object_out = parsed.object;
    return problem == ICAL_FINE
               ? ical_dates_check(&parsed.object, zone, reason_out)
               : problem;
}
