/*
 * xml.c - reading XML as a stream, with libxml2's push parser
 *
 * Bytes go through the filter into the parser, whose events go to the handler.
 * There are no entities but the five that XML has, no document types, and
 * nothing is loaded from anywhere.
 */
#include "proxy/format/xml.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "proxy/base/memory.h"
#include "proxy/format/xml_filter.h"

/* Filtered bytes are handed on in pieces of this size: libxml2 has a price per
 * piece. */
#define STAGE_SIZE 16384

struct xml_reader {
    const struct xml_handler *handler;
    void *context;
    xmlParserCtxtPtr parser;
    struct xml_filter filter;
    struct buf values; /* of one element's attributes */
    enum xml_state state;
    uint64_t limit;
    uint64_t counted;
    size_t depth;
    size_t staged;
    char stage[STAGE_SIZE];
};

static void stop(struct xml_reader *reader, enum xml_state state)
{
    if (reader->state == XML_MORE || reader->state == XML_WHOLE)
        reader->state = state;
    xmlStopParser(reader->parser);
}

/* libxml2 leaves "&" in attributes as it would stand in a document. */
static void append_value(struct buf *out, const char *value, size_t len)
{
    static const char ampersand[] = "&#38;";
    const size_t size = sizeof ampersand - 1;

    for (size_t i = 0; i < len; i++) {
        buf_putc(out, value[i]);
        if (len - i >= size && memcmp(value + i, ampersand, size) == 0)
            i += size - 1;
    }
}

/* libxml2 gives five pointers per attribute: name, prefix, namespace, and where
 * the value starts and ends.  Copies the values, and points to them once they
 * have ceased to move. */
static void copy_attributes(struct xml_reader *reader, const xmlChar **from,
                            struct xml_attribute *to, size_t count)
{
    size_t offsets[XML_ATTRIBUTES_MAX];

    buf_clear(&reader->values);
    for (size_t i = 0; i < count; i++) {
        const xmlChar **attribute = from + 5 * i;
        offsets[i] = reader->values.len;
        append_value(&reader->values, (const char *)attribute[3],
                     (size_t)(attribute[4] - attribute[3]));
        buf_putc(&reader->values, '\0');
    }
    for (size_t i = 0; i < count; i++) {
        to[i].name = (const char *)from[5 * i];
        to[i].value = reader->values.data + offsets[i];
    }
}

/* A namespace is the value of an attribute, too. */
static bool tell_space(struct xml_reader *reader, const char *uri)
{
    if (reader->handler->space == NULL)
        return true;
    buf_clear(&reader->values);
    append_value(&reader->values, uri, strlen(uri));
    buf_putc(&reader->values, '\0');
    return reader->handler->space(reader->context, reader->values.data);
}

static void on_open(void *context, const xmlChar *name, const xmlChar *prefix,
                    const xmlChar *uri, int namespace_count,
                    const xmlChar **namespaces, int count, int defaulted,
                    const xmlChar **attributes)
{
    struct xml_reader *reader = ((xmlParserCtxtPtr)context)->_private;
    struct xml_attribute copies[XML_ATTRIBUTES_MAX];

    (void)prefix, (void)namespace_count, (void)namespaces, (void)defaulted;
    if (reader->state != XML_MORE)
        return;
    if (++reader->depth > XML_DEPTH_MAX || count > XML_ATTRIBUTES_MAX) {
        stop(reader, XML_BROKEN);
        return;
    }
    if (!tell_space(reader, uri != NULL ? (const char *)uri : "")) {
        stop(reader, XML_STOPPED);
        return;
    }
    copy_attributes(reader, attributes, copies, (size_t)count);
    if (!reader->handler->open(reader->context, (const char *)name, copies,
                               (size_t)count))
        stop(reader, XML_STOPPED);
}

static void on_text(void *context, const xmlChar *text, int len)
{
    struct xml_reader *reader = ((xmlParserCtxtPtr)context)->_private;

    if (reader->state == XML_MORE &&
        !reader->handler->text(reader->context, (const char *)text,
                               (size_t)len))
        stop(reader, XML_STOPPED);
}

static void on_close(void *context, const xmlChar *name, const xmlChar *prefix,
                     const xmlChar *uri)
{
    struct xml_reader *reader = ((xmlParserCtxtPtr)context)->_private;

    (void)prefix, (void)uri;
    if (reader->state != XML_MORE)
        return;
    if (!reader->handler->close(reader->context, (const char *)name)) {
        stop(reader, XML_STOPPED);
        return;
    }
    if (--reader->depth == 0)
        reader->state = XML_WHOLE;
}

/* A document type could declare entities: nobody in his right mind sends one
 * here. */
static void on_document_type(void *context, const xmlChar *name,
                             const xmlChar *external, const xmlChar *system)
{
    struct xml_reader *reader = ((xmlParserCtxtPtr)context)->_private;

    (void)name, (void)external, (void)system;
    stop(reader, XML_BROKEN);
}

static xmlEntityPtr on_entity(void *context, const xmlChar *name)
{
    (void)context;
    return xmlGetPredefinedEntity(name);
}

static void on_error(void *context, const char *format, ...)
{
    (void)context, (void)format;
}

static void on_structured_error(void *context, xmlErrorPtr error)
{
    (void)context, (void)error;
}

/* clang-format off */
static const xmlSAXHandler events = {
    .initialized = XML_SAX2_MAGIC,
    .startElementNs = on_open,
    .endElementNs = on_close,
    .characters = on_text,
    .ignorableWhitespace = on_text,
    .cdataBlock = on_text,
    .internalSubset = on_document_type,
    .externalSubset = on_document_type,
    .getEntity = on_entity,
    .warning = on_error,
    .error = on_error,
    .fatalError = on_error,
    .serror = on_structured_error,
};
/* clang-format on */

static bool is_well_formed(const struct xml_reader *reader)
{
    return reader->parser->wellFormed &&
           (reader->handler->space == NULL || reader->parser->nsWellFormed);
}

static bool parse(struct xml_reader *reader, const char *data, size_t len)
{
    if (reader->state != XML_MORE && reader->state != XML_WHOLE)
        return false;
    reader->counted += len;
    while (len > 0 && reader->state != XML_STOPPED &&
           reader->state != XML_BROKEN) {
        size_t piece = len < STAGE_SIZE ? len : STAGE_SIZE;
        xmlParseChunk(reader->parser, data, (int)piece, 0);
        data += piece;
        len -= piece;
        if (!is_well_formed(reader))
            stop(reader, XML_BROKEN);
    }
    if (reader->counted > reader->limit)
        stop(reader, XML_OVER_LIMIT);
    return reader->state == XML_MORE || reader->state == XML_WHOLE;
}

static bool flush(struct xml_reader *reader)
{
    size_t len = reader->staged;

    reader->staged = 0;
    return len == 0 || parse(reader, reader->stage, len);
}

/* Takes filtered bytes: small ones are collected, long ones go straight on. */
static bool stage(void *context, const char *data, size_t len)
{
    struct xml_reader *reader = context;

    if (reader->staged + len > STAGE_SIZE && !flush(reader))
        return false;
    if (len >= STAGE_SIZE)
        return parse(reader, data, len);
    memcpy(reader->stage + reader->staged, data, len);
    reader->staged += len;
    return true;
}

struct xml_reader *xml_reader_new(const struct xml_handler *handler,
                                  void *context, uint64_t limit)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct xml_reader *reader = memory_new(sizeof *reader);
    xmlSAXHandler copy = events;

    pthread_once(&once, xmlInitParser);
    reader->handler = handler;
    reader->context = context;
    reader->limit = limit;
    reader->filter = (struct xml_filter){ .out = stage, .context = reader };
    buf_init(&reader->values, NULL);
    reader->parser = xmlCreatePushParserCtxt(&copy, NULL, NULL, 0, NULL);
    if (reader->parser == NULL)
        memory_exhausted();
    reader->parser->_private = reader;
    xmlCtxtUseOptions(reader->parser,
                      XML_PARSE_HUGE | XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
    xmlSwitchEncoding(reader->parser, XML_CHAR_ENCODING_UTF8);
    return reader;
}

void xml_reader_free(struct xml_reader **reader)
{
    if (*reader == NULL)
        return;
    xmlFreeParserCtxt((*reader)->parser);
    buf_fini(&(*reader)->values);
    free(*reader);
    *reader = NULL;
}

enum xml_state xml_reader_feed(struct xml_reader *reader, const char *data,
                               size_t len)
{
    if (reader->state == XML_MORE || reader->state == XML_WHOLE) {
        if (xml_filter_feed(&reader->filter, data, len))
            flush(reader);
    }
    return reader->state;
}

enum xml_state xml_reader_finish(struct xml_reader *reader)
{
    if (reader->state == XML_MORE || reader->state == XML_WHOLE) {
        if (xml_filter_finish(&reader->filter))
            flush(reader);
        xmlParseChunk(reader->parser, "", 0, 1);
        if (!is_well_formed(reader) || reader->state == XML_MORE)
            stop(reader, XML_BROKEN);
    }
    return reader->state;
}

void xml_reader_forgive(struct xml_reader *reader, size_t len)
{
    reader->counted -= len < reader->counted ? len : reader->counted;
}
