/*
 * body.c - the XML of a request as a tree
 */
#include "caldav/body.h"

#include <string.h>

#include "caldav/names.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/spool.h"
#include "proxy/base/str.h"
#include "proxy/format/xml.h"
#include "proxy/format/xml_filter.h"

struct growth {
    struct arena *arena;
    struct dav_node *root;
    struct dav_node *at;
    const char *space; /* of the element that is about to open */
    struct buf text;   /* what has come since the last tag */
    size_t count;
};

static struct dav_node *add(struct growth *growth)
{
    struct dav_node *node = arena_alloc(growth->arena, sizeof *node);
    struct dav_node *parent = growth->at;

    node->parent = parent;
    if (parent == NULL)
        growth->root = node;
    else if (parent->last == NULL)
        parent->children = node;
    else
        parent->last->next = node;
    if (parent != NULL)
        parent->last = node;
    growth->count++;
    return node;
}

static void end_text(struct growth *growth)
{
    if (growth->text.len == 0)
        return;
    add(growth)->text =
        arena_strndup(growth->arena, growth->text.data, growth->text.len);
    buf_clear(&growth->text);
}

static bool on_space(void *context, const char *space)
{
    struct growth *growth = context;

    growth->space = arena_strdup(growth->arena, space);
    return growth->count < DAV_NODES_MAX;
}

static bool on_open(void *context, const char *name,
                    const struct xml_attribute *attributes, size_t count)
{
    struct growth *growth = context;
    struct arena *arena = growth->arena;
    struct xml_attribute *copies =
        arena_array(arena, count + 1, sizeof *copies);

    end_text(growth);
    for (size_t i = 0; i < count; i++) {
        copies[i].name = arena_strdup(arena, attributes[i].name);
        copies[i].value = arena_strdup(arena, attributes[i].value);
    }
    struct dav_node *node = add(growth);
    node->name = dav_name(arena, growth->space, name);
    node->attributes = copies;
    node->attribute_count = count;
    growth->at = node;
    return true;
}

static bool on_text(void *context, const char *text, size_t len)
{
    struct growth *growth = context;

    if (growth->at != NULL)
        buf_append(&growth->text, text, len);
    return true;
}

static bool on_close(void *context, const char *name)
{
    struct growth *growth = context;

    (void)name;
    end_text(growth);
    growth->at = growth->at->parent;
    return true;
}

static const struct xml_handler handler = {
    .open = on_open,
    .text = on_text,
    .close = on_close,
    .space = on_space,
};

static bool is_blank(const char *text, size_t len)
{
    while (len > 0 && memchr(" \t\r\n", text[len - 1], 4) != NULL)
        len--;
    return len == 0;
}

/* A text of which the filter should leave nothing out. */
struct comparison {
    const char *at;
    const char *end;
};

static bool is_same(void *context, const char *data, size_t len)
{
    struct comparison *comparison = context;

    if (len > (size_t)(comparison->end - comparison->at) ||
        memcmp(data, comparison->at, len) != 0)
        return false;
    comparison->at += len;
    return true;
}

/* The reader forgives characters that XML cannot hold, as Exchange sends them.
 * Here they would be a name or a text other than what the client means. */
static bool is_clean(const char *text, size_t len)
{
    static const char mark[] = "\xef\xbb\xbf";
    size_t skipped = str_starts(text, mark) ? strlen(mark) : 0;
    struct comparison comparison = { text + skipped, text + len };
    struct xml_filter filter = { .out = is_same, .context = &comparison };

    return xml_filter_feed(&filter, text, len) && xml_filter_finish(&filter) &&
           comparison.at == comparison.end;
}

enum dav_body_state dav_body_read(struct arena *arena, const char *text,
                                  size_t len, const struct dav_node **root_out)
{
    struct growth growth = { .arena = arena };
    enum xml_state state;

    if (is_blank(text, len))
        return DAV_BODY_EMPTY;
    if (!is_clean(text, len))
        return DAV_BODY_BROKEN;
    buf_init(&growth.text, NULL);
    struct xml_reader *reader = xml_reader_new(&handler, &growth, len);
    xml_reader_feed(reader, text, len);
    state = xml_reader_finish(reader);
    xml_reader_free(&reader);
    buf_fini(&growth.text);
    if (state == XML_STOPPED)
        return DAV_BODY_LIMIT;
    *root_out = growth.root;
    return state == XML_WHOLE ? DAV_BODY_GOOD : DAV_BODY_BROKEN;
}

const char *dav_body_text(struct arena *arena, const struct spool *body,
                          size_t *len_out)
{
    size_t size = body != NULL ? (size_t)spool_size(body) : 0;
    char *text = arena_alloc(arena, size + 1);
    size_t len = 0;

    while (len < size) {
        long got = spool_read(body, len, text + len, size - len);

        if (got <= 0)
            break;
        len += (size_t)got;
    }
    *len_out = len;
    return text;
}

/* --- Looking ------------------------------------------------------------- */

static const struct dav_node *from(const struct dav_node *node,
                                   const char *name)
{
    while (node != NULL && (node->name == NULL ||
                            (name != NULL && !str_equal(node->name, name))))
        node = node->next;
    return node;
}

const struct dav_node *dav_child(const struct dav_node *node, const char *name)
{
    return node != NULL ? from(node->children, name) : NULL;
}

const struct dav_node *dav_sibling(const struct dav_node *node,
                                   const char *name)
{
    return node != NULL ? from(node->next, name) : NULL;
}

const char *dav_attribute(const struct dav_node *node, const char *name)
{
    if (node == NULL)
        return NULL;
    for (size_t i = 0; i < node->attribute_count; i++)
        if (str_equal(node->attributes[i].name, name))
            return node->attributes[i].value;
    return NULL;
}

static void collect(const struct dav_node *node, struct buf *out)
{
    for (const struct dav_node *child = node->children; child != NULL;
         child = child->next) {
        if (child->text != NULL)
            buf_puts(out, child->text);
        else
            collect(child, out);
    }
}

const char *dav_text(struct arena *arena, const struct dav_node *node)
{
    struct buf out;

    if (node == NULL)
        return "";
    buf_init(&out, arena);
    collect(node, &out);
    return out.len > 0 ? str_trim(arena, out.data) : "";
}

static void copy(struct xml_writer *writer, struct arena *arena,
                 const struct dav_node *node)
{
    for (const struct dav_node *child = node->children; child != NULL;
         child = child->next) {
        if (child->text != NULL) {
            xml_text(writer, child->text);
            continue;
        }
        dav_open(writer, arena, dav_name_long(arena, child->name));
        for (size_t i = 0; i < child->attribute_count; i++)
            xml_attribute(writer,
                          str_equal(child->attributes[i].name, "lang")
                              ? "xml:lang"
                              : child->attributes[i].name,
                          child->attributes[i].value);
        copy(writer, arena, child);
        xml_close(writer);
    }
}

/* How deep it goes, for the writer has a limit of its own. */
static size_t depth_of(const struct dav_node *node)
{
    size_t deepest = 0;

    for (const struct dav_node *child = node->children; child != NULL;
         child = child->next) {
        size_t depth = 1 + depth_of(child);

        deepest = depth > deepest ? depth : deepest;
    }
    return deepest;
}

const char *dav_content(struct arena *arena, const struct dav_node *node)
{
    struct xml_writer writer;
    struct buf out;

    if (depth_of(node) >= XML_WRITER_DEPTH)
        return NULL;
    buf_init(&out, arena);
    buf_puts(&out, "");
    xml_writer_init(&writer, &out);
    copy(&writer, arena, node);
    return out.len > 0 ? out.data : "";
}

const char *dav_language(const struct dav_node *node)
{
    const char *language = NULL;

    for (; node != NULL && language == NULL; node = node->parent)
        language = dav_attribute(node, "lang");
    return language != NULL && *language != '\0' ? language : NULL;
}

const char *dav_escaped(struct arena *arena, const char *text)
{
    struct xml_writer writer;
    struct buf out;

    buf_init(&out, arena);
    buf_puts(&out, "");
    xml_writer_init(&writer, &out);
    xml_text(&writer, text);
    return out.len > 0 ? out.data : "";
}
