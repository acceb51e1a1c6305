/*
 * calendar_settle.c - what follows from what in an event, and what cannot be
 */
#include "tests/exchange/calendar.h"

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/form.h"
#include "tests/exchange/series.h"

#define DAY 86400
#define HALF_HOUR 1800
#define LONGEST (5 * 366 * (int64_t)DAY)
#define FIRST_INSTANT (-11644473600) /* 1601 */
#define LAST_INSTANT 79860124800     /* 4500-09-01 */

void event_begin(struct call *call, struct sim_item *item)
{
    const char *goid = goid_new(call->arena, call->exchange);

    form_set(item, SET_MEETING, MEETING_ID, TYPE_BINARY, goid);
    form_set(item, SET_MEETING, MEETING_CLEAN_ID, TYPE_BINARY, goid);
    bag_set_number(&item->bag, SET_APPOINTMENT, EVENT_BUSY, 2);
    bag_set_number(&item->bag, SET_APPOINTMENT, EVENT_RESPONSE,
                   RESPONSE_ORGANIZER);
    bag_set_number(&item->bag, SET_APPOINTMENT, EVENT_STATE, 0);
    bag_set_number(&item->bag, SET_APPOINTMENT, EVENT_SEQUENCE, 0);
    form_set_true(item, SET_COMMON, REMINDER_SET, true);
    bag_set_number(&item->bag, SET_COMMON, REMINDER_DELTA, 15);
    form_set_time(item, SET_MEETING, MEETING_STAMP, time_now());
}

/* --- Zones and times ----------------------------------------------------- */

static void set_zones(struct call *call, struct sim_item *item)
{
    const struct sim_zone *start =
        event_zone(call->arena, item, HIDDEN_START_ZONE);
    const struct sim_zone *end = event_zone(call->arena, item, HIDDEN_END_ZONE);

    if (start == NULL)
        start = call->zone == NULL ? sim_zone_utc() : call->zone;
    form_set(item, SET_HIDDEN, HIDDEN_START_ZONE, TYPE_STRING,
             sim_zone_write(call->arena, start));
    form_set(item, SET_HIDDEN, HIDDEN_END_ZONE, TYPE_STRING,
             sim_zone_write(call->arena, end == NULL ? start : end));
}

/* An event that says no time begins at the next half hour. */
static void set_times(struct sim_item *item)
{
    int64_t start = form_time(item, SET_APPOINTMENT, EVENT_START);

    if (start == TIME_NONE) {
        start = (time_now() / HALF_HOUR + 1) * HALF_HOUR;
        form_set_time(item, SET_APPOINTMENT, EVENT_START, start);
    }
    if (form_time(item, SET_APPOINTMENT, EVENT_END) == TIME_NONE)
        form_set_time(item, SET_APPOINTMENT, EVENT_END, start + HALF_HOUR);
}

static int64_t floor_of(int64_t wall)
{
    return wall - ((wall % DAY) + DAY) % DAY;
}

/* All of a day is from midnight to midnight by the clock of its zone. */
static void snap(struct call *call, struct sim_item *item)
{
    const struct sim_zone *zone = sim_item_zone(call->arena, item);
    int64_t start =
        sim_zone_to_wall(zone, form_time(item, SET_APPOINTMENT, EVENT_START));
    int64_t end =
        sim_zone_to_wall(zone, form_time(item, SET_APPOINTMENT, EVENT_END));

    if (!form_true(item, SET_APPOINTMENT, EVENT_ALL_DAY))
        return;
    start = floor_of(start);
    end = floor_of(end + DAY - 1);
    if (end <= start)
        end = start + DAY;
    form_set_time(item, SET_APPOINTMENT, EVENT_START,
                  sim_zone_from_wall(zone, start));
    form_set_time(item, SET_APPOINTMENT, EVENT_END,
                  sim_zone_from_wall(zone, end));
}

static const char *check_times(const struct sim_item *item)
{
    int64_t start = form_time(item, SET_APPOINTMENT, EVENT_START);
    int64_t end = form_time(item, SET_APPOINTMENT, EVENT_END);

    if (start < FIRST_INSTANT || end >= LAST_INSTANT)
        return "ErrorCalendarOutOfRange";
    if (end < start)
        return "ErrorCalendarEndDateIsEarlierThanStartDate";
    return end - start > LONGEST ? "ErrorCalendarDurationIsTooLong" : NULL;
}

/* --- Series -------------------------------------------------------------- */

static bool is_moved(const struct sim_item *item,
                     const struct property_bag *before)
{
    static const struct property_key start = { SET_APPOINTMENT, EVENT_START,
                                               NULL, TYPE_SYSTEM_TIME };
    const struct property *was = bag_find(before, &start);

    return was == NULL ||
           !str_equal(was->texts[0], form_get(item, SET_APPOINTMENT,
                                              EVENT_START, TYPE_SYSTEM_TIME));
}

/* The first occurrence is the first day of the rule, at the time of day that
 * the start says; the rule begins with it. */
static const char *align(struct call *call, struct sim_item *item)
{
    struct sim_rule *rule = &item->series->rule;
    int64_t first = sim_rule_next(rule, NO_DAY);
    int64_t length = form_time(item, SET_APPOINTMENT, EVENT_END) -
                     form_time(item, SET_APPOINTMENT, EVENT_START);
    int64_t start;
    int64_t second;

    if (first == NO_DAY)
        return "ErrorRecurrenceHasNoOccurrence";
    start = sim_occurrence_start(call->arena, item, first);
    form_set_time(item, SET_APPOINTMENT, EVENT_START, start);
    form_set_time(item, SET_APPOINTMENT, EVENT_END, start + length);
    rule->begin = first;
    snap(call, item);
    second = sim_rule_next(rule, first);
    return second != NO_DAY && length > (second - first) * DAY
               ? "ErrorOccurrenceTimeSpanTooBig"
               : NULL;
}

/* A master whose start was moved takes its rule along. */
static void shift_rule(struct call *call, struct sim_item *item)
{
    const struct sim_zone *zone = sim_item_zone(call->arena, item);
    int64_t wall =
        sim_zone_to_wall(zone, form_time(item, SET_APPOINTMENT, EVENT_START));

    item->series->rule.begin = floor_of(wall) / DAY;
}

static const char *settle_series(struct call *call, struct sim_item *item,
                                 const struct property_bag *before)
{
    bool recurs = item->series != NULL;

    form_set_true(item, SET_APPOINTMENT, EVENT_RECURRING, recurs);
    if (!recurs || item->master != NULL)
        return NULL;
    if (before != NULL && is_moved(item, before)) {
        /* A rule that came with this change says itself when it begins. */
        if (call->set_rule != item->series)
            shift_rule(call, item);
        sim_series_forget(item->series);
    }
    return align(call, item);
}

/* --- All of it ----------------------------------------------------------- */

static void set_reminder(struct sim_item *item)
{
    int64_t start = form_time(item, SET_APPOINTMENT, EVENT_START);
    int64_t minutes = form_number(item, SET_COMMON, REMINDER_DELTA, 15);

    if (form_true(item, SET_COMMON, REMINDER_SET)) {
        form_set_time(item, SET_COMMON, REMINDER_TIME, start);
        form_set_time(item, SET_COMMON, REMINDER_SIGNAL, start - 60 * minutes);
    } else {
        form_remove(item, SET_COMMON, REMINDER_TIME, TYPE_SYSTEM_TIME);
        form_remove(item, SET_COMMON, REMINDER_SIGNAL, TYPE_SYSTEM_TIME);
    }
}

static bool has_attendees(struct arena *arena, const struct sim_item *item)
{
    for (uint32_t role = HIDDEN_REQUIRED; role <= HIDDEN_RESOURCES; role++) {
        size_t count;

        attendees_of(arena, item, role, &count);
        if (count > 0)
            return true;
    }
    return false;
}

/* Whom an event is for, as lists of mail show it. */
static void set_display(struct arena *arena, struct sim_item *item,
                        uint32_t role, uint32_t tag)
{
    size_t count;
    struct sim_attendee *all = attendees_of(arena, item, role, &count);
    struct buf names;

    buf_init(&names, arena);
    for (size_t i = 0; i < count; i++)
        buf_printf(&names, "%s%s", i == 0 ? "" : "; ", all[i].name);
    if (count == 0)
        form_remove(item, NULL, tag, TYPE_STRING);
    else
        form_set(item, NULL, tag, TYPE_STRING, names.data);
}

static void set_twins(struct sim_item *item)
{
    int64_t start = form_time(item, SET_APPOINTMENT, EVENT_START);
    int64_t end = form_time(item, SET_APPOINTMENT, EVENT_END);

    form_set_time(item, SET_COMMON, COMMON_START, start);
    form_set_time(item, SET_COMMON, COMMON_END, end);
    bag_set_number(&item->bag, SET_APPOINTMENT, EVENT_DURATION,
                   (end - start) / 60);
}

const char *event_settle(struct call *call, struct sim_item *item,
                         const struct property_bag *before)
{
    const char *code;
    int64_t state = form_number(item, SET_APPOINTMENT, EVENT_STATE, 0);

    set_zones(call, item);
    set_times(item);
    code = check_times(item);
    if (code != NULL)
        return code;
    snap(call, item);
    code = settle_series(call, item, before);
    if (code != NULL)
        return code;
    set_twins(item);
    set_display(call->arena, item, HIDDEN_REQUIRED, 0x0e04);
    set_display(call->arena, item, HIDDEN_OPTIONAL, 0x0e03);
    /* Who has snoozed a reminder keeps it so until the event is moved. */
    if (before == NULL || is_moved(item, before) ||
        form_time(item, SET_COMMON, REMINDER_TIME) == TIME_NONE ||
        !form_true(item, SET_COMMON, REMINDER_SET))
        set_reminder(item);
    if (event_is_own(item)) {
        state &= ~STATE_MEETING;
        if (has_attendees(call->arena, item))
            state |= STATE_MEETING;
        bag_set_number(&item->bag, SET_APPOINTMENT, EVENT_STATE, state);
    }
    return NULL;
}
