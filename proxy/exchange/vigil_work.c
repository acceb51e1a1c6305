/*
 * vigil_work.c - what the watch over one account asks of Exchange
 *
 * A step takes what it needs under the lock, waits without it, and takes it
 * again for what came of it.  Nobody else works for the same vigil meanwhile.
 */
#include "proxy/exchange/vigil.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/changes_private.h"
#include "proxy/exchange/mail_private.h"

/* A folder's own change is no news when it comes with, or soon after, news of
 * its messages: its counts have changed. */
#define SAME_NEWS_MS 5000

/* How long a step goes on trying by itself: the vigil's own pauses are
 * longer, and meanwhile nothing else is done for it. */
#define PATIENCE_MS 5000

/* One step of a helper. */
struct step {
    struct vigil *vigil;
    struct account *account;
    struct op op;
};

static struct step step_begin(struct vigil *vigil)
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

static void step_end(struct step *step)
{
    arena_free(&step->op.arena);
}

static void note_failure(const struct step *step, enum status status)
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
    struct arena *arena; /* has the connection as long as there is a watch */
    struct remote_watch *watch;
    bool all;
    int64_t *folders;
    size_t folder_count;
};

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
        if (folders[i].kind == FOLDER_MAIL && is_told_of(&folders[i])) {
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
    vigil->alive_ms = time_monotonic_ms();
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
    if (vigil->better_ms <= time_monotonic_ms())
        vigil->better_ms = 0;
    watcher_unlock(vigil->watcher);
    enum status status = subscribe(&step, &to);
    uint64_t moment = account_moment(step.account);
    note_failure(&step, status);
    watcher_lock(vigil->watcher);
    vigil->push = to.push;
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
    step.op.cancelled = vigil->refused ? &nothing_more
                                       : watcher_giving_up(vigil->watcher);
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

/* --- What is to be up to date -------------------------------------------- */

/* The folders that listeners want, all of those that are known whole among
 * them where they want any. */
static struct index_folder *watched_folders(struct step *step, bool *any_out,
                                            size_t *count_out)
{
    size_t wanted_count, all_count, count = 0;
    struct index_folder *all;
    int64_t *wanted = changes_folders(&step->op, step->account->changes,
                                      &wanted_count);

    *any_out = false;
    for (size_t i = 0; i < wanted_count; i++)
        *any_out |= wanted[i] == 0;
    if (index_folders(&step->op, step->account->index, &all, &all_count) !=
        STATUS_OK)
        all_count = 0;
    for (size_t i = 0; i < all_count; i++) {
        bool is_wanted =
            *any_out && all[i].kind == FOLDER_MAIL && all[i].complete;

        for (size_t k = 0; k < wanted_count; k++)
            is_wanted |= wanted[k] == all[i].id;
        if (is_wanted)
            all[count++] = all[i];
    }
    *count_out = count;
    return all;
}

static bool is_up_to_date(struct step *step, int64_t folder, uint64_t since)
{
    uint64_t looked, touched;

    place_standing(place_of(step->account, folder), &looked, &touched);
    return looked > touched && looked >= since;
}

/* A folder that is gone has been told of; the others' failures count. */
static enum status weigh(enum status first, enum status status)
{
    return first != STATUS_OK || status == STATUS_NO_FOLDER ? first : status;
}

/* Looks at all watched folders that may have changed: each that was named by a
 * sync, which is what it needs; the others by their stamps. */
static enum status bring_up_to_date(struct step *step,
                                    const struct index_folder folders[],
                                    size_t count, uint64_t since)
{
    int64_t *old = arena_array(step->op.arena, count + 1, sizeof *old);
    enum status *statuses =
        arena_array(step->op.arena, count + 1, sizeof *statuses);
    enum status first = STATUS_OK;
    size_t old_count = 0;

    for (size_t i = 0; i < count; i++) {
        int64_t id = folders[i].id;

        if (!is_told_of(&folders[i]) || is_up_to_date(step, id, since))
            continue;
        if (is_up_to_date(step, id, 0))
            old[old_count++] = id;
        else
            first = weigh(first, sync_folder(&step->op, step->account, id));
    }
    if (old_count == 1)
        return weigh(first, sync_folder(&step->op, step->account, old[0]));
    sync_moved(&step->op, step->account, old, old_count, 0, statuses);
    for (size_t i = 0; i < old_count; i++)
        first = weigh(first, statuses[i]);
    return first;
}

/* --- Catching up --------------------------------------------------------- */

/* What is taken out of the vigil to be worked on. */
struct catch {
    struct vigil_news *news;
    size_t count;
    bool tree;
    uint64_t tree_moment;
    uint64_t since;
    bool listeners;
};

static struct catch take_news(struct vigil *vigil)
{
    watcher_lock(vigil->watcher);
    struct catch taken = { .news = vigil->news,
                           .count = vigil->news_count,
                           .tree = vigil->tree,
                           .since = vigil->since,
                           .listeners = vigil->listeners > 0 };
    vigil->news = NULL;
    vigil->news_count = 0;
    vigil->tree = false;
    vigil->applying = true;
    if (taken.listeners)
        vigil->check = false;
    watcher_unlock(vigil->watcher);
    return taken;
}

static const struct index_folder *find_remote(
    const struct index_folder folders[], size_t count, const char *remote)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(folders[i].remote, remote) == 0)
            return &folders[i];
    return NULL;
}

/* A folder's own change is not one of the tree when something has happened to
 * messages in it, now or a moment ago. */
static void apply_to_folder(struct step *step, struct catch *taken,
                            const struct vigil_news *news,
                            const struct index_folder *folder, bool strays)
{
    struct place *place = place_of(step->account, folder->id);
    bool soon = place_touch(place, news->moment) < SAME_NEWS_MS;

    if (news->messages) {
        /* Its messages are not known, but that there are others is. */
        if (!folder->complete)
            changes_tell(step->account, folder->id);
    } else if (soon) {
        account_touch_tree(step->account, news->moment);
    } else if (!strays) {
        taken->tree = true;
        taken->tree_moment = news->moment;
    }
}

/*
 * From Exchange 2013 on, who is told of all folders is told of some deletions
 * in a search folder that holds all items.  The folder where it happened is
 * told as changed itself; if it is not, it may be any.
 */
static void apply_to_folders(struct step *step, struct catch *taken,
                             const struct index_folder folders[], size_t count)
{
    size_t strays = 0, known = 0;

    for (size_t i = 0; i < taken->count; i++) {
        bool found =
            find_remote(folders, count, taken->news[i].folder) != NULL;

        known += found;
        strays += !found && taken->news[i].messages;
    }
    for (size_t i = 0; i < taken->count; i++) {
        const struct vigil_news *news = &taken->news[i];
        const struct index_folder *folder =
            find_remote(folders, count, news->folder);

        if (folder != NULL)
            apply_to_folder(step, taken, news, folder, strays > 0);
        else if (strays == 0)
            taken->tree = true;
    }
    if (strays > 0 && known == 0)
        taken->since = account_moment(step->account);
}

/* Notes what news have named; from then on the notes tell what is old. */
static void apply_news(struct step *step, struct catch *taken)
{
    struct vigil *vigil = step->vigil;
    struct index_folder *folders;
    size_t count;

    if (index_folders(&step->op, step->account->index, &folders, &count) !=
        STATUS_OK)
        count = 0;
    taken->tree_moment = account_moment(step->account);
    apply_to_folders(step, taken, folders, count);
    for (size_t i = 0; i < taken->count; i++)
        free(taken->news[i].folder);
    free(taken->news);
    if (taken->tree)
        account_touch_tree(step->account, taken->tree_moment);
    watcher_lock(vigil->watcher);
    vigil->applying = false;
    if (vigil->since < taken->since)
        vigil->since = taken->since;
    watcher_unlock(vigil->watcher);
}

static enum status catch_up(struct step *step, struct catch *taken,
                            bool *polls_out)
{
    size_t count;
    bool any;
    enum status status = STATUS_OK;
    struct index_folder *folders = watched_folders(step, &any, &count);

    if (taken->tree ||
        (any && !account_knows_tree(step->account, taken->since))) {
        status = folder_refresh(&step->op, step->account);
        folders = watched_folders(step, &any, &count);
    }
    *polls_out = false;
    for (size_t i = 0; i < count; i++)
        *polls_out |= !is_told_of(&folders[i]);
    return weigh(status,
                 bring_up_to_date(step, folders, count, taken->since));
}

void vigil_catch_up(struct vigil *vigil)
{
    struct step step = step_begin(vigil);
    struct catch taken = take_news(vigil);
    enum status status = STATUS_OK;
    bool polls = false;

    apply_news(&step, &taken);
    if (taken.listeners)
        status = catch_up(&step, &taken, &polls);
    note_failure(&step, status);
    watcher_lock(vigil->watcher);
    vigil->polls = polls;
    if (status != STATUS_OK) {
        vigil->check = true;
        vigil->due_ms =
            time_monotonic_ms() + vigil_pause(++vigil->check_failures);
    } else {
        vigil->check_failures = 0;
    }
    watcher_unlock(vigil->watcher);
    step_end(&step);
}

/* --- Pulling ------------------------------------------------------------- */

void vigil_ask(struct vigil *vigil)
{
    struct step step = step_begin(vigil);
    struct remote *remote = vigil->watch->remote;
    uint32_t interval =
        account_settings(step.account)->exchange.pull_interval * 1000u;
    uint64_t asked_ms = time_monotonic_ms();
    enum status status = remote->backend->watch_ask(&step.op, vigil->watch);

    account_told_by(step.account, remote, status);
    note_failure(&step, status);
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
    bool all = !vigil_is_telling(vigil, time_monotonic_ms());
    watcher_unlock(vigil->watcher);
    struct index_folder *folders = watched_folders(&step, &any, &count);
    int64_t *ids = arena_array(step.op.arena, count + 1, sizeof *ids);
    enum status *statuses =
        arena_array(step.op.arena, count + 1, sizeof *statuses);

    for (size_t i = 0; i < count; i++)
        if (all || !is_told_of(&folders[i]))
            ids[asked++] = folders[i].id;
    if (all && any)
        folder_refresh(&step.op, step.account);
    note_failure(&step, sync_moved(&step.op, step.account, ids, asked, 0,
                                   statuses));
    watcher_lock(vigil->watcher);
    vigil->look_pause =
        next_pause(vigil, atomic_load(&step.account->news) != before);
    vigil->look_ms = time_monotonic_ms() + vigil->look_pause;
    watcher_unlock(vigil->watcher);
    step_end(&step);
}
