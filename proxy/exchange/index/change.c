/*
 * change.c - one transaction's change of a folder's messages
 */
#include "proxy/exchange/index/change.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/time.h"
#include "proxy/exchange/index/messages.h"

bool change_begin(struct index *index, int64_t folder, struct change *change)
{
    sqlite3_stmt *query = db_query(
        index,
        "SELECT uid_next, modseq, revision, sweep, sweeping FROM folders"
        " WHERE id = ?",
        "i", folder);

    *change = (struct change){ .index = index, .folder = folder };
    if (!db_row(index, query))
        return false;
    change->uid_next = sqlite3_column_int64(query, 0);
    change->modseq = sqlite3_column_int64(query, 1) + 1;
    change->revision = sqlite3_column_int64(query, 2) + 1;
    change->sweep = sqlite3_column_int64(query, 3);
    change->sweeping = sqlite3_column_int(query, 4) != 0;
    sqlite3_reset(query);
    return true;
}

void change_end(struct change *change)
{
    if (!change->visible && !change->revised)
        return;
    db_run(change->index,
           "UPDATE folders SET uid_next = ?, modseq = ?, revision = ? WHERE id "
           "= ?",
           "iiii", change->uid_next, change->modseq - (change->visible ? 0 : 1),
           change->revision, change->folder);
    if (change->buried > 0)
        tombstones_bound(change);
}

enum status change_finish(struct op *op, struct change *change)
{
    change_end(change);
    return db_end(op, change->index);
}

uint32_t change_give_uid(struct change *change, int64_t row)
{
    int64_t uid = change->uid_next++;

    db_run(change->index,
           "UPDATE items SET uid = ?, modseq = ?, revision = ?, saved ="
           " coalesce(saved, CASE WHEN created > 0 THEN created"
           " ELSE received END) WHERE row = ?",
           "iiii", uid, change->modseq, change->revision, row);
    change->visible = true;
    return (uint32_t)uid;
}

void change_bury(struct change *change, int64_t uid)
{
    if (uid == 0)
        return;
    db_run(change->index,
           "INSERT OR REPLACE INTO tombstones VALUES (?, ?, ?, ?, ?)", "iiiii",
           change->folder, uid, change->modseq, change->revision, time_now());
    change->visible = true;
    change->buried++;
}

void change_remove(struct change *change, int64_t row, int64_t uid)
{
    db_run(change->index, "DELETE FROM items WHERE row = ?", "i", row);
    change_bury(change, uid);
}

int64_t change_arrived(struct change *change, const char *remote,
                       int64_t *uid_out)
{
    int64_t row = 0;

    *uid_out = 0;
    sqlite3_stmt *query =
        db_query(change->index,
                 "SELECT row, uid FROM items WHERE folder = ? AND remote = ?",
                 "is", change->folder, remote);
    if (db_row(change->index, query)) {
        row = sqlite3_column_int64(query, 0);
        *uid_out = sqlite3_column_int64(query, 1);
        sqlite3_reset(query);
    }
    return row;
}

int64_t change_renew(struct change *change, int64_t row)
{
    struct index *index = change->index;
    int64_t uid =
        db_number(index, "SELECT uid FROM items WHERE row = ? AND folder = ?",
                  "ii", row, change->folder);

    if (uid == 0)
        return 0;
    /* The id is nobody else's in this folder: the old row gives it away. */
    db_run(index, "UPDATE items SET remote = remote || '\n' WHERE row = ?", "i",
           row);
    db_run(
        index,
        "INSERT INTO items (folder, remote, change_key, class, article,"
        " flags, categories, received, created, estimate, message_id,"
        " search_key, conversation, saved, unconfirmed, sweep)"
        " SELECT folder, rtrim(remote, char(10)), change_key, class, article,"
        " flags, categories, received, created, estimate, message_id,"
        " search_key, conversation, saved, unconfirmed, sweep FROM items"
        " WHERE row = ?",
        "i", row);
    int64_t renewed = sqlite3_last_insert_rowid(index->db);
    change_remove(change, row, uid);
    change_give_uid(change, renewed);
    return index->failed ? 0 : renewed;
}

const char *categories_pack(struct op *op, const char *const *names)
{
    struct buf packed;

    if (names == NULL || names[0] == NULL)
        return NULL;
    buf_init(&packed, op->arena);
    for (size_t i = 0; names[i] != NULL; i++) {
        buf_puts(&packed, names[i]);
        buf_putc(&packed, '\x01');
    }
    return packed.data;
}

bool index_categories_next(const char **packed, const char **name_out,
                           size_t *len_out)
{
    if (*packed == NULL || **packed == '\0')
        return false;
    const char *end = strchrnul(*packed, '\x01');
    *name_out = *packed;
    *len_out = (size_t)(end - *packed);
    *packed = *end == '\0' ? end : end + 1;
    return true;
}

const char *const *categories_unpack(struct op *op, const char *packed)
{
    const char *rest = packed, *name;
    size_t len, count = 0;

    while (index_categories_next(&rest, &name, &len))
        count++;
    if (count == 0)
        return NULL;
    const char **names = arena_array(op->arena, count + 1, sizeof *names);
    rest = packed;
    for (size_t i = 0; index_categories_next(&rest, &name, &len); i++)
        names[i] = arena_strndup(op->arena, name, len);
    return (const char *const *)names;
}
