/*
 * ical_rule_simplify.c - rules said in the fewest words
 *
 * Programs let their users choose from all that iCalendar has, and write down
 * what was chosen: "every Monday of the month", "yearly, in January, April,
 * July and October".  Exchange has a pattern for these as well, under another
 * name.
 */
#include "proxy/format/ical_rule_private.h"

enum { MONTHS = 12 };

/* Days of the week that are not counted within a month or year. */
static bool has_plain_days(const struct rule_parts *parts)
{
    return parts->weekday_count > 0 && parts->week == 0 &&
           parts->month_days.count == 0 && parts->positions.count == 0;
}

/* How far the months are from each other where they are all equally far, over
 * the turn of the year, too; 0. */
static uint32_t distance_of(const struct rule_numbers *months)
{
    unsigned set = 0;
    for (size_t i = 0; i < months->count; i++)
        if (months->items[i] >= 1 && months->items[i] <= MONTHS)
            set |= 1u << (months->items[i] - 1);
    for (uint32_t step = 1; step < MONTHS; step++)
        for (unsigned first = 0; MONTHS % step == 0 && first < step; first++) {
            unsigned all = 0;
            for (unsigned month = first; month < MONTHS; month += step)
                all |= 1u << month;
            if (all == set)
                return step;
        }
    return 0;
}

/* Months that come again and again are an interval; one of them is a year. */
static void simplify_months(struct rule_parts *parts)
{
    uint32_t distance = distance_of(&parts->months);
    if (distance == 1 && parts->freq != YEARLY) {
        parts->months.count = 0;
    } else if (distance != 0 && parts->freq >= MONTHLY &&
               parts->interval == 1) {
        parts->freq = MONTHLY;
        parts->interval = distance;
        parts->months.count = 0;
    } else if (parts->freq == MONTHLY && parts->interval == 1 &&
               parts->months.count == 1) {
        parts->freq = YEARLY;
    }
}

/* The second Monday of a year is that of January, its last one is December's.
 * Programs do not agree on what a day of the month is without a month. */
static void simplify_year(struct rule_parts *parts)
{
    if (parts->week != -1 && (parts->week < 1 || parts->week > 4))
        return;
    parts->months.items[0] = parts->week == -1 ? MONTHS : 1;
    parts->months.count = 1;
}

void ical_rule_simplify(struct rule_parts *parts)
{
    if (parts->months.count > 0)
        simplify_months(parts);
    if (parts->freq >= MONTHLY && parts->interval == 1 &&
        parts->months.count == 0 && has_plain_days(parts))
        parts->freq = WEEKLY;
    if (parts->freq == YEARLY && parts->months.count == 0)
        simplify_year(parts);
}
