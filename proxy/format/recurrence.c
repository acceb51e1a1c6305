/*
 * recurrence.c - the days of a recurrence, the instances of a series
 *
 * A rule goes by periods (days, weeks, months), of which each has up to seven
 * days.  What is before the rule's beginning does not count.
 */
#include "proxy/format/recurrence.h"

#include "proxy/base/time.h"
#include "proxy/format/zone_private.h"

enum { DAY = 86400, LAST_YEAR = 2500, ALL_DAYS = 0x7F };

/* --- Days ---------------------------------------------------------------- */

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

void recurrence_days_begin(struct recurrence_days *days,
                           const struct recurrence *rule)
{
    *days = (struct recurrence_days){ .rule = rule };
    days->begin = floor_divide(rule->begin.instant, DAY);
    days->until = rule->until.kind == WHEN_NONE
                      ? time_day_from_civil(LAST_YEAR, 1, 1)
                      : floor_divide(rule->until.instant, DAY);
    days->left = rule->count != 0 ? rule->count : UINT32_MAX;
}

static void add(struct recurrence_days *days, int64_t day)
{
    days->days[days->count++] = day;
}

static void week_of(struct recurrence_days *days, int64_t interval)
{
    const struct recurrence *rule = days->rule;
    int64_t monday =
        days->begin - (zone_day_weekday(days->begin) + 7 - rule->first % 7) % 7;
    monday += days->period * interval * 7;
    for (int i = 0; i < 7; i++)
        if (rule->weekdays & 1u << zone_day_weekday(monday + i))
            add(days, monday + i);
}

/* The nth (-1: the last) day of a month that is one of some weekdays. */
static int nth_weekday(int32_t year, unsigned month, unsigned weekdays, int nth)
{
    int length = (int)zone_month_days(year, month), seen = 0;
    int64_t first = time_day_from_civil(year, month, 1);
    for (int i = 0; i < length; i++) {
        int day = nth < 0 ? length - i : i + 1;
        if (weekdays & 1u << zone_day_weekday(first + day - 1) &&
            ++seen == (nth < 0 ? 1 : nth))
            return day;
    }
    return 0;
}

/* `step`: months from one to the next; `month`: 0 for the beginning's. */
static void month_of(struct recurrence_days *days, int64_t step, unsigned month,
                     bool by_weekday)
{
    const struct recurrence *rule = days->rule;
    int64_t year;
    unsigned begin_month, unused;
    time_civil_from_day(days->begin, &year, &begin_month, &unused);
    int64_t index = year * 12 + (month != 0 ? month : begin_month) - 1 +
                    days->period * step;
    int32_t this_year = (int32_t)floor_divide(index, 12);
    unsigned this_month = (unsigned)(index - (int64_t)this_year * 12) + 1;
    unsigned length = zone_month_days(this_year, this_month);
    unsigned day = rule->day < length ? rule->day : length;
    if (by_weekday)
        day = (unsigned)nth_weekday(this_year, this_month, rule->weekdays,
                                    rule->week);
    if (day != 0)
        add(days, time_day_from_civil(this_year, this_month, day));
}

static void fill(struct recurrence_days *days)
{
    const struct recurrence *rule = days->rule;
    int64_t step = rule->interval != 0 ? rule->interval : 1;
    days->count = days->next = 0;
    switch (rule->pattern) {
    case REPEAT_DAILY:
        add(days, days->begin + days->period * step);
        break;
    case REPEAT_WEEKLY:
        week_of(days, step);
        break;
    case REPEAT_MONTHLY_DAY:
    case REPEAT_MONTHLY_WEEKDAY:
        month_of(days, step, 0, rule->pattern == REPEAT_MONTHLY_WEEKDAY);
        break;
    case REPEAT_YEARLY_DAY:
    case REPEAT_YEARLY_WEEKDAY:
        month_of(days, step * 12, rule->month,
                 rule->pattern == REPEAT_YEARLY_WEEKDAY);
        break;
    default:
        /* The next one is made when this one is done. */
        if (days->period == 0)
            add(days, days->begin);
        else
            days->left = 0;
    }
    days->period++;
}

bool recurrence_days_next(struct recurrence_days *days, int64_t *day_out)
{
    int empty = 0;
    while (days->left > 0) {
        if (days->next == days->count) {
            fill(days);
            /* A rule without any day must not be looked at for ever. */
            if (days->count == 0 && ++empty > 10)
                return false;
            continue;
        }
        int64_t day = days->days[days->next++];
        if (day < days->begin)
            continue;
        if (day > days->until)
            return false;
        days->left--;
        *day_out = day;
        return true;
    }
    return false;
}

/* --- Times --------------------------------------------------------------- */

static int64_t face_seconds(const struct when *when)
{
    if (when->kind != WHEN_ZONED)
        return when->instant;
    return when->instant + zone_offset(when->zone, when->instant);
}

int64_t when_day(const struct when *when)
{
    return floor_divide(face_seconds(when), DAY);
}

struct when when_on_day(const struct when *when, int64_t day)
{
    int64_t seconds = day * DAY + face_seconds(when) - when_day(when) * DAY;
    struct when other = *when;
    struct civil face = zone_seconds_civil(seconds);
    other.instant =
        when->kind == WHEN_ZONED ? zone_instant(when->zone, &face) : seconds;
    return other;
}

int64_t when_instant(const struct when *when, const struct zone *zone)
{
    if (when->kind == WHEN_ZONED || when->kind == WHEN_NONE)
        return when->instant;
    struct civil face = zone_seconds_civil(when->instant);
    return zone_instant(zone, &face);
}

/* As long after another start as it was after the first one. */
static struct when moved_end(const struct event *event,
                             const struct when *start)
{
    struct when end = event->end;
    if (end.kind == start->kind)
        end.instant += start->instant - event->start.instant;
    return end;
}

/* The day of an occurrence on the clock of the series. */
static int64_t occurrence_day(const struct series *series,
                              const struct when *occurrence)
{
    struct when own = *occurrence;
    if (own.kind == WHEN_ZONED && series->master.start.kind == WHEN_ZONED)
        own.zone = series->master.start.zone;
    return when_day(&own);
}

/* --- Instances ----------------------------------------------------------- */

void instances_begin(struct instances *instances, const struct series *series,
                     const struct zone *zone)
{
    *instances = (struct instances){ .series = series, .zone = zone };
    if (series->has_master && series->recurrence != NULL)
        recurrence_days_begin(&instances->days, series->recurrence);
}

static void instance_finish(const struct instances *instances,
                            struct instance *out)
{
    out->from = when_instant(&out->start, instances->zone);
    out->to = when_instant(&out->end, instances->zone);
    if (out->to < out->from)
        out->to = out->from;
}

static void instance_exception(const struct instances *instances,
                               const struct event *event, struct instance *out)
{
    *out = (struct instance){ .occurrence = event->occurrence,
                              .exception = event,
                              .start = event->start,
                              .end = event->end };
    instance_finish(instances, out);
}

static bool on_pattern(const struct series *series, const struct event *event)
{
    return series->has_master && series->recurrence != NULL &&
           series_instance_index(series, &event->occurrence) != 0;
}

static bool next_orphan(struct instances *instances, struct instance *out)
{
    const struct series *series = instances->series;
    while (instances->orphan < series->exception_count) {
        const struct event *event = &series->exceptions[instances->orphan++];
        if (on_pattern(series, event))
            continue;
        instance_exception(instances, event, out);
        return true;
    }
    return false;
}

static bool next_single(struct instances *instances, struct instance *out)
{
    const struct event *master = &instances->series->master;
    *out = (struct instance){ .start = master->start, .end = master->end };
    instance_finish(instances, out);
    return true;
}

static bool is_deleted(struct instances *instances, int64_t day)
{
    const struct series *series = instances->series;
    size_t *at = &instances->deleted;
    while (*at < series->deleted_count &&
           occurrence_day(series, &series->deleted[*at]) < day)
        ++*at;
    return *at < series->deleted_count &&
           occurrence_day(series, &series->deleted[*at]) == day;
}

static const struct event *exception_on(struct instances *instances,
                                        int64_t day)
{
    const struct series *series = instances->series;
    size_t *at = &instances->exception;
    while (*at < series->exception_count &&
           occurrence_day(series, &series->exceptions[*at].occurrence) < day)
        ++*at;
    return *at < series->exception_count &&
                   occurrence_day(series,
                                  &series->exceptions[*at].occurrence) == day
               ? &series->exceptions[*at]
               : NULL;
}

bool instances_next(struct instances *instances, struct instance *out)
{
    const struct series *series = instances->series;
    bool begun = instances->begun;
    instances->begun = true;
    if (series->has_master && series->recurrence == NULL && !begun)
        return next_single(instances, out);
    int64_t day;
    while (series->has_master && series->recurrence != NULL &&
           recurrence_days_next(&instances->days, &day)) {
        struct when start = when_on_day(&series->master.start, day);
        if (is_deleted(instances, day))
            continue;
        const struct event *exception = exception_on(instances, day);
        if (exception != NULL) {
            instance_exception(instances, exception, out);
            return true;
        }
        *out = (struct instance){ .occurrence = start,
                                  .start = start,
                                  .end = moved_end(&series->master, &start) };
        instance_finish(instances, out);
        return true;
    }
    return next_orphan(instances, out);
}

uint32_t series_instance_index(const struct series *series,
                               const struct when *occurrence)
{
    if (!series->has_master || series->recurrence == NULL)
        return 0;
    int64_t wanted = occurrence_day(series, occurrence), day;
    struct recurrence_days days;
    recurrence_days_begin(&days, series->recurrence);
    for (uint32_t index = 1; recurrence_days_next(&days, &day); index++)
        if (day >= wanted)
            return day == wanted ? index : 0;
    return 0;
}
