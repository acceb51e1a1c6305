/*
 * object_joint.c - what two folders that are shown as one must not share
 *
 * Clients name objects in each by themselves, and so does Outlook's owner by
 * what he moves: what is called alike is told apart when it is seen.  Revisions
 * are of one counter (object_rows.c), but for those given by older gateways.
 */
#include "proxy/base/arena.h"
#include "proxy/exchange/index/object_rows.h"

int64_t index_main_folder(struct op *op, struct index *index,
                          enum folder_use use)
{
    db_read(index);
    int64_t id =
        db_number(index, "SELECT id FROM folders WHERE store = 0 AND use = ?",
                  "i", (int64_t)use);
    return db_end(op, index) == STATUS_OK ? id : 0;
}

/* An object of the tasks, and what it shares with the calendar. */
struct double_row {
    int64_t row;
    const char *remote;
    enum remote_object_kind kind;
    bool named_alike;
};

#define NAMED_ALIKE                                                            \
    "EXISTS (SELECT 1 FROM objects WHERE folder = ?1 AND name = task.name)"

#define DOUBLES                                                                \
    " FROM objects AS task WHERE folder = ?2 AND (" NAMED_ALIKE                \
    " OR EXISTS (SELECT 1 FROM objects WHERE folder = ?1"                      \
    " AND revision = task.revision))"

static size_t find_doubles(struct op *op, struct index *index, int64_t calendar,
                           int64_t tasks, struct double_row **doubles_out)
{
    size_t room = (size_t)db_number(index, "SELECT count(*)" DOUBLES, "ii",
                                    calendar, tasks);
    size_t count = 0;

    *doubles_out = arena_array(op->arena, room + 1, sizeof **doubles_out);
    if (room == 0)
        return 0;
    sqlite3_stmt *query = db_query(
        index,
        "SELECT row, remote, kind, " NAMED_ALIKE DOUBLES " ORDER BY revision",
        "ii", calendar, tasks);
    while (count < room && db_row(index, query))
        (*doubles_out)[count++] = (struct double_row){
            sqlite3_column_int64(query, 0),
            db_text(op, query, 1),
            (enum remote_object_kind)sqlite3_column_int(query, 2),
            sqlite3_column_int(query, 3) != 0,
        };
    if (query != NULL)
        sqlite3_reset(query);
    return count;
}

/* Exchange has the old name until the next write of a client. */
static void rename_double(struct object_run *run,
                          const struct double_row *found)
{
    const char *name = object_made_name(run->op, found->remote, found->kind);

    object_run_bury(run, found->row);
    db_run(run->index,
           "UPDATE OR REPLACE properties SET object = ? WHERE folder = ? AND"
           " object = (SELECT name FROM objects WHERE row = ?)",
           "sii", name, run->folder, found->row);
    db_run(run->index,
           "UPDATE OR IGNORE objects SET name = ?, named = 0 WHERE row = ?",
           "si", name, found->row);
}

static void settle(struct op *op, struct index *index, int64_t tasks,
                   const struct double_row doubles[], size_t count)
{
    struct object_run run;

    if (!object_run_begin(op, index, tasks, &run))
        return;
    for (size_t i = 0; i < count; i++) {
        if (doubles[i].named_alike)
            rename_double(&run, &doubles[i]);
        db_run(index, "UPDATE objects SET revision = ? WHERE row = ?", "ii",
               object_run_revision(&run), doubles[i].row);
    }
    object_run_end(&run);
}

enum status index_objects_settle(struct op *op, struct index *index,
                                 int64_t calendar, int64_t tasks)
{
    struct double_row *doubles;

    db_read(index);
    size_t count = find_doubles(op, index, calendar, tasks, &doubles);
    enum status status = db_end(op, index);

    if (status != STATUS_OK || count == 0)
        return status;
    db_write(index);
    count = find_doubles(op, index, calendar, tasks, &doubles);
    settle(op, index, tasks, doubles, count);
    return db_end(op, index);
}
