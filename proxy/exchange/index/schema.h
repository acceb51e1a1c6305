/*
 * schema.h - the tables of the index and how older files become new ones
 */
#ifndef POSTERN_EXCHANGE_INDEX_SCHEMA_H
#define POSTERN_EXCHANGE_INDEX_SCHEMA_H

#include <stdbool.h>

#include <sqlite3.h>

enum schema_verdict {
    SCHEMA_READY,
    SCHEMA_FOREIGN, /* not a file of ours, damaged, or of a later version */
    SCHEMA_FAILED   /* the disk refuses, or another process has the file */
};

/* The migrations, one after the other, and how many there are. */
extern const char *const schema_steps[];
extern const int schema_steps_count;

/* Brings the file's tables to this version; `*made_out` tells whether it had
 * none. */
enum schema_verdict schema_prepare(sqlite3 *db, bool *made_out);

/* Brings tables of version `from` to version `to`; an SQLite code. */
int schema_migrate(sqlite3 *db, int from, int to);

#endif
