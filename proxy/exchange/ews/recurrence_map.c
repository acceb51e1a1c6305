/*
 * recurrence_map.c - see recurrence_map.h
 *
 *     <t:Recurrence>
 *         <t:WeeklyRecurrence>
 *             <t:Interval>1</t:Interval>
 *             <t:DaysOfWeek>Monday Wednesday</t:DaysOfWeek>
 *         </t:WeeklyRecurrence>
 *         <t:NumberedRecurrence>
 *             <t:StartDate>2024-05-06</t:StartDate>
 *             <t:NumberOfOccurrences>10</t:NumberOfOccurrences>
 *         </t:NumberedRecurrence>
 *     </t:Recurrence>
 */
#include "proxy/exchange/ews/recurrence_map.h"

#include <stdio.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/ews/fields.h"

#define WORKDAYS 0x3eu
#define WEEKEND 0x41u
#define EVERY_DAY 0x7fu

enum {
    INTERVAL = 1,
    DAYS = 2, /* one or several days of the week */
    FIRST = 4,
    WEEK = 8,
    DAY = 16,
    MONTH = 32
};

/* clang-format off */
static const struct shape {
    const char *name, *element;
    enum recurrence_pattern pattern;
    unsigned parts; /* in this order */
} shapes[] = {
    { "DailyRecurrence",           "t:DailyRecurrence",           REPEAT_DAILY,            INTERVAL },
    { "WeeklyRecurrence",          "t:WeeklyRecurrence",          REPEAT_WEEKLY,           INTERVAL | DAYS | FIRST },
    { "AbsoluteMonthlyRecurrence", "t:AbsoluteMonthlyRecurrence", REPEAT_MONTHLY_DAY,      INTERVAL | DAY },
    { "RelativeMonthlyRecurrence", "t:RelativeMonthlyRecurrence", REPEAT_MONTHLY_WEEKDAY,  INTERVAL | DAYS | WEEK },
    { "AbsoluteYearlyRecurrence",  "t:AbsoluteYearlyRecurrence",  REPEAT_YEARLY_DAY,       DAY | MONTH },
    { "RelativeYearlyRecurrence",  "t:RelativeYearlyRecurrence",  REPEAT_YEARLY_WEEKDAY,   DAYS | WEEK | MONTH },
    { "DailyRegeneration",         "t:DailyRegeneration",         REGENERATE_DAILY,        INTERVAL },
    { "WeeklyRegeneration",        "t:WeeklyRegeneration",        REGENERATE_WEEKLY,       INTERVAL },
    { "MonthlyRegeneration",       "t:MonthlyRegeneration",       REGENERATE_MONTHLY,      INTERVAL },
    { "YearlyRegeneration",        "t:YearlyRegeneration",        REGENERATE_YEARLY,       INTERVAL },
};

/* Several days that have one name. */
static const struct {
    const char *name;
    unsigned days;
} groups[] = {
    { "Day",        EVERY_DAY },
    { "Weekday",    WORKDAYS },
    { "WeekendDay", WEEKEND },
};
/* clang-format on */

/* --- Reading -------------------------------------------------------------- */

static unsigned read_days(struct arena *arena, const char *text)
{
    char **words = str_split(arena, text != NULL ? text : "", " \t\r\n");
    unsigned days = 0;

    for (; *words != NULL; words++) {
        int day = word_find(word_days, 7, *words);
        if (day >= 0)
            days |= 1u << day;
        for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
            if (strcmp(groups[i].name, *words) == 0)
                days |= groups[i].days;
    }
    return days;
}

static void read_pattern(struct arena *arena, const struct xml_node *node,
                         const struct shape *shape,
                         struct recurrence *recurrence)
{
    int64_t interval = element_number(node, "Interval", 1);
    int64_t day = element_number(node, "DayOfMonth", 0);
    int week = element_word(node, "DayOfWeekIndex", word_weeks, 5, 0);

    recurrence->pattern = shape->pattern;
    recurrence->interval =
        interval > 0 && interval <= 9999 ? (uint32_t)interval : 1;
    recurrence->weekdays = read_days(arena, xml_child_text(node, "DaysOfWeek"));
    recurrence->week = shape->parts & WEEK ? (week == 4 ? -1 : week + 1) : 0;
    recurrence->day = day > 0 && day <= 31 ? (unsigned)day : 0;
    recurrence->month =
        (unsigned)(element_word(node, "Month", word_months, 12, -1) + 1);
    recurrence->first =
        (unsigned)element_word(node, "FirstDayOfWeek", word_days, 7, 0);
}

static struct when day_of(const struct xml_node *node, const char *name)
{
    int64_t date = element_date(node, name);

    if (date == TIME_NONE)
        return (struct when){ .kind = WHEN_NONE };
    return (struct when){ .kind = WHEN_DATE, .instant = date };
}

/* NoEndRecurrence, EndDateRecurrence or NumberedRecurrence */
static void read_range(const struct xml_node *node,
                       struct recurrence *recurrence)
{
    int64_t count = element_number(node, "NumberOfOccurrences", 0);

    recurrence->begin = day_of(node, "StartDate");
    recurrence->until = day_of(node, "EndDate");
    recurrence->count = count > 0 && count < UINT32_MAX ? (uint32_t)count : 0;
}

static const struct shape *shape_of(const struct xml_node *node)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (strcmp(shapes[i].name, node->name) == 0)
            return &shapes[i];
    return NULL;
}

const struct recurrence *recurrence_read(struct arena *arena,
                                         const struct xml_node *node)
{
    struct recurrence *recurrence = arena_alloc(arena, sizeof *recurrence);
    bool found = false;

    if (node == NULL)
        return NULL;
    for (const struct xml_node *at = node->children; at != NULL;
         at = at->next) {
        const struct shape *shape = shape_of(at);
        if (shape != NULL)
            read_pattern(arena, at, shape, recurrence);
        else
            read_range(at, recurrence);
        found |= shape != NULL;
    }
    return found ? recurrence : NULL;
}

/* --- Writing -------------------------------------------------------------- */

static void write_days(struct xml_writer *writer, unsigned days, bool relative)
{
    char text[80] = "";

    for (size_t i = 0; relative && i < sizeof groups / sizeof *groups; i++)
        if (groups[i].days == days) {
            xml_element(writer, "t:DaysOfWeek", groups[i].name);
            return;
        }
    for (size_t i = 0; i < 7; i++)
        if (days & 1u << i) {
            size_t len = strlen(text);
            snprintf(text + len, sizeof text - len, "%s%s", len > 0 ? " " : "",
                     word_days[i]);
        }
    xml_element(writer, "t:DaysOfWeek", text);
}

static void write_date(struct xml_writer *writer, const char *element,
                       const struct when *day)
{
    char text[sizeof "-2147483648-01-01T00:00:00Z"];

    time_to_iso(day->instant, text);
    text[strcspn(text, "T")] = '\0';
    xml_element(writer, element, text);
}

static void write_pattern(struct soap_request *request,
                          const struct recurrence *recurrence,
                          const struct shape *shape)
{
    struct xml_writer *writer = &request->writer;
    int week = recurrence->week;

    xml_open(writer, shape->element);
    if (shape->parts & INTERVAL)
        fields_number(writer, "t:Interval", recurrence->interval);
    if (shape->parts & DAYS)
        write_days(writer, recurrence->weekdays, shape->parts & WEEK);
    if ((shape->parts & FIRST) && request->version >= EWS_2010_SP1)
        xml_element(writer, "t:FirstDayOfWeek",
                    word_days[recurrence->first % 7]);
    if (shape->parts & WEEK)
        xml_element(writer, "t:DayOfWeekIndex",
                    word_weeks[week >= 1 && week <= 4 ? week - 1 : 4]);
    if (shape->parts & DAY)
        fields_number(writer, "t:DayOfMonth", recurrence->day);
    if (shape->parts & MONTH)
        xml_element(writer, "t:Month",
                    word_months[(recurrence->month + 11) % 12]);
    xml_close(writer);
}

static void write_range(struct xml_writer *writer,
                        const struct recurrence *recurrence)
{
    bool until = recurrence->until.kind != WHEN_NONE;

    xml_open(writer, recurrence->count > 0 ? "t:NumberedRecurrence"
                     : until               ? "t:EndDateRecurrence"
                                           : "t:NoEndRecurrence");
    write_date(writer, "t:StartDate", &recurrence->begin);
    if (recurrence->count > 0)
        fields_number(writer, "t:NumberOfOccurrences", recurrence->count);
    else if (until)
        write_date(writer, "t:EndDate", &recurrence->until);
    xml_close(writer);
}

/* Exchange knows no years between: every second year is every 24th month. */
static struct recurrence without_years(const struct recurrence *recurrence)
{
    struct recurrence same = *recurrence;

    if (same.interval == 0)
        same.interval = 1;
    if (same.interval > 1 && (same.pattern == REPEAT_YEARLY_DAY ||
                              same.pattern == REPEAT_YEARLY_WEEKDAY)) {
        same.interval *= 12;
        same.pattern = same.pattern == REPEAT_YEARLY_DAY
                           ? REPEAT_MONTHLY_DAY
                           : REPEAT_MONTHLY_WEEKDAY;
    }
    return same;
}

bool recurrence_fits(enum ews_version version,
                     const struct recurrence *recurrence)
{
    if (version >= EWS_2010_SP1 || recurrence == NULL ||
        recurrence->pattern != REPEAT_WEEKLY || recurrence->interval < 2)
        return true;
    /* These are in another week; all of them together are as before. */
    unsigned moved = recurrence->weekdays & ((1u << recurrence->first % 7) - 1);
    return moved == 0 || moved == recurrence->weekdays;
}

void recurrence_write(struct soap_request *request,
                      const struct recurrence *recurrence)
{
    struct recurrence same = without_years(recurrence);

    xml_open(&request->writer, "t:Recurrence");
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (shapes[i].pattern == same.pattern)
            write_pattern(request, &same, &shapes[i]);
    write_range(&request->writer, &same);
    xml_close(&request->writer);
}
