/*
 * objects.c - events, tasks and contacts that tests and the demo put into
 * mailboxes
 */
#include "tests/exchange/exchange.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/buf.h"
#include "tests/exchange/call.h"
#include "tests/exchange/soap.h"

/* The id that an answer tells; NULL for none. */
static const char *id_in(struct exchange *exchange, struct arena *arena,
                         const char *answer)
{
    static const char mark[] = "ItemId Id=\"";
    const char *at = strstr(answer, mark);
    struct sim_item *item;
    const char *id = NULL;

    if (at == NULL)
        return NULL;
    at += strlen(mark);
    exchange_lock(exchange);
    item = sim_item_by_id(exchange,
                          arena_strndup(arena, at, strcspn(at, "\"")));
    if (item != NULL)
        id = sim_item_id(item);
    exchange_unlock(exchange);
    return id;
}

const char *exchange_add_object(struct exchange *exchange, const char *user,
                                const char *folder, const char *element)
{
    struct arena *arena = arena_new();
    struct soap_reply reply;
    struct buf request;
    const char *id;

    buf_init(&request, arena);
    buf_printf(
        &request,
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\""
        " xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\""
        " xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/"
        "messages\"><s:Header><t:RequestServerVersion Version=\"%s\"/>"
        "</s:Header><s:Body><m:CreateItem MessageDisposition=\"SaveOnly\""
        " SendMeetingInvitations=\"SendToNone\"><m:SavedItemFolderId>"
        "<t:DistinguishedFolderId Id=\"%s\"/></m:SavedItemFolderId><m:Items>%s"
        "</m:Items></m:CreateItem></s:Body></s:Envelope>",
        exchange_newest_schema(exchange), folder, element);
    soap_handle(exchange, user, NULL, request.data, request.len, NULL, &reply);
    id = id_in(exchange, arena, reply.body);
    free(reply.body);
    arena_free(&arena);
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
