/*
 * objects.c - events, tasks and contacts in the index
 *
 * Each has a name that clients know it by and keep: their own where they have
 * made it, else one that is made of Exchange's id.  Whatever a transaction does
 * to a folder, its revision grows once and every row that it touches gets the
 * new value.  What goes leaves its name with the revision of that moment.
 */
#include "proxy/exchange/index/objects.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/credentials.h"
#include "proxy/exchange/index/db.h"

/* A name is a segment of a URL, and of the name of a file where clients keep
 * it in one. */
#define NAME_MAX_LEN 250

#define OBJECT_COLUMNS                                                         \
    "row, remote, change_key, kind, name, named, revision, schedule, uid,"     \
    " starts, ends, coalesce(length(CAST(text AS BLOB)), 0), hidden"

static void read_object(struct op *op, sqlite3_stmt *query,
                        struct index_object *object)
{
    *object = (struct index_object){
        .row = sqlite3_column_int64(query, 0),
        .remote = db_text(op, query, 1),
        .change_key = db_text(op, query, 2),
        .kind = (enum remote_object_kind)sqlite3_column_int(query, 3),
        .name = db_text(op, query, 4),
        .named = sqlite3_column_int(query, 5) != 0,
        .revision = (uint64_t)sqlite3_column_int64(query, 6),
        .schedule = (uint64_t)sqlite3_column_int64(query, 7),
        .known = sqlite3_column_type(query, 8) != SQLITE_NULL,
        .uid = db_text(op, query, 8),
        .starts = sqlite3_column_int64(query, 9),
        .ends = sqlite3_column_int64(query, 10),
        .size = (size_t)sqlite3_column_int64(query, 11),
        .hidden = sqlite3_column_int(query, 12) != 0,
    };
}

/* The only row of a query; row 0 where there is none. */
static void read_one(struct op *op, struct index *index, sqlite3_stmt *query,
                     struct index_object *object)
{
    *object = (struct index_object){ 0 };
    if (!db_row(index, query))
        return;
    read_object(op, query, object);
    sqlite3_reset(query);
}

/* --- Changes of a folder ---------------------------------------------------
 */

struct object_change_run {
    struct op *op;
    struct index *index;
    int64_t folder;
    int64_t revision; /* the last one given */
    int64_t sweep;
    bool changed;
};

static bool run_begin(struct op *op, struct index *index, int64_t folder,
                      struct object_change_run *run)
{
    sqlite3_stmt *query = db_query(
        index, "SELECT revision, sweep FROM folders WHERE id = ?", "i", folder);

    *run = (struct object_change_run){ op, index, folder, 0, 0, false };
    if (!db_row(index, query))
        return false;
    run->revision = sqlite3_column_int64(query, 0);
    run->sweep = sqlite3_column_int64(query, 1);
    sqlite3_reset(query);
    return true;
}

/* Each change gets one of its own, so that a client may stop between any two.
 */
static int64_t next_revision(struct object_change_run *run)
{
    run->changed = true;
    return ++run->revision;
}

static void run_end(struct object_change_run *run)
{
    if (run->changed)
        db_run(run->index, "UPDATE folders SET revision = ? WHERE id = ?", "ii",
               run->revision, run->folder);
}

/* What went before the oldest that is remembered is not known any more. */
static void bound_tombstones(struct object_change_run *run)
{
    struct index *index = run->index;
    int64_t last = db_number(
        index,
        "SELECT max(coalesce((SELECT revision FROM object_tombstones"
        "  WHERE folder = ?1 ORDER BY revision DESC LIMIT 1 OFFSET ?2), 0),"
        " coalesce((SELECT max(revision) FROM object_tombstones"
        "  WHERE folder = ?1 AND time < ?3), 0))",
        "iii", run->folder, index->tombstones,
        time_now() - index->tombstone_seconds);

    if (last == 0)
        return;
    db_run(index,
           "UPDATE folders SET forgotten_revision = max(forgotten_revision, ?)"
           " WHERE id = ?",
           "ii", last, run->folder);
    db_run(index,
           "DELETE FROM object_tombstones WHERE folder = ? AND revision <= ?",
           "ii", run->folder, last);
}

static void bury(struct object_change_run *run, int64_t row)
{
    db_run(run->index,
           "INSERT OR REPLACE INTO object_tombstones (folder, name, revision,"
           " time) SELECT folder, name, ?, ? FROM objects WHERE row = ?",
           "iii", next_revision(run), time_now(), row);
}

static void remove_row(struct object_change_run *run, int64_t row)
{
    bury(run, row);
    db_run(run->index,
           "DELETE FROM properties WHERE (folder, object) ="
           " (SELECT folder, name FROM objects WHERE row = ?)",
           "i", row);
    db_run(run->index, "DELETE FROM objects WHERE row = ?", "i", row);
}

/* --- Names -----------------------------------------------------------------
 */

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

static const char *made_name(struct op *op, const struct remote_object *object)
{
    struct digest *digest = digest_new();
    char hex[65];

    digest_add(digest, object->id, strlen(object->id));
    digest_finish(&digest, hex);
    return arena_printf(op->arena, "%.32s%s", hex,
                        object->kind == REMOTE_CONTACT ||
                                object->kind == REMOTE_GROUP
                            ? ".vcf"
                            : ".ics");
}

static bool is_free(struct object_change_run *run, const char *name)
{
    return db_number(run->index,
                     "SELECT count(*) FROM objects WHERE folder = ? AND"
                     " name = ?",
                     "is", run->folder, name) == 0;
}

/* --- Pages of a sync -------------------------------------------------------
 */

/* All ids are others after a mailbox has been moved: what has a client's name
 * that nobody else has been seen with in this reading is the one of that
 * name. */
static bool adopt_object(struct object_change_run *run,
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
        next_revision(run);
    return adopted;
}

static void insert_object(struct object_change_run *run,
                          const struct remote_object *object)
{
    if (is_client_name(object) && adopt_object(run, object))
        return;
    bool named = is_client_name(object) && is_free(run, object->name);
    const char *name = named ? object->name : made_name(run->op, object);
    int64_t revision = next_revision(run);

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

/* After a write of ours that Exchange has not told the change key of, nobody
 * has read anything yet: the one that comes is that of the write, or of what
 * has happened since. */
static void learn_change_key(struct object_change_run *run, int64_t row,
                             const char *change_key)
{
    db_run(run->index,
           "UPDATE objects SET change_key = ? WHERE row = ? AND change_key"
           " IS NULL",
           "si", change_key, row);
}

static void change_object(struct object_change_run *run,
                          const struct index_object *known,
                          const struct remote_object *object)
{
    db_run(run->index, "UPDATE objects SET sweep = ? WHERE row = ?", "ii",
           run->sweep, known->row);
    if (str_equal(known->change_key, object->change_key))
        return;
    if (known->change_key == NULL) {
        learn_change_key(run, known->row, object->change_key);
        return;
    }
    db_run(run->index,
           "UPDATE objects SET change_key = ?, text = NULL, revision = ?2,"
           " schedule = CASE WHEN shape IS NULL THEN ?2 ELSE schedule END"
           " WHERE row = ?",
           "sii", object->change_key, next_revision(run), known->row);
}

static void take_delta(struct object_change_run *run,
                       const struct remote_object_delta *delta)
{
    struct index_object known;
    sqlite3_stmt *query =
        db_query(run->index,
                 "SELECT " OBJECT_COLUMNS
                 " FROM objects WHERE folder = ? AND remote = ?",
                 "is", run->folder, delta->object.id);

    read_one(run->op, run->index, query, &known);
    bool shown = !delta->gone && delta->object.kind != REMOTE_OTHER;
    if (known.row != 0 && shown)
        change_object(run, &known, &delta->object);
    else if (known.row != 0)
        remove_row(run, known.row);
    else if (shown)
        insert_object(run, &delta->object);
}

/* A row that nobody has named; 0: there is none. */
static int64_t next_unnamed(const struct object_change_run *run, bool sweeping)
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
static void remove_unnamed(struct object_change_run *run)
{
    bool sweeping =
        db_number(run->index, "SELECT sweeping FROM folders WHERE id = ?", "i",
                  run->folder) != 0;
    int64_t row;

    while ((row = next_unnamed(run, sweeping)) != 0)
        remove_row(run, row);
}

enum status index_objects_page(struct op *op, struct index *index,
                               int64_t folder,
                               const struct remote_object_page *page,
                               bool *changed_out)
{
    struct object_change_run run;

    db_write(index);
    if (!run_begin(op, index, folder, &run))
        return db_undo(index,
                       op_fail(op, STATUS_NO_FOLDER, "the folder is gone"));
    /* What goes leaves its name to what comes. */
    for (size_t i = 0; i < page->count; i++)
        if (page->deltas[i].gone)
            take_delta(&run, &page->deltas[i]);
    for (size_t i = 0; i < page->count; i++)
        if (!page->deltas[i].gone)
            take_delta(&run, &page->deltas[i]);
    if (page->last)
        remove_unnamed(&run);
    db_run(index,
           "UPDATE folders SET sync_state = ?, complete = complete OR ?,"
           " sweeping = sweeping AND NOT ? WHERE id = ?",
           "siii", page->state, (int64_t)page->last, (int64_t)page->last,
           folder);
    bound_tombstones(&run);
    run_end(&run);
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

/* --- Asking ----------------------------------------------------------------
 */

enum status index_object_marks(struct op *op, struct index *index,
                               int64_t folder,
                               struct index_object_marks *marks_out)
{
    db_read(index);
    sqlite3_stmt *query = db_query(
        index,
        "SELECT uid_validity, revision, complete FROM folders WHERE id = ?",
        "i", folder);
    bool found = db_row(index, query);
    if (found) {
        *marks_out = (struct index_object_marks){
            (uint32_t)sqlite3_column_int64(query, 0),
            (uint64_t)sqlite3_column_int64(query, 1),
            sqlite3_column_int(query, 2) != 0,
        };
        sqlite3_reset(query);
    }
    enum status status = db_end(op, index);
    if (status == STATUS_OK && !found)
        return op_fail(op, STATUS_NO_FOLDER, "the folder is gone");
    return status;
}

/* The rows of a folder after a revision, in the order of names. */
static void list_since(struct op *op, struct index *index, int64_t folder,
                       uint64_t since, struct index_object **objects_out,
                       size_t *count_out)
{
    size_t room = (size_t)db_number(index,
                                    "SELECT count(*) FROM objects WHERE"
                                    " folder = ? AND revision > ?",
                                    "ii", folder, (int64_t)since);
    size_t count = 0;

    *objects_out = arena_array(op->arena, room + 1, sizeof **objects_out);
    sqlite3_stmt *query =
        db_query(index,
                 "SELECT " OBJECT_COLUMNS " FROM objects WHERE folder = ? AND"
                 " revision > ? ORDER BY name",
                 "ii", folder, (int64_t)since);
    while (count < room && db_row(index, query))
        read_object(op, query, &(*objects_out)[count++]);
    if (query != NULL)
        sqlite3_reset(query);
    *count_out = count;
}

enum status index_objects(struct op *op, struct index *index, int64_t folder,
                          struct index_object **objects_out, size_t *count_out)
{
    db_read(index);
    list_since(op, index, folder, 0, objects_out, count_out);
    return db_end(op, index);
}

enum status index_objects_find(struct op *op, struct index *index,
                               int64_t folder, const char *const names[],
                               size_t count, struct index_object objects_out[])
{
    db_read(index);
    for (size_t i = 0; i < count; i++)
        read_one(op, index,
                 db_query(index,
                          "SELECT " OBJECT_COLUMNS
                          " FROM objects WHERE folder = ? AND name = ?",
                          "is", folder, names[i]),
                 &objects_out[i]);
    return db_end(op, index);
}

enum status index_object_by_uid(struct op *op, struct index *index,
                                int64_t folder, const char *uid,
                                struct index_object *object_out)
{
    db_read(index);
    read_one(op, index,
             db_query(index,
                      "SELECT " OBJECT_COLUMNS
                      " FROM objects WHERE folder = ? AND uid = ?"
                      " ORDER BY row LIMIT 1",
                      "is", folder, uid),
             object_out);
    return db_end(op, index);
}

bool index_has_unknown(struct op *op, struct index *index, int64_t folder)
{
    db_read(index);
    bool unknown = db_number(index,
                             "SELECT EXISTS (SELECT 1 FROM objects WHERE"
                             " folder = ? AND uid IS NULL)",
                             "i", folder) != 0;
    return db_end(op, index) == STATUS_OK && unknown;
}

enum status index_object_has_uid(struct op *op, struct index *index,
                                 int64_t folder, const char *remote,
                                 const char *uid)
{
    db_write(index);
    db_run(index,
           "UPDATE objects SET uid = ?, starts = ?, ends = ?"
           " WHERE folder = ? AND remote = ? AND uid IS NULL",
           "siiis", uid, INT64_MIN, INT64_MAX, folder, remote);
    return db_end(op, index);
}

static void list_gone(struct op *op, struct index *index, int64_t folder,
                      uint64_t since, struct index_object_gone **gone_out,
                      size_t *count_out)
{
    size_t room = (size_t)db_number(index,
                                    "SELECT count(*) FROM object_tombstones"
                                    " WHERE folder = ? AND revision > ?",
                                    "ii", folder, (int64_t)since);
    size_t count = 0;

    *gone_out = arena_array(op->arena, room + 1, sizeof **gone_out);
    sqlite3_stmt *query =
        db_query(index,
                 "SELECT name, revision FROM object_tombstones"
                 " WHERE folder = ? AND revision > ? ORDER BY name",
                 "ii", folder, (int64_t)since);
    while (count < room && db_row(index, query))
        (*gone_out)[count++] = (struct index_object_gone){
            db_text(op, query, 0),
            (uint64_t)sqlite3_column_int64(query, 1),
        };
    if (query != NULL)
        sqlite3_reset(query);
    *count_out = count;
}

enum status index_objects_since(struct op *op, struct index *index,
                                int64_t folder, uint64_t since,
                                struct index_object **objects_out,
                                size_t *count_out,
                                struct index_object_gone **gone_out,
                                size_t *gone_count_out)
{
    int64_t last, forgotten;

    if (since > INT64_MAX)
        return op_fail(op, STATUS_STALE, "a revision that never was");
    db_read(index);
    last = db_number(index, "SELECT revision FROM folders WHERE id = ?", "i",
                     folder);
    forgotten =
        db_number(index, "SELECT forgotten_revision FROM folders WHERE id = ?",
                  "i", folder);
    list_since(op, index, folder, since, objects_out, count_out);
    list_gone(op, index, folder, since, gone_out, gone_count_out);
    enum status status = db_end(op, index);
    if (status == STATUS_OK &&
        ((int64_t)since < forgotten || (int64_t)since > last))
        return op_fail(op, STATUS_STALE, "it is not known what has gone since");
    return status;
}

/* --- Texts and writes -------------------------------------------------------
 */

enum status index_object_text(struct op *op, struct index *index, int64_t row,
                              const char **text_out, const char **kept_out)
{
    *text_out = *kept_out = NULL;
    db_read(index);
    sqlite3_stmt *query = db_query(
        index, "SELECT text, kept FROM objects WHERE row = ?", "i", row);
    if (db_row(index, query)) {
        *text_out = db_text(op, query, 0);
        *kept_out = db_text(op, query, 1);
        sqlite3_reset(query);
    }
    return db_end(op, index);
}

enum status index_object_texts(struct op *op, struct index *index,
                               const int64_t rows[], size_t count,
                               const char *texts_out[])
{
    db_read(index);
    for (size_t i = 0; i < count; i++) {
        sqlite3_stmt *query = db_query(
            index, "SELECT text FROM objects WHERE row = ?", "i", rows[i]);

        texts_out[i] = NULL;
        if (db_row(index, query)) {
            texts_out[i] = db_text(op, query, 0);
            sqlite3_reset(query);
        }
    }
    return db_end(op, index);
}

/* Whether the row has been written since Exchange was asked: what was read is
 * older than that, and its change key would bring the past back. */
static bool is_overtaken(struct index *index,
                         const struct index_object_content *content)
{
    return content->revision != 0 &&
           db_number(index,
                     "SELECT count(*) FROM objects WHERE row = ? AND"
                     " revision <> ? AND change_key IS NOT ?",
                     "iis", content->row, (int64_t)content->revision,
                     content->change_key) != 0;
}

static void keep_content(struct op *op, struct index *index,
                         const struct index_object_content *content)
{
    struct object_change_run run;
    int64_t folder = db_number(
        index, "SELECT folder FROM objects WHERE row = ?", "i", content->row);

    if (folder == 0 || is_overtaken(index, content) ||
        !run_begin(op, index, folder, &run))
        return;
    learn_change_key(&run, content->row, content->change_key);
    bool changed =
        db_run(index,
               "UPDATE objects SET change_key = ?1, revision = ?2,"
               " schedule = CASE WHEN shape IS NULL THEN ?2 ELSE schedule END"
               " WHERE row = ?3 AND change_key IS NOT ?1",
               "sii", content->change_key, run.revision + 1, content->row) > 0;
    if (changed)
        next_revision(&run);
    db_run(index,
           "UPDATE objects SET text = ?, uid = ?, starts = ?, ends = ?,"
           " schedule = CASE WHEN shape IS NULL OR shape IS ?5 THEN schedule"
           "  ELSE revision END, shape = ?5, hidden = ? WHERE row = ?",
           "ssiisii", content->text, content->uid, content->starts,
           content->ends, content->shape, (int64_t)content->hidden,
           content->row);
    run_end(&run);
}

enum status index_object_keep(struct op *op, struct index *index,
                              const struct index_object_content contents[],
                              size_t count)
{
    db_write(index);
    for (size_t i = 0; i < count; i++)
        keep_content(op, index, &contents[i]);
    return db_end(op, index);
}

/* The row to write to: the given one, or a new one of that name, which the next
 * look has to name.  One that a sync has brought under the same id is that one
 * already. */
static int64_t row_to_write(struct object_change_run *run,
                            const struct index_object_write *write)
{
    int64_t row = write->row;

    if (row == 0)
        row = db_number(run->index,
                        "SELECT row FROM objects WHERE folder = ? AND"
                        " remote = ?",
                        "is", run->folder, write->remote);
    if (row != 0)
        return row;
    db_run(run->index,
           "INSERT INTO objects (folder, remote, kind, name, named, revision,"
           " schedule, sweep) VALUES (?, ?, ?, ?, 1, ?, ?, -1)",
           "isisii", run->folder, write->remote, (int64_t)write->kind,
           write->name, run->revision, run->revision);
    return sqlite3_last_insert_rowid(run->index->db);
}

/* A new name; who looks for the old one learns that it has gone. */
static void rename_row(struct object_change_run *run, int64_t row,
                       const char *name)
{
    if (db_number(run->index,
                  "SELECT count(*) FROM objects WHERE row = ? AND name = ?",
                  "is", row, name) == 0)
        bury(run, row);
    db_run(run->index,
           "UPDATE OR IGNORE objects SET name = ?, named = 1 WHERE row = ?",
           "si", name, row);
    db_run(run->index,
           "DELETE FROM object_tombstones WHERE folder = ? AND name = ?", "is",
           run->folder, name);
}

enum status index_object_write(struct op *op, struct index *index,
                               int64_t folder,
                               const struct index_object_write *write,
                               struct index_object *object_out)
{
    struct object_change_run run;

    db_write(index);
    if (!run_begin(op, index, folder, &run))
        return db_undo(index,
                       op_fail(op, STATUS_NO_FOLDER, "the folder is gone"));
    int64_t row = row_to_write(&run, write);
    if (write->name != NULL)
        rename_row(&run, row, write->name);
    int64_t revision = next_revision(&run);
    db_run(index,
           "UPDATE objects SET remote = ?1, change_key = ?, text = NULL,"
           " sweep = CASE WHEN remote = ?1 THEN sweep ELSE -1 END,"
           " uid = ?, starts = ?, ends = ?, kept = ?, revision = ?,"
           " shape = NULL, schedule = CASE WHEN ? THEN schedule ELSE ? END"
           " WHERE row = ?",
           "sssiisiiii", write->remote, write->change_key, write->uid,
           write->starts, write->ends, write->kept, revision,
           (int64_t)write->answers_only, revision, row);
    run_end(&run);
    read_one(op, index,
             db_query(index,
                      "SELECT " OBJECT_COLUMNS " FROM objects WHERE row = ?",
                      "i", row),
             object_out);
    return db_end(op, index);
}

enum status index_object_remove(struct op *op, struct index *index, int64_t row)
{
    struct object_change_run run;

    db_write(index);
    int64_t folder =
        db_number(index, "SELECT folder FROM objects WHERE row = ?", "i", row);
    if (folder != 0 && run_begin(op, index, folder, &run)) {
        remove_row(&run, row);
        run_end(&run);
    }
    return db_end(op, index);
}
