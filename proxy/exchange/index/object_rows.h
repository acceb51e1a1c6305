/*
 * object_rows.h - rows of objects, and one transaction's change of a folder
 *
 * Each row that a transaction touches gets a revision of its own, in the order
 * in which it touches them.
 */
#ifndef POSTERN_EXCHANGE_INDEX_OBJECT_ROWS_H
#define POSTERN_EXCHANGE_INDEX_OBJECT_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "proxy/exchange/index/db.h"
#include "proxy/exchange/index/objects.h"

#define OBJECT_COLUMNS                                                         \
    "row, remote, change_key, kind, name, named, revision, schedule, uid,"     \
    " starts, ends, coalesce(length(CAST(text AS BLOB)), 0), hidden,"           \
    " shape GLOB '" INDEX_MEETING "*' AND text IS NOT NULL"
#define OBJECT_COLUMN_COUNT 14

/* A row of these columns, in op's arena; and the only one of a query, with row
 * 0 where there is none. */
void object_row_read(struct op *op, sqlite3_stmt *query,
                     struct index_object *object);
void object_row_read_one(struct op *op, struct index *index,
                         sqlite3_stmt *query, struct index_object *object);

/* The name of what no client has named. */
const char *object_made_name(struct op *op, const char *remote,
                             enum remote_object_kind kind);

struct object_run {
    struct op *op;
    struct index *index;
    int64_t folder;
    int64_t revision; /* the last one given */
    int64_t sweep;
    bool changed;
};

/* Inside db_write.  False when there is no such folder. */
bool object_run_begin(struct op *op, struct index *index, int64_t folder,
                      struct object_run *run);

/* Writes the counter. */
void object_run_end(struct object_run *run);

/* A revision for the change of a row. */
int64_t object_run_revision(struct object_run *run);

/* Leaves the name of a row with those that have gone; takes the row away as
 * well. */
void object_run_bury(struct object_run *run, int64_t row);
void object_run_remove(struct object_run *run, int64_t row);

/* Forgets the names of what has gone beyond the limits. */
void object_run_bound(struct object_run *run);

#endif
