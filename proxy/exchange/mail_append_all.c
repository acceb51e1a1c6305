/*
 * mail_append_all.c - storing several messages or none, and replacing one
 *
 * The attempts stay open until all is done.  Should the gateway die in between,
 * a client that comes with the same again finds what is there already, and
 * nothing is doubled.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/mail_append.h"
#include "proxy/exchange/reading.h"

/* Those who claim more than one message take turns, so that no two wait for
 * each other.  No digest's number is negative. */
#define SEVERAL (-1)

/* How long a message is looked for whose id was not told, in seconds. */
#define LOOK_SECONDS 3

struct batch {
    struct account *account;
    struct append *list;
    uint32_t *uids;
    size_t count;
    size_t stored;
    bool claimed;
};

/* --- Claims --------------------------------------------------------------- */

static bool is_claimed(const struct batch *batch, size_t until,
                       const char *hash)
{
    for (size_t i = 0; i < until; i++)
        if (strcmp(batch->list[i].hash, hash) == 0)
            return true;
    return false;
}

static enum status claim(struct op *op, struct batch *batch)
{
    struct reading *storing = batch->account->storing;
    enum status status = STATUS_OK;

    while (!reading_claim(storing, SEVERAL))
        if (!reading_wait(op, storing, SEVERAL))
            return STATUS_CANCELLED;
    batch->claimed = true;
    for (size_t i = 0; i < batch->count && status == STATUS_OK; i++)
        if (!is_claimed(batch, i, batch->list[i].hash))
            status = append_claim(op, &batch->list[i]);
    return status;
}

/* What failed early has no list yet. */
static void release(struct batch *batch)
{
    for (size_t i = 0; batch->list != NULL && i < batch->count; i++)
        append_release(&batch->list[i]);
    if (batch->claimed)
        reading_release(batch->account->storing, SEVERAL);
}

/* --- Storing -------------------------------------------------------------- */

static enum status open_all(struct op *op, int64_t folder,
                            const struct mail_new messages[],
                            struct batch *batch)
{
    enum status status = STATUS_OK;

    batch->list = arena_array(op->arena, batch->count, sizeof *batch->list);
    for (size_t i = 0; i < batch->count && status == STATUS_OK; i++) {
        status = append_open(op, batch->account, folder, &messages[i],
                             &batch->list[i]);
        batch->list[i].open = true;
    }
    return status;
}

/* Stores one after the other; the same message twice is two messages. */
static enum status store(struct op *op, struct batch *batch)
{
    enum status status = STATUS_OK;
    int64_t first = 0;

    for (size_t i = 0; i < batch->count && status == STATUS_OK; i++) {
        struct append *append = &batch->list[i];

        append->before = first;
        status = append_store(op, append, &batch->uids[i]);
        batch->stored += status == STATUS_OK;
        if (first == 0)
            first = append->attempt.id;
    }
    return status;
}

static void end_attempts(struct op *op, const struct batch *batch)
{
    for (size_t i = 0; i < batch->stored; i++)
        if (batch->list[i].attempt.id != 0)
            index_attempt_end(op, batch->account->index,
                              batch->list[i].attempt.id, true);
}

/* --- Taking back ---------------------------------------------------------- */

/* The UID of a message that Exchange has stored without telling its id. */
static uint32_t find_uid(struct op *op, const struct append *append)
{
    struct remote_item *item = NULL;
    uint32_t uid = 0;

    if (append->attempt.id != 0 &&
        attempt_find(op, append->account, append->remote, append->folder.remote,
                     &append->attempt,
                     attempt_patience(append->account, LOOK_SECONDS),
                     &item) == STATUS_OK &&
        item != NULL)
        index_add(op, append->account->index, append->folder.id, item, &uid);
    return uid;
}

static bool take_back_one(struct op *op, const struct append *append,
                          uint32_t uid)
{
    struct mail_result result;

    if (uid == 0)
        uid = find_uid(op, append);
    if (uid == 0 || mail_destroy(op, append->account, append->folder.id, &uid,
                                 1, &result) != STATUS_OK)
        return false;
    if (append->attempt.id != 0)
        index_attempt_end(op, append->account->index, append->attempt.id,
                          false);
    return true;
}

/* Removes what was made, also for a client that has gone: it wants no half of
 * it either. */
static void take_back(struct op *op, const struct batch *batch)
{
    struct op quiet = *op;
    size_t left = 0;

    quiet.cancelled = NULL;
    for (size_t i = 0; i < batch->stored; i++)
        if (batch->list[i].made &&
            !take_back_one(&quiet, &batch->list[i], batch->uids[i]))
            left++;
    op->failed = quiet.failed;
    if (left > 0)
        log_warning(op->session, "messages not taken back user=%s messages=%zu",
                    account_user(batch->account), left);
}

/* --- The whole ------------------------------------------------------------ */

enum status mail_append_all(struct op *op, struct account *account,
                            int64_t folder, const struct mail_new messages[],
                            size_t count, uint32_t uids_out[])
{
    struct batch batch = { .account = account,
                           .uids = uids_out,
                           .count = count };

    if (count == 1)
        return mail_append(op, account, folder, &messages[0], &uids_out[0]);

    enum status status = open_all(op, folder, messages, &batch);
    if (status == STATUS_OK)
        status = claim(op, &batch);
    if (status == STATUS_OK)
        status = store(op, &batch);
    if (status == STATUS_OK)
        end_attempts(op, &batch);
    else
        take_back(op, &batch);
    release(&batch);
    if (batch.stored > 0)
        mail_changed(op, account, folder);
    return status;
}

/* Removes the old message.  Where nobody knows whether it is gone the new one
 * stays, as two are better than none, and its attempt stays open, so that the
 * same command finds it. */
static enum status remove_old(struct op *op, struct batch *batch,
                              int64_t folder, uint32_t uid)
{
    struct mail_result result;
    enum status status =
        mail_delete(op, batch->account, folder, &uid, 1, &result);

    if (status == STATUS_OK)
        end_attempts(op, batch);
    else if (status != STATUS_UNCERTAIN)
        take_back(op, batch);
    return status;
}

/* Stores the new message.  An earlier attempt at it may have made the very one
 * that is to be replaced now, which cannot stand for the new one as well. */
static enum status store_new(struct op *op, struct batch *batch, int64_t folder,
                             uint32_t uid)
{
    enum status status;

    do {
        batch->stored = 0;
        status = store(op, batch);
    } while (status == STATUS_OK && batch->uids[0] == uid &&
             batch->list[0].folder.id == folder);
    return status;
}

enum status mail_replace(struct op *op, struct account *account, int64_t folder,
                         uint32_t uid, int64_t target,
                         const struct mail_new *message, uint32_t *uid_out)
{
    struct batch batch = { .account = account, .uids = uid_out, .count = 1 };
    struct selection selection;
    struct mail_result result;
    enum status status =
        selection_open(op, account, folder, &uid, 1, &result, &selection);

    *uid_out = 0;
    if (status == STATUS_OK && result.status == STATUS_NOT_FOUND)
        status = op_fail(op, STATUS_NOT_FOUND, "no message to replace");
    if (status == STATUS_OK)
        status = open_all(op, target, message, &batch);
    if (status == STATUS_OK)
        status = claim(op, &batch);
    if (status == STATUS_OK)
        status = store_new(op, &batch, folder, uid);
    if (status == STATUS_OK)
        status = remove_old(op, &batch, folder, uid);
    release(&batch);
    if (batch.stored > 0)
        mail_changed(op, account, target);
    return status;
}
