/*
 * event_map.h - events as items of Exchange, and back
 */
#ifndef POSTERN_EXCHANGE_EWS_EVENT_MAP_H
#define POSTERN_EXCHANGE_EWS_EVENT_MAP_H

#include "proxy/exchange/ews/fields.h"
#include "proxy/exchange/remote_object.h"

struct arena;

/* The parts of an item that are no parts of an event. */
enum event_extra {
    EVENT_NAME = EVENT_PART_COUNT,
    EVENT_KEPT,
    EVENT_TOKEN,
    EVENT_UID,
    EVENT_ZONE /* goes with EVENT_TIME, but not into occurrences */
};

/* --- Reading (event_read.c) ----------------------------------------------- */

/* The properties of events, masters and occurrences. */
void event_want(struct soap_request *request);

/* The ids of exceptions are filled in from the master; their contents come from
 * items of their own. */
struct series *event_read_master(struct arena *arena,
                                 const struct xml_node *node,
                                 const struct zone *zone);

/* Fills the exception from its item; `occurrence` stays. */
void event_read_exception(struct arena *arena, const struct xml_node *node,
                          const struct series *series, const struct zone *zone,
                          struct event *exception);

/* --- Writing (event_write.c) ---------------------------------------------- */

/* An event as it shall be. */
struct event_form {
    const struct event *event;
    const struct event *was; /* NULL: it is new */
    const struct recurrence *recurrence;
    const char *uid;
    const char *name;
    const char *kept; /* packed; NULL or "": it goes */
    const char *token;
};

/* The children of t:CalendarItem of a new one. */
void event_write_new(struct soap_request *request,
                     const struct event_form *form);

/* The children of t:Updates, for a mask of parts. */
void event_write_changes(struct soap_request *request,
                         const struct event_form *form, unsigned parts);
bool event_has_changes(enum ews_version version, const struct event_form *form,
                       unsigned parts);

#endif
