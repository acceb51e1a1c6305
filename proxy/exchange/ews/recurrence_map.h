/*
 * recurrence_map.h - recurrences as elements of Exchange
 */
#ifndef POSTERN_EXCHANGE_EWS_RECURRENCE_MAP_H
#define POSTERN_EXCHANGE_EWS_RECURRENCE_MAP_H

#include "proxy/exchange/ews/soap.h"
#include "proxy/format/event.h"

struct arena;

/* Of a t:Recurrence (NULL: there is none); NULL where it is none that is
 * known. */
const struct recurrence *recurrence_read(struct arena *arena,
                                         const struct xml_node *node);

/* Whether this version can be told of it: to Exchange 2007 weeks begin on
 * Sunday, which makes other days of those in every second week.  NULL fits. */
bool recurrence_fits(enum ews_version version,
                     const struct recurrence *recurrence);

/* Writes t:Recurrence. */
void recurrence_write(struct soap_request *request,
                      const struct recurrence *recurrence);

#endif
