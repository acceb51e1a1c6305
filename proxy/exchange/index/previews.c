/*
 * previews.c - how messages begin
 *
 * A message that is rendered anew loses its preview: what it says may have
 * changed, also while Exchange was being asked for it.
 */
#include "proxy/exchange/index/lookup.h"
#include "proxy/exchange/index/messages.h"

enum status index_previews(struct op *op, struct index *index, int64_t folder,
                           const uint32_t uids[], size_t count,
                           const char *previews_out[])
{
    for (size_t i = 0; i < count; i++)
        previews_out[i] = NULL;
    db_read(index);
    struct lookup lookup =
        lookup_begin(index,
                     "SELECT uid, preview FROM items JOIN previews USING (row)"
                     " WHERE folder = ? AND uid BETWEEN ? AND ? ORDER BY uid",
                     folder, uids, count);
    while (lookup_next(&lookup))
        previews_out[lookup.at] = db_text(op, lookup.row, 1);
    return db_end(op, index);
}

enum status index_keep_previews(struct op *op, struct index *index,
                                const int64_t rows[],
                                const uint32_t renderings[],
                                const char *const previews[], size_t count)
{
    db_write(index);
    for (size_t i = 0; i < count; i++)
        if (previews[i] != NULL)
            db_run(index,
                   "INSERT OR REPLACE INTO previews SELECT row, ? FROM items"
                   " WHERE row = ? AND rendering = ?",
                   "sii", previews[i], rows[i], (int64_t)renderings[i]);
    return db_end(op, index);
}
