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
#include "proxy/exchange/ews/sync.h"

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

/* Who takes the pages. */
struct taker {
    bool (*page)(void *context, const struct remote_item_page *page);
    void *context;
};

static bool take_page(void *context, struct arena *arena,
                      const struct sync_page *page)
{
    const struct taker *taker = context;
    struct remote_item_delta *deltas =
        arena_array(arena, page->count + 1, sizeof *deltas);
    struct remote_item_page read = { .deltas = deltas,
                                     .state = page->state,
                                     .last = page->last };

    for (const struct xml_node *at = page->first; at != NULL; at = at->next)
        read.count += read_delta(arena, at, &deltas[read.count]);
    return taker->page(taker->context, &read);
}

static void write_shape(struct soap_request *request)
{
    columns_write_shape(request, NULL);
}

enum status ews_items_sync(struct op *op, struct remote *remote,
                           const char *folder, const char *state,
                           bool (*page)(void *context,
                                        const struct remote_item_page *page),
                           void *context)
{
    struct taker taker = { page, context };
    const struct sync sync = { .folder = folder,
                               .state = state,
                               .shape = write_shape,
                               .page = take_page,
                               .context = &taker };

    return sync_run(op, ews_of(remote), &sync);
}
