/*
 * mail_flags.c - changing flags and categories of messages
 *
 * A client says what to add or to take away; Exchange is told how each message
 * shall be, so that saying it twice after a lost answer does no harm.  Flags
 * are written one by one, categories all together, after a look at what they
 * are.
 */
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/mail_private.h"

static size_t count_names(const char *const *names)
{
    size_t count = 0;

    while (names != NULL && names[count] != NULL)
        count++;
    return count;
}

/* Exchange takes names that differ only in case for the same. */
static bool holds(const char *const *names, const char *name)
{
    for (size_t i = 0; names != NULL && names[i] != NULL; i++)
        if (str_equal_nocase(names[i], name))
            return true;
    return false;
}

static bool is_same_set(const char *const *a, const char *const *b)
{
    size_t count = count_names(a);

    if (count != count_names(b))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!holds(b, a[i]))
            return false;
    return true;
}

static const char *const *change_names(struct op *op, const char *const *names,
                                       const struct mail_flag_change *change)
{
    size_t count = 0,
           room = count_names(names) + count_names(change->categories) + 1;
    const char **out = arena_array(op->arena, room, sizeof *out);

    for (size_t i = 0;
         change->change != MAIL_REPLACE && names != NULL && names[i] != NULL;
         i++)
        if (change->change == MAIL_ADD || !holds(change->categories, names[i]))
            out[count++] = names[i];
    for (size_t i = 0;
         change->change != MAIL_REMOVE && change->categories != NULL &&
         change->categories[i] != NULL;
         i++)
        if (!holds((const char *const *)out, change->categories[i]))
            out[count++] = change->categories[i];
    return (const char *const *)out;
}

static uint32_t change_flags(uint32_t flags,
                             const struct mail_flag_change *change)
{
    uint32_t named = change->flags & ~(uint32_t)MAIL_DRAFT;

    switch (change->change) {
    case MAIL_ADD:
        return flags | named;
    case MAIL_REMOVE:
        return flags & ~named;
    case MAIL_REPLACE:
        break;
    }
    return named | (flags & MAIL_DRAFT);
}

/* How each message shall be.  Those that are so already are done: their result
 * is STATUS_OK from here on. */
static struct remote_update *plan(struct op *op,
                                  const struct selection *selection,
                                  const struct mail_flag_change *change)
{
    struct remote_update *updates =
        arena_array(op->arena, selection->count + 1, sizeof *updates);

    for (size_t i = 0; i < selection->count; i++) {
        const struct index_item *item = &selection->items[i];

        if (item->row == 0)
            continue;
        const char *const *names = change_names(op, item->categories, change);
        updates[i] = (struct remote_update){
            .id = item->remote,
            .old_flags = item->flags,
            .flags = change_flags(item->flags, change),
            .set_categories = !is_same_set(item->categories, names),
            .categories = names,
        };
        if (updates[i].flags == item->flags && !updates[i].set_categories)
            selection->results[i].status = STATUS_OK;
    }
    return updates;
}

static enum status keep(struct op *op, const struct selection *selection,
                        const struct remote_update updates[],
                        const size_t positions[],
                        const struct remote_result results[], size_t count)
{
    struct index_update *kept = arena_array(op->arena, count + 1, sizeof *kept);
    struct place *place = place_of(selection->account, selection->folder.id);
    size_t done = 0;

    pthread_mutex_lock(&place->lock);
    for (size_t i = 0; i < count; i++) {
        const struct remote_update *update = &updates[positions[i]];

        if (results[i].status != STATUS_OK)
            continue;
        place_note(place, update->id);
        kept[done++] = (struct index_update){
            .row = selection->items[positions[i]].row,
            .flags = update->flags,
            .categories = update->categories,
            .change_key = results[i].change_key,
        };
    }
    enum status status = STATUS_OK;
    if (done > 0)
        status = index_update(op, selection->account->index,
                              selection->folder.id, kept, done);
    pthread_mutex_unlock(&place->lock);
    return status;
}

/* One call for all that are in `state`; those that Exchange confirms are kept.
 */
static enum status send(struct op *op, const struct selection *selection,
                        const struct remote_update updates[], enum status state)
{
    struct account *account = selection->account;
    struct remote *remote = selection->remote;
    size_t count;
    size_t *positions = selection_those(op, selection, state, &count);
    struct remote_update *sent =
        arena_array(op->arena, count + 1, sizeof *sent);
    struct remote_result *results =
        arena_array(op->arena, count + 1, sizeof *results);

    if (count == 0)
        return STATUS_OK;
    for (size_t i = 0; i < count; i++)
        sent[i] = updates[positions[i]];
    account_told(account, remote->backend->items_update(op, remote, sent, count,
                                                        results));
    selection_settle(selection, positions, results, count);
    return keep(op, selection, updates, positions, results, count);
}

static bool writes_categories(const struct selection *selection,
                              const struct remote_update updates[])
{
    for (size_t i = 0; i < selection->count; i++)
        if (updates[i].set_categories)
            return true;
    return false;
}

/* Categories are written as a whole list, in which those shall stay that other
 * programs have added since the last look. */
static enum status look_again(struct op *op, struct selection *selection)
{
    struct account *account = selection->account;
    int64_t folder = selection->folder.id;
    uint32_t *uids = arena_array(op->arena, selection->count + 1, sizeof *uids);
    enum status status = sync_folder(op, account, folder);

    for (size_t i = 0; i < selection->count; i++)
        uids[i] = selection->results[i].uid;
    if (status == STATUS_OK)
        status = index_items(op, account->index, folder, uids, selection->count,
                             selection->items);
    for (size_t i = 0; i < selection->count; i++)
        selection->results[i].status = status != STATUS_OK ? status
                                       : selection->items[i].row == 0
                                           ? STATUS_NOT_FOUND
                                           : STATUS_CANCELLED;
    return status;
}

enum status mail_change_flags(struct op *op, struct account *account,
                              int64_t folder, const uint32_t uids[],
                              size_t count,
                              const struct mail_flag_change *change,
                              struct mail_result results[])
{
    struct selection selection;
    enum status status =
        selection_open(op, account, folder, uids, count, results, &selection);

    if (status != STATUS_OK)
        return status;
    struct remote_update *updates = plan(op, &selection, change);
    if (writes_categories(&selection, updates)) {
        status = look_again(op, &selection);
        if (status != STATUS_OK)
            return status;
        updates = plan(op, &selection, change);
    }
    enum status kept = send(op, &selection, updates, STATUS_CANCELLED);
    for (int i = 1; i < WRITE_TRIES && kept == STATUS_OK && !op_cancelled(op);
         i++)
        kept = send(op, &selection, updates, STATUS_UNCERTAIN);
    mail_changed(op, account, folder);
    return kept != STATUS_OK ? kept : selection_status(op, &selection);
}
