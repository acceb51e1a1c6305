/*
 * ical_values.h - the values of content lines: times, durations, rules
 */
#ifndef POSTERN_FORMAT_ICAL_VALUES_H
#define POSTERN_FORMAT_ICAL_VALUES_H

#include "proxy/format/event.h"
#include "proxy/format/ical_lines.h"

struct arena;

/* What the times of a VCALENDAR are in. */
struct ical_times {
    struct arena *arena;
    const struct ical_component *calendar;
    const struct zone *zone; /* of floating times and of days */
    bool trusted; /* the text has been read before: its rules are good */
    bool loose;   /* a rule may have its first day after the start */
};

/* The zone of a TZID: by its name, by what the VTIMEZONE says, else the
 * calendar's. */
const struct zone *ical_zone(const struct ical_times *times, const char *tzid);

/* A DATE or DATE-TIME, in the zone its line names; a floating one is in the
 * zone of the calendar.  WHEN_NONE: it is neither. */
struct when ical_when(const struct ical_times *times,
                      const struct ical_line *line);
struct when ical_when_value(const struct ical_times *times, const char *value,
                            const char *tzid);

/* All of a list, as EXDATE has it; how many were added to `out`, which has room
 * for as many as there are commas and one. */
size_t ical_when_list(const struct ical_times *times,
                      const struct ical_line *line, struct when *out);

/* 3.3.6: days are of the calendar, seconds of the clock. */
struct ical_duration {
    int64_t days;
    int64_t seconds;
};
bool ical_duration(const char *value, struct ical_duration *out);
struct when ical_when_after(const struct when *start,
                            const struct ical_duration *duration);

/* "20240506", "20240506T090000" or with "Z", as its kind and zone want it. */
const char *ical_when_text(struct arena *arena, const struct when *when);
const char *ical_utc_text(struct arena *arena, int64_t instant);

/* A line of a time: NAME;TZID=...:..., NAME;VALUE=DATE:... */
const char *ical_when_line(struct arena *arena, const char *name,
                           const struct when *when);

/* An address out of "mailto:ann@example.com" or, where it is none, out of the
 * parameter EMAIL; NULL. */
const char *ical_address(struct arena *arena, const struct ical_line *line);

/* --- Rules (ical_rule.c) ----------------------------------------------------
 */

/* What Exchange can hold of an RRULE whose first instance is at `start`; false
 * with a reason where it cannot. */
bool ical_rule_read(const struct ical_times *times, const char *value,
                    const struct when *start, struct recurrence *out,
                    const char **reason_out);

/* Whether it is a rule at all, of whatever kind. */
bool ical_rule_is_one(const struct ical_times *times, const char *value);

/* The rule without a BYHOUR, BYMINUTE or BYSECOND that only repeats the time of
 * the start; `value` itself where it has none. */
const char *ical_rule_plain(struct arena *arena, const char *value,
                            const struct when *start);

const char *ical_rule_text(struct arena *arena, const struct recurrence *rule,
                           const struct when *start);

#endif
