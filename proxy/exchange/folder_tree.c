/*
 * folder_tree.c - the folder tree as we show it
 *
 * Exchange names its standard folders in the language of the mailbox; here they
 * have the names that mail programs know.  An ordinary folder that has one of
 * these names already gets " (2)" behind it, or the first number that is free;
 * Exchange itself never has two of a name in one place.
 */
#include "proxy/exchange/folder_tree.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/table.h"
#include "proxy/base/time.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/mail_private.h"
#include "proxy/exchange/watcher.h"

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

/* --- The tree as we show it ---------------------------------------------- */

struct node *tree_find(const struct tree *tree, int64_t id)
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
        if (node->known->hidden || node->lost || depth++ > tree->count)
            return false;
    return true;
}

/* Takes a name beside those of the same parent; false: another node has it. */
static bool take_name(struct op *op, struct table *names, struct node *node,
                      const char *name)
{
    int64_t parent = node->parent != NULL ? node->parent->folder.id : 0;
    char *key = str_lower(arena_strdup(op->arena, name));

    return table_add(names, parent, key, node) == node;
}

/* The standard ones first, then the others in the order in which we have met
 * them. */
static void give_names(struct op *op, const struct tree *tree)
{
    struct table *names = table_new(op->arena);

    for (size_t i = 0; i < tree->count; i++) {
        struct node *node = &tree->nodes[i];

        if (node->visible && node->folder.id > 0)
            node->folder.name = standard_names[node->known->use];
        if (node->visible && node->folder.name != NULL)
            take_name(op, names, node, node->folder.name);
    }
    for (size_t i = 0; i < tree->count; i++) {
        struct node *node = &tree->nodes[i];

        if (!node->visible || node->folder.name != NULL)
            continue;
        const char *name = node->known->name;
        for (unsigned n = 2; !take_name(op, names, node, name); n++)
            name = arena_printf(op->arena, "%s (%u)", node->known->name, n);
        node->folder.name = name;
    }
}

/* --- Other stores -------------------------------------------------------- */

/* What stands at the top for a store is a folder of ours, -1 and below. */
#define TOP_OF(kind) (-(int64_t)(kind))
#define TOP_OF_STORE(store) (-(int64_t)FOLDER_STORE_COUNT - (store)->id)

struct stores {
    struct index_store *list;
    size_t count;
    char **addresses; /* that the settings want to be shown */
};

static struct node *add_top(struct op *op, struct tree *tree, int64_t id,
                            enum folder_store kind, const char *name)
{
    struct index_folder *known = arena_alloc(op->arena, sizeof *known);
    struct node *node = &tree->nodes[tree->count++];

    *known = (struct index_folder){
        .id = id, .remote = "", .name = name, .kind = FOLDER_OTHER, .store = id
    };
    *node = (struct node){
        .known = known,
        .folder = { .id = id,
                    .kind = FOLDER_OTHER,
                    .name = name,
                    .store = kind,
                    .lacks = ~0u,
                    .read_only = true },
    };
    return node;
}

static bool is_shown(const struct stores *stores,
                     const struct index_store *store)
{
    bool shown = store->named;

    for (size_t i = 0; stores->addresses[i] != NULL; i++)
        shown |= str_equal_nocase(stores->addresses[i], store->address);
    return shown;
}

static const struct index_store *find_store(const struct stores *stores,
                                            enum folder_store kind)
{
    for (size_t i = 0; i < stores->count; i++)
        if (stores->list[i].kind == kind)
            return &stores->list[i];
    return NULL;
}

/* Shared/<address> for each of them. */
static void add_shared(struct op *op, struct tree *tree,
                       const struct stores *stores)
{
    bool known = find_store(stores, FOLDER_SHARED) != NULL;

    /* A folder of one's own may have the name as long as nobody needs it. */
    if (!known && *stores->addresses == NULL)
        return;
    struct node *top = add_top(op, tree, TOP_OF(FOLDER_SHARED), FOLDER_SHARED,
                               folder_store_name(FOLDER_SHARED));
    top->folder.more_below = !known;
    for (size_t i = 0; i < stores->count; i++)
        if (stores->list[i].kind == FOLDER_SHARED &&
            is_shown(stores, &stores->list[i]))
            add_top(op, tree, TOP_OF_STORE(&stores->list[i]), FOLDER_SHARED,
                    stores->list[i].address)
                ->parent = top;
}

/* What has never been looked at may hold anything. */
static void add_tops(struct op *op, struct account *account, struct tree *tree,
                     const struct stores *stores)
{
    if (folder_store_is_shown(account, FOLDER_SHARED))
        add_shared(op, tree, stores);
    for (enum folder_store kind = FOLDER_PUBLIC; kind < FOLDER_STORE_COUNT;
         kind++)
        if (folder_store_is_shown(account, kind))
            add_top(op, tree, TOP_OF(kind), kind, folder_store_name(kind))
                ->folder.more_below = find_store(stores, kind) == NULL;
}

/* The tops stand behind the `count` folders of Exchange's. */
static struct node *find_top(const struct tree *tree,
                             const struct index_store *store, size_t count)
{
    int64_t id = store->kind == FOLDER_SHARED ? TOP_OF_STORE(store)
                                              : TOP_OF(store->kind);

    for (size_t i = count; i < tree->count; i++)
        if (tree->nodes[i].folder.id == id)
            return &tree->nodes[i];
    return NULL;
}

/* Puts the folders of other stores below their top; those of a store that is
 * not shown are not shown. */
static void place_nodes(struct op *op, struct tree *tree,
                        const struct stores *stores, size_t count)
{
    struct table *nodes = table_new(op->arena);
    struct table *known = table_new(op->arena);

    for (size_t i = 0; i < count; i++)
        table_add(nodes, tree->nodes[i].known->store,
                  tree->nodes[i].known->remote, &tree->nodes[i]);
    for (size_t i = 0; i < stores->count; i++)
        table_add(known, stores->list[i].id, NULL, &stores->list[i]);
    for (size_t i = 0; i < count; i++) {
        struct node *node = &tree->nodes[i];

        if (node->known->parent != NULL)
            node->parent =
                table_find(nodes, node->known->store, node->known->parent);
        if (node->known->store == 0)
            continue;
        const struct index_store *store =
            table_find(known, node->known->store, NULL);
        struct node *top =
            store != NULL ? find_top(tree, store, count) : NULL;
        node->lost = top == NULL;
        if (node->parent == NULL)
            node->parent = top;
        if (store != NULL)
            node->folder.store = store->kind;
        node->folder.read_only |= node->folder.store == FOLDER_RECOVERABLE ||
                                  node->folder.store == FOLDER_SEARCHES;
    }
}

/* --- All of it ----------------------------------------------------------- */

static struct folder folder_of(const struct index_folder *known)
{
    const unsigned changes =
        FOLDER_MAY_MODIFY | FOLDER_MAY_DELETE | FOLDER_MAY_ADD;

    return (struct folder){
        .id = known->id,
        .kind = known->kind,
        .use = known->use,
        .uid_validity = known->uid_validity,
        .lacks = known->lacks,
        .read_only = (known->lacks & changes) == changes,
        .more_below = known->more_below,
    };
}

enum status tree_load(struct op *op, struct account *account, struct tree *tree)
{
    struct stores stores = { .addresses = store_addresses(op, account) };
    struct index_folder *known;
    size_t count;
    enum status status = index_folders(op, account->index, &known, &count);

    if (status == STATUS_OK)
        status = index_stores(op, account->index, &stores.list, &stores.count);
    if (status != STATUS_OK)
        return status;
    tree->nodes =
        arena_array(op->arena, count + FOLDER_STORE_COUNT + stores.count,
                    sizeof *tree->nodes);
    for (size_t i = 0; i < count; i++) {
        tree->nodes[i].known = &known[i];
        tree->nodes[i].folder = folder_of(&known[i]);
    }
    tree->count = count;
    add_tops(op, account, tree, &stores);
    place_nodes(op, tree, &stores, count);
    for (size_t i = 0; i < tree->count; i++) {
        struct node *node = &tree->nodes[i];

        node->visible = is_visible(tree, node);
        node->folder.parent =
            node->parent != NULL ? node->parent->folder.id : 0;
    }
    give_names(op, tree);
    return tree_subscribe(op, account, tree);
}

bool tree_is_in_trash(struct op *op, struct account *account, int64_t id)
{
    struct tree tree;
    const struct node *node = NULL;

    if (tree_load(op, account, &tree) == STATUS_OK)
        node = tree_find(&tree, id);
    for (; node != NULL; node = node->parent)
        if (node->known->use == FOLDER_TRASH || node->known->store != 0)
            return true;
    return false;
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
    const struct node *left = *(struct node *const *)a,
                      *right = *(struct node *const *)b;
    size_t left_depth = depth_of(left), right_depth = depth_of(right);

    if (left_depth != right_depth)
        return left_depth < right_depth ? -1 : 1;
    int order = str_compare_nocase(left->folder.name, right->folder.name);
    return order != 0 ? order : strcmp(left->folder.name, right->folder.name);
}

static struct folder *list_visible(struct op *op, const struct tree *tree,
                                   size_t *count_out)
{
    struct node **shown =
        arena_array(op->arena, tree->count + 1, sizeof(struct node *));
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

/* --- How old it may be ---------------------------------------------------- */

static bool is_tree_fresh(struct account *account)
{
    uint64_t looked = atomic_load(&account->tree_looked_ms);
    uint64_t interval =
        1000u * (uint64_t)account_settings(account)->exchange.folder_interval;

    if (looked == 0)
        return false;
    if (time_monotonic_ms() - looked < interval)
        return true;
    /* It is as good as new while it is being watched. */
    return account_knows_tree(account, 0) &&
           watcher_vouches(account, 0, atomic_load(&account->tree_looked));
}

static bool has_own(const struct tree *tree)
{
    return tree->count > 0 && tree->nodes[0].known->store == 0;
}

/* When Exchange cannot be asked, an old tree is better than none. */
enum status tree_current(struct op *op, struct account *account,
                         struct tree *tree)
{
    enum status asked =
        is_tree_fresh(account) ? STATUS_OK : folder_refresh(op, account);
    enum status status = tree_load(op, account, tree);

    if (status == STATUS_OK && asked != STATUS_OK && !has_own(tree))
        return asked;
    return asked == STATUS_CANCELLED ? asked : status;
}

enum status folder_list(struct op *op, struct account *account,
                        struct folder **folders_out, size_t *count_out)
{
    struct tree tree;
    enum status status = tree_current(op, account, &tree);

    if (status == STATUS_OK)
        *folders_out = list_visible(op, &tree, count_out);
    return status;
}

enum status folder_get(struct op *op, struct account *account, int64_t id,
                       struct folder *folder_out)
{
    struct tree tree;
    enum status status = tree_load(op, account, &tree);
    struct node *node = status == STATUS_OK ? tree_find(&tree, id) : NULL;

    if (status == STATUS_OK && node == NULL)
        return op_fail(op, STATUS_NO_FOLDER, "the folder is gone");
    if (node != NULL)
        *folder_out = node->folder;
    return status;
}

enum status folder_by_use(struct op *op, struct account *account,
                          enum folder_use use, struct folder *folder_out)
{
    struct tree tree;
    enum status status = tree_current(op, account, &tree);

    for (size_t i = 0; status == STATUS_OK && i < tree.count; i++)
        if (tree.nodes[i].visible && tree.nodes[i].known->store == 0 &&
            tree.nodes[i].folder.use == use) {
            *folder_out = tree.nodes[i].folder;
            return STATUS_OK;
        }
    return status != STATUS_OK
               ? status
               : op_fail(op, STATUS_NO_FOLDER, "no folder of this use");
}
