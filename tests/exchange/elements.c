/*
 * elements.c - fields of items whose elements are more than their text
 */
#include "tests/exchange/elements.h"

#include <string.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/attachments.h"
#include "tests/exchange/form.h"
#include "tests/exchange/letter.h"
#include "tests/exchange/meeting.h"
#include "tests/exchange/permissions.h"

static const char *truth(bool is)
{
    return is ? "true" : "false";
}

void put_mime_field(struct call *call, const struct field *field,
                   struct sim_item *item)
{
    struct buf rendered;

    (void)field;
    if (form_has_no_mime(item))
        return;
    buf_init(&rendered, NULL);
    if (form_of(item) == FORM_EVENT)
        event_put_mime(call, item, &rendered);
    else
        sim_item_render(item, &rendered);
    buf_puts(&call->out, "<t:MimeContent CharacterSet=\"UTF-8\">");
    put_base64(&call->out, rendered.data, rendered.len);
    buf_puts(&call->out, "</t:MimeContent>");
    buf_fini(&rendered);
}

void put_id_field(struct call *call, const struct field *field,
                   struct sim_item *item)
{
    (void)field;
    put_item_id(call, "t:ItemId", item);
}

void put_parent_field(struct call *call, const struct field *field,
                   struct sim_item *item)
{
    (void)field;
    put_folder_id(call, "t:ParentFolderId", item->folder);
}

/* What the shape wants to have the body as. */
static const char *wanted_body(const struct call *call)
{
    const char *wanted =
        node_text(node_child(call->request, "ItemShape"), "BodyType");

    return wanted == NULL ? "Best" : wanted;
}

static const struct letter_part *find_text(const struct letter_part *parts,
                                           size_t count, const char *type)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(parts[i].type, type) && !parts[i].attachment)
            return &parts[i];
    return NULL;
}

static void write_body_as(struct call *call, const char *element,
                          struct sim_item *item, const char *wanted)
{
    struct letter_part *parts;
    size_t count = letter_parts(call->arena, item->content->data,
                                item->content->len, &parts);
    const struct letter_part *html = find_text(parts, count, "text/html");
    const struct letter_part *plain = find_text(parts, count, "text/plain");
    bool as_html = str_equal(wanted, "HTML") ||
                   (str_equal(wanted, "Best") && html != NULL);
    const struct letter_part *part =
        as_html && html != NULL ? html : plain != NULL ? plain : html;
    const char *text = part == NULL ? "" : letter_part_text(call->arena, part);

    buf_printf(&call->out, "<t:%s BodyType=\"%s\">", element,
               as_html ? "HTML" : "Text");
    if (as_html && html == NULL)
        put_text(&call->out, "<html><body><div>");
    put_text(&call->out, text);
    if (as_html && html == NULL)
        put_text(&call->out, "</div></body></html>");
    buf_printf(&call->out, "</t:%s>", element);
}

void put_body_field(struct call *call, const struct field *field,
                   struct sim_item *item)
{
    if (form_is_kept(item)) {
        form_put_body(call, field->element, item,
                      str_equal(field->element, "TextBody")
                          ? "Text"
                          : wanted_body(call));
        return;
    }
    write_body_as(call, field->element, item,
                  str_equal(field->element, "TextBody") ? "Text"
                                                        : wanted_body(call));
}

void put_attachments_field(struct call *call, const struct field *field,
                   struct sim_item *item)
{
    struct letter_part *parts;
    size_t count = letter_parts(call->arena, item->content->data,
                                item->content->len, &parts);
    bool open = false;

    (void)field;
    if (form_is_kept(item)) {
        sim_attachments_put(call, item);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        bool message = str_equal(parts[i].type, "message/rfc822");
        const char *element = message ? "ItemAttachment" : "FileAttachment";

        if (!parts[i].attachment || count == 1)
            continue;
        buf_printf(&call->out, "%s<t:%s><t:AttachmentId Id=\"%s\"/>",
                   open ? "" : "<t:Attachments>", element,
                   sim_id_make(call->arena, item->folder->mailbox,
                               ID_ATTACHMENT, item->serial, (uint32_t)i));
        open = true;
        put_element(&call->out, "t:Name",
                    parts[i].name == NULL ? "attachment" : parts[i].name);
        put_element(&call->out, "t:ContentType", parts[i].type);
        if (parts[i].content_id != NULL)
            put_element(&call->out, "t:ContentId", parts[i].content_id);
        if (call->version >= SCHEMA_2010)
            buf_printf(&call->out,
                       "<t:Size>%zu</t:Size><t:IsInline>%s</t:IsInline>",
                       parts[i].body_len, truth(parts[i].content_id != NULL));
        if (call->version >= SCHEMA_2010 && !message)
            buf_puts(&call->out, "<t:IsContactPhoto>false</t:IsContactPhoto>");
        buf_printf(&call->out, "</t:%s>", element);
    }
    if (open)
        buf_puts(&call->out, "</t:Attachments>");
}

void put_time_field(struct call *call, const struct field *field,
                   struct sim_item *item)
{
    const char *text = field_text(call->arena, field, item);

    if (text != NULL)
        put_time(call, arena_printf(call->arena, "t:%s", field->element),
                 time_from_iso(text));
}

void put_categories_field(struct call *call, const struct field *field,
                   struct sim_item *item)
{
    (void)field;
    if (item->categories == NULL)
        return;
    buf_puts(&call->out, "<t:Categories>");
    for (size_t i = 0; item->categories[i] != NULL; i++)
        put_element(&call->out, "t:String", item->categories[i]);
    buf_puts(&call->out, "</t:Categories>");
}

void put_headers_field(struct call *call, const struct field *field,
                   struct sim_item *item)
{
    struct letter_fields fields;
    struct letter_field at;
    bool open = false;

    (void)field;
    if (item->transport_header == NULL)
        return;
    fields =
        letter_fields(item->transport_header, strlen(item->transport_header));
    while (letter_next_field(&fields, &at)) {
        char *name = arena_strndup(call->arena, at.start, at.name_len);

        buf_printf(&call->out, "%s<t:InternetMessageHeader HeaderName=\"",
                   open ? "" : "<t:InternetMessageHeaders>");
        open = true;
        put_text(&call->out, name);
        buf_puts(&call->out, "\">");
        put_text(&call->out,
                 letter_field(call->arena, at.start, at.len, name));
        buf_puts(&call->out, "</t:InternetMessageHeader>");
    }
    if (open)
        buf_puts(&call->out, "</t:InternetMessageHeaders>");
}

void put_responses_field(struct call *call, const struct field *field,
                   struct sim_item *item)
{
    (void)field;
    if (form_of(item) == FORM_EVENT)
        meeting_put_responses(call, item);
    else if (!(item->flags & FLAG_UNSENT) && !form_is_kept(item))
        buf_puts(&call->out,
                 "<t:ResponseObjects><t:ReplyToItem/><t:ReplyAllToItem/>"
                 "<t:ForwardItem/></t:ResponseObjects>");
}

void put_rights_field(struct call *call, const struct field *field,
                      struct sim_item *item)
{
    (void)field;
    put_item_rights(call, item);
}

void put_flag_field(struct call *call, const struct field *field,
                   struct sim_item *item)
{
    int64_t status = bag_number(&item->bag, NULL, 0x1090, 0);

    (void)field;
    buf_printf(&call->out, "<t:Flag><t:FlagStatus>%s</t:FlagStatus></t:Flag>",
               status == 2   ? "Flagged"
               : status == 1 ? "Complete"
                             : "NotFlagged");
}

uint64_t item_conversation(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return item->conversation;
}

/* As long as a real one, which names the mailbox, too. */
void put_conversation_field(struct call *call, const struct field *field,
                            struct sim_item *item)
{
    unsigned char raw[56] = { 0x00, 0x04, 0x24 };

    (void)field;
    memcpy(raw + 3, item->folder->mailbox->guid, 36);
    raw[40] = 0x10;
    memcpy(raw + 41, &item->conversation, sizeof item->conversation);
    buf_puts(&call->out, "<t:ConversationId Id=\"");
    put_base64(&call->out, raw, sizeof raw);
    buf_puts(&call->out, "\"/>");
}

static void put_mailbox(struct call *call, const struct letter_address *address)
{
    buf_puts(&call->out, "<t:Mailbox>");
    put_element(&call->out, "t:Name",
                *address->name != '\0' ? address->name : address->address);
    if (*address->address != '\0')
        put_element(&call->out, "t:EmailAddress", address->address);
    buf_puts(&call->out, "<t:RoutingType>SMTP</t:RoutingType>");
    if (call->version >= SCHEMA_2010_SP1)
        put_element(&call->out, "t:MailboxType",
                    sim_mailbox_find(call->exchange, address->address) != NULL
                        ? "Mailbox"
                        : "OneOff");
    buf_puts(&call->out, "</t:Mailbox>");
}

void put_addresses_field(struct call *call, const struct field *field,
                   struct sim_item *item)
{
    const struct sim_content *content = item->content;
    struct letter_address *all =
        letter_addresses(call->arena, content->data, content->header_len,
                         field->source.addresses);
    bool single = str_equal(field->element, "From") ||
                  str_equal(field->element, "Sender");

    if (all[0].address == NULL && str_equal(field->element, "Sender"))
        all = letter_addresses(call->arena, content->data, content->header_len,
                               "From");
    if (all[0].address == NULL)
        return;
    buf_printf(&call->out, "<t:%s>", field->element);
    for (size_t i = 0; all[i].address != NULL && (i == 0 || !single); i++)
        put_mailbox(call, &all[i]);
    buf_printf(&call->out, "</t:%s>", field->element);
}
