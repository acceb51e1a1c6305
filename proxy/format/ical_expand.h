/*
 * ical_expand.h - parts of an iCalendar text, and its occurrences
 *
 * RFC 4791, 9.6: a client may ask for some components and properties only, and
 * for the occurrences of a series within some time instead of its rule.
 */
#ifndef POSTERN_FORMAT_ICAL_EXPAND_H
#define POSTERN_FORMAT_ICAL_EXPAND_H

#include <stdbool.h>
#include <stddef.h>

#include "proxy/format/ical_filter.h"

struct arena;

struct ical_prop_shape {
    const char *name;
    bool no_value; /* novalue="yes" */
};

struct ical_comp_shape {
    const char *name; /* "VCALENDAR" at the top */
    bool all_props;
    const struct ical_prop_shape *props;
    size_t prop_count;
    bool all_comps;
    const struct ical_comp_shape *comps;
    size_t comp_count;
};

/* What CALDAV:calendar-data says; all NULL: the text as it is. */
struct ical_shape {
    const struct ical_comp_shape *component;
    const struct ical_range *expand; /* occurrences, in UTC */
    const struct ical_range
        *limit_recurrence;               /* exceptions that matter there */
    const struct ical_range *limit_busy; /* periods of a VFREEBUSY */
};

/*
 * The text as asked for.  `zone` is the one of floating times and of days.  A
 * text that cannot be read stays as it is; NULL: it has more occurrences there
 * than anyone may ask for (CALDAV:max-instances).
 */
const char *ical_shaped(struct arena *arena, const char *text, size_t len,
                        const struct ical_shape *shape,
                        const struct zone *zone);

/* More occurrences are never made of one text. */
enum { ICAL_MAX_INSTANCES = 3000 };

#endif
