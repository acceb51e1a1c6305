/*
 * finding.c - see finding.h
 */
#include "proxy/exchange/ews/finding.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/batch.h"
#include "proxy/exchange/ews/folder_words.h"
#include "proxy/exchange/ews/public.h"

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
/* clang-format on */

/* --- Folders -------------------------------------------------------------- */

void finding_note(struct finding *finding, enum status status)
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

void finding_take(struct finding *finding, const struct xml_node *node)
{
    const char *id = xml_value(xml_child(node, "FolderId"), "Id");
    bool is_search = strcmp(node->name, "SearchFolder") == 0;
    if (id == NULL)
        return;
    if (finding->publics != NULL)
        public_note(finding->publics, id,
                    property_text(node, &public_replicas));
    *add_folder(finding) = (struct remote_folder){
        .id = id,
        .parent = xml_value(property_find(node, &parent_id), "Id"),
        .name = property_text(node, &display_name),
        .kind = folder_kind_of(node->name, property_text(node, &folder_class)),
        .use = use_of(finding, id),
        .hidden = str_equal(property_text(node, &property_hidden), "true") ||
                  is_search != (finding->store->kind == FOLDER_SEARCHES),
        .syncable = finding->syncable && !is_search,
        .lacks = folder_lacks(node) |
                 (finding->changeable ? 0 : ~(unsigned)FOLDER_MAY_READ),
        .more_below = property_number(node, &child_count, 0) > 0,
    };
}

static void write_shape(struct xml_writer *writer, bool replicas)
{
    const struct property *all[PROPERTIES + FOLDER_RIGHTS + 1];
    size_t count = PROPERTIES + FOLDER_RIGHTS;

    memcpy(all, properties, sizeof properties);
    memcpy(all + PROPERTIES, folder_rights, sizeof folder_rights);
    if (replicas)
        all[count++] = &public_replicas;
    folder_write_shape(writer, all, count);
}

void finding_write_shape(struct xml_writer *writer)
{
    write_shape(writer, false);
}

/* --- Searching the hierarchy ---------------------------------------------- */

static void build_find(void *context, struct soap_request *request)
{
    const struct finding *finding = context;
    struct xml_writer *writer = &request->writer;

    xml_attribute(writer, "Traversal", finding->deep ? "Deep" : "Shallow");
    write_shape(writer, finding->publics != NULL);
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
        finding_take(finding, node);
    *last_out = !str_equal(xml_value(root, "IncludesLastItemInRange"), "false");
    finding->offset += finding->count - before;
    if (!*last_out && finding->count == before)
        return op_fail(op, STATUS_INTERNAL, "FindFolder: no progress");
    return STATUS_OK;
}

enum status finding_below(struct op *op, struct ews *ews,
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

/* --- Below several folders at once ---------------------------------------- */

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
    finding_note(levels->finding, message->verdict.status);
    if (message->verdict.status != STATUS_OK || list == NULL)
        return;
    /* What the batch hands over is gone when this returns. */
    size_t before = levels->finding->count;
    for (const struct xml_node *node = list->children; node; node = node->next)
        finding_take(levels->finding, node);
    for (size_t i = before; i < levels->finding->count; i++) {
        struct remote_folder *folder = &levels->finding->folders[i];

        folder->id = arena_strdup(levels->finding->arena, folder->id);
        folder->parent = arena_strdup(levels->finding->arena, folder->parent);
        folder->name = arena_strdup(levels->finding->arena, folder->name);
    }
    if (str_equal(xml_value(root, "IncludesLastItemInRange"), "false"))
        levels->next[which] = levels->finding->count - before;
}

enum status finding_levels(struct op *op, struct ews *ews,
                           struct finding *finding,
                           const char *const parents[], size_t count)
{
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

    finding->parents = parents;
    enum status status = batch_run(op, ews, &batch);
    if (status == STATUS_OK)
        status = finding->failed;
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        if (levels.next[i] > 0)
            status = finding_below(op, ews, finding, parents[i], levels.next[i]);
    return status == STATUS_OK && count == 1 ? levels.status : status;
}
