/*
 * timezone_xml.c - time zones in requests and answers
 *
 * From 2010 on a zone is named, or spelt out: periods with a bias, groups of
 * the transitions of a year, and which group holds from when on.  2007 has a
 * base offset and two changes.  A bias is what is to be added to get UTC.
 */
#include "tests/exchange/timezone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "tests/exchange/call.h"
#include "tests/exchange/node.h"

static const char *const weekdays[] = { "Sunday",    "Monday",   "Tuesday",
                                        "Wednesday", "Thursday", "Friday",
                                        "Saturday",  NULL };
static const char *const months[] = {
    "January", "February",  "March",   "April",    "May",      "June", "July",
    "August",  "September", "October", "November", "December", NULL
};
static const char *const weeks[] = { "First",  "Second", "Third",
                                     "Fourth", "Last",   NULL };

static int index_of(const char *const words[], const char *word)
{
    for (int i = 0; words[i] != NULL; i++)
        if (str_equal(words[i], word))
            return i;
    return -1;
}

/* xs:duration of hours, minutes and seconds. */
static int32_t duration(const char *text)
{
    int32_t sign = 1;
    int32_t total = 0;

    if (text == NULL)
        return 0;
    if (*text == '-') {
        sign = -1;
        text++;
    }
    while (*text != '\0') {
        char *end;
        long number = strtol(text, &end, 10);

        if (end == text) {
            text++;
            continue;
        }
        total += (int32_t)number * (*end == 'D'   ? 86400
                                    : *end == 'H' ? 3600
                                    : *end == 'M' ? 60
                                                  : 1);
        text = end + (*end == '\0' ? 0 : 1);
    }
    return sign * total;
}

static void put_duration(struct buf *out, int32_t seconds)
{
    int32_t minutes = abs(seconds) / 60;

    buf_printf(out, "%sPT%dH%dM%dS", seconds < 0 ? "-" : "", minutes / 60,
               minutes % 60, abs(seconds) % 60);
}

/* --- Definitions --------------------------------------------------------- */

static const struct node *period(const struct node *definition, const char *id)
{
    const struct node *at = node_path(definition, "Periods");

    for (at = at == NULL ? NULL : at->children; at != NULL; at = at->next)
        if (str_equal(node_attribute(at, "Id"), id))
            return at;
    return NULL;
}

/* The group that holds in the end. */
static const struct node *last_group(const struct node *definition)
{
    const struct node *at = node_path(definition, "Transitions");
    const struct node *groups = node_path(definition, "TransitionsGroups");
    const char *id = NULL;

    for (at = at == NULL ? NULL : at->children; at != NULL; at = at->next)
        id = node_text(at, "To");
    for (at = groups == NULL ? NULL : groups->children; at != NULL;
         at = at->next)
        if (id == NULL || str_equal(node_attribute(at, "Id"), id))
            return at;
    return NULL;
}

static struct sim_zone_change read_transition(const struct node *node)
{
    struct sim_zone_change change = { .time = duration(
                                          node_text(node, "TimeOffset")) };
    const char *month = node_text(node, "Month");
    const char *day = node_text(node, "Day");
    const char *week = node_text(node, "Occurrence");

    change.month = month == NULL ? 1 : (unsigned)atoi(month);
    if (day != NULL) {
        change.day = (unsigned)atoi(day);
        return change;
    }
    change.week = week == NULL ? 1 : atoi(week);
    if (change.week < 1 || change.week > 5)
        change.week = 5;
    change.weekday =
        (unsigned)index_of(weekdays, node_text(node, "DayOfWeek")) % 7;
    return change;
}

static bool is_daylight(const struct node *period_node)
{
    const char *id = node_attribute(period_node, "Id");
    const char *name = node_attribute(period_node, "Name");

    return (id != NULL && strcasestr(id, "daylight") != NULL) ||
           (name != NULL && strcasestr(name, "daylight") != NULL);
}

static const struct sim_zone *custom(struct arena *arena,
                                     const struct node *definition)
{
    const struct node *group = last_group(definition);
    const struct node *at = node_path(definition, "Periods/Period");
    struct sim_zone *zone = arena_alloc(arena, sizeof *zone);
    const char *id = node_attribute(definition, "Id");
    const char *name = node_attribute(definition, "Name");

    zone->id = id == NULL ? "tzone://Microsoft/Custom" : id;
    zone->name = name == NULL ? "" : name;
    zone->standard = zone->daylight = -duration(node_attribute(at, "Bias"));
    for (at = group == NULL ? NULL : group->children; at != NULL;
         at = at->next) {
        const struct node *to = period(definition, node_text(at, "To"));
        int32_t offset = -duration(node_attribute(to, "Bias"));

        if (to == NULL || node_child(at, "Month") == NULL)
            continue;
        if (is_daylight(to)) {
            zone->daylight = offset;
            zone->to_daylight = read_transition(at);
        } else {
            zone->standard = offset;
            zone->to_standard = read_transition(at);
        }
    }
    if (zone->to_daylight.month == 0 || zone->to_standard.month == 0)
        zone->daylight = zone->standard;
    return zone;
}

const struct sim_zone *sim_zone_of(struct arena *arena,
                                   const struct node *definition)
{
    const struct sim_zone *known =
        sim_zone_find(node_attribute(definition, "Id"));

    if (known != NULL && node_path(definition, "Transitions") == NULL)
        return known;
    return node_path(definition, "Periods/Period") == NULL
               ? NULL
               : custom(arena, definition);
}

static void put_transition(struct buf *out, const char *to,
                           const struct sim_zone_change *change)
{
    buf_printf(out, "<t:%s><t:To Kind=\"Period\">%s</t:To><t:TimeOffset>",
               change->week == 0 ? "RecurringDateTransition"
                                 : "RecurringDayTransition",
               to);
    put_duration(out, change->time);
    buf_printf(out, "</t:TimeOffset><t:Month>%u</t:Month>", change->month);
    if (change->week == 0)
        buf_printf(out, "<t:Day>%u</t:Day></t:RecurringDateTransition>",
                   change->day);
    else
        buf_printf(out,
                   "<t:DayOfWeek>%s</t:DayOfWeek><t:Occurrence>%d"
                   "</t:Occurrence></t:RecurringDayTransition>",
                   weekdays[change->weekday],
                   change->week == 5 ? -1 : change->week);
}

static void put_period(struct buf *out, int32_t offset, const char *name)
{
    buf_puts(out, "<t:Period Bias=\"");
    put_duration(out, -offset);
    buf_printf(out, "\" Name=\"%s\" Id=\"trule:Postern/%s\"/>", name, name);
}

void sim_zone_put(struct buf *out, const char *element,
                  const struct sim_zone *zone, bool full)
{
    bool changes = zone->standard != zone->daylight;

    buf_printf(out, "<%s Id=\"", element);
    put_text(out, zone->id);
    buf_puts(out, "\" Name=\"");
    put_text(out, zone->name);
    if (!full) {
        buf_puts(out, "\"/>");
        return;
    }
    buf_puts(out, "\"><t:Periods>");
    put_period(out, zone->standard, "Standard");
    if (changes)
        put_period(out, zone->daylight, "Daylight");
    buf_puts(out, "</t:Periods><t:TransitionsGroups>"
                  "<t:TransitionsGroup Id=\"0\">");
    if (changes) {
        put_transition(out, "trule:Postern/Daylight", &zone->to_daylight);
        put_transition(out, "trule:Postern/Standard", &zone->to_standard);
    } else {
        buf_puts(out, "<t:Transition><t:To Kind=\"Period\">"
                      "trule:Postern/Standard</t:To></t:Transition>");
    }
    buf_printf(out,
               "</t:TransitionsGroup></t:TransitionsGroups><t:Transitions>"
               "<t:Transition><t:To Kind=\"Group\">0</t:To></t:Transition>"
               "</t:Transitions></%s>",
               element);
}

/* --- MeetingTimeZone ----------------------------------------------------- */

static struct sim_zone_change read_change(const struct node *node)
{
    const struct node *day = node_child(node, "RelativeYearlyRecurrence");
    const char *date = node_text(node, "AbsoluteDate");
    const char *time = node_text(node, "Time");
    struct sim_zone_change change = { .month = 1, .week = 0, .day = 1 };
    unsigned hours = 0;
    unsigned minutes = 0;

    if (time != NULL && sscanf(time, "%u:%u", &hours, &minutes) == 2)
        change.time = (int32_t)(hours * 3600 + minutes * 60);
    if (day != NULL) {
        change.weekday =
            (unsigned)index_of(weekdays, node_text(day, "DaysOfWeek")) % 7;
        change.week = index_of(weeks, node_text(day, "DayOfWeekIndex")) + 1;
        change.month = (unsigned)index_of(months, node_text(day, "Month")) + 1;
    } else if (date != NULL) {
        sscanf(date, "%*d-%u-%u", &change.month, &change.day);
    }
    return change;
}

const struct sim_zone *sim_zone_of_meeting(struct arena *arena,
                                           const struct node *node)
{
    const char *name = node_attribute(node, "TimeZoneName");
    const struct node *standard = node_child(node, "Standard");
    const struct node *daylight = node_child(node, "Daylight");
    struct sim_zone *zone;
    int32_t base;

    if (node_child(node, "BaseOffset") == NULL)
        return sim_zone_find(name);
    zone = arena_alloc(arena, sizeof *zone);
    base = -duration(node_text(node, "BaseOffset"));
    zone->id = name == NULL ? "" : name;
    zone->name = zone->id;
    zone->standard = zone->daylight =
        base - duration(node_text(standard, "Offset"));
    if (standard != NULL && daylight != NULL) {
        zone->daylight = base - duration(node_text(daylight, "Offset"));
        zone->to_daylight = read_change(daylight);
        zone->to_standard = read_change(standard);
    }
    return zone;
}

static void put_change(struct buf *out, const char *element, int32_t offset,
                       const struct sim_zone_change *change)
{
    buf_printf(out, "<t:%s TimeZoneName=\"%s\"><t:Offset>", element, element);
    put_duration(out, offset);
    buf_puts(out, "</t:Offset>");
    if (change->week == 0)
        buf_printf(out, "<t:AbsoluteDate>2000-%02u-%02u</t:AbsoluteDate>",
                   change->month, change->day);
    else
        buf_printf(out,
                   "<t:RelativeYearlyRecurrence><t:DaysOfWeek>%s</t:DaysOfWeek>"
                   "<t:DayOfWeekIndex>%s</t:DayOfWeekIndex><t:Month>%s"
                   "</t:Month></t:RelativeYearlyRecurrence>",
                   weekdays[change->weekday], weeks[change->week - 1],
                   months[change->month - 1]);
    buf_printf(out, "<t:Time>%02d:%02d:00</t:Time></t:%s>", change->time / 3600,
               change->time / 60 % 60, element);
}

void sim_zone_put_meeting(struct buf *out, const struct sim_zone *zone)
{
    buf_puts(out, "<t:MeetingTimeZone TimeZoneName=\"");
    put_text(out, *zone->id != '\0' ? zone->id : zone->name);
    buf_puts(out, "\"><t:BaseOffset>");
    put_duration(out, -zone->standard);
    buf_puts(out, "</t:BaseOffset>");
    if (zone->standard != zone->daylight) {
        put_change(out, "Standard", 0, &zone->to_standard);
        put_change(out, "Daylight", zone->standard - zone->daylight,
                   &zone->to_daylight);
    }
    buf_puts(out, "</t:MeetingTimeZone>");
}
