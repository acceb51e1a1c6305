/*
 * lookup.c - many messages by their UIDs, neighbours with one query
 *
 * Clients mostly ask for ranges: such a stretch is read by one walk over the
 * table's index, which takes a tenth of the time of as many single looks.
 */
#include "proxy/exchange/index/lookup.h"

/* Between neighbours that are looked up together. */
#define GAP 16

struct lookup lookup_begin(struct index *index, const char *sql, int64_t folder,
                           const uint32_t uids[], size_t count)
{
    return (struct lookup){ .index = index,
                            .sql = sql,
                            .folder = folder,
                            .uids = uids,
                            .count = count };
}

static void begin_stretch(struct lookup *lookup)
{
    const uint32_t *uids = lookup->uids;
    size_t start = lookup->end, end = start + 1;

    while (end < lookup->count && uids[end] > uids[end - 1] &&
           uids[end] - uids[end - 1] <= GAP)
        end++;
    lookup->at = start;
    lookup->end = end;
    lookup->row = db_query(lookup->index, lookup->sql, "iii", lookup->folder,
                           (int64_t)uids[start], (int64_t)uids[end - 1]);
}

/* Whether the row is one that was asked for. */
static bool take_row(struct lookup *lookup)
{
    int64_t uid = sqlite3_column_int64(lookup->row, 0);

    while (lookup->at < lookup->end && lookup->uids[lookup->at] < uid)
        lookup->at++;
    return lookup->at < lookup->end && lookup->uids[lookup->at] == uid;
}

bool lookup_next(struct lookup *lookup)
{
    for (;;) {
        while (db_row(lookup->index, lookup->row))
            if (take_row(lookup))
                return true;
        if (lookup->end == lookup->count || lookup->index->failed)
            return false;
        begin_stretch(lookup);
    }
}
