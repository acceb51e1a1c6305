/*
 * zone_file.c - the files of tzdata (RFC 8536, "TZif")
 *
 * A file has its content twice: with 32 bits for old readers, then with 64.
 * Only the second is read.  It lists the shifts of the past, and its last line
 * is a rule for all years to come, in POSIX' notation: "CET-1CEST,M3.5.0,
 * M10.5.0/3".
 */
#include "proxy/format/zone_private.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"

enum { FILE_MAX = 128 * 1024, HEADER = 44, TYPE = 6 };

struct counts {
    uint32_t utc;
    uint32_t wall;
    uint32_t leaps;
    uint32_t shifts;
    uint32_t types;
    uint32_t letters;
};

static uint32_t get_32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
           (uint32_t)at[2] << 8 | at[3];
}

static int64_t get_64(const unsigned char *at)
{
    return (int64_t)((uint64_t)get_32(at) << 32 | get_32(at + 4));
}

static bool read_header(const unsigned char *at, const unsigned char *end,
                        struct counts *counts)
{
    if (end - at < HEADER || memcmp(at, "TZif", 4) != 0 || at[4] < '2')
        return false;
    counts->utc = get_32(at + 20);
    counts->wall = get_32(at + 24);
    counts->leaps = get_32(at + 28);
    counts->shifts = get_32(at + 32);
    counts->types = get_32(at + 36);
    counts->letters = get_32(at + 40);
    return counts->types > 0 && counts->types <= 256 &&
           counts->shifts <= FILE_MAX && counts->letters <= FILE_MAX &&
           counts->utc <= 256 && counts->wall <= 256 && counts->leaps <= 256;
}

static size_t body_size(const struct counts *counts, size_t time_size)
{
    return counts->shifts * (time_size + 1) + counts->types * TYPE +
           counts->letters + counts->leaps * (time_size + 4) + counts->wall +
           counts->utc;
}

static struct zone_shift type_shift(const unsigned char *type,
                                    const char *letters, size_t letters_len)
{
    struct zone_shift shift = { .offset = (int32_t)get_32(type),
                                .daylight = type[4] != 0 };
    if (type[5] < letters_len)
        snprintf(shift.name, sizeof shift.name, "%.*s",
                 (int)(letters_len - type[5]), letters + type[5]);
    return shift;
}

/* Shifts that change but a name or a flag are of no use to calendars. */
static void read_shifts(struct zone *zone, const unsigned char *body,
                        const struct counts *counts)
{
    const unsigned char *index = body + counts->shifts * 8;
    const unsigned char *types = index + counts->shifts;
    const char *letters = (const char *)types + counts->types * TYPE;
    zone->first = type_shift(types, letters, counts->letters);
    zone->shifts = memory_new((counts->shifts + 1) * sizeof *zone->shifts);
    int32_t offset = zone->first.offset;
    for (uint32_t i = 0; i < counts->shifts; i++) {
        if (index[i] >= counts->types)
            continue;
        struct zone_shift shift =
            type_shift(types + index[i] * TYPE, letters, counts->letters);
        shift.at = get_64(body + i * 8);
        if (shift.offset == offset && zone->count > 0) {
            zone->shifts[zone->count - 1].daylight = shift.daylight;
            continue;
        }
        offset = shift.offset;
        zone->shifts[zone->count++] = shift;
    }
}

/* --- The rule of the last line ------------------------------------------- */

static bool read_number(const char **at, int *number_out)
{
    if (!isdigit((unsigned char)**at))
        return false;
    int number = 0;
    while (isdigit((unsigned char)**at) && number < 100000)
        number = number * 10 + *(*at)++ - '0';
    *number_out = number;
    return true;
}

static bool read_clock(const char **at, int32_t *seconds_out)
{
    int sign = 1;
    if (**at == '-' || **at == '+')
        sign = *(*at)++ == '-' ? -1 : 1;
    int part[3] = { 0 };
    for (int i = 0; i < 3; i++) {
        if (!read_number(at, &part[i]) || part[i] > 200)
            return false;
        if (**at != ':')
            break;
        (*at)++;
    }
    *seconds_out = sign * (part[0] * 3600 + part[1] * 60 + part[2]);
    return true;
}

static bool read_name(const char **at, char name[ZONE_ABBREVIATION])
{
    bool quoted = **at == '<';
    if (quoted)
        (*at)++;
    size_t len = 0;
    while (quoted ? **at != '>' && **at != '\0'
                  : isalpha((unsigned char)**at)) {
        if (len + 1 < ZONE_ABBREVIATION)
            name[len++] = **at;
        (*at)++;
    }
    if (quoted && *(*at)++ != '>')
        return false;
    return len > 0;
}

static bool read_date(const char **at, struct zone_date *date)
{
    if (*(*at)++ != ',')
        return false;
    bool good;
    if (**at == 'M') {
        (*at)++;
        date->kind = ZONE_WEEKDAY;
        good = read_number(at, &date->month) && *(*at)++ == '.' &&
               read_number(at, &date->week) && *(*at)++ == '.' &&
               read_number(at, &date->weekday) && date->month >= 1 &&
               date->month <= 12 && date->week >= 1 && date->week <= 5 &&
               date->weekday <= 6;
    } else {
        date->kind = **at == 'J' ? ZONE_DAY_NO_LEAP : ZONE_DAY;
        *at += **at == 'J';
        good = read_number(at, &date->day) && date->day <= 366;
    }
    date->seconds = 2 * 3600;
    if (good && **at == '/') {
        (*at)++;
        good = read_clock(at, &date->seconds);
    }
    return good;
}

static bool read_tail(const char *at, struct zone_tail *tail)
{
    int32_t west;
    if (!read_name(&at, tail->standard.name) || !read_clock(&at, &west))
        return false;
    tail->standard.offset = -west;
    if (*at == '\0')
        return true;
    if (!read_name(&at, tail->daylight.name))
        return false;
    tail->daylight.offset = tail->standard.offset + 3600;
    tail->daylight.daylight = true;
    if (*at != ',') {
        if (!read_clock(&at, &west))
            return false;
        tail->daylight.offset = -west;
    }
    tail->has_daylight = true;
    return read_date(&at, &tail->to_daylight) &&
           read_date(&at, &tail->to_standard) && *at == '\0';
}

/* A file without a rule: as it is after the last shift. */
static void end_without_rule(struct zone *zone)
{
    zone->tail = (struct zone_tail){ .standard = zone->first };
    if (zone->count > 0)
        zone->tail.standard = zone->shifts[zone->count - 1];
}

static bool parse(const unsigned char *data, size_t len, struct zone *zone)
{
    const unsigned char *end = data + len;
    struct counts counts;
    if (!read_header(data, end, &counts))
        return false;
    size_t old = HEADER + body_size(&counts, 4);
    if (old > len || !read_header(data + old, end, &counts))
        return false;
    const unsigned char *body = data + old + HEADER;
    if (body_size(&counts, 8) > (size_t)(end - body))
        return false;
    read_shifts(zone, body, &counts);
    const char *footer = (const char *)body + body_size(&counts, 8);
    char rule[128] = "";
    if (footer < (const char *)end && *footer == '\n')
        snprintf(rule, sizeof rule, "%.*s", (int)strcspn(footer + 1, "\n"),
                 footer + 1);
    if (!read_tail(rule, &zone->tail))
        end_without_rule(zone);
    return true;
}

/* Names come from clients: they must not lead out of the folder. */
static bool is_name(const char *name)
{
    size_t len = strlen(name);
    if (len == 0 || len >= ZONE_NAME || name[0] == '/' || strstr(name, "..") ||
        !isalpha((unsigned char)name[0]))
        return false;
    for (const char *c = name; *c != '\0'; c++)
        if (!isalnum((unsigned char)*c) && strchr("/_+-", *c) == NULL)
            return false;
    return !str_starts(name, "posix") && !str_starts(name, "right/") &&
           !str_starts(name, "localtime") && !str_starts(name, "Factory");
}

bool zone_file_read(const char *name, struct zone *zone)
{
    if (!is_name(name))
        return false;
    char path[ZONE_NAME + 32];
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    unsigned char *data = memory_new(FILE_MAX + 1);
    ssize_t len = read(fd, data, FILE_MAX);
    close(fd);
    bool good = len > 0 && parse(data, (size_t)len, zone);
    free(data);
    return good;
}
