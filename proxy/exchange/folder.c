/*
 * folder.c - the folder tree of an account
 *
 * Exchange names its standard folders in the language of the mailbox; here they have
 * the names that mail programs know.  An ordinary folder that has one of these names
 * already gets " (2)" behind it, or the first number that is free; Exchange itself
 * never has two of a name in one place.
 */
#include "proxy/exchange/folder.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/changes_private.h"
#include "proxy/exchange/mail_private.h"

/* NULL: it keeps the name that it has in the mailbox. */
/* clang-format off */
static const char *const standard_names[FOLDER_USE_COUNT] = {
    [FOLDER_INBOX]   = "INBOX",
    [FOLDER_DRAFTS]  = "Drafts",
    [FOLDER_SENT]    = "Sent",
    [FOLDER_TRASH]   = "Trash",
    [FOLDER_JUNK]    = "Junk",
    [FOLDER_ARCHIVE] = "Archive",
    [FOLDER_OUTBOX]  = "Outbox",
};
/* clang-format on */

/* --- The tree as we show it ---------------------------------------------------------------- */

struct node {
    const struct index_folder *known;
    struct folder folder;
    struct node *parent;          /* NULL at the top */
    bool visible;
};

struct tree {
    struct node *nodes;
    size_t count;
};

static struct node *find_remote(const struct tree *tree, const char *remote)
{
    for (size_t i = 0; i < tree->count; i++)
        if (str_equal(tree->nodes[i].known->remote, remote))
            return &tree->nodes[i];
    return NULL;
}

static struct node *find_id(const struct tree *tree, int64_t id)
{
    for (size_t i = 0; i < tree->count; i++)
        if (tree->nodes[i].folder.id == id)
            return &tree->nodes[i];
    return NULL;
}

/* Hidden folders hide what is in them; a circle, which cannot be, is cut. */
static bool is_visible(const struct tree *tree, const struct node *node)
{
    for (size_t depth = 0; node != NULL; node = node->parent)
        if (node->known->hidden || depth++ > tree->count)
            return false;
    return true;
}

static bool is_name_taken(const struct tree *tree, const struct node *asking,
                          const char *name)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct node *node = &tree->nodes[i];

        if (node != asking && node->visible && node->parent == asking->parent &&
            node->folder.name != NULL && str_equal_nocase(node->folder.name, name))
            return true;
    }
    return false;
}

/* The standard ones first, then the others in the order in which we have met them. */
static void give_names(struct op *op, const struct tree *tree)
{
    for (size_t i = 0; i < tree->count; i++)
        if (tree->nodes[i].visible)
            tree->nodes[i].folder.name = standard_names[tree->nodes[i].known->use];
    for (size_t i = 0; i < tree->count; i++) {
        struct node *node = &tree->nodes[i];

        if (!node->visible || node->folder.name != NULL)
            continue;
        const char *name = node->known->name;
        for (unsigned n = 2; is_name_taken(tree, node, name); n++)
            name = arena_printf(op->arena, "%s (%u)", node->known->name, n);
        node->folder.name = name;
    }
}

static enum status load_tree(struct op *op, struct account *account, struct tree *tree)
{
    struct index_folder *known;
    enum status status = index_folders(op, account->index, &known, &tree->count);

    if (status != STATUS_OK)
        return status;
    tree->nodes = arena_array(op->arena, tree->count + 1, sizeof *tree->nodes);
    for (size_t i = 0; i < tree->count; i++) {
        tree->nodes[i].known = &known[i];
        tree->nodes[i].folder = (struct folder){
            .id = known[i].id,
            .kind = known[i].kind,
            .use = known[i].use,
            .subscribed = known[i].subscribed,
            .uid_validity = known[i].uid_validity,
        };
    }
    for (size_t i = 0; i < tree->count; i++)
        tree->nodes[i].parent = find_remote(tree, known[i].parent);
    for (size_t i = 0; i < tree->count; i++) {
        struct node *node = &tree->nodes[i];

        node->visible = is_visible(tree, node);
        node->folder.parent = node->parent != NULL ? node->parent->folder.id : 0;
    }
    give_names(op, tree);
    return STATUS_OK;
}

static size_t depth_of(const struct node *node)
{
    size_t depth = 0;

    for (; node->parent != NULL; node = node->parent)
        depth++;
    return depth;
}

/* Parents before children, siblings by name. */
static int compare_nodes(const void *a, const void *b)
{
    const struct node *left = *(struct node *const *)a, *right = *(struct node *const *)b;
    size_t left_depth = depth_of(left), right_depth = depth_of(right);

    if (left_depth != right_depth)
        return left_depth < right_depth ? -1 : 1;
    int order = str_compare_nocase(left->folder.name, right->folder.name);
    return order != 0 ? order : strcmp(left->folder.name, right->folder.name);
}

static struct folder *list_visible(struct op *op, const struct tree *tree, size_t *count_out)
{
    struct node **shown = arena_array(op->arena, tree->count + 1, sizeof(struct node *));
    size_t count = 0;

    for (size_t i = 0; i < tree->count; i++)
        if (tree->nodes[i].visible)
            shown[count++] = &tree->nodes[i];
    qsort(shown, count, sizeof(struct node *), compare_nodes);
    struct folder *folders = arena_array(op->arena, count + 1, sizeof *folders);
    for (size_t i = 0; i < count; i++)
        folders[i] = shown[i]->folder;
    *count_out = count;
    return folders;
}

/* --- Asking Exchange ---------------------------------------------------------------------------- */

struct look {
    struct op *op;
    struct account *account;
    enum status status;
    bool changed;
};

static bool take_page(void *context, const struct remote_folder_change *changes,
                      size_t count, const char *state, bool last)
{
    struct look *look = context;

    look->status = index_folders_page(look->op, look->account->index, changes, count, state,
                                      last, &look->changed);
    return look->status == STATUS_OK;
}

static enum status look_once(struct look *look, struct remote *remote, const char *state)
{
    look->status = STATUS_OK;
    enum status status =
        account_told(look->account, remote->backend->folders_sync(look->op, remote, state,
                                                                  take_page, look));
    return look->status != STATUS_OK ? look->status : status;
}

static enum status run_look(struct op *op, struct account *account)
{
    struct look look = { .op = op, .account = account };
    struct remote *remote;
    uint64_t begun = time_monotonic_ms();
    enum status status = account_remote(op, account, &remote);

    if (status != STATUS_OK)
        return status;
    const char *state = index_folders_state(op, account->index);
    status = STATUS_STALE;
    if (state != NULL)
        status = look_once(&look, remote, state);
    if (status == STATUS_STALE) {
        status = index_folders_restart(op, account->index);
        if (status == STATUS_OK)
            status = look_once(&look, remote, NULL);
    }
    if (look.changed)
        mail_changed(op, account, 0);
    if (status == STATUS_OK)
        atomic_store(&account->tree_looked_ms, begun);
    return status;
}

enum status folder_refresh(struct op *op, struct account *account)
{
    enum status status;

    if (!flight_begin(op, &account->tree, &status)) {
        if (status != STATUS_OK && status != STATUS_CANCELLED)
            op_fail(op, status, "as another session's look at the same time");
        return status;
    }
    status = run_look(op, account);
    flight_end(&account->tree, status);
    return status;
}

static bool is_tree_fresh(struct account *account)
{
    uint64_t looked = atomic_load(&account->tree_looked_ms);
    uint64_t interval = 1000u * (uint64_t)account_settings(account)->exchange.folder_interval;

    return looked != 0 && time_monotonic_ms() - looked < interval;
}

/* The tree as it is known, and asked for when it is old.  When Exchange cannot be
 * asked, an old one is better than none. */
static enum status current_tree(struct op *op, struct account *account, struct tree *tree)
{
    enum status asked = is_tree_fresh(account) ? STATUS_OK : folder_refresh(op, account);
    enum status status = load_tree(op, account, tree);

    if (status == STATUS_OK && asked != STATUS_OK && tree->count == 0)
        return asked;
    return asked == STATUS_CANCELLED ? asked : status;
}

enum status folder_list(struct op *op, struct account *account,
                        struct folder **folders_out, size_t *count_out)
{
    struct tree tree;
    enum status status = current_tree(op, account, &tree);

    if (status == STATUS_OK)
        *folders_out = list_visible(op, &tree, count_out);
    return status;
}

enum status folder_by_use(struct op *op, struct account *account, enum folder_use use,
                          struct folder *folder_out)
{
    struct tree tree;
    enum status status = current_tree(op, account, &tree);

    for (size_t i = 0; status == STATUS_OK && i < tree.count; i++)
        if (tree.nodes[i].visible && tree.nodes[i].folder.use == use) {
            *folder_out = tree.nodes[i].folder;
            return STATUS_OK;
        }
    return status != STATUS_OK ? status
                               : op_fail(op, STATUS_NO_FOLDER, "no folder of this use");
}

/* --- Changing the tree ------------------------------------------------------------------------------ */

/* A sibling that has the name here or at Exchange. */
static bool is_occupied(const struct tree *tree, const struct node *parent, const char *name,
                        const struct node *except)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct node *node = &tree->nodes[i];

        if (node == except || node->parent != parent)
            continue;
        if (str_equal_nocase(node->known->name, name) ||
            (node->folder.name != NULL && str_equal_nocase(node->folder.name, name)))
            return true;
    }
    return false;
}

/* `parent_out` is NULL for the top. */
static enum status find_parent(struct op *op, const struct tree *tree, int64_t parent,
                               struct node **parent_out)
{
    *parent_out = parent != 0 ? find_id(tree, parent) : NULL;
    if (parent != 0 && *parent_out == NULL)
        return op_fail(op, STATUS_NO_FOLDER, "the parent folder is gone");
    return STATUS_OK;
}

/* The answer to a creation was lost: looks whether the folder is there now. */
static enum status find_created(struct op *op, struct account *account, int64_t parent,
                                const char *name, int64_t *id_out)
{
    struct tree tree;
    struct node *above;
    enum status status = folder_refresh(op, account);

    if (status == STATUS_OK)
        status = load_tree(op, account, &tree);
    if (status == STATUS_OK)
        status = find_parent(op, &tree, parent, &above);
    if (status != STATUS_OK)
        return op_fail(op, STATUS_UNCERTAIN, "the folder may have been created");
    for (size_t i = 0; i < tree.count; i++)
        if (tree.nodes[i].parent == above && str_equal(tree.nodes[i].known->name, name)) {
            *id_out = tree.nodes[i].folder.id;
            return STATUS_OK;
        }
    return op_fail(op, STATUS_NOT_FOUND, "the folder has not been created");
}

static enum status keep_created(struct op *op, struct account *account,
                                const struct node *parent, enum folder_kind kind,
                                const char *name, const char *remote, int64_t *id_out)
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

static enum status create(struct op *op, struct account *account, struct remote *remote,
                          const struct node *parent, enum folder_kind kind, const char *name,
                          int64_t *id_out)
{
    const char *id = NULL;
    enum status status = account_told(
        account, remote->backend->folder_create(
                     op, remote, parent != NULL ? parent->known->remote : NULL, kind, name, &id));

    if (status == STATUS_OK)
        return keep_created(op, account, parent, kind, name, id, id_out);
    if (status != STATUS_UNCERTAIN)
        return status;
    return find_created(op, account, parent != NULL ? parent->folder.id : 0, name, id_out);
}

enum status folder_create(struct op *op, struct account *account, int64_t parent,
                          enum folder_kind kind, const char *name, int64_t *id_out)
{
    struct tree tree;
    struct node *above;
    struct remote *remote;
    enum status status = current_tree(op, account, &tree);

    if (status == STATUS_OK)
        status = find_parent(op, &tree, parent, &above);
    if (status != STATUS_OK)
        return status;
    if (is_occupied(&tree, above, name, NULL))
        return op_fail(op, STATUS_EXISTS, "a folder of this name is there already");
    status = account_remote(op, account, &remote);
    for (int tries = 0; status == STATUS_OK && tries < WRITE_TRIES; tries++) {
        status = create(op, account, remote, above, kind, name, id_out);
        if (status != STATUS_NOT_FOUND) /* surely not created: once more */
            return status;
        status = STATUS_OK;
    }
    return status != STATUS_OK
               ? status
               : op_fail(op, STATUS_UNAVAILABLE, "the answers to the creation were lost");
}

/* A repeated update does no harm: both the name and the parent are absolute. */
static enum status update(struct op *op, struct account *account, struct remote *remote,
                          const char *id, const char *name, const char *parent)
{
    enum status status = STATUS_UNCERTAIN;

    for (int tries = 0; status == STATUS_UNCERTAIN && tries < WRITE_TRIES; tries++)
        status = account_told(account,
                              remote->backend->folder_update(op, remote, id, name, parent));
    return status;
}

static bool is_below(const struct node *node, const struct node *above)
{
    for (; node != NULL; node = node->parent)
        if (node == above)
            return true;
    return false;
}

static enum status check_rename(struct op *op, const struct tree *tree, int64_t id,
                                int64_t parent, const char *name, struct node **node_out,
                                struct node **above_out)
{
    enum status status = find_parent(op, tree, parent, above_out);

    *node_out = find_id(tree, id);
    if (status != STATUS_OK)
        return status;
    if (*node_out == NULL)
        return op_fail(op, STATUS_NO_FOLDER, "the folder is gone");
    if ((*node_out)->known->use != FOLDER_PLAIN)
        return op_fail(op, STATUS_CANNOT, "a standard folder keeps its name and place");
    if (is_below(*above_out, *node_out))
        return op_fail(op, STATUS_CANNOT, "a folder cannot be moved below itself");
    if (is_occupied(tree, *above_out, name, *node_out))
        return op_fail(op, STATUS_EXISTS, "a folder of this name is there already");
    return STATUS_OK;
}

enum status folder_rename(struct op *op, struct account *account, int64_t id,
                          int64_t parent, const char *name)
{
    struct tree tree;
    struct node *node, *above;
    struct remote *remote;
    enum status status = current_tree(op, account, &tree);

    if (status == STATUS_OK)
        status = check_rename(op, &tree, id, parent, name, &node, &above);
    if (status != STATUS_OK)
        return status;
    const char *new_name =
        str_equal(name, node->folder.name) && above == node->parent ? NULL : name;
    if (str_equal(new_name, node->known->name))
        new_name = NULL;
    const char *new_parent =
        above == node->parent ? NULL : above != NULL ? above->known->remote : "";
    if (new_name == NULL && new_parent == NULL)
        return STATUS_OK;
    status = account_remote(op, account, &remote);
    if (status == STATUS_OK)
        status = update(op, account, remote, node->known->remote, new_name, new_parent);
    if (status == STATUS_OK)
        status = index_folder_rename(op, account->index, id, new_name, new_parent);
    else
        atomic_store(&account->tree_looked_ms, 0); /* one of the two may be done */
    changes_tell(account, 0);
    return status;
}

static bool is_in_trash(const struct node *node)
{
    for (; node != NULL; node = node->parent)
        if (node->known->use == FOLDER_TRASH)
            return true;
    return false;
}

static enum status check_delete(struct op *op, const struct tree *tree,
                                const struct node *node)
{
    if (node == NULL)
        return op_fail(op, STATUS_NO_FOLDER, "the folder is gone");
    if (node->known->use != FOLDER_PLAIN)
        return op_fail(op, STATUS_CANNOT, "a standard folder cannot be deleted");
    for (size_t i = 0; i < tree->count; i++)
        if (tree->nodes[i].parent == node)
            return op_fail(op, STATUS_CANNOT, "there are folders below it");
    return STATUS_OK;
}

static enum status delete(struct op *op, struct account *account, const char *id,
                          enum remote_delete how)
{
    struct remote *remote;
    enum status status = account_remote(op, account, &remote);

    if (status != STATUS_OK)
        return status;
    status = STATUS_UNCERTAIN;
    for (int tries = 0; status == STATUS_UNCERTAIN && tries < WRITE_TRIES; tries++) {
        status = account_told(account, remote->backend->folder_delete(op, remote, id, how));
        if (tries > 0 && (status == STATUS_NO_FOLDER || status == STATUS_NOT_FOUND))
            return STATUS_OK;
    }
    return status;
}

enum status folder_delete(struct op *op, struct account *account, int64_t id)
{
    struct tree tree;
    enum status status = folder_refresh(op, account); /* its children of this moment */

    if (status == STATUS_OK)
        status = load_tree(op, account, &tree);
    if (status != STATUS_OK)
        return status;
    struct node *node = find_id(&tree, id);
    status = check_delete(op, &tree, node);
    if (status != STATUS_OK)
        return status;
    enum remote_delete how = delete_how(account, is_in_trash(node));
    status = delete(op, account, node->known->remote, how);
    if (status == STATUS_OK && how == REMOTE_DELETE_TO_TRASH)
        folder_refresh(op, account); /* it lives on below the trash */
    else if (status == STATUS_OK)
        status = index_folder_remove(op, account->index, id);
    mail_changed(op, account, 0);
    return status;
}

enum status folder_subscribe(struct op *op, struct account *account, int64_t id,
                             bool subscribed)
{
    return index_folder_subscribe(op, account->index, id, subscribed);
}
