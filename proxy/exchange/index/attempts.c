/*
 * attempts.c - messages on their way to Exchange, and what became of them
 */
#include "proxy/exchange/index/db.h"
#include "proxy/exchange/index/index.h"

/* How long an attempt is remembered, in seconds: longer than clients try again. */
#define REMEMBERED (7 * 24 * 3600)

enum status index_attempt_begin(struct op *op, struct index *index,
                                struct index_attempt *attempt)
{
    db_write(index);
    db_run(index, "DELETE FROM attempts WHERE time < ?", "i", attempt->time - REMEMBERED);
    db_run(index,
           "INSERT INTO attempts (folder, hash, token, message_id, time)"
           " VALUES (?, ?, ?, ?, ?)",
           "isssi", attempt->folder, attempt->hash, attempt->token, attempt->message_id,
           attempt->time);
    attempt->id = sqlite3_last_insert_rowid(index->db);
    return db_end(op, index);
}

enum status index_attempt_open(struct op *op, struct index *index, int64_t folder,
                               const char *hash, struct index_attempt *attempt_out)
{
    db_read(index);
    sqlite3_stmt *query =
        db_query(index,
                 "SELECT id, token, message_id, time FROM attempts WHERE hash = ?"
                 " AND folder = ? AND outcome IS NULL ORDER BY id LIMIT 1",
                 "si", hash, folder);
    *attempt_out = (struct index_attempt){ .folder = folder, .hash = hash };
    if (db_row(index, query)) {
        attempt_out->id = sqlite3_column_int64(query, 0);
        attempt_out->token = db_text(op, query, 1);
        attempt_out->message_id = db_text(op, query, 2);
        attempt_out->time = sqlite3_column_int64(query, 3);
        sqlite3_reset(query);
    }
    return db_end(op, index);
}

enum status index_attempt_end(struct op *op, struct index *index, int64_t id, bool done)
{
    db_write(index);
    if (done)
        db_run(index, "UPDATE attempts SET outcome = 1 WHERE id = ?", "i", id);
    else
        db_run(index, "DELETE FROM attempts WHERE id = ?", "i", id);
    return db_end(op, index);
}

static uint32_t claim_copy(struct index *index, int64_t attempt, int64_t folder,
                           const char *message_id)
{
    int64_t uid = 0, row = 0;
    sqlite3_stmt *query =
        db_query(index,
                 "SELECT row, uid FROM items WHERE folder = ? AND message_id = ?"
                 " AND uid > 0 AND sweep <> -1 AND row NOT IN"
                 " (SELECT copy FROM attempts WHERE copy IS NOT NULL)"
                 " ORDER BY uid DESC LIMIT 1",
                 "is", folder, message_id);

    if (db_row(index, query)) {
        row = sqlite3_column_int64(query, 0);
        uid = sqlite3_column_int64(query, 1);
        sqlite3_reset(query);
        db_run(index, "UPDATE attempts SET copy = ? WHERE id = ?", "ii", row, attempt);
    }
    return (uint32_t)uid;
}

enum status index_claim_sent(struct op *op, struct index *index, int64_t folder,
                             const char *message_id, int64_t since, bool *sent_out,
                             uint32_t *uid_out)
{
    db_write(index);
    int64_t attempt =
        db_number(index,
                  "SELECT id FROM attempts WHERE message_id = ? AND folder = 0"
                  " AND outcome = 1 AND copy IS NULL AND time >= ? ORDER BY id LIMIT 1",
                  "si", message_id, since);
    *sent_out = attempt != 0;
    *uid_out = attempt != 0 ? claim_copy(index, attempt, folder, message_id) : 0;
    return db_end(op, index);
}
