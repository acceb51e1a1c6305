/*
 * tombstones.c - which UIDs have left a folder, as far back as is remembered
 *
 * A message that goes leaves its UID with the folder's modseq and revision of
 * that moment.  Clients that come back ask for them by modseq (RFC 7162), views
 * are brought up to date by revision.  They are forgotten beyond a number and
 * an age, always whole modseqs and the oldest first; the folder remembers the
 * last modseq and revision of which some are missing, so that whoever asks
 * further back is told that the answer is not complete.
 */
#include <stdlib.h>

#include "proxy/base/arena.h"
#include "proxy/base/time.h"
#include "proxy/exchange/index/change.h"
#include "proxy/exchange/index/index.h"
#include "proxy/exchange/index/messages.h"

#define HOUR 3600

/* Forgets what left a folder at `modseq` and before. */
static void forget(struct index *index, int64_t folder, int64_t modseq)
{
    db_run(index,
           "UPDATE folders SET forgotten = max(forgotten, ?2),"
           " forgotten_revision = max(forgotten_revision,"
           " (SELECT max(revision) FROM tombstones WHERE folder = ?1"
           " AND modseq <= ?2)) WHERE id = ?1"
           " AND EXISTS (SELECT 1 FROM tombstones WHERE folder = ?1"
           " AND modseq <= ?2)",
           "ii", folder, modseq);
    int forgotten =
        db_run(index, "DELETE FROM tombstones WHERE folder = ? AND modseq <= ?",
               "ii", folder, modseq);
    db_run(index, "UPDATE folders SET tombstones = tombstones - ? WHERE id = ?",
           "ii", (int64_t)forgotten, folder);
}

static void forget_old(struct index *index)
{
    const int64_t before = time_now() - index->tombstone_seconds;
    int64_t folder;

    index->aged = time_now();
    while ((folder = db_number(
                index, "SELECT folder FROM tombstones WHERE time < ? LIMIT 1",
                "i", before)) != 0)
        forget(index, folder,
               db_number(index,
                         "SELECT max(modseq) FROM tombstones WHERE folder = ?"
                         " AND time < ?",
                         "ii", folder, before));
}

void tombstones_bound(struct change *change)
{
    struct index *index = change->index;
    const int64_t limit = index->tombstones;

    db_run(index, "UPDATE folders SET tombstones = tombstones + ? WHERE id = ?",
           "ii", change->buried, change->folder);
    int64_t count =
        db_number(index, "SELECT tombstones FROM folders WHERE id = ?", "i",
                  change->folder);
    /* A quarter beyond it, so that not every change has to count. */
    if (count > limit + limit / 4)
        forget(index, change->folder,
               db_number(index,
                         "SELECT modseq FROM tombstones WHERE folder = ?"
                         " ORDER BY modseq DESC LIMIT 1 OFFSET ?",
                         "ii", change->folder, limit));
    if (time_now() >= index->aged + HOUR || time_now() < index->aged)
        forget_old(index);
}

void index_limit_tombstones(struct index *index, uint32_t number,
                            uint32_t seconds)
{
    pthread_mutex_lock(&index->lock);
    index->tombstones = number;
    index->tombstone_seconds = seconds;
    index->aged = 0;
    pthread_mutex_unlock(&index->lock);
}

/* What the folder remembers: false when there is no such folder. */
static bool read_memory(struct index *index, int64_t folder, uint64_t *modseq,
                        uint64_t *forgotten, size_t *count)
{
    sqlite3_stmt *query = db_query(
        index, "SELECT modseq, forgotten, tombstones FROM folders WHERE id = ?",
        "i", folder);

    if (!db_row(index, query))
        return false;
    *modseq = (uint64_t)sqlite3_column_int64(query, 0);
    *forgotten = (uint64_t)sqlite3_column_int64(query, 1);
    *count = (size_t)sqlite3_column_int64(query, 2);
    sqlite3_reset(query);
    return true;
}

enum status index_vanished(struct op *op, struct index *index, int64_t folder,
                           uint64_t since, uint32_t **uids_out,
                           size_t *count_out, bool *complete_out)
{
    uint64_t modseq = 0, forgotten = 0;
    size_t room = 0, count = 0;

    db_read(index);
    bool found = read_memory(index, folder, &modseq, &forgotten, &room);
    uint32_t *uids = arena_array(op->arena, room + 1, sizeof *uids);
    sqlite3_stmt *query = db_query(
        index,
        "SELECT uid FROM tombstones WHERE folder = ? AND modseq > ?"
        " ORDER BY uid",
        "ii", folder, (int64_t)(since > INT64_MAX ? INT64_MAX : since));
    while (count < room && db_row(index, query))
        uids[count++] = (uint32_t)sqlite3_column_int64(query, 0);
    if (query != NULL)
        sqlite3_reset(query);
    *uids_out = uids;
    *count_out = count;
    /* A modseq that is yet to come is none that a client has from us. */
    *complete_out = since >= forgotten && since <= modseq;
    enum status status = db_end(op, index);
    if (status == STATUS_OK && !found)
        return op_fail(op, STATUS_NO_FOLDER, "the folder is gone");
    return status;
}
