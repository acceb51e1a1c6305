/*
 * zones.h - time zones: IANA's names, Windows' names, rules
 *
 * Exchange knows the zones of Windows ("W. Europe Standard Time"), calendars
 * those of the IANA ("Europe/Berlin"), and some clients send rules of their own
 * under names of their own.  A zone here is one of the IANA's, or a pair of
 * rules that is like none of them.  Zones live as long as the process and can
 * be compared by their pointers; all functions may be called from any thread.
 */
#ifndef POSTERN_FORMAT_ZONES_H
#define POSTERN_FORMAT_ZONES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct zone;

/* A clock face. */
struct civil {
    int32_t year;
    uint8_t month; /* 1 to 12 */
    uint8_t day;
    uint8_t hour;
    uint8_t minute;
    uint8_t second;
};

/* When one of a zone's two halves of the year begins, on the clock of the other
 * half: the `week`th (5: the last) `weekday` (0: Sunday) of `month`, or that
 * day of the month where `day` is not 0. */
struct zone_turn {
    uint8_t month;
    uint8_t week;
    uint8_t weekday;
    uint8_t day;
    uint8_t hour;
    uint8_t minute;
};

/* As Windows and Exchange describe a zone: as it is now, for ever. */
struct zone_rules {
    int32_t standard; /* seconds east of UTC */
    int32_t daylight; /* the same as standard: there is none */
    struct zone_turn to_standard;
    struct zone_turn to_daylight;
};

const struct zone *zone_utc(void);

/* NULL where the name is none of the IANA's; old ones and links are known as
 * well, as what they stand for today.  A path before it is passed over
 * ("/mozilla.org/20050126_1/Europe/Paris"). */
const struct zone *zone_iana(const char *name);

/* By its name in Windows' registry, or a display name of it ("(UTC+01:00)
 * Amsterdam, ..."), or one of the names Exchange makes up ("tzone://Microsoft/
 * Utc"); spaces at the ends are passed over.  NULL where it is unknown. */
const struct zone *zone_windows(const char *name);

/* A well-known zone with these rules, `hint` (may be NULL) preferred, or one
 * made of them; of those, the process keeps a bounded number: NULL beyond. */
const struct zone *zone_from_rules(const struct zone_rules *rules,
                                   const char *hint);

/* The one that this process has made of rules and that has this name; NULL. */
const struct zone *zone_made(const char *name);

/* The zone this machine is in; UTC if that cannot be told. */
const struct zone *zone_local(void);

/* "Europe/Berlin"; for one made of rules a name that tells them. */
const char *zone_name(const struct zone *zone);

/* "W. Europe Standard Time"; NULL where Windows has none that is like it. */
const char *zone_windows_name(const struct zone *zone);

/* The rules of it that hold in that year. */
struct zone_rules zone_rules(const struct zone *zone, int32_t year);

/* Seconds east of UTC at that instant. */
int32_t zone_offset(const struct zone *zone, int64_t instant);

/* What its clocks show, and when they do: a time that is skipped is read with
 * the offset before the gap, one that comes twice is the first (RFC 5545,
 * 3.3.5). */
struct civil zone_civil(const struct zone *zone, int64_t instant);
int64_t zone_instant(const struct zone *zone, const struct civil *civil);

/* Its VTIMEZONE, with CRLF, true from `from` to `to` (instants), under the TZID
 * `name` (NULL: zone_name). */
const char *zone_vtimezone(struct arena *arena, const struct zone *zone,
                           const char *name, int64_t from, int64_t to);

#endif
