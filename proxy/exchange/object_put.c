/*
 * object_put.c - which object a client means, and what is made of it
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/object_joint.h"
#include "proxy/exchange/object_writing.h"

enum status writing_refuse(struct writing *writing, enum object_problem problem,
                           const char *reason)
{
    writing->out->problem = problem;
    writing->out->reason = reason;
    return op_fail(writing->desk.op, STATUS_BAD_CONTENT,
                   "the object is refused: %s",
                   reason == NULL ? "no reason" : reason);
}

enum status object_row(struct desk *desk, const char *name,
                       struct index_object *row_out)
{
    return index_objects_find(desk->op, desk->account->index, desk->folder.id,
                              &name, 1, row_out);
}

/* --- Conditions ----------------------------------------------------------- */

/* Whether it is about one state; that something is there at all is not. */
static bool names_state(const struct object_condition *condition)
{
    return condition != NULL &&
           (condition->absent || condition->revision != 0 ||
            condition->schedule != 0);
}

enum status object_check(struct op *op, const struct index_object *row,
                         const struct object_condition *condition)
{
    bool there = row->row != 0;

    if (condition == NULL)
        return STATUS_OK;
    if ((condition->absent && there) || (condition->present && !there) ||
        (condition->revision != 0 &&
         (!there || row->revision != condition->revision)) ||
        (condition->schedule != 0 &&
         (!there || row->schedule != condition->schedule)))
        return op_fail(op, STATUS_CONFLICT, "the object is not as expected");
    return STATUS_OK;
}

/* --- Which it is ---------------------------------------------------------- */

/* What an earlier attempt to make an object of this name has come to, if the
 * answer was lost, or we were. */
static enum status resume(struct writing *writing, bool *resumed)
{
    struct desk *desk = &writing->desk;
    struct index *index = desk->account->index;
    const char *hash =
        arena_printf(desk->op->arena, "object:%s", writing->name);
    struct index_attempt earlier = { 0 };
    struct remote_object found;
    enum status status =
        index_attempt_open(desk->op, index, desk->folder.id, hash, 0, &earlier);

    *resumed = false;
    if (status != STATUS_OK || earlier.id == 0)
        return status;
    if (writing->row.row == 0) {
        status = object_find_attempt(desk, earlier.token, &found);
        if (status == STATUS_OK && found.id != NULL)
            status = desk_sync(desk);
        if (status == STATUS_OK)
            status = object_row(desk, writing->name, &writing->row);
        *resumed = status == STATUS_OK && writing->row.row != 0;
    }
    if (status == STATUS_OK)
        status = index_attempt_end(desk->op, index, earlier.id,
                                   writing->row.row != 0);
    return status;
}

static enum status refuse_uid(struct writing *writing,
                              const struct index_object *other)
{
    writing->out->other = other->name;
    return writing_refuse(writing, OBJECT_UID_TAKEN,
                          "Another object of this collection has that UID");
}

/* The same UID under another name: an invitation that Exchange has put here
 * itself, and that no client has named yet, is the one that is meant. */
static enum status find_same(struct writing *writing,
                             struct index_object *other)
{
    struct desk *desk = &writing->desk;
    enum status status =
        index_object_by_uid(desk->op, desk->account->index, desk->folder.id,
                            writing->said.uid, other);

    if (status != STATUS_OK || other->row == 0 ||
        other->row == writing->row.row)
        return status;
    if (writing->row.row == 0 && !other->named) {
        writing->row = *other;
        return STATUS_OK;
    }
    return refuse_uid(writing, other);
}

/* Whether something may have that UID without our knowing: what nobody has read
 * yet, or an invitation that has come this minute. */
static bool may_be_unknown(struct writing *writing, const struct desk *desk)
{
    if (desk == &writing->desk && writing->said.kind == OBJECT_EVENT &&
        !meeting_is_own(&writing->said.calendar.series))
        return true;
    return index_has_unknown(desk->op, desk->account->index, desk->folder.id);
}

static enum status ask_for_same(struct writing *writing, struct desk *desk)
{
    struct remote_object *found = NULL;
    size_t count = 0;
    enum status status = account_told(
        desk->account,
        desk->objects->find(desk->op, desk->remote, desk->folder.remote, NULL,
                            writing->said.uid, &found, &count));

    if (status == STATUS_UNSUPPORTED)
        return STATUS_OK;
    if (status == STATUS_OK && count > 0)
        status = desk_sync(desk);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = index_object_has_uid(desk->op, desk->account->index,
                                      desk->folder.id, found[i].id,
                                      writing->said.uid);
    return status;
}

/* Nothing beside may have the name: what is an event does not become a task. */
static enum status check_name_beside(struct writing *writing,
                                     const struct object_condition *condition)
{
    struct index_object other = { 0 };
    enum status status = STATUS_OK;

    if (writing->beside != NULL)
        status = object_row(writing->beside, writing->name, &other);
    if (status == STATUS_OK && other.row != 0)
        status = object_check(writing->desk.op, &other, condition);
    if (status != STATUS_OK || other.row == 0)
        return status;
    writing->out->other = other.name;
    return writing_refuse(writing, OBJECT_UID_CHANGED,
                          "An event cannot become a task, nor a task an event");
}

/* Nor the UID of what is new here. */
static enum status check_uid_beside(struct writing *writing)
{
    struct desk *beside = writing->beside;
    struct index_object other = { 0 };
    enum status status = STATUS_OK;

    if (beside == NULL || writing->row.row != 0)
        return STATUS_OK;
    if (may_be_unknown(writing, beside))
        status = ask_for_same(writing, beside);
    if (status == STATUS_OK)
        status =
            index_object_by_uid(beside->op, beside->account->index,
                                beside->folder.id, writing->said.uid, &other);
    if (status != STATUS_OK || other.row == 0)
        return status;
    return refuse_uid(writing, &other);
}

/* Which row is meant, by its name, else by its UID. */
static enum status find_row(struct writing *writing,
                            const struct object_condition *condition)
{
    struct desk *desk = &writing->desk;
    struct index_object other = { 0 };
    bool resumed = false;
    const char *text;
    enum status status = object_row(desk, writing->name, &writing->row);

    if (status == STATUS_OK)
        status = resume(writing, &resumed);
    /* Which change was more than an answer is known of what has been read. */
    if (status == STATUS_OK && condition != NULL && condition->schedule != 0 &&
        writing->row.row != 0)
        status = object_text(desk, &writing->row, &text);
    if (status == STATUS_OK && condition != NULL && condition->schedule != 0)
        status = object_row(desk, writing->name, &writing->row);
    if (status == STATUS_OK && !resumed)
        status = object_check(desk->op, &writing->row, condition);
    if (status == STATUS_OK && writing->adds && !resumed &&
        writing->row.row != 0)
        status = refuse_uid(writing, &writing->row);
    if (status != STATUS_OK)
        return status;
    writing->out->created = writing->row.row == 0;
    status = find_same(writing, &other);
    if (status != STATUS_OK || writing->row.row != 0 ||
        !may_be_unknown(writing, &writing->desk))
        return status;
    status = ask_for_same(writing, &writing->desk);
    return status == STATUS_OK ? find_same(writing, &other) : status;
}

/* --- Writing -------------------------------------------------------------- */

enum status writing_keep(struct writing *writing)
{
    struct desk *desk = &writing->desk;
    struct index_object row = { 0 };
    struct index_object_write write = {
        .row = writing->row.row,
        .remote = writing->result.id != NULL ? writing->result.id
                                             : writing->row.remote,
        /* Not told: the next one may be that of another's change already. */
        .change_key = writing->result.change_key != NULL
                          ? writing->result.change_key
                          : writing->row.change_key,
        .kind = writing->said.kind == OBJECT_EVENT  ? REMOTE_EVENT
                : writing->said.kind == OBJECT_TASK ? REMOTE_TASK
                : writing->said.contact.group       ? REMOTE_GROUP
                                                    : REMOTE_CONTACT,
        .name = writing->name,
        .uid = writing->said.uid,
        .starts = INT64_MIN,
        .ends = INT64_MAX,
        .kept = writing->kept,
        .answers_only = writing->answers_only,
    };

    if (writing->said.kind != OBJECT_CONTACT)
        ical_bounds(&writing->said.calendar, desk->zone, &write.starts,
                    &write.ends);
    enum status status = index_object_write(desk->op, desk->account->index,
                                            desk->folder.id, &write, &row);
    if (status == STATUS_OK)
        writing->row = row;
    writing->out->object = object_of(&row);
    return status;
}

static const char *text_to_keep(struct writing *writing)
{
    struct arena *arena = writing->desk.op->arena;
    struct ical_object held = writing->said.calendar;

    if (writing->said.kind == OBJECT_CONTACT)
        return vcard_keep(arena, writing->text, writing->len,
                          &writing->said.contact);
    /* Of a copy of another's meeting Exchange does not hold the people. */
    if (held.kind == ICAL_EVENT)
        held.series = meeting_is_own(&held.series)
                          ? series_uncancelled(arena, &held.series)
                          : meeting_without_people(arena, &held.series);
    return ical_keep(arena, writing->text, writing->len, &held);
}

static enum status write_object(struct writing *writing,
                                const struct object_condition *condition)
{
    struct desk *desk = &writing->desk;
    enum status status = check_name_beside(writing, condition);

    if (status == STATUS_OK)
        status = find_row(writing, condition);
    if (status == STATUS_OK)
        status = check_uid_beside(writing);
    if (status == STATUS_OK)
        status = writing_check(writing);
    if (status != STATUS_OK)
        return status;
    writing->kept = text_to_keep(writing);
    status = writing->row.row == 0 ? writing_create(writing)
                                   : writing_update(writing);
    if (status == STATUS_OK && writing->out->gone)
        return index_object_remove(desk->op, desk->account->index,
                                   writing->row.row);
    return status;
}

/* Who names no state means whatever is there; and an answer that has gone out
 * cannot be taken back. */
static bool may_write_again(const struct writing *writing,
                            const struct object_condition *condition)
{
    return writing->replied || !names_state(condition);
}

static enum status write_in_turn(struct writing *writing,
                                 const struct object_condition *condition)
{
    enum status status = write_object(writing, condition);

    for (int i = 1; i < WRITE_TRIES &&
                    (status == STATUS_CONFLICT || status == STATUS_NOT_FOUND);
         i++) {
        if (desk_sync(&writing->desk) != STATUS_OK ||
            !may_write_again(writing, condition))
            break;
        status = write_object(writing, writing->replied ? NULL : condition);
    }
    return status == STATUS_NOT_FOUND ? STATUS_CONFLICT : status;
}

/* --- Where it belongs ----------------------------------------------------- */

/* Of two folders that are shown as one, what the text says tells which; the
 * other one has no say but that it must not have the name or the UID. */
static enum status choose_folder(struct writing *writing,
                                 const struct joint *joint)
{
    struct desk *desk = &writing->desk;
    struct desk *beside = arena_alloc(desk->op->arena, sizeof *beside);
    bool is_task = writing->said.problem == OBJECT_COMPONENT &&
                   writing->said.calendar.kind == ICAL_TASK;
    enum status status =
        desk_open(desk->op, desk->account, joint->folders[1], beside);

    if (status != STATUS_OK)
        return status;
    writing->beside = beside;
    if (!is_task)
        return STATUS_OK;
    struct desk calendar = *desk;

    *desk = *beside;
    *beside = calendar;
    writing->said =
        object_understand(desk, OBJECT_TASK, writing->text, writing->len);
    return STATUS_OK;
}

/* Opens the folder, and reads the text. */
static enum status begin(struct writing *writing, struct op *op,
                         struct account *account, int64_t folder)
{
    struct joint joint = joint_of(op, account, folder);
    struct object_marks marks = { 0 };
    enum status status = objects_marks(op, account, folder, &marks);

    if (status == STATUS_OK && marks.validity == 0)
        status = joint_refresh(op, account, &joint);
    if (status == STATUS_OK)
        status = desk_open(op, account, folder, &writing->desk);
    if (status == STATUS_OK && writing->desk.source != NULL)
        status = op_fail(op, STATUS_DENIED, "nothing can be put here");
    if (status != STATUS_OK)
        return status;
    writing->said =
        object_understand(&writing->desk, object_kind_of(&writing->desk.folder),
                          writing->text, writing->len);
    if (joint.count > 1)
        status = choose_folder(writing, &joint);
    if (status == STATUS_OK && writing->said.problem != OBJECT_FINE)
        return writing_refuse(writing, writing->said.problem,
                              writing->said.reason);
    return status;
}

enum status object_put(struct op *op, struct account *account, int64_t folder,
                       const char *name, const char *text, size_t len,
                       const struct object_condition *condition,
                       struct object_written *written_out)
{
    struct writing *writing = arena_alloc(op->arena, sizeof *writing);

    *written_out = (struct object_written){ 0 };
    writing->name = name;
    writing->text = text;
    writing->len = len;
    writing->out = written_out;
    enum status status = begin(writing, op, account, folder);
    if (status != STATUS_OK)
        return status;
    writing->adds = name == NULL;
    if (writing->adds)
        writing->name = writing_new_name(writing);
    if (!desk_enter_both(&writing->desk, writing->beside))
        return STATUS_CANCELLED;
    status = write_in_turn(writing, condition);
    if (status == STATUS_OK)
        writing_read_back(writing);
    arrived_touch(&writing->desk);
    desk_leave_both(&writing->desk, writing->beside);
    mail_changed(op, account, writing->desk.folder.id);
    return status;
}
