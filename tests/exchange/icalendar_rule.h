/*
 * icalendar_rule.h - times, zones, rules and texts from iCalendar
 */
#ifndef POSTERN_TESTS_EXCHANGE_ICALENDAR_RULE_H
#define POSTERN_TESTS_EXCHANGE_ICALENDAR_RULE_H

#include <libical/ical.h>

#include "tests/exchange/calendar.h"
#include "tests/exchange/series.h"
#include "tests/exchange/timezone.h"

/* The instant of a property, TIME_NONE without one; the zone it is in, and
 * whether it is a day (either may be NULL). */
int64_t icalendar_time(struct arena *arena, icalcomponent *calendar,
                       icalproperty *property, const struct sim_zone **zone_out,
                       bool *date_out);

/* What a component or a property says, copied; NULL (0, unknown) where it says
 * nothing.  An address is without its scheme. */
const char *icalendar_text(struct arena *arena, icalcomponent *component,
                           icalproperty_kind kind);
int64_t icalendar_number(icalcomponent *event, icalproperty_kind kind);
const char *icalendar_address(struct arena *arena, icalproperty *property);
const char *icalendar_name(struct arena *arena, icalproperty *property,
                           const char *otherwise);
enum sim_response icalendar_response(icalproperty *property);

/* The event that is about all of a series, else the first there is; and whether
 * one is about an occurrence. */
icalcomponent *icalendar_main_event(icalcomponent *calendar);
bool icalendar_is_exception(icalcomponent *event);

/* The rule of an event whose start is known already; a code for one that
 * Exchange cannot keep. */
const char *icalendar_rule(struct arena *arena, const struct sim_item *item,
                           icalcomponent *event, struct sim_rule *rule_out);

#endif
