/*
 * asking.c - asks the SOAP door, and holds every answer to the official schema
 * where that is at hand
 */
#include "tests/simulation/asking.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include <criterion/criterion.h>

#include "proxy/base/buf.h"

const char *shared_folder(void)
{
    const char *shared = getenv("POSTERN_SHARED");

    return shared != NULL ? shared : "../shared";
}

static void quiet(void *context, const char *format, ...)
{
    (void)context;
    (void)format;
}

static xmlSchemaPtr load_schema(struct arena *arena)
{
    char *path =
        arena_printf(arena, "%s/ews-schema/messages.xsd", shared_folder());
    xmlSchemaParserCtxtPtr parser;
    xmlSchemaPtr schema;

    if (access(path, R_OK) != 0)
        return NULL;
    parser = xmlSchemaNewParserCtxt(path);
    xmlSchemaSetParserErrors(parser, quiet, quiet, NULL);
    schema = xmlSchemaParse(parser);
    xmlSchemaFreeParserCtxt(parser);
    cr_assert_not_null(schema);
    return schema;
}

void asking_begin(struct asking *asking, enum exchange_version version)
{
    asking->arena = arena_new();
    asking->schema = load_schema(asking->arena);
    asking->exchange = exchange_new(version);
}

void asking_restart(struct asking *asking, enum exchange_version version)
{
    exchange_free(&asking->exchange);
    asking->exchange = exchange_new(version);
}

void asking_end(struct asking *asking)
{
    exchange_free(&asking->exchange);
    xmlSchemaFree(asking->schema);
    arena_free(&asking->arena);
}

static void complain(void *context, const char *format, ...)
{
    struct buf *out = context;
    va_list args;

    va_start(args, format);
    buf_vprintf(out, format, args);
    va_end(args);
}

/* Real servers put what is within Notifications and ErrorSubscriptionIds into
 * the namespace of messages, against their own schema; so does ours. */
static char *by_the_schema(const struct asking *asking, const char *answer)
{
    static const char *const lists[] = { "m:Notifications>",
                                         "m:ErrorSubscriptionIds>" };
    static const char *const members[] = { "m:Notification>",
                                           "m:SubscriptionId>" };
    char *copy = arena_strdup(asking->arena, answer);

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (char *at = strstr(copy, lists[i]);
             at != NULL && (at = strstr(at + 1, members[i])) != NULL;)
            *at = 't';
    return copy;
}

void asking_check(const struct asking *asking, const char *name,
                  const char *answer)
{
    const char *text = by_the_schema(asking, answer);
    xmlDocPtr envelope = xmlReadMemory(text, (int)strlen(text), NULL, NULL, 0);
    xmlDocPtr document;
    xmlSchemaValidCtxtPtr validator;
    struct buf complaints;
    xmlNodePtr body;

    cr_assert_not_null(envelope, "%s: no XML: %s", name, answer);
    if (asking->schema == NULL) {
        xmlFreeDoc(envelope);
        return;
    }
    document = xmlNewDoc((const xmlChar *)"1.0");
    validator = xmlSchemaNewValidCtxt(asking->schema);
    buf_init(&complaints, asking->arena);
    body = xmlLastElementChild(xmlDocGetRootElement(envelope));
    xmlDocSetRootElement(
        document, xmlDocCopyNode(xmlFirstElementChild(body), document, 1));
    xmlSchemaSetValidErrors(validator, complain, complain, &complaints);
    cr_expect_eq(xmlSchemaValidateDoc(validator, document), 0, "%s: %s\n%s",
                 name, complaints.data, answer);
    xmlSchemaFreeValidCtxt(validator);
    xmlFreeDoc(document);
    xmlFreeDoc(envelope);
}

char *asking_ask(const struct asking *asking, const char *user,
                 const char *version, const char *header, const char *operation,
                 const struct exchange_fault_rule *fault,
                 struct soap_stream **stream_out)
{
    char *request = arena_printf(
        asking->arena,
        "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\""
        "http://schemas.xmlsoap.org/soap/envelope/\" xmlns:t=\"" TYPES
        "\" xmlns:m=\"" MESSAGES
        "\"><s:Header><t:RequestServerVersion Version=\"%s\"/>%s</s:Header>"
        "<s:Body>%s</s:Body></s:Envelope>",
        version, header, operation);
    struct soap_reply reply;
    char *answer;

    soap_handle(asking->exchange, user, NULL, request, strlen(request), fault,
                &reply);
    cr_expect_eq(reply.http_status == 500,
                 strstr(reply.body, "<s:Fault>") != NULL);
    answer = arena_strdup(asking->arena, reply.body);
    free(reply.body);
    if (reply.http_status == 200)
        asking_check(asking, operation, answer);
    if (stream_out != NULL)
        *stream_out = reply.stream;
    else
        soap_stream_close(&reply.stream);
    return answer;
}

char *asking_between(const struct asking *asking, const char *answer,
                     const char *start, const char *end)
{
    const char *at = strstr(answer, start);
    const char *stop = at == NULL ? NULL : strstr(at + strlen(start), end);

    return stop == NULL ? arena_strdup(asking->arena, "")
                        : arena_strndup(asking->arena, at + strlen(start),
                                        (size_t)(stop - at) - strlen(start));
}

char *asking_code(const struct asking *asking, const char *answer)
{
    const char *code = strstr(answer, "ResponseCode");

    return asking_between(asking, code == NULL ? "" : code, ">", "<");
}

size_t asking_times(const char *answer, const char *text)
{
    size_t times = 0;

    for (const char *at = answer; (at = strstr(at, text)) != NULL; at++)
        times++;
    return times;
}
