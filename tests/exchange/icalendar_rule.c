/*
 * icalendar_rule.c - times, zones and rules from iCalendar
 */
#include "tests/exchange/icalendar_rule.h"

#include <stdlib.h>
#include <string.h>

#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/calendar.h"
#include "tests/exchange/form.h"

/* --- Zones --------------------------------------------------------------- */

/* By Windows' name, or by that of the time zone database. */
static const struct sim_zone *zone_by_name(const char *name)
{
    const struct sim_zone *zone = sim_zone_find(name);
    UErrorCode error = U_ZERO_ERROR;
    UChar iana[128];
    UChar windows[128];
    char id[128];
    int32_t len;

    if (zone != NULL || strlen(name) >= 128)
        return zone;
    u_uastrcpy(iana, name);
    len = ucal_getWindowsTimeZoneID(iana, -1, windows, 128, &error);
    if (len <= 0 || U_FAILURE(error))
        return NULL;
    u_austrncpy(id, windows, len);
    id[len] = '\0';
    return sim_zone_find(id);
}

static struct sim_zone_change change_of(icalcomponent *observance)
{
    icalproperty *rule =
        icalcomponent_get_first_property(observance, ICAL_RRULE_PROPERTY);
    struct icaltimetype start = icalcomponent_get_dtstart(observance);
    struct sim_zone_change change = {
        .month = (unsigned)start.month,
        .day = (unsigned)start.day,
        .time = start.hour * 3600 + start.minute * 60,
    };
    struct icalrecurrencetype recurrence;

    if (rule == NULL)
        return change;
    recurrence = icalproperty_get_rrule(rule);
    if (recurrence.by_month[0] != ICAL_RECURRENCE_ARRAY_MAX)
        change.month = (unsigned)recurrence.by_month[0];
    if (recurrence.by_day[0] != ICAL_RECURRENCE_ARRAY_MAX) {
        int week = icalrecurrencetype_day_position(recurrence.by_day[0]);

        change.weekday =
            (unsigned)icalrecurrencetype_day_day_of_week(recurrence.by_day[0]) -
            1;
        change.week = week < 0 ? 5 : week == 0 ? 1 : week;
    }
    return change;
}

static int32_t offset_of(icalcomponent *observance)
{
    icalproperty *offset =
        icalcomponent_get_first_property(observance, ICAL_TZOFFSETTO_PROPERTY);

    return offset == NULL ? 0 : icalproperty_get_tzoffsetto(offset);
}

static icalcomponent *last_of(icalcomponent *definition,
                              icalcomponent_kind kind)
{
    icalcomponent *last = NULL;

    for (icalcomponent *at =
             icalcomponent_get_first_component(definition, kind);
         at != NULL; at = icalcomponent_get_next_component(definition, kind))
        last = at;
    return last;
}

static const struct sim_zone *zone_by_rules(struct arena *arena,
                                            icalcomponent *definition,
                                            const char *name)
{
    icalcomponent *standard = last_of(definition, ICAL_XSTANDARD_COMPONENT);
    icalcomponent *daylight = last_of(definition, ICAL_XDAYLIGHT_COMPONENT);
    struct sim_zone *zone = arena_alloc(arena, sizeof *zone);

    if (standard == NULL)
        return NULL;
    zone->id = zone->name = arena_strdup(arena, name);
    zone->standard = zone->daylight = offset_of(standard);
    if (daylight != NULL) {
        zone->daylight = offset_of(daylight);
        zone->to_standard = change_of(standard);
        zone->to_daylight = change_of(daylight);
    }
    return zone;
}

static const char *tzid_of(icalcomponent *definition)
{
    icalproperty *id =
        icalcomponent_get_first_property(definition, ICAL_TZID_PROPERTY);

    return id == NULL ? NULL : icalproperty_get_tzid(id);
}

/* A zone by its name, or by the rules that come with it; without a name, the
 * only one that comes. */
static const struct sim_zone *zone_of(struct arena *arena,
                                      icalcomponent *calendar, const char *name)
{
    const struct sim_zone *zone = name == NULL ? NULL : zone_by_name(name);

    for (icalcomponent *at = icalcomponent_get_first_component(
             calendar, ICAL_VTIMEZONE_COMPONENT);
         at != NULL && zone == NULL; at = icalcomponent_get_next_component(
                                         calendar, ICAL_VTIMEZONE_COMPONENT)) {
        const char *id = tzid_of(at);

        if (id == NULL || (name != NULL && !str_equal(id, name)))
            continue;
        zone = zone_by_name(id);
        if (zone == NULL)
            zone = zone_by_rules(arena, at, id);
    }
    return zone == NULL ? sim_zone_utc() : zone;
}

/* --- Times --------------------------------------------------------------- */

int64_t icalendar_time(struct arena *arena, icalcomponent *calendar,
                       icalproperty *property, const struct sim_zone **zone_out,
                       bool *date_out)
{
    icalparameter *parameter =
        property == NULL
            ? NULL
            : icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    const struct sim_zone *zone;
    struct icaltimetype value;
    int64_t wall;

    if (property == NULL)
        return TIME_NONE;
    value = icaltime_from_string(icalproperty_get_value_as_string(property));
    if (icaltime_is_null_time(value))
        return TIME_NONE;
    wall =
        time_day_from_civil(value.year, (unsigned)value.month,
                            (unsigned)value.day) *
            86400 +
        (value.is_date ? 0
                       : value.hour * 3600 + value.minute * 60 + value.second);
    zone = icaltime_is_utc(value)
               ? sim_zone_utc()
               : zone_of(arena, calendar,
                         parameter == NULL ? NULL
                                           : icalparameter_get_tzid(parameter));
    if (zone_out != NULL)
        *zone_out = zone;
    if (date_out != NULL)
        *date_out = value.is_date;
    return sim_zone_from_wall(zone, wall);
}

/* --- Rules --------------------------------------------------------------- */

/* The days by their weekdays, and the week that goes with them, 0 for none. */
static unsigned weekdays_of(const struct icalrecurrencetype *recurrence,
                            int *week)
{
    unsigned mask = 0;

    *week = 0;
    for (int i = 0; i < ICAL_BY_DAY_SIZE &&
                    recurrence->by_day[i] != ICAL_RECURRENCE_ARRAY_MAX;
         i++) {
        mask |=
            1u << (icalrecurrencetype_day_day_of_week(recurrence->by_day[i]) -
                   1);
        *week = icalrecurrencetype_day_position(recurrence->by_day[i]);
    }
    if (recurrence->by_set_pos[0] != ICAL_RECURRENCE_ARRAY_MAX)
        *week = recurrence->by_set_pos[0];
    return mask;
}

static void set_relative(struct sim_rule *rule, bool yearly, unsigned weekdays,
                         int week)
{
    rule->pattern = yearly ? SIM_YEARLY_RELATIVE : SIM_MONTHLY_RELATIVE;
    rule->weekdays = weekdays;
    rule->week = week < 0 ? 5 : week;
}

static const char *set_pattern(struct sim_rule *rule,
                               const struct icalrecurrencetype *recurrence)
{
    int64_t year;
    unsigned month;
    unsigned day;
    int week;
    unsigned weekdays = weekdays_of(recurrence, &week);
    bool yearly = recurrence->freq == ICAL_YEARLY_RECURRENCE;
    bool months_day = recurrence->by_month_day[0] != ICAL_RECURRENCE_ARRAY_MAX;

    time_civil_from_day(rule->begin, &year, &month, &day);
    rule->month = recurrence->by_month[0] != ICAL_RECURRENCE_ARRAY_MAX
                      ? recurrence->by_month[0]
                      : (int)month;
    rule->day = months_day ? recurrence->by_month_day[0] : (int)day;
    if (recurrence->freq == ICAL_DAILY_RECURRENCE && weekdays == 0) {
        rule->pattern = SIM_DAILY;
    } else if (recurrence->freq == ICAL_DAILY_RECURRENCE ||
               recurrence->freq == ICAL_WEEKLY_RECURRENCE) {
        rule->pattern = SIM_WEEKLY;
        rule->weekdays =
            weekdays != 0 ? weekdays : 1u << ((rule->begin + 4) % 7 + 7) % 7;
    } else if (recurrence->freq == ICAL_MONTHLY_RECURRENCE || yearly) {
        if (weekdays != 0 && week != 0)
            set_relative(rule, yearly, weekdays, week);
        else if (rule->day < 0)
            set_relative(rule, yearly, 127, -1);
        else
            rule->pattern = yearly ? SIM_YEARLY : SIM_MONTHLY;
    } else {
        return "ErrorMimeContentConversionFailed";
    }
    /* Exchange's years have no interval: so many months are as good. */
    if (yearly && rule->interval > 1) {
        rule->interval *= 12;
        rule->pattern =
            rule->pattern == SIM_YEARLY ? SIM_MONTHLY : SIM_MONTHLY_RELATIVE;
    }
    return NULL;
}

const char *icalendar_rule(struct arena *arena, const struct sim_item *item,
                           icalcomponent *event, struct sim_rule *rule)
{
    icalproperty *property =
        icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
    const char *text = icalproperty_get_value_as_string(property);
    struct icalrecurrencetype recurrence = icalproperty_get_rrule(property);
    const struct sim_zone *zone = sim_item_zone(arena, item);
    int64_t start =
        sim_zone_to_wall(zone, form_time(item, SET_APPOINTMENT, EVENT_START));

    *rule = (struct sim_rule){
        .interval = recurrence.interval > 0 ? recurrence.interval : 1,
        .begin = (start - ((start % 86400) + 86400) % 86400) / 86400,
        .first_weekday = recurrence.week_start == ICAL_NO_WEEKDAY
                             ? 1
                             : (unsigned)recurrence.week_start - 1,
    };
    if (strstr(text, "COUNT=") != NULL && strstr(text, "UNTIL=") != NULL)
        return "ErrorMimeContentConversionFailed";
    if (recurrence.count > 0) {
        rule->range = SIM_TIMES;
        rule->times = recurrence.count;
    } else if (!icaltime_is_null_time(recurrence.until)) {
        struct icaltimetype until = recurrence.until;
        int64_t last = time_day_from_civil(until.year, (unsigned)until.month,
                                           (unsigned)until.day) *
                       86400;

        if (!until.is_date && icaltime_is_utc(until))
            last = sim_zone_to_wall(zone, last + until.hour * 3600 +
                                              until.minute * 60 + until.second);
        rule->range = SIM_UNTIL;
        rule->until = (last - ((last % 86400) + 86400) % 86400) / 86400;
    }
    return set_pattern(rule, &recurrence);
}
