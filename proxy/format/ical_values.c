/*
 * ical_values.c - times, zones and durations of iCalendar
 */
#include "proxy/format/ical_values.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/format/recurrence.h"
#include "proxy/format/zone_private.h"

enum { DAY = 86400 };

/* --- Dates and times ----------------------------------------------------- */

static bool digits(const char *text, size_t count, unsigned *out)
{
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        if (!isdigit((unsigned char)text[i]))
            return false;
        *out = *out * 10 + (unsigned)(text[i] - '0');
    }
    return true;
}

static bool read_date(const char *text, struct civil *out)
{
    unsigned year, month, day;
    if (!digits(text, 4, &year) || !digits(text + 4, 2, &month) ||
        !digits(text + 6, 2, &day) || year < 1 || month < 1 || month > 12 ||
        day < 1 || day > zone_month_days((int32_t)year, month))
        return false;
    *out = (struct civil){ .year = (int32_t)year,
                           .month = (uint8_t)month,
                           .day = (uint8_t)day };
    return true;
}

static bool read_clock(const char *text, struct civil *out)
{
    unsigned hour, minute, second;
    if (!digits(text, 2, &hour) || !digits(text + 2, 2, &minute) ||
        !digits(text + 4, 2, &second) || hour > 23 || minute > 59 ||
        second > 60)
        return false;
    out->hour = (uint8_t)hour;
    out->minute = (uint8_t)minute;
    out->second = (uint8_t)(second > 59 ? 59 : second);
    return true;
}

struct when ical_when_value(const struct ical_times *times, const char *value,
                            const char *tzid)
{
    struct when when = { .kind = WHEN_NONE };
    struct civil civil;
    value += strspn(value, " \t");
    size_t len = strlen(value);
    while (len > 0 && isspace((unsigned char)value[len - 1]))
        len--;
    if (len < 8 || !read_date(value, &civil))
        return when;
    if (len == 8) {
        /* Exchange wants to know whose midnights they are. */
        when.kind = WHEN_DATE;
        when.zone = times->zone;
        when.instant = zone_civil_seconds(&civil);
        return when;
    }
    bool utc = len == 16 && toupper((unsigned char)value[15]) == 'Z';
    if ((len != 15 && !utc) || toupper((unsigned char)value[8]) != 'T' ||
        !read_clock(value + 9, &civil))
        return when;
    when.kind = WHEN_ZONED;
    when.zone = utc            ? zone_utc()
                : tzid != NULL ? ical_zone(times, tzid)
                               : times->zone;
    when.instant = zone_instant(when.zone, &civil);
    return when;
}

struct when ical_when(const struct ical_times *times,
                      const struct ical_line *line)
{
    return ical_when_value(times, line->value, ical_param(line, "TZID"));
}

size_t ical_when_list(const struct ical_times *times,
                      const struct ical_line *line, struct when *out)
{
    char **values = str_split(times->arena, line->value, ",");
    const char *tzid = ical_param(line, "TZID");
    size_t count = 0;
    for (; *values != NULL; values++) {
        /* Of a period only its beginning. */
        (*values)[strcspn(*values, "/")] = '\0';
        out[count] = ical_when_value(times, *values, tzid);
        count += out[count].kind != WHEN_NONE;
    }
    return count;
}

/* --- Durations ----------------------------------------------------------- */

static bool duration_part(char unit, bool in_time, int64_t number,
                          struct ical_duration *out)
{
    switch (unit) {
    case 'W':
        out->days += number * 7;
        return !in_time;
    case 'D':
        out->days += number;
        return !in_time;
    case 'H':
        out->seconds += number * 3600;
        return in_time;
    case 'M':
        out->seconds += number * 60;
        return in_time;
    case 'S':
        out->seconds += number;
        return in_time;
    default:
        return false;
    }
}

bool ical_duration(const char *value, struct ical_duration *out)
{
    *out = (struct ical_duration){ 0 };
    int sign = *value == '-' ? -1 : 1;
    value += *value == '-' || *value == '+';
    if (toupper((unsigned char)*value++) != 'P')
        return false;
    bool in_time = false, any = false;
    while (*value != '\0' && !isspace((unsigned char)*value)) {
        if (toupper((unsigned char)*value) == 'T' && !in_time) {
            in_time = true;
            value++;
            continue;
        }
        char *end;
        if (!isdigit((unsigned char)*value))
            return false;
        long long number = strtoll(value, &end, 10);
        if (number > 10000000000 || end - value > 11 ||
            !duration_part((char)toupper((unsigned char)*end), in_time, number,
                           out))
            return false;
        any = true;
        value = end + 1;
    }
    out->days *= sign;
    out->seconds *= sign;
    /* A hundred years are enough, and nothing overflows. */
    return any && llabs(out->days) < 36600 &&
           llabs(out->seconds) < (int64_t)36600 * DAY;
}

struct when ical_when_after(const struct when *start,
                            const struct ical_duration *duration)
{
    struct when end = *start;
    if (duration->days != 0)
        end = when_on_day(start, when_day(start) + duration->days);
    end.instant += duration->seconds;
    return end;
}

/* --- Zones --------------------------------------------------------------- */

static const struct ical_component *timezone_find(
    const struct ical_component *calendar, const char *tzid)
{
    for (const struct ical_component *child =
             calendar != NULL ? calendar->children : NULL;
         child != NULL; child = child->next) {
        const char *own = ical_value(child, "TZID");
        if (str_equal_nocase(child->name, "VTIMEZONE") && own != NULL &&
            str_equal_nocase(own, tzid))
            return child;
    }
    return NULL;
}

static bool read_offset(const char *value, int32_t *out)
{
    unsigned hours, minutes, seconds = 0;
    if (value == NULL || (*value != '+' && *value != '-') ||
        !digits(value + 1, 2, &hours) || !digits(value + 3, 2, &minutes) ||
        hours > 24 || minutes > 59)
        return false;
    if (value[5] != '\0' && !digits(value + 5, 2, &seconds))
        seconds = 0;
    *out = (int32_t)(hours * 3600 + minutes * 60 + seconds) *
           (*value == '-' ? -1 : 1);
    return true;
}

static const char *rule_part(struct arena *arena, const char *rule,
                             const char *name)
{
    char **parts = str_split(arena, rule != NULL ? rule : "", ";");
    size_t len = strlen(name);
    for (; *parts != NULL; parts++)
        if (str_starts_nocase(*parts, name) && (*parts)[len] == '=')
            return *parts + len + 1;
    return NULL;
}

/* "-1SU", "2SU", or "SU" among days of the month. */
static void read_turn_day(const char *byday, const char *bymonthday,
                          struct zone_turn *turn)
{
    static const char *const names[] = { "SU", "MO", "TU", "WE",
                                         "TH", "FR", "SA" };
    char *end;
    long week = strtol(byday, &end, 10);
    for (uint8_t i = 0; i < 7; i++)
        if (str_starts_nocase(end, names[i]))
            turn->weekday = i;
    if (week == 0 && bymonthday != NULL) {
        long day = strtol(bymonthday, NULL, 10);
        week = day > 22 ? 5 : (day - 1) / 7 + 1;
    }
    turn->week = week >= 1 && week <= 4 ? (uint8_t)week : 5;
}

/* When the half of the year begins that a STANDARD or DAYLIGHT is about. */
static bool read_turn(struct arena *arena, const struct ical_component *half,
                      struct zone_turn *turn)
{
    struct civil start;
    const char *value = ical_value(half, "DTSTART");
    if (value == NULL || strlen(value) < 15 || !read_date(value, &start) ||
        !read_clock(value + 9, &start))
        return false;
    const char *rule = ical_value(half, "RRULE");
    const char *month = rule_part(arena, rule, "BYMONTH");
    const char *byday = rule_part(arena, rule, "BYDAY");
    *turn = (struct zone_turn){ .month = start.month,
                                .day = start.day,
                                .hour = start.hour,
                                .minute = start.minute };
    if (month != NULL)
        turn->month = (uint8_t)strtol(month, NULL, 10);
    if (byday != NULL) {
        turn->day = 0;
        read_turn_day(byday, rule_part(arena, rule, "BYMONTHDAY"), turn);
    }
    return true;
}

static const char *start_text(const struct ical_component *half)
{
    const char *value = ical_value(half, "DTSTART");
    return value != NULL ? value : "";
}

static const struct ical_component *newest(
    const struct ical_component *timezone, const char *name)
{
    const struct ical_component *best = NULL;
    for (const struct ical_component *half = timezone->children; half != NULL;
         half = half->next)
        if (str_equal_nocase(half->name, name) &&
            (best == NULL || strcmp(start_text(half), start_text(best)) > 0))
            best = half;
    return best;
}

/* A half whose rule has ended is of the past. */
static bool has_ended(struct arena *arena, const struct ical_component *half,
                      const struct ical_component *other)
{
    const char *rule = ical_value(half, "RRULE");
    const char *until = rule_part(arena, rule, "UNTIL");
    if (rule == NULL)
        return other != NULL && strcmp(start_text(half), start_text(other)) < 0;
    return until != NULL && other != NULL &&
           strcmp(until, start_text(other)) <= 0;
}

static const struct zone *zone_of_rules(struct arena *arena,
                                        const struct ical_component *timezone,
                                        const char *tzid)
{
    const struct ical_component *standard = newest(timezone, "STANDARD");
    const struct ical_component *daylight = newest(timezone, "DAYLIGHT");
    if (standard == NULL)
        standard = daylight;
    struct zone_rules rules = { 0 };
    if (standard == NULL ||
        !read_offset(ical_value(standard, "TZOFFSETTO"), &rules.standard))
        return NULL;
    rules.daylight = rules.standard;
    if (daylight != NULL && daylight != standard &&
        !has_ended(arena, daylight, standard) &&
        (!read_offset(ical_value(daylight, "TZOFFSETTO"), &rules.daylight) ||
         !read_turn(arena, standard, &rules.to_standard) ||
         !read_turn(arena, daylight, &rules.to_daylight)))
        return NULL;
    return zone_from_rules(&rules, tzid);
}

static const struct zone *zone_of_name(const char *name)
{
    const struct zone *zone = zone_iana(name);
    if (zone == NULL)
        zone = zone_windows(name);
    if (zone == NULL)
        zone = zone_made(name);
    /* "Something/Europe/Paris": the last two or three parts. */
    for (const char *rest = strchr(name, '/'); zone == NULL && rest != NULL;
         rest = strchr(rest + 1, '/'))
        if (strchr(rest + 1, '/') != NULL)
            zone = zone_iana(rest + 1);
    return zone;
}

const struct zone *ical_zone(const struct ical_times *times, const char *tzid)
{
    const char *name = str_trim(times->arena, tzid);
    const struct zone *zone = zone_of_name(name);
    const struct ical_component *timezone =
        zone == NULL ? timezone_find(times->calendar, tzid) : NULL;
    if (timezone != NULL) {
        const char *location = ical_value(timezone, "X-LIC-LOCATION");
        if (location != NULL)
            zone = zone_of_name(location);
        if (zone == NULL)
            zone = zone_of_rules(times->arena, timezone, name);
    }
    return zone != NULL ? zone : times->zone;
}

/* --- Writing ------------------------------------------------------------- */

static const char *civil_text(struct arena *arena, const struct civil *civil,
                              const char *end)
{
    return arena_printf(arena, "%04d%02u%02uT%02u%02u%02u%s", civil->year,
                        civil->month, civil->day, civil->hour, civil->minute,
                        civil->second, end);
}

const char *ical_utc_text(struct arena *arena, int64_t instant)
{
    struct civil civil = zone_seconds_civil(instant);
    return civil_text(arena, &civil, "Z");
}

const char *ical_when_text(struct arena *arena, const struct when *when)
{
    if (when->kind == WHEN_ZONED && when->zone == zone_utc())
        return ical_utc_text(arena, when->instant);
    struct civil civil = when->kind == WHEN_ZONED
                             ? zone_civil(when->zone, when->instant)
                             : zone_seconds_civil(when->instant);
    if (when->kind == WHEN_DATE)
        return arena_printf(arena, "%04d%02u%02u", civil.year, civil.month,
                            civil.day);
    return civil_text(arena, &civil, "");
}

const char *ical_when_line(struct arena *arena, const char *name,
                           const struct when *when)
{
    const char *text = ical_when_text(arena, when);
    if (when->kind == WHEN_DATE)
        return arena_printf(arena, "%s;VALUE=DATE:%s", name, text);
    if (when->kind == WHEN_ZONED && when->zone != zone_utc())
        return arena_printf(arena, "%s;TZID=%s:%s", name,
                            ical_param_quote(arena, zone_name(when->zone)),
                            text);
    return arena_printf(arena, "%s:%s", name, text);
}

const char *ical_address(struct arena *arena, const struct ical_line *line)
{
    const char *address = str_trim(arena, line->value);
    if (str_starts_nocase(address, "mailto:"))
        address = str_trim(arena, address + strlen("mailto:"));
    else if (ical_param(line, "EMAIL") != NULL)
        address = ical_param(line, "EMAIL");
    if (str_starts_nocase(address, "mailto:"))
        address += strlen("mailto:");
    const char *at = strchr(address, '@');
    bool good = at != NULL && at != address && at[1] != '\0' &&
                strpbrk(address, " \t<>\"") == NULL &&
                !str_starts_nocase(address, "invalid:") &&
                strchr(address, ':') == NULL;
    return good ? address : NULL;
}
