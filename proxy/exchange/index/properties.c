/*
 * properties.c - what clients say of folders and objects
 *
 * Exchange has no place for it, so that it lives as long as the index.
 */
#include "proxy/base/arena.h"
#include "proxy/exchange/index/db.h"
#include "proxy/exchange/index/objects.h"

enum status index_properties(struct op *op, struct index *index, int64_t folder,
                             const char *object,
                             struct object_property **properties_out,
                             size_t *count_out)
{
    const char *whose = object == NULL ? "" : object;
    size_t count = 0;

    db_read(index);
    size_t room = (size_t)db_number(
        index,
        "SELECT count(*) FROM properties WHERE folder = ? AND object = ?", "is",
        folder, whose);
    *properties_out = arena_array(op->arena, room + 1, sizeof **properties_out);
    sqlite3_stmt *query = db_query(
        index,
        "SELECT name, value FROM properties WHERE folder = ? AND object = ?"
        " ORDER BY name",
        "is", folder, whose);
    while (count < room && db_row(index, query))
        (*properties_out)[count++] = (struct object_property){
            db_text(op, query, 0),
            db_text(op, query, 1),
        };
    if (query != NULL)
        sqlite3_reset(query);
    *count_out = count;
    return db_end(op, index);
}

enum status index_set_properties(struct op *op, struct index *index,
                                 int64_t folder, const char *object,
                                 const struct object_property properties[],
                                 size_t count)
{
    const char *whose = object == NULL ? "" : object;

    db_write(index);
    for (size_t i = 0; i < count; i++)
        if (properties[i].value == NULL)
            db_run(index,
                   "DELETE FROM properties WHERE folder = ? AND object = ?"
                   " AND name = ?",
                   "iss", folder, whose, properties[i].name);
        else
            db_run(index,
                   "INSERT OR REPLACE INTO properties (folder, object, name,"
                   " value) SELECT id, ?, ?, ? FROM folders WHERE id = ?",
                   "sssi", whose, properties[i].name, properties[i].value,
                   folder);
    return db_end(op, index);
}
