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

static bool has_minutes(const void *form, const struct field *field)
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

static bool has_response(const void *form, const struct field *field)
{
    (void)field;
    return form_of(form)->event->attendee_count > 0;
}

static void write_response(struct soap_request *request, const void *form,
                           const struct field *field)
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

/* A field that is there if it has a value; that always has one; and that cannot
 * be deleted. */
#define ROW(set, word, part, scope, has, what, slot) \
    { { PROPERTY_FIELD, 0, set ":" word, NULL }, part, scope, 0, 0, has, write_##what, slot, \
      "t:" word }
#define SOME(set, word, part, what, slot) ROW(set, word, part, 0, has_##what, what, slot)
#define EACH(set, word, part, what, slot) ROW(set, word, part, 0, NULL, what, slot)
#define KEEP(set, word, part, what, slot) \
    ROW(set, word, part, FIELD_LASTING, has_##what, what, slot)
#define OWN(name, part, slot) \
    { { PROPERTY_STRING, 0, name, "String" }, part, 0, 0, 0, has_own, write_own, slot, NULL }
#define ZONE(word, since, before, write, slot) \
    { { PROPERTY_FIELD, 0, "calendar:" word, NULL }, EVENT_ZONE, 0, since, before, NULL, \
      write, slot, "t:" word }

/* In the order of the schema. */
static const struct field fields[] = {
    SOME("item", "Subject",                    EVENT_SUMMARY,    text,       SUMMARY),
    EACH("item", "Sensitivity",                EVENT_CLASS,      class,      0),
    KEEP("item", "Body",                       EVENT_BODY,       body,       0),
    SOME("item", "Categories",                 EVENT_CATEGORIES, categories, 0),
    EACH("item", "Importance",                 EVENT_IMPORTANCE, importance, 0),
    EACH("item", "ReminderIsSet",              EVENT_REMINDER,   reminder,   0),
    KEEP("item", "ReminderMinutesBeforeStart", EVENT_REMINDER,   minutes,    0),
    { { PROPERTY_TAG, 0x10f3, NULL, "String" }, EVENT_NAME, 0, 0, 0, has_own, write_own,
      NAME, NULL },
    OWN("postern-object", EVENT_KEPT, KEPT),
    OWN("postern-token", EVENT_TOKEN, TOKEN),
    ROW("calendar", "UID", EVENT_UID, FIELD_NEW, has_own, own, UID),
    EACH("calendar", "Start",                  EVENT_TIME,       when,       START),
    EACH("calendar", "End",                    EVENT_TIME,       when,       END),
    EACH("calendar", "IsAllDayEvent",          EVENT_TIME,       all_day,    0),
    EACH("calendar", "LegacyFreeBusyStatus",   EVENT_BUSY,       busy,       0),
    SOME("calendar", "Location",               EVENT_LOCATION,   text,       LOCATION),
    KEEP("calendar", "IsResponseRequested",    EVENT_ATTENDEES,  response,   0),
    SOME("calendar", "RequiredAttendees",      EVENT_ATTENDEES,  attendees,  ROLE_REQUIRED),
    SOME("calendar", "OptionalAttendees",      EVENT_ATTENDEES,  attendees,  ROLE_OPTIONAL),
    SOME("calendar", "Resources",              EVENT_ATTENDEES,  attendees,  ROLE_RESOURCE),
    SOME("calendar", "Recurrence",             EVENT_RECURRENCE, recurrence, 0),
    ZONE("MeetingTimeZone", 0, EWS_2010, write_meeting_zone, START),
    ZONE("StartTimeZone", EWS_2010, 0, write_zone, START),
    ZONE("EndTimeZone", EWS_2010, 0, write_zone, END),
    EACH("calendar", "AllowNewTimeProposal",   EVENT_COUNTER,    proposals,  0),
    SOME("calendar", "NetShowUrl",             EVENT_URL,        text,       URL),
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
