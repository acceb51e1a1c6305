/*
 * object_texts.c - the texts of objects, and what our own writes make of them
 */
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/index/object_rows.h"

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
                               struct index_object objects_out[],
                               const char *texts_out[])
{
    db_read(index);
    for (size_t i = 0; i < count; i++) {
        sqlite3_stmt *query = db_query(
            index, "SELECT " OBJECT_COLUMNS ", text FROM objects WHERE row = ?",
            "i", rows[i]);

        objects_out[i] = (struct index_object){ 0 };
        texts_out[i] = NULL;
        if (db_row(index, query)) {
            object_row_read(op, query, &objects_out[i]);
            texts_out[i] = db_text(op, query, OBJECT_COLUMN_COUNT);
            sqlite3_reset(query);
        }
    }
    return db_end(op, index);
}

/* Whether the row has been written since Exchange was asked: what was read is
 * older than that, and its change key would bring the past back.  So is what
 * still has the key that was known then: of a write Exchange may tell none. */
static bool is_overtaken(struct index *index,
                         const struct index_object_content *content)
{
    return content->revision != 0 &&
           db_number(index,
                     "SELECT count(*) FROM objects WHERE row = ?1 AND"
                     " revision <> ?2 AND (change_key IS NOT ?3 OR ?3 IS ?4)",
                     "iiss", content->row, (int64_t)content->revision,
                     content->change_key, content->asked) != 0;
}

static void keep_content(struct op *op, struct index *index,
                         const struct index_object_content *content)
{
    struct object_run run;
    int64_t folder = db_number(
        index, "SELECT folder FROM objects WHERE row = ?", "i", content->row);

    if (folder == 0 || is_overtaken(index, content) ||
        !object_run_begin(op, index, folder, &run))
        return;
    bool changed =
        db_run(index,
               "UPDATE objects SET change_key = ?1, revision = ?2,"
               " schedule = CASE WHEN shape IS NULL THEN ?2 ELSE schedule END"
               " WHERE row = ?3 AND change_key IS NOT ?1",
               "sii", content->change_key, run.revision + 1, content->row) > 0;
    if (changed)
        object_run_revision(&run);
    db_run(index,
           "UPDATE objects SET text = ?, uid = ?, starts = ?, ends = ?,"
           " schedule = CASE WHEN shape IS NULL OR shape IS ?5 THEN schedule"
           "  ELSE revision END, shape = ?5, hidden = ?,"
           " kept = CASE WHEN ? THEN NULL ELSE kept END WHERE row = ?",
           "ssiisiii", content->text, content->uid, content->starts,
           content->ends, content->shape, (int64_t)content->hidden,
           (int64_t)content->has_kept, content->row);
    object_run_end(&run);
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
static int64_t row_to_write(struct object_run *run,
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
static void rename_row(struct object_run *run, int64_t row, const char *name)
{
    if (db_number(run->index,
                  "SELECT count(*) FROM objects WHERE row = ? AND name = ?",
                  "is", row, name) == 0)
        object_run_bury(run, row);
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
    struct object_run run;

    db_write(index);
    if (!object_run_begin(op, index, folder, &run))
        return db_undo(index,
                       op_fail(op, STATUS_NO_FOLDER, "the folder is gone"));
    int64_t row = row_to_write(&run, write);
    if (write->name != NULL)
        rename_row(&run, row, write->name);
    int64_t revision = object_run_revision(&run);
    db_run(index,
           "UPDATE objects SET remote = ?1, change_key = ?, text = NULL,"
           " sweep = CASE WHEN remote = ?1 THEN sweep ELSE -1 END,"
           " uid = ?, starts = ?, ends = ?, kept = ?, revision = ?,"
           " shape = NULL, schedule = CASE WHEN ? THEN schedule ELSE ? END"
           " WHERE row = ?",
           "sssiisiiii", write->remote, write->change_key, write->uid,
           write->starts, write->ends, write->kept, revision,
           (int64_t)write->answers_only, revision, row);
    object_run_end(&run);
    object_row_read_one(
        op, index,
        db_query(index, "SELECT " OBJECT_COLUMNS " FROM objects WHERE row = ?",
                 "i", row),
        object_out);
    return db_end(op, index);
}

enum status index_object_remove(struct op *op, struct index *index, int64_t row)
{
    struct object_run run;

    db_write(index);
    int64_t folder =
        db_number(index, "SELECT folder FROM objects WHERE row = ?", "i", row);
    if (folder != 0 && object_run_begin(op, index, folder, &run)) {
        object_run_remove(&run, row);
        object_run_end(&run);
    }
    return db_end(op, index);
}
