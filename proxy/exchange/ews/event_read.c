/*
 * event_read.c - see event_map.h
 *
 * Exchange tells instants in UTC.  A day is two midnights by the clock of whom
 * it was made by, and not each of them kept to a zone: what is near midnight in
 * the event's zone counts as that.
 */
#include "proxy/exchange/ews/event_map.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/ews/attachments.h"
#include "proxy/exchange/ews/body.h"
#include "proxy/exchange/ews/recurrence_map.h"
#include "proxy/exchange/ews/zone_map.h"

#define DAY 86400

/* Of AppointmentState */
#define STATE_RECEIVED 2
#define STATE_CANCELLED 4

/* clang-format off */
#define F(name)        { PROPERTY_FIELD, 0, name, NULL }

static const struct property modified_time = { PROPERTY_TAG, 0x3008, NULL, "SystemTime" };

static const struct wanted wanted[] = {
    { F("item:ItemClass"),                 0, 0 },
    { F("item:Subject"),                   0, 0 },
    { F("item:Sensitivity"),               0, 0 },
    { F("item:Body"),                      0, 0 },
    { F("item:Attachments"),               0, 0 },
    { F("item:Categories"),                0, 0 },
    { F("item:Importance"),                0, 0 },
    { F("item:DateTimeCreated"),           0, 0 },
    { F("item:ReminderIsSet"),             0, 0 },
    { F("item:ReminderMinutesBeforeStart"), 0, 0 },
    { F("item:EffectiveRights"),           EWS_2010, 0 },
    { F("calendar:UID"),                   0, 0 },
    { F("calendar:RecurrenceId"),          0, 0 },
    { F("calendar:DateTimeStamp"),         0, 0 },
    { F("calendar:Start"),                 0, 0 },
    { F("calendar:End"),                   0, 0 },
    { F("calendar:IsAllDayEvent"),         0, 0 },
    { F("calendar:LegacyFreeBusyStatus"),  0, 0 },
    { F("calendar:Location"),              0, 0 },
    { F("calendar:IsCancelled"),           0, 0 },
    { F("calendar:IsResponseRequested"),   0, 0 },
    { F("calendar:CalendarItemType"),      0, 0 },
    { F("calendar:MyResponseType"),        0, 0 },
    { F("calendar:Organizer"),             0, 0 },
    { F("calendar:RequiredAttendees"),     0, 0 },
    { F("calendar:OptionalAttendees"),     0, 0 },
    { F("calendar:Resources"),             0, 0 },
    { F("calendar:TimeZone"),              0, EWS_2010 },
    { F("calendar:AppointmentSequenceNumber"), 0, 0 },
    { F("calendar:AppointmentState"),      0, 0 },
    { F("calendar:Recurrence"),            0, 0 },
    { F("calendar:ModifiedOccurrences"),   0, 0 },
    { F("calendar:DeletedOccurrences"),    0, 0 },
    { F("calendar:MeetingTimeZone"),       0, EWS_2010 },
    { F("calendar:StartTimeZone"),         EWS_2010, 0 },
    { F("calendar:EndTimeZone"),           EWS_2010, 0 },
    { F("calendar:AllowNewTimeProposal"),  0, 0 },
    { F("calendar:NetShowUrl"),            0, 0 },
    { F("calendar:JoinOnlineMeetingUrl"),  EWS_2013, 0 },
    { { PROPERTY_TAG,    0x3008, NULL, "SystemTime" }, 0, 0 },
    { { PROPERTY_TAG,    0x10f3, NULL, "String" },     0, 0 },
    { { PROPERTY_STRING, 0, "postern-token", "String" },  0, 0 },
    { { PROPERTY_STRING, 0, "postern-object", "String" }, 0, 0 },
};
/* clang-format on */

void event_want(struct soap_request *request)
{
    fields_want(request, wanted, sizeof wanted / sizeof *wanted);
}

/* --- Times ---------------------------------------------------------------- */

/* The midnight next to an instant, as a day. */
static struct when day_near(int64_t instant, const struct zone *zone)
{
    int64_t local = instant + zone_offset(zone, instant) + DAY / 2;
    int64_t day = local / DAY - (local % DAY < 0);

    return (struct when){ WHEN_DATE, day * DAY, zone };
}

static struct when when_at(int64_t instant, bool all_day,
                           const struct zone *zone)
{
    if (instant == TIME_NONE)
        return (struct when){ .kind = WHEN_NONE };
    return all_day ? day_near(instant, zone)
                   : (struct when){ WHEN_ZONED, instant, zone };
}

/* The zone of an item's start or end. */
static const struct zone *read_zone(const struct xml_node *node,
                                    const char *element,
                                    const struct zone *other)
{
    const struct zone *zone = zone_read_definition(xml_child(node, element));
    const char *name = xml_child_text(node, "TimeZone");

    if (zone == NULL)
        zone = zone_read_meeting(xml_child(node, "MeetingTimeZone"));
    if (zone == NULL && name != NULL && *name != '\0')
        zone = zone_windows(name);
    return zone != NULL ? zone : other;
}

static void read_times(const struct xml_node *node, const struct zone *zone,
                       struct event *event)
{
    bool all_day = element_true(node, "IsAllDayEvent");
    const struct zone *begins = read_zone(node, "StartTimeZone", zone);
    const struct zone *ends = read_zone(node, "EndTimeZone", begins);

    event->start = when_at(element_time(node, "Start"), all_day, begins);
    event->end =
        when_at(element_time(node, "End"), all_day, all_day ? begins : ends);
    if (event->start.kind == WHEN_NONE)
        event->start = when_at(0, all_day, begins);
    if (event->end.kind == WHEN_NONE)
        event->end = event->start;
    if (all_day && event->end.instant <= event->start.instant)
        event->end.instant = event->start.instant + DAY;
}

/* --- People --------------------------------------------------------------- */

static enum event_answer read_answer(const struct xml_node *node,
                                     const char *element)
{
    return (enum event_answer)element_word(node, element, word_answers, 5,
                                           ANSWER_NONE);
}

/* clang-format off */
static const struct {
    const char *element;
    enum event_role role;
} roles[] = {
    { "RequiredAttendees", ROLE_REQUIRED },
    { "OptionalAttendees", ROLE_OPTIONAL },
    { "Resources",         ROLE_RESOURCE },
};
/* clang-format on */

#define ROLES (sizeof roles / sizeof *roles)

static void read_attendees(struct arena *arena, const struct xml_node *node,
                           struct event *event)
{
    bool rsvp = element_true(node, "IsResponseRequested");
    const struct xml_node *at;
    size_t count = 0;

    for (size_t i = 0; i < ROLES; i++) {
        const struct xml_node *list = xml_child(node, roles[i].element);
        for (at = list != NULL ? list->children : NULL; at; at = at->next)
            count++;
    }
    event->attendees = arena_array(arena, count + 1, sizeof *event->attendees);
    for (size_t i = 0; i < ROLES; i++) {
        const struct xml_node *list = xml_child(node, roles[i].element);
        for (at = list != NULL ? list->children : NULL; at; at = at->next) {
            const struct xml_node *mailbox = xml_child(at, "Mailbox");
            struct attendee attendee = {
                .address = element_text(arena, mailbox, "EmailAddress"),
                .name = element_text(arena, mailbox, "Name"),
                .role = roles[i].role,
                .answer = read_answer(at, "ResponseType"),
                .rsvp = rsvp,
            };
            if (attendee.address != NULL)
                event->attendees[event->attendee_count++] = attendee;
        }
    }
}

/* The owner of what is no meeting is not worth being called its organizer. */
static void read_people(struct arena *arena, const struct xml_node *node,
                        struct event *event)
{
    const struct xml_node *mailbox =
        xml_child(xml_child(node, "Organizer"), "Mailbox");
    int64_t state = element_number(node, "AppointmentState", 0);

    read_attendees(arena, node, event);
    event->answer = read_answer(node, "MyResponseType");
    event->cancelled =
        element_true(node, "IsCancelled") || (state & STATE_CANCELLED) != 0;
    event->is_meeting =
        event->attendee_count > 0 || (state & STATE_RECEIVED) != 0;
    if (!event->is_meeting)
        return;
    event->organizer = element_text(arena, mailbox, "EmailAddress");
    event->organizer_name = element_text(arena, mailbox, "Name");
}

/* --- One event ------------------------------------------------------------ */

static void read_words(const struct xml_node *node, struct event *event)
{
    event->busy = (enum event_busy)element_word(node, "LegacyFreeBusyStatus",
                                                word_busy, 6, BUSY_BUSY);
    event->class = (enum event_class)element_word(
        node, "Sensitivity", word_classes, 4, CLASS_PUBLIC);
    event->importance = (enum event_importance)element_word(
        node, "Importance", word_ranks, 3, IMPORTANCE_NORMAL);
}

static void read_reminder(const struct xml_node *node, struct event *event)
{
    int64_t minutes = element_number(node, "ReminderMinutesBeforeStart", 0);

    event->reminder = element_true(node, "ReminderIsSet");
    event->reminder_minutes =
        minutes > 0 && minutes <= INT32_MAX ? (int32_t)minutes : 0;
}

static void read_event(struct arena *arena, const struct xml_node *node,
                       const struct zone *zone, struct event *event)
{
    const struct xml_node *id = xml_child(node, "ItemId");

    event->id = arena_strdup(arena, xml_value(id, "Id"));
    event->change_key = arena_strdup(arena, xml_value(id, "ChangeKey"));
    read_times(node, zone, event);
    event->summary = element_text(arena, node, "Subject");
    event->location = element_text(arena, node, "Location");
    body_read(arena, xml_child(node, "Body"), &event->description,
              &event->html);
    read_words(node, event);
    read_reminder(node, event);
    event->categories = element_strings(arena, node, "Categories");
    read_people(arena, node, event);
    event->refuse_counter =
        str_equal(xml_child_text(node, "AllowNewTimeProposal"), "false");
    event->conference = element_text(arena, node, "JoinOnlineMeetingUrl");
    event->url = element_text(arena, node, "NetShowUrl");
    int64_t sequence = element_number(node, "AppointmentSequenceNumber", 0);
    event->sequence =
        sequence > 0 && sequence < UINT32_MAX ? (uint32_t)sequence : 0;
    event->created = element_time(node, "DateTimeCreated");
    event->modified = property_time(node, &modified_time);
    event->stamp = element_time(node, "DateTimeStamp");
    attachments_read(arena, xml_child(node, "Attachments"), &event->attachments,
                     &event->attachment_count);
}

/* --- Series --------------------------------------------------------------- */

static void sort_whens(struct when *whens, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j > 0 && whens[j].instant < whens[j - 1].instant;
             j--) {
            struct when other = whens[j];
            whens[j] = whens[j - 1];
            whens[j - 1] = other;
        }
}

static void sort_exceptions(struct event *events, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j > 0 && events[j].occurrence.instant <
                                        events[j - 1].occurrence.instant;
             j--) {
            struct event other = events[j];
            events[j] = events[j - 1];
            events[j - 1] = other;
        }
}

/* An occurrence is named after when it would have been by the rule. */
static struct when occurrence_at(const struct series *series, int64_t instant)
{
    const struct when *start = &series->master.start;

    return when_at(instant, start->kind == WHEN_DATE, start->zone);
}

static void read_deleted(struct arena *arena, const struct xml_node *list,
                         struct series *series)
{
    size_t count = xml_child_count(list);

    series->deleted = arena_array(arena, count + 1, sizeof *series->deleted);
    for (const struct xml_node *at = list != NULL ? list->children : NULL;
         at != NULL; at = at->next) {
        int64_t start = element_time(at, "Start");
        if (start != TIME_NONE)
            series->deleted[series->deleted_count++] =
                occurrence_at(series, start);
    }
    sort_whens(series->deleted, series->deleted_count);
}

static void read_modified(struct arena *arena, const struct xml_node *list,
                          struct series *series)
{
    size_t count = xml_child_count(list);

    series->exceptions =
        arena_array(arena, count + 1, sizeof *series->exceptions);
    for (const struct xml_node *at = list != NULL ? list->children : NULL;
         at != NULL; at = at->next) {
        const struct xml_node *id = xml_child(at, "ItemId");
        struct event event = {
            .id = arena_strdup(arena, xml_value(id, "Id")),
            .change_key = arena_strdup(arena, xml_value(id, "ChangeKey")),
            .occurrence =
                occurrence_at(series, element_time(at, "OriginalStart")),
        };
        if (event.id != NULL && event.occurrence.kind != WHEN_NONE)
            series->exceptions[series->exception_count++] = event;
    }
    sort_exceptions(series->exceptions, series->exception_count);
}

/* An invitation to one day of a series only. */
static bool is_detached(const struct xml_node *node)
{
    const char *type = xml_child_text(node, "CalendarItemType");
    const char *original = xml_child_text(node, "RecurrenceId");

    return original != NULL && *original != '\0' &&
           (type == NULL || strcmp(type, "Single") == 0);
}

struct series *event_read_master(struct arena *arena,
                                 const struct xml_node *node,
                                 const struct zone *zone)
{
    struct series *series = arena_alloc(arena, sizeof *series);
    struct event event = { .id = NULL };

    series->uid = element_text(arena, node, "UID");
    read_event(arena, node, zone, &event);
    if (is_detached(node)) {
        event.occurrence =
            when_at(element_time(node, "RecurrenceId"),
                    event.start.kind == WHEN_DATE, event.start.zone);
        if (event.occurrence.kind != WHEN_NONE) {
            series->exceptions = arena_memdup(arena, &event, sizeof event);
            series->exception_count = 1;
            return series;
        }
    }
    series->has_master = true;
    series->master = event;
    series->recurrence = recurrence_read(arena, xml_child(node, "Recurrence"));
    if (series->recurrence == NULL)
        return series;
    read_modified(arena, xml_child(node, "ModifiedOccurrences"), series);
    read_deleted(arena, xml_child(node, "DeletedOccurrences"), series);
    return series;
}

void event_read_exception(struct arena *arena, const struct xml_node *node,
                          const struct series *series, const struct zone *zone,
                          struct event *exception)
{
    struct when occurrence = exception->occurrence;
    const struct zone *own = series->master.start.zone;

    *exception = (struct event){ .id = NULL };
    read_event(arena, node, own != NULL ? own : zone, exception);
    exception->occurrence = occurrence;
}
