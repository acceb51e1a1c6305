/*
 * identities.c - what messages are by, wherever they lie
 */
#include "proxy/exchange/index/lookup.h"
#include "proxy/exchange/index/messages.h"

enum status index_identities(struct op *op, struct index *index, int64_t folder,
                             const uint32_t uids[], size_t count,
                             struct index_identity identities_out[])
{
    for (size_t i = 0; i < count; i++)
        identities_out[i] = (struct index_identity){ .row = 0 };
    db_read(index);
    struct lookup lookup = lookup_begin(
        index,
        "SELECT uid, row, rendering, saved, conversation FROM items"
        " WHERE folder = ? AND uid BETWEEN ? AND ? ORDER BY uid",
        folder, uids, count);
    while (lookup_next(&lookup))
        identities_out[lookup.at] = (struct index_identity){
            .row = sqlite3_column_int64(lookup.row, 1),
            .rendering = (uint32_t)sqlite3_column_int64(lookup.row, 2),
            .saved = sqlite3_column_int64(lookup.row, 3),
            .conversation = db_text(op, lookup.row, 4),
        };
    return db_end(op, index);
}
