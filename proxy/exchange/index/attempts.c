/*
 * attempts.c - messages on their way to Exchange, and what became of them
 */
#include "proxy/exchange/index/db.h"
#include "proxy/exchange/index/index.h"

/* How long an attempt is remembered, in seconds: longer than clients try again.
 */
#define REMEMBERED (7 * 24 * 3600)

enum status index_attempt_begin(struct op *op, struct index *index,
                                struct index_attempt *attempt)
{
    db_write(index);
    db_run(index, "DELETE FROM attempts WHERE time < ?", "i",
           attempt->time - REMEMBERED);
    db_run(index,
           "INSERT INTO attempts (folder, hash, token, message_id, time)"
           " VALUES (?, ?, ?, ?, ?)",
           "isssi", attempt->folder, attempt->hash, attempt->token,
           attempt->message_id, attempt->time);
    attempt->id = sqlite3_last_insert_rowid(index->db);
    return db_end(op, index);
}

static void read_attempt(struct op *op, sqlite3_stmt *row,
                         struct index_attempt *attempt)
{
    attempt->id = sqlite3_column_int64(row, 0);
    attempt->token = db_text(op, row, 1);
    attempt->message_id = db_text(op, row, 2);
    attempt->time = sqlite3_column_int64(row, 3);
    sqlite3_reset(row);
}

enum status index_attempt_open(struct op *op, struct index *index,
                               int64_t folder, const char *hash, int64_t before,
                               struct index_attempt *attempt_out)
{
    db_read(index);
    sqlite3_stmt *query = db_query(
        index,
        "SELECT id, token, message_id, time FROM attempts WHERE hash = ?"
        " AND folder = ? AND outcome IS NULL AND id < ? ORDER BY id LIMIT 1",
        "sii", hash, folder, before > 0 ? before : INT64_MAX);
    *attempt_out = (struct index_attempt){ .folder = folder, .hash = hash };
    if (db_row(index, query))
        read_attempt(op, query, attempt_out);
    return db_end(op, index);
}

enum status index_attempt_end(struct op *op, struct index *index, int64_t id,
                              bool done)
{
    db_write(index);
    if (done)
        db_run(index, "UPDATE attempts SET outcome = 1 WHERE id = ?", "i", id);
    else
        db_run(index, "DELETE FROM attempts WHERE id = ?", "i", id);
    return db_end(op, index);
}

enum status index_claim_sent(struct op *op, struct index *index,
                             const char *message_id, int64_t since,
                             struct index_attempt *attempt_out)
{
    db_write(index);
    sqlite3_stmt *query = db_query(
        index,
        "SELECT id, token, message_id, time FROM attempts WHERE message_id = ?"
        " AND folder = 0 AND outcome = 1 AND NOT claimed AND time >= ?"
        " ORDER BY id LIMIT 1",
        "si", message_id, since);
    *attempt_out = (struct index_attempt){ 0 };
    if (db_row(index, query)) {
        read_attempt(op, query, attempt_out);
        db_run(index, "UPDATE attempts SET claimed = 1 WHERE id = ?", "i",
               attempt_out->id);
    }
    return db_end(op, index);
}

enum status index_unclaim_sent(struct op *op, struct index *index, int64_t id)
{
    db_write(index);
    db_run(index, "UPDATE attempts SET claimed = 0 WHERE id = ?", "i", id);
    return db_end(op, index);
}
