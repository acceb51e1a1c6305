/*
 * attachment_list.c - what is attached to an item, as it is listed with it
 */
#include <string.h>
#include <strings.h>

#include "proxy/base/arena.h"
#include "proxy/exchange/ews/attachments.h"
#include "proxy/exchange/ews/fields.h"

#define PHOTO_NAME "ContactPicture.jpg"

static bool is_photo(const struct xml_node *node)
{
    const char *name = xml_child_text(node, "Name");

    return element_true(node, "IsContactPhoto") ||
           (name != NULL && strcasecmp(name, PHOTO_NAME) == 0);
}

static struct event_attachment read_one(struct arena *arena,
                                        const struct xml_node *node)
{
    bool is_item = strcmp(node->name, "ItemAttachment") == 0;
    int64_t size = element_number(node, "Size", 0);
    struct event_attachment attachment = {
        .id = arena_strdup(arena,
                           xml_value(xml_child(node, "AttachmentId"), "Id")),
        .name = element_text(arena, node, "Name"),
        .type = is_item ? "message/rfc822"
                        : element_text(arena, node, "ContentType"),
        .size = size > 0 ? (uint64_t)size : 0,
        .inline_picture = element_true(node, "IsInline"),
    };

    if (attachment.name == NULL)
        attachment.name = "attachment";
    if (attachment.type == NULL)
        attachment.type = "application/octet-stream";
    return attachment;
}

void attachments_read(struct arena *arena, const struct xml_node *list,
                      struct event_attachment **attachments_out,
                      size_t *count_out)
{
    const struct xml_node *first = list != NULL ? list->children : NULL;
    size_t count = 0;

    for (const struct xml_node *at = first; at != NULL; at = at->next)
        count++;
    *attachments_out = arena_array(arena, count + 1, sizeof **attachments_out);
    *count_out = 0;
    for (const struct xml_node *at = first; at != NULL; at = at->next) {
        struct event_attachment attachment = read_one(arena, at);
        if (attachment.id != NULL)
            (*attachments_out)[(*count_out)++] = attachment;
    }
}

const char *attachments_photo(struct arena *arena, const struct xml_node *list)
{
    const struct xml_node *at = list != NULL ? list->children : NULL;

    while (at != NULL && !is_photo(at))
        at = at->next;
    return at != NULL
               ? arena_strdup(arena,
                              xml_value(xml_child(at, "AttachmentId"), "Id"))
               : NULL;
}
