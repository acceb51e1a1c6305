/*
 * content.c - what was read of messages: headers, structures, exact sizes
 *
 * What a client has been told of a message stays the same: header, structure
 * and size are kept with the message and never replaced.  When Exchange has
 * nothing any more that they are true of, it is another message, with a UID of
 * its own.
 */
#include "proxy/base/arena.h"
#include "proxy/exchange/index/change.h"
#include "proxy/exchange/index/messages.h"

enum status index_content(struct op *op, struct index *index, int64_t row,
                          struct index_content *content_out)
{
    db_read(index);
    sqlite3_stmt *query = db_query(
        index,
        "SELECT rendering, header, structure, structures.size, summarized"
        " FROM items"
        " LEFT JOIN headers USING (row) LEFT JOIN structures USING (row)"
        " WHERE row = ?",
        "i", row);
    *content_out = (struct index_content){ 0 };
    if (db_row(index, query)) {
        content_out->row = row;
        content_out->rendering = (uint32_t)sqlite3_column_int64(query, 0);
        content_out->header = db_blob(op, query, 1, &content_out->header_len);
        content_out->structure =
            db_blob(op, query, 2, &content_out->structure_len);
        content_out->size = (uint64_t)sqlite3_column_int64(query, 3);
        content_out->summarized = sqlite3_column_int(query, 4) != 0;
        sqlite3_reset(query);
    }
    return db_end(op, index);
}

static void store_one(struct change *change,
                      const struct index_content *content)
{
    struct index *index = change->index;

    if (db_number(index, "SELECT rendering FROM items WHERE row = ?", "i",
                  content->row) != (int64_t)content->rendering)
        return;
    if (content->header != NULL)
        db_run(index,
               "INSERT OR IGNORE INTO headers VALUES (?, ?, 1 + "
               "(SELECT coalesce(max(number), 0) FROM headers))",
               "ib", content->row, content->header, content->header_len);
    if (content->summary != NULL)
        summary_store(index, content->row, content->summary);
    if (content->structure == NULL)
        return;
    /* One that a later version cannot read any more is replaced by its like. */
    db_run(index,
           "INSERT INTO structures (row, structure, size) VALUES (?, ?, ?)"
           " ON CONFLICT (row) DO UPDATE SET structure = excluded.structure"
           " WHERE size = excluded.size",
           "ibi", content->row, content->structure, content->structure_len,
           (int64_t)content->size);
    change->revised |= db_run(index,
                              "UPDATE items SET size = ?, revision = ? WHERE "
                              "row = ? AND size IS NULL",
                              "iii", (int64_t)content->size, change->revision,
                              content->row) > 0;
}

enum status index_renew(struct op *op, struct index *index, int64_t folder,
                        int64_t row, int64_t *row_out)
{
    struct change change;

    *row_out = 0;
    db_write(index);
    if (!change_begin(index, folder, &change))
        return db_no_folder(op, index);
    *row_out = change_renew(&change, row);
    return change_finish(op, &change);
}

enum status index_store_content(struct op *op, struct index *index,
                                int64_t folder,
                                const struct index_content contents[],
                                size_t count)
{
    struct change change;

    db_write(index);
    if (!change_begin(index, folder, &change))
        return db_no_folder(op, index);
    for (size_t i = 0; i < count; i++)
        store_one(&change, &contents[i]);
    return change_finish(op, &change);
}

static int64_t size_of_headers(struct index *index)
{
    return db_number(
        index,
        "SELECT CAST(value AS INTEGER) FROM facts WHERE name = 'header_size'",
        "");
}

enum status index_trim_headers(struct op *op, struct index *index,
                               uint64_t limit)
{
    bool removed = true;

    db_read(index);
    while (removed && size_of_headers(index) > (int64_t)limit)
        removed = db_run(index,
                         "DELETE FROM headers WHERE row IN (SELECT row FROM "
                         "headers ORDER BY number LIMIT 100)",
                         "") > 0;
    return db_end(op, index);
}

enum status index_garbage(struct op *op, struct index *index,
                          int64_t rows_out[], uint32_t renderings_out[],
                          size_t *count)
{
    size_t found = 0;
    int64_t last = 0;

    db_write(index);
    sqlite3_stmt *query = db_query(
        index,
        "SELECT rowid, row, rendering FROM garbage ORDER BY rowid LIMIT ?", "i",
        (int64_t)*count);
    for (; db_row(index, query); found++) {
        last = sqlite3_column_int64(query, 0);
        rows_out[found] = sqlite3_column_int64(query, 1);
        renderings_out[found] = (uint32_t)sqlite3_column_int64(query, 2);
    }
    if (found > 0)
        db_run(index, "DELETE FROM garbage WHERE rowid <= ?", "i", last);
    *count = found;
    return db_end(op, index);
}
