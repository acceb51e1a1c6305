/*
 * icalendar.h - events as iCalendar, as Exchange writes and reads it
 *
 * MS-OXCICAL: times are in the event's zone, whose rules come with it; a day is
 * one of times, too, with a mark.
 */
#ifndef POSTERN_TESTS_EXCHANGE_ICALENDAR_H
#define POSTERN_TESTS_EXCHANGE_ICALENDAR_H

#include "tests/exchange/calendar.h"

/* What a text is for. */
struct event_text {
    const char *method; /* "PUBLISH", "REQUEST", "CANCEL", "REPLY" */
    const struct sim_mailbox *replier; /* of a REPLY: who answers */
    enum sim_response response;        /* and what */
    int64_t proposed_start;            /* TIME_NONE: none, as the next */
    int64_t proposed_end;
    const char *comment;
};

/* Writes an event, a series with its exceptions, or one occurrence. */
void event_write(struct arena *arena, struct sim_item *item,
                 const struct event_text *text, struct buf *out);

/* What was read of a component, for who takes it in. */
struct event_read {
    const char *method; /* "" for none */
    const char *uid;
    const char *organizer; /* address; NULL */
    const char *organizer_name;
    int64_t recurrence_id; /* TIME_NONE: of all occurrences */
    int64_t sequence;
    int64_t stamp;
    const char *replier; /* the first attendee's address, name, answer */
    const char *replier_name;
    enum sim_response response;
    void *calendar; /* the parsed text, freed with the arena */
};

/* Parses a text; false for what holds no event. */
bool event_parse(struct arena *arena, const char *text,
                 struct event_read *read_out);

/* Puts what was parsed into an item, and its occurrences; a code if it cannot
 * be.  The item has to be settled. */
const char *event_take(struct call *call, struct sim_item *item,
                       const struct event_read *read);

/* The same for the exceptions and deletions of a series, once its master is
 * settled. */
const char *event_take_exceptions(struct call *call, struct sim_item *item,
                                  const struct event_read *read);

/* The text of an event that a client gave as base64, without its exceptions;
 * and what an event is as MIME. */
const char *event_read_mime(struct call *call, struct sim_item *item,
                            const char *base64, struct event_read *read_out);
void event_put_mime(struct call *call, struct sim_item *item, struct buf *out);

#endif
