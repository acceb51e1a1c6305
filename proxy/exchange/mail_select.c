/*
 * mail_select.c - messages of a folder on their way to Exchange, one result for
 * each
 */
#include "proxy/base/arena.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/mail_private.h"

enum status selection_open(struct op *op, struct account *account,
                           int64_t folder, const uint32_t uids[], size_t count,
                           struct mail_result results[],
                           struct selection *selection_out)
{
    struct selection *selection = selection_out;

    *selection = (struct selection){ .account = account,
                                     .results = results,
                                     .count = count };
    for (size_t i = 0; i < count; i++)
        results[i] =
            (struct mail_result){ .uid = uids[i], .status = STATUS_CANCELLED };
    selection->items =
        arena_array(op->arena, count + 1, sizeof *selection->items);
    enum status status =
        index_folder(op, account->index, folder, &selection->folder);
    if (status == STATUS_OK)
        status = index_items(op, account->index, folder, uids, count,
                             selection->items);
    if (status == STATUS_OK)
        status = account_remote_of(op, account, &selection->folder,
                                   &selection->remote);
    for (size_t i = 0; i < count; i++)
        if (status != STATUS_OK)
            results[i].status = status;
        else if (selection->items[i].row == 0)
            results[i].status = STATUS_NOT_FOUND;
    return status;
}

enum status selection_status(struct op *op, const struct selection *selection)
{
    for (size_t i = 0; i < selection->count; i++)
        if (selection->results[i].status != STATUS_OK)
            return op->reason != NULL
                       ? selection->results[i].status
                       : op_fail(op, selection->results[i].status,
                                 "message %u and perhaps others: %s",
                                 selection->results[i].uid,
                                 status_name(selection->results[i].status));
    return STATUS_OK;
}

size_t *selection_those(struct op *op, const struct selection *selection,
                        enum status status, size_t *count_out)
{
    size_t *positions =
        arena_array(op->arena, selection->count + 1, sizeof *positions);
    size_t count = 0;

    for (size_t i = 0; i < selection->count; i++)
        if (selection->results[i].status == status)
            positions[count++] = i;
    *count_out = count;
    return positions;
}

const char **selection_ids(struct op *op, const struct selection *selection,
                           const size_t positions[], size_t count)
{
    const char **ids = arena_array(op->arena, count + 1, sizeof *ids);

    for (size_t i = 0; i < count; i++)
        ids[i] = selection->items[positions[i]].remote;
    return ids;
}

void selection_settle(const struct selection *selection,
                      const size_t positions[],
                      const struct remote_result results[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        selection->results[positions[i]].status = results[i].status;
}

enum remote_delete delete_how(const struct account *account, bool in_trash)
{
    switch (account_settings(account)->mail.delete) {
    case DELETE_TO_TRASH:
        return in_trash ? REMOTE_DELETE_SOFT : REMOTE_DELETE_TO_TRASH;
    case DELETE_HARD:
        return REMOTE_DELETE_HARD;
    case DELETE_SOFT:
        break;
    }
    return REMOTE_DELETE_SOFT;
}
