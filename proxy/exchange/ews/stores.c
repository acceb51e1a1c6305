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
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/table.h"
#include "proxy/exchange/ews/batch.h"
#include "proxy/exchange/ews/folder_words.h"

#define FOLDERS_PER_PAGE 1000

/* clang-format off */
static const struct property parent_id    = { PROPERTY_FIELD, 0, "folder:ParentFolderId", NULL };
static const struct property display_name = { PROPERTY_FIELD, 0, "folder:DisplayName", NULL };
static const struct property folder_class = { PROPERTY_FIELD, 0, "folder:FolderClass", NULL };
static const struct property child_count  = { PROPERTY_FIELD, 0, "folder:ChildFolderCount", NULL };

static const struct property *const properties[] = {
    &parent_id, &display_name, &folder_class, &child_count, &property_hidden,
};
#define PROPERTIES (sizeof properties / sizeof *properties)

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

/* The folders that have a use or no other way to be found. */
struct known {
    const char *name;
    enum folder_use use;
};

static const struct known in_mailbox[] = {
    { "#msgfolderroot", FOLDER_PLAIN },
    { "#inbox",         FOLDER_INBOX },
    { "#drafts",        FOLDER_DRAFTS },
    { "#sentitems",     FOLDER_SENT },
    { "#deleteditems",  FOLDER_TRASH },
    { "#junkemail",     FOLDER_JUNK },
    { "#outbox",        FOLDER_OUTBOX },
    { NULL,             FOLDER_PLAIN },
};

static const struct known in_recoverable[] = {
    { "#recoverableitemsdeletions", FOLDER_PLAIN },
    { "#recoverableitemspurges",    FOLDER_PLAIN },
    { "#recoverableitemsversions",  FOLDER_PLAIN },
    { NULL,                         FOLDER_PLAIN },
};
/* clang-format on */

struct finding {
    struct arena *arena;
    const struct remote_store *store;
    const char *const *parents; /* ids, NULL at the end */
    size_t offset;

    const struct known *asked;
    const char **ids;           /* of what was asked for; NULL: not to be had */
    enum status root;           /* what became of the first of them */
    enum status failed;         /* why some of it could not be seen just now */

    struct remote_folder *folders;
    size_t count;
    size_t room;
};

/* --- Folders -------------------------------------------------------------- */

/* What is not found is taken for gone, with all that is known of it: so what is
 * only away at the moment is a failure of the whole. */
static void note_failure(struct finding *finding, enum status status)
{
    if (finding->failed == STATUS_OK &&
        (status == STATUS_UNAVAILABLE || status == STATUS_TIMEOUT ||
         status == STATUS_BUSY))
        finding->failed = status;
}

static struct remote_folder *add_folder(struct finding *finding)
{
    if (finding->count == finding->room) {
        struct remote_folder *old = finding->folders;

        finding->room = finding->room * 2 + 64;
        finding->folders = arena_array(finding->arena, finding->room,
                                       sizeof *finding->folders);
        if (old != NULL)
            memcpy(finding->folders, old, finding->count * sizeof *old);
    }
    return &finding->folders[finding->count++];
}

static enum folder_use use_of(const struct finding *finding, const char *id)
{
    for (size_t i = 0; finding->ids != NULL && finding->asked[i].name; i++)
        if (id != NULL && str_equal(finding->ids[i], id))
            return finding->asked[i].use;
    return FOLDER_PLAIN;
}

static void take_node(struct finding *finding, const struct xml_node *node)
{
    const char *id = xml_value(xml_child(node, "FolderId"), "Id");
    bool is_search = strcmp(node->name, "SearchFolder") == 0;
    enum folder_store kind = finding->store->kind;

    if (id == NULL)
        return;
    *add_folder(finding) = (struct remote_folder){
        .id = id,
        .parent = xml_value(property_find(node, &parent_id), "Id"),
        .name = property_text(node, &display_name),
        .kind = folder_kind_of(node->name, property_text(node, &folder_class)),
        .use = use_of(finding, id),
        .hidden = str_equal(property_text(node, &property_hidden), "true") ||
                  is_search != (kind == FOLDER_SEARCHES),
        .syncable = stores[kind].syncable && !is_search,
        .lacks = folder_lacks(node) |
                 (stores[kind].changeable ? 0
                                          : ~(unsigned)FOLDER_MAY_READ),
        .more_below = property_number(node, &child_count, 0) > 0,
    };
}

static void write_shape(struct xml_writer *writer)
{
    const struct property *all[PROPERTIES + FOLDER_RIGHTS];

    memcpy(all, properties, sizeof properties);
    memcpy(all + PROPERTIES, folder_rights, sizeof folder_rights);
    folder_write_shape(writer, all, PROPERTIES + FOLDER_RIGHTS);
}

/* --- Searching the hierarchy ---------------------------------------------- */

static void build_find(void *context, struct soap_request *request)
{
    const struct finding *finding = context;
    struct xml_writer *writer = &request->writer;

    xml_attribute(writer, "Traversal",
                  stores[finding->store->kind].deep ? "Deep" : "Shallow");
    write_shape(writer);
    xml_open(writer, "m:IndexedPageFolderView");
    xml_attribute(writer, "MaxEntriesReturned",
                  arena_printf(finding->arena, "%d", FOLDERS_PER_PAGE));
    xml_attribute(writer, "Offset",
                  arena_printf(finding->arena, "%zu", finding->offset));
    xml_attribute(writer, "BasePoint", "Beginning");
    xml_close(writer);
    xml_open(writer, "m:ParentFolderIds");
    for (size_t i = 0; finding->parents[i] != NULL; i++)
        soap_folder(writer, finding->parents[i]);
    xml_close(writer);
}

/* One page below one parent. */
static enum status find_page(struct op *op, struct ews *ews,
                             struct finding *finding, bool *last_out)
{
    struct soap_call call = { .operation = "FindFolder",
                              .find = true,
                              .build = build_find,
                              .context = finding };
    const struct xml_node *message;
    enum status status = soap_ask(op, ews, &call, op->arena, &message);

    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_NO_FOLDER : status;
    const struct xml_node *root = xml_child(message, "RootFolder");
    const struct xml_node *list = xml_child(root, "Folders");
    size_t before = finding->count;

    for (const struct xml_node *node = list != NULL ? list->children : NULL;
         node != NULL; node = node->next)
        take_node(finding, node);
    *last_out = !str_equal(xml_value(root, "IncludesLastItemInRange"), "false");
    finding->offset += finding->count - before;
    if (!*last_out && finding->count == before)
        return op_fail(op, STATUS_INTERNAL, "FindFolder: no progress");
    return STATUS_OK;
}

/* The pages below one folder from `offset` on. */
static enum status find_below(struct op *op, struct ews *ews,
                              struct finding *finding, const char *root,
                              size_t offset)
{
    const char *parents[] = { root, NULL };
    enum status status = STATUS_OK;
    bool last = false;

    finding->parents = parents;
    finding->offset = offset;
    while (status == STATUS_OK && !last)
        status = find_page(op, ews, finding, &last);
    return status;
}

/* Below several parents at once, each answered alone: those that are gone or
 * closed are left out. */
struct levels {
    struct finding *finding;
    enum status status; /* of the first */
    size_t *next;       /* where the next page of each begins; 0: there is
                           none */
};

static void build_levels(void *context, struct soap_request *request,
                         const size_t which[], size_t count)
{
    struct levels *levels = context;
    struct finding some = *levels->finding;
    const char **parents =
        arena_array(some.arena, count + 1, sizeof *parents);

    for (size_t i = 0; i < count; i++)
        parents[i] = levels->finding->parents[which[i]];
    some.parents = (const char *const *)parents;
    build_find(&some, request);
}

static void take_level(void *context, size_t which,
                       const struct soap_message *message)
{
    struct levels *levels = context;
    const struct xml_node *root = xml_child(message->node, "RootFolder");
    const struct xml_node *list = xml_child(root, "Folders");

    if (which == 0)
        levels->status = message->verdict.status;
    note_failure(levels->finding, message->verdict.status);
    if (message->verdict.status != STATUS_OK || list == NULL)
        return;
    /* What the batch hands over is gone when this returns. */
    size_t before = levels->finding->count;
    for (const struct xml_node *node = list->children; node; node = node->next)
        take_node(levels->finding, node);
    for (size_t i = before; i < levels->finding->count; i++) {
        struct remote_folder *folder = &levels->finding->folders[i];

        folder->id = arena_strdup(levels->finding->arena, folder->id);
        folder->parent = arena_strdup(levels->finding->arena, folder->parent);
        folder->name = arena_strdup(levels->finding->arena, folder->name);
    }
    if (str_equal(xml_value(root, "IncludesLastItemInRange"), "false"))
        levels->next[which] = levels->finding->count - before;
}

static enum status find_levels(struct op *op, struct ews *ews,
                               struct finding *finding, size_t count)
{
    const char *const *parents = finding->parents;
    struct levels levels = {
        .finding = finding,
        .status = STATUS_OK,
        .next = arena_array(op->arena, count + 1, sizeof *levels.next),
    };
    struct batch batch = {
        .operation = "FindFolder",
        .count = count,
        .most = count,
        .build = build_levels,
        .done = take_level,
        .context = &levels,
    };
    enum status status = batch_run(op, ews, &batch);

    if (status == STATUS_OK)
        status = finding->failed;
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        if (levels.next[i] > 0)
            status = find_below(op, ews, finding, parents[i], levels.next[i]);
    return status == STATUS_OK && count == 1 ? levels.status : status;
}

/* --- Well-known folders --------------------------------------------------- */

static const char *place_of(const struct finding *finding, const char *name)
{
    return finding->store->kind == FOLDER_SHARED
               ? arena_printf(finding->arena, "%s:%s", name,
                              finding->store->address)
               : name;
}

static void build_known(void *context, struct soap_request *request,
                        const size_t which[], size_t count)
{
    const struct finding *finding = context;
    struct xml_writer *writer = &request->writer;

    write_shape(writer);
    xml_open(writer, "m:FolderIds");
    for (size_t i = 0; i < count; i++)
        soap_folder(writer, place_of(finding, finding->asked[which[i]].name));
    xml_close(writer);
}

static void take_known(void *context, size_t which,
                       const struct soap_message *message)
{
    struct finding *finding = context;
    const struct xml_node *list = xml_child(message->node, "Folders");
    const struct xml_node *node = list != NULL ? list->children : NULL;
    const char *id = xml_value(xml_child(node, "FolderId"), "Id");

    if (which == 0)
        finding->root = message->verdict.status;
    note_failure(finding, message->verdict.status);
    if (message->verdict.status != STATUS_OK || id == NULL)
        return;
    finding->ids[which] = arena_strdup(finding->arena, id);
    take_node(finding, node);
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
    size_t count = 0;

    while (asked[count].name != NULL)
        count++;
    finding->asked = asked;
    finding->ids = arena_array(op->arena, count + 1, sizeof *finding->ids);
    finding->root = STATUS_NO_FOLDER;
    struct batch batch = {
        .operation = "GetFolder",
        .count = count,
        .most = count,
        .build = build_known,
        .done = take_known,
        .context = finding,
    };
    enum status status = batch_run(op, ews, &batch);

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
    enum status status = find_known(op, ews, finding, in_mailbox);

    if (status != STATUS_OK)
        return status;
    if (finding->root == STATUS_OK) {
        finding->count = 0;
        status = find_below(op, ews, finding, finding->ids[0], 0);
        cut_top(finding);
        return status;
    }
    return finding->count > 0 ? STATUS_OK : finding->root;
}

static enum status find_all(struct op *op, struct ews *ews,
                            struct finding *finding)
{
    const char *root = stores[finding->store->kind].root;
    enum status status = find_below(op, ews, finding, root, 0);

    cut_top(finding);
    return status;
}

static enum status find_public(struct op *op, struct ews *ews,
                               struct finding *finding,
                               const char *const parents[], size_t count)
{
    enum status status;

    if (count > 0) {
        finding->parents = parents;
        return find_levels(op, ews, finding, count);
    }
    status = find_below(op, ews, finding, stores[FOLDER_PUBLIC].root, 0);
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
    struct finding finding = { .arena = op->arena, .store = store };
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
