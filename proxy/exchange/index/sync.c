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
 */
#include "proxy/exchange/index/sync.h"

#include "proxy/exchange/index/messages.h"

static void apply_delta(struct op *op, struct change *change,
                        const struct remote_item_delta *delta)
{
    switch (delta->change) {
    case REMOTE_ITEM_PRESENT:
        sync_present(op, change, &delta->item);
        break;
    case REMOTE_ITEM_GONE:
        sync_gone(change, delta->item.id);
        break;
    case REMOTE_ITEM_READ_FLAG:
        sync_read_flag(op, change, &delta->item);
        break;
    }
}

static enum status finish(struct op *op, struct change *change,
                          bool *changed_out)
{
    enum status status = change_finish(op, change);

    if (status == STATUS_OK)
        *changed_out |= change->visible || change->revised;
    return status;
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
        return db_no_folder(op, index);
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
        sync_end(op, &change);
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
        return db_no_folder(op, index);
    for (size_t i = 0; i < count; i++)
        sync_present(op, &change, &items[i]);
    return finish(op, &change, changed_out);
}

enum status index_list_end(struct op *op, struct index *index, int64_t folder,
                           const struct remote_stamp *stamp, bool *changed_out)
{
    struct change change;

    db_write(index);
    if (!change_begin(index, folder, &change))
        return db_no_folder(op, index);
    sync_end(op, &change);
    if (stamp != NULL)
        db_run(index,
               "UPDATE folders SET committed = ?, deleted = ?, total = ?,"
               " unread = ? WHERE id = ?",
               "iiiii", stamp->committed, (int64_t)stamp->deleted,
               (int64_t)stamp->total, (int64_t)stamp->unread, folder);
    return finish(op, &change, changed_out);
}
