/*
 * hierarchy.c - the folder tree and its changes, and what folders answer
 * unlisted
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/ews/batch.h"
#include "proxy/exchange/ews/ews.h"
#include "proxy/exchange/ews/folder_words.h"
#include "proxy/exchange/ews/public.h"
#include "proxy/exchange/http/client.h"

#define FOLDERS_AT_ONCE 100

/* clang-format off */

static const struct property parent_id    = { PROPERTY_FIELD, 0, "folder:ParentFolderId", NULL };
static const struct property display_name = { PROPERTY_FIELD, 0, "folder:DisplayName", NULL };
static const struct property folder_class = { PROPERTY_FIELD, 0, "folder:FolderClass", NULL };
static const struct property total_count  = { PROPERTY_FIELD, 0, "folder:TotalCount", NULL };
static const struct property unread_count = { PROPERTY_FIELD, 0, "folder:UnreadCount", NULL };
/* clang-format on */

/* --- The tree ------------------------------------------------------------- */

struct syncing {
    const char *root;
    const char *state; /* NULL: from the beginning */
    bool shared;       /* someone else's, where rights are not a matter of
                          course */
};

static void build_sync(void *context, struct soap_request *request)
{
    const struct property *properties[4 + FOLDER_RIGHTS] = {
        &parent_id, &display_name, &folder_class, &property_hidden
    };
    const struct syncing *syncing = context;
    struct xml_writer *writer = &request->writer;

    memcpy(properties + 4, folder_rights, sizeof folder_rights);
    folder_write_shape(writer, properties,
                       syncing->shared ? 4 + FOLDER_RIGHTS : 4);
    folder_write_ids(writer, "m:SyncFolderId", syncing->root);
    if (syncing->state != NULL)
        xml_element(writer, "m:SyncState", syncing->state);
}

static enum folder_use use_of(const struct ews *ews,
                              const struct remote_folder *folder)
{
    for (size_t use = FOLDER_PLAIN + 1; use < FOLDER_USE_COUNT; use++)
        if (str_equal(ews->uses[use], folder->id) && folder->id != NULL)
            return (enum folder_use)use;
    /* Where Exchange does not say which one it is, its usual name does. */
    if (ews->uses[FOLDER_ARCHIVE] == NULL && folder->kind == FOLDER_MAIL &&
        folder->name != NULL && str_equal(folder->parent, ews->root) &&
        str_equal_nocase(folder->name, "Archive"))
        return FOLDER_ARCHIVE;
    return FOLDER_PLAIN;
}

static void read_folder(const struct ews *ews, const struct xml_node *node,
                        struct remote_folder *folder)
{
    const char *hidden = property_text(node, &property_hidden);
    bool is_search = strcmp(node->name, "SearchFolder") == 0;

    folder->id = xml_value(xml_child(node, "FolderId"), "Id");
    folder->parent = xml_value(property_find(node, &parent_id), "Id");
    folder->name = property_text(node, &display_name);
    folder->kind =
        folder_kind_of(node->name, property_text(node, &folder_class));
    folder->lacks = folder_lacks(node);
    folder->use = use_of(ews, folder);
    folder->hidden = is_search || str_equal(hidden, "true");
    folder->syncable = !is_search;
}

/* <Create><Folder>..., <Update><CalendarFolder>..., <Delete><FolderId
 * .../></Delete> */
static size_t read_changes(const struct ews *ews, const struct xml_node *list,
                           struct remote_folder_change *changes)
{
    size_t count = 0;

    for (const struct xml_node *node = list; node; node = node->next) {
        struct remote_folder_change *change = &changes[count];
        if (strcmp(node->name, "Delete") == 0) {
            change->change = REMOTE_GONE;
            change->folder.id = xml_value(xml_child(node, "FolderId"), "Id");
        } else if (node->children != NULL) {
            change->change = REMOTE_PRESENT;
            read_folder(ews, node->children, &change->folder);
        }
        count += change->folder.id != NULL;
    }
    return count;
}

static size_t count_nodes(const struct xml_node *node)
{
    size_t count = 0;

    for (; node != NULL; node = node->next)
        count++;
    return count;
}

enum status ews_folders_sync(
    struct op *op, struct remote *remote, const char *state,
    bool (*page)(void *context, const struct remote_folder_change *changes,
                 size_t count, const char *state, bool last),
    void *context)
{
    struct ews *ews = ews_of(remote);
    struct arena *arenas[2] = { arena_new(), arena_new() };
    const char *root = ews_place(op, ews, "#msgfolderroot");
    enum status status;
    bool last = false;

    /* A page's state lives in its arena while the next page comes into the
     * other. */
    for (size_t turn = 0; !last; turn = !turn) {
        struct syncing syncing = { root, state, ews->mailbox != NULL };
        struct soap_call call = { .operation = "SyncFolderHierarchy",
                                  .find = true,
                                  .build = build_sync,
                                  .context = &syncing };
        const struct xml_node *message;
        struct arena *arena = arenas[turn];
        arena_reset(arena);
        status = soap_ask(op, ews, &call, arena, &message);
        if (status != STATUS_OK)
            break;
        const struct xml_node *list = xml_child(message, "Changes");
        const struct xml_node *first = list != NULL ? list->children : NULL;
        struct remote_folder_change *changes =
            arena_array(arena, count_nodes(first) + 1, sizeof *changes);
        size_t count = read_changes(ews, first, changes);
        const char *before = state;
        state = xml_child_text(message, "SyncState");
        last = !str_equal(xml_child_text(message, "IncludesLastFolderInRange"),
                          "false");
        if (state == NULL ||
            (!last && count == 0 && str_equal(state, before))) {
            status = op_fail(op, STATUS_INTERNAL,
                             "SyncFolderHierarchy: no progress");
            break;
        }
        if (!page(context, changes, count, state, last)) {
            status =
                op_fail(op, STATUS_CANCELLED, "the folder tree is not wanted");
            break;
        }
    }
    arena_free(&arenas[0]);
    arena_free(&arenas[1]);
    return status;
}

/* --- Stamps --------------------------------------------------------------- */

struct stamping {
    const char *const *ids;
    struct remote_stamp *stamps;
    int64_t asked; /* by our clock */
};

static void build_stamps(void *context, struct soap_request *request,
                         const size_t which[], size_t count)
{
    static const struct property *const properties[] = {
        &total_count, &unread_count, &property_committed, &property_deletions
    };
    struct stamping *stamping = context;
    struct xml_writer *writer = &request->writer;

    stamping->asked = time_now();
    folder_write_shape(writer, properties,
                       sizeof properties / sizeof *properties);
    xml_open(writer, "m:FolderIds");
    for (size_t i = 0; i < count; i++)
        soap_folder(writer, stamping->ids[which[i]]);
    xml_close(writer);
}

static void take_stamp(void *context, size_t which,
                       const struct soap_message *message)
{
    struct stamping *stamping = context;
    struct remote_stamp *stamp = &stamping->stamps[which];
    const struct xml_node *folders = xml_child(message->node, "Folders");
    const struct xml_node *folder = folders != NULL ? folders->children : NULL;

    *stamp = (struct remote_stamp){ .status = message->verdict.status,
                                    .committed = TIME_NONE,
                                    .taken = stamping->asked };
    if (stamp->status == STATUS_NOT_FOUND)
        stamp->status = STATUS_NO_FOLDER;
    if (stamp->status != STATUS_OK)
        return;
    /* What a search finds changes without a change of the folder. */
    if (folder != NULL && strcmp(folder->name, "SearchFolder") != 0)
        stamp->committed = property_time(folder, &property_committed);
    stamp->deleted = (uint32_t)property_number(folder, &property_deletions, 0);
    stamp->total = (uint32_t)property_number(folder, &total_count, 0);
    stamp->unread = (uint32_t)property_number(folder, &unread_count, 0);
}

static enum status stamp(struct op *op, struct ews *ews,
                         const char *const ids[], size_t count,
                         struct remote_stamp stamps_out[])
{
    struct stamping stamping = { .ids = ids, .stamps = stamps_out };
    struct batch batch = {
        .operation = "GetFolder",
        .count = count,
        .most = FOLDERS_AT_ONCE,
        .build = build_stamps,
        .done = take_stamp,
        .context = &stamping,
    };

    enum status status = batch_run(op, ews, &batch);
    int64_t skew = http_client_skew(ews->http);
    for (size_t i = 0; i < count; i++)
        stamps_out[i].taken += skew;
    return status;
}

/* Those of the folders that are in the mailbox of the first. */
struct group {
    const struct http_route *routes; /* of all */
    bool *asked;                     /* of all */
    const char **ids;
    size_t *positions;
    size_t count;
};

static void gather(struct group *group, size_t first, const char *const ids[],
                   size_t count)
{
    group->count = 0;
    for (size_t i = first; i < count; i++)
        if (!group->asked[i] && str_equal(group->routes[i].anchor,
                                          group->routes[first].anchor)) {
            group->asked[i] = true;
            group->positions[group->count] = i;
            group->ids[group->count++] = ids[i];
        }
}

/* A call to each of the mailboxes that have some of the public folders. */
static enum status stamp_public(struct op *op, struct ews *ews,
                                const char *const ids[], size_t count,
                                struct remote_stamp stamps_out[])
{
    struct http_route *routes =
        arena_array(op->arena, count + 1, sizeof *routes);
    struct remote_stamp *stamps =
        arena_array(op->arena, count + 1, sizeof *stamps);
    struct route route = { .is_public = true };
    struct group group = {
        .routes = routes,
        .asked = arena_array(op->arena, count + 1, sizeof *group.asked),
        .ids = arena_array(op->arena, count + 1, sizeof *group.ids),
        .positions = arena_array(op->arena, count + 1, sizeof *group.positions),
    };
    enum status first = STATUS_OK;

    if (!public_find(op, ews, ids, count, &route.tree, routes))
        return stamp(op, ews, ids, count, stamps_out);
    for (size_t i = 0; i < count; i++) {
        gather(&group, i, ids, count);
        if (group.count == 0)
            continue;
        route.content = routes[i];
        enum status status = stamp(op, route_view(op, ews, &route), group.ids,
                                   group.count, stamps);
        for (size_t k = 0; k < group.count; k++)
            stamps_out[group.positions[k]] = stamps[k];
        if (first == STATUS_OK)
            first = status;
    }
    return first;
}

enum status ews_folder_stamps(struct op *op, struct remote *remote,
                              const char *const ids[], size_t count,
                              struct remote_stamp stamps_out[])
{
    struct ews *ews = ews_of(remote);

    if (ews->route != NULL && ews->route->is_public)
        return stamp_public(op, ews, ids, count, stamps_out);
    return stamp(op, ews, ids, count, stamps_out);
}
