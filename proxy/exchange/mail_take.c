/*
 * mail_take.c - a message that Exchange has given whole
 *
 * What a client is told of a message has to stay the same, so the first
 * rendering that Exchange gives is kept: in the cache as a whole, in the index
 * its structure and exact size.  When the cache has lost it, the next one is
 * made to fit them again (rendering.h).  If that is not possible, the message
 * has changed: it gets a new UID, under which its new form is told, and whoever
 * asked for the old one hears that this is gone.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/log.h"
#include "proxy/base/spool.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/cache.h"
#include "proxy/exchange/mail_fetch.h"
#include "proxy/exchange/rendering.h"

static void pack(struct op *op, const struct mime_part *structure,
                 struct slot *slot)
{
    struct buf packed;

    buf_init(&packed, op->arena);
    mime_part_store(structure, &packed);
    slot->packed = packed.data;
    slot->packed_len = packed.len;
}

/* Whether a content is the one that was told, or none was. */
static bool is_as_told(struct op *op, struct slot *slot,
                       const struct mime_part *structure, uint64_t size)
{
    pack(op, structure, slot);
    if (slot->told == NULL)
        return true;
    if (slot->size != size)
        return false;
    /* What an older version has written says no more than the size. */
    return slot->structure == NULL ||
           (slot->packed_len == slot->told_len &&
            memcmp(slot->packed, slot->told, slot->told_len) == 0);
}

/* Makes a content, whose structure is `*structure`, the one that was told;
 * false when it is another one. */
static bool restore(struct op *op, struct slot *slot, struct spool **content,
                    struct mime_part **structure)
{
    if (is_as_told(op, slot, *structure, spool_size(*content)))
        return true;
    struct spool *restored =
        slot->structure == NULL
            ? NULL
            : rendering_restore(op, *content, *structure, slot->structure);
    struct mime_part *again =
        restored == NULL ? NULL : rendering_scan(op, restored);

    if (again == NULL || !is_as_told(op, slot, again, spool_size(restored))) {
        spool_free(&restored);
        return false;
    }
    spool_free(content);
    *content = restored;
    *structure = again;
    return true;
}

/* Keeps the message as another one; whoever asks for this one hears that it is
 * gone. */
static enum status renew(struct op *op, const struct fetch *fetch,
                         struct slot *slot, const struct mime_part *structure,
                         const struct spool *content)
{
    struct account *account = fetch->account;
    struct index_content fresh = { .rendering = 1 };
    enum status status = index_renew(op, account->index, fetch->folder.id,
                                     slot->item.row, &fresh.row);

    if (status == STATUS_OK && fresh.row != 0) {
        log_info(op->session,
                 "message changed, it gets a new UID user=%s folder=%lld"
                 " uid=%u",
                 account_user(account), (long long)fetch->folder.id, slot->uid);
        pack(op, structure, slot);
        fresh.structure = slot->packed;
        fresh.structure_len = slot->packed_len;
        fresh.size = spool_size(content);
        cache_put(account->cache, fresh.row, fresh.rendering, content);
        status = index_store_content(op, account->index, fetch->folder.id,
                                     &fresh, 1);
        mail_changed(op, account, fetch->folder.id);
    }
    return status != STATUS_OK ? status
                               : op_fail(op, STATUS_NOT_FOUND,
                                         "message %u has changed", slot->uid);
}

enum status fetch_take(struct op *op, const struct fetch *fetch,
                       struct slot *slot, struct spool **content)
{
    struct mime_part *structure = rendering_scan(op, *content);

    if (structure == NULL)
        return op_fail(op, STATUS_UNAVAILABLE,
                       "a message cannot be read from the disk");
    if (!restore(op, slot, content, &structure))
        return renew(op, fetch, slot, structure, *content);
    if (slot->header == NULL) {
        slot->header_len = (size_t)structure->header_size;
        slot->header = spool_copy(op->arena, *content, 0, slot->header_len);
        if (slot->header == NULL)
            return op_fail(op, STATUS_UNAVAILABLE,
                           "a message cannot be read from the disk");
    }
    if (slot->told != NULL && slot->structure != NULL)
        slot->packed = NULL;
    slot->structure = structure;
    slot->size = spool_size(*content);
    cache_put(fetch->account->cache, slot->item.row, slot->item.rendering,
              *content);
    return STATUS_OK;
}
