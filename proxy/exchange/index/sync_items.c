/*
 * sync_items.c - what Exchange reports of one message becomes its row
 *
 * A message whose flags and categories stay while its change key and size
 * change may have been edited: see `edit`.
 */
#include "proxy/exchange/index/sync.h"

#include "proxy/base/str.h"

struct known {
    int64_t row;
    int64_t uid;
    int64_t flags;
    int64_t estimate;
    int64_t article;
    int64_t received;
    const char *change_key;
    const char *categories;
};

static bool insert_new(struct op *op, struct change *change,
                       const struct remote_item *item)
{
    return db_run(change->index,
                  "INSERT OR IGNORE INTO items (folder, remote, change_key, "
                  "class, article,"
                  " flags, categories, received, created, estimate, "
                  "message_id, search_key, conversation,"
                  " sweep) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "isssiisiiisssi", change->folder, item->id, item->change_key,
                  item->class, (int64_t)item->article, (int64_t)item->flags,
                  categories_pack(op, item->categories), item->received,
                  item->created, (int64_t)item->size, item->message_id,
                  item->search_key, item->conversation, change->sweep) > 0;
}

static bool load_known(struct op *op, struct change *change, const char *remote,
                       struct known *known)
{
    sqlite3_stmt *query =
        db_query(change->index,
                 "SELECT row, uid, flags, estimate, article, received, "
                 "change_key, categories"
                 " FROM items WHERE folder = ? AND remote = ?",
                 "is", change->folder, remote);

    if (!db_row(change->index, query))
        return false;
    *known = (struct known){
        .row = sqlite3_column_int64(query, 0),
        .uid = sqlite3_column_int64(query, 1),
        .flags = sqlite3_column_int64(query, 2),
        .estimate = sqlite3_column_int64(query, 3),
        .article = sqlite3_column_int64(query, 4),
        .received = sqlite3_column_int64(query, 5),
        .change_key = db_text(op, query, 6),
        .categories = db_text(op, query, 7),
    };
    sqlite3_reset(query);
    return true;
}

static bool is_edited(const struct known *known, const struct remote_item *item,
                      bool marks_differ)
{
    if (str_equal(known->change_key, item->change_key) ||
        known->change_key == NULL)
        return false;
    return (!marks_differ || (item->flags & MAIL_UNSENT) != 0) &&
           known->estimate != (int64_t)item->size;
}

/* Whether clients may have kept something of its content. */
static bool is_told(struct change *change, int64_t row)
{
    return db_number(change->index,
                     "SELECT size IS NOT NULL OR EXISTS (SELECT 1 FROM headers"
                     " WHERE headers.row = items.row) OR summarized"
                     " FROM items WHERE row = ?",
                     "i", row) != 0;
}

/*
 * A draft is another message then.  What was received changes its size for many
 * reasons (a meeting that was answered, votes that were counted) and mostly not
 * its content: that will show when it is read again, of which no rendering is
 * left.  Says whether the message has a new row.
 */
static bool edit(struct change *change, const struct known *known,
                 uint32_t flags)
{
    if (known->uid != 0 && (flags & MAIL_UNSENT) != 0 &&
        is_told(change, known->row)) {
        change_renew(change, known->row);
        return true;
    }
    db_run(change->index,
           "UPDATE items SET rendering = rendering + 1 WHERE row = ?", "i",
           known->row);
    return false;
}

static void update_known(struct op *op, struct change *change,
                         const struct known *known,
                         const struct remote_item *item)
{
    const char *categories = categories_pack(op, item->categories);
    bool marks = known->flags != (int64_t)item->flags ||
                 !str_equal(known->categories, categories);
    bool edited = is_edited(known, item, marks);
    bool told = marks || known->received != item->received;
    bool shown = told || edited || known->estimate != (int64_t)item->size;

    if (edited && edit(change, known, item->flags)) {
        sync_present(op, change, item);
        return;
    }
    db_run(change->index,
           "UPDATE items SET change_key = ?, class = ?, article = ?, flags = ?,"
           " categories = ?, received = ?, created = ?, estimate = ?, "
           "message_id = ?,"
           " search_key = ?, conversation = coalesce(conversation, ?),"
           " unconfirmed = 0, sweep = ?, modseq = CASE WHEN ? THEN ? ELSE "
           "modseq END,"
           " revision = CASE WHEN ? THEN ? ELSE revision END WHERE row = ?",
           "ssiisiiisssiiiiii", item->change_key, item->class,
           (int64_t)item->article, (int64_t)item->flags, categories,
           item->received, item->created, (int64_t)item->size, item->message_id,
           item->search_key, item->conversation, change->sweep,
           (int64_t)(told && known->uid != 0), change->modseq,
           (int64_t)(shown && known->uid != 0), change->revision, known->row);
    change->visible |= told && known->uid != 0;
    change->revised |= shown && known->uid != 0;
}

void sync_present(struct op *op, struct change *change,
                  const struct remote_item *item)
{
    struct known known;

    if (!insert_new(op, change, item) &&
        load_known(op, change, item->id, &known))
        update_known(op, change, &known, item);
}

void sync_gone(struct change *change, const char *remote)
{
    db_run(change->index,
           "UPDATE items SET sweep = -1 WHERE folder = ? AND remote = ?", "is",
           change->folder, remote);
}

void sync_read_flag(struct op *op, struct change *change,
                    const struct remote_item *item)
{
    struct known known;

    if (!load_known(op, change, item->id, &known))
        return;
    int64_t flags = (known.flags & ~MAIL_SEEN) | (item->flags & MAIL_SEEN);
    bool differs = flags != known.flags && known.uid != 0;
    db_run(change->index,
           "UPDATE items SET flags = ?, change_key = coalesce(?, change_key),"
           " unconfirmed = 0,"
           " modseq = CASE WHEN ? THEN ? ELSE modseq END,"
           " revision = CASE WHEN ? THEN ? ELSE revision END WHERE row = ?",
           "isiiiii", flags, item->change_key, (int64_t)differs, change->modseq,
           (int64_t)differs, change->revision, known.row);
    change->visible |= differs;
}
