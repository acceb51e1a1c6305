/*
 * object_update.c - changing objects
 *
 * What a client sends is compared with what it was given, and only what differs
 * is written.  A change names the change key that it is made to, so that it
 * never covers another's; whoever does not say to which state his change
 * belongs has it made once more, to what the other has left.  One whose answer
 * is lost is looked for before it is repeated.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/object_writing.h"

/* --- What is there -------------------------------------------------------- */

static enum status read_now(struct writing *writing, struct object_said *now)
{
    struct op *op = writing->desk.op;
    const char *text;
    enum status status = object_text(&writing->desk, &writing->row, &text);

    if (status != STATUS_OK)
        return status;
    *now = object_understand(&writing->desk, writing->said.kind, text,
                             strlen(text));
    if (now->problem != OBJECT_FINE)
        return op_fail(op, STATUS_CORRUPT,
                       "what was there cannot be understood: %s",
                       now->reason == NULL ? "" : now->reason);
    return STATUS_OK;
}

/* What Exchange says of the event by now, besides what its text tells. */
struct look {
    struct arena *arena;
    enum status status;
    const char *change_key;
    bool invited; /* it has come by an invitation */
};

static bool take_look(void *context, const struct remote_object_read *read)
{
    struct look *look = context;

    look->status = read->status;
    look->change_key = arena_strdup(look->arena, read->object.change_key);
    look->invited = read->series != NULL && !meeting_is_own(read->series);
    return true;
}

static enum status look_at(struct desk *desk,
                           const struct remote_object *object,
                           struct look *look)
{
    *look = (struct look){ desk->op->arena, STATUS_NOT_FOUND, NULL, false };
    enum status status = account_told(
        desk->account, desk->objects->read(desk->op, desk->remote, desk->zone,
                                           object, 1, take_look, look));
    return status != STATUS_OK ? status : look->status;
}

/* --- Answers -------------------------------------------------------------- */

/* An event that is being changed: what it was and what it shall be are taken
 * along, as answers change both. */
struct change {
    struct writing *writing;
    struct remote_object *object;
    struct series was;
    struct series shall;
};

/* One's copy of a meeting is not there any more on a day that is declined. */
static void leave_out(struct change *change, const struct when *day)
{
    struct arena *arena = change->writing->desk.op->arena;

    change->was = series_without_day(arena, &change->was, day);
    change->shall = series_without_day(arena, &change->shall, day);
}

static enum status reply_once(struct change *change,
                              const struct meeting_reply *reply)
{
    struct writing *writing = change->writing;
    struct desk *desk = &writing->desk;
    struct remote_object *object = change->object;
    struct remote_result result = { 0 };
    enum status status = account_told(
        desk->account, desk->objects->respond(desk->op, desk->remote, object,
                                              reply->occurrence, reply->answer,
                                              NULL, reply->send, &result));

    /* A day that has been called off is only taken away. */
    if (status == STATUS_CANNOT && reply->leaves)
        return STATUS_OK;
    if (status != STATUS_OK)
        return status;
    writing->replied = true;
    if (reply->occurrence == NULL) {
        writing->out->gone = result.id == NULL;
        object->id = result.id;
    } else if (reply->answer == ANSWER_DECLINED) {
        leave_out(change, reply->occurrence);
    }
    object->change_key = result.change_key;
    return STATUS_OK;
}

/* Answers go out first: they change the event, or make another item of it. */
static enum status reply(struct change *change)
{
    struct writing *writing = change->writing;
    struct desk *desk = &writing->desk;
    struct meeting_reply *replies =
        arena_array(desk->op->arena, MEETING_REPLIES, sizeof *replies);
    size_t count =
        meeting_replies(&change->was, &change->shall, replies, MEETING_REPLIES);
    enum status status = STATUS_OK;
    struct look look;

    for (size_t i = 0; i < count && status == STATUS_OK && !writing->out->gone;
         i++)
        status = reply_once(change, &replies[i]);
    if (status != STATUS_OK || writing->out->gone ||
        change->object->change_key != NULL)
        return status;
    status = look_at(desk, change->object, &look);
    change->object->change_key = look.change_key;
    return status;
}

/* --- Events --------------------------------------------------------------- */

/* Exchange answers and deletes whatever state an event is in. */
static enum status look_at_same(struct change *change, struct look *look)
{
    struct desk *desk = &change->writing->desk;
    const char *key = change->object->change_key;
    enum status status = look_at(desk, change->object, look);

    if (status == STATUS_OK && key != NULL && !str_equal(key, look->change_key))
        status = op_fail(desk->op, STATUS_CONFLICT,
                         "the event has been changed meanwhile");
    return status;
}

/* Other people's meetings: an invitation is answered, and only what is one's
 * own may be changed; a copy that was put here by hand is to Exchange an event
 * without people, which may become anything. */
static enum status change_invitation(struct change *change)
{
    struct writing *writing = change->writing;
    struct arena *arena = writing->desk.op->arena;
    struct meeting_reply one;
    enum object_problem problem =
        meeting_check_attendee(&change->was, &change->shall);
    struct look look;

    if (problem == OBJECT_FINE &&
        meeting_replies(&change->was, &change->shall, &one, 1) == 0)
        return STATUS_OK;
    enum status status = look_at_same(change, &look);
    if (status != STATUS_OK)
        return status;
    if (look.invited && problem != OBJECT_FINE)
        return writing_refuse(writing, problem,
                              "Only the organizer may change this");
    if (look.invited)
        return reply(change);
    change->was = meeting_without_people(arena, &change->was);
    if (!meeting_is_own(&change->shall))
        change->shall = meeting_without_people(arena, &change->shall);
    return STATUS_OK;
}

/* One's own event does not become another's meeting; what had no people may be
 * a copy of one from now on. */
static enum status change_own(struct change *change)
{
    if (meeting_is_own(&change->shall))
        return STATUS_OK;
    if (meeting_has_people(&change->was))
        return writing_refuse(change->writing, OBJECT_ORGANIZER,
                              "The organizer cannot be changed");
    change->shall =
        meeting_without_people(change->writing->desk.op->arena, &change->shall);
    return STATUS_OK;
}

/* The event is taken away when those who are invited are told its end. */
static enum status call_off(struct change *change)
{
    struct writing *writing = change->writing;
    struct desk *desk = &writing->desk;
    struct look look;
    enum status status = look_at_same(change, &look);

    if (status == STATUS_OK)
        status = account_told(
            desk->account,
            desk->objects->remove(
                desk->op, desk->remote, change->object, desk_has_trash(desk),
                meeting_notice_end(&change->was, desk->zone)));

    writing->out->gone = status == STATUS_OK;
    return status;
}

static enum status write_event(struct change *change,
                               struct remote_object_extras *extras)
{
    struct writing *writing = change->writing;
    struct desk *desk = &writing->desk;

    change->shall = meeting_without_cancelled(desk->op->arena, &change->shall);
    extras->notice =
        meeting_notice_change(&change->was, &change->shall, desk->zone);
    if (extras->notice != REMOTE_NOTICE_NONE &&
        meeting_is_mixed(&change->shall))
        return writing_refuse(writing, OBJECT_ORGANIZER, MIXED_AGENTS);
    writing->answers_only =
        writing->replied &&
        meeting_same_but_answers(&change->was, &change->shall);
    return account_told(
        desk->account, desk->objects->event_update(
                           desk->op, desk->remote, change->object, &change->was,
                           &change->shall, extras, &writing->result));
}

static enum status update_event(struct writing *writing,
                                struct remote_object *object,
                                struct remote_object_extras *extras)
{
    struct change change = {
        .writing = writing,
        .object = object,
        .was = writing->before.calendar.series,
        .shall = writing->said.calendar.series,
    };
    enum status status = meeting_is_own(&change.was)
                             ? change_own(&change)
                             : change_invitation(&change);

    if (status != STATUS_OK || writing->out->gone)
        return status;
    return meeting_is_called_off(&change.was, &change.shall, writing->desk.zone)
               ? call_off(&change)
               : write_event(&change, extras);
}

/* --- All kinds ------------------------------------------------------------ */

static enum status update_once(struct writing *writing)
{
    struct desk *desk = &writing->desk;
    struct remote_object object = object_remote(&writing->row);
    struct remote_object_extras extras = {
        .kept = writing->kept == NULL ? "" : writing->kept,
    };

    if (writing->is_kept)
        extras.kept = NULL;
    /* What a client calls otherwise than Exchange does is noted there. */
    if (!writing->row.named || !str_equal(writing->row.name, writing->name))
        extras.name = writing->name;
    writing->result = (struct remote_result){ 0 };
    switch (writing->said.kind) {
    case OBJECT_TASK:
        return account_told(desk->account, desk->objects->task_update(
                                               desk->op, desk->remote, &object,
                                               &writing->before.calendar.task,
                                               &writing->said.calendar.task,
                                               &extras, &writing->result));
    case OBJECT_CONTACT:
        return account_told(desk->account, desk->objects->contact_update(
                                               desk->op, desk->remote, &object,
                                               &writing->before.contact,
                                               &writing->said.contact, &extras,
                                               &writing->result));
    default:
        return update_event(writing, &object, &extras);
    }
}

/* --- Lost answers --------------------------------------------------------- */

/* Whether what the writing is to change of the object itself is as it shall
 * be. */
static bool is_written(const struct writing *writing,
                       const struct object_said *now)
{
    const struct ical_object *was = &writing->before.calendar;
    const struct ical_object *shall = &writing->said.calendar;

    switch (writing->said.kind) {
    case OBJECT_TASK:
        return (task_differences(&was->task, &shall->task) &
                task_differences(&now->calendar.task, &shall->task)) == 0;
    case OBJECT_CONTACT:
        return contact_equal(&now->contact, &writing->said.contact);
    default:
        return (meeting_differences(&was->series, &shall->series) &
                meeting_differences(&now->calendar.series, &shall->series)) ==
               0;
    }
}

/* The answer was lost: what Exchange has now tells.  STATUS_STALE: the writing
 * goes on from what is there. */
static enum status look_again(struct writing *writing)
{
    struct desk *desk = &writing->desk;
    const char *old = writing->row.change_key;
    struct object_said now;
    enum status status = desk_sync(desk);

    if (status == STATUS_OK)
        status = object_row(desk, writing->row.name, &writing->row);
    if (status != STATUS_OK)
        return STATUS_UNCERTAIN;
    if (writing->row.row == 0) {
        writing->out->gone =
            meeting_is_declined(&writing->said.calendar.series) ||
            meeting_is_called_off(&writing->before.calendar.series,
                                  &writing->said.calendar.series, desk->zone);
        return writing->out->gone ? STATUS_OK : STATUS_CONFLICT;
    }
    if (str_equal(old, writing->row.change_key))
        return STATUS_STALE;
    status = read_now(writing, &now);
    if (status != STATUS_OK)
        return STATUS_UNCERTAIN;
    if (!is_written(writing, &now))
        return op_fail(desk->op, STATUS_CONFLICT,
                       "another change has come in between");
    writing->before = now;
    return STATUS_STALE;
}

/* What was there before is kept for a second time: of what another has changed
 * meanwhile only that is written over which the client has changed. */
static enum status begin_update(struct writing *writing)
{
    struct object_said now;
    enum status status = read_now(writing, &now);

    if (status != STATUS_OK)
        return status;
    if (!str_equal(now.uid, writing->said.uid))
        return writing_refuse(writing, OBJECT_UID_CHANGED,
                              "The UID of an object cannot be changed");
    if (writing->before_row != writing->row.row)
        writing->before = now;
    writing->before_row = writing->row.row;
    return STATUS_OK;
}

/* Whether the client sends just what it would get: then nothing is changed, and
 * its entity tag stays. */
static enum status is_sent_back(struct writing *writing, bool *same_out)
{
    const char *text;
    enum status status = object_text(&writing->desk, &writing->row, &text);

    *same_out = status == STATUS_OK && writing->row.named &&
                str_equal(writing->row.name, writing->name) &&
                strlen(text) == writing->len &&
                memcmp(text, writing->text, writing->len) == 0;
    return status;
}

enum status writing_update(struct writing *writing)
{
    bool same = false;
    enum status status = object_check_shown(&writing->desk, &writing->row);

    if (status == STATUS_OK)
        status = begin_update(writing);

    if (status == STATUS_OK)
        status = is_sent_back(writing, &same);
    if (same) {
        writing->out->exact = true;
        writing->out->object = object_of(&writing->row);
        return STATUS_OK;
    }
    for (int i = 0; i < WRITE_TRIES && status == STATUS_OK; i++) {
        int64_t row = writing->row.row;

        status = update_once(writing);
        if (status == STATUS_UNCERTAIN)
            status = look_again(writing);
        if (status != STATUS_STALE) {
            writing->row.row = row;
            break;
        }
        status = i + 1 < WRITE_TRIES ? STATUS_OK : STATUS_UNCERTAIN;
    }
    if (status == STATUS_OK && !writing->out->gone)
        status = writing_keep(writing);
    return status;
}
