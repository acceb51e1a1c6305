/*
 * db.h - SQLite for the files of the index: statements, transactions, failures
 *
 * A failure sticks until the transaction ends: the functions after it do
 * nothing, and db_end tells.  So callers write straight lines and look once.
 */
#ifndef POSTERN_EXCHANGE_INDEX_DB_H
#define POSTERN_EXCHANGE_INDEX_DB_H

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

#include "proxy/base/op.h"

#define DB_STATEMENTS 256

struct index {
    pthread_mutex_t lock;
    sqlite3 *db;
    char *user;
    char *path;                /* NULL in RAM */
    bool failed;               /* in this transaction */
    bool broken;               /* the file is damaged and set aside */
    int64_t tombstones;        /* how many a folder keeps, */
    int64_t tombstone_seconds; /* for how long, */
    int64_t validity;          /* no UIDVALIDITY beyond it was given */
    int64_t aged;              /* and when that was last looked after */
    struct {
        const char *sql;
        sqlite3_stmt *statement;
    } statements[DB_STATEMENTS];
};

/* Takes the lock, and begins a transaction that writes. */
void db_read(struct index *index);
void db_write(struct index *index);

/* Ends what db_read or db_write began: STATUS_OK once it is on the disk. */
enum status db_end(struct op *op, struct index *index);

/* As db_end for a transaction that shall leave no trace, with the status to
 * return. */
enum status db_undo(struct index *index, enum status status);

/* The same because the folder that it is about is not there. */
enum status db_no_folder(struct op *op, struct index *index);

/* A statement ready to step.  `sql` is a literal, by whose address it is kept.
 * The letters of `types` say what follows: i int64_t, s text, b blob and its
 * size_t. Texts and blobs must live until the statement is done; NULL is SQL's.
 */
sqlite3_stmt *db_query(struct index *index, const char *sql, const char *types,
                       ...);

/* The next row; false at the end and after a failure. */
bool db_row(struct index *index, sqlite3_stmt *statement);

/* Runs a statement to its end; says how many rows it changed. */
int db_run(struct index *index, const char *sql, const char *types, ...);

/* The first column of the first row; 0 if there is none. */
int64_t db_number(struct index *index, const char *sql, const char *types, ...);

/* A column as a copy in the arena; NULL for NULL. */
const char *db_text(struct op *op, sqlite3_stmt *statement, int column);
const char *db_blob(struct op *op, sqlite3_stmt *statement, int column,
                    size_t *len_out);

/* Notes and logs what SQLite says. */
void db_fail(struct index *index, const char *what);

#endif
