/*
 * validation.c - see validation.h
 */
#include "tests/proxy/exchange/ews/validation.h"

#include <criterion/criterion.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct validation {
    xmlSchemaPtr schema;
};

static const char *shared_folder(void)
{
    const char *shared = getenv("POSTERN_SHARED");

    return shared != NULL ? shared : "../shared";
}

static void quiet(void *context, const char *format, ...)
{
    (void)context, (void)format;
}

static void complain(void *context, xmlErrorPtr error)
{
    (void)context;
    cr_log_error("%s", error->message);
}

static xmlSchemaPtr load_schema(void)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/ews-schema/messages.xsd", shared_folder());
    if (access(path, R_OK) != 0)
        return NULL;
    xmlSchemaParserCtxtPtr parser = xmlSchemaNewParserCtxt(path);
    xmlSchemaSetParserErrors(parser, quiet, quiet, NULL);
    xmlSchemaPtr schema = xmlSchemaParse(parser);
    xmlSchemaFreeParserCtxt(parser);
    cr_assert_not_null(schema, "the schema cannot be read");
    return schema;
}

/* The element in the Body, as a document of its own. */
static xmlDocPtr operation_of(const char *body)
{
    xmlDocPtr envelope = xmlReadMemory(body, (int)strlen(body), NULL, NULL, 0);
    xmlDocPtr document = xmlNewDoc((const xmlChar *)"1.0");

    cr_assert_not_null(envelope, "no XML: %s", body);
    xmlNodePtr soap_body = xmlLastElementChild(xmlDocGetRootElement(envelope));
    xmlNodePtr operation =
        xmlDocCopyNode(xmlFirstElementChild(soap_body), document, 1);
    xmlDocSetRootElement(document, operation);
    xmlReconciliateNs(document, operation);
    xmlFreeDoc(envelope);
    return document;
}

struct validation *validation_new(void)
{
    xmlSchemaPtr schema = load_schema();

    if (schema == NULL)
        return NULL;
    struct validation *validation = calloc(1, sizeof *validation);
    validation->schema = schema;
    return validation;
}

void validation_free(struct validation **validation)
{
    if (*validation == NULL)
        return;
    xmlSchemaFree((*validation)->schema);
    free(*validation);
    *validation = NULL;
}

void validation_check(struct validation *validation, const char *body,
                      const char *what)
{
    if (validation == NULL)
        return;
    xmlSchemaValidCtxtPtr validator = xmlSchemaNewValidCtxt(validation->schema);
    xmlDocPtr document = operation_of(body);
    xmlSchemaSetValidStructuredErrors(validator, complain, NULL);
    cr_expect_eq(xmlSchemaValidateDoc(validator, document), 0, "%s: %s", what,
                 body);
    xmlFreeDoc(document);
    xmlSchemaFreeValidCtxt(validator);
}
