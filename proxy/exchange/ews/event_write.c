/*
 * event_write.c - see event_map.h
 *
 * Times go out as instants in UTC, with the zones beside them: so they are
 * exact, and the zones say where days begin and how recurrences go on.
 */
#include "proxy/exchange/ews/event_map.h"

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/recurrence_map.h"
#include "proxy/exchange/ews/zone_map.h"
#include "proxy/format/recurrence.h"

static const struct event_form *form_of(const void *form)
{
    return form;
}

static bool is_empty(const char *text)
{
    return text == NULL || *text == '\0';
}

/* --- Texts ---------------------------------------------------------------- */

enum { SUMMARY, LOCATION, URL };

static const char *text_of(const void *form, const struct field *field)
{
    const struct event *event = form_of(form)->event;

    switch (field->slot) {
    case SUMMARY:
        return event->summary;
    case LOCATION:
        return event->location;
    default:
        return event->url;
    }
}

static bool has_text(const void *form, const struct field *field)
{
    return !is_empty(text_of(form, field));
}

static void write_text(struct soap_request *request, const void *form,
                       const struct field *field)
{
    xml_element(&request->writer, field->element, text_of(form, field));
}

/* The page only where the client has changed it, or has just brought it: it is
 * worth nothing beside a plain text that is newer. */
static void write_body(struct soap_request *request, const void *form,
                       const struct field *field)
{
    const struct event *event = form_of(form)->event;
    const struct event *was = form_of(form)->was;
    bool page = !is_empty(event->html) &&
                (was == NULL || !str_equal(event->html, was->html));
    struct xml_writer *writer = &request->writer;

    xml_open(writer, field->element);
    xml_attribute(writer, "BodyType", page ? "HTML" : "Text");
    xml_text(writer, page                         ? event->html
                     : event->description != NULL ? event->description
                                                  : "");
    xml_close(writer);
}

static bool has_body(const void *form, const struct field *field)
{
    const struct event_form *of = form;

    (void)field;
    return of->was != NULL || !is_empty(of->event->description) ||
           !is_empty(of->event->html);
}

/* --- Times ---------------------------------------------------------------- */

enum { START, END };

static const struct when *when_of(const void *form, const struct field *field)
{
    const struct event *event = form_of(form)->event;

    return field->slot == START ? &event->start : &event->end;
}

static const struct zone *zone_of(const struct when *when)
{
    if (when->zone != NULL)
        return when->zone;
    return when->kind == WHEN_ZONED ? zone_utc() : zone_local();
}

static int64_t instant_of(const struct when *when)
{
    return when_instant(when, zone_of(when));
}

static void write_when(struct soap_request *request, const void *form,
                       const struct field *field)
{
    fields_time(&request->writer, field->element,
                instant_of(when_of(form, field)));
}

static void write_all_day(struct soap_request *request, const void *form,
                          const struct field *field)
{
    fields_bool(&request->writer, field->element,
                form_of(form)->event->start.kind == WHEN_DATE);
}

static void write_zone(struct soap_request *request, const void *form,
                       const struct field *field)
{
    const struct when *when = when_of(form, field);

    zone_write_definition(request, field->element, zone_of(when),
                          instant_of(when));
}

static void write_meeting_zone(struct soap_request *request, const void *form,
                               const struct field *field)
{
    const struct when *when = when_of(form, field);

    zone_write_meeting(request, zone_of(when), instant_of(when));
}

/* --- Recurrence ----------------------------------------------------------- */

static bool has_recurrence(const void *form, const struct field *field)
{
    (void)field;
    return form_of(form)->recurrence != NULL;
}

static void write_recurrence(struct soap_request *request, const void *form,
                             const struct field *field)
{
    struct recurrence recurrence = *form_of(form)->recurrence;

    (void)field;
    if (recurrence.begin.kind == WHEN_NONE)
        recurrence.begin = (struct when){
            .kind = WHEN_DATE,
            .instant = when_day(&form_of(form)->event->start) * 86400,
        };
    recurrence_write(request, &recurrence);
}

/* --- Reminder, words, lists ----------------------------------------------- */

static void write_reminder(struct soap_request *request, const void *form,
                           const struct field *field)
{
    fields_bool(&request->writer, field->element,
                form_of(form)->event->reminder);
}

static bool has_reminder(const void *form, const struct field *field)
{
    (void)field;
    return form_of(form)->event->reminder;
}

static void write_minutes(struct soap_request *request, const void *form,
                          const struct field *field)
{
    int32_t minutes = form_of(form)->event->reminder_minutes;

    fields_number(&request->writer, field->element, minutes > 0 ? minutes : 0);
}

/* Who is elsewhere was free before there was a word for it; and what is not
 * known nobody can say. */
static void write_busy(struct soap_request *request, const void *form,
                       const struct field *field)
{
    enum event_busy busy = form_of(form)->event->busy;

    if (busy == BUSY_ELSEWHERE && request->version < EWS_2013)
        busy = BUSY_FREE;
    if (busy >= BUSY_UNKNOWN)
        busy = BUSY_BUSY;
    xml_element(&request->writer, field->element, word_busy[busy]);
}

static void write_class(struct soap_request *request, const void *form,
                        const struct field *field)
{
    xml_element(&request->writer, field->element,
                word_classes[form_of(form)->event->class]);
}

static void write_importance(struct soap_request *request, const void *form,
                             const struct field *field)
{
    xml_element(&request->writer, field->element,
                word_ranks[form_of(form)->event->importance]);
}

static bool has_categories(const void *form, const struct field *field)
{
    const char *const *categories = form_of(form)->event->categories;

    (void)field;
    return categories != NULL && *categories != NULL;
}

static void write_categories(struct soap_request *request, const void *form,
                             const struct field *field)
{
    fields_strings(&request->writer, field->element,
                   form_of(form)->event->categories);
}

static void write_proposals(struct soap_request *request, const void *form,
                            const struct field *field)
{
    fields_bool(&request->writer, field->element,
                !form_of(form)->event->refuse_counter);
}

/* --- Attendees ------------------------------------------------------------ */

/* The organizer comes to his meeting anyway. */
static bool is_invited(const struct event *event,
                       const struct attendee *attendee)
{
    return !is_empty(attendee->address) &&
           (event->organizer == NULL ||
            !str_equal_nocase(event->organizer, attendee->address));
}

static bool has_attendees(const void *form, const struct field *field)
{
    const struct event *event = form_of(form)->event;

    for (size_t i = 0; i < event->attendee_count; i++)
        if (is_invited(event, &event->attendees[i]) &&
            event->attendees[i].role == field->slot)
            return true;
    return false;
}

static void write_attendee(struct xml_writer *writer,
                           const struct attendee *attendee)
{
    xml_open(writer, "t:Attendee");
    xml_open(writer, "t:Mailbox");
    if (!is_empty(attendee->name))
        xml_element(writer, "t:Name", attendee->name);
    xml_element(writer, "t:EmailAddress", attendee->address);
    xml_close(writer);
    xml_close(writer);
}

static void write_attendees(struct soap_request *request, const void *form,
                            const struct field *field)
{
    const struct event *event = form_of(form)->event;

    xml_open(&request->writer, field->element);
    for (size_t i = 0; i < event->attendee_count; i++)
        if (is_invited(event, &event->attendees[i]) &&
            event->attendees[i].role == field->slot)
            write_attendee(&request->writer, &event->attendees[i]);
    xml_close(&request->writer);
}

static bool has_any_attendee(const void *form, const struct field *field)
{
    (void)field;
    return form_of(form)->event->attendee_count > 0;
}

static void write_response_wanted(struct soap_request *request,
                                  const void *form, const struct field *field)
{
    const struct event *event = form_of(form)->event;
    bool wanted = false;

    for (size_t i = 0; i < event->attendee_count; i++)
        wanted |= event->attendees[i].rsvp;
    fields_bool(&request->writer, field->element, wanted);
}

/* --- What is ours --------------------------------------------------------- */

enum { NAME, KEPT, TOKEN, UID };

static const char *own_of(const void *form, const struct field *field)
{
    switch (field->slot) {
    case NAME:
        return form_of(form)->name;
    case KEPT:
        return form_of(form)->kept;
    case TOKEN:
        return form_of(form)->token;
    default:
        return form_of(form)->uid;
    }
}

static bool has_own(const void *form, const struct field *field)
{
    return !is_empty(own_of(form, field));
}

static void write_own(struct soap_request *request, const void *form,
                      const struct field *field)
{
    if (field->element != NULL)
        xml_element(&request->writer, field->element, own_of(form, field));
    else
        property_write(&request->writer, &field->property, own_of(form, field));
}

/* --- The table ------------------------------------------------------------ */

/* clang-format off */
#define F(name)        { PROPERTY_FIELD,  0,      name, NULL }
#define TAG(id)        { PROPERTY_TAG,    id,     NULL, "String" }
#define STRING(name)   { PROPERTY_STRING, 0,      name, "String" }

/* In the order of the schema. */
static const struct field fields[] = {
    { F("item:Subject"),                   EVENT_SUMMARY,    0, 0, 0, has_text, write_text, SUMMARY, "t:Subject" },
    { F("item:Sensitivity"),               EVENT_CLASS,      0, 0, 0, NULL, write_class, 0, "t:Sensitivity" },
    { F("item:Body"),                      EVENT_BODY,       FIELD_LASTING, 0, 0, has_body, write_body, 0, "t:Body" },
    { F("item:Categories"),                EVENT_CATEGORIES, 0, 0, 0, has_categories, write_categories, 0, "t:Categories" },
    { F("item:Importance"),                EVENT_IMPORTANCE, 0, 0, 0, NULL, write_importance, 0, "t:Importance" },
    { F("item:ReminderIsSet"),             EVENT_REMINDER,   0, 0, 0, NULL, write_reminder, 0, "t:ReminderIsSet" },
    { F("item:ReminderMinutesBeforeStart"), EVENT_REMINDER,  FIELD_LASTING, 0, 0, has_reminder, write_minutes, 0, "t:ReminderMinutesBeforeStart" },
    { TAG(0x10f3),                         EVENT_NAME,       0, 0, 0, has_own, write_own, NAME, NULL },
    { STRING("postern-object"),            EVENT_KEPT,       0, 0, 0, has_own, write_own, KEPT, NULL },
    { STRING("postern-token"),             EVENT_TOKEN,      0, 0, 0, has_own, write_own, TOKEN, NULL },
    { F("calendar:UID"),                   EVENT_UID,        FIELD_NEW, 0, 0, has_own, write_own, UID, "t:UID" },
    { F("calendar:Start"),                 EVENT_TIME,       0, 0, 0, NULL, write_when, START, "t:Start" },
    { F("calendar:End"),                   EVENT_TIME,       0, 0, 0, NULL, write_when, END, "t:End" },
    { F("calendar:IsAllDayEvent"),         EVENT_TIME,       0, 0, 0, NULL, write_all_day, 0, "t:IsAllDayEvent" },
    { F("calendar:LegacyFreeBusyStatus"),  EVENT_BUSY,       0, 0, 0, NULL, write_busy, 0, "t:LegacyFreeBusyStatus" },
    { F("calendar:Location"),              EVENT_LOCATION,   0, 0, 0, has_text, write_text, LOCATION, "t:Location" },
    { F("calendar:IsResponseRequested"),   EVENT_ATTENDEES,  FIELD_LASTING, 0, 0, has_any_attendee, write_response_wanted, 0, "t:IsResponseRequested" },
    { F("calendar:RequiredAttendees"),     EVENT_ATTENDEES,  0, 0, 0, has_attendees, write_attendees, ROLE_REQUIRED, "t:RequiredAttendees" },
    { F("calendar:OptionalAttendees"),     EVENT_ATTENDEES,  0, 0, 0, has_attendees, write_attendees, ROLE_OPTIONAL, "t:OptionalAttendees" },
    { F("calendar:Resources"),             EVENT_ATTENDEES,  0, 0, 0, has_attendees, write_attendees, ROLE_RESOURCE, "t:Resources" },
    { F("calendar:Recurrence"),            EVENT_RECURRENCE, 0, 0, 0, has_recurrence, write_recurrence, 0, NULL },
    { F("calendar:MeetingTimeZone"),       EVENT_ZONE,       0, 0, EWS_2010, NULL, write_meeting_zone, START, NULL },
    { F("calendar:StartTimeZone"),         EVENT_ZONE,       0, EWS_2010, 0, NULL, write_zone, START, "t:StartTimeZone" },
    { F("calendar:EndTimeZone"),           EVENT_ZONE,       0, EWS_2010, 0, NULL, write_zone, END, "t:EndTimeZone" },
    { F("calendar:AllowNewTimeProposal"),  EVENT_COUNTER,    0, 0, 0, NULL, write_proposals, 0, "t:AllowNewTimeProposal" },
    { F("calendar:NetShowUrl"),            EVENT_URL,        0, 0, 0, has_text, write_text, URL, "t:NetShowUrl" },
};
/* clang-format on */

#define FIELDS (sizeof fields / sizeof *fields)

void event_write_new(struct soap_request *request,
                     const struct event_form *form)
{
    fields_create(request, fields, FIELDS, form);
}

void event_write_changes(struct soap_request *request,
                         const struct event_form *form, unsigned parts)
{
    fields_update(request, "t:CalendarItem", fields, FIELDS, form, parts);
}

bool event_has_changes(enum ews_version version, const struct event_form *form,
                       unsigned parts)
{
    return fields_differ(version, fields, FIELDS, form, parts);
}
