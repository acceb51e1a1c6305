/*
 * object_attach.c - attachments of events (RFC 8607)
 *
 * Exchange keeps them as items of their own below the event, and each write of
 * one changes the event's change key.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/credentials.h"
#include "proxy/exchange/object_attaching.h"

const struct event_attachment *attaching_find(const struct series *series,
                                              const char *id)
{
    const struct event_attachment *found =
        attachment_of_id(&series->master, id);

    for (size_t i = 0; i < series->exception_count && found == NULL; i++)
        found = attachment_of_id(&series->exceptions[i], id);
    return found;
}

enum status attaching_read(struct desk *desk, const struct index_object *row,
                           struct series *series_out)
{
    const char *text;
    enum status status = object_text(desk, row, &text);

    if (status != STATUS_OK)
        return status;
    struct object_said said =
        object_understand(desk, OBJECT_EVENT, text, strlen(text));
    *series_out = said.calendar.series;
    return said.problem == OBJECT_FINE ? STATUS_OK : STATUS_CORRUPT;
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

/* --- Reading -------------------------------------------------------------- */

enum status object_attachment_read(struct op *op, struct account *account,
                                   int64_t folder, const char *name,
                                   const char *id, const char **type_out,
                                   const char **file_out, const char **data_out,
                                   size_t *len_out)
{
    struct desk desk;
    struct index_object row;
    struct series series;
    struct event_attachment content = { 0 };
    const struct event_attachment *found = NULL;
    enum status status = open_event(op, account, folder, name, &desk, &row);

    /* By a link nothing else can be reached. */
    if (status == STATUS_OK)
        status = attaching_read(&desk, &row, &series);
    if (status == STATUS_OK && (found = attaching_find(&series, id)) == NULL)
        status = op_fail(op, STATUS_NOT_FOUND, "no such attachment");
    if (status == STATUS_OK)
        status =
            account_told(account, desk.objects->attachment_read(
                                      op, desk.remote, found->id, &content));
    *type_out = content.type;
    *file_out = content.name;
    *data_out = content.data;
    *len_out = content.len;
    return status;
}

/* --- Writing -------------------------------------------------------------- */

/* The event is another by now, or the answer was lost: what is there tells what
 * is left to do. */
static enum status look_again(struct attaching *attaching)
{
    struct desk *desk = &attaching->desk;
    enum status status = desk_sync(desk);

    if (status == STATUS_OK)
        status = object_row(desk, attaching->name, &attaching->row);
    if (status == STATUS_OK && attaching->row.row == 0)
        return op_fail(desk->op, STATUS_NOT_FOUND, "the event has gone");
    if (status == STATUS_OK)
        status = attaching_read(desk, &attaching->row, &attaching->now);
    return status == STATUS_OK ? STATUS_OK : STATUS_UNCERTAIN;
}

/* What goes is not there: perhaps because it has been replaced before. */
static enum status check_replaced(struct attaching *attaching)
{
    enum status status = STATUS_OK;

    if (attaching->tried)
        status = attaching_find_equal(
            attaching, attaching_main(&attaching->before), &attaching->made);
    return status == STATUS_OK && attaching->made == NULL
               ? op_fail(attaching->desk.op, STATUS_NOT_FOUND,
                         "no such attachment")
               : status;
}

static enum status attach_surely(struct attaching *attaching)
{
    enum status status = STATUS_OK;

    if (attaching->wish->id != NULL && attaching->gone == NULL)
        return check_replaced(attaching);
    for (int i = 0; i < WRITE_TRIES; i++) {
        status = attaching_write(attaching);
        if (status != STATUS_UNCERTAIN && status != STATUS_CONFLICT)
            break;
        enum status failed = status;
        status = look_again(attaching);
        if (status != STATUS_OK)
            break;
        status = failed;
    }
    return status;
}

/* --- Attempts ------------------------------------------------------------- */

/* What tells one change from any other: a client that has heard nothing of it
 * sends the very same once more. */
static const char *hash_of(const struct attaching *attaching)
{
    const struct object_attaching *wish = attaching->wish;
    const char *words[] = { attaching->name, wish->id, wish->file, wish->type };
    struct digest *digest = digest_new();
    char hex[65];

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *word = words[i] != NULL ? words[i] : "";

        digest_add(digest, word, strlen(word) + 1);
    }
    for (size_t i = 0; wish->days != NULL && wish->days[i] != NULL; i++)
        digest_add(digest, wish->days[i], strlen(wish->days[i]) + 1);
    digest_add(digest, "", 1);
    digest_add(digest, wish->data, wish->len);
    digest_finish(&digest, hex);
    return arena_printf(attaching->desk.op->arena, "attach:%s", hex);
}

/* Notes what is about to come; what goes needs no note, as it goes once. */
static enum status begin_attempt(struct attaching *attaching,
                                 struct index_attempt *attempt)
{
    struct desk *desk = &attaching->desk;
    struct index *index = desk->account->index;
    enum status status;

    *attempt = (struct index_attempt){ 0 };
    if (attaching->wish->data == NULL)
        return STATUS_OK;
    status = index_attempt_open(desk->op, index, desk->folder.id,
                                hash_of(attaching), 0, attempt);
    if (status != STATUS_OK)
        return status;
    attaching->tried = attempt->id != 0;
    if (attaching->tried)
        return desk_sync(desk);
    attempt->token = "attachment";
    attempt->time = time_now();
    return index_attempt_begin(desk->op, index, attempt);
}

/* It stays open while nobody knows what it has come to. */
static void end_attempt(struct attaching *attaching,
                        const struct index_attempt *attempt, enum status status)
{
    struct desk *desk = &attaching->desk;

    if (attempt->id != 0 &&
        (status == STATUS_OK || !(attaching->tried || attaching->written)))
        index_attempt_end(desk->op, desk->account->index, attempt->id,
                          status == STATUS_OK);
}

/* --- All of it ------------------------------------------------------------ */

static enum status note_change(struct attaching *attaching)
{
    struct desk *desk = &attaching->desk;
    const struct index_object *row = &attaching->row;
    const char *text;
    struct index_object changed = { 0 };
    struct index_object_write write = {
        .row = row->row,
        .remote = row->remote,
        /* Not told: the next one may be that of another's change already. */
        .change_key = attaching->change_key != NULL ? attaching->change_key
                                                    : row->change_key,
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
    if (status == STATUS_OK)
        attaching->row = changed;
    return status;
}

/* Where Exchange has told no change key the event is read: it changes once for
 * those who look at it, and not again when the key is seen. */
static enum status note(struct attaching *attaching,
                        struct object_written *written_out)
{
    struct desk *desk = &attaching->desk;
    struct index_object_content content;
    enum status status = STATUS_NOT_FOUND;

    if (attaching->written && attaching->change_key == NULL)
        status = object_read_back(desk, &attaching->row, &content);
    if (status == STATUS_OK)
        status = object_row(desk, attaching->name, &attaching->row);
    else if (attaching->written)
        status = note_change(attaching);
    else
        status = STATUS_OK;
    written_out->object = object_of(&attaching->row);
    return status;
}

/* In turn. */
static enum status attach(struct attaching *attaching,
                          struct object_written *written_out)
{
    struct desk *desk = &attaching->desk;
    struct index_attempt attempt = { 0 };
    enum status status = begin_attempt(attaching, &attempt);

    if (status == STATUS_OK)
        status = object_row(desk, attaching->name, &attaching->row);
    if (status == STATUS_OK && attaching->row.row == 0)
        status = op_fail(desk->op, STATUS_NOT_FOUND, "no such event");
    if (status == STATUS_OK)
        status = object_check_shown(desk, &attaching->row);
    if (status == STATUS_OK)
        status = attaching_plan(attaching, written_out);
    if (status == STATUS_OK)
        status = attach_surely(attaching);
    /* Some of it may be there even after a failure. */
    enum status noted =
        status == STATUS_OK ? note(attaching, written_out) : STATUS_OK;
    end_attempt(attaching, &attempt, status);
    return status != STATUS_OK ? status : noted;
}

enum status object_attach(struct op *op, struct account *account,
                          int64_t folder, const char *name,
                          const struct object_attaching *wish,
                          const char **id_out,
                          struct object_written *written_out)
{
    struct attaching attaching = {
        .name = name,
        .wish = wish,
        .fresh = { .name = wish->file,
                   .type = wish->type,
                   .size = wish->len,
                   .data = wish->data,
                   .len = wish->len },
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
    status = attach(&attaching, written_out);
    desk_leave(desk);
    mail_changed(op, account, folder);
    *id_out = attaching.made;
    return status;
}
