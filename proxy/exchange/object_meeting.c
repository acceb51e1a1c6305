/*
 * object_meeting.c - who is told of what is done to a meeting
 *
 * Exchange sends invitations, updates, cancellations and answers itself, but
 * only when a write says so.  The organizer's change of what attendees see
 * tells all of them, a changed list of attendees those who came or went, and
 * anything else nobody.  What an attendee may change is his own: his answer,
 * his alarm, his categories (RFC 6638, 3.2.2.1).
 */
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/object_private.h"

/* What only the organizer may change. */
#define ORGANIZER_PARTS                                                        \
    (1u << EVENT_TIME | 1u << EVENT_RECURRENCE | 1u << EVENT_SUMMARY |         \
     1u << EVENT_LOCATION | 1u << EVENT_ATTENDEES)

/* The event that speaks for the object. */
static const struct event *main_event(const struct series *series)
{
    return series->has_master || series->exception_count == 0
               ? &series->master
               : &series->exceptions[0];
}

bool meeting_is_own(const struct series *series)
{
    const struct event *event = main_event(series);

    return event->organizer == NULL || *event->organizer == '\0' ||
           event->answer == ANSWER_ORGANIZER;
}

bool meeting_is_invitation(const struct series *series)
{
    const struct event *event = main_event(series);

    return event->is_meeting && !event->cancelled && !meeting_is_own(series) &&
           event->answer != ANSWER_DECLINED;
}

bool meeting_is_declined(const struct series *series)
{
    return !meeting_is_own(series) &&
           main_event(series)->answer == ANSWER_DECLINED;
}

static bool is_one_of(const char *address, const char *const addresses[])
{
    for (size_t i = 0; addresses[i] != NULL; i++)
        if (str_equal_nocase(addresses[i], address))
            return true;
    return false;
}

/* Whether the server is to care for any of them (RFC 6638, 7.1). */
static bool has_ours(const struct event *event)
{
    for (size_t i = 0; i < event->attendee_count; i++)
        if (event->attendees[i].agent == AGENT_SERVER)
            return true;
    return false;
}

bool meeting_is_misplaced(const struct series *series, const char *const user[],
                          const char *const owner[])
{
    const struct event *event = main_event(series);

    if (meeting_is_own(series) || !is_one_of(event->organizer, user) ||
        !has_ours(event))
        return false;
    for (size_t i = 0; i < event->attendee_count; i++)
        if (is_one_of(event->attendees[i].address, owner))
            return false;
    return true;
}

/* --- Changed series ------------------------------------------------------- */

static struct event without_people(const struct event *event)
{
    struct event plain = *event;

    plain.organizer = plain.organizer_name = NULL;
    plain.attendees = NULL;
    plain.attendee_count = 0;
    plain.answer = ANSWER_NONE;
    plain.is_meeting = false;
    return plain;
}

struct series meeting_without_people(struct arena *arena,
                                     const struct series *series)
{
    struct series plain = *series;

    plain.master = without_people(&series->master);
    plain.exceptions = arena_array(arena, series->exception_count + 1,
                                   sizeof *plain.exceptions);
    for (size_t i = 0; i < series->exception_count; i++)
        plain.exceptions[i] = without_people(&series->exceptions[i]);
    return plain;
}

static bool is_deleted(const struct series *series, const struct when *day)
{
    for (size_t i = 0; i < series->deleted_count; i++)
        if (when_equal(&series->deleted[i], day))
            return true;
    return false;
}

/* Into their order by time. */
static void insert_day(struct series *series, const struct when *day)
{
    size_t at = series->deleted_count++;

    for (; at > 0 && series->deleted[at - 1].instant > day->instant; at--)
        series->deleted[at] = series->deleted[at - 1];
    series->deleted[at] = *day;
}

struct series series_without_day(struct arena *arena,
                                 const struct series *series,
                                 const struct when *day)
{
    struct series rest = *series;

    rest.exceptions = arena_array(arena, series->exception_count + 1,
                                  sizeof *rest.exceptions);
    rest.exception_count = 0;
    for (size_t i = 0; i < series->exception_count; i++)
        if (!when_equal(&series->exceptions[i].occurrence, day))
            rest.exceptions[rest.exception_count++] = series->exceptions[i];
    rest.deleted =
        arena_array(arena, series->deleted_count + 1, sizeof *rest.deleted);
    for (size_t i = 0; i < series->deleted_count; i++)
        rest.deleted[i] = series->deleted[i];
    if (!is_deleted(series, day))
        insert_day(&rest, day);
    return rest;
}

/* --- The organizer -------------------------------------------------------- */

static bool is_forced(const struct event *event)
{
    for (size_t i = 0; i < event->attendee_count; i++)
        if (event->attendees[i].force_send)
            return true;
    return false;
}

static bool has_people(const struct event *event)
{
    return event->attendee_count > 0;
}

static bool any_event(const struct series *series,
                      bool (*is)(const struct event *event))
{
    bool any = series->has_master && is(&series->master);

    for (size_t i = 0; i < series->exception_count && !any; i++)
        any = is(&series->exceptions[i]);
    return any;
}

bool meeting_has_people(const struct series *series)
{
    return any_event(series, has_people);
}

static const struct event *exception_on(const struct series *series,
                                        const struct when *occurrence)
{
    for (size_t i = 0; i < series->exception_count; i++)
        if (when_equal(&series->exceptions[i].occurrence, occurrence))
            return &series->exceptions[i];
    return NULL;
}

/* What differs on the days that `a` has exceptions for. */
static unsigned exception_differences(const struct series *a,
                                      const struct series *b)
{
    unsigned differences = 0;

    for (size_t i = 0; i < a->exception_count; i++) {
        const struct when *day = &a->exceptions[i].occurrence;
        const struct event *other = exception_on(b, day);
        struct event plain;

        if (other == NULL) {
            plain = series_occurrence(b, day);
            other = &plain;
        }
        differences |= event_differences(&a->exceptions[i], other);
    }
    return differences;
}

/* Whether there is a day that `b` leaves out and `a` does not. */
static bool leaves_out(const struct series *a, const struct series *b)
{
    for (size_t i = 0; i < b->deleted_count; i++)
        if (!is_deleted(a, &b->deleted[i]))
            return true;
    return false;
}

unsigned meeting_differences(const struct series *was,
                             const struct series *shall)
{
    unsigned differences =
        event_differences(main_event(was), main_event(shall));

    if (!recurrence_equal(was->recurrence, shall->recurrence))
        differences |= 1u << EVENT_RECURRENCE;
    return differences;
}

static unsigned series_differences(const struct series *was,
                                   const struct series *shall)
{
    unsigned differences = meeting_differences(was, shall);

    if (leaves_out(shall, was))
        differences |= 1u << EVENT_RECURRENCE;
    return differences | exception_differences(was, shall) |
           exception_differences(shall, was);
}

bool meeting_same_but_answers(const struct series *was,
                              const struct series *shall)
{
    return (series_differences(was, shall) & ~(1u << EVENT_ANSWER)) == 0 &&
           !leaves_out(was, shall);
}

enum remote_notice meeting_notice_new(const struct series *series,
                                      const struct zone *zone)
{
    return meeting_notice_end(series, zone);
}

/* Of what is over somebody is told who is to be told by all means. */
static bool is_past(const struct series *was, const struct series *shall,
                    const struct zone *zone)
{
    return !any_event(shall, is_forced) && meeting_is_over(was, zone) &&
           meeting_is_over(shall, zone);
}

/* What has been called off, or has been left to the client, is news to all who
 * are invited as soon as it is neither. */
static bool is_as_new(const struct series *was, const struct series *shall)
{
    return main_event(was)->cancelled ||
           (meeting_has_people(was) && !any_event(was, has_ours) &&
            any_event(shall, has_ours));
}

enum remote_notice meeting_notice_change(const struct series *was,
                                         const struct series *shall,
                                         const struct zone *zone)
{
    unsigned differences = series_differences(was, shall);

    if (!meeting_is_own(was) || main_event(shall)->cancelled ||
        is_past(was, shall, zone) ||
        (!any_event(was, has_ours) && !any_event(shall, has_ours)))
        return REMOTE_NOTICE_NONE;
    if ((differences & EVENT_SHARED_PARTS) != 0 || leaves_out(was, shall) ||
        any_event(shall, is_forced) || is_as_new(was, shall))
        return REMOTE_NOTICE_ALL;
    return differences & 1u << EVENT_ATTENDEES ? REMOTE_NOTICE_CHANGED
                                               : REMOTE_NOTICE_NONE;
}

enum remote_notice meeting_notice_end(const struct series *series,
                                      const struct zone *zone)
{
    return meeting_is_own(series) && !main_event(series)->cancelled &&
                   any_event(series, has_ours) &&
                   !is_past(series, series, zone)
               ? REMOTE_NOTICE_ALL
               : REMOTE_NOTICE_NONE;
}

/* --- The attendee --------------------------------------------------------- */

enum object_problem meeting_check_attendee(const struct series *was,
                                           const struct series *shall)
{
    const char *old = main_event(was)->organizer;
    const char *new = main_event(shall)->organizer;

    if (!str_equal_nocase(old, new))
        return OBJECT_ORGANIZER;
    return series_differences(was, shall) & ORGANIZER_PARTS ? OBJECT_ATTENDEES
                                                            : OBJECT_FINE;
}

/* The owner's answer to an event of this meeting travels by whom the client
 * says: all attendees have one agent, as far as this one cares. */
static bool is_sent(const struct event *event)
{
    return event->attendee_count == 0 || has_ours(event);
}

static bool is_answer(enum event_answer answer)
{
    return answer == ANSWER_ACCEPTED || answer == ANSWER_TENTATIVE ||
           answer == ANSWER_DECLINED;
}

/* Replies as they are gathered. */
struct gathering {
    struct meeting_reply *replies;
    size_t count;
    size_t max;
};

static void gather(struct gathering *gathering, const struct event *event,
                   const struct when *day, enum event_answer answer,
                   bool leaves)
{
    if (gathering->count < gathering->max)
        gathering->replies[gathering->count++] = (struct meeting_reply){
            .occurrence = day,
            .answer = answer,
            .send = is_sent(event),
            .leaves = leaves,
        };
}

static void gather_days(struct gathering *gathering, const struct series *was,
                        const struct series *shall)
{
    for (size_t i = 0; i < shall->exception_count; i++) {
        const struct event *event = &shall->exceptions[i];
        const struct event *before = exception_on(was, &event->occurrence);
        enum event_answer old =
            before != NULL ? before->answer : shall->master.answer;

        if (is_answer(event->answer) &&
            (event->answer != old || is_forced(event)))
            gather(gathering, event, &event->occurrence, event->answer, false);
    }
}

/* Whoever leaves out a day declines it (RFC 6638, 3.2.2.1). */
static void gather_left_out(struct gathering *gathering,
                            const struct series *was,
                            const struct series *shall)
{
    for (size_t i = 0; i < shall->deleted_count; i++) {
        const struct when *day = &shall->deleted[i];
        const struct event *before = exception_on(was, day);

        if (!is_deleted(was, day) && (before == NULL || !before->cancelled))
            gather(gathering, &shall->master, day, ANSWER_DECLINED, true);
    }
}

size_t meeting_replies(const struct series *was, const struct series *shall,
                       struct meeting_reply replies[], size_t max)
{
    struct gathering gathering = { replies, 0, max };
    const struct event *whole = main_event(shall);

    if (was->has_master == shall->has_master && is_answer(whole->answer) &&
        (whole->answer != main_event(was)->answer || is_forced(whole)))
        gather(&gathering, whole, NULL, whole->answer, false);
    if (!shall->has_master || main_event(was)->cancelled)
        return gathering.count;
    gather_days(&gathering, was, shall);
    gather_left_out(&gathering, was, shall);
    return gathering.count;
}
