/*
 * mail_delete.c - deleting messages
 */
#include "proxy/base/arena.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/folder_tree.h"
#include "proxy/exchange/mail_private.h"

/* What is not there any more is deleted, whoever did it. */
static void count_as_done(struct remote_result results[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (results[i].status == STATUS_NOT_FOUND)
            results[i].status = STATUS_OK;
}

static enum status keep(struct op *op, const struct selection *selection,
                        const size_t positions[],
                        const struct remote_result results[], size_t count)
{
    struct place *place = place_of(selection->account, selection->folder.id);
    int64_t *rows = arena_array(op->arena, count + 1, sizeof *rows);
    enum status status = STATUS_OK;
    size_t done = 0;

    pthread_mutex_lock(&place->lock);
    for (size_t i = 0; i < count; i++) {
        if (results[i].status != STATUS_OK)
            continue;
        place_note(place, selection->items[positions[i]].remote);
        rows[done++] = selection->items[positions[i]].row;
    }
    if (done > 0)
        status = index_remove(op, selection->account->index,
                              selection->folder.id, rows, done);
    pthread_mutex_unlock(&place->lock);
    return status;
}

static enum status send(struct op *op, const struct selection *selection,
                        enum remote_delete how, enum status state)
{
    struct remote *remote = selection->remote;
    size_t count;
    size_t *positions = selection_those(op, selection, state, &count);
    const char **ids = selection_ids(op, selection, positions, count);
    struct remote_result *results =
        arena_array(op->arena, count + 1, sizeof *results);

    if (count == 0)
        return STATUS_OK;
    account_told(selection->account, remote->backend->items_delete(
                                         op, remote, (const char *const *)ids,
                                         count, how, results));
    count_as_done(results, count);
    selection_settle(selection, positions, results, count);
    return keep(op, selection, positions, results, count);
}

static enum status delete(struct op *op, const struct selection *selection,
                          enum remote_delete how)
{
    for (size_t i = 0; i < selection->count; i++)
        if (selection->results[i].status == STATUS_NOT_FOUND)
            selection->results[i].status = STATUS_OK;
    enum status kept = send(op, selection, how, STATUS_CANCELLED);
    for (int i = 1; i < WRITE_TRIES && kept == STATUS_OK && !op_cancelled(op);
         i++)
        kept = send(op, selection, how, STATUS_UNCERTAIN);
    mail_changed(op, selection->account, selection->folder.id);
    return kept != STATUS_OK ? kept : selection_status(op, selection);
}

static enum status delete_all(struct op *op, struct account *account,
                              int64_t folder, const uint32_t uids[],
                              size_t count, enum remote_delete how,
                              struct mail_result results[])
{
    struct selection selection;
    enum status status =
        selection_open(op, account, folder, uids, count, results, &selection);

    return status == STATUS_OK ? delete(op, &selection, how) : status;
}

enum status mail_delete(struct op *op, struct account *account, int64_t folder,
                        const uint32_t uids[], size_t count,
                        struct mail_result results[])
{
    bool in_trash = tree_is_in_trash(op, account, folder);

    return delete_all(op, account, folder, uids, count,
                      delete_how(account, in_trash), results);
}

enum status mail_destroy(struct op *op, struct account *account, int64_t folder,
                         const uint32_t uids[], size_t count,
                         struct mail_result results[])
{
    return delete_all(op, account, folder, uids, count, REMOTE_DELETE_HARD,
                      results);
}
