/*
 * ical.h - iCalendar (RFC 5545) to and from what Exchange can hold
 *
 * Exchange keeps less than a client may say: a second alarm, X- properties, a
 * CONFERENCE have no place there.  So the text a client has sent is kept beside
 * the item, and what is given out is that text, in which everything that
 * Exchange holds otherwise by now is replaced by what it holds.  What is equal
 * stays as the client wrote it, to the last parameter.
 */
#ifndef POSTERN_FORMAT_ICAL_H
#define POSTERN_FORMAT_ICAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/format/event.h"

struct arena;

enum ical_kind { ICAL_NONE, ICAL_EVENT, ICAL_TASK };

/* Why a text is not taken. */
enum ical_problem {
    ICAL_FINE,
    ICAL_SYNTAX,     /* RFC 4791: valid-calendar-data */
    ICAL_OBJECT,     /* valid-calendar-object-resource: a METHOD, several
                        UIDs, several kinds, no UID, two masters */
    ICAL_COMPONENT,  /* supported-calendar-component: VJOURNAL */
    ICAL_RECURRENCE, /* Exchange cannot hold such a recurrence */
    ICAL_TIME,       /* an end before the start, no start */
    ICAL_EARLY,      /* min-date-time, max-date-time: Exchange has no such */
    ICAL_LATE,       /* dates */
    ICAL_LIMIT,      /* too many components, instances or attachments */
    ICAL_PEOPLE      /* too many attendees: max-attendees-per-instance */
};

/* How many attendees one event may have. */
#define ICAL_ATTENDEES_MAX 2000

/* The first and the last second of Outlook's calendar. */
#define ICAL_FIRST INT64_C(-11644473600)
#define ICAL_FIRST_TEXT "16010101T000000Z"
#define ICAL_LAST INT64_C(79860124799)
#define ICAL_LAST_TEXT "45000831T235959Z"

struct ical_object {
    enum ical_kind kind;
    const char *uid;
    struct series series; /* of ICAL_EVENT */
    struct task task;     /* of ICAL_TASK */
};

/*
 * Reads a client's text.  `zone` is for floating times and for days (the
 * account's own); `self` are the user's own addresses (NULL at the end), by
 * which his own answer is found.  The text does not need to be NUL-terminated.
 * What is wrong comes back with a reason in words for the client.
 */
enum ical_problem ical_read(struct arena *arena, const char *text, size_t len,
                            const struct zone *zone, const char *const *self,
                            struct ical_object *object_out,
                            const char **reason_out);

/*
 * Writes what Exchange holds, over the kept text of a client (NULL: none), as
 * one VCALENDAR with CRLF and the VTIMEZONEs that it needs.  A kept text that
 * cannot be read is passed over.  `attachment_base` begins the URLs of
 * attachments (NULL: they are left out).
 */
const char *ical_write(struct arena *arena, const struct ical_object *object,
                       const char *kept, const struct zone *zone,
                       const char *const *self, const char *attachment_base);

/* The text of a series of tasks as one of a single task with another UID; NULL
 * where it is of none. */
const char *ical_task_alone(struct arena *arena, const char *text,
                            const char *uid);

/* When it begins and ends, all occurrences together, for coarse comparisons:
 * INT64_MAX where it never ends. */
void ical_bounds(const struct ical_object *object, const struct zone *zone,
                 int64_t *from_out, int64_t *to_out);

/* The text to keep on the item: without what is large and held elsewhere
 * (inline attachments, long descriptions), and NULL where the text says nothing
 * that Exchange does not hold. */
const char *ical_keep(struct arena *arena, const char *text, size_t len,
                      const struct ical_object *object);

#endif
