/*
 * ical_read_event.c - a VEVENT as an event of Exchange
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "proxy/format/ical_private.h"
#include "proxy/format/html_text.h"
#include "proxy/format/recurrence.h"
#include "proxy/format/zone_private.h"

enum { DAY = 86400 };

/* --- Start and end ------------------------------------------------------- */

static bool read_end(const struct ical_context *context,
                     const struct ical_component *component,
                     struct event *event)
{
    const struct ical_line *end = ical_line_find(component, "DTEND");
    const char *duration_text = ical_value(component, "DURATION");
    struct ical_duration duration = { .days = event->start.kind == WHEN_DATE
                                                  ? 1
                                                  : 0 };
    if (end != NULL) {
        event->end = ical_when(&context->times, end);
        /* Some clients mean the last day by the end. */
        if (event->end.kind == WHEN_DATE && event->start.kind == WHEN_DATE &&
            event->end.instant == event->start.instant)
            event->end.instant += DAY;
        return event->end.kind == event->start.kind;
    }
    if (duration_text != NULL && !ical_duration(duration_text, &duration))
        return false;
    if (event->start.kind == WHEN_DATE) {
        duration.days += duration.seconds / DAY;
        duration.seconds = 0;
        if (duration.days == 0)
            duration.days = 1;
    }
    event->end = ical_when_after(&event->start, &duration);
    return true;
}

static bool is_true(const struct ical_component *component, const char *name)
{
    const char *value = ical_value(component, name);
    return value != NULL && str_equal_nocase(value, "TRUE");
}

static bool at_midnight(const struct when *when)
{
    return when_on_day(when, when_day(when)).instant == when->instant &&
           zone_civil(when->zone, when->instant).hour == 0 &&
           zone_civil(when->zone, when->instant).minute == 0;
}

/* Exchange's own texts say "all day" besides times at midnight. */
static void undo_midnights(const struct ical_component *component,
                           struct event *event)
{
    if (event->start.kind != WHEN_ZONED ||
        !is_true(component, "X-MICROSOFT-CDO-ALLDAYEVENT") ||
        !at_midnight(&event->start) || !at_midnight(&event->end) ||
        event->end.instant <= event->start.instant)
        return;
    event->start = (struct when){ .kind = WHEN_DATE,
                                  .instant = when_day(&event->start) * DAY };
    event->end = (struct when){ .kind = WHEN_DATE,
                                .instant = when_day(&event->end) * DAY };
}

/* A start that the clocks skip in spring is read an hour later, which may be
 * after the end: then it lasts as long as the two faces say. */
static void pass_gap(const struct ical_times *times,
                     const struct ical_component *component,
                     struct event *event)
{
    const char *end = ical_value(component, "DTEND");
    if (end == NULL || event->start.kind != WHEN_ZONED ||
        event->start.zone != event->end.zone ||
        event->end.instant > event->start.instant)
        return;
    struct ical_times faces = *times;
    faces.zone = zone_utc();
    int64_t from =
        ical_when_value(&faces, ical_value(component, "DTSTART"), NULL).instant;
    int64_t to = ical_when_value(&faces, end, NULL).instant;
    struct civil shown = zone_civil(event->start.zone, event->start.instant);
    if (zone_civil_seconds(&shown) != from && to > from)
        event->end.instant = event->start.instant + to - from;
}

static bool read_times(const struct ical_context *context,
                       const struct ical_component *component,
                       struct event *event, const char **reason_out)
{
    const struct ical_line *start = ical_line_find(component, "DTSTART");
    *reason_out = "There is no start.";
    if (start == NULL)
        return false;
    event->start = ical_when(&context->times, start);
    if (event->start.kind == WHEN_NONE)
        return false;
    *reason_out = "The end does not fit to the start.";
    if (!read_end(context, component, event))
        return false;
    pass_gap(&context->times, component, event);
    undo_midnights(component, event);
    *reason_out = "The end is before the start.";
    return event->end.instant >= event->start.instant;
}

/* --- Busy ---------------------------------------------------------------- */

/* What every client can say decides; Microsoft's words add to it what only they
 * can say. */
static enum event_busy read_busy(const struct ical_component *component)
{
    const char *transparent = ical_value(component, "TRANSP");
    const char *status = ical_value(component, "STATUS");
    const char *more = ical_value(component, "X-MICROSOFT-CDO-BUSYSTATUS");
    bool free =
        transparent != NULL && str_equal_nocase(transparent, "TRANSPARENT");
    if (more != NULL && str_equal_nocase(more, "WORKINGELSEWHERE"))
        return BUSY_ELSEWHERE;
    if (free ||
        (transparent == NULL && more != NULL && str_equal_nocase(more, "FREE")))
        return BUSY_FREE;
    if (more != NULL && str_equal_nocase(more, "OOF"))
        return BUSY_AWAY;
    if (status != NULL && str_equal_nocase(status, "TENTATIVE"))
        return BUSY_TENTATIVE;
    if ((status == NULL || str_equal_nocase(status, "CANCELLED")) &&
        more != NULL && str_equal_nocase(more, "TENTATIVE"))
        return BUSY_TENTATIVE;
    return BUSY_BUSY;
}

/* --- People -------------------------------------------------------------- */

static enum event_answer read_answer(const char *status)
{
    if (status == NULL)
        return ANSWER_NONE;
    if (str_equal_nocase(status, "ACCEPTED"))
        return ANSWER_ACCEPTED;
    if (str_equal_nocase(status, "TENTATIVE"))
        return ANSWER_TENTATIVE;
    return str_equal_nocase(status, "DECLINED") ? ANSWER_DECLINED : ANSWER_NONE;
}

static enum event_role read_role(const struct ical_line *line)
{
    const char *type = ical_param(line, "CUTYPE");
    const char *role = ical_param(line, "ROLE");
    if (type != NULL &&
        (str_equal_nocase(type, "ROOM") || str_equal_nocase(type, "RESOURCE")))
        return ROLE_RESOURCE;
    if (role != NULL && (str_equal_nocase(role, "OPT-PARTICIPANT") ||
                         str_equal_nocase(role, "NON-PARTICIPANT")))
        return ROLE_OPTIONAL;
    return ROLE_REQUIRED;
}

static enum event_agent read_agent(const struct ical_line *line)
{
    const char *agent = ical_param(line, "SCHEDULE-AGENT");
    if (agent == NULL || str_equal_nocase(agent, "SERVER"))
        return AGENT_SERVER;
    /* RFC 6638, 7.1: what is not known is as NONE. */
    return str_equal_nocase(agent, "CLIENT") ? AGENT_CLIENT : AGENT_NOBODY;
}

static bool read_attendee(const struct ical_context *context,
                          const struct ical_line *line,
                          struct attendee *attendee)
{
    const char *rsvp = ical_param(line, "RSVP");
    *attendee = (struct attendee){
        .address = ical_address(context->arena, line),
        .name = ical_param(line, "CN"),
        .role = read_role(line),
        .answer = read_answer(ical_param(line, "PARTSTAT")),
        .rsvp = rsvp != NULL && str_equal_nocase(rsvp, "TRUE"),
        .agent = read_agent(line),
        .force_send = ical_param(line, "SCHEDULE-FORCE-SEND") != NULL
    };
    return attendee->address != NULL;
}

static bool is_listed(const struct event *event, const char *address)
{
    if (str_equal_nocase(event->organizer, address))
        return true;
    for (size_t i = 0; i < event->attendee_count; i++)
        if (str_equal_nocase(event->attendees[i].address, address))
            return true;
    return false;
}

/* The organizer comes to his own meeting without being asked. */
static bool read_attendees(const struct ical_context *context,
                           const struct ical_component *component,
                           struct event *event)
{
    size_t count = 0;
    const struct ical_line *first = ical_line_find(component, "ATTENDEE");
    for (const struct ical_line *line = first; line != NULL;
         line = ical_line_next(line, "ATTENDEE"))
        count++;
    if (count > ICAL_ATTENDEES_MAX)
        return false;
    event->attendees =
        arena_array(context->arena, count + 1, sizeof *event->attendees);
    for (const struct ical_line *line = first; line != NULL;
         line = ical_line_next(line, "ATTENDEE")) {
        struct attendee *attendee = &event->attendees[event->attendee_count];
        if (!read_attendee(context, line, attendee) ||
            is_listed(event, attendee->address))
            continue;
        if (ical_is_self(context, attendee->address))
            event->answer = attendee->answer;
        event->attendee_count++;
    }
    return true;
}

/* Who cares for the answer of one who is invited is said of the organizer
 * (RFC 6638, 7.1 and 7.2). */
static void take_agent(const struct ical_line *organizer, struct event *event)
{
    bool force = ical_param(organizer, "SCHEDULE-FORCE-SEND") != NULL;
    for (size_t i = 0; i < event->attendee_count; i++) {
        event->attendees[i].agent = read_agent(organizer);
        event->attendees[i].force_send |= force;
    }
}

static bool read_people(const struct ical_context *context,
                        const struct ical_component *component,
                        struct event *event)
{
    const struct ical_line *organizer = ical_line_find(component, "ORGANIZER");
    if (organizer != NULL) {
        event->organizer = ical_address(context->arena, organizer);
        event->organizer_name = ical_param(organizer, "CN");
    }
    if (!read_attendees(context, component, event))
        return false;
    bool own = ical_is_self(context, event->organizer);
    if (own)
        event->answer = ANSWER_ORGANIZER;
    else if (organizer != NULL)
        take_agent(organizer, event);
    event->is_meeting =
        event->attendee_count > 0 || (event->organizer != NULL && !own);
    return true;
}

/* --- Attachments --------------------------------------------------------- */

static const char *attachment_name(const struct ical_line *line)
{
    static const char *const names[] = {
        "FILENAME",          "X-FILENAME", "X-APPLE-FILENAME",
        "X-ORACLE-FILENAME", "X-LABEL",    "LABEL"
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *name = ical_param(line, names[i]);
        if (name != NULL && *name != '\0')
            return name;
    }
    return "attachment";
}

static bool read_attachment(const struct ical_context *context,
                            const struct ical_line *line,
                            struct event_attachment *out)
{
    const char *encoding = ical_param(line, "ENCODING");
    const char *size = ical_param(line, "SIZE");
    *out = (struct event_attachment){ .id = ical_param(line, "MANAGED-ID"),
                                      .name = attachment_name(line),
                                      .type = ical_param(line, "FMTTYPE") };
    if (size != NULL && !str_to_u64(size, UINT32_MAX, &out->size))
        out->size = 0;
    if (encoding == NULL || !str_equal_nocase(encoding, "BASE64")) {
        out->link = out->id == NULL ? line->value : NULL;
        return *line->value != '\0';
    }
    out->data = base64_decode(context->arena, line->value, strlen(line->value),
                              &out->len);
    out->size = out->len;
    return out->data != NULL;
}

static bool read_attachments(const struct ical_context *context,
                             const struct ical_component *component,
                             struct event *event)
{
    for (const struct ical_line *line = ical_line_find(component, "ATTACH");
         line != NULL; line = ical_line_next(line, "ATTACH")) {
        if (event->attachment_count == EVENT_ATTACHMENTS_MAX)
            return false;
        if (event->attachments == NULL)
            event->attachments =
                arena_array(context->arena, EVENT_ATTACHMENTS_MAX,
                            sizeof *event->attachments);
        event->attachment_count += read_attachment(
            context, line, &event->attachments[event->attachment_count]);
    }
    return true;
}

/* --- The event ----------------------------------------------------------- */

static void read_reminder(const struct ical_context *context,
                          const struct ical_component *component,
                          struct event *event)
{
    int64_t before;
    if (ical_event_alarm(context, component, event, &before) == NULL)
        return;
    event->reminder = true;
    before /= 60;
    event->reminder_minutes = before > INT32_MAX ? INT32_MAX : (int32_t)before;
}

static uint32_t read_sequence(const struct ical_component *component)
{
    uint64_t sequence;
    const char *value = ical_value(component, "SEQUENCE");
    return value != NULL && str_to_u64(value, INT32_MAX, &sequence)
               ? (uint32_t)sequence
               : 0;
}

enum ical_problem ical_event_read(const struct ical_context *context,
                                  const struct ical_component *component,
                                  struct event *out, const char **reason_out)
{
    *out = (struct event){ 0 };
    if (!read_times(context, component, out, reason_out))
        return ICAL_TIME;
    out->summary = ical_text_of(context, component, "SUMMARY");
    out->location = ical_text_of(context, component, "LOCATION");
    out->description = ical_text_of(context, component, "DESCRIPTION");
    out->html = ical_html_of(context, component, out->description);
    if (out->description == NULL && out->html != NULL)
        out->description = html_lines(context->arena, out->html);
    out->busy = read_busy(component);
    out->class = ical_class_of(component);
    out->importance = ical_importance_of(component);
    out->categories = ical_categories_of(context, component);
    const char *status = ical_value(component, "STATUS");
    out->cancelled = status != NULL && str_equal_nocase(status, "CANCELLED");
    out->refuse_counter = is_true(component, "X-MICROSOFT-DISALLOW-COUNTER");
    out->url = ical_value(component, "URL");
    out->conference = ical_value(component, "CONFERENCE");
    out->sequence = read_sequence(component);
    out->created = ical_instant_of(context, component, "CREATED");
    out->modified = ical_instant_of(context, component, "LAST-MODIFIED");
    out->stamp = ical_instant_of(context, component, "DTSTAMP");
    read_reminder(context, component, out);
    *reason_out = "There are too many attendees.";
    if (!read_people(context, component, out))
        return ICAL_PEOPLE;
    *reason_out = "There are too many attachments.";
    if (!read_attachments(context, component, out))
        return ICAL_LIMIT;
    *reason_out = NULL;
    return ICAL_FINE;
}
