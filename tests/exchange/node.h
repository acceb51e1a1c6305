/*
 * node.h - a request as a tree of elements
 */
#ifndef POSTERN_TESTS_EXCHANGE_NODE_H
#define POSTERN_TESTS_EXCHANGE_NODE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum namespace { NS_OTHER, NS_SOAP, NS_TYPES, NS_MESSAGES };

struct attribute {
    const char *name;       /* xmlns ones are left out */
    const char *value;
    struct attribute *next;
};

struct node {
    enum namespace namespace;
    const char *name;
    struct attribute *attributes;
    const char *text;       /* all characters directly in it; never NULL */
    struct node *parent;
    struct node *children;
    struct node *next;
    int line;
    int column;
};

/* The tree in the arena; NULL for what is not XML. */
struct node *node_parse(struct arena *arena, const char *data, size_t len);

/* NULL is an answer to all of these for what is not there, and may be asked. */
struct node *node_child(const struct node *node, const char *name);
struct node *node_path(const struct node *node, const char *path); /* "A/B" */
const char *node_text(const struct node *node, const char *child);
const char *node_attribute(const struct node *node, const char *name);
bool node_is(const struct node *node, const char *name);
size_t node_count(const struct node *node);
bool node_true(const char *text);           /* xs:boolean */

#endif
