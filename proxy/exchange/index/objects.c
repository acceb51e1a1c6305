/*
 * objects.c - what is known of a folder's objects
 */
#include "proxy/exchange/index/objects.h"

#include "proxy/base/arena.h"
#include "proxy/exchange/index/object_rows.h"

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
        object_row_read(op, query, &(*objects_out)[count++]);
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
        object_row_read_one(
            op, index,
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
    object_row_read_one(op, index,
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
