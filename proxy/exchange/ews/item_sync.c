/*
 * item_sync.c - what has changed in a folder
 *
 * The columns of the index are asked for in the synchronisation itself, so that
 * a folder of N messages is known after N/512 calls.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/columns.h"
#include "proxy/exchange/ews/property.h"
#include "proxy/exchange/ews/soap.h"

/* The most that Exchange gives. */
#define CHANGES_AT_ONCE "512"

struct syncing {
    const char *folder;
    const char *state;
};

static void build(void *context, struct soap_request *request)
{
    const struct syncing *syncing = context;
    struct xml_writer *writer = &request->writer;

    columns_write_shape(request, NULL);
    xml_open(writer, "m:SyncFolderId");
    soap_folder(writer, syncing->folder);
    xml_close(writer);
    if (syncing->state != NULL)
        xml_element(writer, "m:SyncState", syncing->state);
    xml_element(writer, "m:MaxChangesReturned", CHANGES_AT_ONCE);
    /* Without this, Exchange 2010 and later list what belongs to the folder
     * itself. */
    if (request->version >= EWS_2010)
        xml_element(writer, "m:SyncScope", "NormalItems");
}

/* clang-format off */
static const struct {
    const char *element;
    enum remote_item_change change;
} kinds[] = {
    { "Create",         REMOTE_ITEM_PRESENT },
    { "Update",         REMOTE_ITEM_PRESENT },
    { "Delete",         REMOTE_ITEM_GONE },
    { "ReadFlagChange", REMOTE_ITEM_READ_FLAG },
};
/* clang-format on */

static bool kind_of(const struct xml_node *node,
                    enum remote_item_change *change)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(node->name, kinds[i].element) == 0) {
            *change = kinds[i].change;
            return true;
        }
    return false;
}

static bool read_id(const struct xml_node *node, struct remote_item *item)
{
    const struct xml_node *id = xml_child(node, "ItemId");
    const char *change_key = xml_value(id, "ChangeKey");

    item->id = xml_value(id, "Id");
    item->change_key = change_key != NULL ? change_key : "";
    return item->id != NULL;
}

/* <Create><Message>...</Message></Create>
 * <Delete><ItemId Id="..."/></Delete>
 * <ReadFlagChange><ItemId Id="..."/><IsRead>true</IsRead></ReadFlagChange> */
static bool read_delta(struct arena *arena, const struct xml_node *node,
                       struct remote_item_delta *delta)
{
    if (!kind_of(node, &delta->change))
        return false;
    if (delta->change == REMOTE_ITEM_PRESENT)
        return node->children != NULL &&
               columns_read(arena, node->children, &delta->item);
    if (!read_id(node, &delta->item))
        return false;
    if (delta->change == REMOTE_ITEM_READ_FLAG &&
        str_equal(property_text(node, &property_is_read), "true"))
        delta->item.flags = MAIL_SEEN;
    return true;
}

static void read_page(struct arena *arena, const struct xml_node *message,
                      struct remote_item_page *page)
{
    const struct xml_node *list = xml_child(message, "Changes");
    const struct xml_node *node;
    struct remote_item_delta *deltas;
    size_t count = 0;

    for (node = list != NULL ? list->children : NULL; node; node = node->next)
        count++;
    deltas = arena_array(arena, count + 1, sizeof *deltas);
    page->deltas = deltas;
    page->count = 0;
    for (node = list != NULL ? list->children : NULL; node; node = node->next)
        page->count += read_delta(arena, node, &deltas[page->count]);
    page->state = xml_child_text(message, "SyncState");
    page->last =
        !str_equal(xml_child_text(message, "IncludesLastItemInRange"), "false");
}

static enum status sync_page(struct op *op, struct ews *ews,
                             struct syncing *syncing, struct arena *arena,
                             struct remote_item_page *page)
{
    struct soap_call call = { .operation = "SyncFolderItems",
                              .find = true,
                              .build = build,
                              .context = syncing };
    const struct xml_node *message;
    enum status status = soap_ask(op, ews, &call, arena, &message);

    if (status == STATUS_NOT_FOUND)
        return STATUS_NO_FOLDER;
    if (status != STATUS_OK)
        return status;
    read_page(arena, message, page);
    if (page->state == NULL || (!page->last && page->count == 0 &&
                                str_equal(page->state, syncing->state)))
        return op_fail(op, STATUS_INTERNAL, "SyncFolderItems: no progress");
    return STATUS_OK;
}

enum status ews_items_sync(struct op *op, struct remote *remote,
                           const char *folder, const char *state,
                           bool (*page)(void *context,
                                        const struct remote_item_page *page),
                           void *context)
{
    struct syncing syncing = { .folder = folder, .state = state };
    struct arena *arenas[2] = { arena_new(), arena_new() };
    struct remote_item_page got = { .last = false };
    enum status status = STATUS_OK;

    /* A page's state lives in its arena while the next page comes into the
     * other. */
    for (size_t turn = 0; status == STATUS_OK && !got.last; turn = !turn) {
        arena_reset(arenas[turn]);
        status = sync_page(op, ews_of(remote), &syncing, arenas[turn], &got);
        if (status == STATUS_OK && !page(context, &got))
            status =
                op_fail(op, STATUS_CANCELLED, "the changes are not wanted");
        syncing.state = got.state;
    }
    arena_free(&arenas[0]);
    arena_free(&arenas[1]);
    return status;
}
