/*
 * zones.c - zones by name, and what their clocks show
 *
 * Zones come from tzdata, once, when they are first asked for, and do not
 * change after that: only the table of names has a lock.
 */
#include "proxy/format/zones.h"

#include <ctype.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/format/zone_private.h"

enum { CHAINS = 256, DAY = 86400, LAST_YEAR = 2600 };

/* Names that were asked for, several for a zone where it has several. */
struct known {
    char *name;
    const struct zone *zone;
    struct known *next;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct known *chains[CHAINS];

static struct known **chain_of(const char *name)
{
    uint32_t hash = 2166136261u;
    for (const char *c = name; *c != '\0'; c++)
        hash = (hash ^ (unsigned char)*c) * 16777619u;
    return &chains[hash % CHAINS];
}

static const struct zone *known_find(const char *name)
{
    for (struct known *known = *chain_of(name); known; known = known->next)
        if (strcmp(known->name, name) == 0)
            return known->zone;
    return NULL;
}

static void known_add(const char *name, const struct zone *zone)
{
    struct known **chain = chain_of(name);
    struct known *known = memory_new(sizeof *known);
    known->name = memory_strdup(name);
    known->zone = zone;
    known->next = *chain;
    *chain = known;
}

static const struct zone *zone_load(const char *name)
{
    struct zone *zone = memory_new(sizeof *zone);
    if (!zone_file_read(name, zone)) {
        free(zone);
        return NULL;
    }
    zone->name = memory_strdup(name);
    char windows[ZONE_NAME];
    if (zone_name_to_windows(name, windows))
        atomic_store(&zone->windows, memory_strdup(windows));
    return zone;
}

static const struct zone *find_exactly(const char *name)
{
    const struct zone *zone = known_find(name);
    if (zone == NULL && (zone = zone_load(name)) != NULL)
        known_add(name, zone);
    return zone;
}

/* As it is spelt today, or where tzdata is older than that, as it was. */
static const struct zone *find_locked(const char *name)
{
    const struct zone *zone = known_find(name);
    if (zone != NULL)
        return zone;
    char today[ZONE_NAME];
    zone_name_today(name, today);
    if (strcmp(today, name) != 0 && (zone = find_exactly(today)) != NULL)
        known_add(name, zone);
    return zone != NULL ? zone : find_exactly(name);
}

static const struct zone *find(const char *name)
{
    if (strlen(name) >= ZONE_NAME)
        return NULL;
    pthread_mutex_lock(&mutex);
    const struct zone *zone = find_locked(name);
    pthread_mutex_unlock(&mutex);
    return zone;
}

const struct zone *zone_utc(void)
{
    static const struct zone utc = { .name = "UTC",
                                     .windows = "UTC",
                                     .first = { .name = "UTC" },
                                     .tail = {
                                         .standard = { .name = "UTC" } } };
    return &utc;
}

static bool is_utc(const char *name)
{
    static const char *const names[] = { "UTC",           "Etc/UTC",  "Z",
                                         "GMT",           "Etc/GMT",  "Etc/UCT",
                                         "Etc/Zulu",      "UCT",      "Zulu",
                                         "Etc/Universal", "Universal" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_equal_nocase(name, names[i]))
            return true;
    return false;
}

/* Only what begins with "/" has a path before the name. */
const struct zone *zone_iana(const char *name)
{
    const char *rest = name;
    while (rest != NULL) {
        rest += rest[0] == '/';
        const struct zone *zone = is_utc(rest) ? zone_utc() : find(rest);
        if (zone != NULL || name[0] != '/')
            return zone;
        rest = strchr(rest, '/');
    }
    return NULL;
}

const struct zone *zone_windows(const char *name)
{
    if (name == NULL)
        return NULL;
    while (isspace((unsigned char)*name))
        name++;
    size_t len = strlen(name);
    while (len > 0 && isspace((unsigned char)name[len - 1]))
        len--;
    char clean[2 * ZONE_NAME], iana[ZONE_NAME];
    if (len == 0 || len >= sizeof clean)
        return NULL;
    snprintf(clean, sizeof clean, "%.*s", (int)len, name);
    const char *windows = zone_name_of_display(clean);
    if (!zone_name_of_windows(windows != NULL ? windows : clean, iana))
        return NULL;
    return zone_iana(iana);
}

/* --- This machine's ------------------------------------------------------ */

static bool local_name(char name[ZONE_NAME])
{
    const char *from_environment = getenv("TZ");
    if (from_environment != NULL) {
        from_environment += from_environment[0] == ':';
        snprintf(name, ZONE_NAME, "%s", from_environment);
        return name[0] != '\0';
    }
    char path[256];
    ssize_t len = readlink("/etc/localtime", path, sizeof path - 1);
    if (len < 0)
        return false;
    path[len] = '\0';
    const char *in_tzdata = strstr(path, "zoneinfo/");
    if (in_tzdata == NULL)
        return false;
    snprintf(name, ZONE_NAME, "%s", in_tzdata + strlen("zoneinfo/"));
    return true;
}

const struct zone *zone_local(void)
{
    char name[ZONE_NAME];
    const struct zone *zone = local_name(name) ? zone_iana(name) : NULL;
    return zone != NULL ? zone : zone_utc();
}

const char *zone_name(const struct zone *zone)
{
    return zone->name;
}

const char *zone_windows_name(const struct zone *zone)
{
    const char *name = atomic_load(&zone->windows);
    if (name == NULL) {
        /* The zone is of the heap: those that are constant have a name. */
        name = zone_windows_like(zone);
        atomic_store(&((struct zone *)zone)->windows, name);
    }
    return name[0] != '\0' ? name : NULL;
}

/* --- Civil dates --------------------------------------------------------- */

int64_t zone_civil_seconds(const struct civil *civil)
{
    return time_day_from_civil(civil->year, civil->month, civil->day) * DAY +
           civil->hour * 3600 + civil->minute * 60 + civil->second;
}

struct civil zone_seconds_civil(int64_t seconds)
{
    int64_t day = seconds / DAY - (seconds % DAY < 0);
    int32_t rest = (int32_t)(seconds - day * DAY);
    int64_t year;
    unsigned month, day_of_month;
    time_civil_from_day(day, &year, &month, &day_of_month);
    return (struct civil){ .year = (int32_t)year,
                           .month = (uint8_t)month,
                           .day = (uint8_t)day_of_month,
                           .hour = (uint8_t)(rest / 3600),
                           .minute = (uint8_t)(rest / 60 % 60),
                           .second = (uint8_t)(rest % 60) };
}

unsigned zone_day_weekday(int64_t day)
{
    /* 1970-01-01 was a Thursday. */
    return (unsigned)(((day % 7) + 7 + 4) % 7);
}

unsigned zone_month_days(int32_t year, unsigned month)
{
    static const unsigned char days[] = { 31, 28, 31, 30, 31, 30,
                                          31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

unsigned zone_weekday_day(int32_t year, unsigned month, unsigned week,
                          unsigned weekday)
{
    unsigned first = zone_day_weekday(time_day_from_civil(year, month, 1));
    unsigned day = 1 + (weekday + 7 - first) % 7 + (week - 1) * 7;
    while (day > zone_month_days(year, month))
        day -= 7;
    return day;
}

/* --- Shifts -------------------------------------------------------------- */

/* Midnight of the day and the time after it, on the clock's face. */
static int64_t date_seconds(const struct zone_date *date, int32_t year)
{
    int64_t day;
    if (date->kind == ZONE_WEEKDAY) {
        day = time_day_from_civil(year, (unsigned)date->month,
                                  zone_weekday_day(year, (unsigned)date->month,
                                                   (unsigned)date->week,
                                                   (unsigned)date->weekday));
    } else {
        day = time_day_from_civil(year, 1, 1) + date->day;
        bool leap = zone_month_days(year, 2) == 29;
        if (date->kind == ZONE_DAY_NO_LEAP)
            day -= !(leap && date->day > 59);
    }
    return day * DAY + date->seconds;
}

/* The two shifts of a year after the table has ended, in their order. */
static void tail_shifts(const struct zone *zone, int32_t year,
                        struct zone_shift out[2])
{
    const struct zone_tail *tail = &zone->tail;
    struct zone_shift on = tail->daylight, off = tail->standard;
    on.at = date_seconds(&tail->to_daylight, year) - off.offset;
    off.at = date_seconds(&tail->to_standard, year) - on.offset;
    bool on_first = on.at < off.at;
    out[0] = on_first ? on : off;
    out[1] = on_first ? off : on;
}

static int64_t table_end(const struct zone *zone)
{
    return zone->count > 0 ? zone->shifts[zone->count - 1].at : INT64_MIN;
}

/* How many shifts of the table are at or before an instant. */
static size_t table_passed(const struct zone *zone, int64_t instant)
{
    size_t low = 0, high = zone->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->shifts[middle].at <= instant)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const struct zone_shift *tail_at(const struct zone *zone,
                                        int64_t instant)
{
    const struct zone_tail *tail = &zone->tail;
    if (!tail->has_daylight)
        return &tail->standard;
    int32_t year = zone_seconds_civil(instant + tail->standard.offset).year;
    struct zone_shift shifts[2];
    tail_shifts(zone, year, shifts);
    bool inside = instant >= shifts[0].at && instant < shifts[1].at;
    return inside == shifts[0].daylight ? &tail->daylight : &tail->standard;
}

const struct zone_shift *zone_shift_at(const struct zone *zone, int64_t instant)
{
    size_t passed = table_passed(zone, instant);
    if (passed == zone->count)
        return tail_at(zone, instant);
    return passed == 0 ? &zone->first : &zone->shifts[passed - 1];
}

bool zone_next_shift(const struct zone *zone, int64_t after,
                     struct zone_shift *shift_out,
                     struct zone_shift *before_out)
{
    *before_out = *zone_shift_at(zone, after);
    size_t passed = table_passed(zone, after);
    if (passed < zone->count) {
        *shift_out = zone->shifts[passed];
        return true;
    }
    if (!zone->tail.has_daylight)
        return false;
    int32_t year = zone_seconds_civil(after).year;
    for (int32_t i = year - 1; i <= year + 1 && i < LAST_YEAR; i++) {
        struct zone_shift shifts[2];
        tail_shifts(zone, i, shifts);
        for (int k = 0; k < 2; k++)
            if (shifts[k].at > after && shifts[k].at > table_end(zone) &&
                shifts[k].offset != before_out->offset) {
                *shift_out = shifts[k];
                return true;
            }
    }
    return false;
}

/* --- Clocks -------------------------------------------------------------- */

int32_t zone_offset(const struct zone *zone, int64_t instant)
{
    return zone_shift_at(zone, instant)->offset;
}

struct civil zone_civil(const struct zone *zone, int64_t instant)
{
    return zone_seconds_civil(instant + zone_offset(zone, instant));
}

int64_t zone_instant(const struct zone *zone, const struct civil *civil)
{
    int64_t local = zone_civil_seconds(civil);
    int32_t before = zone_offset(zone, local - DAY);
    int32_t after = zone_offset(zone, local + DAY);
    if (zone_offset(zone, local - before) == before)
        return local - before;
    if (zone_offset(zone, local - after) == after)
        return local - after;
    return local - before;
}
