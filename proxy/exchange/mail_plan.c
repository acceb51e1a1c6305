/*
 * mail_plan.c - which messages are read together, and what of them is known
 */
#include <stdlib.h>

#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/spool.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/cache.h"
#include "proxy/exchange/mail_fetch.h"
#include "proxy/format/mime.h"

#define BATCH_CACHED 16 /* each has a file open */

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

enum status fetch_look_up(struct op *op, const struct fetch *fetch,
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
            slot->status = fetch_look_up(&own, fetch, slot);
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
