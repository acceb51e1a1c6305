/*
 * body.h - the XML of a request as a tree
 *
 * Bounded in octets by the framer, in depth by the reader, in elements here.
 * Document types and entities are refused (xml.h).
 */
#ifndef POSTERN_CALDAV_BODY_H
#define POSTERN_CALDAV_BODY_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;
struct dav_body;
struct spool;
struct xml_attribute;

/* An element, or a piece of text, which has no name. */
struct dav_node {
    const char *name; /* see names.h; NULL: text */
    const char *text; /* NULL for elements */
    const struct xml_attribute *attributes;
    size_t attribute_count;
    struct dav_node *children;
    struct dav_node *last;
    struct dav_node *next;
    struct dav_node *parent;
};

/* The most elements that one request may have. */
#define DAV_NODES_MAX 200000

enum dav_body_state {
    DAV_BODY_GOOD,
    DAV_BODY_EMPTY,  /* there is none, or nothing but white space */
    DAV_BODY_BROKEN, /* no XML */
    DAV_BODY_LIMIT   /* too many elements */
};

/* `root_out` is set where it is good. */
enum dav_body_state dav_body_read(struct arena *arena, const char *text,
                                  size_t len, const struct dav_node **root_out);

/* All of a body, NUL-terminated, in the arena; "" for none. */
const char *dav_body_text(struct arena *arena, const struct spool *body,
                          size_t *len_out);

/* The first child, and the next sibling after it, of that name (NULL: any);
 * NULL if there is none, and of NULL. */
const struct dav_node *dav_child(const struct dav_node *node, const char *name);
const struct dav_node *dav_sibling(const struct dav_node *node,
                                   const char *name);

/* An attribute by its local name, or NULL. */
const char *dav_attribute(const struct dav_node *node, const char *name);

/* All text of an element, without white space at both ends; "" for none. */
const char *dav_text(struct arena *arena, const struct dav_node *node);

/* What is inside of an element as XML that stands for itself; NULL where it is
 * too deep. */
const char *dav_content(struct arena *arena, const struct dav_node *node);

/* The language that an element is in by its own word or by that of the elements
 * around it (xml:lang); NULL: nobody says. */
const char *dav_language(const struct dav_node *node);

/* A text as such XML. */
const char *dav_escaped(struct arena *arena, const char *text);

#endif
