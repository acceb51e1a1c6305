/*
 * calendar_store.c - what requests set in events
 */
#include "tests/exchange/calendar.h"
#include "tests/exchange/calendar_fields.h"

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/series.h"

const char *event_store_uid(struct call *call, const struct form_field *field,
                            struct sim_item *item, const struct node *element)
{
    const char *goid;

    (void)field;
    if (element == NULL || *element->text == '\0')
        return "ErrorCalendarInvalidPropertyValue";
    goid = goid_of_uid(call->arena, element->text);
    form_set(item, SET_MEETING, MEETING_ID, TYPE_BINARY, goid);
    form_set(item, SET_MEETING, MEETING_CLEAN_ID, TYPE_BINARY, goid);
    return NULL;
}

/* The zone that a time without one is in. */
static const struct sim_zone *zone_for(struct call *call,
                                       const struct sim_item *item,
                                       uint32_t number)
{
    const struct sim_zone *zone = event_zone(call->arena, item, number);

    if (zone == NULL)
        zone = call->zone;
    return zone == NULL ? sim_zone_utc() : zone;
}

const char *event_store_time(struct call *call, const struct form_field *field,
                             struct sim_item *item, const struct node *element)
{
    uint32_t number = field->field.source.tag;
    int64_t time;

    if (element == NULL)
        return "ErrorInvalidPropertyDelete";
    time = sim_zone_time(
        zone_for(call, item,
                 number == EVENT_START ? HIDDEN_START_ZONE : HIDDEN_END_ZONE),
        element->text);
    if (time == TIME_NONE)
        return "ErrorCalendarInvalidPropertyValue";
    form_set_time(item, SET_APPOINTMENT, number, time - time % 60);
    return NULL;
}

static const char *store_truth(struct sim_item *item, const char *set,
                               uint32_t number, const struct node *element)
{
    if (element == NULL)
        return "ErrorInvalidPropertyDelete";
    form_set_true(item, set, number, node_true(element->text));
    return NULL;
}

const char *event_store_all_day(struct call *call,
                                const struct form_field *field,
                                struct sim_item *item,
                                const struct node *element)
{
    (void)call;
    (void)field;
    return store_truth(item, SET_APPOINTMENT, EVENT_ALL_DAY, element);
}

const char *event_store_wanted(struct call *call,
                               const struct form_field *field,
                               struct sim_item *item,
                               const struct node *element)
{
    (void)call;
    (void)field;
    return store_truth(item, NULL, 0x0063, element);
}

const char *event_store_online(struct call *call,
                               const struct form_field *field,
                               struct sim_item *item,
                               const struct node *element)
{
    (void)call;
    (void)field;
    return store_truth(item, SET_APPOINTMENT, 0x8240, element);
}

const char *event_store_counter(struct call *call,
                                const struct form_field *field,
                                struct sim_item *item,
                                const struct node *element)
{
    (void)call;
    (void)field;
    if (element == NULL)
        return "ErrorInvalidPropertyDelete";
    form_set_true(item, SET_APPOINTMENT, EVENT_NO_COUNTER,
                  !node_true(element->text));
    return NULL;
}

/* Working elsewhere came with 2013; that there are no data is no status. */
const char *event_store_busy(struct call *call, const struct form_field *field,
                             struct sim_item *item, const struct node *element)
{
    if (element == NULL)
        return "ErrorInvalidPropertyDelete";
    if (str_equal(element->text, "NoData"))
        return "ErrorCalendarInvalidPropertyValue";
    return form_store(call, &field->field.source, item, element);
}

const char *event_store_location(struct call *call,
                                 const struct form_field *field,
                                 struct sim_item *item,
                                 const struct node *element)
{
    const char *name = node_text(element, "DisplayName");

    (void)call;
    (void)field;
    if (name == NULL)
        form_remove(item, SET_APPOINTMENT, EVENT_LOCATION, TYPE_STRING);
    else
        form_set(item, SET_APPOINTMENT, EVENT_LOCATION, TYPE_STRING, name);
    return NULL;
}

/* --- Zones --------------------------------------------------------------- */

const char *event_store_zone(struct call *call, const struct form_field *field,
                             struct sim_item *item, const struct node *element)
{
    bool meeting = str_equal(field->field.element, "MeetingTimeZone");
    const struct sim_zone *zone;

    if (element == NULL)
        return "ErrorInvalidPropertyDelete";
    zone = meeting ? sim_zone_of_meeting(call->arena, element)
                   : sim_zone_of(call->arena, element);
    if (zone == NULL)
        return "ErrorCalendarInvalidTimeZone";
    if (meeting) {
        form_set(item, SET_HIDDEN, HIDDEN_START_ZONE, TYPE_STRING,
                 sim_zone_write(call->arena, zone));
        form_set(item, SET_HIDDEN, HIDDEN_END_ZONE, TYPE_STRING,
                 sim_zone_write(call->arena, zone));
    } else {
        form_set(item, SET_HIDDEN, field->field.source.tag, TYPE_STRING,
                 sim_zone_write(call->arena, zone));
    }
    return NULL;
}

/* --- Attendees ----------------------------------------------------------- */

static const char *name_of(struct call *call, const struct node *mailbox)
{
    const char *address = node_text(mailbox, "EmailAddress");
    const char *name = node_text(mailbox, "Name");
    const struct sim_mailbox *known =
        address == NULL ? NULL : sim_mailbox_find(call->exchange, address);

    if (known != NULL)
        return known->display_name;
    return name == NULL || *name == '\0' ? address : name;
}

/* Somebody who stays keeps what he has answered. */
static enum sim_response response_of(const struct sim_attendee before[],
                                     size_t count, const char *address,
                                     int64_t *replied)
{
    *replied = TIME_NONE;
    for (size_t i = 0; i < count; i++)
        if (str_equal_nocase(before[i].address, address)) {
            *replied = before[i].replied;
            return before[i].response;
        }
    return RESPONSE_UNKNOWN;
}

const char *event_store_attendees(struct call *call,
                                  const struct form_field *field,
                                  struct sim_item *item,
                                  const struct node *element)
{
    uint32_t role = field->field.source.tag;
    size_t before_count;
    struct sim_attendee *before =
        attendees_of(call->arena, item, role, &before_count);
    struct sim_attendee *now =
        arena_array(call->arena, node_count(element) + 1, sizeof *now);
    size_t count = 0;

    for (const struct node *at = element == NULL ? NULL : element->children;
         at != NULL; at = at->next) {
        const struct node *mailbox = node_child(at, "Mailbox");
        const char *address = node_text(mailbox, "EmailAddress");
        struct sim_attendee *added = &now[count++];

        if (address == NULL)
            return "ErrorInvalidRecipients";
        *added = (struct sim_attendee){ .address = address,
                                        .name = name_of(call, mailbox),
                                        .proposed_start = TIME_NONE,
                                        .proposed_end = TIME_NONE };
        added->response =
            response_of(before, before_count, address, &added->replied);
    }
    attendees_set(item, role, now, count);
    return NULL;
}

/* --- Recurrence ---------------------------------------------------------- */

const char *event_store_recurrence(struct call *call,
                                   const struct form_field *field,
                                   struct sim_item *item,
                                   const struct node *element)
{
    struct sim_rule rule;
    const char *code = element == NULL ? NULL : sim_rule_read(element, &rule);

    (void)field;
    if (code == NULL && item->master != NULL)
        code = "ErrorInvalidPropertySet";
    if (code == NULL && element != NULL && rule.pattern > SIM_YEARLY_RELATIVE)
        code = "ErrorCalendarInvalidRecurrence";
    if (code != NULL)
        return code;
    sim_series_free(&item->series);
    if (element != NULL)
        item->series = sim_series_new(&rule);
    call->set_rule = item->series;
    return NULL;
}
