/*
 * zone_rules.c - zones as Windows describes them: two halves of a year
 *
 * Windows' rules are about weekdays ("the last Sunday of October at 3"), those
 * of tzdata lead to dates.  From a date one cannot tell the fourth Sunday from
 * the last one when it is both: then the years around decide.
 */
#include "proxy/format/zones.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"
#include "proxy/base/time.h"
#include "proxy/format/zone_private.h"

enum { DAY = 86400, MADE_MAX = 64 };

/* The shifts of a year, up and down; false where it has not both. */
static bool year_shifts(const struct zone *zone, int32_t year,
                        struct civil *up_out, struct civil *down_out,
                        int32_t *low_out, int32_t *high_out)
{
    struct civil new_year = { .year = year, .month = 1, .day = 1 };
    int64_t from = zone_instant(zone, &new_year) - 1;
    new_year.year++;
    int64_t to = zone_instant(zone, &new_year);
    struct zone_shift shift, before;
    bool up = false, down = false;
    for (int i = 0;
         i < 8 && zone_next_shift(zone, from, &shift, &before) && shift.at < to;
         i++, from = shift.at) {
        struct civil face = zone_seconds_civil(shift.at + before.offset);
        if (shift.offset > before.offset) {
            up = true;
            *up_out = face;
            *high_out = shift.offset;
        } else {
            down = true;
            *down_out = face;
            *low_out = shift.offset;
        }
    }
    return up && down;
}

/* A year's shift again in another year; false where it has none. */
static bool other_year(const struct zone *zone, int32_t year, bool up,
                       struct civil *out)
{
    struct civil other;
    int32_t low, high;
    return up ? year_shifts(zone, year, out, &other, &low, &high)
              : year_shifts(zone, year, &other, out, &low, &high);
}

/* How many years around agree that it is this week of the month. */
static int agreeing(const struct zone *zone, const struct civil *face, bool up,
                    unsigned week, unsigned weekday)
{
    int count = 0;
    for (int32_t year = face->year - 4; year <= face->year + 8; year++) {
        struct civil other;
        if (year != face->year && other_year(zone, year, up, &other) &&
            other.month == face->month &&
            other.day == zone_weekday_day(year, face->month, week, weekday))
            count++;
    }
    return count;
}

static struct zone_turn turn_of(const struct zone *zone,
                                const struct civil *face, bool up)
{
    unsigned weekday = zone_day_weekday(
        time_day_from_civil(face->year, face->month, face->day));
    unsigned week = (face->day - 1u) / 7 + 1;
    if (week < 5 && face->day + 7u > zone_month_days(face->year, face->month) &&
        agreeing(zone, face, up, 5, weekday) >=
            agreeing(zone, face, up, week, weekday))
        week = 5;
    return (struct zone_turn){ .month = face->month,
                               .week = (uint8_t)week,
                               .weekday = (uint8_t)weekday,
                               .hour = face->hour,
                               .minute = face->minute };
}

struct zone_rules zone_rules(const struct zone *zone, int32_t year)
{
    struct zone_rules rules = { 0 };
    struct civil up, down;
    if (year_shifts(zone, year, &up, &down, &rules.standard, &rules.daylight)) {
        rules.to_daylight = turn_of(zone, &up, true);
        rules.to_standard = turn_of(zone, &down, false);
        return rules;
    }
    struct civil last = { .year = year, .month = 12, .day = 31, .hour = 12 };
    rules.standard = zone_offset(zone, zone_instant(zone, &last));
    rules.daylight = rules.standard;
    return rules;
}

/* --- From rules to zones ------------------------------------------------- */

static bool turn_is(const struct zone_turn *turn, const struct civil *face)
{
    unsigned day = turn->day ? turn->day
                             : zone_weekday_day(face->year, turn->month,
                                                turn->week, turn->weekday);
    return face->month == turn->month && face->day == day &&
           face->hour == turn->hour && face->minute == turn->minute;
}

static bool rules_fit(const struct zone *zone, const struct zone_rules *rules,
                      int32_t year)
{
    struct civil up, down, summer = { .year = year, .month = 7, .day = 1 };
    int32_t low, high;
    int32_t offset = zone_offset(zone, zone_civil_seconds(&summer));
    if (offset != rules->standard && offset != rules->daylight)
        return false;
    if (!year_shifts(zone, year, &up, &down, &low, &high))
        return rules->standard == rules->daylight;
    return low == rules->standard && high == rules->daylight && low != high &&
           turn_is(&rules->to_daylight, &up) &&
           turn_is(&rules->to_standard, &down);
}

/* This year and some more, as the last Sunday may be the fourth. */
static bool zone_fits(const struct zone *zone, const struct zone_rules *rules)
{
    int32_t year = zone_civil(zone_utc(), time_now()).year;
    for (int32_t i = 0; i < 4; i++)
        if (!rules_fit(zone, rules, year + i))
            return false;
    return true;
}

static bool turn_valid(const struct zone_turn *turn)
{
    return turn->month >= 1 && turn->month <= 12 && turn->weekday <= 6 &&
           turn->hour < 24 && turn->minute < 60 &&
           (turn->day ? turn->day <= 31 : turn->week >= 1 && turn->week <= 5);
}

static bool rules_valid(const struct zone_rules *rules)
{
    return abs(rules->standard) <= 26 * 3600 &&
           abs(rules->daylight) <= 26 * 3600 &&
           (rules->standard == rules->daylight ||
            (turn_valid(&rules->to_standard) &&
             turn_valid(&rules->to_daylight)));
}

static struct zone_date date_of(const struct zone_turn *turn)
{
    struct zone_date date = { .kind = ZONE_WEEKDAY,
                              .month = turn->month,
                              .week = turn->week,
                              .weekday = turn->weekday,
                              .seconds =
                                  turn->hour * 3600 + turn->minute * 60 };
    if (turn->day != 0) {
        /* 2001 is no leap year. */
        date.kind = ZONE_DAY_NO_LEAP;
        date.day = (int)(time_day_from_civil(2001, turn->month, turn->day) -
                         time_day_from_civil(2001, 1, 1)) +
                   1;
    }
    return date;
}

static void offset_text(int32_t offset, char out[8])
{
    snprintf(out, 8, "%c%02d%02d", offset < 0 ? '-' : '+',
             abs(offset) / 3600 % 100, abs(offset) / 60 % 60);
}

static char *made_name(const struct zone_rules *rules)
{
    char standard[8], daylight[8], name[ZONE_NAME];
    offset_text(rules->standard, standard);
    offset_text(rules->daylight, daylight);
    if (rules->standard == rules->daylight) {
        snprintf(name, sizeof name, "Custom/%s", standard);
        return memory_strdup(name);
    }
    const struct zone_turn *on = &rules->to_daylight,
                           *off = &rules->to_standard;
    snprintf(name, sizeof name,
             "Custom/%s/%u.%u.%u.%02u%02u/%s/%u.%u.%u.%02u%02u", daylight,
             on->month, on->day ? on->day : on->week, on->weekday, on->hour,
             on->minute, standard, off->month, off->day ? off->day : off->week,
             off->weekday, off->hour, off->minute);
    return memory_strdup(name);
}

static struct zone *zone_make(const struct zone_rules *rules)
{
    struct zone *zone = memory_new(sizeof *zone);
    zone->name = made_name(rules);
    struct zone_tail *tail = &zone->tail;
    tail->standard.offset = rules->standard;
    offset_text(rules->standard, tail->standard.name);
    tail->has_daylight = rules->standard != rules->daylight;
    if (tail->has_daylight) {
        tail->daylight.offset = rules->daylight;
        tail->daylight.daylight = true;
        offset_text(rules->daylight, tail->daylight.name);
        tail->to_daylight = date_of(&rules->to_daylight);
        tail->to_standard = date_of(&rules->to_standard);
    }
    zone->first = tail->standard;
    return zone;
}

/* Those that were made so far. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct zone *made;
static size_t made_count;

static const struct zone *made_zone(const struct zone_rules *rules)
{
    pthread_mutex_lock(&mutex);
    struct zone *zone = made;
    while (zone != NULL && !zone_fits(zone, rules))
        zone = zone->next;
    if (zone == NULL && made_count < MADE_MAX) {
        zone = zone_make(rules);
        zone->next = made;
        made = zone;
        made_count++;
    }
    pthread_mutex_unlock(&mutex);
    return zone;
}

const struct zone *zone_made(const char *name)
{
    pthread_mutex_lock(&mutex);
    const struct zone *zone = made;
    while (zone != NULL && strcmp(zone->name, name) != 0)
        zone = zone->next;
    pthread_mutex_unlock(&mutex);
    return zone;
}

const char *zone_windows_like(const struct zone *zone)
{
    int32_t year = zone_civil(zone_utc(), time_now()).year;
    struct zone_rules rules = zone_rules(zone, year);
    const char *name;
    for (size_t i = 0; (name = zone_windows_at(i)) != NULL; i++) {
        const struct zone *other = zone_windows(name);
        if (other != NULL && zone_fits(other, &rules))
            return name;
    }
    return "";
}

static const struct zone *likely_zone(const struct zone_rules *rules)
{
    const struct zone *zone = zone_local();
    if (zone_fits(zone, rules))
        return zone;
    const char *name;
    for (size_t i = 0; (name = zone_likely_at(i)) != NULL; i++)
        if ((zone = zone_iana(name)) != NULL && zone_fits(zone, rules))
            return zone;
    for (size_t i = 0; (name = zone_windows_at(i)) != NULL; i++)
        if ((zone = zone_windows(name)) != NULL && zone_fits(zone, rules))
            return zone;
    return NULL;
}

const struct zone *zone_from_rules(const struct zone_rules *rules,
                                   const char *hint)
{
    if (!rules_valid(rules))
        return NULL;
    const struct zone *zone = NULL;
    if (hint != NULL && (zone = zone_iana(hint)) == NULL)
        zone = zone_windows(hint);
    if (zone != NULL && zone_fits(zone, rules))
        return zone;
    zone = likely_zone(rules);
    return zone != NULL ? zone : made_zone(rules);
}
