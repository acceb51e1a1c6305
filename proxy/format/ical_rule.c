/*
 * ical_rule.c - RRULE to and from the patterns of Exchange
 *
 * iCalendar can say more than Exchange can hold, and many things in several
 * ways: they are made one (ical_rule_simplify).  A rule is then taken for the
 * pattern that it looks like, and the days that it really has are compared with
 * those of the pattern (ical_rule_days.c): only a rule that has the same days
 * is taken.
 */
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/format/ical_rule_private.h"
#include "proxy/format/ical_values.h"
#include "proxy/format/recurrence.h"
#include "proxy/format/zone_private.h"

/* Exchange counts no further. */
enum { COUNT_MAX = 999 };

enum { DAY = 86400, ALL_DAYS = 0x7F };

static const char *const day_names[] = { "SU", "MO", "TU", "WE",
                                         "TH", "FR", "SA" };

/* --- Reading the parts --------------------------------------------------- */

static bool read_numbers(struct arena *arena, const char *value,
                         struct rule_numbers *out)
{
    char **items = str_split(arena, value, ",");
    for (; *items != NULL; items++) {
        int64_t number;
        const char *text = **items == '+' ? *items + 1 : *items;
        if (out->count == RULE_NUMBERS || !str_to_i64(text, &number) ||
            number < -366 || number > 366)
            return false;
        out->items[out->count++] = (int)number;
    }
    return out->count > 0;
}

static int read_weekday(const char *text)
{
    for (int i = 0; i < 7; i++)
        if (str_equal_nocase(text, day_names[i]))
            return i;
    return -1;
}

static bool read_days(struct arena *arena, const char *value,
                      struct rule_parts *parts)
{
    char **items = str_split(arena, value, ",");
    for (; *items != NULL; items++) {
        char *end;
        long week = strtol(*items, &end, 10);
        int day = read_weekday(end);
        if (day < 0 || week < -53 || week > 53)
            return false;
        /* Of several, one with a number of its own is beyond Exchange. */
        if (parts->weekday_count++ > 0 && (week != 0 || parts->week != 0))
            return false;
        parts->week = (int)week;
        parts->weekdays |= 1u << day;
    }
    return parts->weekday_count > 0;
}

static bool read_freq(const char *value, struct rule_parts *parts)
{
    static const char *const names[] = { "DAILY", "WEEKLY", "MONTHLY",
                                         "YEARLY" };
    for (int i = 0; i < 4; i++)
        if (str_equal_nocase(value, names[i])) {
            parts->freq = i;
            return true;
        }
    return false;
}

static bool read_count(const char *value, uint32_t *out)
{
    uint64_t number;
    if (!str_to_u64(value, 99999, &number) || number == 0)
        return false;
    *out = (uint32_t)number;
    return true;
}

static bool read_part(struct arena *arena, const char *name, const char *value,
                      struct rule_parts *parts)
{
    if (str_equal_nocase(name, "FREQ"))
        return read_freq(value, parts);
    if (str_equal_nocase(name, "INTERVAL"))
        return read_count(value, &parts->interval);
    if (str_equal_nocase(name, "COUNT"))
        return read_count(value, &parts->count);
    if (str_equal_nocase(name, "BYDAY"))
        return read_days(arena, value, parts);
    if (str_equal_nocase(name, "BYMONTHDAY"))
        return read_numbers(arena, value, &parts->month_days);
    if (str_equal_nocase(name, "BYMONTH"))
        return read_numbers(arena, value, &parts->months);
    if (str_equal_nocase(name, "BYSETPOS"))
        return read_numbers(arena, value, &parts->positions);
    if (str_equal_nocase(name, "UNTIL")) {
        parts->until = value;
        return true;
    }
    if (str_equal_nocase(name, "WKST")) {
        int day = read_weekday(value);
        parts->first = day < 0 ? 1 : (unsigned)day;
        return day >= 0;
    }
    return false;
}

static bool read_parts(struct arena *arena, const char *value,
                       struct rule_parts *parts)
{
    *parts = (struct rule_parts){ .interval = 1, .first = 1 };
    bool freq = false;
    char **items = str_split(arena, value, ";");
    for (; *items != NULL; items++) {
        char *equals = strchr(*items, '=');
        if (equals == NULL)
            return false;
        *equals = '\0';
        if (!read_part(arena, *items, equals + 1, parts))
            return false;
        freq |= str_equal_nocase(*items, "FREQ");
    }
    return freq;
}

/* --- From parts to a pattern --------------------------------------------- */

/* Exchange takes one weekday, those of work, those of the weekend, or any. */
static bool set_of_days(unsigned weekdays)
{
    return (weekdays & (weekdays - 1)) == 0 || weekdays == 0x3E ||
           weekdays == 0x41 || weekdays == ALL_DAYS;
}

static bool consecutive(const struct rule_numbers *numbers)
{
    for (size_t i = 1; i < numbers->count; i++)
        if (numbers->items[i] != numbers->items[i - 1] + 1)
            return false;
    return true;
}

/* The nth weekday of a month, in any of the ways there are to say it. */
static bool nth_weekday(const struct rule_parts *parts, struct recurrence *out)
{
    const struct rule_numbers *days = &parts->month_days;
    out->weekdays = parts->weekdays;
    if (parts->week != 0 && days->count == 0 && parts->positions.count == 0)
        out->week = parts->week;
    else if (parts->week == 0 && days->count == 0 &&
             parts->positions.count == 1)
        out->week = parts->positions.items[0];
    else if (parts->week == 0 && parts->weekday_count == 1 &&
             parts->positions.count == 0 && days->count == 7 &&
             consecutive(days) && days->items[0] % 7 == 1)
        out->week = days->items[0] / 7 + 1;
    return (out->week == -1 || (out->week >= 1 && out->week <= 4)) &&
           set_of_days(out->weekdays);
}

/* A day of the month; "28,29,30;BYSETPOS=-1" is the 30th or the last. */
static bool month_day(const struct rule_parts *parts, unsigned default_day,
                      bool *by_weekday, struct recurrence *out)
{
    const struct rule_numbers *days = &parts->month_days;
    *by_weekday = false;
    if (days->count == 0 && parts->positions.count == 0) {
        out->day = default_day;
    } else if (days->count == 1 && days->items[0] == -1) {
        *by_weekday = true;
        out->weekdays = ALL_DAYS;
        out->week = -1;
    } else if (days->count == 1) {
        out->day = days->items[0] > 0 ? (unsigned)days->items[0] : 0;
    } else if (days->count > 1 && days->items[0] == 28 && consecutive(days) &&
               parts->positions.count == 1 && parts->positions.items[0] == -1) {
        out->day = (unsigned)days->items[days->count - 1];
    }
    return *by_weekday || (out->day >= 1 && out->day <= 31);
}

static bool in_month(const struct rule_parts *parts, const struct civil *start,
                     bool *by_weekday, struct recurrence *out)
{
    *by_weekday = parts->weekday_count > 0;
    return *by_weekday ? nth_weekday(parts, out)
                       : month_day(parts, start->day, by_weekday, out);
}

static bool pattern_of(const struct rule_parts *parts,
                       const struct civil *start, unsigned weekday,
                       struct recurrence *out)
{
    bool by_weekday, plain = parts->month_days.count == 0 &&
                             parts->positions.count == 0 && parts->week == 0;
    if (parts->freq != YEARLY && parts->months.count != 0)
        return false;
    switch (parts->freq) {
    case DAILY:
        out->pattern = parts->weekday_count > 0 ? REPEAT_WEEKLY : REPEAT_DAILY;
        out->weekdays = parts->weekdays;
        return plain && (parts->weekday_count == 0 || parts->interval == 1);
    case WEEKLY:
        out->pattern = REPEAT_WEEKLY;
        out->weekdays =
            parts->weekday_count > 0 ? parts->weekdays : 1u << weekday;
        return plain;
    case MONTHLY:
        if (!in_month(parts, start, &by_weekday, out))
            return false;
        out->pattern = by_weekday ? REPEAT_MONTHLY_WEEKDAY : REPEAT_MONTHLY_DAY;
        return true;
    default:
        /* Without a month the rest is about the whole year. */
        if (parts->months.count > 1 ||
            (parts->months.count == 0 &&
             (parts->weekday_count > 0 || parts->month_days.count > 0)) ||
            !in_month(parts, start, &by_weekday, out))
            return false;
        out->pattern = by_weekday ? REPEAT_YEARLY_WEEKDAY : REPEAT_YEARLY_DAY;
        int month = parts->months.count ? parts->months.items[0] : start->month;
        out->month = (unsigned)month;
        return month >= 1 && month <= 12;
    }
}

/* --- The end ------------------------------------------------------------- */

/* The last day that may still have an instance, on the clock of the start. */
static bool read_until(const struct ical_times *times, const char *value,
                       const struct when *start, int64_t *day_out)
{
    struct ical_times own = *times;
    if (start->kind == WHEN_ZONED)
        own.zone = start->zone;
    struct when until = ical_when_value(&own, value, NULL);
    if (until.kind == WHEN_NONE)
        return false;
    if (until.kind == WHEN_ZONED && start->kind == WHEN_ZONED)
        until.zone = start->zone;
    *day_out = when_day(&until);
    if (until.kind == WHEN_ZONED && start->kind == WHEN_ZONED &&
        when_on_day(start, *day_out).instant > until.instant)
        --*day_out;
    return true;
}

/* Where both ends are said, the one that comes first counts.  What is counted
 * further than Exchange counts ends on the day of its last one. */
static bool set_end(const struct ical_times *times,
                    const struct rule_parts *parts, const struct when *start,
                    struct recurrence *rule)
{
    rule->count = parts->count;
    if (parts->until == NULL && rule->count <= COUNT_MAX)
        return true;
    int64_t until = INT64_MAX / DAY, day, last = INT64_MIN;
    if (parts->until != NULL && !read_until(times, parts->until, start, &until))
        return false;
    if (rule->count != 0) {
        struct recurrence_days days;
        recurrence_days_begin(&days, rule);
        while (recurrence_days_next(&days, &day))
            last = day;
        if (last <= until && rule->count <= COUNT_MAX)
            return true;
        rule->count = 0;
        until = last < until ? last : until;
    }
    rule->until = (struct when){ .kind = WHEN_DATE, .instant = until * DAY };
    return until * DAY >= rule->begin.instant;
}

bool ical_rule_read(const struct ical_times *times, const char *value,
                    const struct when *start, struct recurrence *out,
                    const char **reason_out)
{
    struct rule_parts parts;
    int64_t day = when_day(start), first;
    struct civil face = zone_seconds_civil(day * DAY);
    *out = (struct recurrence){ .begin = { .kind = WHEN_DATE,
                                           .instant = day * DAY } };
    *reason_out = "Exchange cannot hold this recurrence rule.";
    value = ical_rule_plain(times->arena, value, start);
    if (!read_parts(times->arena, value, &parts))
        return false;
    ical_rule_simplify(&parts);
    if (!pattern_of(&parts, &face, zone_day_weekday(day), out))
        return false;
    out->interval = parts.interval;
    out->first = parts.first;
    struct recurrence_days days;
    recurrence_days_begin(&days, out);
    if (!recurrence_days_next(&days, &first) ||
        (first != day && !times->loose)) {
        *reason_out = "The start is not on the recurrence rule.";
        return false;
    }
    if (!times->trusted && !ical_rule_has_days(times->arena, value, out)) {
        *reason_out = "Exchange would repeat it on other days.";
        return false;
    }
    if (!set_end(times, &parts, start, out)) {
        *reason_out = "The recurrence ends before it begins.";
        return false;
    }
    return true;
}
