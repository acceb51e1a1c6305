/*
 * ical_busy.c - VFREEBUSY: who is busy when
 */
#include "proxy/format/ical_busy.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/format/ical_private.h"
#include "proxy/format/recurrence.h"

enum { PERIODS_MAX = 100000, ATTENDEES_MAX = 1000 };

/* How busy; 0: not at all. */
static int weight(enum event_busy busy)
{
    switch (busy) {
    case BUSY_AWAY:
        return 3;
    case BUSY_BUSY:
    case BUSY_UNKNOWN:
        return 2;
    case BUSY_TENTATIVE:
        return 1;
    default:
        return 0;
    }
}

/* --- Collecting ---------------------------------------------------------- */

void ical_periods_add(struct ical_periods *periods, int64_t from, int64_t to,
                      enum event_busy busy)
{
    if (from < periods->from)
        from = periods->from;
    if (to > periods->to)
        to = periods->to;
    if (from >= to || weight(busy) == 0 || periods->count == PERIODS_MAX)
        return;
    if (periods->count == periods->capacity) {
        size_t capacity = periods->capacity ? periods->capacity * 2 : 32;
        struct ical_period *items =
            arena_array(periods->arena, capacity, sizeof *items);
        if (periods->count > 0)
            memcpy(items, periods->items, periods->count * sizeof *items);
        periods->items = items;
        periods->capacity = capacity;
    }
    periods->items[periods->count++] =
        (struct ical_period){ .from = from, .to = to, .busy = busy };
}

void ical_periods_add_text(struct ical_periods *periods, const char *text,
                           size_t len, const struct zone *zone,
                           const char *const *self)
{
    struct ical_parsed parsed;
    const char *reason;
    if (ical_parse(periods->arena, text, len, zone, self, true, &parsed,
                   &reason) != ICAL_FINE ||
        parsed.object.kind != ICAL_EVENT)
        return;
    const struct series *series = &parsed.object.series;
    struct instances instances;
    struct instance instance;
    instances_begin(&instances, series, zone);
    while (instances_next(&instances, &instance)) {
        const struct event *event =
            instance.exception != NULL ? instance.exception : &series->master;
        if (!event->cancelled && event->answer != ANSWER_DECLINED)
            ical_periods_add(periods, instance.from, instance.to, event->busy);
        if (instance.exception == NULL && instance.from >= periods->to &&
            instances.exception >= series->exception_count)
            return;
    }
}

/* --- Merging ------------------------------------------------------------- */

/* Something begins or ends. */
struct edge {
    int64_t at;
    int weight;
    int change;
};

static int compare_edges(const void *a, const void *b)
{
    const struct edge *x = a, *y = b;
    return (x->at > y->at) - (x->at < y->at);
}

static int heaviest(const int open[4])
{
    int top = 3;
    while (top > 0 && open[top] == 0)
        top--;
    return top;
}

void ical_periods_merge(struct ical_periods *periods)
{
    static const enum event_busy kinds[] = { BUSY_FREE, BUSY_TENTATIVE,
                                             BUSY_BUSY, BUSY_AWAY };
    size_t count = periods->count * 2;
    struct edge *edges = arena_array(periods->arena, count + 1, sizeof *edges);
    for (size_t i = 0; i < periods->count; i++) {
        const struct ical_period *period = &periods->items[i];
        int heavy = weight(period->busy);
        edges[2 * i] = (struct edge){ period->from, heavy, 1 };
        edges[2 * i + 1] = (struct edge){ period->to, heavy, -1 };
    }
    qsort(edges, count, sizeof *edges, compare_edges);
    struct ical_periods merged = *periods;
    merged.items = NULL;
    merged.count = merged.capacity = 0;
    int open[4] = { 0 };
    int64_t since = 0;
    for (size_t i = 0; i < count;) {
        int64_t at = edges[i].at;
        int before = heaviest(open);
        for (; i < count && edges[i].at == at; i++)
            open[edges[i].weight] += edges[i].change;
        if (heaviest(open) == before)
            continue;
        ical_periods_add(&merged, since, at, kinds[before]);
        since = at;
    }
    *periods = merged;
}

/* --- Questions ----------------------------------------------------------- */

static bool read_range(const struct ical_times *times,
                       const struct ical_component *question,
                       struct ical_busy_request *out)
{
    const struct ical_line *start = ical_line_find(question, "DTSTART");
    const struct ical_line *end = ical_line_find(question, "DTEND");
    if (start == NULL || end == NULL)
        return false;
    struct when from = ical_when(times, start), to = ical_when(times, end);
    out->from = when_instant(&from, times->zone);
    out->to = when_instant(&to, times->zone);
    return from.kind != WHEN_NONE && to.kind != WHEN_NONE &&
           out->to > out->from;
}

static void read_people(struct arena *arena,
                        const struct ical_component *question,
                        struct ical_busy_request *out)
{
    const struct ical_line *organizer = ical_line_find(question, "ORGANIZER");
    if (organizer != NULL) {
        out->organizer = ical_address(arena, organizer);
        out->organizer_line = organizer->text;
    }
    const char **addresses =
        arena_array(arena, ATTENDEES_MAX, sizeof *addresses);
    const char **uris = arena_array(arena, ATTENDEES_MAX, sizeof *uris);
    const char **lines = arena_array(arena, ATTENDEES_MAX, sizeof *lines);
    for (const struct ical_line *line = ical_line_find(question, "ATTENDEE");
         line != NULL && out->attendee_count < ATTENDEES_MAX;
         line = ical_line_next(line, "ATTENDEE")) {
        const char *address = ical_address(arena, line);
        size_t i = out->attendee_count++;
        addresses[i] = address != NULL ? address : line->value;
        uris[i] = str_trim(arena, line->value);
        lines[i] = line->text;
    }
    out->attendees = addresses;
    out->uris = uris;
    out->attendee_lines = lines;
}

enum ical_problem ical_read_busy_request(struct arena *arena, const char *text,
                                         size_t len,
                                         struct ical_busy_request *request_out,
                                         const char **reason_out)
{
    *request_out = (struct ical_busy_request){ 0 };
    struct ical_component *calendar =
        ical_lines_read(arena, text, len, reason_out, NULL);
    if (calendar == NULL)
        return ICAL_SYNTAX;
    const struct ical_component *question =
        ical_child_find(calendar, "VFREEBUSY");
    const char *method = ical_value(calendar, "METHOD");
    *reason_out = "It is no request for free and busy times.";
    if (question == NULL)
        return ICAL_COMPONENT;
    if (method == NULL || !str_equal_nocase(method, "REQUEST"))
        return ICAL_OBJECT;
    struct ical_times times = { .arena = arena,
                                .calendar = calendar,
                                .zone = zone_utc() };
    struct ical_context context = { .arena = arena, .times = times };
    request_out->uid = ical_text_of(&context, question, "UID");
    request_out->mask_uid =
        ical_text_of(&context, question, "X-CALENDARSERVER-MASK-UID");
    read_people(arena, question, request_out);
    *reason_out = "The range of time cannot be read.";
    if (!read_range(&times, question, request_out))
        return ICAL_TIME;
    *reason_out = "There is no attendee, or no UID.";
    if (request_out->attendee_count == 0 || request_out->uid == NULL)
        return ICAL_OBJECT;
    *reason_out = NULL;
    return ICAL_FINE;
}

/* --- Answers ------------------------------------------------------------- */

static void put_instant(struct arena *arena, struct ical_component *answer,
                        const char *name, int64_t instant)
{
    ical_line_add(
        arena, answer,
        arena_printf(arena, "%s:%s", name, ical_utc_text(arena, instant)));
}

static void put_people(struct arena *arena, struct ical_component *answer,
                       const struct ical_busy_request *request, size_t attendee)
{
    ical_line_add(
        arena, answer,
        arena_printf(arena, "UID:%s", ical_text_escape(arena, request->uid)));
    if (request->organizer_line != NULL)
        ical_line_add(arena, answer, request->organizer_line);
    ical_line_add(arena, answer, request->attendee_lines[attendee]);
}

static void put_periods(struct arena *arena, struct ical_component *answer,
                        const struct ical_periods *periods)
{
    static const char *const types[] = { "FREE", "BUSY-TENTATIVE", "BUSY",
                                         "BUSY-UNAVAILABLE" };
    struct ical_line **end = &answer->lines;
    while (*end != NULL)
        end = &(*end)->next;
    for (size_t i = 0; i < periods->count; i++) {
        const struct ical_period *period = &periods->items[i];
        *end = ical_line_parse(arena,
                               arena_printf(arena, "FREEBUSY;FBTYPE=%s:%s/%s",
                                            types[weight(period->busy)],
                                            ical_utc_text(arena, period->from),
                                            ical_utc_text(arena, period->to)));
        end = &(*end)->next;
    }
}

const char *ical_write_busy(const struct ical_periods *periods,
                            const struct ical_busy_request *request,
                            size_t attendee)
{
    struct arena *arena = periods->arena;
    struct ical_component *calendar = ical_component_new(arena, "VCALENDAR");
    struct ical_component *answer = ical_component_new(arena, "VFREEBUSY");
    ical_line_add(arena, calendar, "VERSION:2.0");
    ical_line_add(arena, calendar, "PRODID:-//Postern//Postern//EN");
    if (request != NULL) {
        ical_line_add(arena, calendar, "METHOD:REPLY");
        put_people(arena, answer, request, attendee);
    }
    put_instant(arena, answer, "DTSTAMP", time_now());
    put_instant(arena, answer, "DTSTART", periods->from);
    put_instant(arena, answer, "DTEND", periods->to);
    put_periods(arena, answer, periods);
    ical_child_add(calendar, answer);
    return ical_lines_text(arena, calendar);
}
