/*
 * icalendar_rule.h - times, zones and rules from iCalendar
 */
#ifndef POSTERN_TESTS_EXCHANGE_ICALENDAR_RULE_H
#define POSTERN_TESTS_EXCHANGE_ICALENDAR_RULE_H

#include <libical/ical.h>

#include "tests/exchange/series.h"
#include "tests/exchange/timezone.h"

/* The instant of a property, TIME_NONE without one; the zone it is in, and
 * whether it is a day (either may be NULL). */
int64_t icalendar_time(struct arena *arena, icalcomponent *calendar,
                       icalproperty *property, const struct sim_zone **zone_out,
                       bool *date_out);

/* The rule of an event whose start is known already; a code for one that
 * Exchange cannot keep. */
const char *icalendar_rule(struct arena *arena, const struct sim_item *item,
                           icalcomponent *event, struct sim_rule *rule_out);

#endif
