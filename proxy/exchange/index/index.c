/*
 * index.c - opening the index, setting a damaged one aside, facts of the
 * account
 */
#include "proxy/exchange/index/index.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/base/time.h"
#include "proxy/exchange/index/db.h"
#include "proxy/exchange/index/schema.h"
#include "proxy/exchange/index/validity.h"

/* Files up to this size are checked throughout when opened: some 100 ms. */
#define CHECKED_SIZE (64 * 1024 * 1024)

/* Of tombstones, unless index_limit_tombstones says otherwise. */
#define TOMBSTONES 20000
#define TOMBSTONE_SECONDS (90 * 24 * 3600)

/* How long another gateway that is just ending may still hold the file. */
#define BUSY_MS 5000

/* One process at a time: two would give one UID to two messages. */
static const char pragmas[] = "PRAGMA locking_mode = EXCLUSIVE;"
                              "PRAGMA journal_mode = WAL;"
                              "PRAGMA synchronous = FULL;"
                              "PRAGMA foreign_keys = ON;"
                              "PRAGMA secure_delete = ON;"
                              "PRAGMA journal_size_limit = 8388608;"
                              "PRAGMA cache_size = -4096;"
                              "PRAGMA temp_store = MEMORY;";

static bool is_sound(sqlite3 *db)
{
    sqlite3_stmt *check = NULL;
    bool sound = false;

    if (sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &check, NULL) ==
            SQLITE_OK &&
        sqlite3_step(check) == SQLITE_ROW)
        sound = strcmp((const char *)sqlite3_column_text(check, 0), "ok") == 0;
    sqlite3_finalize(check);
    return sound;
}

static enum schema_verdict prepare(sqlite3 *db, const char *path,
                                   bool *made_out)
{
    struct stat about;

    sqlite3_busy_timeout(db, BUSY_MS);
    int code = sqlite3_exec(db, pragmas, NULL, NULL, NULL);
    if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
        return SCHEMA_FOREIGN;
    if (code != SQLITE_OK)
        return SCHEMA_FAILED;
    enum schema_verdict verdict = schema_prepare(db, made_out);
    if (verdict == SCHEMA_READY && path != NULL && stat(path, &about) == 0 &&
        about.st_size <= CHECKED_SIZE && !is_sound(db))
        return SCHEMA_FOREIGN;
    return verdict;
}

/* Makes the file beforehand, so that nobody else may read it at any moment. */
static bool make_private(const char *path)
{
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (file < 0)
        return false;
    fchmod(file, 0600);
    close(file);
    return true;
}

static void set_aside(const char *path, const char *user)
{
    static const char *const parts[] = { "", "-wal", "-shm" };
    long long now = (long long)time_now();

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        char from[4200], to[4300];

        snprintf(from, sizeof from, "%s%s", path, parts[i]);
        snprintf(to, sizeof to, "%s.broken-%lld%s", path, now, parts[i]);
        rename(from, to);
    }
    log_error("postern",
              "index unreadable, a new one is made user=%s kept=%s.broken-%lld",
              user, path, now);
}

static sqlite3 *open_file(const char *path, const char *user,
                          enum schema_verdict *verdict, bool *made_out)
{
    const int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    sqlite3 *db = NULL;

    *verdict = SCHEMA_FAILED;
    if (path != NULL && !make_private(path)) {
        log_error("postern",
                  "index cannot be made user=%s path=%s error=\"%m\"", user,
                  path);
        return NULL;
    }
    if (sqlite3_open_v2(path != NULL ? path : ":memory:", &db, flags, NULL) ==
        SQLITE_OK)
        *verdict = prepare(db, path, made_out);
    if (*verdict == SCHEMA_READY)
        return db;
    if (*verdict == SCHEMA_FAILED)
        log_error("postern",
                  "index cannot be used user=%s path=%s error=\"%s\"", user,
                  path != NULL ? path : "memory", sqlite3_errmsg(db));
    sqlite3_close(db);
    return NULL;
}

struct index *index_open(const char *directory, const char *user)
{
    struct index *index = memory_new(sizeof *index);
    enum schema_verdict verdict;
    bool made = false;

    pthread_mutex_init(&index->lock, NULL);
    index->user = memory_strdup(user);
    index->tombstones = TOMBSTONES;
    index->tombstone_seconds = TOMBSTONE_SECONDS;
    if (directory != NULL &&
        asprintf(&index->path, "%s/index.sqlite", directory) < 0)
        memory_exhausted();
    index->db = open_file(index->path, user, &verdict, &made);
    if (verdict == SCHEMA_FOREIGN && index->path != NULL) {
        set_aside(index->path, user);
        index->db = open_file(index->path, user, &verdict, &made);
    }
    if (index->db == NULL)
        index_close(&index);
    else
        validity_open(index, made);
    return index;
}

void index_close(struct index **index)
{
    if (*index == NULL)
        return;
    for (size_t i = 0; i < DB_STATEMENTS; i++)
        sqlite3_finalize((*index)->statements[i].statement);
    sqlite3_close((*index)->db);
    pthread_mutex_destroy(&(*index)->lock);
    free((*index)->user);
    free((*index)->path);
    free(*index);
    *index = NULL;
}

void index_rest(struct index *index)
{
    if (pthread_mutex_trylock(&index->lock) != 0)
        return;
    sqlite3_db_release_memory(index->db);
    pthread_mutex_unlock(&index->lock);
}

const char *index_fact(struct op *op, struct index *index, const char *name)
{
    const char *value = NULL;

    db_read(index);
    sqlite3_stmt *query =
        db_query(index, "SELECT value FROM facts WHERE name = ?", "s", name);
    if (db_row(index, query)) {
        value = db_text(op, query, 0);
        sqlite3_reset(query);
    }
    db_end(op, index);
    return value;
}

enum status index_set_fact(struct op *op, struct index *index, const char *name,
                           const char *value)
{
    db_write(index);
    db_run(index, "INSERT OR REPLACE INTO facts VALUES (?, ?)", "ss", name,
           value);
    return db_end(op, index);
}
