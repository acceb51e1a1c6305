/*
 * schedule.h - meetings: who one is, when others are busy, who is asked
 *
 * Exchange itself sends invitations, updates, cancellations and answers, when a
 * write asks it to; and it puts those that arrive into the calendar.  So there
 * is nothing to deliver here: an inbox that lists what has arrived, and
 * questions.
 */
#ifndef POSTERN_EXCHANGE_SCHEDULE_H
#define POSTERN_EXCHANGE_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/op.h"
#include "proxy/format/event.h"

struct account;
struct folder;

/* The owner's addresses, the primary one first, NULL at the end: one call, kept
 * for hours; just the one he has logged in with where Exchange does not tell.
 */
enum status schedule_addresses(struct op *op, struct account *account,
                               const char *const **addresses_out);

/* The same of somebody else whose calendar is worked in, by one address. */
const char *const *schedule_addresses_of(struct op *op, struct account *account,
                                         const char *address);

/* What he is called. */
const char *schedule_display_name(struct op *op, struct account *account);

/* The zone of his calendar (OWA's setting; else the setting calendar.zone, else
 * this machine's): one call, kept for a day. */
const struct zone *schedule_zone(struct op *op, struct account *account);

struct busy_time {
    int64_t from;
    int64_t to;
    enum event_busy busy;
};

struct busy_person {
    enum status status; /* NOT_FOUND: nobody of that address; DENIED: he does
                           not show it; others: it could not be found out */
    struct busy_time *times;
    size_t count;
};

/* When people are busy: one call for a hundred of them and 42 days. */
enum status schedule_busy(struct op *op, struct account *account,
                          const char *const addresses[], size_t count,
                          int64_t from, int64_t to,
                          struct busy_person people_out[]);

/*
 * The scheduling inbox (RFC 6638, 2.2): invitations that nobody has answered,
 * cancellations and answers among the newest messages of the Inbox, as objects
 * of a folder (object.h).  Each has a METHOD in its text.  What has been
 * answered or taken out of the calendar by any program is not there.  Deleting
 * one deletes the message.  A look costs one call where the Inbox is not
 * watched, and another for the calendar when something has arrived that is not
 * known to be in it.
 */
enum status schedule_inbox(struct op *op, struct account *account,
                           struct folder *folder_out);

/*
 * The calendar of somebody who shows but when he is busy, perhaps with subjects
 * and places: a folder of which nothing can be changed, with an event for each
 * such time from four weeks back to 26 weeks ahead.  A look costs five calls,
 * and none for five minutes after one.  STATUS_NO_FOLDER: there is nobody of
 * that address; STATUS_DENIED: he does not show that either.
 */
enum status schedule_shut_calendar(struct op *op, struct account *account,
                                   const char *address,
                                   struct folder *folder_out);

#endif
