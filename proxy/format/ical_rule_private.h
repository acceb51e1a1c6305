/*
 * ical_rule_private.h - the parts of a rule; for ical_rule*.c
 */
#ifndef POSTERN_FORMAT_ICAL_RULE_PRIVATE_H
#define POSTERN_FORMAT_ICAL_RULE_PRIVATE_H

#include "proxy/format/event.h"

enum { RULE_NUMBERS = 31 };

/* A list of numbers. */
struct rule_numbers {
    int items[RULE_NUMBERS];
    size_t count;
};

struct rule_parts {
    enum { DAILY, WEEKLY, MONTHLY, YEARLY } freq;
    uint32_t interval;
    uint32_t count;
    const char *until;
    unsigned weekdays; /* of BYDAY */
    size_t weekday_count;
    int week; /* of a BYDAY that is alone; 0 */
    struct rule_numbers month_days;
    struct rule_numbers months;
    struct rule_numbers positions;
    unsigned first;
};

/* Says what can be said in several ways in that which Exchange knows: every
 * Monday of every month is every Monday. */
void ical_rule_simplify(struct rule_parts *parts);

/* Whether a rule, but for its end, has the days of the pattern. */
bool ical_rule_has_days(struct arena *arena, const char *value,
                        const struct recurrence *rule);

#endif
