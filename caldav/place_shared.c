/*
 * place_shared.c - the mailboxes of others that are known, how far they are
 * open, and public folders
 */
#include "caldav/place_private.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* How deep and how wide public folders are looked at for a list of them. */
#define PUBLIC_LEVELS 4
#define PUBLIC_AT_ONCE 300

#define CHANGES (FOLDER_MAY_MODIFY | FOLDER_MAY_DELETE | FOLDER_MAY_ADD)

/* What cannot be looked at is as it was. */
static void look_at_shared(struct dav_tree *tree)
{
    if (tree->shared_seen)
        return;
    tree->shared_seen = true;
    if (folder_look(tree->op, tree->account, 1u << FOLDER_SHARED, NULL) ==
        STATUS_OK)
        dav_tree_reload(tree);
}

const char **dav_shared(struct dav_tree *tree)
{
    size_t count = 0;

    look_at_shared(tree);
    const struct folder *shared =
        dav_tree_store_top(tree, FOLDER_SHARED, 0, NULL);
    const char **mails =
        arena_array(tree->op->arena, tree->count + 1, sizeof *mails);
    for (size_t i = 0; shared != NULL && i < tree->count; i++)
        if (tree->folders[i].parent == shared->id && tree->folders[i].id < 0)
            mails[count++] = tree->folders[i].name;
    return mails;
}

const char **dav_proxied(struct dav_tree *tree, bool write)
{
    const struct dav_word *word = dav_word_find("calendar");
    const char **mails = dav_shared(tree);
    size_t count = 0;

    for (size_t i = 0; mails[i] != NULL; i++) {
        const struct folder *top = dav_tree_shared_top(tree, mails[i]);
        const struct folder *calendar =
            top != NULL ? dav_tree_main(tree, top->id, word) : NULL;

        if (calendar == NULL)
            continue;
        bool open = (calendar->lacks & CHANGES) == 0 && !calendar->read_only;
        if (open == write)
            mails[count++] = mails[i];
    }
    mails[count] = NULL;
    return mails;
}

bool dav_is_proxied(struct dav_tree *tree, const char *mail, bool write)
{
    const char **mails = dav_proxied(tree, write);

    while (*mails != NULL && !str_equal_nocase(*mails, mail))
        mails++;
    return *mails != NULL;
}

/* --- Public folders ------------------------------------------------------- */

static size_t find_unopened(const struct dav_tree *tree, int64_t ids[])
{
    size_t count = 0;

    for (size_t i = 0; i < tree->count && count < PUBLIC_AT_ONCE; i++) {
        const struct folder *folder = &tree->folders[i];

        if (folder->store == FOLDER_PUBLIC && folder->id > 0 &&
            folder->more_below)
            ids[count++] = folder->id;
    }
    return count;
}

enum status dav_look_at_public(struct dav_tree *tree)
{
    int64_t *ids = arena_array(tree->op->arena, PUBLIC_AT_ONCE, sizeof *ids);
    enum status status = STATUS_OK;

    for (int level = 0; level < PUBLIC_LEVELS && status == STATUS_OK; level++) {
        size_t count = find_unopened(tree, ids);

        if (count == 0)
            break;
        status = folder_look_below(tree->op, tree->account, ids, count);
        if (status == STATUS_OK)
            status = dav_tree_reload(tree);
    }
    return status;
}
