/*
 * object_pages.c - what Exchange reports of a folder's objects becomes rows
 *
 * Each object has a name that clients know it by and keep: their own where they
 * have made it, else one that is made of Exchange's id.  What goes leaves its
 * name with the revision of that moment.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/index/object_rows.h"

/* A name is a segment of a URL, and of the name of a file where clients keep
 * it in one. */
#define NAME_MAX_LEN 250

/* --- Names --------------------------------------------------------------- */

static bool is_name(const char *name)
{
    if (name == NULL || *name == '\0' || strlen(name) > NAME_MAX_LEN ||
        strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return false;
    for (const char *c = name; *c != '\0'; c++)
        if (*c == '/' || (unsigned char)*c < ' ' || *c == '\x7f')
            return false;
    return true;
}

/* Exchange makes names of its own up ("Lunch.EML"), which change with the
 * subject. */
static bool is_client_name(const struct remote_object *object)
{
    return is_name(object->name) &&
           (object->token != NULL || str_ends_nocase(object->name, ".ics") ||
            str_ends_nocase(object->name, ".vcf"));
}

static bool is_free(struct object_run *run, const char *name)
{
    return db_number(run->index,
                     "SELECT count(*) FROM objects WHERE folder = ? AND"
                     " name = ?",
                     "is", run->folder, name) == 0;
}

/* --- Pages of a sync ----------------------------------------------------- */

/* All ids are others after a mailbox has been moved: what has a client's name
 * that nobody else has been seen with in this reading is the one of that
 * name. */
static bool adopt_object(struct object_run *run,
                         const struct remote_object *object)
{
    bool adopted =
        db_run(run->index,
               "UPDATE objects SET remote = ?, change_key = ?, text = NULL,"
               " revision = ?3, sweep = ?4,"
               " schedule = CASE WHEN shape IS NULL THEN ?3 ELSE schedule END"
               " WHERE folder = ?5 AND name = ?6 AND named AND sweep < ?4",
               "ssiiis", object->id, object->change_key, run->revision + 1,
               run->sweep, run->folder, object->name) > 0;

    if (adopted)
        object_run_revision(run);
    return adopted;
}

static void insert_object(struct object_run *run,
                          const struct remote_object *object)
{
    if (is_client_name(object) && adopt_object(run, object))
        return;
    bool named = is_client_name(object) && is_free(run, object->name);
    const char *name =
        named ? object->name
              : object_made_name(run->op, object->id, object->kind);
    int64_t revision = object_run_revision(run);

    db_run(run->index,
           "INSERT OR IGNORE INTO objects (folder, remote, change_key, kind,"
           " name, named, revision, schedule, sweep)"
           " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
           "issisiiii", run->folder, object->id, object->change_key,
           (int64_t)object->kind, name, (int64_t)named, revision, revision,
           run->sweep);
    db_run(run->index,
           "DELETE FROM object_tombstones WHERE folder = ? AND name = ?", "is",
           run->folder, name);
}

static void change_object(struct object_run *run,
                          const struct index_object *known,
                          const struct remote_object *object)
{
    db_run(run->index, "UPDATE objects SET sweep = ? WHERE row = ?", "ii",
           run->sweep, known->row);
    if (str_equal(known->change_key, object->change_key))
        return;
    db_run(run->index,
           "UPDATE objects SET change_key = ?, text = NULL, revision = ?2,"
           " schedule = CASE WHEN shape IS NULL THEN ?2 ELSE schedule END"
           " WHERE row = ?",
           "sii", object->change_key, object_run_revision(run), known->row);
}

/* Whether the object was known by its id. */
static bool take_known(struct object_run *run,
                       const struct remote_object_delta *delta)
{
    struct index_object known;
    sqlite3_stmt *query =
        db_query(run->index,
                 "SELECT " OBJECT_COLUMNS
                 " FROM objects WHERE folder = ? AND remote = ?",
                 "is", run->folder, delta->object.id);

    object_row_read_one(run->op, run->index, query, &known);
    if (known.row == 0)
        return false;
    if (delta->gone || delta->object.kind == REMOTE_OTHER)
        object_run_remove(run, known.row);
    else
        change_object(run, &known, &delta->object);
    return true;
}

/* What goes leaves its name to what comes, and what is known by its id keeps
 * it: a copy may come before that of which it is one. */
static void take_deltas(struct object_run *run,
                        const struct remote_object_page *page)
{
    bool *known = arena_array(run->op->arena, page->count + 1, sizeof *known);

    for (int gone = 1; gone >= 0; gone--)
        for (size_t i = 0; i < page->count; i++)
            if (page->deltas[i].gone == (gone == 1))
                known[i] = take_known(run, &page->deltas[i]);
    for (size_t i = 0; i < page->count; i++)
        if (!known[i] && !page->deltas[i].gone &&
            page->deltas[i].object.kind != REMOTE_OTHER)
            insert_object(run, &page->deltas[i].object);
}

/* A row that nobody has named; 0: there is none. */
static int64_t next_unnamed(const struct object_run *run, bool sweeping)
{
    if (sweeping)
        return db_number(run->index,
                         "SELECT row FROM objects WHERE folder = ? AND"
                         " sweep < ? LIMIT 1",
                         "ii", run->folder, run->sweep);
    return db_number(run->index,
                     "SELECT row FROM objects WHERE folder = ? AND sweep = -1"
                     " LIMIT 1",
                     "i", run->folder);
}

/* What a reading from the beginning has not named is gone.  So is what we have
 * made since the last look, if this one does not name it: Exchange is silent on
 * what has come and gone in between. */
static void remove_unnamed(struct object_run *run)
{
    bool sweeping =
        db_number(run->index, "SELECT sweeping FROM folders WHERE id = ?", "i",
                  run->folder) != 0;
    int64_t row;

    while ((row = next_unnamed(run, sweeping)) != 0)
        object_run_remove(run, row);
}

enum status index_objects_page(struct op *op, struct index *index,
                               int64_t folder,
                               const struct remote_object_page *page,
                               bool *changed_out)
{
    struct object_run run;

    db_write(index);
    if (!object_run_begin(op, index, folder, &run))
        return db_undo(index,
                       op_fail(op, STATUS_NO_FOLDER, "the folder is gone"));
    take_deltas(&run, page);
    if (page->last)
        remove_unnamed(&run);
    db_run(index,
           "UPDATE folders SET sync_state = ?, complete = complete OR ?,"
           " sweeping = sweeping AND NOT ? WHERE id = ?",
           "siii", page->state, (int64_t)page->last, (int64_t)page->last,
           folder);
    object_run_bound(&run);
    object_run_end(&run);
    *changed_out = *changed_out || run.changed;
    return db_end(op, index);
}

enum status index_objects_restart(struct op *op, struct index *index,
                                  int64_t folder)
{
    db_write(index);
    db_run(index,
           "UPDATE folders SET sync_state = NULL, sweep = sweep + 1,"
           " sweeping = 1 WHERE id = ?",
           "i", folder);
    return db_end(op, index);
}
