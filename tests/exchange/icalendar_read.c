/*
 * icalendar_read.c - events from iCalendar, as far as Exchange has a place for
 * what they say
 */
#include "tests/exchange/icalendar.h"

#include <stdlib.h>
#include <string.h>

#include <libical/ical.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/form.h"
#include "tests/exchange/icalendar_rule.h"
#include "tests/exchange/series.h"
#include "tests/exchange/store.h"

/* --- Taking in ----------------------------------------------------------- */

static const char *mark_of(icalcomponent *event, const char *name)
{
    for (icalproperty *at =
             icalcomponent_get_first_property(event, ICAL_X_PROPERTY);
         at != NULL;
         at = icalcomponent_get_next_property(event, ICAL_X_PROPERTY))
        if (str_equal_nocase(icalproperty_get_x_name(at), name))
            return icalproperty_get_value_as_string(at);
    return NULL;
}

static const char *take_times(struct call *call, struct sim_item *item,
                              icalcomponent *calendar, icalcomponent *event)
{
    const struct sim_zone *zone = NULL;
    bool date = false;
    bool end_date;
    icalproperty *end =
        icalcomponent_get_first_property(event, ICAL_DTEND_PROPERTY);
    icalproperty *length =
        icalcomponent_get_first_property(event, ICAL_DURATION_PROPERTY);
    int64_t start = icalendar_time(
        call->arena, calendar,
        icalcomponent_get_first_property(event, ICAL_DTSTART_PROPERTY), &zone,
        &date);
    int64_t stop = end == NULL ? TIME_NONE
                               : icalendar_time(call->arena, calendar, end,
                                                NULL, &end_date);

    if (start == TIME_NONE)
        return "ErrorMimeContentConversionFailed";
    if (stop == TIME_NONE && length != NULL)
        stop =
            start + icaldurationtype_as_int(icalproperty_get_duration(length));
    if (stop == TIME_NONE)
        stop = start + (date ? 86400 : 0);
    form_set(item, SET_HIDDEN, HIDDEN_START_ZONE, TYPE_STRING,
             sim_zone_write(call->arena, zone));
    form_set(item, SET_HIDDEN, HIDDEN_END_ZONE, TYPE_STRING,
             sim_zone_write(call->arena, zone));
    form_set_time(item, SET_APPOINTMENT, EVENT_START, start);
    form_set_time(item, SET_APPOINTMENT, EVENT_END, stop);
    form_set_true(
        item, SET_APPOINTMENT, EVENT_ALL_DAY,
        date || str_equal_nocase(mark_of(event, "X-MICROSOFT-CDO-ALLDAYEVENT"),
                                 "TRUE"));
    return NULL;
}

static void take_text(struct call *call, struct sim_item *item,
                      icalcomponent *event, icalproperty_kind kind,
                      const char *set, uint32_t number)
{
    const char *text = icalendar_text(call->arena, event, kind);

    if (text == NULL)
        form_remove(item, set, number, TYPE_STRING);
    else
        form_set(item, set, number, TYPE_STRING, text);
}

static void take_busy(struct sim_item *item, icalcomponent *event)
{
    static const char *const codes[] = { "FREE", "TENTATIVE", "BUSY", "OOF",
                                         "WORKINGELSEWHERE" };
    const char *mark = mark_of(event, "X-MICROSOFT-CDO-BUSYSTATUS");
    icalproperty *shown =
        icalcomponent_get_first_property(event, ICAL_TRANSP_PROPERTY);
    int busy = 2;

    if (shown != NULL &&
        (icalproperty_get_transp(shown) == ICAL_TRANSP_TRANSPARENT ||
         icalproperty_get_transp(shown) == ICAL_TRANSP_TRANSPARENTNOCONFLICT))
        busy = 0;
    if (icalcomponent_get_status(event) == ICAL_STATUS_TENTATIVE)
        busy = 1;
    for (int i = 0; i < 5; i++)
        if (str_equal_nocase(codes[i], mark))
            busy = i;
    bag_set_number(&item->bag, SET_APPOINTMENT, EVENT_BUSY, busy);
}

static void take_marks(struct sim_item *item, icalcomponent *event)
{
    static const char *const classes[] = { "PUBLIC", "PERSONAL", "PRIVATE",
                                           "CONFIDENTIAL" };
    icalproperty *class =
        icalcomponent_get_first_property(event, ICAL_CLASS_PROPERTY);
    int64_t priority = icalendar_number(event, ICAL_PRIORITY_PROPERTY);

    for (int i = 0; i < 4; i++)
        if (class != NULL &&
            str_equal_nocase(classes[i],
                             icalproperty_get_value_as_string(class))) {
            bag_set_number(&item->bag, NULL, 0x0036, i);
            form_set_true(item, SET_COMMON, 0x8506, i == 2);
        }
    bag_set_number(&item->bag, NULL, 0x0017,
                   priority == 0 || priority == 5 ? 1
                   : priority < 5                 ? 2
                                                  : 0);
    form_set_true(item, SET_APPOINTMENT, EVENT_NO_COUNTER,
                  str_equal_nocase(
                      mark_of(event, "X-MICROSOFT-DISALLOW-COUNTER"), "TRUE"));
}

static void take_alarm(struct sim_item *item, icalcomponent *event)
{
    icalcomponent *alarm =
        icalcomponent_get_first_component(event, ICAL_VALARM_COMPONENT);
    icalproperty *trigger =
        alarm == NULL
            ? NULL
            : icalcomponent_get_first_property(alarm, ICAL_TRIGGER_PROPERTY);
    int minutes;

    if (trigger == NULL)
        return;
    minutes =
        -icaldurationtype_as_int(icalproperty_get_trigger(trigger).duration) /
        60;
    form_set_true(item, SET_COMMON, REMINDER_SET, true);
    bag_set_number(&item->bag, SET_COMMON, REMINDER_DELTA,
                   minutes < 0 ? 0 : minutes);
}

static void take_categories(struct call *call, struct sim_item *item,
                            icalcomponent *event)
{
    const char **names = arena_array(call->arena, 64, sizeof *names);
    size_t count = 0;

    for (icalproperty *at =
             icalcomponent_get_first_property(event, ICAL_CATEGORIES_PROPERTY);
         at != NULL && count < 63;
         at = icalcomponent_get_next_property(event, ICAL_CATEGORIES_PROPERTY))
        names[count++] =
            arena_strdup(call->arena, icalproperty_get_categories(at));
    sim_item_set_categories(item, names);
}

static uint32_t role_of(icalproperty *property)
{
    icalparameter *type =
        icalproperty_get_first_parameter(property, ICAL_CUTYPE_PARAMETER);
    icalparameter *role =
        icalproperty_get_first_parameter(property, ICAL_ROLE_PARAMETER);

    if (type != NULL &&
        (icalparameter_get_cutype(type) == ICAL_CUTYPE_RESOURCE ||
         icalparameter_get_cutype(type) == ICAL_CUTYPE_ROOM))
        return HIDDEN_RESOURCES;
    return role != NULL && icalparameter_get_role(role) != ICAL_ROLE_CHAIR &&
                   icalparameter_get_role(role) != ICAL_ROLE_REQPARTICIPANT
               ? HIDDEN_OPTIONAL
               : HIDDEN_REQUIRED;
}

static void take_attendees(struct call *call, struct sim_item *item,
                           icalcomponent *event, const char *organizer)
{
    for (uint32_t role = HIDDEN_REQUIRED; role <= HIDDEN_RESOURCES; role++) {
        struct sim_attendee all[200];
        size_t count = 0;

        for (icalproperty *at = icalcomponent_get_first_property(
                 event, ICAL_ATTENDEE_PROPERTY);
             at != NULL && count < sizeof all / sizeof *all;
             at = icalcomponent_get_next_property(event,
                                                  ICAL_ATTENDEE_PROPERTY)) {
            const char *address = icalendar_address(call->arena, at);

            if (address == NULL || role_of(at) != role ||
                str_equal_nocase(address, organizer))
                continue;
            all[count++] = (struct sim_attendee){
                .address = address,
                .name = icalendar_name(call->arena, at, address),
                .response = icalendar_response(at),
                .replied = TIME_NONE,
                .proposed_start = TIME_NONE,
                .proposed_end = TIME_NONE,
            };
        }
        attendees_set(item, role, all, count);
    }
}

static const char *take_event(struct call *call, struct sim_item *item,
                              icalcomponent *calendar, icalcomponent *event,
                              const char *organizer)
{
    const char *code = take_times(call, item, calendar, event);

    if (code != NULL)
        return code;
    take_text(call, item, event, ICAL_SUMMARY_PROPERTY, NULL, 0x0037);
    take_text(call, item, event, ICAL_DESCRIPTION_PROPERTY, NULL, 0x1000);
    take_text(call, item, event, ICAL_LOCATION_PROPERTY, SET_APPOINTMENT,
              EVENT_LOCATION);
    take_busy(item, event);
    take_marks(item, event);
    take_alarm(item, event);
    take_categories(call, item, event);
    /* 2007 does not take them from the MIME of a client; from what people send
     * to each other it does. */
    if (call->exchange->version != EXCHANGE_2007_SP1 ||
        icalcomponent_get_method(calendar) == ICAL_METHOD_REQUEST)
        take_attendees(call, item, event, organizer);
    return NULL;
}

const char *event_take(struct call *call, struct sim_item *item,
                       const struct event_read *read)
{
    icalcomponent *calendar = read->calendar;
    icalcomponent *event = icalendar_main_event(calendar);
    const char *code = take_event(call, item, calendar, event, read->organizer);
    struct sim_rule rule;

    if (code == NULL && read->uid != NULL && item->master == NULL) {
        const char *goid = goid_of_uid(call->arena, read->uid);

        form_set(item, SET_MEETING, MEETING_ID, TYPE_BINARY, goid);
        form_set(item, SET_MEETING, MEETING_CLEAN_ID, TYPE_BINARY, goid);
    }
    bag_set_number(&item->bag, SET_APPOINTMENT, EVENT_SEQUENCE, read->sequence);
    if (code == NULL && item->master == NULL &&
        icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY) != NULL) {
        code = icalendar_rule(call->arena, item, event, &rule);
        if (code == NULL) {
            sim_series_free(&item->series);
            item->series = sim_series_new(&rule);
            call->set_rule = item->series;
        }
    }
    return code;
}

/* --- Occurrences --------------------------------------------------------- */

/* The day of a series that begins at an instant; NO_DAY for none. */
static int64_t day_at(struct arena *arena, struct sim_item *master,
                      int64_t time)
{
    const struct sim_zone *zone = sim_item_zone(arena, master);
    int64_t wall = sim_zone_to_wall(zone, time);
    int64_t day = (wall - ((wall % 86400) + 86400) % 86400) / 86400;

    return time != TIME_NONE && sim_rule_number(&master->series->rule, day) != 0
               ? day
               : NO_DAY;
}

static const char *take_exception(struct call *call, struct sim_item *master,
                                  icalcomponent *calendar, icalcomponent *event,
                                  const char *organizer)
{
    int64_t day = day_at(call->arena, master,
                         icalendar_time(call->arena, calendar,
                                        icalcomponent_get_first_property(
                                            event, ICAL_RECURRENCEID_PROPERTY),
                                        NULL, NULL));
    struct sim_item *item;
    const char *code;

    if (day == NO_DAY)
        return NULL;
    item = sim_occurrence(call->arena, master, day);
    code = take_event(call, item, calendar, event, organizer);
    if (code == NULL)
        code = event_settle(call, item, NULL);
    return code == NULL ? sim_occurrence_keep(call->arena, item) : code;
}

const char *event_take_exceptions(struct call *call, struct sim_item *item,
                                  const struct event_read *read)
{
    icalcomponent *calendar = read->calendar;
    icalcomponent *event = icalendar_main_event(calendar);
    const char *code = NULL;

    if (item->series == NULL)
        return NULL;
    for (icalproperty *at =
             icalcomponent_get_first_property(event, ICAL_EXDATE_PROPERTY);
         at != NULL;
         at = icalcomponent_get_next_property(event, ICAL_EXDATE_PROPERTY)) {
        int64_t day =
            day_at(call->arena, item,
                   icalendar_time(call->arena, calendar, at, NULL, NULL));

        if (day != NO_DAY)
            sim_occurrence_remove(item, day);
    }
    /* Looking for zones meanwhile moves the calendar's own iterator. */
    for (icalcompiter at =
             icalcomponent_begin_component(calendar, ICAL_VEVENT_COMPONENT);
         icalcompiter_deref(&at) != NULL && code == NULL;
         icalcompiter_next(&at))
        if (icalendar_is_exception(icalcompiter_deref(&at)))
            code = take_exception(call, item, calendar, icalcompiter_deref(&at),
                                  read->organizer);
    return code;
}
