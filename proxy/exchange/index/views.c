/*
 * views.c - what views and counts are made of
 */
#include "proxy/exchange/index/db.h"
#include "proxy/exchange/index/messages.h"

static void read_marks(struct index *index, int64_t folder,
                       struct index_marks *marks)
{
    sqlite3_stmt *query = db_query(
        index,
        "SELECT uid_validity, uid_next, modseq, revision, complete FROM folders"
        " WHERE id = ?",
        "i", folder);

    *marks = (struct index_marks){ 0 };
    if (!db_row(index, query))
        return;
    marks->uid_validity = (uint32_t)sqlite3_column_int64(query, 0);
    marks->uid_next = (uint32_t)sqlite3_column_int64(query, 1);
    marks->modseq = (uint64_t)sqlite3_column_int64(query, 2);
    marks->revision = (uint64_t)sqlite3_column_int64(query, 3);
    marks->complete = sqlite3_column_int(query, 4) != 0;
    sqlite3_reset(query);
}

static enum status end(struct op *op, struct index *index,
                       const struct index_marks *marks)
{
    enum status status = db_end(op, index);

    if (status == STATUS_OK && marks->uid_validity == 0)
        return op_fail(op, STATUS_NO_FOLDER, "the folder is gone");
    return status;
}

enum status index_marks(struct op *op, struct index *index, int64_t folder,
                        struct index_marks *marks_out)
{
    db_read(index);
    read_marks(index, folder, marks_out);
    return end(op, index, marks_out);
}

/* A UID is a tombstone or a row, never both. */
static const char scan_changed[] =
    "SELECT uid, 0, flags, modseq, received, coalesce(size, estimate), size IS "
    "NOT NULL,"
    " categories FROM items WHERE folder = ?1 AND revision > ?2 AND uid IS NOT "
    "NULL"
    " UNION ALL SELECT uid, 1, 0, modseq, 0, 0, 0, NULL FROM tombstones"
    " WHERE folder = ?1 AND revision > ?2 ORDER BY 1";
static const char scan_all[] =
    "SELECT uid, 0, flags, modseq, received, coalesce(size, estimate), size IS "
    "NOT NULL,"
    " categories FROM items INDEXED BY items_view"
    " WHERE folder = ?1 AND uid > 0 ORDER BY uid";

enum status index_scan(struct op *op, struct index *index, int64_t folder,
                       uint64_t since,
                       void (*each)(void *context, const struct index_row *row),
                       void *context, struct index_marks *marks_out)
{
    db_read(index);
    read_marks(index, folder, marks_out);
    marks_out->whole =
        since == 0 ||
        (int64_t)since <
            db_number(index,
                      "SELECT forgotten_revision FROM folders WHERE id = ?",
                      "i", folder);
    if (marks_out->whole)
        marks_out->count = (size_t)db_number(
            index, "SELECT count(*) FROM items WHERE folder = ? AND uid > 0",
            "i", folder);
    sqlite3_stmt *query =
        marks_out->whole
            ? db_query(index, scan_all, "i", folder)
            : db_query(index, scan_changed, "ii", folder, (int64_t)since);
    while (db_row(index, query)) {
        int64_t size = sqlite3_column_int64(query, 5);
        struct index_row row = {
            .uid = (uint32_t)sqlite3_column_int64(query, 0),
            .gone = sqlite3_column_int(query, 1) != 0,
            .entry = {
                .uid = (uint32_t)sqlite3_column_int64(query, 0),
                .flags = (uint32_t)sqlite3_column_int64(query, 2) & MAIL_ALL_FLAGS,
                .modseq = (uint64_t)sqlite3_column_int64(query, 3),
                .received = sqlite3_column_int64(query, 4),
                .size = size > UINT32_MAX ? UINT32_MAX : (uint32_t)size,
                .size_exact = sqlite3_column_int(query, 6) != 0,
            },
            .categories = (const char *)sqlite3_column_text(query, 7),
        };
        each(context, &row);
    }
    return end(op, index, marks_out);
}

enum status index_counts(struct op *op, struct index *index, int64_t folder,
                         struct mail_counts *counts_out)
{
    struct index_marks marks;

    db_read(index);
    read_marks(index, folder, &marks);
    sqlite3_stmt *query =
        db_query(index,
                 "SELECT count(*), sum(flags & ?2 = 0), sum(flags & ?3 <> 0),"
                 " sum(coalesce(size, estimate)),"
                 " sum(uid >= (SELECT recent FROM folders WHERE id = ?1)),"
                 " sum(iif(flags & ?3 <> 0, coalesce(size, estimate), 0))"
                 " FROM items WHERE folder = ?1 AND uid > 0",
                 "iii", folder, (int64_t)MAIL_SEEN, (int64_t)MAIL_DELETED);
    if (db_row(index, query)) {
        *counts_out = (struct mail_counts){
            .messages = (uint32_t)sqlite3_column_int64(query, 0),
            .unseen = (uint32_t)sqlite3_column_int64(query, 1),
            .deleted = (uint32_t)sqlite3_column_int64(query, 2),
            .size = (uint64_t)sqlite3_column_int64(query, 3),
            .recent = (uint32_t)sqlite3_column_int64(query, 4),
            .deleted_size = (uint64_t)sqlite3_column_int64(query, 5),
            .uid_next = marks.uid_next,
            .uid_validity = marks.uid_validity,
            .highest_modseq = marks.modseq,
        };
        sqlite3_reset(query);
    }
    counts_out->status = end(op, index, &marks);
    if (counts_out->status == STATUS_OK && !marks.complete)
        counts_out->status = op_fail(op, STATUS_UNAVAILABLE,
                                     "the folder has never been read whole");
    return counts_out->status;
}
