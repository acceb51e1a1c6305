/*
 * vigil_catch_up.c - looking at what news have named, and at what may be old
 *
 * A folder is as good as Exchange's when it has been looked at later than it
 * was last named, and while news have come without a gap since then.
 */
#include "proxy/exchange/vigil_work.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/time.h"
#include "proxy/exchange/changes_private.h"

/* A folder's own change is no news when it comes with, or soon after, news of
 * its messages: its counts have changed. */
#define SAME_NEWS_MS 5000

/* --- What is to be up to date -------------------------------------------- */

struct index_folder *step_watched(struct step *step, bool *any_out,
                                  size_t *count_out)
{
    size_t wanted_count, all_count, count = 0;
    struct index_folder *all;
    int64_t *wanted =
        changes_folders(&step->op, step->account->changes, &wanted_count);

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
struct catch
{
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
        bool found = find_remote(folders, count, taken->news[i].folder) != NULL;

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
    struct index_folder *folders = step_watched(step, &any, &count);

    if (taken->tree ||
        (any && !account_knows_tree(step->account, taken->since))) {
        status = folder_refresh(&step->op, step->account);
        folders = step_watched(step, &any, &count);
    }
    *polls_out = false;
    for (size_t i = 0; i < count; i++)
        *polls_out |= !is_told_of(&folders[i]);
    return weigh(status, bring_up_to_date(step, folders, count, taken->since));
}

/* Whether there are folders that a subscription to named ones knows nothing of.
 * Both lists are in the order of numbers. */
static bool has_new_folders(struct step *step)
{
    const struct vigil *vigil = step->vigil;
    struct index_folder *folders;
    size_t count, named = 0;

    if (vigil->all || vigil->watch == NULL ||
        index_folders(&step->op, step->account->index, &folders, &count) !=
            STATUS_OK)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!step_subscribes_to(&folders[i]))
            continue;
        while (named < vigil->folder_count &&
               vigil->folders[named] < folders[i].id)
            named++;
        if (named == vigil->folder_count ||
            vigil->folders[named] != folders[i].id)
            return true;
    }
    return false;
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
    bool renew = taken.tree && status == STATUS_OK && has_new_folders(&step);
    step_note(&step, status);
    watcher_lock(vigil->watcher);
    vigil->polls = polls;
    if (renew)
        vigil_renew_soon(vigil);
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
