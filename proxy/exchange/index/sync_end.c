/*
 * sync_end.c - the end of a reading: old messages under new ids, what is gone,
 * and UIDs for what is new
 *
 * In that order, as sync.c tells.
 */
#include "proxy/exchange/index/sync.h"

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"

struct fresh {
    int64_t row;
    int64_t estimate;
    int64_t received;
    const char *remote;
    const char *message_id;
    const char *search_key;
};

/* `texts` are only needed for finding former rows, and are most of the memory.
 */
static struct fresh *load_fresh(struct op *op, struct change *change,
                                bool texts, size_t *count_out)
{
    size_t room = (size_t)db_number(
        change->index,
        "SELECT count(*) FROM items WHERE folder = ? AND uid IS NULL", "i",
        change->folder);
    struct fresh *fresh = arena_array(op->arena, room + 1, sizeof *fresh);
    size_t count = 0;

    sqlite3_stmt *query =
        db_query(change->index,
                 "SELECT row, estimate, received, remote, message_id, "
                 "search_key FROM items"
                 " WHERE folder = ? AND uid IS NULL AND sweep <> -1"
                 " ORDER BY article, received, row",
                 "i", change->folder);
    while (count < room && db_row(change->index, query))
        fresh[count++] = (struct fresh){
            .row = sqlite3_column_int64(query, 0),
            .estimate = sqlite3_column_int64(query, 1),
            .received = sqlite3_column_int64(query, 2),
            .remote = texts ? db_text(op, query, 3) : NULL,
            .message_id = texts ? db_text(op, query, 4) : NULL,
            .search_key = texts ? db_text(op, query, 5) : NULL,
        };
    if (query != NULL)
        sqlite3_reset(query);
    *count_out = count;
    return fresh;
}

/* The row that this message had under an id that is gone now; 0 if there is
 * none. */
static int64_t find_former(struct change *change, const struct fresh *fresh)
{
    return db_number(
        change->index,
        "SELECT row FROM items WHERE folder = ?1 AND message_id IS ?2"
        " AND search_key IS ?3 AND received = ?4 AND uid IS NOT NULL"
        " AND (sweep = -1 OR (?5 AND sweep < ?6))"
        " AND (message_id IS NOT NULL OR search_key IS NOT NULL"
        " OR estimate = ?7) ORDER BY abs(estimate - ?7), uid LIMIT 1",
        "issiiii", change->folder, fresh->message_id, fresh->search_key,
        fresh->received, (int64_t)change->sweeping, change->sweep,
        fresh->estimate);
}

/* The old row goes on under the new id, with what is new about it. */
static void take_over(struct op *op, struct change *change, int64_t former,
                      const struct fresh *fresh)
{
    struct remote_item item = { .id = fresh->remote };
    sqlite3_stmt *query =
        db_query(change->index,
                 "SELECT change_key, class, article, flags, "
                 "categories, created, conversation FROM items"
                 " WHERE row = ?",
                 "i", fresh->row);

    if (!db_row(change->index, query))
        return;
    item.change_key = db_text(op, query, 0);
    item.class = db_text(op, query, 1);
    item.article = (uint32_t)sqlite3_column_int64(query, 2);
    item.flags = (uint32_t)sqlite3_column_int64(query, 3);
    item.categories = categories_unpack(op, db_text(op, query, 4));
    item.created = sqlite3_column_int64(query, 5);
    item.conversation = db_text(op, query, 6);
    sqlite3_reset(query);
    item.received = fresh->received;
    item.size = (uint32_t)fresh->estimate;
    item.message_id = fresh->message_id;
    item.search_key = fresh->search_key;
    db_run(change->index, "DELETE FROM items WHERE row = ?", "i", fresh->row);
    db_run(change->index,
           "UPDATE items SET remote = ?, sweep = ? WHERE row = ?", "sii",
           fresh->remote, change->sweep, former);
    sync_present(op, change, &item);
}

static const char find_gone[] =
    "SELECT row, uid FROM items WHERE folder = ?1 AND sweep = -1";
static const char find_unseen[] =
    "SELECT row, uid FROM items WHERE folder = ?1 AND sweep < ?2";

static void remove_gone(struct op *op, struct change *change)
{
    struct buf gone;
    sqlite3_stmt *query =
        change->sweeping
            ? db_query(change->index, find_unseen, "ii", change->folder,
                       change->sweep)
            : db_query(change->index, find_gone, "i", change->folder);

    buf_init(&gone, op->arena);
    while (db_row(change->index, query)) {
        int64_t pair[2] = { sqlite3_column_int64(query, 0),
                            sqlite3_column_int64(query, 1) };
        buf_append(&gone, pair, sizeof pair);
    }
    const int64_t *pairs = (const int64_t *)(const void *)gone.data;
    for (size_t i = 0; i < gone.len / sizeof *pairs; i += 2)
        change_remove(change, pairs[i], pairs[i + 1]);
}

/* "AND unconfirmed" stands in each such question as it does in the index, which
 * is not used otherwise. */
static void note_untold(struct change *change)
{
    db_run(change->index,
           "UPDATE items SET sweep = -1 WHERE folder = ? AND unconfirmed"
           " AND unconfirmed = 2",
           "i", change->folder);
}

/* Whether there are rows that a new one may be the former one of.  Two
 * questions, as each has its index. */
static bool has_old_ones(struct change *change)
{
    return db_number(change->index,
                     "SELECT 1 FROM items WHERE folder = ? AND sweep = -1", "i",
                     change->folder) != 0 ||
           (change->sweeping &&
            db_number(change->index,
                      "SELECT 1 FROM items WHERE folder = ? AND uid > 0", "i",
                      change->folder) != 0);
}

void sync_end(struct op *op, struct change *change)
{
    size_t count;

    note_untold(change);
    bool may_be_former = has_old_ones(change);
    struct fresh *fresh = load_fresh(op, change, may_be_former, &count);

    for (size_t i = 0; i < count && may_be_former; i++) {
        int64_t former = find_former(change, &fresh[i]);
        if (former == 0)
            continue;
        take_over(op, change, former, &fresh[i]);
        fresh[i].row = 0;
    }
    remove_gone(op, change);
    for (size_t i = 0; i < count; i++)
        if (fresh[i].row != 0)
            change_give_uid(change, fresh[i].row);
    db_run(change->index,
           "UPDATE folders SET complete = 1, sweeping = 0 WHERE id = ? AND "
           "(sweeping"
           " OR NOT complete)",
           "i", change->folder);
}
