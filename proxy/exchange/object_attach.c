/*
 * object_attach.c - attachments of events (RFC 8607)
 *
 * Exchange keeps them as items of their own below the event, and each write of
 * one changes the event's change key.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/object_private.h"

static const struct event_attachment *find_attachment(
    const struct series *series, const char *id)
{
    for (size_t i = 0; i < series->master.attachment_count; i++)
        if (str_equal(series->master.attachments[i].id, id))
            return &series->master.attachments[i];
    for (size_t k = 0; k < series->exception_count; k++)
        for (size_t i = 0; i < series->exceptions[k].attachment_count; i++)
            if (str_equal(series->exceptions[k].attachments[i].id, id))
                return &series->exceptions[k].attachments[i];
    return NULL;
}

/* That the object has an attachment of that id, so that a link cannot reach
 * anything else. */
static enum status check_attachment(struct desk *desk,
                                    const struct index_object *row,
                                    const char *id)
{
    const char *text;
    enum status status = object_text(desk, row, &text);

    if (status != STATUS_OK)
        return status;
    struct object_said said =
        object_understand(desk, OBJECT_EVENT, text, strlen(text));
    if (said.problem != OBJECT_FINE ||
        find_attachment(&said.calendar.series, id) == NULL)
        return op_fail(desk->op, STATUS_NOT_FOUND, "no such attachment");
    return STATUS_OK;
}

static enum status open_event(struct op *op, struct account *account,
                              int64_t folder, const char *name,
                              struct desk *desk, struct index_object *row)
{
    enum status status = desk_open(op, account, folder, desk);

    if (status == STATUS_OK && !desk->folder.complete)
        status = desk_refresh(desk);
    if (status == STATUS_OK)
        status = object_row(desk, name, row);
    if (status == STATUS_OK && (row->row == 0 || row->kind != REMOTE_EVENT))
        status = op_fail(op, STATUS_NOT_FOUND, "no such event");
    return status;
}

enum status object_attachment_read(struct op *op, struct account *account,
                                   int64_t folder, const char *name,
                                   const char *id, const char **type_out,
                                   const char **file_out, const char **data_out,
                                   size_t *len_out)
{
    struct desk desk;
    struct index_object row;
    struct event_attachment found = { 0 };
    enum status status = open_event(op, account, folder, name, &desk, &row);

    if (status == STATUS_OK)
        status = check_attachment(&desk, &row, id);
    if (status == STATUS_OK)
        status = account_told(account, desk.objects->attachment_read(
                                           op, desk.remote, id, &found));
    *type_out = found.type;
    *file_out = found.name;
    *data_out = found.data;
    *len_out = found.len;
    return status;
}

/* --- Writing -------------------------------------------------------------- */

/* One change of what is attached to an event. */
struct attaching {
    struct desk desk;
    const char *name; /* the event's */
    struct index_object row;
    const char *id;                       /* what goes; NULL: nothing */
    const struct event_attachment *fresh; /* what comes; NULL: nothing */
    const char *made;                     /* its id, once it is there */
    struct series before;
    struct remote_result result;
};

static enum status read_series(struct attaching *attaching,
                               struct series *series)
{
    const char *text;
    enum status status = object_text(&attaching->desk, &attaching->row, &text);

    if (status != STATUS_OK)
        return status;
    struct object_said said =
        object_understand(&attaching->desk, OBJECT_EVENT, text, strlen(text));
    *series = said.calendar.series;
    return said.problem == OBJECT_FINE ? STATUS_OK : STATUS_CORRUPT;
}

/* The new one is there before the old one goes, so that nothing is lost. */
static enum status attach_once(struct attaching *attaching)
{
    struct desk *desk = &attaching->desk;
    struct remote_object object = object_remote(&attaching->row);
    enum status status = STATUS_OK;

    if (attaching->fresh != NULL && attaching->made == NULL)
        status =
            account_told(desk->account,
                         desk->objects->attachment_add(
                             desk->op, desk->remote, &object, attaching->fresh,
                             &attaching->made, &attaching->result));
    if (status == STATUS_OK && attaching->id != NULL)
        status =
            account_told(desk->account, desk->objects->attachment_remove(
                                            desk->op, desk->remote,
                                            attaching->id, &attaching->result));
    return status;
}

/* One of that name that has not been there before. */
static const char *find_made(const struct attaching *attaching,
                             const struct series *now)
{
    for (size_t i = 0; i < now->master.attachment_count; i++) {
        const struct event_attachment *file = &now->master.attachments[i];

        if (file->id != NULL && str_equal(file->name, attaching->fresh->name) &&
            find_attachment(&attaching->before, file->id) == NULL)
            return file->id;
    }
    return NULL;
}

/* The event is another by now, or the answer was lost: what is there tells what
 * is left to do. */
static enum status look_again(struct attaching *attaching)
{
    struct desk *desk = &attaching->desk;
    struct series now;
    enum status status = desk_sync(desk);

    if (status == STATUS_OK)
        status = object_row(desk, attaching->name, &attaching->row);
    if (status == STATUS_OK && attaching->row.row == 0)
        return op_fail(desk->op, STATUS_NOT_FOUND, "the event has gone");
    if (status == STATUS_OK)
        status = read_series(attaching, &now);
    if (status != STATUS_OK)
        return STATUS_UNCERTAIN;
    if (attaching->fresh != NULL && attaching->made == NULL)
        attaching->made = find_made(attaching, &now);
    if (attaching->id != NULL && find_attachment(&now, attaching->id) == NULL)
        attaching->id = NULL;
    return STATUS_OK;
}

static enum status attach_surely(struct attaching *attaching)
{
    enum status status = read_series(attaching, &attaching->before);

    if (status == STATUS_OK && attaching->id != NULL &&
        find_attachment(&attaching->before, attaching->id) == NULL)
        return op_fail(attaching->desk.op, STATUS_NOT_FOUND,
                       "no such attachment");
    for (int i = 0; i < WRITE_TRIES && status == STATUS_OK; i++) {
        status = attach_once(attaching);
        if (status != STATUS_UNCERTAIN && status != STATUS_CONFLICT)
            break;
        enum status failed = status;
        status = look_again(attaching);
        if (status == STATUS_OK && i + 1 == WRITE_TRIES)
            status = failed;
    }
    return status;
}

static enum status note_change(struct desk *desk,
                               const struct index_object *row,
                               const struct remote_result *result,
                               struct object_written *written_out)
{
    const char *text;
    struct index_object changed = { 0 };
    struct index_object_write write = {
        .row = row->row,
        .remote = row->remote,
        .change_key = result->change_key,
        .kind = row->kind,
        .uid = row->uid,
        .starts = row->starts,
        .ends = row->ends,
    };
    enum status status = index_object_text(desk->op, desk->account->index,
                                           row->row, &text, &write.kept);

    if (status == STATUS_OK)
        status = index_object_write(desk->op, desk->account->index,
                                    desk->folder.id, &write, &changed);
    written_out->object = object_of(&changed);
    return status;
}

enum status object_attach(struct op *op, struct account *account,
                          int64_t folder, const char *name, const char *id,
                          const char *file, const char *type, const char *data,
                          size_t len, const char **id_out,
                          struct object_written *written_out)
{
    const struct event_attachment fresh = {
        .name = file,
        .type = type,
        .data = data,
        .len = len,
        .size = len,
    };
    struct attaching attaching = {
        .name = name,
        .id = id,
        .fresh = data != NULL ? &fresh : NULL,
    };
    struct desk *desk = &attaching.desk;
    enum status status =
        open_event(op, account, folder, name, desk, &attaching.row);

    *written_out = (struct object_written){ 0 };
    *id_out = NULL;
    if (status == STATUS_OK && (desk->folder.lacks & FOLDER_MAY_MODIFY) != 0)
        status = op_fail(op, STATUS_DENIED, "no right to change this");
    if (status != STATUS_OK)
        return status;
    if (!desk_enter(desk))
        return STATUS_CANCELLED;
    status = object_row(desk, name, &attaching.row);
    if (status == STATUS_OK && attaching.row.row != 0)
        status = object_check_shown(desk, &attaching.row);
    if (status == STATUS_OK)
        status = attach_surely(&attaching);
    if (status == STATUS_OK)
        status =
            note_change(desk, &attaching.row, &attaching.result, written_out);
    desk_leave(desk);
    mail_changed(op, account, folder);
    *id_out = attaching.made;
    return status;
}
