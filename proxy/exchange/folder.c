/*
 * folder.c - creating, renaming and deleting folders
 *
 * The index follows what Exchange has confirmed.  When an answer is lost, the
 * tree is looked at before anything is repeated.
 */
#include "proxy/exchange/folder.h"

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/changes_private.h"
#include "proxy/exchange/credentials.h"
#include "proxy/exchange/folder_tree.h"
#include "proxy/exchange/mail_private.h"

/* A sibling that has the name here or at Exchange. */
static bool is_occupied(const struct tree *tree, const struct node *parent,
                        const char *name, const struct node *except)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct node *node = &tree->nodes[i];

        if (node == except || node->parent != parent)
            continue;
        if (str_equal_nocase(node->known->name, name) ||
            (node->folder.name != NULL &&
             str_equal_nocase(node->folder.name, name)))
            return true;
    }
    return false;
}

/* `parent_out` is NULL for the top. */
static enum status find_parent(struct op *op, const struct tree *tree,
                               int64_t parent, struct node **parent_out)
{
    *parent_out = parent != 0 ? tree_find(tree, parent) : NULL;
    if (parent != 0 && *parent_out == NULL)
        return op_fail(op, STATUS_NO_FOLDER, "the parent folder is gone");
    return STATUS_OK;
}

/* Looks at the tree that a folder is in; NULL: the top of one's own. */
static enum status refresh(struct op *op, struct account *account,
                           const struct node *node)
{
    return node == NULL || node->folder.id < 0
               ? folder_refresh(op, account)
               : store_refresh(op, account, node->known);
}

/* What stands for a store is no folder of Exchange's. */
static bool is_ours(const struct node *node)
{
    return node != NULL && node->folder.id < 0;
}

/* The folders of some stores are only looked at. */
static bool is_fixed(const struct node *node)
{
    return node != NULL && (node->folder.store == FOLDER_SEARCHES ||
                            node->folder.store == FOLDER_RECOVERABLE);
}

/* The answer to a creation was lost: looks whether the folder is there now. */
static enum status find_created(struct op *op, struct account *account,
                                int64_t parent, const char *name,
                                int64_t *id_out)
{
    struct tree tree;
    struct node *above;
    enum status status = tree_load(op, account, &tree);

    if (status == STATUS_OK)
        status = find_parent(op, &tree, parent, &above);
    if (status == STATUS_OK)
        status = refresh(op, account, above);
    if (status == STATUS_OK)
        status = tree_load(op, account, &tree);
    if (status == STATUS_OK)
        status = find_parent(op, &tree, parent, &above);
    if (status != STATUS_OK)
        return op_fail(op, STATUS_UNCERTAIN,
                       "the folder may have been created");
    for (size_t i = 0; i < tree.count; i++)
        if (tree.nodes[i].parent == above &&
            str_equal(tree.nodes[i].known->name, name)) {
            *id_out = tree.nodes[i].folder.id;
            return STATUS_OK;
        }
    return op_fail(op, STATUS_NOT_FOUND, "the folder has not been created");
}

static enum status keep_created(struct op *op, struct account *account,
                                const struct node *parent,
                                enum folder_kind kind, const char *name,
                                const char *remote, int64_t *id_out)
{
    struct remote_folder folder = {
        .id = remote, .name = name, .kind = kind, .syncable = true
    };

    if (parent != NULL)
        folder.parent = parent->known->remote;
    enum status status = index_folder_add(op, account->index, &folder, id_out);
    changes_tell(account, 0);
    return status;
}

static enum status create(struct op *op, struct account *account,
                          struct remote *remote, const struct node *parent,
                          enum folder_kind kind, const char *name,
                          int64_t *id_out)
{
    const char *id = NULL;
    enum status status = account_told(
        account, remote->backend->folder_create(
                     op, remote, parent != NULL ? parent->known->remote : NULL,
                     kind, name, &id));

    if (status == STATUS_OK)
        return keep_created(op, account, parent, kind, name, id, id_out);
    if (status != STATUS_UNCERTAIN)
        return status;
    return find_created(op, account, parent != NULL ? parent->folder.id : 0,
                        name, id_out);
}

enum status folder_create(struct op *op, struct account *account,
                          int64_t parent, enum folder_kind kind,
                          const char *name, int64_t *id_out)
{
    struct tree tree;
    struct node *above;
    struct remote *remote;
    enum status status = tree_current(op, account, &tree);

    if (status == STATUS_OK)
        status = find_parent(op, &tree, parent, &above);
    if (status != STATUS_OK)
        return status;
    if (is_ours(above))
        return op_fail(op, STATUS_CANNOT, "no folders beside a store's own");
    if (is_fixed(above))
        return op_fail(op, STATUS_CANNOT, "nothing can be made there");
    if (is_occupied(&tree, above, name, NULL))
        return op_fail(op, STATUS_EXISTS,
                       "a folder of this name is there already");
    status = account_remote_of(op, account, above != NULL ? above->known : NULL,
                               &remote);
    for (int tries = 0; status == STATUS_OK && tries < WRITE_TRIES; tries++) {
        status = create(op, account, remote, above, kind, name, id_out);
        if (status != STATUS_NOT_FOUND) /* surely not created: once more */
            return status;
        status = STATUS_OK;
    }
    return status != STATUS_OK
               ? status
               : op_fail(op, STATUS_UNAVAILABLE,
                         "the answers to the creation were lost");
}

/* A repeated update does no harm: both the name and the parent are absolute. */
static enum status update(struct op *op, struct account *account,
                          struct remote *remote, const char *id,
                          const char *name, const char *parent)
{
    enum status status = STATUS_UNCERTAIN;

    for (int tries = 0; status == STATUS_UNCERTAIN && tries < WRITE_TRIES;
         tries++)
        status = account_told(account, remote->backend->folder_update(
                                           op, remote, id, name, parent));
    return status;
}

/* What a folder below this one names as its parent. */
static const char *remote_of(const struct node *node)
{
    return node != NULL ? node->known->remote : "";
}

/*
 * Where the new place has a folder of the old name and the old place one of the
 * new name, it goes there under a name that nobody has.  What fails on the way
 * is taken back, also when the client has gone.
 */
static enum status update_by_way(struct op *op, struct account *account,
                                 struct remote *remote, const struct node *node,
                                 const char *name, const char *parent)
{
    const char *id = node->known->remote;
    char passing[17];

    random_hex(passing, sizeof passing - 1);
    enum status status = update(op, account, remote, id, passing, NULL);
    if (status != STATUS_OK)
        return status;
    status = update(op, account, remote, id, NULL, parent);
    if (status == STATUS_OK)
        status = update(op, account, remote, id, name, NULL);
    if (status == STATUS_OK)
        return status;
    struct op quiet = *op;
    quiet.cancelled = NULL;
    update(&quiet, account, remote, id, NULL, remote_of(node->parent));
    update(&quiet, account, remote, id, node->known->name, NULL);
    return status;
}

static int64_t store_of(const struct node *node)
{
    return node != NULL ? node->known->store : 0;
}

static bool is_below(const struct node *node, const struct node *above)
{
    for (; node != NULL; node = node->parent)
        if (node == above)
            return true;
    return false;
}

static enum status check_rename(struct op *op, const struct tree *tree,
                                int64_t id, int64_t parent, const char *name,
                                struct node **node_out, struct node **above_out)
{
    enum status status = find_parent(op, tree, parent, above_out);

    *node_out = tree_find(tree, id);
    if (status != STATUS_OK)
        return status;
    if (*node_out == NULL)
        return op_fail(op, STATUS_NO_FOLDER, "the folder is gone");
    if ((*node_out)->known->use != FOLDER_PLAIN || is_ours(*node_out) ||
        is_fixed(*node_out))
        return op_fail(op, STATUS_CANNOT,
                       "a standard folder keeps its name and place");
    if (*above_out != (*node_out)->parent &&
        (is_ours(*above_out) || store_of(*above_out) != store_of(*node_out)))
        return op_fail(op, STATUS_CANNOT, "a folder stays in its store");
    if (is_below(*above_out, *node_out))
        return op_fail(op, STATUS_CANNOT,
                       "a folder cannot be moved below itself");
    if (is_occupied(tree, *above_out, name, *node_out))
        return op_fail(op, STATUS_EXISTS,
                       "a folder of this name is there already");
    return STATUS_OK;
}

enum status folder_rename(struct op *op, struct account *account, int64_t id,
                          int64_t parent, const char *name)
{
    struct tree tree;
    struct node *node, *above;
    struct remote *remote;
    enum status status = tree_current(op, account, &tree);

    if (status == STATUS_OK)
        status = check_rename(op, &tree, id, parent, name, &node, &above);
    if (status != STATUS_OK)
        return status;
    const char *new_name =
        str_equal(name, node->folder.name) && above == node->parent ? NULL
                                                                    : name;
    if (str_equal(new_name, node->known->name))
        new_name = NULL;
    const char *new_parent = above == node->parent ? NULL : remote_of(above);
    if (new_name == NULL && new_parent == NULL)
        return STATUS_OK;
    status = account_remote_of(op, account, node->known, &remote);
    if (status == STATUS_OK && !flight_enter(op, &account->naming))
        status = STATUS_CANCELLED;
    if (status != STATUS_OK)
        return status;
    status = update(op, account, remote, node->known->remote, new_name,
                    new_parent);
    if (status == STATUS_EXISTS && new_name != NULL && new_parent != NULL)
        status =
            update_by_way(op, account, remote, node, new_name, new_parent);
    if (status == STATUS_OK)
        status =
            index_folder_rename(op, account->index, id, new_name, new_parent);
    else
        atomic_store(&account->tree_looked_ms,
                     0); /* one of the two may be done */
    flight_end(&account->naming, status);
    changes_tell(account, 0);
    return status;
}

static enum status check_delete(struct op *op, const struct tree *tree,
                                const struct node *node)
{
    if (node == NULL)
        return op_fail(op, STATUS_NO_FOLDER, "the folder is gone");
    if (node->known->use != FOLDER_PLAIN || is_ours(node) || is_fixed(node))
        return op_fail(op, STATUS_CANNOT,
                       "a standard folder cannot be deleted");
    for (size_t i = 0; i < tree->count; i++)
        if (tree->nodes[i].parent == node)
            return op_fail(op, STATUS_CANNOT, "there are folders below it");
    return STATUS_OK;
}

static enum status delete_remote(struct op *op, struct account *account,
                                 const struct index_folder *folder,
                                 enum remote_delete how)
{
    struct remote *remote;
    enum status status = account_remote_of(op, account, folder, &remote);

    if (status != STATUS_OK)
        return status;
    status = STATUS_UNCERTAIN;
    for (int i = 0; status == STATUS_UNCERTAIN && i < WRITE_TRIES; i++) {
        status = account_told(
            account, remote->backend->folder_delete(op, remote,
                                                    folder->remote, how));
        if (i > 0 && (status == STATUS_NO_FOLDER || status == STATUS_NOT_FOUND))
            return STATUS_OK;
    }
    return status;
}

enum status folder_delete(struct op *op, struct account *account, int64_t id)
{
    struct tree tree;
    enum status status = tree_load(op, account, &tree);

    /* Its children of this moment. */
    if (status == STATUS_OK)
        status = refresh(op, account, tree_find(&tree, id));
    if (status == STATUS_OK)
        status = tree_load(op, account, &tree);
    if (status != STATUS_OK)
        return status;
    struct node *node = tree_find(&tree, id);
    status = check_delete(op, &tree, node);
    if (status != STATUS_OK)
        return status;
    enum remote_delete how =
        delete_how(account, tree_is_in_trash(op, account, id));
    status = delete_remote(op, account, node->known, how);
    if (status == STATUS_OK && how == REMOTE_DELETE_TO_TRASH)
        folder_refresh(op, account); /* it lives on below the trash */
    else if (status == STATUS_OK)
        status = index_folder_remove(op, account->index, id);
    mail_changed(op, account, 0);
    return status;
}
