/*
 * ical_rule_days.c - the days that a rule has, by libical
 */
#include <pthread.h>

#include <libical/ical.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/format/ical_rule_private.h"
#include "proxy/format/recurrence.h"
#include "proxy/format/zone_private.h"

enum { COMPARED = 64 };

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void set_up(void)
{
    icalerror_set_errors_are_fatal(0);
}

/* Without its end, which libical would not take said twice. */
static const char *endless(struct arena *arena, const char *value)
{
    struct buf out;
    buf_init(&out, arena);
    char **items = str_split(arena, value, ";");
    for (; *items != NULL; items++)
        if (!str_starts_nocase(*items, "COUNT=") &&
            !str_starts_nocase(*items, "UNTIL="))
            buf_printf(&out, "%s%s", out.len > 0 ? ";" : "", *items);
    return out.data;
}

bool ical_rule_has_days(struct arena *arena, const char *value,
                        const struct recurrence *rule)
{
    pthread_once(&once, set_up);
    struct icalrecurrencetype theirs =
        icalrecurrencetype_from_string(endless(arena, value));
    if (theirs.freq == ICAL_NO_RECURRENCE)
        return false;
    struct civil begin = zone_seconds_civil(rule->begin.instant);
    struct icaltimetype start = {
        .year = begin.year, .month = begin.month, .day = begin.day, .is_date = 1
    };
    struct recurrence ours = *rule;
    ours.count = COMPARED;
    ours.until = (struct when){ .kind = WHEN_NONE };
    struct recurrence_days days;
    recurrence_days_begin(&days, &ours);
    icalrecur_iterator *iterator = icalrecur_iterator_new(theirs, start);
    bool same = iterator != NULL;
    int64_t day;
    while (same && recurrence_days_next(&days, &day)) {
        struct icaltimetype next = icalrecur_iterator_next(iterator);
        /* libical looks no further than some hundred years. */
        if (icaltime_is_null_time(next))
            break;
        same = time_day_from_civil(next.year, (unsigned)next.month,
                                   (unsigned)next.day) == day;
    }
    if (iterator != NULL)
        icalrecur_iterator_free(iterator);
    return same;
}
