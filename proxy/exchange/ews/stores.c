/*
 * stores.c - the folders of other stores: other people's mailboxes, public
 * folders, the online archive, what can be recovered, and searches
 *
 * They are found, not synchronised: a search of the hierarchy brings all folders
 * of a store with the rights to them, up to a thousand in a call.  Public
 * folders can only be found level by level.  Of another person's mailbox one may
 * see all folders, or only those to which one has a right of one's own; then
 * the well-known ones are all that can be asked for.
 */
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/table.h"
#include "proxy/exchange/ews/finding.h"
#include "proxy/exchange/ews/places.h"

/* clang-format off */

/* Where each kind of store begins, and how its folders are found. */
static const struct {
    const char *root;
    bool deep;
    bool syncable;
    bool changeable;
} stores[FOLDER_STORE_COUNT] = {
    [FOLDER_SHARED]      = { "#msgfolderroot",        true,  true,  true },
    [FOLDER_PUBLIC]      = { "#publicfoldersroot",    false, false, true },
    [FOLDER_OLD_MAIL]    = { "#archivemsgfolderroot", true,  true,  true },
    [FOLDER_RECOVERABLE] = { NULL,                    false, false, false },
    [FOLDER_SEARCHES]    = { "#searchfolders",        false, false, false },
};

static const struct known in_recoverable[] = {
    { "#recoverableitemsdeletions", FOLDER_PLAIN },
    { "#recoverableitemspurges",    FOLDER_PLAIN },
    { "#recoverableitemsversions",  FOLDER_PLAIN },
    { NULL,                         FOLDER_PLAIN },
};
/* clang-format on */

/* --- Well-known folders --------------------------------------------------- */

static void take_known(void *context, size_t which, enum status status,
                       const struct xml_node *node)
{
    struct finding *finding = context;
    const char *id = xml_value(xml_child(node, "FolderId"), "Id");

    if (which == 0)
        finding->root = status;
    finding_note(finding, status);
    if (status != STATUS_OK || id == NULL)
        return;
    finding->ids[which] = arena_strdup(finding->arena, id);
    finding_take(finding, node);
    struct remote_folder *folder = &finding->folders[finding->count - 1];
    folder->id = finding->ids[which];
    folder->parent = NULL;
    folder->name = arena_strdup(finding->arena, folder->name);
    folder->more_below = false;
}

static enum status find_known(struct op *op, struct ews *ews,
                              struct finding *finding,
                              const struct known asked[])
{
    const char *names[PLACES_MAX];
    size_t count = 0;

    for (; asked[count].name != NULL; count++)
        names[count] = finding->store->kind == FOLDER_SHARED
                           ? arena_printf(op->arena, "%s:%s", asked[count].name,
                                          finding->store->address)
                           : asked[count].name;
    finding->asked = asked;
    finding->ids = arena_array(op->arena, count + 1, sizeof *finding->ids);
    finding->root = STATUS_NO_FOLDER;
    enum status status = places_get(op, ews, names, count, finding_write_shape,
                                    take_known, finding);

    return status == STATUS_OK ? finding->failed : status;
}

/* --- Stores --------------------------------------------------------------- */

/* Those at the top are below what is not among them. */
static void cut_top(struct finding *finding)
{
    struct table *found = table_new(finding->arena);

    for (size_t i = 0; i < finding->count; i++)
        table_add(found, 0, finding->folders[i].id, &finding->folders[i]);
    for (size_t i = 0; i < finding->count; i++) {
        struct remote_folder *folder = &finding->folders[i];

        if (table_find(found, 0, folder->parent) == NULL)
            folder->parent = NULL;
        folder->more_below = false;
    }
}

/* All of it where one may, or the well-known folders to which one has a
 * right. */
static enum status find_shared(struct op *op, struct ews *ews,
                               struct finding *finding)
{
    enum status status = find_known(op, ews, finding, places_of_mailbox);

    if (status != STATUS_OK)
        return status;
    if (finding->root == STATUS_OK) {
        finding->count = 0;
        status = finding_below(op, ews, finding, finding->ids[0], 0);
        cut_top(finding);
        return status;
    }
    return finding->count > 0 ? STATUS_OK : finding->root;
}

static enum status find_all(struct op *op, struct ews *ews,
                            struct finding *finding)
{
    const char *root = stores[finding->store->kind].root;
    enum status status = finding_below(op, ews, finding, root, 0);

    cut_top(finding);
    return status;
}

static enum status find_public(struct op *op, struct ews *ews,
                               struct finding *finding,
                               const char *const parents[], size_t count)
{
    enum status status;

    if (count > 0)
        return finding_levels(op, ews, finding, parents, count);
    status = finding_below(op, ews, finding, stores[FOLDER_PUBLIC].root, 0);
    for (size_t i = 0; i < finding->count; i++)
        finding->folders[i].parent = NULL;
    return status;
}

enum status ews_store_folders(struct op *op, struct remote *remote,
                              const struct remote_store *store,
                              const char *const parents[], size_t count,
                              struct remote_folder **folders_out,
                              size_t *count_out)
{
    struct ews *ews = ews_of(ews_at_store(op, remote, store, NULL));
    struct finding finding = { .arena = op->arena,
                               .store = store,
                               .deep = stores[store->kind].deep,
                               .syncable = stores[store->kind].syncable,
                               .changeable = stores[store->kind].changeable,
                               .publics = store->kind == FOLDER_PUBLIC
                                              ? ews->publics
                                              : NULL };
    enum status status;

    switch (store->kind) {
    case FOLDER_SHARED:
        status = find_shared(op, ews, &finding);
        break;
    case FOLDER_PUBLIC:
        status = find_public(op, ews, &finding, parents, count);
        break;
    case FOLDER_RECOVERABLE:
        status = find_known(op, ews, &finding, in_recoverable);
        break;
    default:
        status = find_all(op, ews, &finding);
    }
    *folders_out = finding.folders;
    *count_out = finding.count;
    return status;
}
