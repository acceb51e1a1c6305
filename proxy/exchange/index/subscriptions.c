/*
 * subscriptions.c - to which names clients have subscribed
 *
 * RFC 3501, 6.3.9, keeps a subscription when its mailbox goes, so that one
 * which is made anew is subscribed again: they belong to names, not to folders.
 * Exchange knows neither.  What other programs make is subscribed by itself,
 * and stays so when they rename it, since they have no other way to say it.
 */
#include "proxy/base/arena.h"
#include "proxy/exchange/index/db.h"
#include "proxy/exchange/index/folders.h"
#include "proxy/exchange/index/index.h"

enum status index_names(struct op *op, struct index *index,
                        const char ***names_out, size_t *count_out)
{
    size_t i = 0;

    db_read(index);
    size_t room =
        (size_t)db_number(index, "SELECT count(*) FROM subscriptions", "");
    *names_out = arena_array(op->arena, room + 1, sizeof **names_out);
    sqlite3_stmt *query =
        db_query(index, "SELECT name FROM subscriptions ORDER BY name", "");
    while (db_row(index, query))
        (*names_out)[i++] = db_text(op, query, 0);
    *count_out = i;
    return db_end(op, index);
}

static void add_name(struct index *index, const char *name)
{
    db_run(index, "INSERT OR IGNORE INTO subscriptions VALUES (?)", "s", name);
}

static void remove_name(struct index *index, const char *name)
{
    db_run(index, "DELETE FROM subscriptions WHERE name = ?", "s", name);
}

static bool has_name(struct index *index, const char *name)
{
    return db_number(index, "SELECT 1 FROM subscriptions WHERE name = ?", "s",
                     name) != 0;
}

enum status index_name_subscribe(struct op *op, struct index *index,
                                 const char *name, bool subscribed)
{
    db_write(index);
    if (subscribed)
        add_name(index, name);
    else
        remove_name(index, name);
    return db_end(op, index);
}

void index_unsubscribe_new(struct index *index, int64_t id)
{
    db_run(index,
           "DELETE FROM subscriptions WHERE name = (SELECT shown FROM folders"
           " WHERE id = ? AND subscribed)",
           "i", id);
    db_run(index, "UPDATE folders SET subscribed = 0 WHERE id = ?", "i", id);
}

void index_leave_names(struct index *index, int64_t id)
{
    db_run(index,
           "WITH RECURSIVE within (id, remote, store) AS ("
           "  SELECT id, remote, store FROM folders WHERE id = ?"
           "  UNION SELECT folders.id, folders.remote, folders.store"
           "  FROM folders JOIN within ON folders.parent = within.remote"
           "  AND folders.store = within.store)"
           " UPDATE folders SET shown = NULL, subscribed = 0"
           " WHERE id IN (SELECT id FROM within)",
           "i", id);
}

/* --- Names that change --------------------------------------------------- */

/* The tree that it was seen in may have changed since. */
static bool holds(struct index *index, const struct index_showing *showing)
{
    return db_number(index, "SELECT 1 FROM folders WHERE id = ? AND shown IS ?",
                     "is", showing->id, showing->before) != 0;
}

/* Whether the new name is to be subscribed. */
static bool is_wanted(struct index *index, const struct index_showing *showing)
{
    if (showing->before != NULL)
        return !showing->deleted && has_name(index, showing->before);
    return db_number(index,
                     "SELECT 1 FROM folders WHERE id = ? AND subscribed"
                     " AND kind = ?",
                     "ii", showing->id, (int64_t)FOLDER_MAIL) != 0;
}

/* Whose name was subscribed already is not so by itself. */
static void show(struct index *index, const struct index_showing *showing,
                 bool wanted)
{
    bool had = has_name(index, showing->name);

    if (wanted && !had)
        add_name(index, showing->name);
    db_run(index,
           "UPDATE folders SET shown = ?, subscribed = subscribed AND ?"
           " WHERE id = ?",
           "sii", showing->name, (int64_t)!had, showing->id);
}

/* Folders may have changed names with each other. */
enum status index_shown(struct op *op, struct index *index,
                        const struct index_showing showings[], size_t count)
{
    bool *valid = arena_alloc(op->arena, count + 1);
    bool *wanted = arena_alloc(op->arena, count + 1);

    db_write(index);
    for (size_t i = 0; i < count; i++) {
        valid[i] = holds(index, &showings[i]);
        wanted[i] = valid[i] && is_wanted(index, &showings[i]);
    }
    for (size_t i = 0; i < count; i++)
        if (wanted[i] && showings[i].before != NULL)
            remove_name(index, showings[i].before);
    for (size_t i = 0; i < count; i++)
        if (valid[i])
            show(index, &showings[i], wanted[i]);
    return db_end(op, index);
}
