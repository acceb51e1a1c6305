/*
 * stores.c - other stores in the index, and the folders that are in them
 *
 * The mailbox itself is store 0 and keeps its own tree up to date with a state
 * (folders.c).  The others are listed: what a listing does not name is gone.
 */
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/index/db.h"
#include "proxy/exchange/index/folders.h"
#include "proxy/exchange/index/index.h"

enum status index_stores(struct op *op, struct index *index,
                         struct index_store **stores_out, size_t *count_out)
{
    size_t i = 0;

    db_read(index);
    size_t room = (size_t)db_number(index, "SELECT count(*) FROM stores", "");
    *stores_out = arena_array(op->arena, room + 1, sizeof **stores_out);
    sqlite3_stmt *query = db_query(
        index, "SELECT id, kind, address, named FROM stores ORDER BY id", "");
    while (db_row(index, query))
        (*stores_out)[i++] = (struct index_store){
            .id = sqlite3_column_int64(query, 0),
            .kind = (enum folder_store)sqlite3_column_int(query, 1),
            .address = db_text(op, query, 2),
            .named = sqlite3_column_int(query, 3) != 0,
        };
    *count_out = i;
    return db_end(op, index);
}

enum status index_store_add(struct op *op, struct index *index,
                            const struct index_store *store, int64_t *id_out)
{
    static const char find[] =
        "SELECT id FROM stores WHERE kind = ? AND address = ?";

    db_write(index);
    *id_out =
        db_number(index, find, "is", (int64_t)store->kind, store->address);
    if (*id_out == 0) {
        db_run(
            index, "INSERT INTO stores (kind, address, named) VALUES (?, ?, ?)",
            "isi", (int64_t)store->kind, store->address, (int64_t)store->named);
        *id_out = sqlite3_last_insert_rowid(index->db);
    }
    return db_end(op, index);
}

/* --- Listings ------------------------------------------------------------ */

/* One listing on its way. */
struct listing {
    struct op *op;
    struct index *index;
    int64_t store;
    const char *const *parents; /* below which it is; NULL at the end */
    bool whole;                 /* all of the store */
};

static bool is_among(const struct remote_folder folders[], size_t count,
                     const char *remote)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(folders[i].id, remote))
            return true;
    return false;
}

static bool is_listed(const struct listing *listing, const char *parent)
{
    if (listing->whole)
        return true;
    if (*listing->parents == NULL)
        return parent == NULL;
    for (size_t i = 0; listing->parents[i] != NULL; i++)
        if (str_equal(listing->parents[i], parent))
            return true;
    return false;
}

/* What was known below there, and is not any more, goes. */
static bool remove_missing(const struct listing *listing,
                           const struct remote_folder folders[], size_t count)
{
    struct index *index = listing->index;
    size_t room =
        (size_t)db_number(index, "SELECT count(*) FROM folders WHERE store = ?",
                          "i", listing->store);
    int64_t *gone = arena_array(listing->op->arena, room + 1, sizeof *gone);
    size_t gone_count = 0;

    sqlite3_stmt *query = db_query(
        index, "SELECT id, remote, parent FROM folders WHERE store = ?", "i",
        listing->store);
    while (db_row(index, query))
        if (is_listed(listing, db_text(listing->op, query, 2)) &&
            !is_among(folders, count, db_text(listing->op, query, 1)))
            gone[gone_count++] = sqlite3_column_int64(query, 0);
    for (size_t i = 0; i < gone_count; i++)
        index_remove_folder(index, gone[i]);
    return gone_count > 0;
}

/* What was below a folder that has gone. */
static bool remove_orphans(const struct listing *listing)
{
    struct index *index = listing->index;
    bool changed = false;
    int64_t id;

    while ((id = db_number(
                index,
                "SELECT id FROM folders WHERE store = ?1 AND parent IS NOT "
                "NULL AND parent NOT IN (SELECT remote FROM folders WHERE "
                "store = ?1) LIMIT 1",
                "i", listing->store)) != 0) {
        index_remove_folder(index, id);
        changed = true;
    }
    return changed;
}

/* A folder of that id that is known already stays in its store: the mailbox
 * itself knows it better. */
static bool take_folder(const struct listing *listing,
                        const struct remote_folder *folder)
{
    struct index *index = listing->index;
    bool added = db_number(index, "SELECT 1 FROM folders WHERE remote = ?", "s",
                           folder->id) == 0;

    if (added)
        index_insert_folder(index, folder, listing->store, 0);
    return db_run(index,
                  "UPDATE folders SET parent = ?1, name = ?2, kind = ?3,"
                  " use = ?4, hidden = ?5, syncable = ?6, lacks = ?7"
                  " WHERE remote = ?8 AND store = ?9 AND (parent IS NOT ?1"
                  " OR name <> ?2 OR kind <> ?3 OR use <> ?4 OR hidden <> ?5"
                  " OR syncable <> ?6 OR lacks <> ?7)",
                  "ssiiiiisi", folder->parent,
                  folder->name != NULL ? folder->name : "",
                  (int64_t)folder->kind, (int64_t)folder->use,
                  (int64_t)folder->hidden, (int64_t)folder->syncable,
                  (int64_t)folder->lacks, folder->id, listing->store) > 0 ||
           added;
}

/* What has been looked at has nothing more below it than is known. */
static bool note_more(const struct listing *listing,
                      const struct remote_folder folders[], size_t count)
{
    static const char update[] =
        "UPDATE folders SET more_below = ?1 WHERE remote = ?2 AND store = ?3"
        " AND more_below <> ?1";
    int changed = 0;

    for (size_t i = 0; !listing->whole && listing->parents[i] != NULL; i++)
        changed += db_run(listing->index, update, "isi", (int64_t)0,
                          listing->parents[i], listing->store);
    for (size_t i = 0; i < count; i++) {
        bool open = db_number(listing->index,
                              "SELECT 1 FROM folders WHERE parent = ?"
                              " AND store = ?",
                              "si", folders[i].id, listing->store) != 0;

        changed += db_run(listing->index, update, "isi",
                          (int64_t)(folders[i].more_below && !open),
                          folders[i].id, listing->store);
    }
    return changed > 0;
}

enum status index_store_list(struct op *op, struct index *index, int64_t store,
                             const char *const parents[],
                             const struct remote_folder folders[], size_t count,
                             bool *changed_out)
{
    struct listing listing = { op, index, store, parents, parents == NULL };
    bool changed = false;

    db_write(index);
    changed |= remove_missing(&listing, folders, count);
    for (size_t i = 0; i < count; i++)
        changed |= take_folder(&listing, &folders[i]);
    changed |= remove_orphans(&listing);
    changed |= note_more(&listing, folders, count);
    enum status status = db_end(op, index);
    *changed_out |= changed && status == STATUS_OK;
    return status;
}
