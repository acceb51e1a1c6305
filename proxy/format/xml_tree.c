/*
 * xml_tree.c - small parts of a document, kept whole
 */
#include "proxy/format/xml.h"

#include <string.h>

#include "proxy/base/arena.h"

void xml_tree_init(struct xml_tree *tree, struct arena *arena)
{
    *tree = (struct xml_tree){ .arena = arena };
    buf_init(&tree->text, NULL);
}

void xml_tree_fini(struct xml_tree *tree)
{
    buf_fini(&tree->text);
}

static void append_child(struct xml_node *parent, struct xml_node *node)
{
    node->parent = parent;
    if (parent == NULL)
        return;
    if (parent->last != NULL)
        parent->last->next = node;
    else
        parent->children = node;
    parent->last = node;
}

void xml_tree_open(struct xml_tree *tree, const char *name,
                   const struct xml_attribute *attributes, size_t count)
{
    struct xml_node *node = arena_alloc(tree->arena, sizeof *node);
    struct xml_attribute *copies = NULL;

    if (count > 0)
        copies = arena_array(tree->arena, count, sizeof *copies);
    for (size_t i = 0; i < count; i++) {
        copies[i].name = arena_strdup(tree->arena, attributes[i].name);
        copies[i].value = arena_strdup(tree->arena, attributes[i].value);
    }
    node->name = arena_strdup(tree->arena, name);
    node->text = "";
    node->attributes = copies;
    node->attribute_count = count;
    append_child(tree->at, node);
    if (tree->at == NULL)
        tree->root = node;
    tree->at = node;
    buf_clear(&tree->text);
}

void xml_tree_text(struct xml_tree *tree, const char *text, size_t len)
{
    /* What stands beside child elements is layout. */
    if (tree->at != NULL && tree->at->children == NULL)
        buf_append(&tree->text, text, len);
}

bool xml_tree_close(struct xml_tree *tree)
{
    struct xml_node *node = tree->at;

    if (node->children == NULL && tree->text.len > 0)
        node->text =
            arena_strndup(tree->arena, tree->text.data, tree->text.len);
    buf_clear(&tree->text);
    tree->at = node->parent;
    return tree->at == NULL;
}

const struct xml_node *xml_child(const struct xml_node *node, const char *name)
{
    if (node == NULL)
        return NULL;
    for (const struct xml_node *child = node->children; child;
         child = child->next)
        if (strcmp(child->name, name) == 0)
            return child;
    return NULL;
}

size_t xml_child_count(const struct xml_node *node)
{
    const struct xml_node *child = node != NULL ? node->children : NULL;
    size_t count = 0;

    for (; child != NULL; child = child->next)
        count++;
    return count;
}

const char *xml_child_text(const struct xml_node *node, const char *name)
{
    const struct xml_node *child = xml_child(node, name);

    return child != NULL ? child->text : NULL;
}

const char *xml_value(const struct xml_node *node, const char *attribute)
{
    if (node == NULL)
        return NULL;
    for (size_t i = 0; i < node->attribute_count; i++)
        if (strcmp(node->attributes[i].name, attribute) == 0)
            return node->attributes[i].value;
    return NULL;
}

const struct xml_node *xml_descendant(const struct xml_node *node,
                                      const char *name)
{
    if (node == NULL || strcmp(node->name, name) == 0)
        return node;
    for (const struct xml_node *child = node->children; child;
         child = child->next) {
        const struct xml_node *found = xml_descendant(child, name);
        if (found != NULL)
            return found;
    }
    return NULL;
}

/* --- Whole documents ------------------------------------------------------ */

static bool on_open(void *context, const char *name,
                    const struct xml_attribute *attributes, size_t count)
{
    xml_tree_open(context, name, attributes, count);
    return true;
}

static bool on_text(void *context, const char *text, size_t len)
{
    xml_tree_text(context, text, len);
    return true;
}

static bool on_close(void *context, const char *name)
{
    (void)name;
    xml_tree_close(context);
    return true;
}

const struct xml_node *xml_tree_read(struct arena *arena, const char *text,
                                     size_t len, uint64_t limit)
{
    static const struct xml_handler growing = { .open = on_open,
                                                .text = on_text,
                                                .close = on_close };
    struct xml_tree tree;

    xml_tree_init(&tree, arena);
    struct xml_reader *reader = xml_reader_new(&growing, &tree, limit);
    xml_reader_feed(reader, text, len);
    bool whole = xml_reader_finish(reader) == XML_WHOLE;
    const struct xml_node *root = whole ? tree.root : NULL;
    xml_reader_free(&reader);
    xml_tree_fini(&tree);
    return root;
}
