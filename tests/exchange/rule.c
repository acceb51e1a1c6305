/*
 * rule.c - the days of a recurrence
 *
 * Days are tried one after the other: a rule then is one question, and the
 * longest series is a few ten thousand days.
 */
#include "tests/exchange/series.h"

#include "proxy/base/time.h"

/* The first day that Exchange has no dates for: 4500-09-01. */
#define END_OF_DATES 924301
#define MANY_DAYS (366 * 120)

static unsigned weekday_of(int64_t day)
{
    return (unsigned)(((day + 4) % 7 + 7) % 7);
}

struct date {
    int64_t year;
    unsigned month;
    unsigned day;
    unsigned length; /* of the month */
};

static struct date date_of(int64_t day)
{
    struct date date;

    time_civil_from_day(day, &date.year, &date.month, &date.day);
    date.length = (unsigned)(time_day_from_civil(date.year + (date.month == 12),
                                                 date.month % 12 + 1, 1) -
                             time_day_from_civil(date.year, date.month, 1));
    return date;
}

static int64_t months_of(const struct date *date)
{
    return date->year * 12 + (int64_t)date->month - 1;
}

static bool has_weekday(const struct sim_rule *rule, int64_t day)
{
    return rule->weekdays & 1u << weekday_of(day);
}

static bool fits_weekly(const struct sim_rule *rule, int64_t day)
{
    int64_t start =
        rule->begin - (weekday_of(rule->begin) + 7 - rule->first_weekday) % 7;

    return has_weekday(rule, day) && (day - start) / 7 % rule->interval == 0;
}

/* The second Tuesday, the last weekday. */
static bool fits_week(const struct sim_rule *rule, int64_t day,
                      const struct date *date)
{
    int64_t first = day - date->day + 1;
    int before = 0;
    int after = 0;

    if (!has_weekday(rule, day))
        return false;
    for (int64_t at = first; at < first + date->length; at++) {
        before += at < day && has_weekday(rule, at);
        after += at > day && has_weekday(rule, at);
    }
    return rule->week == 5 ? after == 0 : before == rule->week - 1;
}

static bool fits_day(const struct sim_rule *rule, const struct date *date)
{
    unsigned wanted = (unsigned)rule->day;

    return date->day == (wanted < date->length ? wanted : date->length);
}

bool sim_rule_fits(const struct sim_rule *rule, int64_t day)
{
    struct date date = date_of(day);
    struct date begin = date_of(rule->begin);
    bool month = (months_of(&date) - months_of(&begin)) % rule->interval == 0;

    if (day < rule->begin)
        return false;
    switch (rule->pattern) {
    case SIM_DAILY:
        return (day - rule->begin) % rule->interval == 0;
    case SIM_WEEKLY:
        return fits_weekly(rule, day);
    case SIM_MONTHLY:
        return month && fits_day(rule, &date);
    case SIM_MONTHLY_RELATIVE:
        return month && fits_week(rule, day, &date);
    case SIM_YEARLY:
        return date.month == (unsigned)rule->month && fits_day(rule, &date);
    case SIM_YEARLY_RELATIVE:
        return date.month == (unsigned)rule->month &&
               fits_week(rule, day, &date);
    default:
        return day == rule->begin;
    }
}

/* Without a look at how often. */
static int64_t next_fitting(const struct sim_rule *rule, int64_t day)
{
    int64_t at = day == NO_DAY || day < rule->begin ? rule->begin : day + 1;
    int64_t end = at + MANY_DAYS;

    for (; at < end && at < END_OF_DATES; at++) {
        if (rule->range == SIM_UNTIL && at > rule->until)
            return NO_DAY;
        if (sim_rule_fits(rule, at))
            return at;
    }
    return NO_DAY;
}

int sim_rule_number(const struct sim_rule *rule, int64_t day)
{
    int number = 0;

    for (int64_t at = next_fitting(rule, NO_DAY); at != NO_DAY && at <= day;
         at = next_fitting(rule, at)) {
        number++;
        if (rule->range == SIM_TIMES && number > rule->times)
            return 0;
        if (at == day)
            return number;
    }
    return 0;
}

int64_t sim_rule_nth(const struct sim_rule *rule, int number)
{
    int64_t at = NO_DAY;

    if (number < 1 || (rule->range == SIM_TIMES && number > rule->times))
        return NO_DAY;
    for (int i = 0; i < number; i++)
        if ((at = next_fitting(rule, at)) == NO_DAY)
            return NO_DAY;
    return at;
}

int64_t sim_rule_next(const struct sim_rule *rule, int64_t day)
{
    int64_t next = next_fitting(rule, day);

    if (next != NO_DAY && rule->range == SIM_TIMES &&
        sim_rule_number(rule, next) == 0)
        return NO_DAY;
    return next;
}

int64_t sim_rule_last(const struct sim_rule *rule)
{
    int64_t last = NO_DAY;

    if (rule->range == SIM_TIMES)
        return sim_rule_nth(rule, rule->times);
    for (int64_t at = next_fitting(rule, NO_DAY);
         rule->range == SIM_UNTIL && at != NO_DAY; at = next_fitting(rule, at))
        last = at;
    return last;
}
