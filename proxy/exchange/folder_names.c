/*
 * folder_names.c - the names of folders, to which clients subscribe
 *
 * A name is all names from the top down.  Each look at the tree notes under
 * which a folder is shown, so that the index knows what a folder was called
 * that is gone or has another name now.
 */
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/changes_private.h"
#include "proxy/exchange/folder_tree.h"

const char *tree_name(struct op *op, struct node *node)
{
    if (node->name == NULL)
        node->name =
            node->parent == NULL
                ? node->folder.name
                : arena_printf(op->arena, "%s" FOLDER_LEVEL "%s",
                               tree_name(op, node->parent), node->folder.name);
    return node->name;
}

static bool is_in_trash(const struct node *node)
{
    for (; node != NULL; node = node->parent)
        if (node->known->use == FOLDER_TRASH)
            return true;
    return false;
}

/* What stands for a store is in no index. */
static struct index_showing *find_moved(struct op *op, const struct tree *tree,
                                        size_t *count_out)
{
    struct index_showing *moved =
        arena_array(op->arena, tree->count + 1, sizeof *moved);
    size_t count = 0;

    for (size_t i = 0; i < tree->count; i++) {
        struct node *node = &tree->nodes[i];

        if (node->visible && node->folder.id > 0 &&
            !str_equal(tree_name(op, node), node->known->shown))
            moved[count++] =
                (struct index_showing){ node->folder.id, node->known->shown,
                                        tree_name(op, node),
                                        is_in_trash(node) };
    }
    *count_out = count;
    return moved;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What has the name of no folder is lost. */
static void mark_subscribed(struct op *op, struct tree *tree,
                            const char **names, size_t count)
{
    bool *found = arena_alloc(op->arena, count + 1);

    for (size_t i = 0; i < tree->count; i++) {
        struct node *node = &tree->nodes[i];

        if (!node->visible)
            continue;
        const char *name = tree_name(op, node);
        const char **place =
            bsearch(&name, names, count, sizeof *names, compare_names);
        node->folder.subscribed = place != NULL;
        if (place != NULL)
            found[place - names] = true;
    }
    tree->lost = arena_array(op->arena, count + 1, sizeof *tree->lost);
    tree->lost_count = 0;
    for (size_t i = 0; i < count; i++)
        if (!found[i])
            tree->lost[tree->lost_count++] = names[i];
}

enum status tree_subscribe(struct op *op, struct account *account,
                           struct tree *tree)
{
    size_t moved_count, count;
    const char **names;
    struct index_showing *moved = find_moved(op, tree, &moved_count);

    /* A disk that takes nothing more lets the tree be seen all the same. */
    if (moved_count > 0)
        index_shown(op, account->index, moved, moved_count);
    enum status status = index_names(op, account->index, &names, &count);
    if (status == STATUS_OK)
        mark_subscribed(op, tree, names, count);
    return status;
}

/* --- For clients --------------------------------------------------------- */

static enum status subscribe(struct op *op, struct account *account,
                             const char *name, bool subscribed)
{
    enum status status =
        index_name_subscribe(op, account->index, name, subscribed);

    if (status == STATUS_OK)
        changes_tell(account, 0);
    return status;
}

enum status folder_subscribe(struct op *op, struct account *account, int64_t id,
                             bool subscribed)
{
    struct tree tree;
    enum status status = tree_load(op, account, &tree);
    struct node *node = status == STATUS_OK ? tree_find(&tree, id) : NULL;

    if (status != STATUS_OK)
        return status;
    if (node == NULL || !node->visible)
        return op_fail(op, STATUS_NO_FOLDER, "the folder is gone");
    return subscribe(op, account, tree_name(op, node), subscribed);
}

enum status folder_lost_names(struct op *op, struct account *account,
                              const char ***names_out, size_t *count_out)
{
    struct tree tree;
    enum status status = tree_load(op, account, &tree);

    if (status != STATUS_OK)
        return status;
    *names_out = tree.lost;
    *count_out = tree.lost_count;
    return STATUS_OK;
}

enum status folder_forget_name(struct op *op, struct account *account,
                               const char *name)
{
    return subscribe(op, account, name, false);
}
