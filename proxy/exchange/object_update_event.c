/*
 * object_update_event.c - changing events, and what is told to people by that
 *
 * A change to an event may be an answer to its organizer, the end of a meeting
 * or news for those who are invited: the client only says what the event shall
 * be, and what that means follows from what it was.
 */
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/object_writing.h"

/* --- What is there -------------------------------------------------------- */

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

enum status writing_update_event(struct writing *writing,
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
