/*
 * stores.c - other stores in the index, and the folders that are in them
 *
 * The mailbox itself is store 0 and keeps its own tree up to date with a state
 * (folders.c).  The others are listed: what a listing does not name is gone.
 */
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/table.h"
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

/* What the listing names, and the parents below which it is. */
struct named {
    const struct listing *listing;
    struct table *folders;
    struct table *parents;
};

static struct named name_all(const struct listing *listing,
                             const struct remote_folder folders[],
                             size_t count)
{
    struct arena *arena = listing->op->arena;
    struct named named = { listing, table_new(arena), table_new(arena) };

    for (size_t i = 0; i < count; i++)
        table_add(named.folders, 0, folders[i].id, (void *)&folders[i]);
    for (size_t i = 0; !listing->whole && listing->parents[i] != NULL; i++)
        table_add(named.parents, 0, listing->parents[i],
                  (void *)listing->parents[i]);
    return named;
}

static bool is_listed(const struct named *named, const char *parent)
{
    if (named->listing->whole)
        return true;
    if (*named->listing->parents == NULL)
        return parent == NULL;
    return parent != NULL && table_find(named->parents, 0, parent) != NULL;
}

static bool is_missing(const struct named *named, const char *remote,
                       const char *parent)
{
    return is_listed(named, parent) &&
           table_find(named->folders, 0, remote) == NULL;
}

/* Removes the folders of a query for their numbers. */
static bool remove_all(const struct listing *listing, sqlite3_stmt *query,
                       const struct named *named)
{
    struct op *op = listing->op;
    struct index *index = listing->index;
    struct buf gone;

    buf_init(&gone, op->arena);
    while (db_row(index, query)) {
        int64_t id = sqlite3_column_int64(query, 0);

        if (named == NULL ||
            is_missing(named, db_text(op, query, 1), db_text(op, query, 2)))
            buf_append(&gone, &id, sizeof id);
    }
    const int64_t *ids = (const int64_t *)(const void *)gone.data;
    size_t count = gone.len / sizeof *ids;
    for (size_t i = 0; i < count; i++)
        index_remove_folder(index, ids[i]);
    return count > 0;
}

/* What was known below there, and is not any more, goes. */
static bool remove_missing(const struct listing *listing,
                           const struct named *named)
{
    return remove_all(
        listing,
        db_query(listing->index,
                 "SELECT id, remote, parent FROM folders WHERE store = ?", "i",
                 listing->store),
        named);
}

/* What was below a folder that has gone, level by level. */
static bool remove_orphans(const struct listing *listing)
{
    static const char find[] =
        "SELECT id FROM folders WHERE store = ?1 AND parent IS NOT NULL"
        " AND parent NOT IN (SELECT remote FROM folders WHERE store = ?1)";
    bool changed = false;

    while (remove_all(listing,
                      db_query(listing->index, find, "i", listing->store),
                      NULL))
        changed = true;
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

/* The folders of the store that have some below them here. */
static struct table *find_open(const struct listing *listing)
{
    struct table *open = table_new(listing->op->arena);
    sqlite3_stmt *query =
        db_query(listing->index,
                 "SELECT DISTINCT parent FROM folders WHERE store = ?"
                 " AND parent IS NOT NULL",
                 "i", listing->store);

    while (db_row(listing->index, query))
        table_add(open, 0, db_text(listing->op, query, 0), open);
    return open;
}

/* What has been looked at has nothing more below it than is known. */
static bool note_more(const struct listing *listing,
                      const struct remote_folder folders[], size_t count)
{
    static const char update[] =
        "UPDATE folders SET more_below = ?1 WHERE remote = ?2 AND store = ?3"
        " AND more_below <> ?1";
    struct table *open = find_open(listing);
    int changed = 0;

    for (size_t i = 0; !listing->whole && listing->parents[i] != NULL; i++)
        changed += db_run(listing->index, update, "isi", (int64_t)0,
                          listing->parents[i], listing->store);
    for (size_t i = 0; i < count; i++) {
        bool more = folders[i].more_below &&
                    table_find(open, 0, folders[i].id) == NULL;

        changed += db_run(listing->index, update, "isi", (int64_t)more,
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
    struct named named = name_all(&listing, folders, count);
    bool changed = false;

    db_write(index);
    changed |= remove_missing(&listing, &named);
    for (size_t i = 0; i < count; i++)
        changed |= take_folder(&listing, &folders[i]);
    changed |= remove_orphans(&listing);
    changed |= note_more(&listing, folders, count);
    enum status status = db_end(op, index);
    *changed_out |= changed && status == STATUS_OK;
    return status;
}
