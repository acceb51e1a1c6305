/*
 * object_rows.c - rows of objects, and one transaction's change of a folder
 */
#include "proxy/exchange/index/object_rows.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/time.h"
#include "proxy/exchange/credentials.h"

void object_row_read(struct op *op, sqlite3_stmt *query,
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
        .meeting = sqlite3_column_int(query, 13) != 0,
    };
}

/* The only row of a query; row 0 where there is none. */
void object_row_read_one(struct op *op, struct index *index,
                         sqlite3_stmt *query, struct index_object *object)
{
    *object = (struct index_object){ 0 };
    if (!db_row(index, query))
        return;
    object_row_read(op, query, object);
    sqlite3_reset(query);
}

const char *object_made_name(struct op *op, const char *remote,
                             enum remote_object_kind kind)
{
    struct digest *digest = digest_new();
    char hex[65];

    digest_add(digest, remote, strlen(remote));
    digest_finish(&digest, hex);
    return arena_printf(op->arena, "%.32s%s", hex,
                        kind == REMOTE_CONTACT || kind == REMOTE_GROUP
                            ? ".vcf"
                            : ".ics");
}

/* --- Changes of a folder -------------------------------------------------- */

/* The calendar and the tasks that everyone has count together, as they may be
 * shown as one. */
bool object_run_begin(struct op *op, struct index *index, int64_t folder,
                      struct object_run *run)
{
    sqlite3_stmt *query = db_query(
        index,
        "SELECT max(own.revision, coalesce((SELECT max(revision) FROM folders"
        "  WHERE store = 0 AND use IN (?2, ?3) AND own.store = 0"
        "  AND own.use IN (?2, ?3)), 0)), sweep FROM folders AS own"
        " WHERE id = ?1",
        "iii", folder, (int64_t)FOLDER_CALENDAR_MAIN,
        (int64_t)FOLDER_TASKS_MAIN);

    *run = (struct object_run){ op, index, folder, 0, 0, false };
    if (!db_row(index, query))
        return false;
    run->revision = sqlite3_column_int64(query, 0);
    run->sweep = sqlite3_column_int64(query, 1);
    sqlite3_reset(query);
    return true;
}

/* Each change gets one of its own, so that a client may stop between any two.
 */
int64_t object_run_revision(struct object_run *run)
{
    run->changed = true;
    return ++run->revision;
}

void object_run_end(struct object_run *run)
{
    if (run->changed)
        db_run(run->index, "UPDATE folders SET revision = ? WHERE id = ?", "ii",
               run->revision, run->folder);
}

/* What went before the oldest that is remembered is not known any more. */
void object_run_bound(struct object_run *run)
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

void object_run_bury(struct object_run *run, int64_t row)
{
    db_run(run->index,
           "INSERT OR REPLACE INTO object_tombstones (folder, name, revision,"
           " time) SELECT folder, name, ?, ? FROM objects WHERE row = ?",
           "iii", object_run_revision(run), time_now(), row);
}

void object_run_remove(struct object_run *run, int64_t row)
{
    object_run_bury(run, row);
    db_run(run->index,
           "DELETE FROM properties WHERE (folder, object) ="
           " (SELECT folder, name FROM objects WHERE row = ?)",
           "i", row);
    db_run(run->index, "DELETE FROM objects WHERE row = ?", "i", row);
}
