/*
 * zone_private.h - what a zone is made of; for zones.c and zone_*.c
 */
#ifndef POSTERN_FORMAT_ZONE_PRIVATE_H
#define POSTERN_FORMAT_ZONE_PRIVATE_H

#include <stdatomic.h>

#include "proxy/format/zones.h"

enum { ZONE_ABBREVIATION = 16 };

/* From an instant on, until the next one. */
struct zone_shift {
    int64_t at;
    int32_t offset; /* seconds east of UTC */
    bool daylight;
    char name[ZONE_ABBREVIATION]; /* "CEST" */
};

/* When a shift of the yearly rule is, as POSIX' TZ says it. */
struct zone_date {
    enum { ZONE_WEEKDAY, ZONE_DAY, ZONE_DAY_NO_LEAP } kind;
    int month;
    int week;        /* 5: the last */
    int weekday;     /* 0: Sunday */
    int day;         /* of the year, from 0; without 29 February from 1 */
    int32_t seconds; /* after midnight; may be negative or beyond the day */
};

/* What holds after the last shift. */
struct zone_tail {
    struct zone_shift standard; /* `at` does not matter */
    struct zone_shift daylight;
    bool has_daylight;
    struct zone_date to_daylight;
    struct zone_date to_standard;
};

struct zone {
    const char *name;
    _Atomic(const char *) windows; /* "": none is like it; NULL: not looked */
    struct zone_shift first;       /* before all shifts */
    struct zone_shift *shifts;
    size_t count;
    struct zone_tail tail;
    struct zone *next; /* of those that live in the same chain */
};

/* Reads a file of tzdata (RFC 8536); false where there is none of that name. */
bool zone_file_read(const char *name, struct zone *zone);

/* The first shift after an instant, and what held until then; false where
 * nothing changes any more, or not before the year 2600. */
bool zone_next_shift(const struct zone *zone, int64_t after,
                     struct zone_shift *shift_out,
                     struct zone_shift *before_out);

/* What holds at an instant. */
const struct zone_shift *zone_shift_at(const struct zone *zone,
                                       int64_t instant);

/* As many seconds as a civil date has since 1970, as if it were UTC. */
int64_t zone_civil_seconds(const struct civil *civil);
struct civil zone_seconds_civil(int64_t seconds);

/* The day of the month that is the `week`th `weekday`; of week 5 the last. */
unsigned zone_weekday_day(int32_t year, unsigned month, unsigned week,
                          unsigned weekday);
unsigned zone_month_days(int32_t year, unsigned month);
unsigned zone_day_weekday(int64_t day);

/* The IANA's name for a name of Windows, and back; both copied to `out`, which
 * has room for ZONE_NAME bytes; false for none. */
enum { ZONE_NAME = 96 };
bool zone_name_of_windows(const char *windows, char out[ZONE_NAME]);
bool zone_name_to_windows(const char *name, char out[ZONE_NAME]);

/* As a name is spelt today. */
void zone_name_today(const char *name, char out[ZONE_NAME]);

/* Windows' name for a name it shows ("(UTC+01:00) Amsterdam, Berlin"). */
const char *zone_name_of_display(const char *display);

/* Windows' names one after the other, the often used ones first; NULL at the
 * end. */
const char *zone_windows_at(size_t index);

/* The name of Windows' zone that has the same rules now; "" for none. */
const char *zone_windows_like(const struct zone *zone);

/* Zones that rules without a name are most likely about; NULL at the end. */
const char *zone_likely_at(size_t index);

#endif
