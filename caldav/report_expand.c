/*
 * report_expand.c - expand-property: properties, and properties of what they
 * lead to (RFC 3253, 3.8)
 */
#include "caldav/listing.h"
#include "caldav/names.h"
#include "caldav/report.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* How far one may go from link to link, and how many in one property. */
#define DEPTH_MAX 3
#define LINKS_MAX 200

static const char *name_of(struct arena *arena, const struct dav_node *property)
{
    const char *space = dav_attribute(property, "namespace");
    const char *name = dav_attribute(property, "name");

    return dav_name(arena,
                    space != NULL ? space : "DAV:", name != NULL ? name : "");
}

static void put_properties(struct dav_resource *resource,
                           struct xml_writer *writer,
                           const struct dav_node *asked, unsigned depth);

/* What a link leads to, as a response of its own. */
static void put_link(struct dav_call *call, struct xml_writer *writer,
                     const char *href, const struct dav_node *asked,
                     unsigned depth)
{
    struct dav_resource resource;
    struct dav_place place;
    enum status status = dav_place_look(&call->tree, href, &place);

    if (status == STATUS_OK && (DAV_KIND(place.kind) & DAV_ALL_KINDS) == 0)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = dav_resource_find(call, &place, &resource);
    xml_open(writer, "D:response");
    xml_element(writer, "D:href", href);
    if (status == STATUS_OK)
        put_properties(&resource, writer, asked, depth);
    else
        dav_put_status(writer, dav_words(status)->code);
    xml_close(writer);
}

/* The value as it would be, read for its links. */
static const struct dav_node *value_of(struct dav_resource *resource,
                                       const char *name)
{
    struct arena *arena = resource->call->op->arena;
    const struct dav_node *root = NULL;
    struct xml_writer writer;
    struct buf out;

    buf_init(&out, arena);
    xml_writer_init(&writer, &out);
    dav_open_root(&writer, "D:value");
    enum status status = dav_prop_write(resource, name, &writer);
    xml_close(&writer);
    if (status != STATUS_OK ||
        dav_body_read(arena, out.data, out.len, &root) != DAV_BODY_GOOD)
        return NULL;
    return root;
}

/* False where the resource has no such property. */
static bool put_property(struct dav_resource *resource,
                         struct xml_writer *writer,
                         const struct dav_node *property, unsigned depth)
{
    struct arena *arena = resource->call->op->arena;
    const char *name = name_of(arena, property);
    const struct dav_node *value = value_of(resource, name);
    unsigned links = 0;

    if (value == NULL)
        return false;
    dav_open(writer, arena, name);
    if (dav_child(property, "D:property") == NULL || depth == DEPTH_MAX) {
        dav_prop_write(resource, name, writer);
    } else {
        for (const struct dav_node *href = dav_child(value, "D:href");
             href != NULL && links < LINKS_MAX;
             href = dav_sibling(href, "D:href"), links++)
            put_link(resource->call, writer, dav_text(arena, href), property,
                     depth + 1);
    }
    xml_close(writer);
    return true;
}

static void close_propstat(struct xml_writer *writer, int code)
{
    xml_close(writer);
    dav_put_status(writer, code);
    xml_close(writer);
}

static void put_properties(struct dav_resource *resource,
                           struct xml_writer *writer,
                           const struct dav_node *asked, unsigned depth)
{
    struct arena *arena = resource->call->op->arena;
    const struct dav_node *node;
    const char **missing;
    size_t count = 0, missing_count = 0;

    for (node = dav_child(asked, "D:property"); node != NULL;
         node = dav_sibling(node, "D:property"))
        count++;
    missing = arena_array(arena, count + 1, sizeof *missing);
    xml_open(writer, "D:propstat");
    xml_open(writer, "D:prop");
    for (node = dav_child(asked, "D:property"); node != NULL;
         node = dav_sibling(node, "D:property"))
        if (!put_property(resource, writer, node, depth))
            missing[missing_count++] = name_of(arena, node);
    close_propstat(writer, 200);
    if (missing_count == 0 ||
        dav_prefers(resource->call, "return=minimal"))
        return;
    xml_open(writer, "D:propstat");
    xml_open(writer, "D:prop");
    for (size_t i = 0; i < missing_count; i++) {
        dav_open(writer, arena, missing[i]);
        xml_close(writer);
    }
    close_propstat(writer, 404);
}

enum status dav_report_expand(struct dav_call *call,
                              const struct dav_node *root)
{
    struct dav_resource resource;
    struct dav_multistatus out;
    enum status status = dav_resource_find(call, &call->place, &resource);

    if (status != STATUS_OK)
        return status;
    dav_multistatus_init(&out, call);
    dav_response_begin(&out, call->place.href);
    put_properties(&resource, &out.writer, root, 0);
    dav_response_end(&out);
    return dav_multistatus_end(&out, NULL);
}
