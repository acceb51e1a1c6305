/*
 * transfers.c - messages that we have copied or moved to another folder
 *
 * Their UIDs are given at once.  A sync of the target may have been faster:
 * what it has told is newer than what we knew of the message in its old place.
 */
#include "proxy/base/arena.h"
#include "proxy/base/time.h"
#include "proxy/exchange/index/change.h"
#include "proxy/exchange/index/messages.h"

/* --- Copies -------------------------------------------------------------- */

static int64_t copy_row(struct change *change,
                        const struct index_arrival *arrival)
{
    db_run(
        change->index,
        "INSERT INTO items (folder, remote, change_key, class, article, "
        "flags, categories,"
        " received, created, estimate, message_id, search_key,"
        " conversation, saved, unconfirmed, sweep)"
        " SELECT ?, ?, ?, class, 0, flags, categories, received, created, "
        "estimate,"
        " message_id, search_key, conversation, ?, 1, ? FROM items WHERE row ="
        " ?",
        "issiii", change->folder, arrival->remote, arrival->change_key,
        time_now(), change->sweep, arrival->row);
    if (sqlite3_changes(change->index->db) == 0)
        return 0;
    int64_t row = sqlite3_last_insert_rowid(change->index->db);
    db_run(change->index,
           "INSERT INTO headers SELECT ?, header, 1 + (SELECT max(number) "
           "FROM headers) FROM headers WHERE row = ?",
           "ii", row, arrival->row);
    summary_copy(change->index, row, arrival->row);
    return row;
}

enum status index_copy(struct op *op, struct index *index, int64_t target,
                       struct index_arrival arrivals[], size_t count)
{
    struct change change;

    db_write(index);
    if (!change_begin(index, target, &change))
        return db_no_folder(op, index);
    for (size_t i = 0; i < count; i++) {
        int64_t uid, row = change_arrived(&change, arrivals[i].remote, &uid);

        if (row == 0)
            row = copy_row(&change, &arrivals[i]);
        if (uid == 0 && row != 0)
            uid = change_give_uid(&change, row);
        arrivals[i].uid = (uint32_t)uid;
    }
    return change_finish(op, &change);
}

/* --- Moves --------------------------------------------------------------- */

/* A sync has given a moved message a UID, so that clients may know it: it stays
 * that row, and gets what was read of the old one. */
static void adopt(struct change *from, struct change *to, int64_t row,
                  int64_t old_row, int64_t old_uid)
{
    struct index *index = to->index;

    db_run(index, "UPDATE OR IGNORE headers SET row = ? WHERE row = ?", "ii",
           row, old_row);
    db_run(index, "UPDATE OR IGNORE structures SET row = ? WHERE row = ?", "ii",
           row, old_row);
    summary_copy(index, row, old_row);
    to->revised |=
        db_run(index,
               "UPDATE items SET size = old.size, revision = ?"
               " FROM items AS old WHERE items.row = ? AND old.row = ?"
               " AND items.size IS NULL AND old.size IS NOT NULL",
               "iii", to->revision, row, old_row) > 0;
    change_remove(from, old_row, old_uid);
}

/* A sync that has not come to its end has told how a moved message is there,
 * which is newer than what its row says. */
static const char *take_news(struct change *change, struct op *op, int64_t row,
                             int64_t told)
{
    const char *change_key = NULL;
    sqlite3_stmt *query = db_query(
        change->index, "SELECT change_key FROM items WHERE row = ?", "i", told);

    if (db_row(change->index, query)) {
        change_key = db_text(op, query, 0);
        sqlite3_reset(query);
    }
    db_run(change->index,
           "UPDATE items SET flags = told.flags, categories = told.categories,"
           " received = told.received, estimate = told.estimate"
           " FROM items AS told WHERE items.row = ? AND told.row = ?",
           "ii", row, told);
    db_run(change->index, "DELETE FROM items WHERE row = ?", "i", told);
    return change_key;
}

static uint32_t move_row(struct op *op, struct change *from, struct change *to,
                         const struct index_arrival *arrival)
{
    int64_t uid, row = change_arrived(to, arrival->remote, &uid);
    int64_t old = db_number(
        from->index, "SELECT uid FROM items WHERE row = ? AND folder = ?", "ii",
        arrival->row, from->folder);
    const char *change_key = arrival->change_key;

    if (row == arrival->row)
        return (uint32_t)uid;
    if (old ==
        0) { /* its going was reported meanwhile, with what we knew of it */
        if (row != 0 && uid == 0)
            uid = change_give_uid(to, row);
        return (uint32_t)uid;
    }
    if (uid != 0) {
        adopt(from, to, row, arrival->row, old);
        return (uint32_t)uid;
    }
    if (row != 0)
        change_key = take_news(to, op, arrival->row, row);
    uid = to->uid_next++;
    db_run(to->index,
           "UPDATE items SET folder = ?, uid = ?, remote = ?, change_key = ?, "
           "article = 0,"
           " modseq = ?, revision = ?, sweep = ?, saved = ?, unconfirmed = ?"
           " WHERE row = ?",
           "iissiiiiii", to->folder, uid, arrival->remote, change_key,
           to->modseq, to->revision, to->sweep, time_now(), (int64_t)(row == 0),
           arrival->row);
    change_bury(from, old);
    to->visible = true;
    return (uint32_t)uid;
}

enum status index_move(struct op *op, struct index *index, int64_t folder,
                       int64_t target, struct index_arrival arrivals[],
                       size_t count)
{
    struct change from, to;

    db_write(index);
    if (!change_begin(index, folder, &from) ||
        !change_begin(index, target, &to))
        return db_no_folder(op, index);
    if (folder == target) /* one folder has one set of counters */
        to.uid_next = from.uid_next;
    for (size_t i = 0; i < count; i++)
        arrivals[i].uid = move_row(op, &from, &to, &arrivals[i]);
    if (folder != target)
        change_end(&from);
    else
        to.buried = from.buried;
    return change_finish(op, &to);
}
