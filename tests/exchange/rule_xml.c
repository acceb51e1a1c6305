/*
 * rule_xml.c - recurrences in requests and answers
 */
#include "tests/exchange/series.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"

#define MAX_TIMES 999

static const char *const patterns[SIM_PATTERN_COUNT] = {
    [SIM_DAILY] = "DailyRecurrence",
    [SIM_WEEKLY] = "WeeklyRecurrence",
    [SIM_MONTHLY] = "AbsoluteMonthlyRecurrence",
    [SIM_MONTHLY_RELATIVE] = "RelativeMonthlyRecurrence",
    [SIM_YEARLY] = "AbsoluteYearlyRecurrence",
    [SIM_YEARLY_RELATIVE] = "RelativeYearlyRecurrence",
    [SIM_DAILY_REGENERATION] = "DailyRegeneration",
    [SIM_WEEKLY_REGENERATION] = "WeeklyRegeneration",
    [SIM_MONTHLY_REGENERATION] = "MonthlyRegeneration",
    [SIM_YEARLY_REGENERATION] = "YearlyRegeneration",
};

/* clang-format off */
static const struct {
    const char *name;
    unsigned mask;
} day_names[] = {
    { "Sunday", 1 },    { "Monday", 2 },  { "Tuesday", 4 },   { "Wednesday", 8 },
    { "Thursday", 16 }, { "Friday", 32 }, { "Saturday", 64 }, { "Day", 127 },
    { "Weekday", 62 },  { "WeekendDay", 65 },
};
/* clang-format on */

#define DAY_NAMES (sizeof day_names / sizeof *day_names)

static const char *const weeks[] = { "First", "Second", "Third", "Fourth",
                                     "Last" };
static const char *const months[] = { "January", "February", "March",
                                      "April",   "May",      "June",
                                      "July",    "August",   "September",
                                      "October", "November", "December" };

static int index_of(const char *const words[], int count, const char *word)
{
    for (int i = 0; i < count; i++)
        if (str_equal(words[i], word))
            return i;
    return -1;
}

/* --- Reading ------------------------------------------------------------- */

static unsigned read_days(const char *text)
{
    unsigned mask = 0;

    while (text != NULL && *text != '\0') {
        size_t len = strcspn(text, " \t\r\n");

        for (size_t i = 0; i < DAY_NAMES; i++)
            if (strlen(day_names[i].name) == len &&
                memcmp(day_names[i].name, text, len) == 0)
                mask |= day_names[i].mask;
        text += len + strspn(text + len, " \t\r\n");
    }
    return mask;
}

static int number(const struct node *node, const char *child, int otherwise)
{
    const char *text = node_text(node, child);

    return text == NULL ? otherwise : atoi(text);
}

/* xs:date, whatever zone it says. */
static int64_t read_date(const char *text)
{
    char date[sizeof "2024-01-01T00:00:00Z"] = "";
    int64_t time;

    if (text == NULL || strlen(text) < 10)
        return NO_DAY;
    memcpy(date, text, 10);
    strcpy(date + 10, "T00:00:00Z");
    time = time_from_iso(date);
    return time == TIME_NONE ? NO_DAY : time / 86400;
}

static const char *read_range(const struct node *range, struct sim_rule *rule)
{
    rule->begin = read_date(node_text(range, "StartDate"));
    if (rule->begin == NO_DAY)
        return "ErrorCalendarInvalidRecurrence";
    if (node_is(range, "EndDateRecurrence")) {
        rule->range = SIM_UNTIL;
        rule->until = read_date(node_text(range, "EndDate"));
        if (rule->until == NO_DAY || rule->until < rule->begin)
            return "ErrorCalendarEndDateIsEarlierThanStartDate";
    } else if (node_is(range, "NumberedRecurrence")) {
        rule->range = SIM_TIMES;
        rule->times = number(range, "NumberOfOccurrences", 0);
        if (rule->times < 1 || rule->times > MAX_TIMES)
            return "ErrorCalendarInvalidRecurrence";
    }
    return NULL;
}

static bool makes_sense(const struct sim_rule *rule)
{
    bool relative = rule->pattern == SIM_MONTHLY_RELATIVE ||
                    rule->pattern == SIM_YEARLY_RELATIVE;
    bool absolute = rule->pattern == SIM_MONTHLY || rule->pattern == SIM_YEARLY;
    bool yearly =
        rule->pattern == SIM_YEARLY || rule->pattern == SIM_YEARLY_RELATIVE;

    return rule->interval >= 1 && rule->interval <= 999 &&
           (!relative || (rule->week >= 1 && rule->weekdays != 0)) &&
           (!absolute || (rule->day >= 1 && rule->day <= 31)) &&
           (!yearly || rule->month >= 1) &&
           (rule->pattern != SIM_WEEKLY || rule->weekdays != 0);
}

const char *sim_rule_read(const struct node *recurrence, struct sim_rule *rule)
{
    const struct node *pattern = recurrence->children;
    const char *first = node_text(pattern, "FirstDayOfWeek");
    int index = pattern == NULL
                    ? -1
                    : index_of(patterns, SIM_PATTERN_COUNT, pattern->name);
    const char *code;

    if (index < 0 || pattern->next == NULL)
        return "ErrorCalendarInvalidRecurrence";
    *rule = (struct sim_rule){
        .pattern = (enum sim_pattern)index,
        .interval = number(pattern, "Interval", 1),
        .weekdays = read_days(node_text(pattern, "DaysOfWeek")),
        .week = index_of(weeks, 5, node_text(pattern, "DayOfWeekIndex")) + 1,
        .day = number(pattern, "DayOfMonth", 0),
        .month = index_of(months, 12, node_text(pattern, "Month")) + 1,
        .weeks_begin = first != NULL,
    };
    /* A week begins with Sunday unless it is said. */
    for (unsigned i = 0; i < 7; i++)
        if (str_equal(day_names[i].name, first))
            rule->first_weekday = i;
    code = read_range(pattern->next, rule);
    if (code == NULL && !makes_sense(rule))
        code = "ErrorCalendarInvalidRecurrence";
    if (code == NULL && sim_rule_next(rule, NO_DAY) == NO_DAY)
        code = "ErrorRecurrenceHasNoOccurrence";
    return code;
}

/* --- Writing ------------------------------------------------------------- */

static void put_date(struct buf *out, const char *element, int64_t day)
{
    int64_t year;
    unsigned month;
    unsigned number_of_day;

    time_civil_from_day(day, &year, &month, &number_of_day);
    buf_printf(out, "<t:%s>%04lld-%02u-%02uZ</t:%s>", element, (long long)year,
               month, number_of_day, element);
}

/* The days; as one word where that is `allowed` and there is one. */
static void put_days(struct buf *out, unsigned mask, bool allowed)
{
    const char *space = "";

    buf_puts(out, "<t:DaysOfWeek>");
    for (size_t i = 7; i < DAY_NAMES && allowed; i++)
        if (day_names[i].mask == mask) {
            buf_puts(out, day_names[i].name);
            mask = 0;
        }
    for (size_t i = 0; i < 7; i++)
        if (mask & day_names[i].mask) {
            buf_printf(out, "%s%s", space, day_names[i].name);
            space = " ";
        }
    buf_puts(out, "</t:DaysOfWeek>");
}

static void put_pattern(struct call *call, const struct sim_rule *rule)
{
    struct buf *out = &call->out;
    const char *name = patterns[rule->pattern];
    bool yearly =
        rule->pattern == SIM_YEARLY || rule->pattern == SIM_YEARLY_RELATIVE;

    buf_printf(out, "<t:%s>", name);
    if (!yearly)
        buf_printf(out, "<t:Interval>%d</t:Interval>", rule->interval);
    if (rule->pattern == SIM_WEEKLY)
        put_days(out, rule->weekdays, false);
    if (rule->pattern == SIM_WEEKLY && call->version >= SCHEMA_2010_SP1)
        buf_printf(out, "<t:FirstDayOfWeek>%s</t:FirstDayOfWeek>",
                   day_names[rule->first_weekday].name);
    if (rule->pattern == SIM_MONTHLY_RELATIVE ||
        rule->pattern == SIM_YEARLY_RELATIVE) {
        put_days(out, rule->weekdays, true);
        buf_printf(out, "<t:DayOfWeekIndex>%s</t:DayOfWeekIndex>",
                   weeks[rule->week - 1]);
    }
    if (rule->pattern == SIM_MONTHLY || rule->pattern == SIM_YEARLY)
        buf_printf(out, "<t:DayOfMonth>%d</t:DayOfMonth>", rule->day);
    if (yearly)
        buf_printf(out, "<t:Month>%s</t:Month>", months[rule->month - 1]);
    buf_printf(out, "</t:%s>", name);
}

void sim_rule_put(struct call *call, const char *element,
                  const struct sim_rule *rule)
{
    static const char *const ranges[] = {
        [SIM_FOREVER] = "NoEndRecurrence",
        [SIM_UNTIL] = "EndDateRecurrence",
        [SIM_TIMES] = "NumberedRecurrence",
    };
    struct buf *out = &call->out;

    buf_printf(out, "<t:%s>", element);
    put_pattern(call, rule);
    buf_printf(out, "<t:%s>", ranges[rule->range]);
    put_date(out, "StartDate", rule->begin);
    if (rule->range == SIM_UNTIL)
        put_date(out, "EndDate", rule->until);
    if (rule->range == SIM_TIMES)
        buf_printf(out, "<t:NumberOfOccurrences>%d</t:NumberOfOccurrences>",
                   rule->times);
    buf_printf(out, "</t:%s></t:%s>", ranges[rule->range], element);
}
