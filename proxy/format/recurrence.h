/*
 * recurrence.h - the days of a recurrence, the instances of a series
 *
 * As Exchange counts them: a day of the month that a month does not have is its
 * last one.
 */
#ifndef POSTERN_FORMAT_RECURRENCE_H
#define POSTERN_FORMAT_RECURRENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/format/event.h"

/* The days of a rule, one after the other, as days since 1970.  Nothing in it
 * is for others. */
struct recurrence_days {
    const struct recurrence *rule;
    int64_t begin;
    int64_t until;
    int64_t period;
    uint32_t left;
    size_t next;
    size_t count;
    int64_t days[7];
};

void recurrence_days_begin(struct recurrence_days *days,
                           const struct recurrence *rule);

/* False when there are no more, or not before the year 2500. */
bool recurrence_days_next(struct recurrence_days *days, int64_t *day_out);

/* The day of a time, on its own clock. */
int64_t when_day(const struct when *when);

/* The same time of the day, or the same day of none, on another day. */
struct when when_on_day(const struct when *when, int64_t day);

/* When it is for someone whose floating times and days are of `zone`. */
int64_t when_instant(const struct when *when, const struct zone *zone);

/* One time that a series happens. */
struct instance {
    struct when occurrence;        /* NONE: it is a single event */
    const struct event *exception; /* NULL: as the master is */
    struct when start;
    struct when end;
    int64_t from; /* instants */
    int64_t to;
};

/* All of them, in the order of their occurrences; exceptions that are not on
 * the pattern come after those that are. */
struct instances {
    const struct series *series;
    const struct zone *zone;
    struct recurrence_days days;
    size_t exception;
    size_t deleted;
    size_t orphan;
    bool begun;
};

void instances_begin(struct instances *instances, const struct series *series,
                     const struct zone *zone);
bool instances_next(struct instances *instances, struct instance *out);

/* The number that Exchange counts an occurrence by: from 1, deleted ones
 * counted; 0: it is none. */
uint32_t series_instance_index(const struct series *series,
                               const struct when *occurrence);

#endif
