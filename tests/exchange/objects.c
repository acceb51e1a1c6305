/*
 * objects.c - events, tasks and contacts that tests and the demo put into
 * mailboxes
 *
 * They are made as CreateItem makes them, by what the newest version knows,
 * whichever the exchange is.
 */
#include "tests/exchange/exchange.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/buf.h"
#include "tests/exchange/form.h"

static struct node *request_for(struct arena *arena, const char *folder,
                                const char *element)
{
    struct buf text;

    buf_init(&text, arena);
    buf_printf(
        &text,
        "<m:CreateItem SendMeetingInvitations=\"SendToNone\""
        " xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\""
        " xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/"
        "messages\"><m:SavedItemFolderId><t:DistinguishedFolderId Id=\"%s\"/>"
        "</m:SavedItemFolderId><m:Items>%s</m:Items></m:CreateItem>",
        folder, element);
    return node_parse(arena, text.data, text.len);
}

const char *exchange_add_object(struct exchange *exchange, const char *user,
                                const char *folder, const char *element)
{
    struct call call = { .exchange = exchange,
                         .arena = arena_new(),
                         .version = SCHEMA_2016 };
    const struct node *items;
    struct sim_item *item = NULL;
    const char *id;

    call.request = request_for(call.arena, folder, element);
    items = node_child(call.request, "Items");
    exchange_lock(exchange);
    call.user = sim_mailbox_find(exchange, user);
    if (call.user != NULL && items != NULL &&
        form_create(&call, items->children, &item) != NULL)
        item = NULL;
    id = item == NULL ? NULL : sim_item_id(item);
    exchange_unlock(exchange);
    arena_free(&call.arena);
    return id;
}

const char *exchange_add_event(struct exchange *exchange, const char *user,
                               const char *calendar)
{
    struct arena *arena = arena_new();
    size_t len = strlen(calendar);
    char *text = arena_alloc(arena, base64_encoded_size(len) + 1);
    const char *id;

    text[base64_encode(calendar, len, text)] = '\0';
    id = exchange_add_object(
        exchange, user, "calendar",
        arena_printf(arena,
                     "<t:CalendarItem><t:MimeContent>%s</t:MimeContent>"
                     "</t:CalendarItem>",
                     text));
    arena_free(&arena);
    return id;
}
