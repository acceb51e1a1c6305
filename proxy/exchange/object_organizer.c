/*
 * object_organizer.c - meetings that are called off, that are over, and those
 * of which not everybody is to be told
 *
 * A meeting whose organizer says that it is cancelled is called off: Exchange
 * tells those who are invited and takes it out of the calendar, as Outlook
 * does; so it does with single days (RFC 5546, 3.2.5).  Nobody is told of
 * meetings that are over, so that old ones can be imported.
 */
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/object_private.h"

/* --- Who holds it --------------------------------------------------------- */

static bool is_same_organizer(const struct event *event, const char **first)
{
    if (event->organizer == NULL)
        return true;
    if (*first == NULL)
        *first = event->organizer;
    return str_equal_nocase(*first, event->organizer);
}

bool meeting_has_one_organizer(const struct series *series)
{
    const char *first = NULL;

    if (series->has_master)
        first = series->master.organizer;
    for (size_t i = 0; i < series->exception_count; i++)
        if (!is_same_organizer(&series->exceptions[i], &first))
            return false;
    return true;
}

/* --- Calling off ---------------------------------------------------------- */

static bool is_cancelled(const struct series *series)
{
    return series->has_master && series->master.cancelled;
}

bool meeting_is_called_off(const struct series *was, const struct series *shall,
                           const struct zone *zone)
{
    return is_cancelled(shall) && !is_cancelled(was) &&
           meeting_notice_end(was, zone) != REMOTE_NOTICE_NONE;
}

struct series meeting_without_cancelled(struct arena *arena,
                                        const struct series *series)
{
    struct series rest = *series;

    if (!series->has_master || !meeting_is_own(series) ||
        !meeting_has_people(series))
        return rest;
    for (size_t i = 0; i < series->exception_count; i++)
        if (series->exceptions[i].cancelled)
            rest = series_without_day(arena, &rest,
                                      &series->exceptions[i].occurrence);
    return rest;
}

/* Exchange has no mark for it on what is one's own. */
struct series series_uncancelled(struct arena *arena,
                                 const struct series *series)
{
    struct series held = *series;

    held.master.cancelled = false;
    held.exceptions = arena_array(arena, series->exception_count + 1,
                                  sizeof *held.exceptions);
    for (size_t i = 0; i < series->exception_count; i++) {
        held.exceptions[i] = series->exceptions[i];
        held.exceptions[i].cancelled = false;
    }
    return held;
}

/* --- Being over ----------------------------------------------------------- */

bool meeting_is_over(const struct series *series, const struct zone *zone)
{
    const struct ical_object object = { .kind = ICAL_EVENT, .series = *series };
    int64_t from, to;

    ical_bounds(&object, zone, &from, &to);
    return to <= time_now();
}

/* --- Who cares for whom --------------------------------------------------- */

/* What Exchange cares for, and what others do. */
struct agents {
    bool ours;
    bool others;
};

static void look_at(const struct event *event, struct agents *agents)
{
    for (size_t i = 0; i < event->attendee_count; i++) {
        bool ours = event->attendees[i].agent == AGENT_SERVER;

        agents->ours |= ours;
        agents->others |= !ours;
    }
}

bool meeting_is_mixed(const struct series *series)
{
    struct agents agents = { false, false };

    if (series->has_master)
        look_at(&series->master, &agents);
    for (size_t i = 0; i < series->exception_count; i++)
        look_at(&series->exceptions[i], &agents);
    return agents.ours && agents.others;
}
