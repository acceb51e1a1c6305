/*
 * icalendar_parse.c - what an iCalendar text is about
 */
#include "tests/exchange/icalendar.h"

#include <stdlib.h>

#include <libical/ical.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/icalendar_rule.h"

static void release(void *subject)
{
    icalcomponent_free(subject);
}

const char *icalendar_text(struct arena *arena, icalcomponent *component,
                           icalproperty_kind kind)
{
    icalproperty *property = icalcomponent_get_first_property(component, kind);
    icalvalue *value =
        property == NULL ? NULL : icalproperty_get_value(property);
    const char *text = value == NULL ? NULL : icalvalue_get_text(value);

    return text == NULL ? NULL : arena_strdup(arena, text);
}

const char *icalendar_address(struct arena *arena, icalproperty *property)
{
    const char *text =
        property == NULL ? NULL : icalproperty_get_value_as_string(property);

    if (text == NULL)
        return NULL;
    return arena_strdup(arena,
                        str_starts_nocase(text, "mailto:") ? text + 7 : text);
}

const char *icalendar_name(struct arena *arena, icalproperty *property,
                           const char *otherwise)
{
    icalparameter *name =
        icalproperty_get_first_parameter(property, ICAL_CN_PARAMETER);
    const char *text = name == NULL ? NULL : icalparameter_get_cn(name);

    return text == NULL || *text == '\0' ? otherwise
                                         : arena_strdup(arena, text);
}

enum sim_response icalendar_response(icalproperty *property)
{
    icalparameter *status =
        icalproperty_get_first_parameter(property, ICAL_PARTSTAT_PARAMETER);

    switch (status == NULL ? ICAL_PARTSTAT_NEEDSACTION
                           : icalparameter_get_partstat(status)) {
    case ICAL_PARTSTAT_ACCEPTED:
        return RESPONSE_ACCEPTED;
    case ICAL_PARTSTAT_TENTATIVE:
        return RESPONSE_TENTATIVE;
    case ICAL_PARTSTAT_DECLINED:
        return RESPONSE_DECLINED;
    default:
        return RESPONSE_UNKNOWN;
    }
}

bool icalendar_is_exception(icalcomponent *event)
{
    return icalcomponent_get_first_property(event,
                                            ICAL_RECURRENCEID_PROPERTY) != NULL;
}

icalcomponent *icalendar_main_event(icalcomponent *calendar)
{
    icalcomponent *first =
        icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);

    for (icalcomponent *at = first; at != NULL;
         at = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT))
        if (!icalendar_is_exception(at))
            return at;
    return first;
}

int64_t icalendar_number(icalcomponent *event, icalproperty_kind kind)
{
    icalproperty *property = icalcomponent_get_first_property(event, kind);

    return property == NULL
               ? 0
               : strtoll(icalproperty_get_value_as_string(property), NULL, 10);
}

bool event_parse(struct arena *arena, const char *text, struct event_read *read)
{
    icalcomponent *calendar = icalparser_parse_string(text);
    icalproperty *method;
    icalproperty *organizer;
    icalproperty *attendee;
    icalcomponent *event;

    *read = (struct event_read){ .method = "", .recurrence_id = TIME_NONE };
    if (calendar == NULL)
        return false;
    arena_defer(arena, release, calendar);
    event = icalendar_main_event(calendar);
    if (event == NULL)
        return false;
    read->calendar = calendar;
    method = icalcomponent_get_first_property(calendar, ICAL_METHOD_PROPERTY);
    if (method != NULL)
        read->method =
            arena_strdup(arena, icalproperty_get_value_as_string(method));
    read->uid = icalendar_text(arena, event, ICAL_UID_PROPERTY);
    organizer =
        icalcomponent_get_first_property(event, ICAL_ORGANIZER_PROPERTY);
    if (organizer != NULL) {
        read->organizer = icalendar_address(arena, organizer);
        read->organizer_name =
            icalendar_name(arena, organizer, read->organizer);
    }
    attendee = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY);
    if (attendee != NULL) {
        read->replier = icalendar_address(arena, attendee);
        read->replier_name = icalendar_name(arena, attendee, read->replier);
        read->response = icalendar_response(attendee);
    }
    if (icalendar_is_exception(event))
        read->recurrence_id = icalendar_time(
            arena, calendar,
            icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY),
            NULL, NULL);
    read->sequence = icalendar_number(event, ICAL_SEQUENCE_PROPERTY);
    read->stamp = time_now();
    return true;
}
