/*
 * zone_map.c - see zone_map.h
 *
 *     <t:StartTimeZone Id="..." Name="...">
 *         <t:Periods>
 *             <t:Period Bias="-PT60M" Name="Standard" Id="s"/>
 *             <t:Period Bias="-PT120M" Name="Daylight" Id="d"/>
 *         </t:Periods>
 *         <t:TransitionsGroups>
 *             <t:TransitionsGroup Id="0">
 *                 <t:RecurringDayTransition>
 *                     <t:To Kind="Period">d</t:To>
 *                     <t:TimeOffset>PT120M</t:TimeOffset>
 *                     <t:Month>3</t:Month>
 *                     <t:DayOfWeek>Sunday</t:DayOfWeek>
 *                     <t:Occurrence>-1</t:Occurrence>
 *                 </t:RecurringDayTransition> ...
 *         <t:Transitions>
 *             <t:Transition><t:To Kind="Group">0</t:To></t:Transition> ...
 *
 * A bias is what has to be added to a local time to get UTC.
 */
#include "proxy/exchange/ews/zone_map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/str.h"
#include "proxy/exchange/ews/fields.h"

/* --- Durations: "-PT1H30M" in seconds ------------------------------------- */

static int32_t seconds_of(const char *text)
{
    int64_t total = 0;
    int sign = 1;
    char *end;

    if (text == NULL)
        return 0;
    if (*text == '-') {
        sign = -1;
        text++;
    }
    text += strspn(text, "PT");
    while (*text >= '0' && *text <= '9') {
        long number = strtol(text, &end, 10);
        total += number * (*end == 'D'   ? 86400
                           : *end == 'H' ? 3600
                           : *end == 'M' ? 60
                                         : 1);
        if (total > 7 * 86400)
            return 0;
        text = end + strcspn(end, "0123456789");
    }
    return (int32_t)(sign * total);
}

static void duration_of(int32_t seconds, char out[24])
{
    snprintf(out, 24, "%sPT%dM", seconds < 0 ? "-" : "", abs(seconds) / 60);
}

/* --- Reading a definition ------------------------------------------------- */

static const struct xml_node *find_by_id(const struct xml_node *list,
                                         const char *id)
{
    if (list == NULL || id == NULL)
        return NULL;
    for (const struct xml_node *at = list->children; at != NULL; at = at->next)
        if (str_equal(xml_value(at, "Id"), id))
            return at;
    return NULL;
}

/* The group of rules that holds in the end: the last transition leads to it. */
static const struct xml_node *last_group(const struct xml_node *zone)
{
    const struct xml_node *transitions = xml_child(zone, "Transitions");
    const struct xml_node *groups = xml_child(zone, "TransitionsGroups");
    const char *id = NULL;

    if (transitions != NULL)
        for (const struct xml_node *at = transitions->children; at != NULL;
             at = at->next)
            if (str_equal(xml_value(xml_child(at, "To"), "Kind"), "Group"))
                id = xml_child_text(at, "To");
    const struct xml_node *group = find_by_id(groups, id);
    return group != NULL || groups == NULL ? group : groups->children;
}

/* The turn itself is told on the clock that ends. */
static void read_turn(const struct xml_node *node, struct zone_turn *turn)
{
    int32_t offset = seconds_of(xml_child_text(node, "TimeOffset"));
    int64_t occurrence = element_number(node, "Occurrence", 1);

    turn->month = (uint8_t)(element_number(node, "Month", 1) & 15);
    turn->day = (uint8_t)(element_number(node, "Day", 0) & 31);
    turn->week = occurrence < 1 || occurrence > 4 ? 5 : (uint8_t)occurrence;
    turn->weekday = (uint8_t)element_word(node, "DayOfWeek", word_days, 7, 0);
    turn->hour = (uint8_t)(offset / 3600 % 24);
    turn->minute = (uint8_t)(offset / 60 % 60);
}

static bool read_rules(const struct xml_node *zone, struct zone_rules *rules)
{
    const struct xml_node *group = last_group(zone);
    const struct xml_node *turns[2] = { NULL, NULL };
    int32_t offsets[2] = { 0, 0 };
    size_t count = 0;

    if (group == NULL)
        return false;
    for (const struct xml_node *at = group->children; at != NULL && count < 2;
         at = at->next) {
        const struct xml_node *period =
            find_by_id(xml_child(zone, "Periods"), xml_child_text(at, "To"));
        if (period == NULL)
            continue;
        turns[count] = at;
        offsets[count++] = -seconds_of(xml_value(period, "Bias"));
    }
    if (count == 0)
        return false;
    size_t summer = count == 2 && offsets[1] > offsets[0];
    size_t winter = count == 2 ? !summer : 0;
    rules->standard = offsets[winter];
    rules->daylight = offsets[summer];
    if (count == 2) {
        read_turn(turns[winter], &rules->to_standard);
        read_turn(turns[summer], &rules->to_daylight);
    }
    return true;
}

const struct zone *zone_read_definition(const struct xml_node *node)
{
    const char *id = xml_value(node, "Id");
    const char *name = xml_value(node, "Name");
    struct zone_rules rules = { 0 };
    const struct zone *zone = id != NULL ? zone_windows(id) : NULL;

    /* Of a zone that Windows does not know the id is as it was written. */
    if (zone == NULL && node != NULL && read_rules(node, &rules))
        zone = zone_from_rules(&rules, id);
    if (zone == NULL && name != NULL)
        zone = zone_windows(name);
    return zone;
}

/* --- Reading what Exchange 2007 has --------------------------------------- */

/* <t:Standard><t:Offset>PT0S</t:Offset><t:RelativeYearlyRecurrence>...
 * </t:RelativeYearlyRecurrence><t:Time>03:00:00</t:Time></t:Standard> */
static void read_half(const struct xml_node *node, struct zone_turn *turn)
{
    const struct xml_node *rule = xml_child(node, "RelativeYearlyRecurrence");
    const char *time = xml_child_text(node, "Time");
    const char *date = xml_child_text(node, "AbsoluteDate");
    unsigned hour = 0, minute = 0, month = 1, day = 0;

    if (time != NULL)
        sscanf(time, "%2u:%2u", &hour, &minute);
    turn->hour = (uint8_t)(hour % 24);
    turn->minute = (uint8_t)(minute % 60);
    turn->week =
        (uint8_t)(element_word(rule, "DayOfWeekIndex", word_weeks, 5, 0) + 1);
    turn->weekday = (uint8_t)element_word(rule, "DaysOfWeek", word_days, 7, 0);
    turn->month =
        (uint8_t)(element_word(rule, "Month", word_months, 12, 0) + 1);
    if (rule == NULL && date != NULL &&
        sscanf(date, "%*4u-%2u-%2u", &month, &day) == 2) {
        turn->month = (uint8_t)month;
        turn->day = (uint8_t)day;
    }
}

const struct zone *zone_read_meeting(const struct xml_node *node)
{
    const char *name = xml_value(node, "TimeZoneName");
    const struct zone *zone = name != NULL ? zone_windows(name) : NULL;
    const char *bias = xml_child_text(node, "BaseOffset");
    const struct xml_node *winter = xml_child(node, "Standard");
    const struct xml_node *summer = xml_child(node, "Daylight");
    struct zone_rules rules = { 0 };

    if (zone != NULL || bias == NULL)
        return zone;
    rules.standard =
        -seconds_of(bias) - seconds_of(xml_child_text(winter, "Offset"));
    rules.daylight = rules.standard;
    if (winter != NULL && summer != NULL) {
        rules.daylight =
            -seconds_of(bias) - seconds_of(xml_child_text(summer, "Offset"));
        read_half(winter, &rules.to_standard);
        read_half(summer, &rules.to_daylight);
    }
    return zone_from_rules(&rules, NULL);
}

/* --- Writing -------------------------------------------------------------- */

static struct zone_rules rules_at(const struct zone *zone, int64_t instant)
{
    return zone_rules(zone, zone_civil(zone, instant).year);
}

static void write_period(struct xml_writer *writer, const char *name,
                         int32_t offset)
{
    char bias[24];

    duration_of(-offset, bias);
    xml_open(writer, "t:Period");
    xml_attribute(writer, "Bias", bias);
    xml_attribute(writer, "Name", name);
    xml_attribute(writer, "Id", name);
    xml_close(writer);
}

static void write_to(struct xml_writer *writer, const char *kind,
                     const char *id)
{
    xml_open(writer, "t:To");
    xml_attribute(writer, "Kind", kind);
    xml_text(writer, id);
    xml_close(writer);
}

static void write_turn(struct xml_writer *writer, const char *period,
                       const struct zone_turn *turn)
{
    char offset[24];

    duration_of(turn->hour * 3600 + turn->minute * 60, offset);
    xml_open(writer, turn->day != 0 ? "t:RecurringDateTransition"
                                    : "t:RecurringDayTransition");
    write_to(writer, "Period", period);
    xml_element(writer, "t:TimeOffset", offset);
    fields_number(writer, "t:Month", turn->month);
    if (turn->day != 0) {
        fields_number(writer, "t:Day", turn->day);
    } else {
        xml_element(writer, "t:DayOfWeek", word_days[turn->weekday % 7]);
        fields_number(writer, "t:Occurrence",
                      turn->week >= 5 ? -1 : turn->week);
    }
    xml_close(writer);
}

static void write_transition(struct xml_writer *writer, const char *kind,
                             const char *id)
{
    xml_open(writer, "t:Transition");
    write_to(writer, kind, id);
    xml_close(writer);
}

static void write_rules(struct xml_writer *writer,
                        const struct zone_rules *rules)
{
    bool turns = rules->daylight != rules->standard;

    xml_open(writer, "t:Periods");
    write_period(writer, "Standard", rules->standard);
    if (turns)
        write_period(writer, "Daylight", rules->daylight);
    xml_close(writer);
    xml_open(writer, "t:TransitionsGroups");
    xml_open(writer, "t:TransitionsGroup");
    xml_attribute(writer, "Id", "0");
    if (turns) {
        write_turn(writer, "Daylight", &rules->to_daylight);
        write_turn(writer, "Standard", &rules->to_standard);
    } else {
        write_transition(writer, "Period", "Standard");
    }
    xml_close(writer);
    xml_close(writer);
    xml_open(writer, "t:Transitions");
    write_transition(writer, "Group", "0");
    xml_close(writer);
}

void zone_write_definition(struct soap_request *request, const char *element,
                           const struct zone *zone, int64_t instant)
{
    struct xml_writer *writer = &request->writer;
    const char *name = zone_windows_name(zone);
    struct zone_rules rules;

    xml_open(writer, element);
    xml_attribute(writer, "Id", name != NULL ? name : zone_name(zone));
    if (name == NULL) {
        xml_attribute(writer, "Name", zone_name(zone));
        rules = rules_at(zone, instant);
        write_rules(writer, &rules);
    }
    xml_close(writer);
}

static void write_half(struct xml_writer *writer, const char *element,
                       int32_t offset, const struct zone_turn *turn)
{
    char text[24], time[16];

    duration_of(offset, text);
    snprintf(time, sizeof time, "%02u:%02u:00", turn->hour, turn->minute);
    xml_open(writer, element);
    xml_element(writer, "t:Offset", text);
    xml_open(writer, "t:RelativeYearlyRecurrence");
    xml_element(writer, "t:DaysOfWeek", word_days[turn->weekday % 7]);
    xml_element(
        writer, "t:DayOfWeekIndex",
        word_weeks[turn->week >= 1 && turn->week <= 4 ? turn->week - 1 : 4]);
    xml_element(writer, "t:Month", word_months[(turn->month + 11) % 12]);
    xml_close(writer);
    xml_element(writer, "t:Time", time);
    xml_close(writer);
}

void zone_write_meeting(struct soap_request *request, const struct zone *zone,
                        int64_t instant)
{
    struct xml_writer *writer = &request->writer;
    const char *name = zone_windows_name(zone);
    struct zone_rules rules = rules_at(zone, instant);
    char bias[24];

    xml_open(writer, "t:MeetingTimeZone");
    if (name != NULL) {
        xml_attribute(writer, "TimeZoneName", name);
    } else {
        duration_of(-rules.standard, bias);
        xml_element(writer, "t:BaseOffset", bias);
        if (rules.daylight != rules.standard) {
            write_half(writer, "t:Standard", 0, &rules.to_standard);
            write_half(writer, "t:Daylight", rules.standard - rules.daylight,
                       &rules.to_daylight);
        }
    }
    xml_close(writer);
}
