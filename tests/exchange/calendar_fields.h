/*
 * calendar_fields.h - fields of events whose elements are more than their text
 */
#ifndef POSTERN_TESTS_EXCHANGE_CALENDAR_FIELDS_H
#define POSTERN_TESTS_EXCHANGE_CALENDAR_FIELDS_H

#include "tests/exchange/form.h"

#define PUT(name)                                                              \
    void name(struct call *call, const struct field *field,                    \
              struct sim_item *item)
#define STORE(name)                                                            \
    const char *name(struct call *call, const struct form_field *field,        \
                     struct sim_item *item, const struct node *element)
#define READS(name) const char *name(struct arena *arena, struct sim_item *item)

PUT(event_put_organizer);
PUT(event_put_attendees);
PUT(event_put_recurrence);
PUT(event_put_bound);
PUT(event_put_modified);
PUT(event_put_deleted);
PUT(event_put_meeting_zone);
PUT(event_put_zone);
PUT(event_put_location);
PUT(event_put_wall);
PUT(meeting_put_item);

STORE(event_store_uid);
STORE(event_store_time);
STORE(event_store_all_day);
STORE(event_store_busy);
STORE(event_store_wanted);
STORE(event_store_attendees);
STORE(event_store_recurrence);
STORE(event_store_zone);
STORE(event_store_counter);
STORE(event_store_online);
STORE(event_store_location);

READS(meeting_read_no);
READS(meeting_read_outdated);
READS(meeting_read_processed);
READS(meeting_read_response);
READS(meeting_read_type);

#endif
