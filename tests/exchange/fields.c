/*
 * fields.c - the fields of items: the one table, and how each is read and written
 */
#include "tests/exchange/path.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/call.h"
#include "tests/exchange/letter.h"

static const char *header(struct arena *arena, struct sim_item *item, const char *name)
{
    return letter_field_text(arena, item->content->data, item->content->header_len, name);
}

static const char *tag_text(struct arena *arena, struct sim_item *item, uint32_t tag,
                            enum property_type type)
{
    struct property_key key = { NULL, tag, NULL, type };
    struct property_value value = property_values(arena, &key, item);

    return value.count == 0 ? NULL : value.texts[0];
}

static const char *truth(bool is)
{
    return is ? "true" : "false";
}

/* --- Plain texts --------------------------------------------------------------- */

static const char *read_class(struct arena *arena, struct sim_item *item)
{
    return arena_strdup(arena, item->class);
}

static const char *read_subject(struct arena *arena, struct sim_item *item)
{
    return tag_text(arena, item, 0x0037, TYPE_STRING);
}

static const char *read_sensitivity(struct arena *arena, struct sim_item *item)
{
    const char *text = header(arena, item, "Sensitivity");

    if (str_equal_nocase(text, "personal"))
        return "Personal";
    if (str_equal_nocase(text, "private"))
        return "Private";
    return str_equal_nocase(text, "company-confidential") ? "Confidential" : "Normal";
}

static const char *read_importance(struct arena *arena, struct sim_item *item)
{
    const char *text = header(arena, item, "Importance");
    const char *priority = header(arena, item, "X-Priority");

    if (str_equal_nocase(text, "high") || (text == NULL && priority != NULL &&
                                           (*priority == '1' || *priority == '2')))
        return "High";
    return str_equal_nocase(text, "low") ? "Low" : "Normal";
}

static const char *read_body(struct arena *arena, struct sim_item *item)
{
    return tag_text(arena, item, 0x1000, TYPE_STRING);
}

static const char *read_received(struct arena *arena, struct sim_item *item)
{
    return tag_text(arena, item, 0x0e06, TYPE_SYSTEM_TIME);
}

static const char *read_sent(struct arena *arena, struct sim_item *item)
{
    return tag_text(arena, item, 0x0039, TYPE_SYSTEM_TIME);
}

static const char *read_created(struct arena *arena, struct sim_item *item)
{
    return tag_text(arena, item, 0x3007, TYPE_SYSTEM_TIME);
}

static const char *read_modified(struct arena *arena, struct sim_item *item)
{
    return tag_text(arena, item, 0x3008, TYPE_SYSTEM_TIME);
}

static const char *read_size(struct arena *arena, struct sim_item *item)
{
    return tag_text(arena, item, 0x0e08, TYPE_INTEGER);
}

static const char *read_in_reply_to(struct arena *arena, struct sim_item *item)
{
    return tag_text(arena, item, 0x1042, TYPE_STRING);
}

static const char *read_references(struct arena *arena, struct sim_item *item)
{
    return tag_text(arena, item, 0x1039, TYPE_STRING);
}

static const char *read_message_id(struct arena *arena, struct sim_item *item)
{
    return tag_text(arena, item, 0x1035, TYPE_STRING);
}

static const char *read_display_to(struct arena *arena, struct sim_item *item)
{
    return tag_text(arena, item, 0x0e04, TYPE_STRING);
}

static const char *read_display_cc(struct arena *arena, struct sim_item *item)
{
    return tag_text(arena, item, 0x0e03, TYPE_STRING);
}

static const char *read_topic(struct arena *arena, struct sim_item *item)
{
    const char *subject = read_subject(arena, item);

    while (subject != NULL && (str_starts_nocase(subject, "re: ") ||
                               str_starts_nocase(subject, "fw: ")))
        subject += 4;
    return subject;
}

static const char *read_preview(struct arena *arena, struct sim_item *item)
{
    const char *body = read_body(arena, item);
    size_t len = strlen(body) > 100 ? 100 : strlen(body);

    while (len > 0 && ((unsigned char)body[len] & 0xc0) == 0x80)
        len--;
    return arena_strndup(arena, body, len);
}

static const char *read_draft(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return truth(item->flags & FLAG_UNSENT);
}

static const char *read_submitted_flag(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return truth(item->flags & FLAG_SUBMITTED);
}

static const char *read_from_me(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return truth(item->flags & FLAG_FROM_ME);
}

static const char *read_unmodified(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return truth(item->flags & FLAG_UNMODIFIED);
}

static const char *read_no(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    (void)item;
    return "false";
}

static const char *read_attachment_flag(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return truth(item->flags & FLAG_HAS_ATTACHMENT);
}

static const char *read_read(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return truth(item->flags & FLAG_READ);
}

static const char *read_receipt(struct arena *arena, struct sim_item *item)
{
    return truth(header(arena, item, "Disposition-Notification-To") != NULL);
}

static const char *read_delivery_receipt(struct arena *arena, struct sim_item *item)
{
    return truth(header(arena, item, "Return-Receipt-To") != NULL);
}

static const char *read_culture(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return str_equal(item->folder->mailbox->language, "de") ? "de-DE" : "en-US";
}

static const char *read_modifier(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return item->folder->mailbox->display_name;
}

static const char *read_instance(struct arena *arena, struct sim_item *item)
{
    char *text = arena_alloc(arena, 16);

    base64_encode(&item->serial, sizeof item->serial, text);
    return text;
}

/* All of one kind, for searching: names and addresses. */
static const char *addresses_text(struct arena *arena, struct sim_item *item,
                                  const char *name)
{
    struct letter_address *all = letter_addresses(arena, item->content->data,
                                                  item->content->header_len, name);
    struct buf text;

    buf_init(&text, arena);
    for (size_t i = 0; all[i].address != NULL; i++)
        buf_printf(&text, "%s%s <%s>", i == 0 ? "" : "; ", all[i].name, all[i].address);
    return text.len == 0 ? NULL : text.data;
}

static const char *read_from(struct arena *arena, struct sim_item *item)
{
    return addresses_text(arena, item, "From");
}

static const char *read_to(struct arena *arena, struct sim_item *item)
{
    return addresses_text(arena, item, "To");
}

static const char *read_cc(struct arena *arena, struct sim_item *item)
{
    return addresses_text(arena, item, "Cc");
}

static const char *read_bcc(struct arena *arena, struct sim_item *item)
{
    return addresses_text(arena, item, "Bcc");
}

static const char *read_reply_to(struct arena *arena, struct sim_item *item)
{
    return addresses_text(arena, item, "Reply-To");
}

/* --- Elements ------------------------------------------------------------------ */

static void write_mime(struct call *call, const struct field *field, struct sim_item *item)
{
    struct buf rendered;

    (void)field;
    buf_init(&rendered, NULL);
    sim_item_render(item, &rendered);
    buf_puts(&call->out, "<t:MimeContent CharacterSet=\"UTF-8\">");
    put_base64(&call->out, rendered.data, rendered.len);
    buf_puts(&call->out, "</t:MimeContent>");
    buf_fini(&rendered);
}

static void write_id(struct call *call, const struct field *field, struct sim_item *item)
{
    (void)field;
    put_item_id(call, "t:ItemId", item);
}

static void write_parent(struct call *call, const struct field *field,
                         struct sim_item *item)
{
    (void)field;
    put_folder_id(call, "t:ParentFolderId", item->folder);
}

/* What the shape wants to have the body as. */
static const char *wanted_body(const struct call *call)
{
    const char *wanted = node_text(node_child(call->request, "ItemShape"), "BodyType");

    return wanted == NULL ? "Best" : wanted;
}

static const struct letter_part *find_text(const struct letter_part *parts, size_t count,
                                           const char *type)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(parts[i].type, type) && !parts[i].attachment)
            return &parts[i];
    return NULL;
}

static void write_body_as(struct call *call, const char *element, struct sim_item *item,
                          const char *wanted)
{
    struct letter_part *parts;
    size_t count =
        letter_parts(call->arena, item->content->data, item->content->len, &parts);
    const struct letter_part *html = find_text(parts, count, "text/html");
    const struct letter_part *plain = find_text(parts, count, "text/plain");
    bool as_html = str_equal(wanted, "HTML") || (str_equal(wanted, "Best") && html != NULL);
    const struct letter_part *part =
        as_html && html != NULL ? html : plain != NULL ? plain : html;
    const char *text = part == NULL ? "" : letter_part_text(call->arena, part);

    buf_printf(&call->out, "<t:%s BodyType=\"%s\">", element, as_html ? "HTML" : "Text");
    if (as_html && html == NULL)
        put_text(&call->out, "<html><body><div>");
    put_text(&call->out, text);
    if (as_html && html == NULL)
        put_text(&call->out, "</div></body></html>");
    buf_printf(&call->out, "</t:%s>", element);
}

static void write_body(struct call *call, const struct field *field, struct sim_item *item)
{
    write_body_as(call, field->element, item,
                  str_equal(field->element, "TextBody") ? "Text" : wanted_body(call));
}

static void write_attachments(struct call *call, const struct field *field,
                              struct sim_item *item)
{
    struct letter_part *parts;
    size_t count =
        letter_parts(call->arena, item->content->data, item->content->len, &parts);
    bool open = false;

    (void)field;
    for (size_t i = 0; i < count; i++) {
        bool message = str_equal(parts[i].type, "message/rfc822");
        const char *element = message ? "ItemAttachment" : "FileAttachment";

        if (!parts[i].attachment || count == 1)
            continue;
        buf_printf(&call->out, "%s<t:%s><t:AttachmentId Id=\"%s\"/>",
                   open ? "" : "<t:Attachments>", element,
                   sim_id_make(call->arena, item->folder->mailbox, ID_ATTACHMENT,
                               item->serial, (uint32_t)i));
        open = true;
        put_element(&call->out, "t:Name",
                    parts[i].name == NULL ? "attachment" : parts[i].name);
        put_element(&call->out, "t:ContentType", parts[i].type);
        if (parts[i].content_id != NULL)
            put_element(&call->out, "t:ContentId", parts[i].content_id);
        if (call->version >= SCHEMA_2010)
            buf_printf(&call->out, "<t:Size>%zu</t:Size><t:IsInline>%s</t:IsInline>",
                       parts[i].body_len, truth(parts[i].content_id != NULL));
        if (call->version >= SCHEMA_2010 && !message)
            buf_puts(&call->out, "<t:IsContactPhoto>false</t:IsContactPhoto>");
        buf_printf(&call->out, "</t:%s>", element);
    }
    if (open)
        buf_puts(&call->out, "</t:Attachments>");
}

static void write_time(struct call *call, const struct field *field, struct sim_item *item)
{
    const char *text = field->read(call->arena, item);

    if (text != NULL)
        put_time(call, arena_printf(call->arena, "t:%s", field->element),
                 time_from_iso(text));
}

static void write_categories(struct call *call, const struct field *field,
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

static void write_headers(struct call *call, const struct field *field,
                          struct sim_item *item)
{
    struct letter_fields fields;
    struct letter_field at;
    bool open = false;

    (void)field;
    if (item->transport_header == NULL)
        return;
    fields = letter_fields(item->transport_header, strlen(item->transport_header));
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

static void write_responses(struct call *call, const struct field *field,
                            struct sim_item *item)
{
    (void)field;
    if (!(item->flags & FLAG_UNSENT))
        buf_puts(&call->out, "<t:ResponseObjects><t:ReplyToItem/><t:ReplyAllToItem/>"
                             "<t:ForwardItem/></t:ResponseObjects>");
}

static void write_rights(struct call *call, const struct field *field,
                         struct sim_item *item)
{
    (void)field;
    (void)item;
    buf_puts(&call->out,
             "<t:EffectiveRights><t:CreateAssociated>false</t:CreateAssociated>"
             "<t:CreateContents>false</t:CreateContents>"
             "<t:CreateHierarchy>false</t:CreateHierarchy><t:Delete>true</t:Delete>"
             "<t:Modify>true</t:Modify><t:Read>true</t:Read>");
    if (call->version >= SCHEMA_2010)
        buf_puts(&call->out, "<t:ViewPrivateItems>true</t:ViewPrivateItems>");
    buf_puts(&call->out, "</t:EffectiveRights>");
}

static void write_flag(struct call *call, const struct field *field, struct sim_item *item)
{
    int64_t status = bag_number(&item->bag, NULL, 0x1090, 0);

    (void)field;
    buf_printf(&call->out, "<t:Flag><t:FlagStatus>%s</t:FlagStatus></t:Flag>",
               status == 2   ? "Flagged"
               : status == 1 ? "Complete"
                             : "NotFlagged");
}

static const char *read_flag(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return bag_number(&item->bag, NULL, 0x1090, 0) == 2 ? "Flagged" : "NotFlagged";
}

/* A conversation is what shares a topic. */
static void write_conversation(struct call *call, const struct field *field,
                               struct sim_item *item)
{
    const char *topic = read_topic(call->arena, item);
    uint64_t hash = 0xcbf29ce484222325u;

    (void)field;
    for (const char *at = topic == NULL ? "" : topic; *at != '\0'; at++)
        hash = (hash ^ (unsigned char)*at) * 0x100000001b3u;
    buf_puts(&call->out, "<t:ConversationId Id=\"");
    put_base64(&call->out, &hash, sizeof hash);
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
                    sim_mailbox_find(call->exchange, address->address) != NULL ? "Mailbox"
                                                                               : "OneOff");
    buf_puts(&call->out, "</t:Mailbox>");
}

/* Which header field an element with addresses comes from. */
static const char *header_of(const char *element)
{
    static const struct {
        const char *element;
        const char *header;
    } names[] = {
        { "ToRecipients", "To" },   { "CcRecipients", "Cc" }, { "BccRecipients", "Bcc" },
        { "ReplyTo", "Reply-To" },  { "From", "From" },       { "Sender", "Sender" },
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_equal(names[i].element, element))
            return names[i].header;
    return element;
}

static void write_addresses(struct call *call, const struct field *field,
                            struct sim_item *item)
{
    const struct sim_content *content = item->content;
    struct letter_address *all = letter_addresses(
        call->arena, content->data, content->header_len, header_of(field->element));
    bool single = str_equal(field->element, "From") || str_equal(field->element, "Sender");

    if (all[0].address == NULL && str_equal(field->element, "Sender"))
        all = letter_addresses(call->arena, content->data, content->header_len, "From");
    if (all[0].address == NULL)
        return;
    buf_printf(&call->out, "<t:%s>", field->element);
    for (size_t i = 0; all[i].address != NULL && (i == 0 || !single); i++)
        put_mailbox(call, &all[i]);
    buf_printf(&call->out, "</t:%s>", field->element);
}

/* --- The table ----------------------------------------------------------------- */

/* clang-format off */
#define V07 SCHEMA_2007
#define SP1 SCHEMA_2007_SP1
#define V10 SCHEMA_2010
#define V13 SCHEMA_2013
#define ID IN_ID
#define DEF IN_DEFAULT
#define FIND IN_FIND
#define ALL IN_ALL
#define MSG MESSAGE_ONLY

const struct field item_fields[] = {
    { "item:MimeContent", "MimeContent", V07, 0, NULL, write_mime },
    { "item:ItemId", "ItemId", V07, ID | FIND | ALL, NULL, write_id },
    { "item:ParentFolderId", "ParentFolderId", V07, FIND | ALL, NULL, write_parent },
    { "item:ItemClass", "ItemClass", V07, FIND | ALL, read_class, NULL },
    { "item:Subject", "Subject", V07, DEF | FIND | ALL, read_subject, NULL },
    { "item:Sensitivity", "Sensitivity", V07, DEF | FIND | ALL, read_sensitivity, NULL },
    { "item:Body", "Body", V07, DEF | ALL, read_body, write_body },
    { "item:Attachments", "Attachments", V07, DEF | ALL, NULL, write_attachments },
    { "item:DateTimeReceived", "DateTimeReceived", V07, FIND | ALL, read_received, write_time },
    { "item:Size", "Size", V07, DEF | FIND | ALL, read_size, NULL },
    { "item:Categories", "Categories", V07, FIND | ALL, NULL, write_categories },
    { "item:Importance", "Importance", V07, FIND | ALL, read_importance, NULL },
    { "item:InReplyTo", "InReplyTo", V07, FIND | ALL, read_in_reply_to, NULL },
    { "item:IsSubmitted", "IsSubmitted", V07, FIND | ALL, read_submitted_flag, NULL },
    { "item:IsDraft", "IsDraft", V07, FIND | ALL, read_draft, NULL },
    { "item:IsFromMe", "IsFromMe", V07, FIND | ALL, read_from_me, NULL },
    { "item:IsResend", "IsResend", V07, FIND | ALL, read_no, NULL },
    { "item:IsUnmodified", "IsUnmodified", V07, FIND | ALL, read_unmodified, NULL },
    { "item:InternetMessageHeaders", "InternetMessageHeaders", V07, ALL, NULL, write_headers },
    { "item:DateTimeSent", "DateTimeSent", V07, DEF | FIND | ALL, read_sent, write_time },
    { "item:DateTimeCreated", "DateTimeCreated", V07, FIND | ALL, read_created, write_time },
    { "item:ResponseObjects", "ResponseObjects", V07, DEF | ALL, NULL, write_responses },
    { "item:ReminderDueBy", "ReminderDueBy", V07, FIND, NULL, NULL },
    { "item:ReminderIsSet", "ReminderIsSet", V07, FIND | ALL, read_no, NULL },
    { "item:ReminderNextTime", "ReminderNextTime", V13, FIND, NULL, NULL },
    { "item:ReminderMinutesBeforeStart", "ReminderMinutesBeforeStart", V07, FIND, NULL, NULL },
    { "item:DisplayCc", "DisplayCc", V07, FIND | ALL, read_display_cc, NULL },
    { "item:DisplayTo", "DisplayTo", V07, FIND | ALL, read_display_to, NULL },
    { "item:HasAttachments", "HasAttachments", V07, DEF | FIND | ALL, read_attachment_flag, NULL },
    { NULL, "ExtendedProperty", V07, 0, NULL, NULL },
    { "item:Culture", "Culture", V07, FIND | ALL, read_culture, NULL },
    { "item:EffectiveRights", "EffectiveRights", SP1, FIND | ALL, NULL, write_rights },
    { "item:LastModifiedName", "LastModifiedName", SP1, FIND | ALL, read_modifier, NULL },
    { "item:LastModifiedTime", "LastModifiedTime", SP1, FIND | ALL, read_modified, write_time },
    { "item:IsAssociated", "IsAssociated", V10, FIND | ALL, read_no, NULL },
    { "item:WebClientReadFormQueryString", "WebClientReadFormQueryString", V10, FIND, NULL, NULL },
    { "item:WebClientEditFormQueryString", "WebClientEditFormQueryString", V10, FIND, NULL, NULL },
    { "item:ConversationId", "ConversationId", V10, FIND | ALL, NULL, write_conversation },
    { "item:UniqueBody", "UniqueBody", V10, 0, NULL, write_body },
    { "item:Flag", "Flag", V13, FIND | ALL, read_flag, write_flag },
    { "item:StoreEntryId", "StoreEntryId", SCHEMA_2010_SP2, FIND, NULL, NULL },
    { "item:InstanceKey", "InstanceKey", V13, FIND | ALL, read_instance, NULL },
    { "item:NormalizedBody", "NormalizedBody", V13, 0, NULL, write_body },
    { "item:EntityExtractionResult", "EntityExtractionResult", V13, 0, NULL, NULL },
    { "item:PolicyTag", "PolicyTag", V13, FIND, NULL, NULL },
    { "item:ArchiveTag", "ArchiveTag", V13, FIND, NULL, NULL },
    { "item:RetentionDate", "RetentionDate", V13, FIND, NULL, NULL },
    { "item:Preview", "Preview", V13, FIND | ALL, read_preview, NULL },
    { "item:RightsManagementLicenseData", "RightsManagementLicenseData", V13, 0, NULL, NULL },
    { "item:BlockStatus", "BlockStatus", V13, 0, read_no, NULL },
    { "item:HasBlockedImages", "HasBlockedImages", V13, 0, read_no, NULL },
    { "item:TextBody", "TextBody", V13, 0, read_body, write_body },
    { "item:IconIndex", "IconIndex", V13, FIND, NULL, NULL },
    { "item:MimeContentUTF8", "MimeContentUTF8", SCHEMA_2013_SP1, 0, NULL, NULL },
    { "message:Sender", "Sender", V07, FIND | ALL | MSG, read_from, write_addresses },
    { "message:ToRecipients", "ToRecipients", V07, DEF | ALL | MSG, read_to, write_addresses },
    { "message:CcRecipients", "CcRecipients", V07, DEF | ALL | MSG, read_cc, write_addresses },
    { "message:BccRecipients", "BccRecipients", V07, DEF | ALL | MSG, read_bcc, write_addresses },
    { "message:IsReadReceiptRequested", "IsReadReceiptRequested", V07, DEF | FIND | ALL | MSG, read_receipt, NULL },
    { "message:IsDeliveryReceiptRequested", "IsDeliveryReceiptRequested", V07, FIND | ALL | MSG, read_delivery_receipt, NULL },
    { "message:ConversationIndex", "ConversationIndex", V07, FIND | MSG, NULL, NULL },
    { "message:ConversationTopic", "ConversationTopic", V07, FIND | ALL | MSG, read_topic, NULL },
    { "message:From", "From", V07, DEF | FIND | ALL | MSG, read_from, write_addresses },
    { "message:InternetMessageId", "InternetMessageId", V07, FIND | ALL | MSG, read_message_id, NULL },
    { "message:IsRead", "IsRead", V07, DEF | FIND | ALL | MSG, read_read, NULL },
    { "message:IsResponseRequested", "IsResponseRequested", V07, FIND | MSG, NULL, NULL },
    { "message:References", "References", V07, FIND | ALL | MSG, read_references, NULL },
    { "message:ReplyTo", "ReplyTo", V07, ALL | MSG, read_reply_to, write_addresses },
    { "message:ReceivedBy", "ReceivedBy", SP1, MSG, NULL, NULL },
    { "message:ReceivedRepresenting", "ReceivedRepresenting", SP1, MSG, NULL, NULL },
    { "message:ApprovalRequestData", "ApprovalRequestData", V13, MSG, NULL, NULL },
    { "message:VotingInformation", "VotingInformation", V13, MSG, NULL, NULL },
    { "message:ReminderMessageData", "ReminderMessageData", SCHEMA_2013_SP1, MSG, NULL, NULL },
    { NULL, NULL, 0, 0, NULL, NULL }
};
/* clang-format on */
