/*
 * mail_transfer.c - copying and moving messages to another folder
 *
 * The UIDs in the target are given at once, in the order of the request, to the
 * ids that Exchange returns; the sync that reports these ids later finds them
 * known. Where no id is returned (Exchange 2007, lost answers), the target is
 * synced and the new messages in it are compared with what was sent there.
 */
#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/mail_private.h"

struct transfer {
    struct selection from;
    struct index_folder target;
    const char **ids; /* in the target; NULL: not known */
    const char **change_keys;
    bool *vanished; /* a move's message that has left the source */
    bool synced;    /* the target, to look for them */
};

static enum status transfer_open(struct op *op, struct account *account,
                                 int64_t folder, const uint32_t uids[],
                                 size_t count, int64_t target,
                                 struct mail_result results[],
                                 struct transfer *transfer)
{
    *transfer = (struct transfer){ .synced = false };
    enum status status = selection_open(op, account, folder, uids, count,
                                        results, &transfer->from);
    if (status == STATUS_OK)
        status = index_folder(op, account->index, target, &transfer->target);
    if (status != STATUS_OK)
        return status;
    transfer->ids = arena_array(op->arena, count + 1, sizeof *transfer->ids);
    transfer->change_keys =
        arena_array(op->arena, count + 1, sizeof *transfer->change_keys);
    transfer->vanished =
        arena_array(op->arena, count + 1, sizeof *transfer->vanished);
    return STATUS_OK;
}

typedef enum status transfer_call(struct op *op, struct remote *remote,
                                  const char *const ids[], size_t count,
                                  const char *target,
                                  struct remote_result results[]);

/* Sends all that are in `state` to the target. */
static void call(struct op *op, struct transfer *transfer,
                 transfer_call *function, enum status state)
{
    struct selection *from = &transfer->from;
    size_t count;
    size_t *positions = selection_those(op, from, state, &count);
    const char **ids = selection_ids(op, from, positions, count);
    struct remote_result *results =
        arena_array(op->arena, count + 1, sizeof *results);

    if (count == 0)
        return;
    account_told(from->account,
                 function(op, from->remote, (const char *const *)ids, count,
                          transfer->target.remote, results));
    selection_settle(from, positions, results, count);
    for (size_t i = 0; i < count; i++)
        if (results[i].status == STATUS_OK) {
            transfer->ids[positions[i]] = results[i].id;
            transfer->change_keys[positions[i]] = results[i].change_key;
        }
}

/* Sends all, and once more what `settle` has found not to have happened. */
static void carry(struct op *op, struct transfer *transfer,
                  transfer_call *function,
                  bool (*settle)(struct op *op, struct transfer *transfer))
{
    call(op, transfer, function, STATUS_CANCELLED);
    for (int i = 1; i < WRITE_TRIES && settle(op, transfer); i++)
        call(op, transfer, function, STATUS_CANCELLED);
}

/* --- Looking in the target ----------------------------------------------- */

/* Finds these messages among what is new in the target, and their ids.  What is
 * not there keeps a NULL. */
static enum status look_in_target(struct op *op, struct transfer *transfer,
                                  const size_t positions[], size_t count)
{
    struct account *account = transfer->from.account;
    const struct index_item **wanted =
        arena_array(op->arena, count + 1, sizeof *wanted);
    struct index_item *found = arena_array(op->arena, count + 1, sizeof *found);
    uint32_t *uids = arena_array(op->arena, count + 1, sizeof *uids);

    if (count == 0)
        return STATUS_OK;
    for (size_t i = 0; i < count; i++)
        wanted[i] = &transfer->from.items[positions[i]];
    enum status status = sync_folder(op, account, transfer->target.id);
    if (status == STATUS_OK)
        status = index_match(
            op, account->index, transfer->target.id, transfer->target.uid_next,
            (const struct index_item *const *)wanted, count, uids);
    if (status == STATUS_OK)
        status = index_items(op, account->index, transfer->target.id, uids,
                             count, found);
    if (status != STATUS_OK)
        return status;
    transfer->synced = true;
    for (size_t i = 0; i < count; i++) {
        transfer->ids[positions[i]] = found[i].remote;
        transfer->change_keys[positions[i]] = found[i].change_key;
    }
    return STATUS_OK;
}

static struct index_arrival *arrivals(struct op *op,
                                      const struct transfer *transfer,
                                      const size_t positions[], size_t count)
{
    struct index_arrival *list =
        arena_array(op->arena, count + 1, sizeof *list);

    for (size_t i = 0; i < count; i++)
        list[i] = (struct index_arrival){
            .row = transfer->from.items[positions[i]].row,
            .remote = transfer->ids[positions[i]],
            .change_key = transfer->change_keys[positions[i]],
        };
    return list;
}

/* The positions that are done and whose id in the target is known, or was not
 * told. */
static size_t *done_ones(struct op *op, const struct transfer *transfer,
                         bool with_id, size_t *count_out)
{
    size_t all, count = 0;
    size_t *positions = selection_those(op, &transfer->from, STATUS_OK, &all);

    for (size_t i = 0; i < all; i++)
        if ((transfer->ids[positions[i]] != NULL) == with_id)
            positions[count++] = positions[i];
    *count_out = count;
    return positions;
}

static void set_uids(const struct transfer *transfer, const size_t positions[],
                     const struct index_arrival list[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        transfer->from.results[positions[i]].new_uid = list[i].uid;
}

/* --- Copying ------------------------------------------------------------- */

/* Those of unknown outcome: found in the target, or to be copied again. */
static bool settle_copies(struct op *op, struct transfer *transfer)
{
    size_t count;
    size_t *positions =
        selection_those(op, &transfer->from, STATUS_UNCERTAIN, &count);

    if (count == 0 ||
        look_in_target(op, transfer, positions, count) != STATUS_OK)
        return false;
    for (size_t i = 0; i < count; i++)
        transfer->from.results[positions[i]].status =
            transfer->ids[positions[i]] != NULL ? STATUS_OK : STATUS_CANCELLED;
    return true;
}

/* Deletes the copies whose ids are known.  Softly: what was found by comparing
 * may be somebody else's copy of the same. */
static void delete_copies(struct op *op, struct transfer *transfer)
{
    struct account *account = transfer->from.account;
    struct remote *remote;
    size_t count, left;
    size_t *positions = done_ones(op, transfer, true, &count);
    const char **ids = arena_array(op->arena, count + 1, sizeof *ids);
    struct remote_result *results =
        arena_array(op->arena, count + 1, sizeof *results);

    for (size_t i = 0; i < count; i++)
        ids[i] = transfer->ids[positions[i]];
    if (count > 0 && account_remote_of(op, account, &transfer->target,
                                       &remote) == STATUS_OK)
        account_told(account, remote->backend->items_delete(
                                  op, remote, (const char *const *)ids, count,
                                  REMOTE_DELETE_SOFT, results));
    else
        for (size_t i = 0; i < count; i++)
            results[i].status = STATUS_CANCELLED;
    done_ones(op, transfer, false, &left);
    for (size_t i = 0; i < count; i++)
        left += results[i].status != STATUS_OK &&
                results[i].status != STATUS_NOT_FOUND;
    if (left > 0)
        log_warning(op->session, "copies not taken back user=%s messages=%zu",
                    account_user(account), left);
}

/* Takes back what was copied; nobody has seen it yet. */
static void undo_copies(struct op *op, struct transfer *transfer,
                        enum status failure)
{
    struct selection *from = &transfer->from;
    struct op quiet = *op;
    size_t count;
    size_t *positions = done_ones(op, transfer, false, &count);

    quiet.cancelled =
        NULL; /* a client that has gone wants no half of it either */
    look_in_target(&quiet, transfer, positions, count);
    delete_copies(&quiet, transfer);
    if (transfer->synced)
        sync_folder(&quiet, from->account, transfer->target.id);
    for (size_t i = 0; i < from->count; i++)
        if (from->results[i].status == STATUS_OK)
            from->results[i].status = failure;
}

static enum status keep_copies(struct op *op, struct transfer *transfer)
{
    struct account *account = transfer->from.account;
    size_t count;
    size_t *positions = done_ones(op, transfer, false, &count);

    look_in_target(op, transfer, positions, count);
    positions = done_ones(op, transfer, true, &count);
    struct index_arrival *list = arrivals(op, transfer, positions, count);
    enum status status =
        index_copy(op, account->index, transfer->target.id, list, count);
    set_uids(transfer, positions, list, count);
    mail_changed(op, account, transfer->target.id);
    return status;
}

enum status mail_copy(struct op *op, struct account *account, int64_t folder,
                      const uint32_t uids[], size_t count, int64_t target,
                      struct mail_result results[])
{
    struct transfer transfer;
    enum status status = transfer_open(op, account, folder, uids, count, target,
                                       results, &transfer);
    size_t missing;

    if (status != STATUS_OK)
        return status;
    selection_those(op, &transfer.from, STATUS_NOT_FOUND, &missing);
    if (missing > 0)
        return selection_status(op, &transfer.from);
    carry(op, &transfer, transfer.from.remote->backend->items_copy,
          settle_copies);
    status = selection_status(op, &transfer.from);
    if (status == STATUS_OK)
        return keep_copies(op, &transfer);
    undo_copies(op, &transfer, status);
    return status;
}

/* --- Moving -------------------------------------------------------------- */

struct asking {
    struct transfer *transfer;
    const size_t *positions;
};

/* What is still in the source has not been moved and is sent again. */
static bool take_answer(void *context, size_t index, enum status status,
                        const struct remote_item *item)
{
    struct asking *asking = context;
    size_t position = asking->positions[index];

    (void)item;
    if (status == STATUS_OK)
        asking->transfer->from.results[position].status = STATUS_CANCELLED;
    else if (status == STATUS_NOT_FOUND)
        asking->transfer->vanished[position] = true;
    return true;
}

/* What has left the source is in the target, or somebody else has taken it
 * away. */
static void settle_vanished(struct op *op, struct transfer *transfer)
{
    size_t all, count = 0;
    size_t *positions =
        selection_those(op, &transfer->from, STATUS_UNCERTAIN, &all);

    for (size_t i = 0; i < all; i++)
        if (transfer->vanished[positions[i]])
            positions[count++] = positions[i];
    if (count == 0 ||
        look_in_target(op, transfer, positions, count) != STATUS_OK)
        return;
    for (size_t i = 0; i < count; i++)
        transfer->from.results[positions[i]].status =
            transfer->ids[positions[i]] != NULL ? STATUS_OK : STATUS_NOT_FOUND;
}

/* Looks where those of unknown outcome are.  False when there are none, or
 * nobody can say. */
static bool settle_moves(struct op *op, struct transfer *transfer)
{
    struct selection *from = &transfer->from;
    size_t count;
    size_t *positions = selection_those(op, from, STATUS_UNCERTAIN, &count);
    const char **ids = selection_ids(op, from, positions, count);
    struct asking asking = { transfer, positions };

    if (count == 0 ||
        account_told(from->account,
                     from->remote->backend->items_get(
                         op, from->remote, (const char *const *)ids, count,
                         take_answer, &asking)) != STATUS_OK)
        return false;
    settle_vanished(op, transfer);
    return true;
}

static void note_moved(struct op *op, struct transfer *transfer,
                       struct place *place)
{
    size_t count;
    size_t *positions = selection_those(op, &transfer->from, STATUS_OK, &count);

    for (size_t i = 0; i < count; i++)
        place_note(place, transfer->from.items[positions[i]].remote);
}

static enum status keep_moves(struct op *op, struct transfer *transfer)
{
    struct index *index = transfer->from.account->index;
    int64_t folder = transfer->from.folder.id;
    size_t count, lost;
    size_t *positions = done_ones(op, transfer, false, &count);

    look_in_target(op, transfer, positions, count);
    positions = done_ones(op, transfer, true, &count);
    size_t *unknown = done_ones(op, transfer, false, &lost);
    struct index_arrival *list = arrivals(op, transfer, positions, count);
    int64_t *rows = arena_array(op->arena, lost + 1, sizeof *rows);
    for (size_t i = 0; i < lost; i++)
        rows[i] = transfer->from.items[unknown[i]].row;

    struct place *place = place_of(transfer->from.account, folder);
    enum status status = STATUS_OK;
    pthread_mutex_lock(&place->lock);
    note_moved(op, transfer, place);
    if (count > 0)
        status =
            index_move(op, index, folder, transfer->target.id, list, count);
    if (lost > 0 && status == STATUS_OK)
        status = index_remove(op, index, folder, rows, lost);
    pthread_mutex_unlock(&place->lock);
    set_uids(transfer, positions, list, count);
    return status;
}

enum status mail_move(struct op *op, struct account *account, int64_t folder,
                      const uint32_t uids[], size_t count, int64_t target,
                      struct mail_result results[])
{
    struct transfer transfer;
    enum status status = transfer_open(op, account, folder, uids, count, target,
                                       results, &transfer);

    if (status != STATUS_OK)
        return status;
    carry(op, &transfer, transfer.from.remote->backend->items_move,
          settle_moves);
    status = keep_moves(op, &transfer);
    mail_changed(op, account, folder);
    mail_changed(op, account, target);
    return status != STATUS_OK ? status : selection_status(op, &transfer.from);
}
