/*
 * ical_write.c - a calendar object resource out of what Exchange holds
 *
 * The client's text is read as it was read when it came, and changed where its
 * meaning is not what Exchange holds by now.
 */
#include "proxy/format/ical.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"
#include "proxy/format/ical_private.h"
#include "proxy/format/recurrence.h"

/* --- Beginning ----------------------------------------------------------- */

static void start_new(struct ical_parsed *parsed, const struct zone *zone,
                      const char *const *self)
{
    struct arena *arena = parsed->context.arena;
    *parsed = (struct ical_parsed){ .context = { .arena = arena,
                                                 .self = self,
                                                 .times = { .arena = arena,
                                                            .zone = zone } } };
    parsed->calendar = ical_component_new(arena, "VCALENDAR");
    ical_line_add(arena, parsed->calendar, "VERSION:2.0");
    ical_line_add(arena, parsed->calendar, "PRODID:-//Postern//Postern//EN");
    parsed->context.times.calendar = parsed->calendar;
}

static void start(struct arena *arena, const struct ical_object *object,
                  const char *kept, const struct zone *zone,
                  const char *const *self, struct ical_parsed *parsed)
{
    const char *reason;
    bool good =
        kept != NULL &&
        ical_parse(arena, kept, strlen(kept), zone, self, true, parsed,
                   &reason) == ICAL_FINE &&
        parsed->object.kind == object->kind &&
        (object->uid == NULL || str_equal(parsed->object.uid, object->uid));
    parsed->context.arena = arena;
    if (!good)
        start_new(parsed, zone, self);
}

static struct ical_component *new_component(struct ical_parsed *parsed,
                                            const char *name, const char *uid)
{
    struct arena *arena = parsed->context.arena;
    struct ical_component *component = ical_component_new(arena, name);
    ical_line_add(
        arena, component,
        arena_printf(arena, "UID:%s", ical_text_escape(arena, uid ? uid : "")));
    ical_child_add(parsed->calendar, component);
    return component;
}

/* --- Rules and what is deleted ------------------------------------------- */

static void put_rule(struct ical_pen *pen, struct ical_component *component,
                     const struct recurrence *was, const struct series *shall,
                     bool is_new)
{
    struct arena *arena = pen->context.arena;
    if (!is_new && recurrence_equal(was, shall->recurrence))
        return;
    ical_put(pen, component, "RDATE", NULL);
    ical_put(pen, component, "EXRULE", NULL);
    ical_put(pen, component, "RRULE",
             shall->recurrence == NULL
                 ? NULL
                 : arena_printf(arena, "RRULE:%s",
                                ical_rule_text(arena, shall->recurrence,
                                               &shall->master.start)));
}

static bool is_deleted(const struct series *series, const struct when *when)
{
    for (size_t i = 0; i < series->deleted_count; i++)
        if (series->deleted[i].instant == when->instant)
            return true;
    return false;
}

/* A line of the client stays while all it names is deleted, or names nothing.
 */
static bool line_holds(struct ical_pen *pen, const struct series *was,
                       const struct series *shall, const struct ical_line *line)
{
    size_t most = 1;
    for (const char *c = line->value; *c != '\0'; c++)
        most += *c == ',';
    struct when *all = arena_array(pen->context.arena, most, sizeof *all);
    size_t count = ical_when_list(&pen->context.times, line, all);
    for (size_t i = 0; i < count; i++) {
        if (shall->master.start.kind == WHEN_DATE)
            all[i].instant = when_day(&all[i]) * 86400;
        if (is_deleted(was, &all[i]) && !is_deleted(shall, &all[i]))
            return false;
    }
    return true;
}

static void put_deleted(struct ical_pen *pen, struct ical_component *component,
                        const struct series *was, const struct series *shall)
{
    struct arena *arena = pen->context.arena;
    struct series still = *was;
    struct ical_line *line = ical_line_find(component, "EXDATE"), *next;
    bool dropped = false;
    for (; line != NULL; line = next) {
        next = ical_line_next(line, "EXDATE");
        if (line_holds(pen, was, shall, line))
            continue;
        dropped = pen->touched = true;
        ical_line_remove(component, line);
    }
    /* What stood in a line that has gone is written again. */
    if (dropped) {
        ical_lines_remove(component, "EXDATE");
        still.deleted_count = 0;
    }
    for (size_t i = 0; i < shall->deleted_count; i++) {
        if (is_deleted(&still, &shall->deleted[i]))
            continue;
        struct when when = shall->deleted[i];
        if (when.kind == WHEN_ZONED && shall->master.start.kind == WHEN_ZONED)
            when.zone = shall->master.start.zone;
        pen->touched = true;
        ical_line_add(arena, component, ical_when_line(arena, "EXDATE", &when));
    }
}

/* --- Exceptions ---------------------------------------------------------- */

static const struct event *find_event(const struct event *events, size_t count,
                                      const struct when *occurrence,
                                      size_t *index_out)
{
    for (size_t i = 0; i < count; i++)
        if (events[i].occurrence.instant == occurrence->instant) {
            *index_out = i;
            return &events[i];
        }
    return NULL;
}

/* An exception that only the client sees as one: Exchange has nothing of its
 * own to say of that day. */
static bool is_silent(const struct series *was, const struct event *exception,
                      const struct series *shall)
{
    if (!was->has_master || !shall->has_master ||
        is_deleted(shall, &exception->occurrence) ||
        series_instance_index(shall, &exception->occurrence) == 0)
        return false;
    struct event plain = series_occurrence(was, &exception->occurrence);
    return event_differences(exception, &plain) == 0;
}

static void drop_exceptions(struct ical_pen *pen, struct ical_parsed *parsed,
                            const struct series *shall)
{
    const struct series *was = &parsed->object.series;
    for (size_t i = 0; i < was->exception_count; i++) {
        const struct event *exception = &was->exceptions[i];
        size_t index;
        if (find_event(shall->exceptions, shall->exception_count,
                       &exception->occurrence, &index) != NULL)
            continue;
        if (is_silent(was, exception, shall)) {
            struct event now = series_occurrence(shall, &exception->occurrence);
            ical_event_put(pen, parsed->exceptions[i], exception, &now);
        } else {
            ical_child_remove(parsed->calendar, parsed->exceptions[i]);
        }
    }
}

static void put_exceptions(struct ical_pen *pen, struct ical_parsed *parsed,
                           const struct series *shall)
{
    const struct series *was = &parsed->object.series;
    drop_exceptions(pen, parsed, shall);
    for (size_t i = 0; i < shall->exception_count; i++) {
        const struct event *exception = &shall->exceptions[i];
        size_t index;
        const struct event *old =
            find_event(was->exceptions, was->exception_count,
                       &exception->occurrence, &index);
        if (old != NULL) {
            ical_event_put(pen, parsed->exceptions[index], old, exception);
            continue;
        }
        struct ical_component *component =
            new_component(parsed, "VEVENT", shall->uid);
        struct when occurrence = exception->occurrence;
        if (shall->has_master && occurrence.kind == WHEN_ZONED &&
            shall->master.start.kind == WHEN_ZONED)
            occurrence.zone = shall->master.start.zone;
        ical_line_add(
            pen->context.arena, component,
            ical_when_line(pen->context.arena, "RECURRENCE-ID", &occurrence));
        ical_event_put(pen, component, NULL, exception);
    }
}

static void put_master(struct ical_pen *pen, struct ical_parsed *parsed,
                       const struct series *shall)
{
    const struct series *was = &parsed->object.series;
    if (!shall->has_master) {
        if (parsed->master != NULL)
            ical_child_remove(parsed->calendar, parsed->master);
        return;
    }
    bool is_new = parsed->master == NULL;
    if (is_new)
        parsed->master = new_component(parsed, "VEVENT", shall->uid);
    ical_event_put(pen, parsed->master, is_new ? NULL : &was->master,
                   &shall->master);
    put_rule(pen, parsed->master, was->recurrence, shall, is_new);
    put_deleted(pen, parsed->master, was, shall);
}

/* --- Zones --------------------------------------------------------------- */

struct zone_names {
    const char *names[64];
    size_t count;
};

static void collect_zones(const struct ical_component *component,
                          struct zone_names *names)
{
    for (const struct ical_line *line = component->lines; line != NULL;
         line = line->next) {
        const char *name = ical_param(line, "TZID");
        bool known = name == NULL;
        for (size_t i = 0; i < names->count && !known; i++)
            known = str_equal_nocase(names->names[i], name);
        if (!known && names->count < sizeof names->names / sizeof(char *))
            names->names[names->count++] = name;
    }
    for (const struct ical_component *child = component->children;
         child != NULL; child = child->next)
        collect_zones(child, names);
}

static bool has_timezone(const struct ical_component *calendar,
                         const char *name)
{
    for (const struct ical_component *child = calendar->children; child != NULL;
         child = child->next)
        if (str_equal_nocase(child->name, "VTIMEZONE") &&
            str_equal_nocase(ical_value(child, "TZID"), name))
            return true;
    return false;
}

static void put_zones(struct ical_parsed *parsed,
                      const struct ical_object *object)
{
    struct arena *arena = parsed->context.arena;
    struct zone_names names = { .count = 0 };
    int64_t from, to;
    collect_zones(parsed->calendar, &names);
    if (names.count == 0)
        return;
    ical_bounds(object, parsed->context.times.zone, &from, &to);
    for (size_t i = names.count; i-- > 0;) {
        const char *name = names.names[i];
        if (has_timezone(parsed->calendar, name))
            continue;
        const char *text = zone_vtimezone(
            arena, ical_zone(&parsed->context.times, name), name, from, to);
        struct ical_component *timezone =
            ical_lines_read(arena, text, strlen(text), NULL, NULL);
        if (timezone == NULL)
            continue;
        timezone->next = parsed->calendar->children;
        parsed->calendar->children = timezone;
    }
}

/* --- Writing ------------------------------------------------------------- */

/* Whether a text may be given out as it came: its lines end as they have to,
 * and nothing in it had to be cleaned. */
static bool is_clean(const char *text)
{
    size_t len = strlen(text);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        bool after_return = i > 0 && text[i - 1] == '\r';
        if ((c == '\n') != after_return || c == 0x7F ||
            (c < 0x20 && c != '\r' && c != '\n' && c != '\t'))
            return false;
    }
    return len > 0 && text[len - 1] == '\n' && utf8_valid(text, len);
}

const char *ical_write(struct arena *arena, const struct ical_object *object,
                       const char *kept, const struct zone *zone,
                       const char *const *self, const char *attachment_base)
{
    struct ical_parsed parsed;
    start(arena, object, kept, zone, self, &parsed);
    const char *before = ical_lines_text(arena, parsed.calendar);
    const char *uid = object->uid != NULL ? object->uid : object->task.uid;
    struct ical_pen pen = { .context = parsed.context,
                            .attachment_base = attachment_base };
    if (object->kind == ICAL_TASK) {
        bool is_new = parsed.master == NULL;
        if (is_new)
            parsed.master = new_component(&parsed, "VTODO", uid);
        ical_task_put(&pen, parsed.master, is_new ? NULL : &parsed.object.task,
                      &object->task);
    } else {
        put_master(&pen, &parsed, &object->series);
        put_exceptions(&pen, &parsed, &object->series);
    }
    put_zones(&parsed, object);
    const char *after = ical_lines_text(arena, parsed.calendar);
    /* As the client has folded it. */
    return strcmp(before, after) == 0 && kept != NULL && is_clean(kept) ? kept
                                                                        : after;
}
