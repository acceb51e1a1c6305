/*
 * object_transfer.c - moving, copying and renaming objects
 *
 * What stands in the way at the target is deleted after the other has come, so
 * that at no time there is neither.
 */

#include "proxy/base/str.h"
#include "proxy/exchange/object_joint.h"

/* From one desk to another. */
struct transfer {
    struct desk *from;
    struct desk *to;
    const char *name;
    const char *target_name;
    int64_t beside; /* what is shown as one folder with the target; 0: none */
    bool move;
    bool overwrite;
    struct index_object row;   /* what is carried */
    struct index_object there; /* what has the target's name; row 0: nothing */
    struct object_written *out;
};

/* --- What is in the way --------------------------------------------------- */

static enum status refuse_uid(struct transfer *transfer, const char *other)
{
    transfer->out->problem = OBJECT_UID_TAKEN;
    transfer->out->other = other;
    return op_fail(transfer->to->op, STATUS_BAD_CONTENT,
                   "the UID is taken there");
}

/* What is an event stays one, and so does a task. */
static enum status look_beside(struct transfer *transfer)
{
    struct desk *to = transfer->to;
    struct index *index = to->account->index;
    struct index_object other = { 0 };

    if (transfer->beside == 0)
        return STATUS_OK;
    enum status status = index_objects_find(to->op, index, transfer->beside,
                                            &transfer->target_name, 1, &other);
    if (status == STATUS_OK && other.row != 0 && !transfer->overwrite)
        return op_fail(to->op, STATUS_EXISTS, "the name is taken there");
    /* What is renamed is beside the other one already. */
    if (status == STATUS_OK && other.row == 0 &&
        to->folder.id != transfer->from->folder.id)
        status = index_object_by_uid(to->op, index, transfer->beside,
                                     transfer->row.uid, &other);
    return status == STATUS_OK && other.row != 0
               ? refuse_uid(transfer, other.name)
               : status;
}

static enum status look_at_target(struct transfer *transfer)
{
    struct desk *to = transfer->to;
    struct index_object same = { 0 };
    enum status status = look_beside(transfer);

    if (status == STATUS_OK)
        status = object_row(to, transfer->target_name, &transfer->there);
    if (status == STATUS_OK && to->folder.id != transfer->from->folder.id)
        status = index_object_by_uid(to->op, to->account->index, to->folder.id,
                                     transfer->row.uid, &same);
    if (status != STATUS_OK)
        return status;
    if (same.row != 0 && same.row != transfer->there.row)
        return refuse_uid(transfer, same.name);
    transfer->out->created = transfer->there.row == 0;
    if (transfer->there.row != 0 && !transfer->overwrite)
        return op_fail(to->op, STATUS_EXISTS, "the name is taken there");
    return transfer->there.row != 0 ? object_check_shown(to, &transfer->there)
                                    : STATUS_OK;
}

/* The UID and all that lists say is known of what has been read. */
static enum status know_row(struct transfer *transfer)
{
    struct desk *from = transfer->from;
    const char *text;
    enum status status = object_text(from, &transfer->row, &text);

    if (status == STATUS_OK)
        status = object_row(from, transfer->name, &transfer->row);
    if (status == STATUS_OK && transfer->row.row == 0)
        status = op_fail(from->op, STATUS_NOT_FOUND, "the object has gone");
    return status;
}

static enum status check_transfer(struct transfer *transfer,
                                  const struct object_condition *condition)
{
    struct desk *from = transfer->from, *to = transfer->to;
    enum status status = object_row(from, transfer->name, &transfer->row);

    if (status == STATUS_OK && transfer->row.row == 0)
        return op_fail(from->op, STATUS_NOT_FOUND, "no such object");
    if (status == STATUS_OK)
        status = object_check(from->op, &transfer->row, condition);
    if (status != STATUS_OK)
        return status;
    if ((to->folder.lacks & FOLDER_MAY_ADD) != 0 ||
        (transfer->move && (from->folder.lacks & FOLDER_MAY_DELETE) != 0))
        return op_fail(from->op, STATUS_DENIED, "no right to do this");
    status = object_check_shown(from, &transfer->row);
    if (status != STATUS_OK)
        return status;
    if (object_kind_of(&from->folder) != object_kind_of(&to->folder)) {
        transfer->out->problem = OBJECT_COMPONENT;
        return op_fail(from->op, STATUS_BAD_CONTENT,
                       "the other folder holds other things");
    }
    if (transfer->row.uid == NULL)
        status = know_row(transfer);
    return status == STATUS_OK ? look_at_target(transfer) : status;
}

/* --- Within a folder ------------------------------------------------------ */

static enum status note_rename(struct transfer *transfer,
                               const struct remote_result *result)
{
    struct desk *desk = transfer->from;
    struct index_object row = { 0 };
    struct index_object_write write = {
        .row = transfer->row.row,
        .remote = transfer->row.remote,
        .change_key = result->change_key,
        .kind = transfer->row.kind,
        .name = transfer->target_name,
        .uid = transfer->row.uid,
        .starts = transfer->row.starts,
        .ends = transfer->row.ends,
    };
    const char *text;
    enum status status = index_object_text(
        desk->op, desk->account->index, transfer->row.row, &text, &write.kept);

    if (status == STATUS_OK)
        status = index_object_write(desk->op, desk->account->index,
                                    desk->folder.id, &write, &row);
    transfer->out->object = object_of(&row);
    return status;
}

static enum status rename_object(struct transfer *transfer)
{
    struct desk *desk = transfer->from;
    struct remote_result result = { 0 };
    enum status status = STATUS_OK;

    if (str_equal(transfer->name, transfer->target_name)) {
        transfer->out->object = object_of(&transfer->row);
        return STATUS_OK;
    }
    status =
        object_rename(desk, &transfer->row, transfer->target_name, &result);
    if (status == STATUS_OK && transfer->there.row != 0)
        status = object_remove_named(desk, transfer->target_name, false, NULL);
    return status == STATUS_OK ? note_rename(transfer, &result) : status;
}

/* --- To another folder ---------------------------------------------------- */

/* The answer was lost: whether it has arrived tells. */
static enum status look_for_carried(struct transfer *transfer,
                                    struct remote_result *result)
{
    struct desk *to = transfer->to;
    struct remote_object *found = NULL;
    size_t count = 0;
    enum status status = account_told(
        to->account,
        to->objects->find(to->op, to->remote, to->folder.remote, NULL,
                          transfer->row.uid, &found, &count));

    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        if (!str_equal(found[i].id, transfer->there.remote)) {
            result->id = found[i].id;
            result->change_key = found[i].change_key;
            return STATUS_OK;
        }
    return STATUS_UNCERTAIN;
}

static enum status carry(struct transfer *transfer,
                         struct remote_result *result)
{
    struct desk *from = transfer->from;
    const char *id = transfer->row.remote;
    const char *target = transfer->to->folder.remote;
    const struct backend *backend = from->remote->backend;
    enum status status = transfer->move
                             ? backend->items_move(from->op, from->remote, &id,
                                                   1, target, result)
                             : backend->items_copy(from->op, from->remote, &id,
                                                   1, target, result);

    account_told(from->account, status);
    if (status == STATUS_OK)
        status = result->status;
    /* Exchange may be silent on what the other one is called. */
    if (status == STATUS_UNCERTAIN ||
        (status == STATUS_OK && result->id == NULL))
        status = look_for_carried(transfer, result);
    return status;
}

static enum status note_carried(struct transfer *transfer, const char *kept,
                                const struct remote_result *result)
{
    struct desk *to = transfer->to;
    struct index_object row = { 0 };
    struct remote_result renamed = { 0 };
    struct index_object_write write = {
        .remote = result->id,
        .change_key = result->change_key,
        .kind = transfer->row.kind,
        .name = transfer->target_name,
        .uid = transfer->row.uid,
        .starts = transfer->row.starts,
        .ends = transfer->row.ends,
        .kept = kept,
    };
    enum status status = index_object_write(to->op, to->account->index,
                                            to->folder.id, &write, &row);

    transfer->out->object = object_of(&row);
    if (status != STATUS_OK ||
        (transfer->row.named &&
         str_equal(transfer->name, transfer->target_name)))
        return status;
    /* The name is not lost with the index; what is there is there, though. */
    if (object_rename(to, &row, transfer->target_name, &renamed) != STATUS_OK)
        return STATUS_OK;
    write.row = row.row;
    write.change_key = renamed.change_key;
    status = index_object_write(to->op, to->account->index, to->folder.id,
                                &write, &row);
    transfer->out->object = object_of(&row);
    return status;
}

static enum status take_carried(struct transfer *transfer,
                                const struct remote_result *result)
{
    struct desk *from = transfer->from;
    const char *text = NULL, *kept = NULL;
    enum status status = index_object_text(from->op, from->account->index,
                                           transfer->row.row, &text, &kept);

    if (status == STATUS_OK && transfer->move)
        status = index_object_remove(from->op, from->account->index,
                                     transfer->row.row);
    if (status == STATUS_OK && transfer->there.row != 0)
        status = object_remove_named(transfer->to, transfer->target_name, false,
                                     NULL);
    return status == STATUS_OK ? note_carried(transfer, kept, result) : status;
}

/* --- What clients have said of it ----------------------------------------- */

/* It goes along (RFC 4918, 9.8.2); with a name that is left nothing stays. */
static enum status set_properties(struct transfer *transfer,
                                  struct object_property properties[],
                                  size_t count)
{
    struct desk *from = transfer->from, *to = transfer->to;
    bool same = from->folder.id == to->folder.id;
    enum status status = STATUS_OK;

    if (count == 0 ||
        (same && str_equal(transfer->name, transfer->target_name)))
        return STATUS_OK;
    status = index_set_properties(to->op, to->account->index, to->folder.id,
                                  transfer->target_name, properties, count);
    if (status != STATUS_OK || !transfer->move || !same)
        return status;
    for (size_t i = 0; i < count; i++)
        properties[i].value = NULL;
    return index_set_properties(from->op, from->account->index, from->folder.id,
                                transfer->name, properties, count);
}

/* --- All of it ------------------------------------------------------------ */

static enum status carry_over(struct transfer *transfer)
{
    struct remote_result result = { 0 };
    bool same = transfer->from->folder.id == transfer->to->folder.id;
    enum status status = STATUS_OK;

    if (same && transfer->move)
        return rename_object(transfer);
    /* Two of one UID cannot be in one collection (RFC 4791, 5.3.2.1). */
    if (same)
        return refuse_uid(transfer, transfer->row.name);
    status = carry(transfer, &result);
    return status == STATUS_OK ? take_carried(transfer, &result) : status;
}

static enum status transfer_object(struct transfer *transfer,
                                   const struct object_condition *condition)
{
    struct desk *from = transfer->from;
    struct object_property *properties = NULL;
    size_t count = 0;
    enum status status = check_transfer(transfer, condition);

    if (status == STATUS_OK)
        status =
            index_properties(from->op, from->account->index, from->folder.id,
                             transfer->name, &properties, &count);
    if (status == STATUS_OK)
        status = carry_over(transfer);
    return status == STATUS_OK ? set_properties(transfer, properties, count)
                               : status;
}

static enum status know(struct op *op, struct account *account,
                        const struct joint *joint)
{
    struct object_marks marks = { 0 };
    enum status status = objects_marks(op, account, joint->folders[0], &marks);

    return status == STATUS_OK && marks.validity == 0
               ? joint_refresh(op, account, joint)
               : status;
}

static int64_t beside(const struct joint *joint, int64_t folder)
{
    if (joint->count == 1)
        return 0;
    return joint->folders[joint->folders[0] == folder ? 1 : 0];
}

enum status object_transfer(struct op *op, struct account *account,
                            int64_t folder, const char *name, int64_t target,
                            const char *target_name, bool move, bool overwrite,
                            const struct object_condition *condition,
                            struct object_written *written_out)
{
    struct joint source = joint_of(op, account, folder);
    struct joint to_joint = joint_of(op, account, target);
    struct desk from, to;
    struct transfer transfer = { .from = &from,
                                 .to = &to,
                                 .name = name,
                                 .target_name = target_name,
                                 .move = move,
                                 .overwrite = overwrite,
                                 .out = written_out };

    *written_out = (struct object_written){ 0 };
    enum status status = know(op, account, &source);
    if (status == STATUS_OK)
        status = know(op, account, &to_joint);
    if (status == STATUS_OK)
        status = joint_find(op, account, &source, name, &folder);
    if (status == STATUS_OK)
        status = desk_open(op, account, folder, &from);
    if (status == STATUS_OK) {
        target = joint_for(&to_joint, object_kind_of(&from.folder));
        transfer.beside = beside(&to_joint, target);
        status = desk_open(op, account, target, &to);
    }
    if (status == STATUS_OK && (from.source != NULL || to.source != NULL))
        status = op_fail(op, STATUS_DENIED, "the folder is none of Exchange's");
    if (status != STATUS_OK)
        return status;
    if (!desk_enter_both(&from, &to))
        return STATUS_CANCELLED;
    status = transfer_object(&transfer, condition);
    desk_leave_both(&from, &to);
    mail_changed(op, account, folder);
    mail_changed(op, account, target);
    return status;
}
