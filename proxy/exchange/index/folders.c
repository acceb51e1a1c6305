/*
 * folders.c - the folder tree in the index
 *
 * A folder is known by Exchange's id, which stays when it is renamed or moved.
 * Our number and the UIDVALIDITY belong to that id: a folder made anew under an
 * old name has another id, and so another of both.
 *
 * Exchange says nothing of a folder that came and went between two readings.
 * One that we have made, knowing it before any reading named it, has therefore
 * gone when the next reading does not name it either.
 */
#include "proxy/exchange/index/folders.h"

#include "proxy/base/arena.h"
#include "proxy/exchange/index/db.h"
#include "proxy/exchange/index/index.h"
#include "proxy/exchange/index/validity.h"

/* What stands instead of the number of the reading that named a folder last. */
enum {
    SEEN_BY_US = -1,     /* we have made it */
    SEEN_BY_NOBODY = -2, /* and Exchange has been asked since */
};

#define FOLDER_COLUMNS                                                         \
    "id, remote, parent, name, kind, use, hidden, syncable, subscribed, "      \
    "complete,"                                                                \
    " sweeping, uid_validity, uid_next, modseq, revision, sync_state, "        \
    "committed,"                                                               \
    " deleted, total, unread, store, lacks, more_below, shown"

static void read_folder(struct op *op, sqlite3_stmt *row,
                        struct index_folder *folder)
{
    bool stamped = sqlite3_column_type(row, 16) != SQLITE_NULL;

    *folder = (struct index_folder){
        .id = sqlite3_column_int64(row, 0),
        .remote = db_text(op, row, 1),
        .parent = db_text(op, row, 2),
        .name = db_text(op, row, 3),
        .kind = (enum folder_kind)sqlite3_column_int(row, 4),
        .use = (enum folder_use)sqlite3_column_int(row, 5),
        .hidden = sqlite3_column_int(row, 6) != 0,
        .syncable = sqlite3_column_int(row, 7) != 0,
        .subscribed = sqlite3_column_int(row, 8) != 0,
        .store = sqlite3_column_int64(row, 20),
        .lacks = (unsigned)sqlite3_column_int64(row, 21),
        .more_below = sqlite3_column_int(row, 22) != 0,
        .shown = db_text(op, row, 23),
        .complete = sqlite3_column_int(row, 9) != 0,
        .sweeping = sqlite3_column_int(row, 10) != 0,
        .uid_validity = (uint32_t)sqlite3_column_int64(row, 11),
        .uid_next = (uint32_t)sqlite3_column_int64(row, 12),
        .modseq = (uint64_t)sqlite3_column_int64(row, 13),
        .revision = (uint64_t)sqlite3_column_int64(row, 14),
        .sync_state = db_text(op, row, 15),
        .stamp = {
            .status = stamped ? STATUS_OK : STATUS_NOT_FOUND,
            .committed = sqlite3_column_int64(row, 16),
            .deleted = (uint32_t)sqlite3_column_int64(row, 17),
            .total = (uint32_t)sqlite3_column_int64(row, 18),
            .unread = (uint32_t)sqlite3_column_int64(row, 19),
        },
    };
}

enum status index_folders(struct op *op, struct index *index,
                          struct index_folder **folders_out, size_t *count_out)
{
    size_t i = 0;

    db_read(index);
    size_t room = (size_t)db_number(index, "SELECT count(*) FROM folders", "");
    *folders_out = arena_array(op->arena, room + 1, sizeof **folders_out);
    sqlite3_stmt *query = db_query(
        index, "SELECT " FOLDER_COLUMNS " FROM folders ORDER BY id", "");
    while (db_row(index, query))
        read_folder(op, query, &(*folders_out)[i++]);
    *count_out = i;
    return db_end(op, index);
}

enum status index_folder(struct op *op, struct index *index, int64_t id,
                         struct index_folder *folder_out)
{
    db_read(index);
    sqlite3_stmt *query = db_query(
        index, "SELECT " FOLDER_COLUMNS " FROM folders WHERE id = ?", "i", id);
    bool found = db_row(index, query);
    if (found) {
        read_folder(op, query, folder_out);
        sqlite3_reset(query);
    }
    enum status status = db_end(op, index);
    if (status == STATUS_OK && !found)
        return op_fail(op, STATUS_NO_FOLDER, "no folder has the number %lld",
                       (long long)id);
    return status;
}

void index_remove_folder(struct index *index, int64_t id)
{
    validity_removed(index, id);
    /* Not left to the cascade, which does not run the triggers of what it
     * deletes on every version. */
    db_run(index, "DELETE FROM items WHERE folder = ?", "i", id);
    db_run(index, "DELETE FROM folders WHERE id = ?", "i", id);
}

int64_t index_insert_folder(struct index *index,
                            const struct remote_folder *folder, int64_t store,
                            int64_t reading)
{
    db_run(index,
           "INSERT INTO folders (remote, parent, name, kind, use, hidden, "
           "syncable, seen,"
           " uid_validity, store, subscribed, lacks)"
           " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
           "sssiiiiiiiii", folder->id, folder->parent,
           folder->name != NULL ? folder->name : "", (int64_t)folder->kind,
           (int64_t)folder->use, (int64_t)folder->hidden,
           (int64_t)folder->syncable, reading, validity_next(index), store,
           (int64_t)(store == 0), (int64_t)folder->lacks);
    return sqlite3_last_insert_rowid(index->db);
}

/* A change may leave the name or the parent out; the use once known stays. */
static bool update_folder(struct index *index, int64_t id,
                          const struct remote_folder *folder, int64_t reading)
{
    db_run(index, "UPDATE folders SET seen = ? WHERE id = ?", "ii", reading,
           id);
    return db_run(
               index,
               "UPDATE folders SET parent = coalesce(?1, parent), name = "
               "coalesce(?2, name),"
               " kind = ?3, use = CASE ?4 WHEN 0 THEN use ELSE ?4 END, hidden "
               "= ?5,"
               " syncable = ?6, lacks = ?8 WHERE id = ?7"
               " AND (parent IS NOT coalesce(?1, parent)"
               " OR name IS NOT coalesce(?2, name) OR kind <> ?3"
               " OR (use <> ?4 AND ?4 <> 0) OR hidden <> ?5 OR syncable <> ?6"
               " OR lacks <> ?8)",
               "ssiiiiii", folder->parent, folder->name, (int64_t)folder->kind,
               (int64_t)folder->use, (int64_t)folder->hidden,
               (int64_t)folder->syncable, id, (int64_t)folder->lacks) > 0;
}

static bool apply_change(struct index *index,
                         const struct remote_folder_change *change,
                         int64_t reading)
{
    int64_t id = db_number(index, "SELECT id FROM folders WHERE remote = ?",
                           "s", change->folder.id);

    if (change->change == REMOTE_GONE) {
        if (id != 0)
            index_remove_folder(index, id);
        return id != 0;
    }
    if (id != 0)
        return update_folder(index, id, &change->folder, reading);
    index_insert_folder(index, &change->folder, 0, reading);
    return true;
}

/* What is not there any more: what a reading from the beginning did not name,
 * and of our own folders what no reading since has named. */
static bool remove_unnamed(struct op *op, struct index *index, bool swept,
                           int64_t reading)
{
    size_t room = (size_t)db_number(index, "SELECT count(*) FROM folders", "");
    int64_t *gone = arena_array(op->arena, room + 1, sizeof *gone);
    size_t count = 0;

    sqlite3_stmt *query =
        db_query(index,
                 "SELECT id FROM folders WHERE store = 0 AND (seen = ?1"
                 " OR (?2 AND seen NOT IN (?3, ?4)))",
                 "iiii", (int64_t)SEEN_BY_NOBODY, (int64_t)swept, reading,
                 (int64_t)SEEN_BY_US);
    while (db_row(index, query))
        gone[count++] = sqlite3_column_int64(query, 0);
    for (size_t i = 0; i < count; i++)
        index_remove_folder(index, gone[i]);
    if (swept)
        db_run(index, "DELETE FROM facts WHERE name = 'tree_sweeping'", "");
    return count > 0;
}

enum status index_folders_asks(struct op *op, struct index *index)
{
    db_read(index);
    bool any = db_number(index, "SELECT 1 FROM folders WHERE seen = ?", "i",
                         (int64_t)SEEN_BY_US) != 0;
    enum status status = db_end(op, index);

    if (status != STATUS_OK || !any)
        return status;
    db_write(index);
    db_run(index, "UPDATE folders SET seen = ? WHERE seen = ?", "ii",
           (int64_t)SEEN_BY_NOBODY, (int64_t)SEEN_BY_US);
    return db_end(op, index);
}

enum status index_folders_page(struct op *op, struct index *index,
                               const struct remote_folder_change changes[],
                               size_t count, const char *state, bool last,
                               bool *changed_out)
{
    bool changed = false;

    db_write(index);
    int64_t reading = db_number(
        index,
        "SELECT CAST(value AS INTEGER) FROM facts WHERE name = 'tree_reading'",
        "");
    bool sweeping =
        db_number(index, "SELECT 1 FROM facts WHERE name = 'tree_sweeping'",
                  "") != 0 ||
        db_number(index, "SELECT 1 FROM facts WHERE name = 'tree_state'", "") ==
            0;
    for (size_t i = 0; i < count; i++)
        changed |= apply_change(index, &changes[i], reading);
    /* An older state does as well when nothing follows it; so a look costs no
     * write. */
    if (count > 0 || sweeping)
        db_run(index, "INSERT OR REPLACE INTO facts VALUES ('tree_state', ?)",
               "s", state);
    if (sweeping && !last)
        db_run(index,
               "INSERT OR REPLACE INTO facts VALUES ('tree_sweeping', '1')",
               "");
    if (last)
        changed |= remove_unnamed(op, index, sweeping, reading);
    enum status status = db_end(op, index);
    *changed_out |= changed && status == STATUS_OK;
    return status;
}

const char *index_folders_state(struct op *op, struct index *index)
{
    return index_fact(op, index, "tree_state");
}

enum status index_folders_restart(struct op *op, struct index *index)
{
    db_write(index);
    db_run(
        index,
        "INSERT OR REPLACE INTO facts SELECT 'tree_reading', 1 + "
        "coalesce((SELECT"
        " CAST(value AS INTEGER) FROM facts WHERE name = 'tree_reading'), 0)",
        "");
    db_run(index,
           "DELETE FROM facts WHERE name IN ('tree_state', 'tree_sweeping')",
           "");
    return db_end(op, index);
}

enum status index_folder_add(struct op *op, struct index *index,
                             const struct remote_folder *folder,
                             int64_t *id_out)
{
    db_write(index);
    int64_t reading = db_number(
        index,
        "SELECT CAST(value AS INTEGER) FROM facts WHERE name = 'tree_reading'",
        "");
    *id_out = db_number(index, "SELECT id FROM folders WHERE remote = ?", "s",
                        folder->id);
    int64_t store =
        db_number(index, "SELECT store FROM folders WHERE remote = ?", "s",
                  folder->parent);
    if (*id_out == 0)
        *id_out = index_insert_folder(index, folder, store,
                                      store == 0 ? SEEN_BY_US : reading);
    index_unsubscribe_new(index, *id_out);
    return db_end(op, index);
}

static int64_t find_remote(struct index *index, const char *remote)
{
    return db_number(index, "SELECT id FROM folders WHERE remote = ?", "s",
                     remote);
}

enum status index_folder_made(struct op *op, struct index *index,
                              const struct remote_folder *folder,
                              int64_t *id_out)
{
    db_read(index);
    *id_out = find_remote(index, folder->id);
    enum status status = db_end(op, index);
    if (status != STATUS_OK || *id_out != 0)
        return status;
    db_write(index);
    *id_out = find_remote(index, folder->id);
    if (*id_out == 0)
        *id_out = index_insert_folder(index, folder, INDEX_MADE, 0);
    return db_end(op, index);
}

enum status index_folder_rename(struct op *op, struct index *index, int64_t id,
                                const char *name, const char *parent)
{
    db_write(index);
    db_run(index,
           "UPDATE folders SET name = coalesce(?, name), parent = coalesce(?, "
           "parent)"
           " WHERE id = ?",
           "ssi", name, parent, id);
    index_leave_names(index, id);
    return db_end(op, index);
}

enum status index_folder_remove(struct op *op, struct index *index, int64_t id)
{
    db_write(index);
    index_remove_folder(index, id);
    return db_end(op, index);
}

enum status index_folder_recent(struct op *op, struct index *index, int64_t id,
                                bool claim, uint32_t *first_out)
{
    db_read(index);
    *first_out = (uint32_t)db_number(
        index, "SELECT recent FROM folders WHERE id = ?", "i", id);
    if (claim)
        db_run(index,
               "UPDATE folders SET recent = uid_next WHERE id = ? AND recent < "
               "uid_next",
               "i", id);
    return db_end(op, index);
}

enum status index_folder_stamp(struct op *op, struct index *index, int64_t id,
                               const struct remote_stamp *stamp)
{
    db_read(index);
    db_run(index,
           "UPDATE folders SET committed = ?1, deleted = ?2, total = ?3, "
           "unread = ?4"
           " WHERE id = ?5 AND (committed IS NOT ?1 OR deleted IS NOT ?2"
           " OR total IS NOT ?3 OR unread IS NOT ?4)",
           "iiiii", stamp->committed, (int64_t)stamp->deleted,
           (int64_t)stamp->total, (int64_t)stamp->unread, id);
    return db_end(op, index);
}
