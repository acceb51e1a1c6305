/*
 * ical_busy.h - when someone is busy, as a VFREEBUSY says it
 *
 * For the report free-busy-query (RFC 4791, 7.10), which is answered out of the
 * texts of a calendar, and for questions about others (RFC 6638, 5), which are
 * one VFREEBUSY from the client and one for each attendee back.
 */
#ifndef POSTERN_FORMAT_ICAL_BUSY_H
#define POSTERN_FORMAT_ICAL_BUSY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/format/ical.h"

struct arena;

struct ical_period {
    int64_t from;
    int64_t to;
    enum event_busy busy;
};

/* Grows in the arena. Zero all but the arena and the range. */
struct ical_periods {
    struct arena *arena;
    int64_t from;
    int64_t to;
    struct ical_period *items;
    size_t count;
    size_t capacity;
};

/* Adds a period, or all of the events in a text; what is outside of the range
 * is cut off, and what is free, cancelled or declined left out. */
void ical_periods_add(struct ical_periods *periods, int64_t from, int64_t to,
                      enum event_busy busy);
void ical_periods_add_text(struct ical_periods *periods, const char *text,
                           size_t len, const struct zone *zone,
                           const char *const *self);

/* Sorts them and makes them one after the other: where two overlap, the busier
 * one counts. */
void ical_periods_merge(struct ical_periods *periods);

/* A question: METHOD:REQUEST with one VFREEBUSY. */
struct ical_busy_request {
    const char *uid;
    const char *organizer;        /* an address; NULL: none is named */
    const char *const *attendees; /* addresses, in the client's order */
    const char *const *uris;      /* the same as they were written, such as
                                     "mailto:Ann@Example.com" */
    size_t attendee_count;
    int64_t from;
    int64_t to;
    const char *organizer_line; /* as they were written, for the answer */
    const char *const *attendee_lines;
    const char *mask_uid; /* X-CALENDARSERVER-MASK-UID: an event whose time
                             shall not count; NULL */
};

/* ICAL_COMPONENT: it is an iCalendar request of another kind. */
enum ical_problem ical_read_busy_request(struct arena *arena, const char *text,
                                         size_t len,
                                         struct ical_busy_request *request_out,
                                         const char **reason_out);

/*
 * A VCALENDAR with a VFREEBUSY of merged periods.  With a request it is the
 * answer (METHOD:REPLY) for its attendee of that number; without, that of a
 * free-busy-query.
 */
const char *ical_write_busy(const struct ical_periods *periods,
                            const struct ical_busy_request *request,
                            size_t attendee);

#endif
