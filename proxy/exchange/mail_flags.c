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
    uint32_t named = change->flags & MAIL_ALL_FLAGS;

    switch (change->change) {
    case MAIL_ADD:
        return flags | named;
    case MAIL_REMOVE:
        return flags & ~named;
    case MAIL_REPLACE:
        break;
    }
    return named | (flags & MAIL_UNSENT);
}

/* How a message shall be. */
static struct remote_update plan_one(struct op *op,
                                     const struct index_item *item,
                                     const struct mail_flag_change *change)
{
    const char *const *names = change_names(op, item->categories, change);

    return (struct remote_update){
        .id = item->remote,
        .change_key = change->conditional ? item->change_key : NULL,
        .old_flags = item->flags,
        .flags = change_flags(item->flags, change),
        .set_categories = !is_same_set(item->categories, names),
        .categories = names,
    };
}

static bool is_so_already(const struct index_item *item,
                          const struct remote_update *update)
{
    return item->flags == update->flags &&
           is_same_set(item->categories, update->categories);
}

/* Those that are so already are done: their result is STATUS_OK from here
 * on. */
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
        updates[i] = plan_one(op, item, change);
        if (is_so_already(item, &updates[i]))
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

/* Has the items as Exchange has them now; what is being watched may be so
 * already. */
static enum status look_again(struct op *op, struct selection *selection,
                              bool ask)
{
    struct account *account = selection->account;
    int64_t folder = selection->folder.id;
    uint32_t *uids = arena_array(op->arena, selection->count + 1, sizeof *uids);
    enum status status = STATUS_OK;

    for (size_t i = 0; i < selection->count; i++)
        uids[i] = selection->results[i].uid;
    if (ask || !place_is_current(op, account, folder))
        status = sync_folder(op, account, folder);
    if (status != STATUS_OK)
        return status;
    return index_items(op, account->index, folder, uids, selection->count,
                       selection->items);
}

/* Categories are written as a whole list, in which those shall stay that other
 * programs have added since the last look. */
static enum status begin_again(struct op *op, struct selection *selection)
{
    enum status status = look_again(op, selection, true);

    for (size_t i = 0; i < selection->count; i++)
        selection->results[i].status = status != STATUS_OK ? status
                                       : selection->items[i].row == 0
                                           ? STATUS_NOT_FOUND
                                           : STATUS_CANCELLED;
    return status;
}

static enum status change_all(struct op *op, struct selection *selection,
                              const struct mail_flag_change *change)
{
    struct remote_update *updates = plan(op, selection, change);

    if (writes_categories(selection, updates)) {
        enum status status = begin_again(op, selection);
        if (status != STATUS_OK)
            return status;
        updates = plan(op, selection, change);
    }
    enum status kept = send(op, selection, updates, STATUS_CANCELLED);
    for (int i = 1; i < WRITE_TRIES && kept == STATUS_OK && !op_cancelled(op);
         i++)
        kept = send(op, selection, updates, STATUS_UNCERTAIN);
    return kept;
}

/* --- Only what has not changed ------------------------------------------- */

/* What becomes of one that is not settled, now that it has been looked at. */
static enum status judge(const struct index_item *item,
                         const struct mail_flag_change *change,
                         enum status status, const struct remote_update *sent,
                         const struct remote_update *planned)
{
    if (item->row == 0)
        return STATUS_NOT_FOUND;
    /* The answer was lost, not the change. */
    if (status == STATUS_UNCERTAIN && is_so_already(item, sent))
        return STATUS_OK;
    if (item->modseq > change->unchanged_since)
        return STATUS_CONFLICT;
    return is_so_already(item, planned) ? STATUS_OK : STATUS_CANCELLED;
}

/* `status` is that of the look. */
static void judge_open(struct op *op, const struct selection *selection,
                       const struct mail_flag_change *change,
                       enum status status, struct remote_update updates[],
                       const bool open[])
{
    for (size_t i = 0; i < selection->count; i++) {
        const struct index_item *item = &selection->items[i];
        enum status *result = &selection->results[i].status;

        if (!open[i])
            continue;
        struct remote_update planned = plan_one(op, item, change);
        *result = status != STATUS_OK
                      ? status
                      : judge(item, change, *result, &updates[i], &planned);
        updates[i] = planned;
    }
}

/* Leaves open what Exchange has refused or not answered; says how many. */
static size_t close_settled(const struct selection *selection,
                            const bool sent[], bool open[])
{
    size_t left = 0;

    for (size_t i = 0; i < selection->count; i++) {
        enum status result = selection->results[i].status;

        open[i] = sent[i] &&
                  (result == STATUS_CONFLICT || result == STATUS_UNCERTAIN);
        left += open[i];
    }
    return left;
}

/*
 * Exchange refuses a change under a change key that is not the item's any more.
 * That key also changes with what nobody sees here: so each refusal has the
 * item looked at again, and only what has a later modseq then is a conflict.
 */
static enum status change_unchanged(struct op *op, struct selection *selection,
                                    const struct mail_flag_change *change)
{
    const size_t room = selection->count + 1;
    struct remote_update *updates =
        arena_array(op->arena, room, sizeof *updates);
    bool *open = arena_array(op->arena, room, sizeof *open);
    bool *sent = arena_array(op->arena, room, sizeof *sent);
    size_t left = selection->count;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < selection->count; i++)
        open[i] = true;
    for (int i = 0; i < WRITE_TRIES && left > 0 && status == STATUS_OK; i++) {
        status = look_again(op, selection, i > 0);
        judge_open(op, selection, change, status, updates, open);
        for (size_t k = 0; k < selection->count; k++)
            sent[k] = selection->results[k].status == STATUS_CANCELLED;
        if (status == STATUS_OK)
            status = send(op, selection, updates, STATUS_CANCELLED);
        left = close_settled(selection, sent, open);
    }
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
    status = change->conditional ? change_unchanged(op, &selection, change)
                                 : change_all(op, &selection, change);
    mail_changed(op, account, folder);
    return status != STATUS_OK ? status : selection_status(op, &selection);
}
