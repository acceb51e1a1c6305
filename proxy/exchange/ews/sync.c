/*
 * sync.c - see sync.h
 */
#include "proxy/exchange/ews/sync.h"

#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* The most that Exchange gives. */
#define CHANGES_AT_ONCE "512"

/* One page that is asked for. */
struct asking {
    const struct sync *sync;
    const char *state;
};

static void build(void *context, struct soap_request *request)
{
    const struct asking *asking = context;
    struct xml_writer *writer = &request->writer;

    asking->sync->shape(request);
    xml_open(writer, "m:SyncFolderId");
    soap_folder(writer, asking->sync->folder);
    xml_close(writer);
    if (asking->state != NULL)
        xml_element(writer, "m:SyncState", asking->state);
    xml_element(writer, "m:MaxChangesReturned", CHANGES_AT_ONCE);
    /* Without this, Exchange 2010 and later list what belongs to the folder
     * itself. */
    if (request->version >= EWS_2010)
        xml_element(writer, "m:SyncScope", "NormalItems");
}

static void read_page(const struct xml_node *message, struct sync_page *page)
{
    const struct xml_node *list = xml_child(message, "Changes");

    page->first = list != NULL ? list->children : NULL;
    page->count = 0;
    for (const struct xml_node *at = page->first; at != NULL; at = at->next)
        page->count++;
    page->state = xml_child_text(message, "SyncState");
    page->last =
        !str_equal(xml_child_text(message, "IncludesLastItemInRange"), "false");
}

static enum status ask(struct op *op, struct ews *ews, struct asking *asking,
                       struct arena *arena, struct sync_page *page)
{
    struct soap_call call = { .operation = "SyncFolderItems",
                              .find = true,
                              .build = build,
                              .context = asking };
    const struct xml_node *message;
    enum status status = soap_ask(op, ews, &call, arena, &message);

    if (status == STATUS_NOT_FOUND)
        return STATUS_NO_FOLDER;
    if (status != STATUS_OK)
        return status;
    read_page(message, page);
    if (page->state == NULL || (!page->last && page->count == 0 &&
                                str_equal(page->state, asking->state)))
        return op_fail(op, STATUS_INTERNAL, "SyncFolderItems: no progress");
    return STATUS_OK;
}

enum status sync_run(struct op *op, struct ews *ews, const struct sync *sync)
{
    struct asking asking = { .sync = sync, .state = sync->state };
    struct arena *arenas[2] = { arena_new(), arena_new() };
    struct sync_page page = { .last = false };
    enum status status = STATUS_OK;

    /* A page's state lives in its arena while the next page comes into the
     * other. */
    for (size_t turn = 0; status == STATUS_OK && !page.last; turn = !turn) {
        arena_reset(arenas[turn]);
        status = ask(op, ews, &asking, arenas[turn], &page);
        if (status == STATUS_OK &&
            !sync->page(sync->context, arenas[turn], &page))
            status =
                op_fail(op, STATUS_CANCELLED, "the changes are not wanted");
        asking.state = page.state;
    }
    arena_free(&arenas[0]);
    arena_free(&arenas[1]);
    return status;
}
