/*
 * meeting.h - invitations, what comes back, and what is called off
 *
 * Whoever organizes a meeting tells people by messages.  In a mailbox of ours
 * each of them is put into the Inbox and carried out at once, as the calendar
 * attendant does: an invitation makes a tentative event, an answer is noted at
 * the organizer's, a cancellation is marked.
 */
#ifndef POSTERN_TESTS_EXCHANGE_MEETING_H
#define POSTERN_TESTS_EXCHANGE_MEETING_H

#include "tests/exchange/icalendar.h"

/* Tells people of a new event as SendMeetingInvitations wants.  A code. */
const char *meeting_invite(struct call *call, struct sim_item *item,
                           const char *how);

/* Tells people of what has changed as SendMeetingInvitationsOrCancellations
 * wants: those who went that it is off for them, the others what is new. */
const char *meeting_update(struct call *call, struct sim_item *item,
                           const struct property_bag *before, const char *how);

/* Tells everybody that it is off as SendMeetingCancellations wants, with some
 * words (NULL: none).  The item itself is left alone. */
void meeting_cancel(struct call *call, struct sim_item *item, const char *how,
                    const struct node *body);

/* Whether CreateItem is asked for an answer to a meeting, and giving it: what
 * there is afterwards (NULL: nothing). */
bool meeting_is_response(const struct node *element);
const char *meeting_respond(struct call *call, const struct node *element,
                            struct sim_item **item_out);

/* The element ResponseObjects of an event. */
void meeting_put_responses(struct call *call, struct sim_item *item);

/* What arrives in an Inbox is looked at: if it is about a meeting, the calendar
 * is brought up to date. */
void attendant_receive(struct sim_item *message);

/* The event in a mailbox's calendar with this clean GlobalObjectId; NULL if
 * there is none. */
struct sim_item *meeting_find(struct sim_mailbox *mailbox, const char *goid);

/* Sends a message about an event: to everybody, or to these (NULL at the end).
 * A code. */
const char *meeting_send(struct arena *arena, struct sim_item *item,
                         const struct event_text *text, const char *const to[],
                         bool save_copy);

/* The addresses of all attendees, NULL at the end. */
const char **meeting_addresses(struct arena *arena,
                               const struct sim_item *item);

#endif
