/*
 * memory_lists.c - the in-memory door: what is in a folder
 */
#include "tests/exchange/memory.h"

#include "proxy/base/arena.h"
#include "tests/exchange/stores.h"

static struct remote_item_delta show(struct arena *arena,
                                     const struct sim_item_change *change)
{
    struct remote_item_delta delta = { .change = REMOTE_ITEM_PRESENT };

    switch (change->kind) {
    case CHANGE_DELETE:
        delta.change = REMOTE_ITEM_GONE;
        delta.item.id = arena_strdup(arena, change->id);
        break;
    case CHANGE_READ_FLAG:
        delta.change = REMOTE_ITEM_READ_FLAG;
        delta.item.id = arena_strdup(arena, change->id);
        delta.item.change_key = sim_item_change_key(arena, change->item);
        delta.item.flags = memory_flags(change->item) & MAIL_SEEN;
        break;
    default:
        delta.item = memory_item(arena, change->item);
        break;
    }
    return delta;
}

static enum status sync_page(struct op *op, struct arena *arena,
                             struct remote *remote, const char *id,
                             const char *state, struct remote_item_page *page)
{
    struct memory_call call;
    enum status status =
        memory_call_begin(op, remote, "SyncFolderItems", false, &call);
    struct sim_sync_page found = { .count = 0 };
    struct remote_item_delta *deltas;
    struct sim_folder *folder;

    if (status != STATUS_OK)
        return status;
    exchange_lock(call.remote->exchange);
    folder = memory_folder_to_read(&call, id, &status);
    if (folder != NULL && (folder->search || folder->unsyncable ||
                           sim_is_public(folder->mailbox)))
        status = STATUS_UNSUPPORTED;
    else if (folder != NULL &&
             !sim_folder_sync(arena, folder, state, MEMORY_PAGE, &found))
        status = STATUS_STALE;
    deltas = arena_array(arena, found.count + 1, sizeof *deltas);
    for (size_t i = 0; i < found.count; i++)
        deltas[i] = show(arena, &found.items[i]);
    *page = (struct remote_item_page){ deltas, found.count, found.state,
                                       found.last };
    return memory_end_read(&call, status);
}

enum status memory_items_sync(struct op *op, struct remote *remote,
                              const char *folder, const char *state,
                              bool (*each)(void *context,
                                           const struct remote_item_page *page),
                              void *context)
{
    struct arena *arena = arena_new();
    struct remote_item_page page = { .last = false };
    enum status status = STATUS_OK;

    while (status == STATUS_OK && !page.last) {
        struct arena *next = arena_new();

        status = sync_page(op, next, remote, folder, state, &page);
        if (status == STATUS_OK && !each(context, &page))
            status = op_fail(op, STATUS_CANCELLED, "the caller has enough");
        arena_free(&arena);
        arena = next;
        state = page.state;
    }
    arena_free(&arena);
    return status;
}

enum status memory_items_list(
    struct op *op, struct remote *remote, const char *id,
    bool (*page)(void *context, const struct remote_item *items, size_t count),
    void *context)
{
    enum status status = STATUS_OK;
    bool last = false;

    for (size_t offset = 0; status == STATUS_OK && !last;
         offset += MEMORY_FIND_PAGE) {
        struct arena *arena = arena_new();
        struct remote_item *items =
            arena_array(arena, MEMORY_FIND_PAGE, sizeof *items);
        struct sim_folder *folder;
        struct memory_call call;
        size_t count = 0;

        status = memory_call_begin(op, remote, "FindItem", false, &call);
        if (status == STATUS_OK) {
            exchange_lock(call.remote->exchange);
            folder = memory_folder_to_read(&call, id, &status);
            struct sim_item **found = NULL;
            size_t total = 0;

            if (folder != NULL)
                found = sim_folder_items(arena, folder, &total);
            for (; offset + count < total && count < MEMORY_FIND_PAGE; count++)
                items[count] = memory_item(arena, found[offset + count]);
            last = offset + count >= total;
            status = memory_end_read(&call, status);
        }
        if (status == STATUS_OK && !page(context, items, count))
            status = op_fail(op, STATUS_CANCELLED, "the caller has enough");
        arena_free(&arena);
    }
    return status;
}

enum status memory_items_get(struct op *op, struct remote *remote,
                             const char *const ids[], size_t count,
                             bool (*each)(void *context, size_t index,
                                          enum status status,
                                          const struct remote_item *item),
                             void *context)
{
    enum status status = STATUS_OK;

    for (size_t start = 0; start < count && status == STATUS_OK;
         start += MEMORY_BATCH) {
        size_t many =
            count - start > MEMORY_BATCH ? MEMORY_BATCH : count - start;
        struct arena *arena = arena_new();
        struct remote_item *items = arena_array(arena, many, sizeof *items);
        enum status *states = arena_array(arena, many, sizeof *states);
        struct memory_call call;

        status = memory_call_begin(op, remote, "GetItem", false, &call);
        if (status == STATUS_OK) {
            exchange_lock(call.remote->exchange);
            for (size_t i = 0; i < many; i++) {
                struct sim_item *item =
                    sim_item_by_id(call.remote->exchange, ids[start + i]);

                states[i] = memory_call_item(&call, i);
                if (states[i] == STATUS_OK && item == NULL)
                    states[i] = STATUS_NOT_FOUND;
                if (states[i] == STATUS_OK)
                    items[i] = memory_item(arena, item);
            }
            status = memory_end_read(&call, STATUS_OK);
        }
        for (size_t i = 0; i < many && status == STATUS_OK; i++)
            if (!each(context, start + i, states[i],
                      states[i] == STATUS_OK ? &items[i] : NULL))
                status = op_fail(op, STATUS_CANCELLED, "the caller has enough");
        arena_free(&arena);
    }
    return status;
}
