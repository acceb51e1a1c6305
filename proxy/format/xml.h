/*
 * xml.h - XML as Exchange speaks it: writing it, reading it as a stream
 *
 * The writer escapes everything and drops what XML 1.0 cannot hold.  The reader
 * takes pieces of any size, forgives the characters that Exchange should not
 * have sent, and forgives nothing else: it tells a whole document from a torn
 * one.  Elements are known by their local names, since prefixes are the
 * sender's choice.
 */
#ifndef POSTERN_FORMAT_XML_H
#define POSTERN_FORMAT_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/buf.h"

struct arena;

/* --- Writing -------------------------------------------------------------- */

#define XML_WRITER_DEPTH 32

/* Elements' names must outlive the writer: they are constants. */
struct xml_writer {
    struct buf *out;
    const char *open[XML_WRITER_DEPTH];
    size_t depth;
    bool in_tag;
};

void xml_writer_init(struct xml_writer *writer, struct buf *out);

/* Opens an element; attributes follow at once, then text and children. */
void xml_open(struct xml_writer *writer, const char *name);
void xml_attribute(struct xml_writer *writer, const char *name,
                   const char *value);
void xml_text(struct xml_writer *writer, const char *text);
void xml_close(struct xml_writer *writer);

/* An element that holds nothing but text (NULL: nothing at all). */
void xml_element(struct xml_writer *writer, const char *name, const char *text);

/* --- Reading -------------------------------------------------------------- */

#define XML_DEPTH_MAX 100
#define XML_ATTRIBUTES_MAX 64

struct xml_attribute {
    const char *name;
    const char *value;
};

/* What the reader tells; false stops it.  All that is passed lives until the
 * function returns.  Text comes in pieces. */
struct xml_handler {
    bool (*open)(void *context, const char *name,
                 const struct xml_attribute *attributes, size_t count);
    bool (*text)(void *context, const char *text, size_t len);
    bool (*close)(void *context, const char *name);

    /* Told before `open` in which namespace the element is, "" for none.  NULL
     * where that does not matter; otherwise wrong namespaces break a document,
     * too. */
    bool (*space)(void *context, const char *space);
};

enum xml_state {
    XML_MORE,       /* so far so good */
    XML_WHOLE,      /* the document has come to its end */
    XML_BROKEN,     /* this is no XML, or only its beginning */
    XML_OVER_LIMIT, /* more octets than allowed */
    XML_STOPPED     /* the handler has had enough */
};

struct xml_reader;

/* Reads at most `limit` octets, except those forgiven. */
struct xml_reader *xml_reader_new(const struct xml_handler *handler,
                                  void *context, uint64_t limit);
void xml_reader_free(struct xml_reader **reader);

enum xml_state xml_reader_feed(struct xml_reader *reader, const char *data,
                               size_t len);

/* Nothing more comes: XML_WHOLE or why not. */
enum xml_state xml_reader_finish(struct xml_reader *reader);

/* From a handler: these octets of text go elsewhere and do not count. */
void xml_reader_forgive(struct xml_reader *reader, size_t len);

/* --- Trees: parts of a document that are small enough to keep ------------- */

struct xml_node {
    const char *name;
    const char *text; /* of an element without children; never NULL */
    const struct xml_attribute *attributes;
    size_t attribute_count;
    struct xml_node *children;
    struct xml_node *next;
    struct xml_node *parent;
    struct xml_node *last;
};

/* Grows a tree in an arena from what a handler is told. */
struct xml_tree {
    struct arena *arena;
    struct xml_node *root;
    struct xml_node *at; /* the innermost open element; NULL outside */
    struct buf text;
};

void xml_tree_init(struct xml_tree *tree, struct arena *arena);
void xml_tree_fini(struct xml_tree *tree);
void xml_tree_open(struct xml_tree *tree, const char *name,
                   const struct xml_attribute *attributes, size_t count);
void xml_tree_text(struct xml_tree *tree, const char *text, size_t len);

/* Closes the innermost element; true when that was the root. */
bool xml_tree_close(struct xml_tree *tree);

/* The root of a whole document of at most `limit` octets; NULL when it is none,
 * or larger. */
const struct xml_node *xml_tree_read(struct arena *arena, const char *text,
                                     size_t len, uint64_t limit);

/* The first child of that name, or NULL; the child's text, or NULL; an
 * attribute, or NULL.  A NULL node has nothing. */
const struct xml_node *xml_child(const struct xml_node *node, const char *name);
const char *xml_child_text(const struct xml_node *node, const char *name);
const char *xml_value(const struct xml_node *node, const char *attribute);

/* How many children it has. */
size_t xml_child_count(const struct xml_node *node);

/* The first element of that name anywhere below, the node itself included. */
const struct xml_node *xml_descendant(const struct xml_node *node,
                                      const char *name);

#endif
