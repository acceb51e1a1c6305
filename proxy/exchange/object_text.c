/*
 * object_text.c - what a text says, and the text of what Exchange holds
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/credentials.h"
#include "proxy/exchange/object_private.h"

/* What is shown of what its owner does not show. */
#define PRIVATE_SUMMARY "Private"

/* --- Understanding -------------------------------------------------------- */

static enum object_problem calendar_problem(enum ical_problem problem)
{
    /* clang-format off */
    static const enum object_problem problems[] = {
        [ICAL_FINE]       = OBJECT_FINE,
        [ICAL_SYNTAX]     = OBJECT_SYNTAX,
        [ICAL_OBJECT]     = OBJECT_INVALID,
        [ICAL_COMPONENT]  = OBJECT_COMPONENT,
        [ICAL_RECURRENCE] = OBJECT_RECURRENCE,
        [ICAL_TIME]       = OBJECT_SYNTAX,
        [ICAL_EARLY]      = OBJECT_EARLY,
        [ICAL_LATE]       = OBJECT_LATE,
        [ICAL_LIMIT]      = OBJECT_TOO_MANY,
        [ICAL_PEOPLE]     = OBJECT_PEOPLE,
    };
    /* clang-format on */

    return problems[problem];
}

static enum object_problem card_problem(enum vcard_problem problem)
{
    /* clang-format off */
    static const enum object_problem problems[] = {
        [VCARD_FINE]   = OBJECT_FINE,
        [VCARD_SYNTAX] = OBJECT_SYNTAX,
        [VCARD_OBJECT] = OBJECT_INVALID,
        [VCARD_LIMIT]  = OBJECT_TOO_MANY,
    };
    /* clang-format on */

    return problems[problem];
}

struct object_said object_understand(struct desk *desk, enum object_kind kind,
                                     const char *text, size_t len)
{
    struct object_said said = { .kind = kind };

    if (kind == OBJECT_CONTACT) {
        said.problem =
            card_problem(vcard_read(desk->op->arena, text, len, &said.contact,
                                    &said.version, &said.reason));
        said.uid = said.contact.uid;
        if (said.problem == OBJECT_FINE && said.contact.group)
            object_add_members(desk, text, len, &said.contact);
        return said;
    }
    desk_know_owner(desk);
    said.problem =
        calendar_problem(ical_read(desk->op->arena, text, len, desk->zone,
                                   desk->self, &said.calendar, &said.reason));
    said.uid = said.calendar.uid;
    if (said.problem == OBJECT_FINE &&
        said.calendar.kind != (kind == OBJECT_TASK ? ICAL_TASK : ICAL_EVENT)) {
        said.problem = OBJECT_COMPONENT;
        said.reason = kind == OBJECT_TASK ? "This collection holds tasks"
                                          : "This collection holds events";
    }
    return said;
}

static bool is_control(const char *at)
{
    bool ends = *at == '\n' || (at[0] == '\r' && at[1] == '\n');

    return *at == '\x7f' || ((unsigned char)*at < ' ' && *at != '\t' && !ends);
}

const char *object_readable(struct arena *arena, const char *text)
{
    size_t len = 0, kept = 0;

    if (text == NULL)
        return NULL;
    while (text[len] != '\0' && !is_control(text + len))
        len++;
    if (text[len] == '\0')
        return text;
    char *clean = arena_alloc(arena, strlen(text) + 1);
    for (const char *at = text; *at != '\0'; at++)
        if (!is_control(at))
            clean[kept++] = *at;
    return clean;
}

/* --- What is private ------------------------------------------------------ */

/* Of what is private only the times are shown. */
static struct event masked(const struct event *event)
{
    return (struct event){
        .occurrence = event->occurrence,
        .start = event->start,
        .end = event->end,
        .summary = PRIVATE_SUMMARY,
        .busy = event->busy,
        .class = event->class,
        .created = TIME_NONE,
        .modified = event->modified,
        .stamp = event->stamp,
    };
}

static struct series mask(struct op *op, const struct series *series)
{
    struct series shown = *series;

    shown.master = masked(&series->master);
    shown.exceptions = arena_array(op->arena, series->exception_count + 1,
                                   sizeof *shown.exceptions);
    for (size_t i = 0; i < series->exception_count; i++)
        shown.exceptions[i] = masked(&series->exceptions[i]);
    return shown;
}

static struct task mask_task(const struct task *task)
{
    return (struct task){
        .uid = task->uid,
        .summary = PRIVATE_SUMMARY,
        .start = task->start,
        .due = task->due,
        .completed = TIME_NONE,
        .class = task->class,
        .importance = IMPORTANCE_NORMAL,
        .created = TIME_NONE,
        .modified = task->modified,
    };
}

static struct contact mask_contact(const struct contact *contact)
{
    return (struct contact){
        .uid = contact->uid,
        .group = contact->group,
        .text = { [CONTACT_DISPLAY_NAME] = PRIVATE_SUMMARY },
        .preferred_place = -1,
        .class = contact->class,
        .modified = contact->modified,
    };
}

/* --- Making texts --------------------------------------------------------- */

/* A copy of somebody else's meeting that was put here by hand: to Exchange it
 * is an event without attendees, as it would invite them. */
static void lend_organizer(struct desk *desk, struct series *series,
                           const char *kept)
{
    struct ical_object before;
    const char *reason;

    if (kept == NULL || series->master.attendee_count > 0 ||
        ical_read(desk->op->arena, kept, strlen(kept), desk->zone, desk->self,
                  &before, &reason) != ICAL_FINE ||
        before.kind != ICAL_EVENT || meeting_is_own(&before.series))
        return;
    const struct event *was = &before.series.master;
    series->master.organizer = was->organizer;
    series->master.organizer_name = was->organizer_name;
    series->master.attendees = was->attendees;
    series->master.attendee_count = was->attendee_count;
    series->master.answer = was->answer;
    series->master.is_meeting = true;
}

static const char *make_event(struct desk *desk, const char *kept,
                              const struct remote_object_read *read,
                              const char *name,
                              struct index_object_content *content)
{
    struct op *op = desk->op;
    struct ical_object object = { .kind = ICAL_EVENT, .series = *read->series };

    desk_know_owner(desk);
    if (object.series.uid == NULL || *object.series.uid == '\0')
        object.series.uid = name;
    object.uid = object.series.uid;
    if (read->hidden) {
        object.series = mask(op, &object.series);
        kept = NULL;
    }
    lend_organizer(desk, &object.series, kept);
    content->uid = object.uid;
    ical_bounds(&object, desk->zone, &content->starts, &content->ends);
    return ical_write(op->arena, &object, kept, desk->zone, desk->self, name);
}

/* Exchange leaves a copy of a task of a series when that is done, with all that
 * the series has.  It is an object of its own: what is told of it has a UID of
 * its own, by its day. */
static const char *task_alone(struct desk *desk, const char *kept,
                              struct task *task)
{
    const struct when *when =
        task->due.kind != WHEN_NONE ? &task->due : &task->start;
    if (task->status != TASK_COMPLETED || task->recurrence != NULL ||
        kept == NULL || task->uid == NULL || when->kind == WHEN_NONE)
        return kept;
    char day[sizeof "-2147483648-01-01T00:00:00Z"];
    time_to_iso(when->instant, day);
    const char *uid = arena_printf(desk->op->arena, "%s-%.10s", task->uid, day);
    const char *alone = ical_task_alone(desk->op->arena, kept, uid);
    if (alone == NULL)
        return kept;
    task->uid = uid;
    return alone;
}

static const char *make_task(struct desk *desk, const char *kept,
                             const struct remote_object_read *read,
                             const char *name,
                             struct index_object_content *content)
{
    struct ical_object object = { .kind = ICAL_TASK, .task = *read->task };

    desk_know_owner(desk);
    kept = task_alone(desk, kept, &object.task);
    if (object.task.uid == NULL || *object.task.uid == '\0')
        object.task.uid = name;
    object.uid = content->uid = object.task.uid;
    if (read->hidden) {
        object.task = mask_task(&object.task);
        kept = NULL;
    }
    ical_bounds(&object, desk->zone, &content->starts, &content->ends);
    return ical_write(desk->op->arena, &object, kept, desk->zone, desk->self,
                      name);
}

/* The photo comes with the card. */
static enum status fetch_photo(struct desk *desk, struct contact *contact)
{
    struct event_attachment photo = { 0 };

    if (contact->photo_id == NULL || contact->photo != NULL)
        return STATUS_OK;
    enum status status = desk->objects->attachment_read(
        desk->op, desk->remote, contact->photo_id, &photo);
    contact->photo = photo.data;
    contact->photo_len = photo.len;
    contact->photo_type = photo.type;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status make_card(struct desk *desk, const char *kept,
                             const struct remote_object_read *read,
                             const char *name,
                             struct index_object_content *content)
{
    struct contact contact = *read->contact;
    enum status status = STATUS_OK;

    if (contact.uid == NULL || *contact.uid == '\0')
        contact.uid = name;
    if (read->hidden) {
        contact = mask_contact(&contact);
        kept = NULL;
    } else {
        status = fetch_photo(desk, &contact);
    }
    if (contact.group && kept != NULL)
        object_leave_members(desk, kept, strlen(kept), &contact);
    content->uid = contact.uid;
    content->starts = INT64_MIN;
    content->ends = INT64_MAX;
    content->text = vcard_write(desk->op->arena, &contact, kept, VCARD_4);
    return status;
}

/* --- Shapes --------------------------------------------------------------- */

/* Lines that change with every answer that comes in. */
static bool is_of_change(const char *line)
{
    static const char *const names[] = { "DTSTAMP", "LAST-MODIFIED", "REV:" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_starts_nocase(line, names[i]))
            return true;
    return false;
}

/* The end of a parameter that begins here. */
static const char *skip_parameter(const char *at)
{
    bool quoted = false;

    for (at++; *at != '\0' && *at != '\r' && (quoted || !strchr(";:", *at));
         at++)
        if (*at == '"')
            quoted = !quoted;
    return at;
}

/* What a text says but for the answers of attendees, as a number. */
static const char *shape_of(struct arena *arena, const char *text)
{
    struct digest *digest = digest_new();
    char *hex = arena_alloc(arena, 65);
    bool starts = true, skips = false;

    for (const char *at = text; *at != '\0';) {
        if (strncmp(at, "\r\n ", 3) == 0) {
            at += 3;
            continue;
        }
        if (starts)
            skips = is_of_change(at);
        starts = *at == '\n';
        if (!skips && str_starts_nocase(at, ";PARTSTAT=")) {
            at = skip_parameter(at);
            continue;
        }
        if (!skips)
            digest_add(digest, at, 1);
        at++;
    }
    digest_finish(&digest, hex);
    return hex;
}

/* Whether it is a scheduling object resource (RFC 6638, 3.1). */
static bool is_meeting(const struct remote_object_read *read, const char *text)
{
    return read->series != NULL && (strstr(text, "\nORGANIZER") != NULL ||
                                    strstr(text, "\nATTENDEE") != NULL);
}

enum status object_make(struct desk *desk, const struct index_object *row,
                        const struct remote_object_read *read,
                        struct index_object_content *content)
{
    const char *text, *kept = read->kept, *own;
    enum status status = STATUS_OK;

    if (kept == NULL) {
        status = index_object_text(desk->op, desk->account->index, row->row,
                                   &text, &own);
        kept = own;
    }
    kept = object_readable(desk->op->arena, kept);
    if (status == STATUS_OK && read->message != NULL)
        arrived_make(desk, read->message, content);
    else if (status == STATUS_OK && read->series != NULL)
        content->text = make_event(desk, kept, read, row->name, content);
    else if (status == STATUS_OK && read->task != NULL)
        content->text = make_task(desk, kept, read, row->name, content);
    else if (status == STATUS_OK && read->contact != NULL)
        status = make_card(desk, kept, read, row->name, content);
    if (status == STATUS_OK && content->text == NULL)
        status = STATUS_CORRUPT;
    content->hidden = read->hidden;
    content->has_kept = read->kept != NULL;
    if (status == STATUS_OK)
        content->shape =
            arena_printf(desk->op->arena, "%s%s",
                         is_meeting(read, content->text) ? INDEX_MEETING : "",
                         shape_of(desk->op->arena, content->text));
    return status;
}
