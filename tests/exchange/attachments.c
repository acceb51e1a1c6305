/*
 * attachments.c - files at items that are no mail
 */
#include "tests/exchange/attachments.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"

struct sim_attachment *sim_attachment_add(struct sim_item *item,
                                          const struct sim_attachment *added)
{
    struct sim_attachment *kept;

    item->attachments =
        memory_resize(item->attachments,
                      (item->attachment_count + 1) * sizeof *item->attachments);
    kept = &item->attachments[item->attachment_count++];
    *kept = *added;
    kept->name = memory_strdup(added->name);
    kept->type = memory_strdup(added->type);
    kept->content_id = memory_strdup(added->content_id);
    kept->location = memory_strdup(added->location);
    sim_content_ref(kept->content);
    if (kept->number == 0)
        kept->number = ++item->last_attachment;
    else if (kept->number > item->last_attachment)
        item->last_attachment = kept->number;
    item->flags |= FLAG_HAS_ATTACHMENT;
    return kept;
}

struct sim_attachment *sim_attachment_find(const struct sim_item *item,
                                           uint32_t number)
{
    for (size_t i = 0; i < item->attachment_count; i++)
        if (item->attachments[i].number == number)
            return &item->attachments[i];
    return NULL;
}

static void free_one(struct sim_attachment *attachment)
{
    free(attachment->name);
    free(attachment->type);
    free(attachment->content_id);
    free(attachment->location);
    sim_content_unref(&attachment->content);
}

void sim_attachment_remove(struct sim_item *item, uint32_t number)
{
    struct sim_attachment *gone = sim_attachment_find(item, number);

    if (gone == NULL)
        return;
    free_one(gone);
    memmove(gone, gone + 1,
            (size_t)(item->attachments + item->attachment_count - gone - 1) *
                sizeof *gone);
    if (--item->attachment_count == 0)
        item->flags &= ~FLAG_HAS_ATTACHMENT;
}

void sim_attachments_copy(struct sim_item *to, const struct sim_item *from)
{
    for (size_t i = 0; i < from->attachment_count; i++)
        sim_attachment_add(to, &from->attachments[i]);
}

void sim_attachments_free(struct sim_item *item)
{
    for (size_t i = 0; i < item->attachment_count; i++)
        free_one(&item->attachments[i]);
    free(item->attachments);
    item->attachments = NULL;
    item->attachment_count = 0;
}

const struct sim_attachment *sim_photo(const struct sim_item *item)
{
    for (size_t i = 0; i < item->attachment_count; i++)
        if (item->attachments[i].is_photo)
            return &item->attachments[i];
    return NULL;
}

/* --- Elements ------------------------------------------------------------ */

/* An occurrence has its master's. */
char *sim_attachment_id(struct arena *arena, const struct sim_item *item,
                        uint32_t number)
{
    return sim_id_make(arena, item->folder->mailbox, ID_ATTACHMENT,
                       item->serial, number);
}

void sim_attachment_put(struct call *call, struct sim_item *item,
                        const struct sim_attachment *attachment, bool content)
{
    struct buf *out = &call->out;

    buf_printf(out, "<t:FileAttachment><t:AttachmentId Id=\"%s\"/>",
               sim_attachment_id(call->arena, item, attachment->number));
    put_element(out, "t:Name", attachment->name);
    if (attachment->type != NULL)
        put_element(out, "t:ContentType", attachment->type);
    if (attachment->content_id != NULL)
        put_element(out, "t:ContentId", attachment->content_id);
    if (attachment->location != NULL)
        put_element(out, "t:ContentLocation", attachment->location);
    if (call->version >= SCHEMA_2010) {
        buf_printf(out, "<t:Size>%zu</t:Size>", attachment->content->len);
        put_time(call, "t:LastModifiedTime", attachment->modified);
        buf_printf(out,
                   "<t:IsInline>%s</t:IsInline><t:IsContactPhoto>%s"
                   "</t:IsContactPhoto>",
                   attachment->is_inline ? "true" : "false",
                   attachment->is_photo ? "true" : "false");
    }
    if (content) {
        buf_puts(out, "<t:Content>");
        put_base64(out, attachment->content->data, attachment->content->len);
        buf_puts(out, "</t:Content>");
    }
    buf_puts(out, "</t:FileAttachment>");
}

void sim_attachments_put(struct call *call, struct sim_item *item)
{
    if (item->attachment_count == 0)
        return;
    buf_puts(&call->out, "<t:Attachments>");
    for (size_t i = 0; i < item->attachment_count; i++)
        sim_attachment_put(call, item, &item->attachments[i], false);
    buf_puts(&call->out, "</t:Attachments>");
}
