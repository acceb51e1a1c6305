/*
 * soap.c - the SOAP door: envelopes, versions, faults, and who does what
 */
#include "tests/exchange/soap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "tests/exchange/call.h"
#include "tests/exchange/timezone.h"

/* clang-format off */
static const struct {
    const char *name;
    void (*run)(struct call *call);
} operations[] = {
    { "GetFolder",            do_get_folder },
    { "FindFolder",           do_find_folder },
    { "SyncFolderHierarchy",  do_sync_folder_hierarchy },
    { "CreateFolder",         do_create_folder },
    { "UpdateFolder",         do_update_folder },
    { "MoveFolder",           do_move_folder },
    { "CopyFolder",           do_copy_folder },
    { "DeleteFolder",         do_delete_folder },
    { "EmptyFolder",          do_empty_folder },
    { "SyncFolderItems",      do_sync_folder_items },
    { "FindItem",             do_find_item },
    { "GetItem",              do_get_item },
    { "CreateItem",           do_create_item },
    { "UpdateItem",           do_update_item },
    { "DeleteItem",           do_delete_item },
    { "MoveItem",             do_move_item },
    { "CopyItem",             do_copy_item },
    { "SendItem",             do_send_item },
    { "MarkAllItemsAsRead",   do_mark_all_items_as_read },
    { "ResolveNames",         do_resolve_names },
    { "ExpandDL",             do_expand_dl },
    { "FindPeople",           do_find_people },
    { "GetPersona",           do_get_persona },
    { "GetUserPhoto",         do_get_user_photo },
    { "GetRoomLists",         do_get_room_lists },
    { "GetRooms",             do_get_rooms },
    { "GetUserAvailabilityRequest", do_get_user_availability },
    { "ConvertId",            do_convert_id },
    { "CreateAttachment",     do_create_attachment },
    { "GetAttachment",        do_get_attachment },
    { "DeleteAttachment",     do_delete_attachment },
    { "GetServerTimeZones",   do_get_server_time_zones },
    { "GetUserConfiguration", do_get_user_configuration },
    { "Subscribe",            do_subscribe },
    { "Unsubscribe",          do_unsubscribe },
    { "GetEvents",            do_get_events },
    { "GetStreamingEvents",   do_get_streaming_events },
};

/* The newest schema that a server speaks. */
static const struct {
    enum schema_version newest;
    const char *name;
} servers[EXCHANGE_VERSION_COUNT] = {
    [EXCHANGE_2007_SP1] = { SCHEMA_2007_SP1, "Exchange2007_SP1" },
    [EXCHANGE_2010_SP1] = { SCHEMA_2010_SP1, "Exchange2010_SP1" },
    [EXCHANGE_2010_SP2] = { SCHEMA_2010_SP2, "Exchange2010_SP2" },
    [EXCHANGE_2013_SP1] = { SCHEMA_2013_SP1, "Exchange2013_SP1" },
    [EXCHANGE_2016]     = { SCHEMA_2016,     "V2017_07_11" },
    [EXCHANGE_2019]     = { SCHEMA_2016,     "V2017_07_11" },
};
/* clang-format on */

bool soap_operation(const char *request, size_t len,
                    char operation_out[SOAP_OPERATION_SIZE])
{
    static const char body[] = ":Body";
    const char *end = request + len;
    const char *at = memmem(request, len, body, sizeof body - 1);
    size_t name = 0;

    if (at == NULL)
        at = memmem(request, len, "<Body", 5);
    at = at == NULL ? NULL : memchr(at, '>', (size_t)(end - at));
    at = at == NULL ? NULL : memchr(at, '<', (size_t)(end - at));
    for (at = at == NULL ? end : at + 1;
         at < end && strchr(" />\t\r\n", *at) == NULL; at++) {
        if (*at == ':')
            name = 0;
        else if (name + 1 < SOAP_OPERATION_SIZE)
            operation_out[name++] = *at;
    }
    operation_out[name] = '\0';
    if (name > 0)
        return true;
    strcpy(operation_out, "HTTP");
    return false;
}

/* --- Envelopes ----------------------------------------------------------- */

static void put_envelope(const struct call *call, struct buf *out)
{
    unsigned numbers[4] = { 0, 0, 0, 0 };

    sscanf(exchange_build(call->exchange), "%u.%u.%u.%u", &numbers[0],
           &numbers[1], &numbers[2], &numbers[3]);
    buf_printf(
        out,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><s:Envelope xmlns:s=\""
        "http://schemas.xmlsoap.org/soap/envelope/\"><s:Header>"
        "<h:ServerVersionInfo MajorVersion=\"%u\" MinorVersion=\"%u\""
        " MajorBuildNumber=\"%u\" MinorBuildNumber=\"%u\" Version=\"%s\""
        " xmlns:h=\"http://schemas.microsoft.com/exchange/services/2006/"
        "types\"/>"
        "</s:Header><s:Body>",
        numbers[0], numbers[1], numbers[2], numbers[3],
        servers[call->exchange->version].name);
}

static void give(struct soap_reply *reply, int status, struct buf *out)
{
    buf_puts(out, "</s:Body></s:Envelope>");
    *reply = (struct soap_reply){ .http_status = status,
                                  .body = out->data,
                                  .len = out->len };
}

void envelope_begin(struct call *call)
{
    put_envelope(call, &call->out);
}

void envelope_end(struct call *call)
{
    buf_puts(&call->out, "</s:Body></s:Envelope>");
}

/* A SOAP fault; `inner` is what stands in MessageXml, NULL: nothing. */
static void give_fault(const struct call *call, struct soap_reply *reply,
                       const char *code, const char *text, const char *inner)
{
    struct buf out;

    buf_init(&out, NULL);
    put_envelope(call, &out);
    buf_printf(
        &out,
        "<s:Fault><faultcode xmlns:a=\"http://schemas.microsoft.com/exchange/"
        "services/2006/types\">a:%s</faultcode><faultstring "
        "xml:lang=\"en-US\">",
        code);
    put_text(&out, text);
    buf_printf(
        &out,
        "</faultstring><detail><e:ResponseCode "
        "xmlns:e=\"http://schemas.microsoft"
        ".com/exchange/services/2006/errors\">%s</e:ResponseCode><e:Message"
        " xmlns:e=\"http://schemas.microsoft.com/exchange/services/2006/"
        "errors\">",
        code);
    put_text(&out, text);
    buf_puts(&out, "</e:Message>");
    if (inner != NULL)
        buf_printf(
            &out,
            "<t:MessageXml xmlns:t=\"http://schemas.microsoft.com/exchange/"
            "services/2006/types\">%s</t:MessageXml>",
            inner);
    buf_puts(&out, "</detail></s:Fault>");
    give(reply, 500, &out);
}

static void give_violation(const struct call *call, struct soap_reply *reply,
                           const struct schema_violation *violation)
{
    struct buf inner;

    buf_init(&inner, call->arena);
    buf_printf(
        &inner,
        "<t:LineNumber>%d</t:LineNumber><t:LinePosition>%d</t:LinePosition>"
        "<t:Violation>",
        violation->node->line, violation->node->column);
    put_text(&inner, violation->text);
    buf_puts(&inner, "</t:Violation>");
    give_fault(call, reply, "ErrorSchemaValidation",
               arena_printf(call->arena,
                            "The request failed schema validation: %s",
                            violation->text),
               inner.data);
}

/* --- Headers ------------------------------------------------------------- */

static const char *repeated_header(const struct node *header)
{
    for (struct node *at = header == NULL ? NULL : header->children; at != NULL;
         at = at->next)
        for (struct node *other = at->next; other != NULL; other = other->next)
            if (str_equal(at->name, other->name))
                return at->name;
    return NULL;
}

/* Takes what the headers say; the fault's code if they cannot be met. */
static const char *read_header(struct call *call, const struct node *header)
{
    const struct node *version = node_child(header, "RequestServerVersion");
    const char *asked = node_attribute(version, "Version");
    const char *precision = node_text(header, "DateTimePrecision");
    const struct node *zone =
        node_path(header, "TimeZoneContext/TimeZoneDefinition");
    const struct node *other =
        node_path(header, "ExchangeImpersonation/ConnectingSID");

    if (repeated_header(header) != NULL)
        return "ErrorDuplicateSOAPHeader";
    call->version = version == NULL ? SCHEMA_2007 : schema_version(asked);
    if (call->version > servers[call->exchange->version].newest)
        return "ErrorInvalidServerVersion";
    if (other != NULL && other->children != NULL &&
        !str_equal_nocase(other->children->text, call->user->address))
        return "ErrorImpersonateUserDenied";
    call->milliseconds = str_equal(precision, "Milliseconds") &&
                         call->version >= SCHEMA_2010_SP2;
    call->zone = zone == NULL || call->version < SCHEMA_2010
                     ? NULL
                     : sim_zone_of(call->arena, zone);
    if (zone != NULL && call->zone == NULL && call->version >= SCHEMA_2010)
        return "ErrorTimeZone";
    return NULL;
}

/* --- Calls --------------------------------------------------------------- */

/* Those whose answer is one message without a list of them. */
static bool is_bare(const char *operation)
{
    static const char *const bare[] = { "GetRoomLists", "GetRooms",
                                        "GetUserAvailabilityRequest",
                                        "FindPeople", "GetPersona",
                                        "GetUserPhoto" };

    for (size_t i = 0; i < sizeof bare / sizeof *bare; i++)
        if (str_equal(bare[i], operation))
            return true;
    return false;
}

static void run(struct call *call, struct soap_reply *reply)
{
    bool bare = is_bare(call->request->name);
    size_t i = 0;

    while (!str_equal(operations[i].name, call->request->name))
        i++;
    buf_init(&call->out, NULL);
    put_envelope(call, &call->out);
    if (!bare)
        answer_begin(call);
    exchange_lock(call->exchange);
    call->exchange->caller = call->user;
    operations[i].run(call);
    call_leave(call);
    call->exchange->caller = NULL;
    exchange_unlock(call->exchange);
    if (call->refused != NULL) {
        buf_fini(&call->out);
        give_fault(call, reply, call->refused, code_text(call->refused), NULL);
        return;
    }
    if (!bare)
        answer_end(call);
    give(reply, call->http_status == 0 ? 200 : call->http_status, &call->out);
    if (call->stream != NULL)
        reply->stream = soap_stream_new(call);
}

static void handle(struct call *call, const struct node *envelope,
                   struct soap_reply *reply)
{
    struct schema_violation violation;
    const char *code;

    call->request = node_child(envelope, "Body");
    call->request = call->request == NULL ? NULL : call->request->children;
    if (envelope == NULL || call->request == NULL ||
        call->request->namespace != NS_MESSAGES) {
        give_fault(call, reply, "ErrorInvalidRequest",
                   "The request is invalid.", NULL);
        return;
    }
    code = read_header(call, node_child(envelope, "Header"));
    if (code != NULL) {
        give_fault(call, reply, code, "The request's headers cannot be met.",
                   NULL);
        return;
    }
    if (!schema_knows(call->request->name, call->version)) {
        violation =
            (struct schema_violation){ call->request, "unknown operation" };
        give_violation(call, reply, &violation);
    } else if (!schema_check(call->arena, call->request, call->version,
                             &violation)) {
        give_violation(call, reply, &violation);
    } else if (call->fault != NULL && call->fault->fault == FAULT_SERVER_BUSY) {
        code = call->fault->code != NULL ? call->fault->code
                                         : "ErrorServerBusy";
        give_fault(
            call, reply, code, code_text(code),
            arena_printf(call->arena,
                         "<t:Value Name=\"BackOffMilliseconds\">%ld</t:Value>",
                         call->fault->parameter));
    } else {
        run(call, reply);
    }
}

void soap_handle(struct exchange *exchange, const char *address,
                 const struct soap_route *route, const char *request,
                 size_t len, const struct exchange_fault_rule *fault,
                 struct soap_reply *reply)
{
    struct arena *arena = arena_new();
    struct call call = { .exchange = exchange, .arena = arena, .fault = fault };

    exchange_lock(exchange);
    call.user = sim_mailbox_find(exchange, address);
    call_arrive(&call, route);
    exchange_unlock(exchange);
    if (call.user == NULL)
        give_fault(&call, reply, "ErrorNonExistentMailbox",
                   "No mailbox with such an address.", NULL);
    else
        handle(&call, node_parse(arena, request, len), reply);
    arena_free(&arena);
}
