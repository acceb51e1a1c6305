/*
 * event.h - what an event and a task are, between iCalendar and Exchange
 *
 * Holds what Exchange has a place for, in its own terms, and nothing else; what
 * a client says besides stays in the client's text (ical.h, kept).  All of it
 * lives in an arena.  Texts are UTF-8, "" or NULL alike for none.
 */
#ifndef POSTERN_FORMAT_EVENT_H
#define POSTERN_FORMAT_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/format/zones.h"

enum when_kind {
    WHEN_NONE,
    WHEN_DATE,     /* a day: `instant` is its midnight in UTC */
    WHEN_FLOATING, /* the same clock everywhere: `instant` as if it were UTC */
    WHEN_ZONED     /* an instant, in a zone (of UTC: zone_utc) */
};

struct when {
    enum when_kind kind;
    int64_t instant;
    const struct zone *zone; /* of WHEN_ZONED; of a day that where its midnights
                                are wanted, or NULL */
};

enum event_busy {
    BUSY_FREE,
    BUSY_TENTATIVE,
    BUSY_BUSY,
    BUSY_AWAY,      /* OOF */
    BUSY_ELSEWHERE, /* Exchange 2013 and later */
    BUSY_UNKNOWN
};

enum event_class {
    CLASS_PUBLIC,
    CLASS_PERSONAL,
    CLASS_PRIVATE,
    CLASS_CONFIDENTIAL
};

enum event_importance { IMPORTANCE_LOW, IMPORTANCE_NORMAL, IMPORTANCE_HIGH };

enum event_answer {
    ANSWER_NONE, /* not asked, or not answered yet */
    ANSWER_ACCEPTED,
    ANSWER_TENTATIVE,
    ANSWER_DECLINED,
    ANSWER_ORGANIZER
};

enum event_role { ROLE_REQUIRED, ROLE_OPTIONAL, ROLE_RESOURCE };

/* Who cares for invitations (RFC 6638, 7.1). */
enum event_agent { AGENT_SERVER, AGENT_CLIENT, AGENT_NOBODY };

struct attendee {
    const char *address; /* "ann@example.com" */
    const char *name;
    enum event_role role;
    enum event_answer answer;
    bool rsvp;
    enum event_agent agent;
    bool force_send; /* SCHEDULE-FORCE-SEND is there */
};

/* One recurrence as Exchange can hold it (MS-OXWSCDATA, RecurrenceType). */
enum recurrence_pattern {
    REPEAT_DAILY,
    REPEAT_WEEKLY,
    REPEAT_MONTHLY_DAY,     /* the 15th */
    REPEAT_MONTHLY_WEEKDAY, /* the second Tuesday */
    REPEAT_YEARLY_DAY,
    REPEAT_YEARLY_WEEKDAY,
    /* Tasks only: so long after the last one was done. */
    REGENERATE_DAILY,
    REGENERATE_WEEKLY,
    REGENERATE_MONTHLY,
    REGENERATE_YEARLY
};

struct recurrence {
    enum recurrence_pattern pattern;
    uint32_t interval;
    unsigned weekdays; /* 1 << 0 is Sunday; all: any day; and so on */
    int week;          /* 1 to 4; -1 is the last */
    unsigned day;      /* of the month; 31 is the last in short months */
    unsigned month;    /* 1 to 12 */
    unsigned first;    /* the day that weeks begin with; 0 is Sunday */
    uint32_t count;    /* 0: not counted */
    struct when until; /* a WHEN_DATE in the event's zone, inclusive; NONE */
    struct when begin; /* a WHEN_DATE: the day of the first, by the zone */
};

/* As many an event has at most. */
#define EVENT_ATTACHMENTS_MAX 200

struct event_attachment {
    const char *id; /* Exchange's; NULL: shall be made */
    const char *name;
    const char *type;
    uint64_t size;
    bool inline_picture; /* belongs to the HTML */
    const void *data;    /* of one to be made; NULL: it is not here */
    size_t len;
    const char *link; /* a URL instead of data: stays in the kept text */
};

/* One event: a single one, a series as a whole, or one exception of it. */
struct event {
    const char *id; /* of an exception that Exchange has: its item */
    const char *change_key;
    struct when occurrence; /* an exception's RECURRENCE-ID; else NONE */
    struct when start;
    struct when end; /* exclusive; never NONE */
    const char *summary;
    const char *location;
    const char *description; /* plain text, with \n */
    const char *html;        /* the same as it was written; NULL: plain */
    enum event_busy busy;
    enum event_class class;
    enum event_importance importance;
    const char *const *categories; /* NULL at the end; NULL: none */
    bool reminder;
    int32_t reminder_minutes; /* before the start, never negative */
    bool cancelled;
    bool is_meeting;          /* there are attendees, or it came by an
                                 invitation */
    enum event_answer answer; /* one's own */
    const char *organizer;    /* address; NULL: nobody but the owner */
    const char *organizer_name;
    struct attendee *attendees;
    size_t attendee_count;
    bool refuse_counter;    /* DISALLOW-COUNTER */
    const char *conference; /* to join it; read-only */
    const char *url;
    uint32_t sequence;
    int64_t created; /* TIME_NONE: not known */
    int64_t modified;
    int64_t stamp;
    struct event_attachment *attachments;
    size_t attachment_count;
};

/* All that has one UID in one calendar: one calendar object resource. */
struct series {
    const char *uid;
    bool has_master; /* false: only exceptions of a series
                        that lies elsewhere */
    struct event master;
    const struct recurrence *recurrence; /* NULL: it is a single one */
    struct event *exceptions;            /* by their occurrence, ascending */
    size_t exception_count;
    struct when *deleted; /* by time, ascending */
    size_t deleted_count;
};

enum task_status {
    TASK_NOT_STARTED,
    TASK_IN_PROGRESS,
    TASK_COMPLETED,
    TASK_WAITING,
    TASK_DEFERRED
};

struct task {
    const char *uid;
    const char *summary;
    const char *description;
    const char *html;
    struct when start; /* Exchange keeps days only */
    struct when due;
    int64_t completed; /* TIME_NONE: it is not */
    enum task_status status;
    unsigned percent;
    enum event_class class;
    enum event_importance importance;
    const char *const *categories;
    bool reminder;
    int64_t reminder_time; /* an instant */
    const struct recurrence *recurrence;
    int64_t created;
    int64_t modified;
};

/* What of an event can be different; a mask of 1 << these. */
enum event_part {
    EVENT_TIME, /* start, end, zone, all-day */
    EVENT_RECURRENCE,
    EVENT_SUMMARY,
    EVENT_LOCATION,
    EVENT_BODY, /* description and html */
    EVENT_BUSY,
    EVENT_CLASS,
    EVENT_IMPORTANCE,
    EVENT_CATEGORIES,
    EVENT_REMINDER,
    EVENT_ATTENDEES, /* who they are and in which role, not their answers */
    EVENT_ANSWER,    /* one's own */
    EVENT_COUNTER,
    EVENT_URL,
    EVENT_ATTACHMENTS,
    EVENT_PART_COUNT
};

/* Of these what those see who are invited. */
#define EVENT_SHARED_PARTS                                                     \
    (1u << EVENT_TIME | 1u << EVENT_RECURRENCE | 1u << EVENT_SUMMARY |         \
     1u << EVENT_LOCATION | 1u << EVENT_BODY | 1u << EVENT_URL |               \
     1u << EVENT_ATTACHMENTS)

/* What is different between two events: an exception is compared with its like,
 * or with what the master makes of that day. */
unsigned event_differences(const struct event *a, const struct event *b);
bool recurrence_equal(const struct recurrence *a, const struct recurrence *b);
bool when_equal(const struct when *a, const struct when *b);

/* The event that the series has on that day without any exception. */
struct event series_occurrence(const struct series *series,
                               const struct when *occurrence);

enum task_part {
    TASK_SUMMARY,
    TASK_BODY,
    TASK_START,
    TASK_DUE,
    TASK_PROGRESS, /* status, percent, completed */
    TASK_CLASS,
    TASK_IMPORTANCE,
    TASK_CATEGORIES,
    TASK_REMINDER,
    TASK_RECURRENCE,
    TASK_PART_COUNT
};

unsigned task_differences(const struct task *a, const struct task *b);

#endif
