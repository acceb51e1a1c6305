/*
 * ical_put_event.c - what Exchange holds of an event, put into its VEVENT
 *
 * Property by property: what means the same stays as the client wrote it.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/format/ical_private.h"

/* --- Time ---------------------------------------------------------------- */

/* Exchange knows fewer zones than there are: the client's one stays where it is
 * one of those that Exchange cannot tell apart. */
static struct when in_own_zone(const struct when *was, struct when shall)
{
    struct when other = *was;
    other.instant = shall.instant;
    if (was->kind == WHEN_ZONED && when_equal(&other, &shall))
        shall.zone = was->zone;
    return shall;
}

static void put_times(struct ical_pen *pen, struct ical_component *component,
                      const struct event *was, const struct event *shall)
{
    struct arena *arena = pen->context.arena;
    struct when start = shall->start, end = shall->end;
    if (was != NULL) {
        start = in_own_zone(&was->start, start);
        end = in_own_zone(&was->end, end);
    }
    ical_put(pen, component, "DTSTART",
             ical_when_line(arena, "DTSTART", &start));
    ical_put(pen, component, "DURATION", NULL);
    ical_put(pen, component, "DTEND", ical_when_line(arena, "DTEND", &end));
    ical_put(pen, component, "X-MICROSOFT-CDO-ALLDAYEVENT", NULL);
}

/* --- Busy and cancelled -------------------------------------------------- */

static void put_status(struct ical_pen *pen, struct ical_component *component,
                       const struct event *shall)
{
    const char *status = ical_value(component, "STATUS");
    bool tentative = shall->busy == BUSY_TENTATIVE;
    if (shall->cancelled)
        ical_put(pen, component, "STATUS", "STATUS:CANCELLED");
    else if (tentative)
        ical_put(pen, component, "STATUS", "STATUS:TENTATIVE");
    else if (status != NULL && !str_equal_nocase(status, "CONFIRMED"))
        ical_put(pen, component, "STATUS", "STATUS:CONFIRMED");
}

static void put_busy(struct ical_pen *pen, struct ical_component *component,
                     const struct event *shall)
{
    static const char *const more[] = {
        [BUSY_AWAY] = "X-MICROSOFT-CDO-BUSYSTATUS:OOF",
        [BUSY_ELSEWHERE] = "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE",
        [BUSY_UNKNOWN] = NULL,
    };
    bool free = shall->busy == BUSY_FREE || shall->busy == BUSY_ELSEWHERE;
    ical_put(pen, component, "TRANSP",
             free ? "TRANSP:TRANSPARENT" : "TRANSP:OPAQUE");
    const char *word = more[shall->busy];
    if (shall->busy == BUSY_TENTATIVE && shall->cancelled)
        word = "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE";
    ical_put(pen, component, "X-MICROSOFT-CDO-BUSYSTATUS", word);
    put_status(pen, component, shall);
}

/* --- Reminder ------------------------------------------------------------ */

static void put_reminder(struct ical_pen *pen, struct ical_component *component,
                         const struct event *shall)
{
    int64_t before;
    struct ical_component *alarm;
    while ((alarm = ical_event_alarm(&pen->context, component, shall,
                                     &before)) != NULL &&
           !shall->reminder) {
        pen->touched = true;
        ical_child_remove(component, alarm);
    }
    if (!shall->reminder)
        return;
    ical_put_alarm(pen, component, alarm,
                   arena_printf(pen->context.arena, "TRIGGER:-PT%dM",
                                shall->reminder_minutes));
}

/* --- Attachments --------------------------------------------------------- */

static const struct event_attachment *find_attachment(const struct event *event,
                                                      const char *id)
{
    for (size_t i = 0; event != NULL && i < event->attachment_count; i++)
        if (str_equal(event->attachments[i].id, id))
            return &event->attachments[i];
    return NULL;
}

/* An id as a segment of a URL. */
static const char *quoted(struct arena *arena, const char *id)
{
    struct buf out;
    buf_init(&out, arena);
    for (; *id != '\0'; id++)
        if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                   "0123456789-._~",
                   *id) != NULL)
            buf_putc(&out, *id);
        else
            buf_printf(&out, "%%%02X", (unsigned char)*id);
    return out.data;
}

static void add_attachment(struct ical_pen *pen,
                           struct ical_component *component,
                           const struct event_attachment *attachment)
{
    struct arena *arena = pen->context.arena;
    const char *type = attachment->type;
    ical_line_add(
        arena, component,
        arena_printf(
            arena, "ATTACH;MANAGED-ID=%s%s%s;FILENAME=%s;SIZE=%llu:%s%s",
            ical_param_quote(arena, attachment->id),
            type != NULL ? ";FMTTYPE=" : "",
            type != NULL ? ical_param_quote(arena, type) : "",
            ical_param_quote(arena, attachment->name != NULL ? attachment->name
                                                             : "attachment"),
            (unsigned long long)attachment->size, pen->attachment_base,
            quoted(arena, attachment->id)));
    pen->touched = true;
}

/* Files are Exchange's, links the client's. */
static void put_attachments(struct ical_pen *pen,
                            struct ical_component *component,
                            const struct event *shall)
{
    struct ical_line *line = ical_line_find(component, "ATTACH"), *next;
    for (; line != NULL; line = next) {
        next = ical_line_next(line, "ATTACH");
        const char *id = ical_param(line, "MANAGED-ID");
        bool file = id != NULL || ical_param(line, "ENCODING") != NULL;
        if (file && (id == NULL || find_attachment(shall, id) == NULL)) {
            ical_line_remove(component, line);
            pen->touched = true;
        }
    }
    for (size_t i = 0; i < shall->attachment_count; i++) {
        const struct event_attachment *attachment = &shall->attachments[i];
        bool there = false;
        for (line = ical_line_find(component, "ATTACH"); line != NULL && !there;
             line = ical_line_next(line, "ATTACH"))
            there = str_equal(ical_param(line, "MANAGED-ID"), attachment->id);
        if (!there && attachment->id != NULL && !attachment->inline_picture &&
            pen->attachment_base != NULL)
            add_attachment(pen, component, attachment);
    }
}

/* --- The event ----------------------------------------------------------- */

static void put_raw(struct ical_pen *pen, struct ical_component *component,
                    const char *name, const char *begin, const char *value)
{
    if (value != NULL && *value != '\0')
        ical_put(pen, component, name,
                 arena_printf(pen->context.arena, "%s:%s", begin, value));
}

static void put_stamp(struct ical_pen *pen, struct ical_component *component,
                      const char *name, int64_t instant)
{
    if (instant > 0)
        put_raw(pen, component, name, name,
                ical_utc_text(pen->context.arena, instant));
}

/* Of a new one all, else when it has been changed. */
static void put_stamps(struct ical_pen *pen, struct ical_component *component,
                       const struct event *was, const struct event *shall)
{
    if (shall->sequence > (was != NULL ? was->sequence : 0))
        put_raw(pen, component, "SEQUENCE", "SEQUENCE",
                arena_printf(pen->context.arena, "%u", shall->sequence));
    if (was == NULL)
        put_stamp(pen, component, "CREATED", shall->created);
    if (pen->touched)
        put_stamp(pen, component, "LAST-MODIFIED", shall->modified);
    if (ical_line_find(component, "DTSTAMP") == NULL)
        put_stamp(pen, component, "DTSTAMP",
                  shall->stamp > 0      ? shall->stamp
                  : shall->modified > 0 ? shall->modified
                                        : 1);
}

/* Exchange marks as cancelled what others have cancelled, and has no place for
 * that on what is one's own: that a client says so stays. */
static struct event as_cancelled(const struct event *was,
                                 const struct event *shall)
{
    struct event held = *shall;
    bool is_own = held.organizer == NULL || *held.organizer == '\0' ||
                  held.answer == ANSWER_ORGANIZER;

    held.cancelled |= is_own && was != NULL && was->cancelled;
    return held;
}

void ical_event_put(struct ical_pen *pen, struct ical_component *component,
                    const struct event *was, const struct event *shall)
{
    unsigned parts = was != NULL ? event_differences(was, shall) : ~0u;
    const struct event held = as_cancelled(was, shall);
    pen->touched = was == NULL;
    if (parts & 1u << EVENT_TIME)
        put_times(pen, component, was, shall);
    if (parts & 1u << EVENT_SUMMARY)
        ical_put_text(pen, component, "SUMMARY", shall->summary);
    if (parts & 1u << EVENT_LOCATION)
        ical_put_text(pen, component, "LOCATION", shall->location);
    if (parts & 1u << EVENT_BODY)
        ical_put_body(pen, component, shall->description, shall->html);
    if (parts & 1u << EVENT_BUSY ||
        (was != NULL && was->cancelled != held.cancelled))
        put_busy(pen, component, &held);
    if (parts & 1u << EVENT_CLASS)
        ical_put_class(pen, component, shall->class);
    if (parts & 1u << EVENT_IMPORTANCE)
        ical_put_importance(pen, component, shall->importance);
    if (parts & 1u << EVENT_CATEGORIES)
        ical_put_categories(pen, component, shall->categories);
    if (parts & 1u << EVENT_REMINDER)
        put_reminder(pen, component, shall);
    ical_put_organizer(pen, component, shall);
    ical_put_attendees(pen, component, was, shall);
    if (parts & 1u << EVENT_COUNTER)
        ical_put(pen, component, "X-MICROSOFT-DISALLOW-COUNTER",
                 shall->refuse_counter ? "X-MICROSOFT-DISALLOW-COUNTER:TRUE"
                                       : NULL);
    if (parts & 1u << EVENT_URL)
        put_raw(pen, component, "URL", "URL", shall->url);
    if (parts & 1u << EVENT_ATTACHMENTS)
        put_attachments(pen, component, shall);
    if (ical_line_find(component, "CONFERENCE") == NULL)
        put_raw(pen, component, "CONFERENCE", "CONFERENCE;VALUE=URI",
                shall->conference);
    put_stamps(pen, component, was, shall);
}
