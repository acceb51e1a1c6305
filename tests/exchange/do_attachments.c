/*
 * do_attachments.c - CreateAttachment, GetAttachment, DeleteAttachment
 *
 * Attachments of mail are parts of its text and are only read here; a draft
 * gets new ones as a whole.
 */
#include "tests/exchange/attachments.h"

#include <string.h>

#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/contacts.h"
#include "tests/exchange/form.h"
#include "tests/exchange/letter.h"

/* After a change of an item's attachments. */
static void changed(struct sim_item *item)
{
    if (form_of(item) == FORM_CONTACT)
        contact_settle(item);
    sim_item_touch(item->master != NULL ? item->master : item);
    if (item->master != NULL)
        item->tick = item->master->tick;
}

/* --- CreateAttachment ---------------------------------------------------- */

static const char *text_or(const struct node *node, const char *child,
                           const char *otherwise)
{
    const char *text = node_text(node, child);

    return text == NULL ? otherwise : text;
}

/* One photo is the contact's; a new one takes the place of the one before. */
static void replace_photo(struct sim_item *item)
{
    const struct sim_attachment *old = sim_photo(item);

    if (old != NULL)
        sim_attachment_remove(item, old->number);
}

static const char *create_one(struct call *call, struct sim_item *item,
                              const struct node *node,
                              struct sim_attachment **made)
{
    const char *content = text_or(node, "Content", "");
    struct sim_attachment wanted = {
        .name = (char *)(uintptr_t)text_or(node, "Name", "attachment"),
        .type = (char *)(uintptr_t)node_text(node, "ContentType"),
        .content_id = (char *)(uintptr_t)node_text(node, "ContentId"),
        .location = (char *)(uintptr_t)node_text(node, "ContentLocation"),
        .is_inline = node_true(node_text(node, "IsInline")),
        .is_photo = node_true(node_text(node, "IsContactPhoto")),
        .modified = time_now(),
    };
    size_t len;
    char *data = base64_decode(call->arena, content, strlen(content), &len);

    if (!node_is(node, "FileAttachment"))
        return "ErrorInvalidItemForOperationCreateItemAttachment";
    if (node_child(node, "Name") == NULL)
        return "ErrorRequiredPropertyMissing";
    if (call->exchange->message_limit != 0 &&
        len > call->exchange->message_limit)
        return "ErrorAttachmentSizeLimitExceeded";
    if (wanted.is_photo && form_of(item) != FORM_CONTACT)
        return "ErrorInvalidPropertySet";
    if (wanted.is_photo)
        replace_photo(item);
    wanted.content = sim_content_new(data, len);
    *made = sim_attachment_add(item, &wanted);
    sim_content_unref(&wanted.content);
    changed(item);
    return NULL;
}

static void put_new_id(struct call *call, struct sim_item *item,
                       const struct sim_attachment *made)
{
    message_begin(call, NULL);
    buf_printf(&call->out,
               "<m:Attachments><t:FileAttachment><t:AttachmentId Id=\"%s\""
               " RootItemId=\"%s\" RootItemChangeKey=\"%s\"/>"
               "</t:FileAttachment></m:Attachments>",
               sim_attachment_id(call->arena, item, made->number),
               sim_item_id(item), sim_item_change_key(call->arena, item));
    message_end(call);
}

void do_create_attachment(struct call *call)
{
    const struct node *id = node_child(call->request, "ParentItemId");
    const struct node *all = node_child(call->request, "Attachments");

    for (struct node *at = all->children; at != NULL; at = at->next) {
        const char *code = message_fault(call);
        struct sim_attachment *made = NULL;
        struct sim_item *item = NULL;

        /* Each changes the key of what it is put at: only whether it is there
         * is asked. */
        if (code == NULL)
            item = call_item(call, id, WANT_EDIT, &code, NULL);
        if (code == NULL && !form_is_kept(item))
            code = "ErrorInvalidPropertyUpdateSentMessage";
        if (code == NULL)
            code = create_one(call, item, at, &made);
        if (code != NULL)
            message_simple(call, code, "<m:Attachments/>");
        else
            put_new_id(call, item, made);
    }
}

/* --- Finding ------------------------------------------------------------- */

/* The item that an attachment's id is of; NULL with its code. */
static struct sim_item *item_of(struct call *call, const struct node *node,
                                enum sim_want want, uint32_t *number,
                                const char **code)
{
    const char *id = node_attribute(node, "Id");
    struct sim_id_parts parts;
    struct sim_item *item;

    if (!sim_id_parse(call->exchange, id, &parts) ||
        parts.kind != ID_ATTACHMENT) {
        *code = "ErrorInvalidAttachmentId";
        return NULL;
    }
    item = sim_attachment_item(call, &parts);
    *number = parts.extra;
    *code = item == NULL ? "ErrorItemNotFound"
                         : sim_refuses_item(call->user, item, want);
    return *code == NULL ? item : NULL;
}

/* --- GetAttachment ------------------------------------------------------- */

static void put_part(struct call *call, const char *id,
                     const struct letter_part *part)
{
    bool message = str_equal(part->type, "message/rfc822");
    size_t len;
    char *data = letter_part_data(call->arena, part, &len);

    buf_printf(&call->out, "<t:%s><t:AttachmentId Id=\"%s\"/>",
               message ? "ItemAttachment" : "FileAttachment", id);
    put_element(&call->out, "t:Name",
                part->name == NULL ? "attachment" : part->name);
    put_element(&call->out, "t:ContentType", part->type);
    if (part->content_id != NULL)
        put_element(&call->out, "t:ContentId", part->content_id);
    buf_puts(&call->out,
             message ? "<t:Message><t:MimeContent CharacterSet=\"UTF-8\">"
                     : "<t:Content>");
    put_base64(&call->out, data, len);
    buf_puts(&call->out, message
                             ? "</t:MimeContent></t:Message></t:ItemAttachment>"
                             : "</t:Content></t:FileAttachment>");
}

/* The attachment of an item that is no mail; NULL for mail, and where there is
 * none, with a code then. */
static const struct sim_attachment *kept_at(const struct sim_item *item,
                                            uint32_t number, const char **code)
{
    const struct sim_attachment *found =
        form_is_kept(item) ? sim_attachment_find(item, number) : NULL;

    if (form_is_kept(item) && found == NULL)
        *code = "ErrorInvalidAttachmentId";
    return found;
}

void do_get_attachment(struct call *call)
{
    const struct node *ids = node_child(call->request, "AttachmentIds");

    for (struct node *at = ids->children; at != NULL; at = at->next) {
        const struct sim_attachment *kept = NULL;
        const char *code = message_fault(call);
        struct letter_part *parts = NULL;
        struct sim_item *item = NULL;
        uint32_t number;
        size_t count = 0;

        if (code == NULL)
            item = item_of(call, at, WANT_READ, &number, &code);
        if (code == NULL)
            kept = kept_at(item, number, &code);
        if (code == NULL && kept == NULL)
            count = letter_parts(call->arena, item->content->data,
                                 item->content->len, &parts);
        if (code == NULL && kept == NULL && number >= count)
            code = "ErrorInvalidAttachmentId";
        if (code != NULL) {
            message_simple(call, code, "<m:Attachments/>");
            continue;
        }
        message_begin(call, NULL);
        buf_puts(&call->out, "<m:Attachments>");
        if (kept != NULL)
            sim_attachment_put(call, item, kept, true);
        else
            put_part(call, node_attribute(at, "Id"), &parts[number]);
        buf_puts(&call->out, "</m:Attachments>");
        message_end(call);
    }
}

/* --- DeleteAttachment ---------------------------------------------------- */

void do_delete_attachment(struct call *call)
{
    const struct node *ids = node_child(call->request, "AttachmentIds");

    for (struct node *at = ids->children; at != NULL; at = at->next) {
        const char *code = message_fault(call);
        struct sim_item *item = NULL;
        uint32_t number;

        if (code == NULL)
            item = item_of(call, at, WANT_EDIT, &number, &code);
        if (code == NULL && !form_is_kept(item))
            code = "ErrorInvalidPropertyUpdateSentMessage";
        if (code == NULL)
            kept_at(item, number, &code);
        if (code != NULL) {
            message_simple(call, code, NULL);
            continue;
        }
        sim_attachment_remove(item, number);
        changed(item);
        message_begin(call, NULL);
        buf_printf(&call->out,
                   "<m:RootItemId RootItemId=\"%s\" RootItemChangeKey=\"%s\"/>",
                   sim_item_id(item), sim_item_change_key(call->arena, item));
        message_end(call);
    }
}
