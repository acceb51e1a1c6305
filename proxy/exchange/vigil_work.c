/*
 * vigil_work.c - what the watch over one account asks of Exchange
 *
 * A step takes what it needs under the lock, waits without it, and takes it
 * again for what came of it.  Nobody else works for the same vigil meanwhile.
 */
#include "proxy/exchange/vigil_work.h"

#include <stdlib.h>

#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"

/* How long a step goes on trying by itself: the vigil's own pauses are
 * longer, and meanwhile nothing else is done for it. */
#define PATIENCE_MS 5000

struct step step_begin(struct vigil *vigil)
{
    struct step step = { .vigil = vigil, .account = vigil->account };

    op_init(&step.op, arena_new(), "watcher");
    step.op.background = true;
    step.op.cancelled = watcher_stopping(vigil->watcher);
    uint64_t patience =
        1000u * (uint64_t)account_settings(step.account)->exchange.patience;
    if (patience > PATIENCE_MS)
        step.op.failing_since = time_monotonic_ms() - (patience - PATIENCE_MS);
    return step;
}

void step_end(struct step *step)
{
    arena_free(&step->op.arena);
}

void step_note(const struct step *step, enum status status)
{
    if (status != STATUS_OK && status != STATUS_CANCELLED)
        log_debug("watcher", "no news user=%s status=%s reason=\"%s\"",
                  account_user(step->account), status_name(status),
                  step->op.reason != NULL ? step->op.reason : "");
}

/* --- Subscribing --------------------------------------------------------- */

/* On any thread. */
static void hear(void *context, const struct remote_news *news)
{
    struct vigil *vigil = context;
    struct remote *remote = NULL;

    watcher_lock(vigil->watcher);
    if (vigil->watch != NULL)
        remote = vigil->watch->remote;
    vigil_hear(vigil, news);
    if (news->kind != REMOTE_NEWS_ALIVE)
        watcher_wake(vigil->watcher);
    watcher_unlock(vigil->watcher);
    if (news->kind == REMOTE_NEWS_END)
        account_told_by(vigil->account, remote, news->status);
}

/* A subscription on its way into the vigil. */
struct subscribing {
    enum remote_push push;
    bool listened; /* somebody waits for news */
    bool spared;
    struct arena *arena; /* has the connection as long as there is a watch */
    struct remote_watch *watch;
    bool all;
    int64_t *folders;
    size_t folder_count;
};

bool step_subscribes_to(const struct index_folder *folder)
{
    bool has_objects = folder->kind == FOLDER_CALENDAR ||
                       folder->kind == FOLDER_CONTACTS ||
                       folder->kind == FOLDER_TASKS;

    return is_told_of(folder) && (folder->kind == FOLDER_MAIL ||
                                  (has_objects && folder->complete));
}

/* Names the folders, for an Exchange that wants them named. */
static const char **name_folders(struct step *step, struct subscribing *to)
{
    struct index_folder *folders;
    size_t count = 0;

    if (index_folders(&step->op, step->account->index, &folders, &count) !=
        STATUS_OK)
        count = 0;
    const char **names = arena_array(step->op.arena, count + 1, sizeof *names);
    to->folders = memory_new((count + 1) * sizeof *to->folders);
    for (size_t i = 0; i < count; i++)
        if (step_subscribes_to(&folders[i])) {
            to->folders[to->folder_count] = folders[i].id;
            names[to->folder_count++] = folders[i].remote;
        }
    return names;
}

static enum status subscribe(struct step *step, struct subscribing *to)
{
    struct op op = step->op;
    struct remote *remote;

    if (to->push == REMOTE_PUSH_NONE)
        return STATUS_OK;
    op.arena = to->arena;
    enum status status = account_remote(&op, step->account, &remote);
    step->op.reason = arena_strdup(step->op.arena, op.reason);
    if (status != STATUS_OK)
        return status;
    const struct backend *backend = remote->backend;
    enum remote_push means = backend->watch_means(remote, &to->all);
    if (to->push > means)
        to->push = means;
    /* Asking for news is no cheaper than looking for them. */
    to->spared = to->push == REMOTE_PUSH_PULL && !to->listened;
    if (to->spared)
        to->push = REMOTE_PUSH_NONE;
    if (to->push == REMOTE_PUSH_NONE)
        return STATUS_OK;
    const char **names = name_folders(step, to);
    return account_told(step->account,
                        backend->watch_begin(&step->op, remote, to->push, names,
                                             to->folder_count, hear,
                                             step->vigil, &to->watch));
}

/* Under the lock. */
static void take_watch(struct vigil *vigil, const struct subscribing *from,
                       uint64_t moment)
{
    free(vigil->folders);
    vigil->folders = from->folders;
    vigil->folder_count = from->folder_count;
    vigil->all = from->all;
    vigil->watch = from->watch;
    vigil->arena = from->arena;
    vigil->since = moment;
    vigil->check = true;
    vigil->lost = vigil->cut = vigil->listening = vigil->open = false;
    vigil->refused = false;
    vigil->alive_ms = time_with_sleep_ms();
    vigil->due_ms = vigil->retry_ms = vigil->ask_ms = 0;
    vigil_look_later(vigil);
    log_debug("watcher", "subscribed user=%s", account_user(vigil->account));
}

/* A way that has failed is not the best any more until its time has come. */
static enum remote_push way_to_try(const struct vigil *vigil)
{
    if (vigil->better_ms > time_monotonic_ms())
        return vigil->push;
    return vigil_best(vigil);
}

void vigil_begin(struct vigil *vigil)
{
    struct step step = step_begin(vigil);
    struct subscribing to = { .arena = arena_new() };

    watcher_lock(vigil->watcher);
    to.push = way_to_try(vigil);
    to.listened = vigil->listeners > 0;
    if (vigil->better_ms <= time_monotonic_ms())
        vigil->better_ms = 0;
    watcher_unlock(vigil->watcher);
    enum status status = subscribe(&step, &to);
    uint64_t moment = account_moment(step.account);
    step_note(&step, status);
    watcher_lock(vigil->watcher);
    vigil->push = to.push;
    vigil->spared = to.spared;
    if (to.spared && vigil->listeners > 0)
        vigil->better_ms = 1;
    if (to.watch != NULL) {
        take_watch(vigil, &to, moment);
    } else {
        free(to.folders);
        vigil_look_later(vigil);
        if (status != STATUS_OK)
            vigil_fail(vigil, status, 0);
        else
            vigil->look_ms = 0; /* there is no other way */
    }
    watcher_unlock(vigil->watcher);
    if (to.watch == NULL)
        arena_free(&to.arena);
    step_end(&step);
}

/* --- Ending -------------------------------------------------------------- */

void vigil_end(struct vigil *vigil)
{
    static const atomic_bool nothing_more = true;
    struct step step = step_begin(vigil);

    watcher_lock(vigil->watcher);
    /* Nothing more is asked with a password that is not right. */
    step.op.cancelled =
        vigil->refused ? &nothing_more : watcher_giving_up(vigil->watcher);
    struct remote_watch *watch = vigil->watch;
    struct arena *arena = vigil->arena;
    vigil->watch = NULL;
    vigil->arena = NULL;
    vigil->lost = false;
    watcher_unlock(vigil->watcher);
    watch->remote->backend->watch_end(&step.op, &watch);
    arena_free(&arena);
    step_end(&step);
}

/* --- Pulling ------------------------------------------------------------- */

void vigil_ask(struct vigil *vigil)
{
    struct step step = step_begin(vigil);
    struct remote *remote = vigil->watch->remote;
    uint32_t interval =
        account_settings(step.account)->exchange.pull_interval * 1000u;
    uint64_t asked_ms = time_with_sleep_ms();
    enum status status = remote->backend->watch_ask(&step.op, vigil->watch);

    step_note(&step, status);
    watcher_lock(vigil->watcher);
    vigil->ask_ms = time_monotonic_ms() + interval;
    if (status == STATUS_OK) {
        vigil->alive_ms = asked_ms;
        vigil->failures = 0;
        vigil->failed = STATUS_OK;
        vigil->due_ms = 0; /* they have been collected at Exchange */
    } else if (status != STATUS_CANCELLED) {
        vigil->alive_ms = 0;
        vigil_fail(vigil, status, 0);
        vigil->ask_ms = vigil->retry_ms;
    }
    watcher_unlock(vigil->watcher);
    account_told_by(step.account, remote, status);
    step_end(&step);
}

/* --- Polling ------------------------------------------------------------- */

/* After news the next look comes soon, and then ever later. */
static uint32_t next_pause(const struct vigil *vigil, bool had_news)
{
    uint32_t longest =
        account_settings(vigil->account)->exchange.poll_interval * 1000u;
    uint32_t soon = longest / 8 > 1000 ? longest / 8 : 1000;
    uint32_t pause = had_news || vigil->look_pause == 0 ? soon
                     : vigil->look_pause < longest / 2  ? vigil->look_pause * 2
                                                        : longest;

    return pause < longest ? pause : longest;
}

void vigil_look(struct vigil *vigil)
{
    struct step step = step_begin(vigil);
    uint64_t before = atomic_load(&step.account->news);
    size_t count, asked = 0;
    bool any;

    watcher_lock(vigil->watcher);
    bool all = !vigil_is_telling(vigil);
    watcher_unlock(vigil->watcher);
    struct index_folder *folders = step_watched(&step, &any, &count);
    int64_t *ids = arena_array(step.op.arena, count + 1, sizeof *ids);
    enum status *statuses =
        arena_array(step.op.arena, count + 1, sizeof *statuses);

    for (size_t i = 0; i < count; i++)
        if (all || !is_told_of(&folders[i]))
            ids[asked++] = folders[i].id;
    if (all && any)
        folder_refresh(&step.op, step.account);
    step_note(&step,
              sync_moved(&step.op, step.account, ids, asked, 0, statuses));
    watcher_lock(vigil->watcher);
    vigil->look_pause =
        next_pause(vigil, atomic_load(&step.account->news) != before);
    vigil->look_ms = time_monotonic_ms() + vigil->look_pause;
    watcher_unlock(vigil->watcher);
    step_end(&step);
}
