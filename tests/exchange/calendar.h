/*
 * calendar.h - events: where their properties are, and what follows from what
 *
 * MS-OXOCAL has the numbers.
 */
#ifndef POSTERN_TESTS_EXCHANGE_CALENDAR_H
#define POSTERN_TESTS_EXCHANGE_CALENDAR_H

#include "tests/exchange/call.h"
#include "tests/exchange/timezone.h"

/* In the set Appointment. */
#define EVENT_SEQUENCE 0x8201u
#define EVENT_BUSY 0x8205u
#define EVENT_LOCATION 0x8208u
#define EVENT_START 0x820du
#define EVENT_END 0x820eu
#define EVENT_DURATION 0x8213u
#define EVENT_ALL_DAY 0x8215u
#define EVENT_STATE 0x8217u
#define EVENT_RESPONSE 0x8218u
#define EVENT_REPLIED 0x8220u
#define EVENT_RECURRING 0x8223u
#define EVENT_INTENDED 0x8224u
#define EVENT_SENT 0x8229u
#define EVENT_NO_COUNTER 0x825au

/* In the set Meeting. */
#define MEETING_ID 0x0003u
#define MEETING_CLEAN_ID 0x0023u
#define MEETING_STAMP 0x001au

/* In the set Common. */
#define COMMON_START 0x8516u
#define COMMON_END 0x8517u
#define REMINDER_DELTA 0x8501u
#define REMINDER_TIME 0x8502u
#define REMINDER_SET 0x8503u
#define REMINDER_SIGNAL 0x8560u

/* In the hidden set: zones as text, attendees by their role. */
#define HIDDEN_START_ZONE 1u
#define HIDDEN_END_ZONE 2u
#define HIDDEN_REQUIRED 3u
#define HIDDEN_OPTIONAL 4u
#define HIDDEN_RESOURCES 5u
#define HIDDEN_HTML 6u
#define HIDDEN_OUTDATED 60u
#define HIDDEN_UPDATE 61u /* of an invitation: not the first */

#define STATE_MEETING 1
#define STATE_RECEIVED 2
#define STATE_CANCELLED 4

enum sim_response {
    RESPONSE_UNKNOWN,
    RESPONSE_ORGANIZER,
    RESPONSE_TENTATIVE,
    RESPONSE_ACCEPTED,
    RESPONSE_DECLINED,
    RESPONSE_NONE
};

extern const char *const sim_responses[];
extern const char *const sim_busy_words[];

/* Whether its mailbox's owner organizes it. */
bool event_is_own(const struct sim_item *item);

/* A zone of an item by its hidden number; NULL if it has none. */
const struct sim_zone *event_zone(struct arena *arena,
                                  const struct sim_item *item, uint32_t number);

/* What is so unless it is said, in a new event. */
void event_begin(struct call *call, struct sim_item *item);

/* After changes: NULL, or why it cannot be so.  `before` is what it was (NULL:
 * it is new). */
const char *event_settle(struct call *call, struct sim_item *item,
                         const struct property_bag *before);

/* --- GlobalObjectIds ----------------------------------------------------- */

/* As base64, of a UID that a client gave, or of one's own; for the occurrence
 * of a day; and the UID of one. */
const char *goid_of_uid(struct arena *arena, const char *uid);
const char *goid_new(struct arena *arena, struct exchange *exchange);
const char *goid_of_day(struct arena *arena, const char *clean, int64_t day);
const char *goid_uid(struct arena *arena, const char *goid);

/* --- Attendees ----------------------------------------------------------- */

struct sim_attendee {
    const char *address;
    const char *name;
    enum sim_response response;
    int64_t replied;        /* TIME_NONE: not yet */
    int64_t proposed_start; /* TIME_NONE: none */
    int64_t proposed_end;
};

/* By the hidden number of their role. */
struct sim_attendee *attendees_of(struct arena *arena,
                                  const struct sim_item *item, uint32_t role,
                                  size_t *count_out);
void attendees_set(struct sim_item *item, uint32_t role,
                   const struct sim_attendee attendees[], size_t count);

#endif
