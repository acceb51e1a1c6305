/*
 * db.c - SQLite for the files of the index: statements, transactions, failures
 */
#include "proxy/exchange/index/db.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/time.h"

/* The damaged file gets another name at once: the next start finds none and
 * makes a new one.  In this process folders' numbers must not begin anew under
 * sessions. */
static void set_damaged_aside(struct index *index)
{
    static const char *const parts[] = { "", "-wal" };

    index->broken = true;
    for (size_t i = 0;
         index->path != NULL && i < sizeof parts / sizeof parts[0]; i++) {
        char from[4200], to[4300];

        snprintf(from, sizeof from, "%s%s", index->path, parts[i]);
        snprintf(to, sizeof to, "%s.broken-%lld%s", index->path,
                 (long long)time_now(), parts[i]);
        if (rename(from, to) == 0)
            log_error(
                "postern",
                "index damaged, rebuilt at the next start user=%s kept=%s",
                index->user, to);
    }
}

void db_fail(struct index *index, const char *what)
{
    int code = sqlite3_errcode(index->db);

    if (!index->failed && !index->broken)
        log_error("postern",
                  "index failed user=%s doing=\"%.60s\" error=\"%s\"",
                  index->user, what, sqlite3_errmsg(index->db));
    index->failed = true;
    if ((code == SQLITE_CORRUPT || code == SQLITE_NOTADB) && !index->broken)
        set_damaged_aside(index);
}

static sqlite3_stmt *statement_of(struct index *index, const char *sql)
{
    size_t i = 0;

    while (i < DB_STATEMENTS && index->statements[i].sql != NULL &&
           index->statements[i].sql != sql)
        i++;
    assert(i < DB_STATEMENTS);
    if (index->statements[i].sql == NULL) {
        if (sqlite3_prepare_v3(index->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                               &index->statements[i].statement,
                               NULL) != SQLITE_OK) {
            db_fail(index, sql);
            return NULL;
        }
        index->statements[i].sql = sql;
    }
    return index->statements[i].statement;
}

static void bind_values(sqlite3_stmt *statement, const char *types,
                        va_list args)
{
    for (int i = 1; *types != '\0'; i++, types++) {
        if (*types == 'i') {
            sqlite3_bind_int64(statement, i, va_arg(args, int64_t));
        } else if (*types == 's') {
            sqlite3_bind_text(statement, i, va_arg(args, const char *), -1,
                              SQLITE_STATIC);
        } else {
            const void *data = va_arg(args, const void *);
            size_t len = va_arg(args, size_t);
            sqlite3_bind_blob64(statement, i, data, len, SQLITE_STATIC);
        }
    }
}

static sqlite3_stmt *query(struct index *index, const char *sql,
                           const char *types, va_list args)
{
    if (index->failed)
        return NULL;
    sqlite3_stmt *statement = statement_of(index, sql);
    if (statement != NULL) {
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
        bind_values(statement, types, args);
    }
    return statement;
}

sqlite3_stmt *db_query(struct index *index, const char *sql, const char *types,
                       ...)
{
    va_list args;

    va_start(args, types);
    sqlite3_stmt *statement = query(index, sql, types, args);
    va_end(args);
    return statement;
}

bool db_row(struct index *index, sqlite3_stmt *statement)
{
    if (index->failed || statement == NULL)
        return false;
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        db_fail(index, sqlite3_sql(statement));
    sqlite3_reset(statement);
    return false;
}

int db_run(struct index *index, const char *sql, const char *types, ...)
{
    va_list args;

    va_start(args, types);
    sqlite3_stmt *statement = query(index, sql, types, args);
    va_end(args);
    while (db_row(index, statement))
        continue;
    return index->failed ? 0 : sqlite3_changes(index->db);
}

int64_t db_number(struct index *index, const char *sql, const char *types, ...)
{
    va_list args;
    int64_t value = 0;

    va_start(args, types);
    sqlite3_stmt *statement = query(index, sql, types, args);
    va_end(args);
    if (db_row(index, statement)) {
        value = sqlite3_column_int64(statement, 0);
        sqlite3_reset(statement);
    }
    return value;
}

const char *db_text(struct op *op, sqlite3_stmt *statement, int column)
{
    return arena_strdup(op->arena,
                        (const char *)sqlite3_column_text(statement, column));
}

const char *db_blob(struct op *op, sqlite3_stmt *statement, int column,
                    size_t *len_out)
{
    const void *data = sqlite3_column_blob(statement, column);

    *len_out = (size_t)sqlite3_column_bytes(statement, column);
    if (sqlite3_column_type(statement, column) == SQLITE_NULL)
        return NULL;

    char *copy = arena_alloc(op->arena, *len_out + 1);
    if (*len_out > 0)
        memcpy(copy, data, *len_out);
    return copy;
}

void db_read(struct index *index)
{
    pthread_mutex_lock(&index->lock);
    index->failed = index->broken;
}

void db_write(struct index *index)
{
    db_read(index);
    db_run(index, "BEGIN IMMEDIATE", "");
}

enum status db_undo(struct index *index, enum status status)
{
    if (sqlite3_get_autocommit(index->db) == 0) {
        index->failed = false;
        db_run(index, "ROLLBACK", "");
    }
    pthread_mutex_unlock(&index->lock);
    return status;
}

enum status db_no_folder(struct op *op, struct index *index)
{
    if (index->failed)
        return db_end(op, index);
    return db_undo(index, op_fail(op, STATUS_NO_FOLDER, "the folder is gone"));
}

enum status db_end(struct op *op, struct index *index)
{
    if (!index->failed && sqlite3_get_autocommit(index->db) == 0)
        db_run(index, "COMMIT", "");
    if (index->failed) {
        db_undo(index, STATUS_UNAVAILABLE);
        return op_fail(op, STATUS_UNAVAILABLE, "the index cannot be used");
    }
    pthread_mutex_unlock(&index->lock);
    return STATUS_OK;
}
