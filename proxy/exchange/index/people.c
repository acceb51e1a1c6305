/*
 * people.c - people in the index, and what they are found by
 */
#include "proxy/exchange/index/people.h"

#include "proxy/base/arena.h"
#include "proxy/exchange/index/db.h"
#include "proxy/exchange/remote_object.h"

/* Above all that UTF-8 can go on with. */
#define LAST "\xFF"

/* How many are taken away at once, so that nobody waits long for the index. */
#define DROP 500

/* --- Reading -------------------------------------------------------------- */

#define COLUMNS "row, id, person"

static void read_row(struct op *op, sqlite3_stmt *query,
                     struct index_person *person)
{
    person->row = sqlite3_column_int64(query, 0);
    person->id = db_text(op, query, 1);
    person->data = db_blob(op, query, 2, &person->len);
}

static sqlite3_stmt *query_people(struct op *op, struct index *index,
                                  int64_t book, const char *beginning,
                                  int64_t behind, size_t limit)
{
    if (beginning == NULL)
        return db_query(index,
                        "SELECT " COLUMNS " FROM people"
                        " WHERE book = ? AND row > ? ORDER BY row LIMIT ?",
                        "iii", book, behind, (int64_t)limit);
    return db_query(index,
                    "SELECT " COLUMNS " FROM people"
                    " WHERE row IN (SELECT row FROM people_words"
                    "  WHERE word >= ? AND word < ? AND row > ?)"
                    " AND book = ? ORDER BY row LIMIT ?",
                    "ssiii", beginning,
                    arena_printf(op->arena, "%s" LAST, beginning), behind, book,
                    (int64_t)limit);
}

enum status index_people(struct op *op, struct index *index, int64_t book,
                         const char *beginning, int64_t behind,
                         struct index_person people_out[], size_t *count)
{
    size_t limit = *count;

    *count = 0;
    db_read(index);
    sqlite3_stmt *query =
        query_people(op, index, book, beginning, behind, limit);
    while (*count < limit && db_row(index, query))
        read_row(op, query, &people_out[(*count)++]);
    if (query != NULL)
        sqlite3_reset(query);
    return db_end(op, index);
}

enum status index_person(struct op *op, struct index *index, int64_t book,
                         const char *id, struct index_person *person_out)
{
    *person_out = (struct index_person){ 0 };
    db_read(index);
    sqlite3_stmt *query = db_query(
        index, "SELECT " COLUMNS " FROM people WHERE id = ? AND book = ?", "si",
        id, book);
    if (db_row(index, query)) {
        read_row(op, query, person_out);
        sqlite3_reset(query);
    }
    return db_end(op, index);
}

enum status index_person_contact(struct op *op, struct index *index,
                                 const char *id, int64_t *folder_out,
                                 const char **name_out)
{
    *folder_out = 0;
    *name_out = NULL;
    db_read(index);
    sqlite3_stmt *query =
        db_query(index,
                 "SELECT folder, name FROM objects WHERE row ="
                 " (SELECT object FROM people WHERE id = ? AND book = 0)",
                 "s", id);
    if (db_row(index, query)) {
        *folder_out = sqlite3_column_int64(query, 0);
        *name_out = db_text(op, query, 1);
        sqlite3_reset(query);
    }
    return db_end(op, index);
}

/* --- Writing -------------------------------------------------------------- */

/* What a contact was before goes with its words. */
static void put_person(struct index *index, int64_t book,
                       const struct index_new_person *person)
{
    if (person->object != 0) {
        db_run(index, "DELETE FROM people WHERE object = ?", "i",
               person->object);
        if (db_number(index, "SELECT count(*) FROM objects WHERE row = ?", "i",
                      person->object) == 0)
            return;
    }
    db_run(index,
           "INSERT INTO people (book, object, revision, id, person)"
           " VALUES (?, nullif(?, 0), ?, ?, ?)",
           "iiisb", book, person->object, (int64_t)person->revision, person->id,
           person->len > 0 ? person->data : "", person->len);
    int64_t row = sqlite3_last_insert_rowid(index->db);
    for (size_t i = 0; person->words[i] != NULL; i++)
        db_run(index,
               "INSERT OR IGNORE INTO people_words (word, row) VALUES (?, ?)",
               "si", person->words[i], row);
}

enum status index_people_put(struct op *op, struct index *index, int64_t book,
                             const struct index_new_person people[],
                             size_t count)
{
    db_write(index);
    for (size_t i = 0; i < count; i++)
        put_person(index, book, &people[i]);
    return db_end(op, index);
}

enum status index_people_drop(struct op *op, struct index *index, int64_t book,
                              bool *left_out)
{
    db_write(index);
    *left_out = db_run(index,
                       "DELETE FROM people WHERE row IN (SELECT row FROM people"
                       " WHERE book > 0 AND book <> ? LIMIT ?)",
                       "ii", book, (int64_t)DROP) > 0;
    return db_end(op, index);
}

/* --- What is to be made --------------------------------------------------- */

#define IS_DUE "(people.row IS NULL OR people.revision <> objects.revision)"

#define CONTACTS                                                               \
    " FROM objects LEFT JOIN people ON people.object = objects.row"            \
    " WHERE objects.folder = ?"

enum status index_people_due(struct op *op, struct index *index, int64_t folder,
                             struct index_due_person **due_out,
                             size_t *count_out)
{
    db_read(index);
    bool any =
        db_number(index, "SELECT EXISTS (SELECT 1" CONTACTS " AND " IS_DUE ")",
                  "i", folder) != 0;
    size_t room =
        any ? (size_t)db_number(index,
                                "SELECT count(*) FROM objects WHERE folder = ?",
                                "i", folder)
            : 0;
    *due_out = arena_array(op->arena, room + 1, sizeof **due_out);
    *count_out = 0;
    sqlite3_stmt *query =
        db_query(index,
                 "SELECT objects.row, objects.name, objects.kind" CONTACTS
                 " AND (" IS_DUE " OR objects.kind = ?) ORDER BY objects.row",
                 "ii", folder, (int64_t)REMOTE_GROUP);
    while (*count_out < room && db_row(index, query))
        (*due_out)[(*count_out)++] = (struct index_due_person){
            sqlite3_column_int64(query, 0),
            db_text(op, query, 1),
            sqlite3_column_int(query, 2) == REMOTE_GROUP,
        };
    if (query != NULL)
        sqlite3_reset(query);
    return db_end(op, index);
}
