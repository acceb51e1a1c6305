/*
 * mail_fetch.c - a batch of messages being read
 *
 * What is known already shows in the plan (mail_plan.c).  What was read is
 * kept: headers, structures and sizes in the index, whole messages in the cache
 * (mail_take.c).
 *
 * Headers alone come cheaply, a hundred in a call.  Messages that never
 * travelled have none in Exchange's store: they are read whole.
 */
#include "proxy/exchange/mail_fetch.h"

#include "proxy/base/arena.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/reading.h"
#include "proxy/format/mime_summary.h"

/* What is larger may take a slow client long. */
#define LARGE (256 * 1024)

/* --- Keeping what has come ----------------------------------------------- */

static const struct mime_summary *summarize(struct op *op,
                                            const struct slot *slot)
{
    struct mime_summary *summary = arena_alloc(op->arena, sizeof *summary);

    mime_summarize(op->arena, slot->header, slot->header_len, summary);
    return summary;
}

static void keep(struct op *op, const struct fetch *fetch, struct slot slots[],
                 size_t slot_count)
{
    struct index_content *contents =
        arena_array(op->arena, slot_count + 1, sizeof *contents);
    size_t count = 0;

    for (size_t i = 0; i < slot_count; i++) {
        struct slot *slot = &slots[i];
        bool new_header = slot->header != NULL && !slot->header_known;
        bool new_summary = slot->header != NULL && !slot->summarized;

        if (slot->status != STATUS_OK ||
            (!new_header && !new_summary && slot->packed == NULL))
            continue;
        contents[count++] = (struct index_content){
            .row = slot->item.row,
            .rendering = slot->item.rendering,
            .header = new_header ? slot->header : NULL,
            .header_len = slot->header_len,
            .structure = slot->packed,
            .structure_len = slot->packed_len,
            .size = slot->size,
            .summary = new_summary ? summarize(op, slot) : NULL,
        };
        slot->header_known = true;
        slot->summarized = true;
        slot->packed = NULL;
    }
    if (count == 0)
        return;
    index_store_content(op, fetch->account->index, fetch->folder.id, contents,
                        count);
    index_trim_headers(op, fetch->account->index,
                       account_settings(fetch->account)->store.header_limit);
}

/* Lets others look: what they wait for is known now, or theirs to read. */
static void release_claims(const struct fetch *fetch, struct slot slots[],
                           size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slots[i].claimed) {
            slots[i].claimed = false;
            reading_release(fetch->account->reading, slots[i].item.row);
        }
}

/* --- Taking what Exchange gives ------------------------------------------ */

struct call {
    struct op *op;
    const struct fetch *fetch;
    struct batch *batch;
    struct slot **slots; /* what was asked for, by position */
    size_t count;
};

static void finish_slot(const struct call *call, struct slot *slot,
                        enum status status)
{
    slot->status = status;
    slot->want = FETCH_NOTHING;
    call->fetch->ready(call->fetch->context, call->batch, slot);
}

static bool take_header_read(void *context, struct remote_read *read)
{
    struct call *call = context;
    struct slot *slot = call->slots[read->index];

    if (read->status == STATUS_OK && read->header == NULL) {
        slot->want = FETCH_CONTENT;
    } else {
        if (read->status == STATUS_OK) {
            slot->header =
                arena_strndup(call->op->arena, read->header, read->header_len);
            slot->header_len = read->header_len;
        }
        finish_slot(call, slot, read->status);
    }
    return call->fetch->go_on(call->fetch->context);
}

static bool take_content_read(void *context, struct remote_read *read)
{
    struct call *call = context;
    struct slot *slot = call->slots[read->index];
    enum status status = read->status;

    if (status == STATUS_OK)
        status = fetch_take(call->op, call->fetch, slot, &read->content);
    if (status == STATUS_OK && call->fetch->need == MAIL_NEED_CONTENT &&
        slot < &call->batch->slots[call->batch->wanted]) {
        slot->content = read->content;
        read->content = NULL;
    }
    if (status == STATUS_OK && slot->size > LARGE) {
        keep(call->op, call->fetch, slot, 1);
        release_claims(call->fetch, slot, 1);
    }
    finish_slot(call, slot, status);
    return call->fetch->go_on(call->fetch->context);
}

/* Asks for all slots of the call that want `part`.  Those that got no answer
 * have the call's status. */
static enum status read_slots(struct call *call, enum remote_part part)
{
    struct op *op = call->op;
    struct remote *remote;
    const char **ids = arena_array(op->arena, call->count + 1, sizeof *ids);
    uint32_t *sizes = arena_array(op->arena, call->count + 1, sizeof *sizes);
    bool headers = part == REMOTE_HEADER;

    if (call->count == 0)
        return STATUS_OK;
    for (size_t i = 0; i < call->count; i++) {
        ids[i] = call->slots[i]->item.remote;
        sizes[i] = call->slots[i]->item.estimate;
    }
    enum status status = account_remote_of(op, call->fetch->account,
                                           &call->fetch->folder, &remote);
    if (status == STATUS_OK)
        status = account_told(
            call->fetch->account,
            remote->backend->items_read(
                op, remote, (const char *const *)ids, sizes, call->count, part,
                headers ? take_header_read : take_content_read, call));
    enum fetch_want unanswered = headers ? FETCH_HEADER : FETCH_CONTENT;
    for (size_t i = 0; i < call->count; i++)
        if (call->slots[i]->want == unanswered)
            finish_slot(call, call->slots[i],
                        status != STATUS_OK ? status : STATUS_INTERNAL);
    return status;
}

/* --- Running a batch ----------------------------------------------------- */

static struct call call_for(struct op *op, const struct fetch *fetch,
                            struct batch *batch)
{
    return (struct call){
        .op = op,
        .fetch = fetch,
        .batch = batch,
        .slots =
            arena_array(op->arena, batch->count + 1, sizeof(struct slot *)),
    };
}

static enum status fetch_headers(struct op *op, const struct fetch *fetch,
                                 struct batch *batch)
{
    struct call call = call_for(op, fetch, batch);

    for (size_t i = 0; i < batch->count; i++)
        if (batch->slots[i].want == FETCH_HEADER)
            call.slots[call.count++] = &batch->slots[i];
    return read_slots(&call, REMOTE_HEADER);
}

/* Whether somebody has read it meanwhile; then it is ready. */
static bool is_known_now(const struct call *call, struct slot *slot)
{
    slot->want = FETCH_NOTHING;
    enum status status = fetch_look_up(call->op, call->fetch, slot);
    if (status == STATUS_OK && slot->want != FETCH_NOTHING) {
        slot->want = FETCH_CONTENT;
        return false;
    }
    finish_slot(call, slot, status);
    return true;
}

/* Reads the contents that nobody else is reading. */
static enum status fetch_unclaimed(struct op *op, const struct fetch *fetch,
                                   struct batch *batch)
{
    struct call call = call_for(op, fetch, batch);

    /* All claims first: who comes at the same time shall not share the batch
     * with us, as that would make two calls of one. */
    for (size_t i = 0; i < batch->count; i++) {
        struct slot *slot = &batch->slots[i];
        slot->claimed = slot->want == FETCH_CONTENT &&
                        reading_claim(fetch->account->reading, slot->item.row);
        /* Nobody waits for what he was not asked for. */
        if (slot->want == FETCH_CONTENT && !slot->claimed && i >= batch->wanted)
            slot->want = FETCH_NOTHING;
    }
    for (size_t i = 0; i < batch->count; i++) {
        struct slot *slot = &batch->slots[i];
        if (slot->claimed && !is_known_now(&call, slot))
            call.slots[call.count++] = slot;
    }
    return read_slots(&call, REMOTE_CONTENT);
}

/* Others were reading these; now they are known, or nobody reads them any more.
 */
static bool look_again(struct op *op, const struct fetch *fetch,
                       struct batch *batch)
{
    struct call call = call_for(op, fetch, batch);

    for (size_t i = 0; i < batch->count; i++) {
        struct slot *slot = &batch->slots[i];

        if (slot->want != FETCH_CONTENT)
            continue;
        if (!reading_wait(op, fetch->account->reading, slot->item.row))
            return false;
        is_known_now(&call, slot);
    }
    return true;
}

static bool wants(const struct batch *batch, enum fetch_want want)
{
    for (size_t i = 0; i < batch->count; i++)
        if (batch->slots[i].want == want)
            return true;
    return false;
}

static void give_up(struct op *op, const struct fetch *fetch,
                    struct batch *batch, enum status status)
{
    struct call call = call_for(op, fetch, batch);

    for (size_t i = 0; i < batch->count; i++)
        if (batch->slots[i].want != FETCH_NOTHING)
            finish_slot(&call, &batch->slots[i], status);
}

enum status fetch_run(struct op *op, const struct fetch *fetch,
                      struct batch *batch)
{
    struct call here = call_for(op, fetch, batch);
    enum status status = STATUS_OK;

    for (size_t i = 0; i < batch->count; i++)
        if (batch->slots[i].want == FETCH_NOTHING)
            finish_slot(&here, &batch->slots[i], batch->slots[i].status);
    if (wants(batch, FETCH_HEADER))
        status = fetch_headers(op, fetch, batch);
    while (status == STATUS_OK && wants(batch, FETCH_CONTENT)) {
        status = fetch_unclaimed(op, fetch, batch);
        keep(op, fetch, batch->slots, batch->count);
        release_claims(fetch, batch->slots, batch->count);
        if (status == STATUS_OK && !look_again(op, fetch, batch))
            status = STATUS_CANCELLED;
    }
    keep(op, fetch, batch->slots, batch->count);
    give_up(op, fetch, batch, status != STATUS_OK ? status : STATUS_INTERNAL);
    return status;
}
