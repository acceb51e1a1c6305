/*
 * node.c - a request as a tree of elements
 */
#include "tests/exchange/node.h"

#include <string.h>

#include <libxml/xmlreader.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"

static const struct {
    const char *uri;
    enum namespace namespace;
} namespaces[] = {
    { "http://schemas.xmlsoap.org/soap/envelope/", NS_SOAP },
    { "http://schemas.microsoft.com/exchange/services/2006/types", NS_TYPES },
    { "http://schemas.microsoft.com/exchange/services/2006/messages",
      NS_MESSAGES },
};

static enum namespace namespace_of(const char *uri)
{
    for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++)
        if (str_equal(namespaces[i].uri, uri))
            return namespaces[i].namespace;
    return NS_OTHER;
}

static void silent(void *context, const char *message,
                   xmlParserSeverities severity,
                   xmlTextReaderLocatorPtr locator)
{
    (void)context;
    (void)message;
    (void)severity;
    (void)locator;
}

static void read_attributes(struct arena *arena, xmlTextReaderPtr reader,
                            struct node *node)
{
    struct attribute **at = &node->attributes;

    while (xmlTextReaderMoveToNextAttribute(reader) == 1) {
        struct attribute *attribute;

        if (xmlTextReaderIsNamespaceDecl(reader) == 1)
            continue;
        attribute = *at = arena_alloc(arena, sizeof *attribute);
        attribute->name = arena_strdup(
            arena, (const char *)xmlTextReaderConstLocalName(reader));
        attribute->value =
            arena_strdup(arena, (const char *)xmlTextReaderConstValue(reader));
        at = &attribute->next;
    }
    xmlTextReaderMoveToElement(reader);
}

static struct node *read_element(struct arena *arena, xmlTextReaderPtr reader,
                                 struct node *parent)
{
    struct node *node = arena_alloc(arena, sizeof *node);
    struct node **last = parent == NULL ? NULL : &parent->children;

    node->namespace =
        namespace_of((const char *)xmlTextReaderConstNamespaceUri(reader));
    node->name =
        arena_strdup(arena, (const char *)xmlTextReaderConstLocalName(reader));
    node->text = "";
    node->parent = parent;
    node->line = xmlTextReaderGetParserLineNumber(reader);
    node->column = xmlTextReaderGetParserColumnNumber(reader);
    while (last != NULL && *last != NULL)
        last = &(*last)->next;
    if (last != NULL)
        *last = node;
    read_attributes(arena, reader, node);
    return node;
}

static void add_text(struct arena *arena, struct node *node, const char *text)
{
    node->text = *node->text == '\0'
                     ? arena_strdup(arena, text)
                     : arena_printf(arena, "%s%s", node->text, text);
}

struct node *node_parse(struct arena *arena, const char *data, size_t len)
{
    xmlTextReaderPtr reader =
        len > INT32_MAX ? NULL
                        : xmlReaderForMemory(data, (int)len, NULL, NULL,
                                             XML_PARSE_HUGE | XML_PARSE_NONET);
    struct node *root = NULL;
    struct node *at = NULL;
    int more;

    if (reader == NULL)
        return NULL;
    xmlTextReaderSetErrorHandler(reader, silent, NULL);
    while ((more = xmlTextReaderRead(reader)) == 1) {
        switch (xmlTextReaderNodeType(reader)) {
        case XML_READER_TYPE_ELEMENT:
            at = read_element(arena, reader, at);
            if (root == NULL)
                root = at;
            if (xmlTextReaderIsEmptyElement(reader))
                at = at->parent;
            break;
        case XML_READER_TYPE_END_ELEMENT:
            at = at->parent;
            break;
        case XML_READER_TYPE_TEXT:
        case XML_READER_TYPE_CDATA:
        case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
            if (at != NULL)
                add_text(arena, at,
                         (const char *)xmlTextReaderConstValue(reader));
            break;
        default:
            break;
        }
    }
    xmlFreeTextReader(reader);
    return more == 0 ? root : NULL;
}

struct node *node_child(const struct node *node, const char *name)
{
    struct node *child = node == NULL ? NULL : node->children;

    while (child != NULL && !str_equal(child->name, name))
        child = child->next;
    return child;
}

struct node *node_path(const struct node *node, const char *path)
{
    struct node *found = NULL;

    while (*path != '\0') {
        char name[64];
        size_t len = strcspn(path, "/");

        memcpy(name, path, len);
        name[len] = '\0';
        found = node_child(node, name);
        node = found;
        path += len + (path[len] == '/' ? 1 : 0);
    }
    return found;
}

const char *node_text(const struct node *node, const char *child)
{
    struct node *found = node_child(node, child);

    return found == NULL ? NULL : found->text;
}

const char *node_attribute(const struct node *node, const char *name)
{
    struct attribute *attribute = node == NULL ? NULL : node->attributes;

    while (attribute != NULL && !str_equal(attribute->name, name))
        attribute = attribute->next;
    return attribute == NULL ? NULL : attribute->value;
}

bool node_is(const struct node *node, const char *name)
{
    return node != NULL && str_equal(node->name, name);
}

size_t node_count(const struct node *node)
{
    size_t count = 0;

    for (struct node *child = node == NULL ? NULL : node->children;
         child != NULL; child = child->next)
        count++;
    return count;
}

bool node_true(const char *text)
{
    return text != NULL &&
           (strcmp(text, "true") == 0 || strcmp(text, "1") == 0);
}
