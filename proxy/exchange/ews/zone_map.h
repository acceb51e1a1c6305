/*
 * zone_map.h - time zones as elements of Exchange
 *
 * From 2010 on an item has t:StartTimeZone and t:EndTimeZone, by the name that
 * Windows has for a zone or by its rules.  Exchange 2007 has t:MeetingTimeZone
 * only.
 */
#ifndef POSTERN_EXCHANGE_EWS_ZONE_MAP_H
#define POSTERN_EXCHANGE_EWS_ZONE_MAP_H

#include "proxy/exchange/ews/soap.h"
#include "proxy/format/zones.h"

/* The zone of t:StartTimeZone and its like; NULL where it tells none. */
const struct zone *zone_read_definition(const struct xml_node *node);

/* That of t:MeetingTimeZone. */
const struct zone *zone_read_meeting(const struct xml_node *node);

/* Write such an element; rules are those of the year of that instant. */
void zone_write_definition(struct soap_request *request, const char *element,
                           const struct zone *zone, int64_t instant);
void zone_write_meeting(struct soap_request *request, const struct zone *zone,
                        int64_t instant);

#endif
