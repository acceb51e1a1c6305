/*
 * do_tree.c - GetFolder, FindFolder, SyncFolderHierarchy: which folders there
 * are
 */
#include "tests/exchange/call.h"

#include "proxy/base/str.h"
#include "tests/exchange/restriction.h"
#include "tests/exchange/show.h"
#include "tests/exchange/stores.h"

/* --- GetFolder ----------------------------------------------------------- */

void do_get_folder(struct call *call)
{
    const struct node *ids = node_child(call->request, "FolderIds");
    struct shape shape;
    const char *bad = shape_read(call, node_child(call->request, "FolderShape"),
                                 SHAPE_GET, &shape);

    for (struct node *id = ids->children; id != NULL; id = id->next) {
        struct sim_folder *folder = NULL;
        const char *code = message_fault(call);

        if (code == NULL && (code = bad) == NULL)
            folder = call_folder(call, id, WANT_SEE, &code);
        if (code != NULL)
            message_simple(call, code, "<m:Folders/>");
        else
            answer_folder(call, folder, &shape);
    }
}

/* --- FindFolder ---------------------------------------------------------- */

static bool is_found(struct call *call, const struct sim_folder *root,
                     struct sim_folder *folder, bool deep)
{
    const struct node *wanted = node_child(call->request, "Restriction");

    if (folder->gone || folder == root ||
        sim_refuses_folder(call->user, folder, WANT_SEE) != NULL ||
        !(deep ? sim_folder_is_within(folder, root) : folder->parent == root))
        return false;
    return wanted == NULL ||
           restriction_fits_folder(call, wanted->children, folder);
}

static void find_below(struct call *call, struct sim_folder *root,
                       const struct shape *shape)
{
    const struct node *view =
        node_child(call->request, "IndexedPageFolderView");
    bool deep = str_equal(node_attribute(call->request, "Traversal"), "Deep");
    struct sim_mailbox *mailbox = root->mailbox;
    struct sim_folder **found =
        arena_array(call->arena, mailbox->folder_count + 1, sizeof *found);
    size_t count = 0;
    struct page page;

    for (size_t i = 0; i < mailbox->folder_count; i++)
        if (is_found(call, root, mailbox->folders[i], deep))
            found[count++] = mailbox->folders[i];
    page = page_of(call, view, count);
    message_begin(call, NULL);
    buf_printf(
        &call->out,
        "<m:RootFolder IndexedPagingOffset=\"%zu\" TotalItemsInView=\"%zu\""
        " IncludesLastItemInRange=\"%s\"><t:Folders>",
        page.end, count, page.last ? "true" : "false");
    for (size_t i = page.start; i < page.end; i++)
        show_folder(call, shape, found[i]);
    buf_puts(&call->out, "</t:Folders></m:RootFolder>");
    message_end(call);
}

void do_find_folder(struct call *call)
{
    const struct node *ids = node_child(call->request, "ParentFolderIds");
    struct shape shape;
    const char *bad = shape_read(call, node_child(call->request, "FolderShape"),
                                 SHAPE_GET, &shape);

    for (struct node *id = ids->children; id != NULL; id = id->next) {
        struct sim_folder *root = NULL;
        const char *code = message_fault(call);

        if (code == NULL)
            code = page_refused(call, node_child(call->request,
                                                 "IndexedPageFolderView"));
        if (code == NULL && (code = bad) == NULL)
            root = call_folder(call, id, WANT_SEE, &code);
        /* Public folders are searched level by level. */
        if (code == NULL && sim_is_public(root->mailbox) &&
            str_equal(node_attribute(call->request, "Traversal"), "Deep"))
            code = "ErrorInvalidOperation";
        if (code != NULL)
            message_simple(call, code, NULL);
        else
            find_below(call, root, &shape);
    }
}

/* --- SyncFolderHierarchy ------------------------------------------------- */

static void show_change(struct call *call, const struct shape *shape,
                        const struct sim_folder_change *change)
{
    const char *element = change->kind == CHANGE_CREATE ? "Create" : "Update";

    if (change->kind == CHANGE_DELETE) {
        buf_puts(&call->out, "<t:Delete>");
        put_folder_id(call, "t:FolderId", change->folder);
        buf_puts(&call->out, "</t:Delete>");
        return;
    }
    buf_printf(&call->out, "<t:%s>", element);
    show_folder(call, shape, change->folder);
    buf_printf(&call->out, "</t:%s>", element);
}

void do_sync_folder_hierarchy(struct call *call)
{
    const struct node *id = node_child(call->request, "SyncFolderId");
    struct sim_folder *root = sim_folder_by_use(call->user, "msgfolderroot");
    const char *code = message_fault(call);
    struct sim_sync_page page;
    struct shape shape;

    if (code == NULL)
        code = shape_read(call, node_child(call->request, "FolderShape"),
                          SHAPE_GET, &shape);
    if (code == NULL && id != NULL && id->children != NULL)
        root = call_folder(call, id->children, WANT_SEE, &code);
    if (code == NULL && (sim_is_public(root->mailbox) || root->search))
        code = "ErrorInvalidFolderTypeForOperation";
    if (code == NULL &&
        !sim_tree_sync(call->arena, root, node_text(call->request, "SyncState"),
                       512, &page))
        code = "ErrorInvalidSyncStateData";
    if (code != NULL) {
        message_simple(call, code, NULL);
        return;
    }
    message_begin(call, NULL);
    put_element(&call->out, "m:SyncState", page.state);
    put_element(&call->out, "m:IncludesLastFolderInRange",
                page.last ? "true" : "false");
    buf_puts(&call->out, "<m:Changes>");
    for (size_t i = 0; i < page.count; i++)
        if (page.folders[i].kind == CHANGE_DELETE ||
            sim_refuses_folder(call->user, page.folders[i].folder, WANT_SEE) ==
                NULL)
            show_change(call, &shape, &page.folders[i]);
    buf_puts(&call->out, "</m:Changes>");
    message_end(call);
}
