/*
 * memory_changes.c - the in-memory door: changing items, storing and sending
 */
#include "tests/exchange/memory.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/spool.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/letter.h"
#include "tests/exchange/access.h"

/* --- Many items ---------------------------------------------------------- */

/* What a batch does with one item, which exists.  The results' texts go into
 * op's arena. */
struct batch {
    const char *operation;
    const char *const *ids;
    const char *target;       /* a folder's id; NULL: none is needed */
    enum remote_delete how;
    const struct remote_update *updates;
    void (*act)(struct arena *arena, const struct batch *batch, size_t index,
                struct sim_item *item, struct sim_folder *target,
                struct remote_result *result);
};

static struct remote_result result_of(struct arena *arena,
                                      struct sim_item *item)
{
    return (struct remote_result){ STATUS_OK,
                                   arena_strdup(arena, sim_item_id(item)),
                                   sim_item_change_key(arena, item) };
}

/* Exchange 2007 does not tell where things have gone. */
static struct remote_result place_of(struct arena *arena, struct sim_item *item,
                                     const struct sim_folder *target)
{
    return target->mailbox->exchange->version < EXCHANGE_2010_SP1
               ? (struct remote_result){ .status = STATUS_OK }
               : result_of(arena, item);
}

/* What has to be permitted, by operation. */
static bool may_act(const struct memory_call *call, const struct batch *batch,
                    const struct sim_item *item,
                    const struct sim_folder *target)
{
    const struct sim_mailbox *user = call->remote->user;
    enum sim_want want = batch->updates != NULL                   ? WANT_EDIT
                         : str_equal(batch->operation, "CopyItem") ? WANT_READ
                                                                   : WANT_DELETE;

    return sim_refuses_item(user, item, want) == NULL &&
           (target == NULL ||
            sim_refuses_folder(user, target, WANT_CREATE_ITEMS) == NULL);
}

static void run_item(struct memory_call *call, const struct batch *batch,
                     size_t index, size_t nth, struct sim_folder *target,
                     struct remote_result *result)
{
    const char *id =
        batch->updates != NULL ? batch->updates[index].id : batch->ids[index];
    struct sim_item *item = sim_item_by_id(call->remote->exchange, id);
    enum status status = memory_call_item(call, nth);

    if (status == STATUS_OK && batch->target != NULL && target == NULL)
        status = STATUS_NO_FOLDER;
    if (status == STATUS_OK && item == NULL)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK && !may_act(call, batch, item, target))
        status = STATUS_DENIED;
    *result = (struct remote_result){ .status = status };
    if (status == STATUS_OK)
        batch->act(call->op->arena, batch, index, item, target, result);
}

/* Calls of a hundred items; once one fails as a whole, no more are made and all
 * that were not answered have its status. */
static enum status run(struct op *op, struct remote *remote,
                       const struct batch *batch, size_t count,
                       struct remote_result results[])
{
    enum status status = STATUS_OK;
    enum status first = STATUS_OK;

    for (size_t start = 0; start < count; start += MEMORY_BATCH) {
        size_t end =
            count - start > MEMORY_BATCH ? start + MEMORY_BATCH : count;
        struct memory_call call;

        if (status == STATUS_OK)
            status =
                memory_call_begin(op, remote, batch->operation, true, &call);
        if (status == STATUS_OK) {
            struct sim_folder *target = NULL;

            exchange_lock(call.remote->exchange);
            if (batch->target != NULL)
                target = memory_folder(call.remote, batch->target);
            for (size_t i = start; i < end; i++)
                run_item(&call, batch, i, i - start, target, &results[i]);
            exchange_unlock(call.remote->exchange);
            status = memory_call_end(&call);
        }
        for (size_t i = start; i < end; i++) {
            if (status != STATUS_OK)
                results[i] = (struct remote_result){ .status = status };
            if (first == STATUS_OK)
                first = results[i].status;
        }
    }
    return first;
}

static void update(struct arena *arena, const struct batch *batch, size_t index,
                   struct sim_item *item, struct sim_folder *target,
                   struct remote_result *result)
{
    const struct remote_update *wanted = &batch->updates[index];
    uint32_t old = memory_flags(item);
    uint32_t changed = old ^ wanted->flags;

    (void)target;
    if (wanted->change_key != NULL &&
        !str_equal(wanted->change_key, sim_item_change_key(arena, item))) {
        *result = (struct remote_result){ .status = STATUS_CONFLICT };
        return;
    }
    if (wanted->set_categories)
        sim_item_set_categories(item, wanted->categories);
    if (changed & ~(uint32_t)MAIL_SEEN)
        memory_set_flags(item, wanted->flags);
    if (wanted->set_categories ||
        (changed & ~(uint32_t)MAIL_SEEN))
        sim_item_touch(item);
    sim_item_set_read(item, wanted->flags & MAIL_SEEN);
    if (wanted->flags & MAIL_SEEN)
        sim_item_answer_receipt(item, true, true);
    *result = result_of(arena, item);
}

enum status memory_items_update(struct op *op, struct remote *remote,
                                const struct remote_update updates[],
                                size_t count, struct remote_result results[])
{
    return run(op, remote,
               &(struct batch){ .operation = "UpdateItem",
                                .updates = updates,
                                .act = update },
               count, results);
}

static void copy(struct arena *arena, const struct batch *batch, size_t index,
                 struct sim_item *item, struct sim_folder *target,
                 struct remote_result *result)
{
    (void)batch;
    (void)index;
    *result = place_of(arena, sim_item_copy(item, target), target);
}

enum status memory_items_copy(struct op *op, struct remote *remote,
                              const char *const ids[], size_t count,
                              const char *target,
                              struct remote_result results[])
{
    return run(op, remote,
               &(struct batch){ .operation = "CopyItem",
                                .ids = ids,
                                .target = target,
                                .act = copy },
               count, results);
}

static void move(struct arena *arena, const struct batch *batch, size_t index,
                 struct sim_item *item, struct sim_folder *target,
                 struct remote_result *result)
{
    (void)batch;
    (void)index;
    *result = place_of(arena, sim_item_move(item, target), target);
}

enum status memory_items_move(struct op *op, struct remote *remote,
                              const char *const ids[], size_t count,
                              const char *target,
                              struct remote_result results[])
{
    return run(op, remote,
               &(struct batch){ .operation = "MoveItem",
                                .ids = ids,
                                .target = target,
                                .act = move },
               count, results);
}

static void delete(struct arena *arena, const struct batch *batch, size_t index,
                   struct sim_item *item, struct sim_folder *target,
                   struct remote_result *result)
{
    static const enum sim_item_disposal disposals[] = {
        [REMOTE_DELETE_SOFT] = DISPOSE_SOFT,
        [REMOTE_DELETE_TO_TRASH] = DISPOSE_TO_TRASH,
        [REMOTE_DELETE_HARD] = DISPOSE_HARD,
    };

    (void)arena;
    (void)index;
    (void)target;
    sim_item_dispose(item, disposals[batch->how]);
    result->status = STATUS_OK;
}

enum status memory_items_delete(struct op *op, struct remote *remote,
                                const char *const ids[], size_t count,
                                enum remote_delete how,
                                struct remote_result results[])
{
    return run(op, remote,
               &(struct batch){ .operation = "DeleteItem",
                                .ids = ids,
                                .how = how,
                                .act = delete },
               count, results);
}

/* --- New ones ------------------------------------------------------------ */

static struct sim_content *content_of(const struct spool *spool)
{
    uint64_t size = spool_size(spool);
    char *data = memory_new(size + 1);
    struct sim_content *content;
    uint64_t at = 0;
    long got;

    while (at < size && (got = spool_read(spool, at, data + at, size - at)) > 0)
        at += (uint64_t)got;
    content = sim_content_new(data, at);
    free(data);
    return content;
}

static enum status may_store(const struct sim_folder *folder,
                             const struct sim_content *content)
{
    const struct exchange *exchange = folder->mailbox->exchange;

    if (content->len == 0)
        return STATUS_BAD_CONTENT;
    if (exchange->message_limit != 0 && content->len > exchange->message_limit)
        return STATUS_TOO_BIG;
    if (exchange->quota != 0 &&
        folder->mailbox->octets + content->len > exchange->quota)
        return STATUS_OVER_QUOTA;
    return STATUS_OK;
}

static struct sim_item *store(struct sim_folder *folder,
                              const struct remote_new *wanted,
                              struct sim_content *content)
{
    const char *class = sim_item_class_of(content);
    struct sim_item *item = sim_item_add(
        folder,
        &(struct sim_item_template){
            .content = content,
            .class = class == NULL ? "REPORT.IPM.Note.IPNRN" : class,
            .flags = (wanted->flags & MAIL_SEEN ? FLAG_READ : 0) |
                     (wanted->flags & MAIL_DRAFT ? FLAG_UNSENT : 0),
            .received =
                wanted->received == TIME_NONE ? time_now() : wanted->received,
            .submitted = TIME_NONE });

    memory_set_flags(item, wanted->flags);
    memory_set_token(item, wanted->token);
    sim_item_set_categories(item, wanted->categories);
    return item;
}

enum status memory_item_create(struct op *op, struct remote *remote,
                               const char *id, const struct remote_new *wanted,
                               struct remote_result *result)
{
    struct memory_call call;
    enum status status =
        memory_call_begin(op, remote, "CreateItem", true, &call);
    struct sim_content *content;
    struct sim_folder *folder;
    enum status answer;

    *result = (struct remote_result){ .status = status };
    if (status != STATUS_OK)
        return status;
    content = content_of(wanted->content);
    exchange_lock(call.remote->exchange);
    folder = memory_folder(call.remote, id);
    status = memory_call_item(&call, 0);
    if (status == STATUS_OK && folder == NULL)
        status = STATUS_NO_FOLDER;
    if (status == STATUS_OK && sim_refuses_folder(call.remote->user, folder,
                                                  WANT_CREATE_ITEMS) != NULL)
        status = STATUS_DENIED;
    if (status == STATUS_OK)
        status = may_store(folder, content);
    if (status == STATUS_OK)
        *result = result_of(op->arena, store(folder, wanted, content));
    exchange_unlock(call.remote->exchange);
    sim_content_unref(&content);
    answer = memory_call_end(&call);
    if (answer != STATUS_OK)
        status = answer;
    if (status != STATUS_OK)
        *result = (struct remote_result){ .status = status };
    return status == STATUS_OK
               ? STATUS_OK
               : op_fail(op, status, "the message is not stored");
}

static enum status status_of(enum sim_submit_result result)
{
    static const enum status statuses[] = {
        [SUBMIT_OK] = STATUS_OK,
        [SUBMIT_NO_RECIPIENTS] = STATUS_NO_RECIPIENT,
        [SUBMIT_BAD_RECIPIENTS] = STATUS_BAD_RECIPIENT,
        [SUBMIT_DENIED] = STATUS_SENDER_DENIED,
        [SUBMIT_TOO_BIG] = STATUS_TOO_BIG,
        [SUBMIT_BAD_CONTENT] = STATUS_BAD_CONTENT,
    };

    return statuses[result];
}

enum status memory_send(struct op *op, struct remote *remote,
                        const struct remote_submission *submission)
{
    struct memory_call call;
    enum status status =
        memory_call_begin(op, remote, "CreateItem", true, &call);
    struct sim_submission sent = { .delivery_receipt =
                                       submission->delivery_receipt };
    struct sim_item *kept = NULL;
    enum status answer;

    if (status != STATUS_OK)
        return status;
    sent.content = content_of(submission->content);
    sent.bcc = submission->bcc;
    sent.sender = call.remote->mailbox;
    exchange_lock(call.remote->exchange);
    sent.save_to = sim_folder_by_use(call.remote->mailbox, "sentitems");
    status = memory_call_item(&call, 0);
    if (status == STATUS_OK)
        status = may_store(sent.save_to, sent.content);
    if (status == STATUS_OK)
        status = status_of(sim_submit(&sent, &kept));
    if (kept != NULL)
        memory_set_token(kept, submission->token);
    exchange_unlock(call.remote->exchange);
    sim_content_unref(&sent.content);
    answer = memory_call_end(&call);
    if (answer != STATUS_OK)
        status = answer;
    return status == STATUS_OK ? STATUS_OK
                               : op_fail(op, status, "the message is not sent");
}
