/*
 * object_delete.c - deleting objects
 *
 * A meeting of one's own is cancelled; an invitation is declined where the
 * client wants the organizer to know (RFC 6638, 3.2.2.3 and 8.1).
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/object_joint.h"

/* What is said of a meeting by its end. */
struct end {
    enum remote_notice notice;
    bool decline;
};

static enum status end_of(struct desk *desk, const struct index_object *row,
                          bool reply, struct end *end_out)
{
    const char *text;

    *end_out = (struct end){ REMOTE_NOTICE_NONE, false };
    if (row->kind != REMOTE_EVENT || desk->source != NULL)
        return STATUS_OK;
    enum status status = object_text(desk, row, &text);
    /* What cannot be read can be deleted; nobody is told. */
    if (status != STATUS_OK)
        return status == STATUS_CORRUPT ? STATUS_OK : status;
    struct object_said said =
        object_understand(desk, OBJECT_EVENT, text, strlen(text));
    if (said.problem != OBJECT_FINE)
        return STATUS_OK;
    end_out->notice = meeting_notice_end(&said.calendar.series, desk->zone);
    end_out->decline = reply && meeting_is_invitation(&said.calendar.series);
    return STATUS_OK;
}

/* A declined invitation is gone, or (`object` has an id still) not yet. */
static enum status decline(struct desk *desk, struct remote_object *object)
{
    struct remote_result result = { 0 };
    enum status status = account_told(
        desk->account,
        desk->objects->respond(desk->op, desk->remote, object, NULL,
                               ANSWER_DECLINED, NULL, true, &result));

    /* There is nobody to tell of a copy, or of what has been called off. */
    if (status == STATUS_CANNOT)
        return STATUS_OK;
    object->id = result.id;
    object->change_key = result.change_key;
    return status;
}

bool desk_has_trash(const struct desk *desk)
{
    return account_settings(desk->account)->mail.delete != DELETE_HARD &&
           desk->folder.store <= 0;
}

static enum status remove_remote(struct desk *desk,
                                 const struct index_object *row,
                                 const struct end *end)
{
    struct remote_object object = object_remote(row);
    enum status status = STATUS_OK;

    if (end->decline)
        status = decline(desk, &object);
    if (status != STATUS_OK || object.id == NULL)
        return status;
    return account_told(desk->account, desk->objects->remove(
                                           desk->op, desk->remote, &object,
                                           desk_has_trash(desk), end->notice));
}

/* What is there to be deleted, if the conditions allow it. */
static enum status begin_delete(struct desk *desk, const char *name,
                                const struct object_condition *condition,
                                struct index_object *row)
{
    enum status status = object_row(desk, name, row);

    if (status == STATUS_OK && row->row == 0)
        return op_fail(desk->op, STATUS_NOT_FOUND, "no such object");
    if (status == STATUS_OK)
        status = object_check(desk->op, row, condition);
    if (status == STATUS_OK && (desk->folder.lacks & FOLDER_MAY_DELETE) != 0)
        status = op_fail(desk->op, STATUS_DENIED, "no right to delete here");
    return status == STATUS_OK ? object_check_shown(desk, row) : status;
}

static enum status delete_row(struct desk *desk, const struct index_object *row,
                              bool reply)
{
    struct end end;
    enum status status = end_of(desk, row, reply, &end);

    if (status == STATUS_OK)
        status = remove_remote(desk, row, &end);
    if (status == STATUS_OK)
        status = index_object_remove(desk->op, desk->account->index, row->row);
    arrived_touch(desk);
    return status;
}

/* What is not to be found may be there under another id by now; and where an
 * answer was lost, whether it is there still tells.  Both are tried again as
 * long as it is. */
enum status object_remove_named(struct desk *desk, const char *name, bool reply,
                                const struct object_condition *condition)
{
    struct index_object row;
    enum status status = begin_delete(desk, name, condition, &row);

    for (int i = 0; status == STATUS_OK && i < WRITE_TRIES; i++) {
        status = delete_row(desk, &row, reply);
        if (status != STATUS_UNCERTAIN && status != STATUS_NOT_FOUND)
            break;
        if (desk_sync(desk) != STATUS_OK ||
            object_row(desk, name, &row) != STATUS_OK)
            return STATUS_UNCERTAIN;
        if (row.row == 0)
            return STATUS_OK;
        status = i + 1 < WRITE_TRIES ? STATUS_OK : STATUS_UNCERTAIN;
    }
    return status;
}

enum status object_delete(struct op *op, struct account *account,
                          int64_t folder, const char *name, bool reply,
                          const struct object_condition *condition)
{
    struct joint joint = joint_of(op, account, folder);
    struct desk desk;
    struct object_marks marks = { 0 };
    bool state = condition != NULL &&
                 (condition->revision != 0 || condition->schedule != 0);
    enum status status = objects_marks(op, account, folder, &marks);

    /* Exchange deletes whatever state an object is in, so that whoever means
     * one looks first. */
    if (status == STATUS_OK && marks.validity == 0)
        status = joint_refresh(op, account, &joint);
    if (status == STATUS_OK)
        status = joint_find(op, account, &joint, name, &folder);
    if (status == STATUS_OK)
        status = desk_open(op, account, folder, &desk);
    if (status == STATUS_OK && state)
        status = desk_refresh(&desk);
    if (status != STATUS_OK)
        return status;
    if (!desk_enter(&desk))
        return STATUS_CANCELLED;
    status = object_remove_named(&desk, name, reply, condition);
    desk_leave(&desk);
    mail_changed(op, account, folder);
    return status;
}
