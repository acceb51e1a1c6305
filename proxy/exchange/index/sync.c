/*
 * sync.c - what Exchange reports of a folder's messages becomes rows
 *
 * Pages arrive one by one and are kept with the state that continues after
 * them, so that a reading that is broken off goes on where it was.  New rows
 * have no UID, and rows reported gone stay, until the last page is in.  Then:
 *
 *  1. A new row that is an old message under a new id (the mailbox was moved)
 * takes over the old row: same search key, Message-ID and date.
 *  2. What is gone goes, leaving a tombstone.  After a reading from the
 * beginning (a sweep) that is also whatever the reading has not seen.
 *  3. What is still new gets UIDs in the order of arrival.
 *
 * Exchange says nothing of what came and went between two readings.  What we
 * have put into the folder ourselves, knowing it before any reading told of it,
 * has therefore gone when the next reading does not tell of it either.
 *
 * A message whose flags and categories stay while its change key and size
 * change may have been edited: see `edit`.
 */
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/exchange/index/change.h"
#include "proxy/exchange/index/index.h"

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

/* --- One message --------------------------------------------------------- */

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

static void apply_present(struct op *op, struct change *change,
                          const struct remote_item *item);

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
        apply_present(op, change, item);
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

static void apply_present(struct op *op, struct change *change,
                          const struct remote_item *item)
{
    struct known known;

    if (!insert_new(op, change, item) &&
        load_known(op, change, item->id, &known))
        update_known(op, change, &known, item);
}

static void apply_gone(struct change *change, const char *remote)
{
    db_run(change->index,
           "UPDATE items SET sweep = -1 WHERE folder = ? AND remote = ?", "is",
           change->folder, remote);
}

static void apply_read_flag(struct op *op, struct change *change,
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

/* --- The end of a run ---------------------------------------------------- */

struct fresh {
    int64_t row;
    int64_t estimate;
    int64_t received;
    const char *remote;
    const char *message_id;
    const char *search_key;
};

/* `texts` are only needed for finding former rows, and are most of the memory.
 */
static struct fresh *load_fresh(struct op *op, struct change *change,
                                bool texts, size_t *count_out)
{
    size_t room = (size_t)db_number(
        change->index,
        "SELECT count(*) FROM items WHERE folder = ? AND uid IS NULL", "i",
        change->folder);
    struct fresh *fresh = arena_array(op->arena, room + 1, sizeof *fresh);
    size_t count = 0;

    sqlite3_stmt *query =
        db_query(change->index,
                 "SELECT row, estimate, received, remote, message_id, "
                 "search_key FROM items"
                 " WHERE folder = ? AND uid IS NULL AND sweep <> -1"
                 " ORDER BY article, received, row",
                 "i", change->folder);
    while (count < room && db_row(change->index, query))
        fresh[count++] = (struct fresh){
            .row = sqlite3_column_int64(query, 0),
            .estimate = sqlite3_column_int64(query, 1),
            .received = sqlite3_column_int64(query, 2),
            .remote = texts ? db_text(op, query, 3) : NULL,
            .message_id = texts ? db_text(op, query, 4) : NULL,
            .search_key = texts ? db_text(op, query, 5) : NULL,
        };
    if (query != NULL)
        sqlite3_reset(query);
    *count_out = count;
    return fresh;
}

/* The row that this message had under an id that is gone now; 0 if there is
 * none. */
static int64_t find_former(struct change *change, const struct fresh *fresh)
{
    return db_number(
        change->index,
        "SELECT row FROM items WHERE folder = ?1 AND message_id IS ?2"
        " AND search_key IS ?3 AND received = ?4 AND uid IS NOT NULL"
        " AND (sweep = -1 OR (?5 AND sweep < ?6))"
        " AND (message_id IS NOT NULL OR search_key IS NOT NULL"
        " OR estimate = ?7) ORDER BY abs(estimate - ?7), uid LIMIT 1",
        "issiiii", change->folder, fresh->message_id, fresh->search_key,
        fresh->received, (int64_t)change->sweeping, change->sweep,
        fresh->estimate);
}

/* The old row goes on under the new id, with what is new about it. */
static void take_over(struct op *op, struct change *change, int64_t former,
                      const struct fresh *fresh)
{
    struct remote_item item = { .id = fresh->remote };
    struct known known;
    sqlite3_stmt *query =
        db_query(change->index,
                 "SELECT change_key, class, article, flags, "
                 "categories, created, conversation FROM items"
                 " WHERE row = ?",
                 "i", fresh->row);

    if (!db_row(change->index, query))
        return;
    item.change_key = db_text(op, query, 0);
    item.class = db_text(op, query, 1);
    item.article = (uint32_t)sqlite3_column_int64(query, 2);
    item.flags = (uint32_t)sqlite3_column_int64(query, 3);
    item.categories = categories_unpack(op, db_text(op, query, 4));
    item.created = sqlite3_column_int64(query, 5);
    item.conversation = db_text(op, query, 6);
    sqlite3_reset(query);
    item.received = fresh->received;
    item.size = (uint32_t)fresh->estimate;
    item.message_id = fresh->message_id;
    item.search_key = fresh->search_key;
    db_run(change->index, "DELETE FROM items WHERE row = ?", "i", fresh->row);
    db_run(change->index,
           "UPDATE items SET remote = ?, sweep = ? WHERE row = ?", "sii",
           fresh->remote, change->sweep, former);
    if (load_known(op, change, fresh->remote, &known))
        update_known(op, change, &known, &item);
}

static const char find_gone[] =
    "SELECT row, uid FROM items WHERE folder = ?1 AND sweep = -1";
static const char find_unseen[] =
    "SELECT row, uid FROM items WHERE folder = ?1 AND sweep < ?2";

static void remove_gone(struct op *op, struct change *change)
{
    struct buf gone;
    sqlite3_stmt *query =
        change->sweeping
            ? db_query(change->index, find_unseen, "ii", change->folder,
                       change->sweep)
            : db_query(change->index, find_gone, "i", change->folder);

    buf_init(&gone, op->arena);
    while (db_row(change->index, query)) {
        int64_t pair[2] = { sqlite3_column_int64(query, 0),
                            sqlite3_column_int64(query, 1) };
        buf_append(&gone, pair, sizeof pair);
    }
    const int64_t *pairs = (const int64_t *)(const void *)gone.data;
    for (size_t i = 0; i < gone.len / sizeof *pairs; i += 2)
        change_remove(change, pairs[i], pairs[i + 1]);
}

/* "AND unconfirmed" stands in each such question as it does in the index, which
 * is not used otherwise. */
static void note_untold(struct change *change)
{
    db_run(change->index,
           "UPDATE items SET sweep = -1 WHERE folder = ? AND unconfirmed"
           " AND unconfirmed = 2",
           "i", change->folder);
}

/* Whether there are rows that a new one may be the former one of.  Two
 * questions, as each has its index. */
static bool has_old_ones(struct change *change)
{
    return db_number(change->index,
                     "SELECT 1 FROM items WHERE folder = ? AND sweep = -1", "i",
                     change->folder) != 0 ||
           (change->sweeping &&
            db_number(change->index,
                      "SELECT 1 FROM items WHERE folder = ? AND uid > 0", "i",
                      change->folder) != 0);
}

static void finish_run(struct op *op, struct change *change)
{
    size_t count;

    note_untold(change);
    bool may_be_former = has_old_ones(change);
    struct fresh *fresh = load_fresh(op, change, may_be_former, &count);

    for (size_t i = 0; i < count && may_be_former; i++) {
        int64_t former = find_former(change, &fresh[i]);
        if (former == 0)
            continue;
        take_over(op, change, former, &fresh[i]);
        fresh[i].row = 0;
    }
    remove_gone(op, change);
    for (size_t i = 0; i < count; i++)
        if (fresh[i].row != 0)
            change_give_uid(change, fresh[i].row);
    db_run(change->index,
           "UPDATE folders SET complete = 1, sweeping = 0 WHERE id = ? AND "
           "(sweeping"
           " OR NOT complete)",
           "i", change->folder);
}

/* --- Pages --------------------------------------------------------------- */

static void apply_delta(struct op *op, struct change *change,
                        const struct remote_item_delta *delta)
{
    switch (delta->change) {
    case REMOTE_ITEM_PRESENT:
        apply_present(op, change, &delta->item);
        break;
    case REMOTE_ITEM_GONE:
        apply_gone(change, delta->item.id);
        break;
    case REMOTE_ITEM_READ_FLAG:
        apply_read_flag(op, change, &delta->item);
        break;
    }
}

static enum status finish(struct op *op, struct change *change,
                          bool *changed_out)
{
    change_end(change);
    enum status status = db_end(op, change->index);
    if (status == STATUS_OK)
        *changed_out |= change->visible || change->revised;
    return status;
}

static enum status no_folder(struct op *op, struct index *index)
{
    return db_undo(index, op_fail(op, STATUS_NO_FOLDER, "the folder is gone"));
}

enum status index_asks(struct op *op, struct index *index, int64_t folder)
{
    db_read(index);
    bool any = db_number(index,
                         "SELECT 1 FROM items WHERE folder = ?"
                         " AND unconfirmed AND unconfirmed = 1",
                         "i", folder) != 0;
    enum status status = db_end(op, index);

    if (status != STATUS_OK || !any)
        return status;
    db_write(index);
    db_run(index,
           "UPDATE items SET unconfirmed = 2 WHERE folder = ?"
           " AND unconfirmed AND unconfirmed = 1",
           "i", folder);
    return db_end(op, index);
}

enum status index_page(struct op *op, struct index *index, int64_t folder,
                       const struct remote_item_page *page, bool *changed_out)
{
    struct change change;

    db_write(index);
    if (!change_begin(index, folder, &change))
        return no_folder(op, index);
    bool pending = db_number(index,
                             "SELECT 1 FROM folders WHERE id = ? AND (sweeping"
                             " OR NOT complete OR EXISTS (SELECT 1 FROM items"
                             " WHERE folder = id AND uid IS NULL)"
                             " OR EXISTS (SELECT 1 FROM items"
                             " WHERE folder = id AND unconfirmed"
                             " AND unconfirmed = 2))",
                             "i", folder) != 0;
    /* An older state does as well when nothing follows it; so a look costs no
     * write. */
    if (page->count == 0 && !pending)
        return db_end(op, index);
    for (size_t i = 0; i < page->count; i++)
        apply_delta(op, &change, &page->deltas[i]);
    db_run(index, "UPDATE folders SET sync_state = ? WHERE id = ?", "si",
           page->state, folder);
    if (page->last)
        finish_run(op, &change);
    return finish(op, &change, changed_out);
}

enum status index_restart(struct op *op, struct index *index, int64_t folder)
{
    db_write(index);
    db_run(
        index,
        "UPDATE folders SET sync_state = NULL, sweep = sweep + 1, sweeping = 1"
        " WHERE id = ?",
        "i", folder);
    return db_end(op, index);
}

enum status index_list_page(struct op *op, struct index *index, int64_t folder,
                            const struct remote_item items[], size_t count,
                            bool *changed_out)
{
    struct change change;

    db_write(index);
    if (!change_begin(index, folder, &change))
        return no_folder(op, index);
    for (size_t i = 0; i < count; i++)
        apply_present(op, &change, &items[i]);
    return finish(op, &change, changed_out);
}

enum status index_list_end(struct op *op, struct index *index, int64_t folder,
                           const struct remote_stamp *stamp, bool *changed_out)
{
    struct change change;

    db_write(index);
    if (!change_begin(index, folder, &change))
        return no_folder(op, index);
    finish_run(op, &change);
    if (stamp != NULL)
        db_run(index,
               "UPDATE folders SET committed = ?, deleted = ?, total = ?,"
               " unread = ? WHERE id = ?",
               "iiiii", stamp->committed, (int64_t)stamp->deleted,
               (int64_t)stamp->total, (int64_t)stamp->unread, folder);
    return finish(op, &change, changed_out);
}
