/*
 * mail_known.c - what is at hand of a message without asking Exchange
 */
#include "proxy/base/arena.h"
#include "proxy/base/spool.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/cache.h"
#include "proxy/exchange/mail_private.h"
#include "proxy/format/mime.h"

static void free_spool(void *spool)
{
    struct spool *old = spool;

    spool_free(&old);
}

bool mail_known_content(struct op *op, struct account *account, int64_t folder,
                        uint32_t uid, struct mail_content *content_out)
{
    struct index_content known;
    struct index_item item;

    if (index_items(op, account->index, folder, &uid, 1, &item) != STATUS_OK ||
        item.row == 0 ||
        index_content(op, account->index, item.row, &known) != STATUS_OK ||
        known.header == NULL || known.structure == NULL)
        return false;
    struct spool *content = cache_get(account->cache, item.row, item.rendering);
    if (content == NULL)
        return false;
    arena_defer(op->arena, free_spool, content);
    *content_out = (struct mail_content){
        .uid = uid,
        .header = known.header,
        .header_len = known.header_len,
        .size = known.size,
        .structure =
            mime_part_load(op->arena, known.structure, known.structure_len),
        .content = content,
    };
    return content_out->structure != NULL && spool_size(content) == known.size;
}
