/*
 * do_lists.c - SyncFolderItems, FindItem, GetItem: which items are there
 */
#include "tests/exchange/call.h"

#include <stdlib.h>

#include "proxy/base/str.h"
#include "tests/exchange/calendar_view.h"
#include "tests/exchange/form.h"
#include "tests/exchange/query.h"
#include "tests/exchange/restriction.h"
#include "tests/exchange/show.h"
#include "tests/exchange/stores.h"

/* --- SyncFolderItems ----------------------------------------------------- */

static bool is_ignored(const struct call *call, const char *id)
{
    const struct node *ignored = node_child(call->request, "Ignore");

    for (struct node *at = ignored == NULL ? NULL : ignored->children;
         at != NULL; at = at->next)
        if (str_equal(node_attribute(at, "Id"), id))
            return true;
    return false;
}

static void show_change(struct call *call, const struct shape *shape,
                        const struct sim_item_change *change)
{
    const char *element = change->kind == CHANGE_CREATE ? "Create" : "Update";

    switch (change->kind) {
    case CHANGE_DELETE:
        buf_printf(&call->out, "<t:Delete><t:ItemId Id=\"%s\"/></t:Delete>",
                   change->id);
        break;
    case CHANGE_READ_FLAG:
        buf_puts(&call->out, "<t:ReadFlagChange>");
        put_item_id(call, "t:ItemId", change->item);
        put_element(&call->out, "t:IsRead",
                    sim_item_flags(change->item) & FLAG_READ ? "true" : "false");
        buf_puts(&call->out, "</t:ReadFlagChange>");
        break;
    default:
        buf_printf(&call->out, "<t:%s>", element);
        show_item(call, shape, change->item);
        buf_printf(&call->out, "</t:%s>", element);
        break;
    }
}

void do_sync_folder_items(struct call *call)
{
    const struct node *id = node_child(call->request, "SyncFolderId")->children;
    size_t max = (size_t)atoi(node_text(call->request, "MaxChangesReturned"));
    const char *code = message_fault(call);
    struct sim_folder *folder = NULL;
    struct sim_sync_page page;
    struct shape shape;

    if (code == NULL)
        code = shape_read(call, node_child(call->request, "ItemShape"),
                          SHAPE_SYNC, &shape);
    if (code == NULL && (folder = call_folder(call, id, WANT_READ, &code)) == NULL &&
        str_equal(code, "ErrorFolderNotFound"))
        code = "ErrorSyncFolderNotFound";
    if (code == NULL && (folder->search || folder->unsyncable ||
                         sim_is_public(folder->mailbox)))
        code = "ErrorInvalidFolderTypeForOperation";
    if (code == NULL &&
        !sim_folder_sync(call->arena, folder,
                         node_text(call->request, "SyncState"), max, &page))
        code = "ErrorInvalidSyncStateData";
    if (code != NULL) {
        message_simple(call, code, NULL);
        return;
    }
    message_begin(call, NULL);
    put_element(&call->out, "m:SyncState", page.state);
    put_element(&call->out, "m:IncludesLastItemInRange",
                page.last ? "true" : "false");
    buf_puts(&call->out, "<m:Changes>");
    for (size_t i = 0; i < page.count; i++)
        if (!is_ignored(call, page.items[i].id))
            show_change(call, &shape, &page.items[i]);
    buf_puts(&call->out, "</m:Changes>");
    message_end(call);
}

/* --- FindItem ------------------------------------------------------------ */

static const struct node *view_of(const struct call *call)
{
    static const char *const views[] = {
        "IndexedPageItemView",
        "FractionalPageItemView",
        "SeekToConditionPageItemView",
        "CalendarView",
        "ContactsView",
    };

    for (size_t i = 0; i < sizeof views / sizeof *views; i++)
        if (node_child(call->request, views[i]) != NULL)
            return node_child(call->request, views[i]);
    return NULL;
}

/* Takes those out of a list that are not looked for. */
static size_t find(struct call *call, struct sim_item *found[], size_t all)
{
    const struct node *wanted = node_child(call->request, "Restriction");
    const char *text = node_text(call->request, "QueryString");
    struct query *query = text == NULL ? NULL : query_read(call->arena, text);
    size_t count = 0;

    for (size_t i = 0; i < all; i++)
        if ((wanted == NULL ||
             restriction_fits(call, wanted->children, found[i])) &&
            (query == NULL || query_fits(query, found[i])))
            found[count++] = found[i];
    return count;
}

/* What there is in a folder by the traversal: nothing here is associated. */
static struct sim_item **list(struct call *call, struct sim_folder *folder,
                              size_t *count_out)
{
    const char *traversal = node_attribute(call->request, "Traversal");

    if (str_equal(traversal, "SoftDeleted"))
        folder = sim_dumpster(folder, false);
    *count_out = 0;
    return folder == NULL || str_equal(traversal, "Associated")
               ? NULL
               : sim_folder_items(call->arena, folder, count_out);
}

static void find_in(struct call *call, struct sim_folder *folder,
                    const struct shape *shape)
{
    size_t count;
    struct sim_item **found = list(call, folder, &count);
    struct page page;

    if (node_is(view_of(call), "CalendarView")) {
        calendar_view(call, folder, view_of(call), shape);
        return;
    }
    count = find(call, found, count);
    page = page_of(call, view_of(call), count);
    sort_items(call, node_child(call->request, "SortOrder"), found, count);
    message_begin(call, NULL);
    buf_printf(
        &call->out,
        "<m:RootFolder IndexedPagingOffset=\"%zu\" TotalItemsInView=\"%zu\""
        " IncludesLastItemInRange=\"%s\"><t:Items>",
        page.end, count, page.last ? "true" : "false");
    for (size_t i = page.start; i < page.end; i++)
        show_item(call, shape, found[i]);
    buf_puts(&call->out, "</t:Items></m:RootFolder>");
    message_end(call);
}

/* What of the request cannot be answered. */
static const char *check_find(struct call *call, struct shape *shape)
{
    const struct node *wanted = node_child(call->request, "Restriction");
    bool queried = node_child(call->request, "QueryString") != NULL;
    const char *code = shape_read(call, node_child(call->request, "ItemShape"),
                                  SHAPE_FIND, shape);

    if (code == NULL)
        code = calendar_view_refused(call, view_of(call));
    if (code == NULL && wanted != NULL)
        code = restriction_check(call, wanted->children);
    if (code == NULL && wanted != NULL && queried)
        code = "ErrorInvalidArgument";
    if (code == NULL && queried && call->exchange->unindexed)
        code = "ErrorContentIndexingNotEnabled";
    if (code == NULL &&
        (node_child(call->request, "GroupBy") != NULL ||
         node_child(call->request, "DistinguishedGroupBy") != NULL))
        code = "ErrorUnsupportedPathForSortGroup";
    return code;
}

void do_find_item(struct call *call)
{
    const struct node *ids = node_child(call->request, "ParentFolderIds");
    struct shape shape;
    const char *bad = check_find(call, &shape);
    const char *refused = page_refused(call, view_of(call));

    for (struct node *id = ids->children; id != NULL; id = id->next) {
        struct sim_folder *folder = NULL;
        const char *code = message_fault(call);

        if (code == NULL && (code = refused) == NULL && (code = bad) == NULL)
            folder = call_folder(call, id, WANT_READ, &code);
        if (code != NULL)
            message_simple(call, code, NULL);
        else
            find_in(call, folder, &shape);
    }
}

/* --- GetItem ------------------------------------------------------------- */

void do_get_item(struct call *call)
{
    const struct node *ids = node_child(call->request, "ItemIds");
    bool wants_mime = node_true(
        node_text(node_child(call->request, "ItemShape"), "IncludeMimeContent"));
    struct shape shape;
    const char *bad = shape_read(call, node_child(call->request, "ItemShape"),
                                 SHAPE_GET, &shape);

    for (struct node *id = ids->children; id != NULL; id = id->next) {
        const char *code = message_fault(call);
        struct sim_item *item = NULL;

        if (code == NULL && (code = bad) == NULL)
            item = call_item(call, id, WANT_READ, &code, NULL);
        if (code == NULL && item->corrupt && shape.mime)
            code = "ErrorItemCorrupt";
        if (code == NULL && wants_mime && form_has_no_mime(item))
            code = "ErrorUnsupportedMimeConversion";
        if (code != NULL) {
            message_simple(call, code, "<m:Items/>");
            continue;
        }
        message_begin(call, NULL);
        buf_puts(&call->out, "<m:Items>");
        show_item(call, &shape, item);
        buf_puts(&call->out, "</m:Items>");
        message_end(call);
    }
}
