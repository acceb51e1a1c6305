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
#include "proxy/exchange/object_attaching.h"
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
        return writing_update_event(writing, &object, &extras);
    }
}

/* --- Lost answers --------------------------------------------------------- */

/* Whether nobody else has brought a file or taken one away. */
static bool are_files_left_alone(const struct event *was,
                                 const struct event *shall,
                                 const struct event *now)
{
    for (size_t i = 0; i < now->attachment_count; i++)
        if (now->attachments[i].id != NULL &&
            attachment_of_id(was, now->attachments[i].id) == NULL)
            return false;
    for (size_t i = 0; i < shall->attachment_count; i++)
        if (shall->attachments[i].id != NULL &&
            attachment_of_id(now, shall->attachments[i].id) == NULL)
            return false;
    return true;
}

/* Files come last: where nothing else differs, they are what is left to do. */
static bool is_event_written(const struct series *was,
                             const struct series *shall,
                             const struct series *now)
{
    unsigned left = meeting_differences(now, shall);

    return (meeting_differences(was, shall) & left) == 0 ||
           (left == 1u << EVENT_ATTACHMENTS &&
            are_files_left_alone(attaching_main(was), attaching_main(shall),
                                 attaching_main(now)));
}

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
        return is_event_written(&was->series, &shall->series,
                                &now->calendar.series);
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
