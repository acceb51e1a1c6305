/*
 * schema.c - how older files become new ones
 *
 * `user_version` counts the migrations that a file has seen.
 */
#include "proxy/exchange/index/schema.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"

/* "Pstn": tells our files from any other program's. */
#define APPLICATION_ID 0x5073746e

static int number(sqlite3 *db, const char *sql, int64_t *value_out)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

    *value_out = 0;
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        *value_out = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

static enum schema_verdict verdict_of(int code)
{
    if (code == SQLITE_OK)
        return SCHEMA_READY;
    return code == SQLITE_CORRUPT || code == SQLITE_NOTADB ||
                   code == SQLITE_ERROR
               ? SCHEMA_FOREIGN
               : SCHEMA_FAILED;
}

/* One transaction per step, so that a step is seen whole or not at all. */
int schema_migrate(sqlite3 *db, int from, int to)
{
    for (int i = from; i < to; i++) {
        char end[96];

        snprintf(
            end, sizeof end,
            "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT;",
            APPLICATION_ID, i + 1);
        int code = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
        if (code == SQLITE_OK)
            code = sqlite3_exec(db, schema_steps[i], NULL, NULL, NULL);
        if (code == SQLITE_OK)
            code = sqlite3_exec(db, end, NULL, NULL, NULL);
        if (code != SQLITE_OK) {
            sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
            return code;
        }
    }
    return SQLITE_OK;
}

/* The names of all tables, indexes and triggers there are. */
static char *names_of(sqlite3 *db)
{
    sqlite3_stmt *statement = NULL;
    char *names = NULL;

    if (sqlite3_prepare_v2(db,
                           "SELECT group_concat(type || ' ' || name) FROM"
                           " (SELECT type, name FROM sqlite_master"
                           " WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2)",
                           -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        names = memory_strdup((const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return names;
}

/* Whether nothing is missing that an index of this version has.  What SQLite
 * does not need to open a file is not missed by it before it is used. */
static bool is_complete(sqlite3 *db)
{
    sqlite3 *model = NULL;
    bool complete = false;

    if (sqlite3_open(":memory:", &model) == SQLITE_OK &&
        schema_migrate(model, 0, schema_steps_count) == SQLITE_OK) {
        char *expected = names_of(model), *names = names_of(db);
        complete = str_equal(expected, names);
        free(expected);
        free(names);
    }
    sqlite3_close(model);
    return complete;
}

enum schema_verdict schema_prepare(sqlite3 *db, bool *made_out)
{
    int64_t application, version, tables;
    int code = number(db, "SELECT count(*) FROM sqlite_master", &tables);

    if (code == SQLITE_OK)
        code = number(db, "PRAGMA application_id", &application);
    if (code == SQLITE_OK)
        code = number(db, "PRAGMA user_version", &version);
    if (code != SQLITE_OK)
        return verdict_of(code);
    bool fresh = tables == 0 && version == 0 && application == 0;
    *made_out = fresh;
    if (!fresh && (application != APPLICATION_ID || version < 1 ||
                   version > schema_steps_count))
        return SCHEMA_FOREIGN;
    code = schema_migrate(db, (int)version, schema_steps_count);
    return code == SQLITE_OK && !fresh && !is_complete(db) ? SCHEMA_FOREIGN
                                                           : verdict_of(code);
}
