/*
 * timezone.h - time zones as Windows has them
 *
 * A zone is a standard offset and, where clocks change, another one with two
 * rules of the kind "the last Sunday of March at 2:00".  The rules of today
 * hold for all years.  The list is made from ICU's when it is first needed.
 */
#ifndef POSTERN_TESTS_EXCHANGE_TIMEZONE_H
#define POSTERN_TESTS_EXCHANGE_TIMEZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;
struct call;
struct node;

/* When clocks change: by the clock that ends with it. */
struct sim_zone_change {
    unsigned month;   /* 1 to 12 */
    unsigned weekday; /* 0 is Sunday */
    int week;         /* 1 to 4; 5 is the last; 0: the day below */
    unsigned day;
    int32_t time; /* seconds since midnight */
};

struct sim_zone {
    const char *id; /* "W. Europe Standard Time"; "" for a custom one */
    const char *name;
    int32_t standard; /* seconds east of UTC */
    int32_t daylight; /* the same where clocks do not change */
    struct sim_zone_change to_daylight;
    struct sim_zone_change to_standard;
};

/* By Windows' name; NULL if there is no such zone. */
const struct sim_zone *sim_zone_find(const char *id);
const struct sim_zone *sim_zone_utc(void);

/* All of them, by their names. */
const struct sim_zone *sim_zone_nth(size_t n);

int32_t sim_zone_offset(const struct sim_zone *zone, int64_t time);

/* What the clock on the wall shows, as if that were UTC; and back. */
int64_t sim_zone_to_wall(const struct sim_zone *zone, int64_t time);
int64_t sim_zone_from_wall(const struct sim_zone *zone, int64_t wall);

/* xs:dateTime, in the zone if it says none itself; TIME_NONE for no time. */
int64_t sim_zone_time(const struct sim_zone *zone, const char *text);

/* A zone as one line of text, to be kept with an item; and back. */
const char *sim_zone_write(struct arena *arena, const struct sim_zone *zone);
const struct sim_zone *sim_zone_read(struct arena *arena, const char *text);

/* A zone from a TimeZoneDefinition, or from a MeetingTimeZone of 2007; NULL for
 * what names none. */
const struct sim_zone *sim_zone_of(struct arena *arena,
                                   const struct node *definition);
const struct sim_zone *sim_zone_of_meeting(struct arena *arena,
                                           const struct node *node);

/* Writes an element of type TimeZoneDefinition, or of TimeZone. */
void sim_zone_put(struct buf *out, const char *element,
                  const struct sim_zone *zone, bool full);
void sim_zone_put_meeting(struct buf *out, const struct sim_zone *zone);

#endif
