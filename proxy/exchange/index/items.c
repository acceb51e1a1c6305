/*
 * items.c - single messages in the index: looking them up, and our own changes
 *
 * What we have changed at Exchange is here before the next sync tells of it;
 * that sync then finds its own news known already.
 */
#include <stdlib.h>

#include "proxy/base/arena.h"
#include "proxy/base/numbers.h"
#include "proxy/base/time.h"
#include "proxy/exchange/index/change.h"
#include "proxy/exchange/index/lookup.h"
#include "proxy/exchange/index/messages.h"

/* --- Looking up ---------------------------------------------------------- */

static void read_item(struct op *op, sqlite3_stmt *row, struct index_item *item)
{
    *item = (struct index_item){
        .uid = (uint32_t)sqlite3_column_int64(row, 0),
        .row = sqlite3_column_int64(row, 1),
        .remote = db_text(op, row, 2),
        .change_key = db_text(op, row, 3),
        .message_id = db_text(op, row, 4),
        .search_key = db_text(op, row, 5),
        .categories =
            categories_unpack(op, (const char *)sqlite3_column_text(row, 6)),
        .flags = (uint32_t)sqlite3_column_int64(row, 7),
        .received = sqlite3_column_int64(row, 8),
        .estimate = (uint32_t)sqlite3_column_int64(row, 9),
        .size_known = sqlite3_column_type(row, 10) != SQLITE_NULL,
        .size = (uint64_t)sqlite3_column_int64(row, 10),
        .rendering = (uint32_t)sqlite3_column_int64(row, 11),
        .modseq = (uint64_t)sqlite3_column_int64(row, 12),
    };
}

enum status index_items(struct op *op, struct index *index, int64_t folder,
                        const uint32_t uids[], size_t count,
                        struct index_item items_out[])
{
    for (size_t i = 0; i < count; i++)
        items_out[i] = (struct index_item){ .uid = uids[i] };
    db_read(index);
    struct lookup lookup = lookup_begin(
        index,
        "SELECT uid, row, remote, change_key, message_id, search_key,"
        " categories, flags, received, estimate, size, rendering, modseq"
        " FROM items WHERE folder = ? AND uid BETWEEN ? AND ? ORDER BY uid",
        folder, uids, count);
    while (lookup_next(&lookup))
        read_item(op, lookup.row, &items_out[lookup.at]);
    return db_end(op, index);
}

#define NEIGHBOUR                                                              \
    "SELECT uid, row, remote, change_key, message_id, search_key,"             \
    " categories, flags, received, estimate, size, rendering, modseq,"         \
    " summarized FROM items WHERE folder = ? AND uid "

static const char neighbours_above[] = NEIGHBOUR "> ? ORDER BY uid LIMIT ?";
static const char neighbours_below[] =
    NEIGHBOUR "< ? ORDER BY uid DESC LIMIT ?";

enum status index_neighbours(struct op *op, struct index *index, int64_t folder,
                             uint32_t uid, bool downwards, bool headers,
                             struct index_item items_out[], size_t *count)
{
    size_t found = 0;

    db_read(index);
    sqlite3_stmt *query = downwards
                              ? db_query(index, neighbours_below, "iii", folder,
                                         (int64_t)uid, (int64_t)*count)
                              : db_query(index, neighbours_above, "iii", folder,
                                         (int64_t)uid, (int64_t)*count);
    while (db_row(index, query)) {
        bool known = headers ? sqlite3_column_int(query, 13) != 0
                             : sqlite3_column_type(query, 10) != SQLITE_NULL;
        if (!known)
            read_item(op, query, &items_out[found++]);
    }
    *count = found;
    return db_end(op, index);
}

enum status index_uids(struct op *op, struct index *index, int64_t folder,
                       const char *const ids[], size_t count,
                       uint32_t **uids_out, size_t *count_out)
{
    uint32_t *uids = arena_array(op->arena, count + 1, sizeof *uids);
    size_t found = 0;

    db_read(index);
    for (size_t i = 0; i < count; i++) {
        int64_t uid = db_number(
            index, "SELECT uid FROM items WHERE folder = ? AND remote = ?",
            "is", folder, ids[i]);
        if (uid != 0)
            uids[found++] = (uint32_t)uid;
    }
    numbers_sort(uids, found);
    *uids_out = uids;
    *count_out = found;
    return db_end(op, index);
}

/* --- Our own changes ----------------------------------------------------- */

/* A sync may have told of it before; then only the change key is new. */
static void apply_update(struct op *op, struct change *change,
                         const struct index_update *update)
{
    const char *categories = categories_pack(op, update->categories);

    change->visible |=
        db_run(change->index,
               "UPDATE items SET flags = ?1, categories = ?2, modseq = ?3,"
               " revision = ?4 WHERE row = ?5 AND folder = ?6"
               " AND (flags <> ?1 OR categories IS NOT ?2)",
               "isiiii", (int64_t)update->flags, categories, change->modseq,
               change->revision, update->row, change->folder) > 0;
    if (update->change_key != NULL)
        db_run(change->index,
               "UPDATE items SET change_key = ? WHERE row = ? AND folder = ?",
               "sii", update->change_key, update->row, change->folder);
}

enum status index_update(struct op *op, struct index *index, int64_t folder,
                         const struct index_update updates[], size_t count)
{
    struct change change;

    db_write(index);
    if (!change_begin(index, folder, &change))
        return db_no_folder(op, index);
    for (size_t i = 0; i < count; i++)
        apply_update(op, &change, &updates[i]);
    return change_finish(op, &change);
}

enum status index_add(struct op *op, struct index *index, int64_t folder,
                      const struct remote_item *item, uint32_t *uid_out)
{
    struct change change;
    int64_t uid;

    db_write(index);
    if (!change_begin(index, folder, &change))
        return db_no_folder(op, index);
    int64_t row = change_arrived(&change, item->id, &uid);
    if (row == 0) {
        db_run(index,
               "INSERT INTO items (folder, remote, change_key, class, article, "
               "flags,"
               " categories, received, created, estimate, message_id, "
               "search_key, conversation, unconfirmed, sweep)"
               " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)",
               "isssiisiiisssi", folder, item->id, item->change_key,
               item->class, (int64_t)item->article, (int64_t)item->flags,
               categories_pack(op, item->categories), item->received,
               item->created, (int64_t)item->size, item->message_id,
               item->search_key, item->conversation, change.sweep);
        row = sqlite3_last_insert_rowid(index->db);
    }
    if (uid == 0 && !index->failed)
        uid = change_give_uid(&change, row);
    *uid_out = (uint32_t)uid;
    return change_finish(op, &change);
}

enum status index_remove(struct op *op, struct index *index, int64_t folder,
                         const int64_t rows[], size_t count)
{
    struct change change;

    db_write(index);
    if (!change_begin(index, folder, &change))
        return db_no_folder(op, index);
    for (size_t i = 0; i < count; i++) {
        int64_t uid = db_number(
            index, "SELECT uid FROM items WHERE row = ? AND folder = ?", "ii",
            rows[i], folder);
        if (uid != 0)
            change_remove(&change, rows[i], uid);
    }
    return change_finish(op, &change);
}

static bool is_taken(const uint32_t uids[], size_t count, uint32_t uid)
{
    for (size_t i = 0; i < count; i++)
        if (uids[i] == uid)
            return true;
    return false;
}

enum status index_match(struct op *op, struct index *index, int64_t folder,
                        uint32_t first, const struct index_item *const items[],
                        size_t count, uint32_t uids_out[])
{
    db_read(index);
    for (size_t i = 0; i < count; i++) {
        sqlite3_stmt *query =
            db_query(index,
                     "SELECT uid FROM items WHERE folder = ?1 AND uid >= ?2 "
                     "AND message_id IS ?3"
                     " AND (search_key IS ?4 OR message_id IS NOT NULL) AND "
                     "received = ?5"
                     " AND sweep <> -1 ORDER BY search_key IS NOT ?4, "
                     "abs(estimate - ?6), uid",
                     "iissii", folder, (int64_t)first, items[i]->message_id,
                     items[i]->search_key, items[i]->received,
                     (int64_t)items[i]->estimate);
        uids_out[i] = 0;
        while (uids_out[i] == 0 && db_row(index, query)) {
            uint32_t uid = (uint32_t)sqlite3_column_int64(query, 0);
            if (!is_taken(uids_out, i, uid))
                uids_out[i] = uid;
        }
        if (query != NULL)
            sqlite3_reset(query);
    }
    return db_end(op, index);
}
