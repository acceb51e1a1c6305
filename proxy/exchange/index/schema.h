/*
 * schema.h - the tables of the index and how older files become new ones
 */
#ifndef POSTERN_EXCHANGE_INDEX_SCHEMA_H
#define POSTERN_EXCHANGE_INDEX_SCHEMA_H

#include <sqlite3.h>

enum schema_verdict {
    SCHEMA_READY,
    SCHEMA_FOREIGN, /* not a file of ours, damaged, or of a later version */
    SCHEMA_FAILED   /* the disk refuses, or another process has the file */
};

/* Brings the file's tables to this version. */
enum schema_verdict schema_prepare(sqlite3 *db);

#endif
