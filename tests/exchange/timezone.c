/*
 * timezone.c - time zones as Windows has them: the list, and what clocks show
 */
#include "tests/exchange/timezone.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/ucal.h>
#include <unicode/uenum.h>
#include <unicode/ustring.h>

#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"

#define MAX_ZONES 200
#define DAY 86400

static struct sim_zone zones[MAX_ZONES + 1];
static size_t zone_count;
static pthread_once_t zones_made = PTHREAD_ONCE_INIT;

/* --- Days ---------------------------------------------------------------- */

static unsigned weekday_of(int64_t day)
{
    return (unsigned)(((day + 4) % 7 + 7) % 7);
}

static unsigned days_in(int64_t year, unsigned month)
{
    return (unsigned)(time_day_from_civil(month == 12 ? year + 1 : year,
                                          month % 12 + 1, 1) -
                      time_day_from_civil(year, month, 1));
}

static int64_t day_of(const struct sim_zone_change *change, int64_t year)
{
    int64_t first = time_day_from_civil(year, change->month, 1);
    unsigned length = days_in(year, change->month);
    int64_t day;

    if (change->week == 0)
        return first + change->day - 1;
    day = first + (change->weekday + 7 - weekday_of(first)) % 7 +
          7 * (change->week - 1);
    return day < first + length ? day : day - 7;
}

/* By the clock on the wall before it. */
static int64_t wall_of(const struct sim_zone_change *change, int64_t year)
{
    return day_of(change, year) * DAY + change->time;
}

/* --- Clocks -------------------------------------------------------------- */

static int64_t year_of(int64_t time)
{
    int64_t year;
    unsigned month;
    unsigned day;

    time_civil_from_day((time - ((time % DAY) + DAY) % DAY) / DAY, &year,
                        &month, &day);
    return year;
}

int32_t sim_zone_offset(const struct sim_zone *zone, int64_t time)
{
    int64_t year = year_of(time + zone->standard);
    int64_t begins;
    int64_t ends;
    bool daylight;

    if (zone->standard == zone->daylight)
        return zone->standard;
    begins = wall_of(&zone->to_daylight, year) - zone->standard;
    ends = wall_of(&zone->to_standard, year) - zone->daylight;
    daylight = begins < ends ? time >= begins && time < ends
                             : time >= begins || time < ends;
    return daylight ? zone->daylight : zone->standard;
}

int64_t sim_zone_to_wall(const struct sim_zone *zone, int64_t time)
{
    return time + sim_zone_offset(zone, time);
}

/* What the clock shows twice is the first time; what it never shows is as long
 * after the gap. */
int64_t sim_zone_from_wall(const struct sim_zone *zone, int64_t wall)
{
    int64_t early = wall - (zone->standard > zone->daylight ? zone->standard
                                                            : zone->daylight);
    int64_t late = wall - (zone->standard > zone->daylight ? zone->daylight
                                                           : zone->standard);

    return sim_zone_to_wall(zone, early) == wall ? early : late;
}

int64_t sim_zone_time(const struct sim_zone *zone, const char *text)
{
    const char *time = strchr(text, 'T');
    bool says = time != NULL && strpbrk(time, "Z+-") != NULL;
    int64_t value = time_from_iso(text);

    return value == TIME_NONE || says ? value : sim_zone_from_wall(zone, value);
}

/* --- The list ------------------------------------------------------------ */

/* The next change of clocks after `time`, and whether there is one within the
 * year. */
static bool next_change(UCalendar *calendar, int64_t *time)
{
    UErrorCode error = U_ZERO_ERROR;
    UDate date;

    ucal_setMillis(calendar, (UDate)*time * 1000, &error);
    if (!ucal_getTimeZoneTransitionDate(calendar, UCAL_TZ_TRANSITION_NEXT,
                                        &date, &error) ||
        (int64_t)(date / 1000) > *time + 366 * (int64_t)DAY)
        return false;
    *time = (int64_t)(date / 1000);
    return U_SUCCESS(error);
}

static int32_t offset_at(UCalendar *calendar, int64_t time)
{
    UErrorCode error = U_ZERO_ERROR;

    ucal_setMillis(calendar, (UDate)time * 1000, &error);
    return (ucal_get(calendar, UCAL_ZONE_OFFSET, &error) +
            ucal_get(calendar, UCAL_DST_OFFSET, &error)) /
           1000;
}

static void learn_change(struct sim_zone *zone, int64_t time, int32_t before,
                         int32_t after)
{
    int64_t wall = time + before;
    int64_t day_number = wall / DAY;
    struct sim_zone_change change = { .time = (int32_t)(wall % DAY) };
    unsigned day;
    int64_t year;

    time_civil_from_day(day_number, &year, &change.month, &day);
    change.weekday = weekday_of(day_number);
    change.week =
        day + 7 > days_in(year, change.month) ? 5 : (int)(day + 6) / 7;
    if (after > before) {
        zone->to_daylight = change;
        zone->daylight = after;
    } else {
        zone->to_standard = change;
        zone->standard = after;
    }
}

static void learn_rules(struct sim_zone *zone, const UChar *iana)
{
    UErrorCode error = U_ZERO_ERROR;
    UCalendar *calendar = ucal_open(iana, -1, "en", UCAL_GREGORIAN, &error);
    int64_t time = time_day_from_civil(2024, 1, 1) * DAY;
    int64_t begins = time;
    int64_t ends;

    if (U_FAILURE(error))
        return;
    zone->standard = zone->daylight = offset_at(calendar, time);
    /* Zones that gave the changes up since have one change or none. */
    if (next_change(calendar, &begins)) {
        ends = begins;
        if (next_change(calendar, &ends)) {
            learn_change(zone, begins, offset_at(calendar, begins - 1),
                         offset_at(calendar, begins));
            learn_change(zone, ends, offset_at(calendar, ends - 1),
                         offset_at(calendar, ends));
        }
    }
    ucal_close(calendar);
}

static const char *name_of(const struct sim_zone *zone, const UChar *iana)
{
    char city[128];
    char name[192];
    int32_t minutes = abs(zone->standard) / 60;

    u_austrncpy(city, iana, sizeof city - 1);
    city[sizeof city - 1] = '\0';
    for (char *at = city; *at != '\0'; at++)
        if (*at == '_')
            *at = ' ';
    if (zone->standard == 0 && str_equal(zone->id, "UTC"))
        return "(UTC) Coordinated Universal Time";
    snprintf(name, sizeof name, "(UTC%c%02d:%02d) %s",
             zone->standard < 0 ? '-' : '+', minutes / 60, minutes % 60,
             strrchr(city, '/') == NULL ? city : strrchr(city, '/') + 1);
    return memory_strdup(name);
}

static bool is_listed(const char *id)
{
    for (size_t i = 0; i < zone_count; i++)
        if (str_equal(zones[i].id, id))
            return true;
    return false;
}

static void add_zone(const UChar *windows, int32_t len)
{
    UErrorCode error = U_ZERO_ERROR;
    struct sim_zone *zone = &zones[zone_count];
    UChar iana[128];
    char id[128];

    if (len <= 0 || len >= (int32_t)sizeof id || zone_count == MAX_ZONES)
        return;
    u_austrncpy(id, windows, len);
    id[len] = '\0';
    if (is_listed(id) ||
        ucal_getTimeZoneIDForWindowsID(windows, len, NULL, iana, 128, &error) <=
            0 ||
        U_FAILURE(error))
        return;
    zone->id = memory_strdup(id);
    learn_rules(zone, iana);
    zone->name = name_of(zone, iana);
    zone_count++;
}

static int compare_ids(const void *a, const void *b)
{
    const struct sim_zone *left = a;
    const struct sim_zone *right = b;

    return strcmp(left->id, right->id);
}

static void make_list(void)
{
    UErrorCode error = U_ZERO_ERROR;
    UEnumeration *all = ucal_openTimeZones(&error);
    const UChar *iana;
    int32_t len;

    while (U_SUCCESS(error) &&
           (iana = uenum_unext(all, &len, &error)) != NULL) {
        UErrorCode unknown = U_ZERO_ERROR;
        UChar windows[128];

        add_zone(windows,
                 ucal_getWindowsTimeZoneID(iana, len, windows, 128, &unknown));
    }
    uenum_close(all);
    qsort(zones, zone_count, sizeof *zones, compare_ids);
}

const struct sim_zone *sim_zone_nth(size_t n)
{
    pthread_once(&zones_made, make_list);
    return n < zone_count ? &zones[n] : NULL;
}

const struct sim_zone *sim_zone_find(const char *id)
{
    const struct sim_zone *zone;

    for (size_t i = 0; (zone = sim_zone_nth(i)) != NULL; i++)
        if (str_equal_nocase(zone->id, id))
            return zone;
    return NULL;
}

const struct sim_zone *sim_zone_utc(void)
{
    static const struct sim_zone utc = {
        .id = "UTC", .name = "(UTC) Coordinated Universal Time"
    };

    return &utc;
}

/* --- Keeping ------------------------------------------------------------- */

const char *sim_zone_write(struct arena *arena, const struct sim_zone *zone)
{
    const struct sim_zone_change *in = &zone->to_daylight;
    const struct sim_zone_change *out = &zone->to_standard;

    return arena_printf(arena, "%d %d  %u %u %d %u %d  %u %u %d %u %d|%s|%s",
                        zone->standard, zone->daylight, in->month, in->weekday,
                        in->week, in->day, in->time, out->month, out->weekday,
                        out->week, out->day, out->time, zone->id, zone->name);
}

const struct sim_zone *sim_zone_read(struct arena *arena, const char *text)
{
    struct sim_zone *zone;
    struct sim_zone_change *in;
    struct sim_zone_change *out;
    const char *id = text == NULL ? NULL : strchr(text, '|');
    const char *name = id == NULL ? NULL : strchr(id + 1, '|');

    if (name == NULL)
        return NULL;
    zone = arena_alloc(arena, sizeof *zone);
    in = &zone->to_daylight;
    out = &zone->to_standard;
    if (sscanf(text, "%d %d %u %u %d %u %d %u %u %d %u %d", &zone->standard,
               &zone->daylight, &in->month, &in->weekday, &in->week, &in->day,
               &in->time, &out->month, &out->weekday, &out->week, &out->day,
               &out->time) != 12)
        return NULL;
    zone->id = arena_strndup(arena, id + 1, (size_t)(name - id - 1));
    zone->name = arena_strdup(arena, name + 1);
    return zone;
}
