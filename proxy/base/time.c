/*
 * time.c - instants as seconds since 1970 UTC, and how protocols write them
 *
 * A civil date becomes a day number by counting in years that begin in March,
 * so that the leap day is a year's last, and in eras of 400 years, which all
 * have the same number of days.
 */
#include "proxy/base/time.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "proxy/base/str.h"

#define DAY_SECONDS 86400
#define ERA_DAYS 146097
#define EPOCH_DAYS 719468 /* from 0000-03-01 to 1970-01-01 */

static const char *const month_names[] = { "Jan", "Feb", "Mar", "Apr",
                                           "May", "Jun", "Jul", "Aug",
                                           "Sep", "Oct", "Nov", "Dec" };
static const char *const day_names[] = { "Sun", "Mon", "Tue", "Wed",
                                         "Thu", "Fri", "Sat" };

/* RFC 5322, 4.3: the zones with names; others count as unknown, which is
 * UTC. */
static const struct {
    const char *name;
    int hours;
} zones[] = {
    { "UT", 0 },   { "GMT", 0 },  { "Z", 0 },    { "UTC", 0 },
    { "EST", -5 }, { "EDT", -4 }, { "CST", -6 }, { "CDT", -5 },
    { "MST", -7 }, { "MDT", -6 }, { "PST", -8 }, { "PDT", -7 },
};

struct civil {
    int64_t year;
    unsigned month, day, hour, minute, second;
};

int64_t time_now(void)
{
    return time(NULL);
}

static uint64_t milliseconds_of(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

uint64_t time_monotonic_ms(void)
{
    return milliseconds_of(CLOCK_MONOTONIC);
}

uint64_t time_with_sleep_ms(void)
{
    return milliseconds_of(CLOCK_BOOTTIME);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

int64_t time_day_from_civil(int64_t year, unsigned month, unsigned day)
{
    if (month <= 2)
        year--;

    int64_t era = floor_div(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t month_of_year = (month + 9) % 12;
    int64_t day_of_year = (153 * month_of_year + 2) / 5 + day - 1;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * ERA_DAYS + day_of_era - EPOCH_DAYS;
}

void time_civil_from_day(int64_t day, int64_t *year, unsigned *month,
                         unsigned *day_out)
{
    day += EPOCH_DAYS;

    int64_t era = floor_div(day, ERA_DAYS);
    int64_t day_of_era = day - era * ERA_DAYS;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
                           day_of_era / (ERA_DAYS - 1)) /
                          365;
    int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_of_year = (5 * day_of_year + 2) / 153;

    *day_out = (unsigned)(day_of_year - (153 * month_of_year + 2) / 5 + 1);
    *month =
        (unsigned)(month_of_year < 10 ? month_of_year + 3 : month_of_year - 9);
    *year = year_of_era + era * 400 + (*month <= 2 ? 1 : 0);
}

static unsigned month_days(int64_t year, unsigned month)
{
    static const unsigned char days[] = { 31, 28, 31, 30, 31, 30,
                                          31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

/* `offset` is in seconds east of UTC.  TIME_NONE for what no calendar has. */
static int64_t from_civil(const struct civil *civil, int64_t offset)
{
    if (civil->month < 1 || civil->month > 12 || civil->day < 1 ||
        civil->day > month_days(civil->year, civil->month) ||
        civil->hour > 24 || civil->minute > 59 || civil->second > 60)
        return TIME_NONE;
    /* xs:dateTime: 24:00:00 is the end of the day. */
    if (civil->hour == 24 && (civil->minute > 0 || civil->second > 0))
        return TIME_NONE;

    int64_t day = time_day_from_civil(civil->year, civil->month, civil->day);
    return day * DAY_SECONDS + civil->hour * 3600 + civil->minute * 60 +
           civil->second - offset;
}

static void to_civil(int64_t time, struct civil *civil, unsigned *weekday)
{
    int64_t day = floor_div(time, DAY_SECONDS);
    unsigned second = (unsigned)(time - day * DAY_SECONDS);

    time_civil_from_day(day, &civil->year, &civil->month, &civil->day);
    civil->hour = second / 3600;
    civil->minute = second / 60 % 60;
    civil->second = second % 60;
    *weekday = (unsigned)(day + 4 - floor_div(day + 4, 7) * 7);
}

/* Reads between `least` and `most` digits; false without moving otherwise. */
static bool read_digits(const char **text, int least, int most_digits,
                        unsigned *value)
{
    unsigned number = 0;
    int count = 0;

    while (count < most_digits && (*text)[count] >= '0' &&
           (*text)[count] <= '9')
        number = number * 10 + (unsigned)((*text)[count++] - '0');
    if (count < least)
        return false;
    *text += count;
    *value = number;
    return true;
}

static bool read_char(const char **text, char c)
{
    if (**text != c)
        return false;
    (*text)++;
    return true;
}

/* "+hh:mm" or "+hhmm". */
static bool read_offset(const char **text, int64_t *offset)
{
    int sign = **text == '-' ? -1 : 1;
    unsigned hours, minutes;

    if (**text != '+' && **text != '-')
        return false;
    (*text)++;
    if (!read_digits(text, 2, 2, &hours))
        return false;
    read_char(text, ':');
    if (!read_digits(text, 2, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *offset = sign * (int64_t)(hours * 3600 + minutes * 60);
    return true;
}

int64_t time_from_iso(const char *text)
{
    struct civil civil = { 0 };
    unsigned year;
    int64_t offset = 0;

    if (!read_digits(&text, 4, 9, &year) || !read_char(&text, '-') ||
        !read_digits(&text, 2, 2, &civil.month) || !read_char(&text, '-') ||
        !read_digits(&text, 2, 2, &civil.day))
        return TIME_NONE;
    civil.year = year;
    if (read_char(&text, 'T')) {
        if (!read_digits(&text, 2, 2, &civil.hour) || !read_char(&text, ':') ||
            !read_digits(&text, 2, 2, &civil.minute) ||
            !read_char(&text, ':') || !read_digits(&text, 2, 2, &civil.second))
            return TIME_NONE;
        if (read_char(&text, '.')) {
            if (*text < '0' || *text > '9')
                return TIME_NONE;
            text += strspn(text, "0123456789");
        }
    }
    if (!read_char(&text, 'Z') && *text != '\0' && !read_offset(&text, &offset))
        return TIME_NONE;
    return *text == '\0' ? from_civil(&civil, offset) : TIME_NONE;
}

void time_to_iso(int64_t time, char out[sizeof "-2147483648-01-01T00:00:00Z"])
{
    struct civil civil;
    unsigned weekday;

    to_civil(time, &civil, &weekday);
    snprintf(out, sizeof "-2147483648-01-01T00:00:00Z",
             "%04lld-%02u-%02uT%02u:%02u:%02uZ", (long long)civil.year,
             civil.month, civil.day, civil.hour, civil.minute, civil.second);
}

/* Skips white space and comments, which may nest (RFC 5322, 3.2.2). */
static void skip_space(const char **text)
{
    int depth = 0;

    for (;; (*text)++) {
        char c = **text;

        if (c == '(')
            depth++;
        else if (c == ')' && depth > 0)
            depth--;
        else if (c == '\\' && depth > 0 && (*text)[1] != '\0')
            (*text)++;
        else if (c == '\0' || (depth == 0 && strchr(" \t\r\n", c) == NULL))
            return;
    }
}

/* The length of the run of ASCII letters at `text`. */
static size_t word_len(const char *text)
{
    size_t len = 0;

    while ((text[len] | 0x20) >= 'a' && (text[len] | 0x20) <= 'z')
        len++;
    return len;
}

static bool read_month(const char **text, unsigned *month)
{
    size_t len = word_len(*text);

    for (unsigned i = 0; len >= 3 && i < 12; i++)
        if (str_is_nocase(*text, 3, month_names[i])) {
            *month = i + 1;
            *text += len;
            return true;
        }
    return false;
}

/* RFC 5322, 4.3: two digits below 50 are in this century, three digits and the
 * others count from 1900. */
static bool read_year(const char **text, int64_t *year)
{
    const char *start = *text;
    unsigned value;

    if (!read_digits(text, 2, 9, &value))
        return false;

    long digits = *text - start;
    *year = value;
    if (digits == 2 && value < 50)
        *year += 2000;
    else if (digits < 4)
        *year += 1900;
    return true;
}

static bool read_clock(const char **text, struct civil *civil)
{
    if (!read_digits(text, 1, 2, &civil->hour))
        return false;
    skip_space(text);
    if (!read_char(text, ':'))
        return false;
    skip_space(text);
    if (!read_digits(text, 1, 2, &civil->minute))
        return false;
    skip_space(text);
    if (!read_char(text, ':'))
        return true;
    skip_space(text);
    return read_digits(text, 1, 2, &civil->second);
}

static int64_t read_zone(const char *text)
{
    int64_t offset = 0;
    size_t len = word_len(text);

    if (read_offset(&text, &offset))
        return offset;
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++)
        if (len > 0 && str_is_nocase(text, len, zones[i].name))
            return zones[i].hours * 3600;
    return 0;
}

int64_t time_from_rfc5322(const char *text)
{
    struct civil civil = { 0 };

    skip_space(&text);
    text += word_len(text); /* the day's name says nothing new */
    skip_space(&text);
    read_char(&text, ',');
    skip_space(&text);
    if (!read_digits(&text, 1, 2, &civil.day))
        return TIME_NONE;
    skip_space(&text);
    read_char(&text, '-');
    if (!read_month(&text, &civil.month))
        return TIME_NONE;
    skip_space(&text);
    read_char(&text, '-');
    if (!read_year(&text, &civil.year))
        return TIME_NONE;
    skip_space(&text);
    if (!read_clock(&text, &civil))
        return TIME_NONE;
    skip_space(&text);
    return from_civil(&civil, read_zone(text));
}

void time_to_rfc5322(int64_t time, char out[40])
{
    struct civil civil;
    unsigned weekday;

    to_civil(time, &civil, &weekday);
    snprintf(out, 40, "%s, %02u %s %04lld %02u:%02u:%02u +0000",
             day_names[weekday], civil.day, month_names[civil.month - 1],
             (long long)civil.year, civil.hour, civil.minute, civil.second);
}
