/*
 * mail_fetch.c - a batch of messages being read
 *
 * What was read is kept: headers, structures and sizes in the index, whole
 * messages in the cache (mail_take.c).
 *
 * Headers alone come cheaply, a hundred in a call.  Messages that never
 * travelled have none in Exchange's store: they are read whole.
 */
#include "proxy/exchange/mail_fetch.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/spool.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/cache.h"
#include "proxy/exchange/reading.h"
#include "proxy/format/mime.h"
#include "proxy/format/mime_summary.h"

#define BATCH_CACHED 16 /* each has a file open */

/* What is larger may take a slow client long. */
#define LARGE (256 * 1024)

/* --- Planning ------------------------------------------------------------ */

bool fetch_has_no_header(const struct fetch *fetch,
                         const struct index_item *item)
{
    enum folder_use use = fetch->folder.use;

    return use == FOLDER_SENT || use == FOLDER_DRAFTS || use == FOLDER_OUTBOX ||
           (item->flags & MAIL_UNSENT) != 0;
}

static void use_known(struct op *op, struct slot *slot,
                      const struct index_content *known)
{
    slot->header = known->header;
    slot->header_len = known->header_len;
    slot->header_known = known->header != NULL;
    slot->summarized = known->summarized;
    if (known->structure != NULL)
        slot->structure =
            mime_part_load(op->arena, known->structure, known->structure_len);
    slot->told = known->structure;
    slot->told_len = known->structure_len;
    slot->size = known->size;
}

/* The rendering that the structure belongs to, or NULL. */
static struct spool *open_cached(const struct fetch *fetch,
                                 const struct slot *slot)
{
    struct spool *content =
        cache_get(fetch->account->cache, slot->item.row, slot->item.rendering);

    if (content != NULL && spool_size(content) != slot->size)
        spool_free(&content);
    return content;
}

static enum status look_up(struct op *op, const struct fetch *fetch,
                           struct slot *slot)
{
    struct index_content known;
    enum status status =
        index_content(op, fetch->account->index, slot->item.row, &known);

    if (status != STATUS_OK)
        return status;
    use_known(op, slot, &known);
    bool whole = slot->header != NULL && slot->structure != NULL;
    if (fetch->need == MAIL_NEED_HEADER && slot->header == NULL)
        slot->want = fetch_has_no_header(fetch, &slot->item) ? FETCH_CONTENT
                                                             : FETCH_HEADER;
    if (fetch->need == MAIL_NEED_STRUCTURE && !whole)
        slot->want = FETCH_CONTENT;
    if (fetch->need == MAIL_NEED_CONTENT) {
        slot->content = whole ? open_cached(fetch, slot) : NULL;
        slot->want = slot->content == NULL ? FETCH_CONTENT : FETCH_NOTHING;
    }
    return STATUS_OK;
}

struct batch *fetch_plan(struct op *op, const struct fetch *fetch,
                         const uint32_t uids[], size_t count)
{
    struct batch *batch = memory_new(sizeof *batch);
    size_t most = count < BATCH_COUNT ? count : BATCH_COUNT, cached = 0;
    uint64_t size = 0;
    struct op own = *op;

    own.arena = batch->arena = arena_new();
    batch->slots = arena_array(batch->arena, BATCH_COUNT, sizeof *batch->slots);
    while (batch->count < most && size < BATCH_SIZE && cached < BATCH_CACHED) {
        struct slot *slot = &batch->slots[batch->count];
        struct index_item item;

        slot->uid = uids[batch->count];
        slot->status = index_items(&own, fetch->account->index,
                                   fetch->folder.id, &slot->uid, 1, &item);
        slot->item = item;
        if (slot->status == STATUS_OK && item.row == 0)
            slot->status = STATUS_NOT_FOUND;
        if (slot->status == STATUS_OK)
            slot->status = look_up(&own, fetch, slot);
        if (slot->want == FETCH_CONTENT) {
            size += item.size_known ? item.size : item.estimate;
            if (size > BATCH_SIZE && batch->count > 0) {
                *slot = (struct slot){ .uid = 0 };
                break;
            }
        }
        cached += slot->content != NULL;
        batch->calls_exchange |= slot->want != FETCH_NOTHING;
        batch->count++;
    }
    batch->wanted = batch->count;
    return batch;
}

void batch_free(struct batch **batch)
{
    for (size_t i = 0; i < (*batch)->count; i++)
        spool_free(&(*batch)->slots[i].content);
    arena_free(&(*batch)->arena);
    free(*batch);
    *batch = NULL;
}

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
    enum status status = look_up(call->op, call->fetch, slot);
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
