/*
 * calendar_put.c - elements of events that are more than their text
 */
#include "tests/exchange/calendar.h"
#include "tests/exchange/calendar_fields.h"

#include <stdio.h>
#include <stdlib.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/series.h"

/* --- People -------------------------------------------------------------- */

static void put_mailbox(struct call *call, const char *name,
                        const char *address)
{
    buf_puts(&call->out, "<t:Mailbox>");
    put_element(&call->out, "t:Name", *name != '\0' ? name : address);
    put_element(&call->out, "t:EmailAddress", address);
    buf_puts(&call->out, "<t:RoutingType>SMTP</t:RoutingType>");
    if (call->version >= SCHEMA_2010_SP1)
        put_element(&call->out, "t:MailboxType",
                    sim_mailbox_find(call->exchange, address) != NULL
                        ? "Mailbox"
                        : "OneOff");
    buf_puts(&call->out, "</t:Mailbox>");
}

void event_put_organizer(struct call *call, const struct field *field,
                         struct sim_item *item)
{
    const struct sim_mailbox *owner = item->folder->mailbox;
    const char *name = form_get(item, NULL, 0x0042, TYPE_STRING);
    const char *address = form_get(item, NULL, 0x0065, TYPE_STRING);

    (void)field;
    buf_puts(&call->out, "<t:Organizer>");
    put_mailbox(call, name == NULL ? owner->display_name : name,
                address == NULL ? owner->address : address);
    buf_puts(&call->out, "</t:Organizer>");
}

void event_put_attendees(struct call *call, const struct field *field,
                         struct sim_item *item)
{
    size_t count;
    struct sim_attendee *all =
        attendees_of(call->arena, item, field->source.tag, &count);

    if (count == 0)
        return;
    buf_printf(&call->out, "<t:%s>", field->element);
    for (size_t i = 0; i < count; i++) {
        buf_puts(&call->out, "<t:Attendee>");
        put_mailbox(call, all[i].name, all[i].address);
        put_element(&call->out, "t:ResponseType",
                    sim_responses[all[i].response]);
        put_time(call, "t:LastResponseTime", all[i].replied);
        if (call->version >= SCHEMA_2013_SP1) {
            put_time(call, "t:ProposedStart", all[i].proposed_start);
            put_time(call, "t:ProposedEnd", all[i].proposed_end);
        }
        buf_puts(&call->out, "</t:Attendee>");
    }
    buf_printf(&call->out, "</t:%s>", field->element);
}

/* --- Series -------------------------------------------------------------- */

void event_put_recurrence(struct call *call, const struct field *field,
                          struct sim_item *item)
{
    if (item->series != NULL)
        sim_rule_put(call, field->element, &item->series->rule);
}

static void put_occurrence(struct call *call, const char *element,
                           struct sim_item *master, int64_t day)
{
    struct sim_item *item = sim_occurrence(call->arena, master, day);

    buf_printf(&call->out, "<t:%s>", element);
    put_item_id(call, "t:ItemId", item);
    put_time(call, "t:Start", form_time(item, SET_APPOINTMENT, EVENT_START));
    put_time(call, "t:End", form_time(item, SET_APPOINTMENT, EVENT_END));
    put_time(call, "t:OriginalStart",
             sim_occurrence_start(call->arena, master, day));
    buf_printf(&call->out, "</t:%s>", element);
}

static int64_t previous_that_is(const struct sim_series *series, int64_t day)
{
    while (day != NO_DAY && day >= series->rule.begin &&
           !(sim_rule_fits(&series->rule, day) && sim_series_has(series, day)))
        day--;
    return day == NO_DAY || day < series->rule.begin ? NO_DAY : day;
}

/* The first and the last that have not been deleted. */
void event_put_bound(struct call *call, const struct field *field,
                     struct sim_item *item)
{
    const struct sim_series *series = item->series;
    int64_t day = NO_DAY;

    if (series == NULL)
        return;
    if (str_equal(field->element, "FirstOccurrence"))
        do
            day = sim_rule_next(&series->rule, day);
        while (day != NO_DAY && !sim_series_has(series, day));
    else
        day = previous_that_is(series, sim_rule_last(&series->rule));
    if (day != NO_DAY)
        put_occurrence(call, field->element, item, day);
}

static size_t count_of(const struct sim_series *series, bool deleted)
{
    size_t count = 0;

    for (size_t i = 0; series != NULL && i < series->count; i++)
        count += series->exceptions[i].deleted == deleted;
    return count;
}

void event_put_modified(struct call *call, const struct field *field,
                        struct sim_item *item)
{
    if (count_of(item->series, false) == 0)
        return;
    buf_printf(&call->out, "<t:%s>", field->element);
    for (size_t i = 0; i < item->series->count; i++)
        if (!item->series->exceptions[i].deleted)
            put_occurrence(call, "Occurrence", item,
                           item->series->exceptions[i].day);
    buf_printf(&call->out, "</t:%s>", field->element);
}

void event_put_deleted(struct call *call, const struct field *field,
                       struct sim_item *item)
{
    if (count_of(item->series, true) == 0)
        return;
    buf_printf(&call->out, "<t:%s>", field->element);
    for (size_t i = 0; i < item->series->count; i++) {
        if (!item->series->exceptions[i].deleted)
            continue;
        buf_puts(&call->out, "<t:DeletedOccurrence>");
        put_time(call, "t:Start",
                 sim_occurrence_start(call->arena, item,
                                      item->series->exceptions[i].day));
        buf_puts(&call->out, "</t:DeletedOccurrence>");
    }
    buf_printf(&call->out, "</t:%s>", field->element);
}

/* --- Zones --------------------------------------------------------------- */

/* 2010 and later have zones of start and end instead. */
void event_put_meeting_zone(struct call *call, const struct field *field,
                            struct sim_item *item)
{
    const struct sim_zone *zone =
        event_zone(call->arena, item, HIDDEN_START_ZONE);

    (void)field;
    if (zone != NULL && call->version < SCHEMA_2010)
        sim_zone_put_meeting(&call->out, zone);
}

/* Lists name zones; 2010 spells them out in single items. */
void event_put_zone(struct call *call, const struct field *field,
                    struct sim_item *item)
{
    const struct sim_zone *zone =
        event_zone(call->arena, item, field->source.tag);
    bool full = zone != NULL && node_is(call->request, "GetItem") &&
                (sim_zone_find(zone->id) == NULL ||
                 call->exchange->version < EXCHANGE_2013_SP1);

    if (zone != NULL)
        sim_zone_put(&call->out,
                     arena_printf(call->arena, "t:%s", field->element), zone,
                     full);
}

void event_put_wall(struct call *call, const struct field *field,
                    struct sim_item *item)
{
    bool start = field->source.tag == EVENT_START;
    const struct sim_zone *zone = event_zone(
        call->arena, item, start ? HIDDEN_START_ZONE : HIDDEN_END_ZONE);
    const struct sim_zone *kept = call->zone;

    call->zone = zone;
    put_time(call, arena_printf(call->arena, "t:%s", field->element),
             form_time(item, SET_APPOINTMENT, field->source.tag));
    call->zone = kept;
}

void event_put_location(struct call *call, const struct field *field,
                        struct sim_item *item)
{
    const char *name =
        form_get(item, SET_APPOINTMENT, EVENT_LOCATION, TYPE_STRING);

    if (name == NULL)
        return;
    buf_printf(&call->out, "<t:%s>", field->element);
    put_element(&call->out, "t:DisplayName", name);
    buf_printf(&call->out,
               "<t:PostalAddress><t:Type>Business</t:Type>"
               "<t:LocationSource>None</t:LocationSource></t:PostalAddress>"
               "</t:%s>",
               field->element);
}
