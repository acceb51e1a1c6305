/*
 * mail_sync.c - asking Exchange what is new in a folder
 *
 * A sync comes in pages, each kept at once with the state that continues after
 * it. Folders that Exchange cannot sync (public folders, search folders) are
 * listed, and only when their stamp has moved.
 */
#include <stdlib.h>

#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/time.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/changes_private.h"
#include "proxy/exchange/mail_private.h"

/* How often a sync is asked again because our own changes overtook it. */
#define OVERTAKEN_MAX 5
#define STALE_MAX 2

/* Stamps have whole seconds, and so does what we know of Exchange's clock. */
#define STAMP_SECONDS 2

struct run {
    struct op *op;
    struct op page_op; /* with an arena for one page */
    struct account *account;
    struct place *place;
    struct index_folder folder;
    enum status status; /* of the index */
    bool changed;
    bool overtaken;
    bool ignore_overtaking;
    bool first;        /* the folder is being read whole */
    bool background;   /* what the operation was before that */
    size_t count;      /* messages that have come, */
    size_t told_count; /* and that the log has heard of */
};

/* How many messages are worth a line in the log. */
#define TOLD_EVERY 10000

/* A large folder takes minutes: other requests go first then, and there are
 * signs of life. */
static void show_progress(struct run *run, size_t count)
{
    struct op *op = run->op;

    run->count += count;
    if (run->first)
        op->background = true;
    if (op->progress != NULL)
        op->progress(op);
    if (run->count < run->told_count + TOLD_EVERY)
        return;
    run->told_count = run->count - run->count % TOLD_EVERY;
    log_info(op->session, "reading folder user=%s folder=%lld messages=%zu",
             account_user(run->account), (long long)run->folder.id,
             run->told_count);
}

static bool is_overtaken(const struct run *run, const char *id)
{
    return !run->ignore_overtaking && place_is_written(run->place, id);
}

static bool is_page_overtaken(const struct run *run,
                              const struct remote_item_page *page)
{
    for (size_t i = 0; i < page->count; i++)
        if (is_overtaken(run, page->deltas[i].item.id))
            return true;
    return false;
}

static bool take_page(void *context, const struct remote_item_page *page)
{
    struct run *run = context;

    pthread_mutex_lock(&run->place->lock);
    run->overtaken = is_page_overtaken(run, page);
    if (!run->overtaken)
        run->status = index_page(&run->page_op, run->account->index,
                                 run->folder.id, page, &run->changed);
    pthread_mutex_unlock(&run->place->lock);
    if (run->overtaken)
        return false;
    if (run->status != STATUS_OK && run->page_op.reason != NULL)
        op_fail(run->op, run->status, "%s", run->page_op.reason);
    arena_reset(run->page_op.arena);
    run->page_op.reason = NULL;
    if (!page->last)
        show_progress(run, page->count);
    return run->status == STATUS_OK;
}

static enum status sync_once(struct run *run, struct remote *remote)
{
    run->overtaken = false;
    run->status = STATUS_OK;
    enum status status = index_folder(run->op, run->account->index,
                                      run->folder.id, &run->folder);
    if (status == STATUS_OK)
        status = index_asks(run->op, run->account->index, run->folder.id);
    if (status != STATUS_OK)
        return status;
    place_begin_sync(run->place);
    status = account_told(
        run->account,
        remote->backend->items_sync(run->op, remote, run->folder.remote,
                                    run->folder.sync_state, take_page, run));
    place_end_sync(run->place);
    return run->status != STATUS_OK ? run->status : status;
}

static enum status sync_by_state(struct run *run, struct remote *remote)
{
    unsigned overtaken = 0, stale = 0;

    for (;;) {
        run->ignore_overtaking = overtaken >= OVERTAKEN_MAX;
        enum status status = sync_once(run, remote);
        if (run->overtaken) {
            overtaken++;
        } else if (status == STATUS_STALE && stale++ < STALE_MAX) {
            log_info(run->op->session,
                     "sync state expired, folder read anew user=%s folder=%lld",
                     account_user(run->account), (long long)run->folder.id);
            status =
                index_restart(run->op, run->account->index, run->folder.id);
            if (status != STATUS_OK)
                return status;
        } else {
            return status;
        }
    }
}

/* --- Folders that cannot be synced --------------------------------------- */

static bool take_items(void *context, const struct remote_item *items,
                       size_t count)
{
    struct run *run = context;

    pthread_mutex_lock(&run->place->lock);
    for (size_t i = 0; i < count; i++)
        run->overtaken |= is_overtaken(run, items[i].id);
    if (!run->overtaken)
        run->status =
            index_list_page(&run->page_op, run->account->index, run->folder.id,
                            items, count, &run->changed);
    pthread_mutex_unlock(&run->place->lock);
    arena_reset(run->page_op.arena);
    run->page_op.reason = NULL;
    show_progress(run, count);
    return run->status == STATUS_OK && !run->overtaken;
}

bool is_same_stamp(const struct remote_stamp *a, const struct remote_stamp *b)
{
    return a->status == STATUS_OK && b->status == STATUS_OK &&
           a->committed == b->committed && a->deleted == b->deleted &&
           a->total == b->total && a->unread == b->unread;
}

bool is_settled_stamp(const struct remote_stamp *stamp)
{
    return stamp->committed != TIME_NONE &&
           stamp->committed + STAMP_SECONDS <= stamp->taken;
}

static enum status list_once(struct run *run, struct remote *remote)
{
    enum status status =
        index_restart(run->op, run->account->index, run->folder.id);

    if (status != STATUS_OK)
        return status;
    run->overtaken = false;
    place_begin_sync(run->place);
    status = account_told(run->account, remote->backend->items_list(
                                            run->op, remote, run->folder.remote,
                                            take_items, run));
    place_end_sync(run->place);
    return run->status != STATUS_OK ? run->status : status;
}

static enum status list_anew(struct run *run, struct remote *remote,
                             const struct remote_stamp *stamp)
{
    enum status status = list_once(run, remote);

    for (int i = 1; run->overtaken && i <= OVERTAKEN_MAX; i++) {
        run->ignore_overtaking = i == OVERTAKEN_MAX;
        status = list_once(run, remote);
    }
    if (status != STATUS_OK)
        return status;
    return index_list_end(run->op, run->account->index, run->folder.id,
                          is_settled_stamp(stamp) ? stamp : NULL,
                          &run->changed);
}

static enum status sync_by_list(struct run *run, struct remote *remote)
{
    struct remote_stamp stamp = { 0 };
    const char *id = run->folder.remote;
    enum status status = account_told(
        run->account,
        remote->backend->folder_stamps(run->op, remote, &id, 1, &stamp));

    if (status == STATUS_OK)
        status = stamp.status;
    if (status != STATUS_OK)
        return status;
    if (run->folder.complete && !run->folder.sweeping &&
        is_same_stamp(&stamp, &run->folder.stamp))
        return STATUS_OK;
    return list_anew(run, remote, &stamp);
}

/* --- One folder ---------------------------------------------------------- */

static enum status run_sync(struct op *op, struct account *account,
                            struct place *place)
{
    struct run run = { .op = op, .account = account, .place = place };
    struct remote *remote;
    struct asked begun = asked_now(account);
    enum status status =
        index_folder(op, account->index, place->folder, &run.folder);

    if (status == STATUS_OK)
        status = account_remote_of(op, account, &run.folder, &remote);
    if (status != STATUS_OK)
        return status;
    run.page_op = *op;
    run.page_op.arena = arena_new();
    run.background = op->background;
    run.first = !run.folder.complete || run.folder.sweeping;
    status = run.folder.syncable ? sync_by_state(&run, remote)
                                 : sync_by_list(&run, remote);
    arena_free(&run.page_op.arena);
    op->background = run.background;
    if (status == STATUS_NOT_FOUND || status == STATUS_NO_FOLDER) {
        status = op_fail(op, STATUS_NO_FOLDER, "the folder is gone");
        atomic_store(&account->tree_looked_ms, 0);
    }
    if (run.changed) {
        atomic_fetch_add(&account->news, 1);
        mail_changed(op, account, place->folder);
    }
    if (status == STATUS_OK)
        place_looked(place, begun);
    return status;
}

enum status sync_folder(struct op *op, struct account *account, int64_t folder)
{
    struct place *place = place_of(account, folder);
    enum status status;

    if (!flight_begin(op, &place->sync, &status)) {
        if (status != STATUS_OK && status != STATUS_CANCELLED)
            op_fail(op, status, "as another session's look at the same time");
        return status;
    }
    status = run_sync(op, account, place);
    flight_end(&place->sync, status);
    return status;
}

void mail_changed(struct op *op, struct account *account, int64_t folder)
{
    account_collect(op, account);
    changes_tell(account, folder);
}
