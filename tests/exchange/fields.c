/*
 * fields.c - the fields of items: the one table, and how each is read and
 * written
 */
#include "tests/exchange/path.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/base/utf8.h"
#include "tests/exchange/call.h"
#include "tests/exchange/calendar.h"
#include "tests/exchange/elements.h"
#include "tests/exchange/form.h"
#include "tests/exchange/letter.h"
#include "tests/exchange/stores.h"

#define PREVIEW_MAX 255

static const char *header(struct arena *arena, struct sim_item *item,
                          const char *name)
{
    return letter_field_text(arena, item->content->data,
                             item->content->header_len, name);
}

static const char *tag_text(struct arena *arena, struct sim_item *item,
                            uint32_t tag, enum property_type type)
{
    struct property_key key = { NULL, tag, NULL, type };
    struct property_value value = property_values(arena, &key, item);

    return value.count == 0 ? NULL : value.texts[0];
}

static const char *truth(bool is)
{
    return is ? "true" : "false";
}

/* --- Texts --------------------------------------------------------------- */

static const char *read_sensitivity(struct arena *arena, struct sim_item *item)
{
    static const char *const words[] = { "Normal", "Personal", "Private",
                                         "Confidential" };
    const char *text = header(arena, item, "Sensitivity");

    if (form_is_kept(item))
        return words[bag_number(&item->bag, NULL, 0x0036, 0) & 3];

    if (str_equal_nocase(text, "personal"))
        return "Personal";
    if (str_equal_nocase(text, "private"))
        return "Private";
    return str_equal_nocase(text, "company-confidential") ? "Confidential"
                                                          : "Normal";
}

static const char *read_importance(struct arena *arena, struct sim_item *item)
{
    static const char *const words[] = { "Low", "Normal", "High", "High" };
    const char *text = header(arena, item, "Importance");
    const char *priority = header(arena, item, "X-Priority");

    if (form_is_kept(item))
        return words[bag_number(&item->bag, NULL, 0x0017, 1) & 3];
    if (str_equal_nocase(text, "high") ||
        (text == NULL && priority != NULL &&
         (*priority == '1' || *priority == '2')))
        return "High";
    return str_equal_nocase(text, "low") ? "Low" : "Normal";
}

const char *item_topic(struct arena *arena, struct sim_item *item)
{
    return sim_topic(tag_text(arena, item, 0x0037, TYPE_STRING));
}

/* The first 255 characters of what the text says, each white space but one
 * space. */
static const char *read_preview(struct arena *arena, struct sim_item *item)
{
    const char *at = item_plain_text(arena, item);
    const char *end = at + strlen(at);
    struct buf out;
    bool space = false;

    buf_init(&out, arena);
    for (size_t n = 0; at < end && n < PREVIEW_MAX; n++) {
        const char *start = at;
        uint32_t c = utf8_next(&at, end);

        if (c <= ' ' || c == 0xa0) {
            space = out.len > 0;
            n--;
            continue;
        }
        if (space)
            buf_putc(&out, ' ');
        n += space;
        space = false;
        buf_append(&out, start, (size_t)(at - start));
    }
    return out.len == 0 ? "" : out.data;
}

static const char *read_no(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    (void)item;
    return "false";
}

static const char *read_reminder(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return truth(form_true(item, SET_COMMON, REMINDER_SET));
}

static const char *read_receipt(struct arena *arena, struct sim_item *item)
{
    return truth(header(arena, item, "Disposition-Notification-To") != NULL);
}

static const char *read_delivery_receipt(struct arena *arena,
                                         struct sim_item *item)
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

static const char *read_flag(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return bag_number(&item->bag, NULL, 0x1090, 0) == 2 ? "Flagged"
                                                        : "NotFlagged";
}

/* All of one kind, for searching: names and addresses. */
static const char *addresses_text(struct arena *arena, struct sim_item *item,
                                  const char *name)
{
    struct letter_address *all = letter_addresses(
        arena, item->content->data, item->content->header_len, name);
    struct buf text;

    buf_init(&text, arena);
    for (size_t i = 0; all[i].address != NULL; i++)
        buf_printf(&text, "%s%s <%s>", i == 0 ? "" : "; ", all[i].name,
                   all[i].address);
    return text.len == 0 ? NULL : text.data;
}

const char *field_text(struct arena *arena, const struct field *field,
                       struct sim_item *item)
{
    const struct source *source = &field->source;

    if (source->read != NULL)
        return source->read(arena, item);
    if (source->addresses != NULL)
        return addresses_text(arena, item, source->addresses);
    if (source->bit != 0)
        return truth(sim_item_flags(item) & source->bit);
    if (source->set != NULL || source->words != NULL)
        return form_text(arena, source, item);
    return source->tag == 0 ? NULL
                            : tag_text(arena, item, source->tag, source->type);
}

/* --- The table ----------------------------------------------------------- */

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
#define T(number, kind) { .tag = number, .type = TYPE_##kind }
#define S(space, number, kind) \
    { .tag = number, .type = TYPE_##kind, .set = SET_##space }
#define B(flag) { .bit = flag }
#define A(header) { .addresses = header }
#define F(function) { .read = function }
#define NOTHING { .tag = 0 }

const struct field item_fields[] = {
    { "item:MimeContent", "MimeContent", V07, 0, NOTHING, put_mime_field },
    { "item:ItemId", "ItemId", V07, ID | FIND | ALL, NOTHING, put_id_field },
    { "item:ParentFolderId", "ParentFolderId", V07, FIND | ALL, NOTHING, put_parent_field },
    { "item:ItemClass", "ItemClass", V07, FIND | ALL, T(0x001a, STRING), NULL },
    { "item:Subject", "Subject", V07, DEF | FIND | ALL, T(0x0037, STRING), NULL },
    { "item:Sensitivity", "Sensitivity", V07, DEF | FIND | ALL, F(read_sensitivity), NULL },
    { "item:Body", "Body", V07, DEF | ALL, T(0x1000, STRING), put_body_field },
    { "item:Attachments", "Attachments", V07, DEF | ALL, NOTHING, put_attachments_field },
    { "item:DateTimeReceived", "DateTimeReceived", V07, FIND | ALL, T(0x0e06, SYSTEM_TIME), put_time_field },
    { "item:Size", "Size", V07, DEF | FIND | ALL, T(0x0e08, INTEGER), NULL },
    { "item:Categories", "Categories", V07, FIND | ALL, NOTHING, put_categories_field },
    { "item:Importance", "Importance", V07, FIND | ALL, F(read_importance), NULL },
    { "item:InReplyTo", "InReplyTo", V07, FIND | ALL, T(0x1042, STRING), NULL },
    { "item:IsSubmitted", "IsSubmitted", V07, FIND | ALL, B(FLAG_SUBMITTED), NULL },
    { "item:IsDraft", "IsDraft", V07, FIND | ALL, B(FLAG_UNSENT), NULL },
    { "item:IsFromMe", "IsFromMe", V07, FIND | ALL, B(FLAG_FROM_ME), NULL },
    { "item:IsResend", "IsResend", V07, FIND | ALL, F(read_no), NULL },
    { "item:IsUnmodified", "IsUnmodified", V07, FIND | ALL, B(FLAG_UNMODIFIED), NULL },
    { "item:InternetMessageHeaders", "InternetMessageHeaders", V07, ALL, NOTHING, put_headers_field },
    { "item:DateTimeSent", "DateTimeSent", V07, DEF | FIND | ALL, T(0x0039, SYSTEM_TIME), put_time_field },
    { "item:DateTimeCreated", "DateTimeCreated", V07, FIND | ALL, T(0x3007, SYSTEM_TIME), put_time_field },
    { "item:ResponseObjects", "ResponseObjects", V07, DEF | ALL, NOTHING, put_responses_field },
    { "item:ReminderDueBy", "ReminderDueBy", V07, FIND | ALL, S(COMMON, REMINDER_TIME, SYSTEM_TIME), put_time_field },
    { "item:ReminderIsSet", "ReminderIsSet", V07, FIND | ALL, F(read_reminder), NULL },
    { "item:ReminderNextTime", "ReminderNextTime", V13, FIND, NOTHING, NULL },
    { "item:ReminderMinutesBeforeStart", "ReminderMinutesBeforeStart", V07, FIND | ALL, S(COMMON, REMINDER_DELTA, INTEGER), NULL },
    { "item:DisplayCc", "DisplayCc", V07, FIND | ALL, T(0x0e03, STRING), NULL },
    { "item:DisplayTo", "DisplayTo", V07, FIND | ALL, T(0x0e04, STRING), NULL },
    { "item:HasAttachments", "HasAttachments", V07, DEF | FIND | ALL, B(FLAG_HAS_ATTACHMENT), NULL },
    { NULL, "ExtendedProperty", V07, 0, NOTHING, NULL },
    { "item:Culture", "Culture", V07, FIND | ALL, F(read_culture), NULL },
    { "item:EffectiveRights", "EffectiveRights", SP1, FIND | ALL, NOTHING, put_rights_field },
    { "item:LastModifiedName", "LastModifiedName", SP1, FIND | ALL, F(read_modifier), NULL },
    { "item:LastModifiedTime", "LastModifiedTime", SP1, FIND | ALL, T(0x3008, SYSTEM_TIME), put_time_field },
    { "item:IsAssociated", "IsAssociated", V10, FIND | ALL, F(read_no), NULL },
    { "item:WebClientReadFormQueryString", "WebClientReadFormQueryString", V10, FIND, NOTHING, NULL },
    { "item:WebClientEditFormQueryString", "WebClientEditFormQueryString", V10, FIND, NOTHING, NULL },
    { "item:ConversationId", "ConversationId", V10, FIND | ALL, NOTHING, put_conversation_field },
    { "item:UniqueBody", "UniqueBody", V10, 0, NOTHING, put_body_field },
    { "item:Flag", "Flag", V13, FIND | ALL, F(read_flag), put_flag_field },
    { "item:StoreEntryId", "StoreEntryId", SCHEMA_2010_SP2, FIND, NOTHING, NULL },
    { "item:InstanceKey", "InstanceKey", V13, FIND | ALL, F(read_instance), NULL },
    { "item:NormalizedBody", "NormalizedBody", V13, 0, NOTHING, put_body_field },
    { "item:EntityExtractionResult", "EntityExtractionResult", V13, 0, NOTHING, NULL },
    { "item:PolicyTag", "PolicyTag", V13, FIND, NOTHING, NULL },
    { "item:ArchiveTag", "ArchiveTag", V13, FIND, NOTHING, NULL },
    { "item:RetentionDate", "RetentionDate", V13, FIND, NOTHING, NULL },
    { "item:Preview", "Preview", V13, FIND | ALL, F(read_preview), NULL },
    { "item:RightsManagementLicenseData", "RightsManagementLicenseData", V13, 0, NOTHING, NULL },
    { "item:BlockStatus", "BlockStatus", V13, 0, F(read_no), NULL },
    { "item:HasBlockedImages", "HasBlockedImages", V13, 0, F(read_no), NULL },
    { "item:TextBody", "TextBody", V13, 0, T(0x1000, STRING), put_body_field },
    { "item:IconIndex", "IconIndex", V13, FIND, NOTHING, NULL },
    { "item:MimeContentUTF8", "MimeContentUTF8", SCHEMA_2013_SP1, 0, NOTHING, NULL },
    { "message:Sender", "Sender", V07, FIND | ALL | MSG, A("Sender"), put_addresses_field },
    { "message:ToRecipients", "ToRecipients", V07, DEF | ALL | MSG, A("To"), put_addresses_field },
    { "message:CcRecipients", "CcRecipients", V07, DEF | ALL | MSG, A("Cc"), put_addresses_field },
    { "message:BccRecipients", "BccRecipients", V07, DEF | ALL | MSG, A("Bcc"), put_addresses_field },
    { "message:IsReadReceiptRequested", "IsReadReceiptRequested", V07, DEF | FIND | ALL | MSG, F(read_receipt), NULL },
    { "message:IsDeliveryReceiptRequested", "IsDeliveryReceiptRequested", V07, FIND | ALL | MSG, F(read_delivery_receipt), NULL },
    { "message:ConversationIndex", "ConversationIndex", V07, FIND | MSG, NOTHING, NULL },
    { "message:ConversationTopic", "ConversationTopic", V07, FIND | ALL | MSG, F(item_topic), NULL },
    { "message:From", "From", V07, DEF | FIND | ALL | MSG, A("From"), put_addresses_field },
    { "message:InternetMessageId", "InternetMessageId", V07, FIND | ALL | MSG, T(0x1035, STRING), NULL },
    { "message:IsRead", "IsRead", V07, DEF | FIND | ALL | MSG, B(FLAG_READ), NULL },
    { "message:IsResponseRequested", "IsResponseRequested", V07, FIND | MSG, NOTHING, NULL },
    { "message:References", "References", V07, FIND | ALL | MSG, T(0x1039, STRING), NULL },
    { "message:ReplyTo", "ReplyTo", V07, ALL | MSG, A("Reply-To"), put_addresses_field },
    { "message:ReceivedBy", "ReceivedBy", SP1, MSG, NOTHING, NULL },
    { "message:ReceivedRepresenting", "ReceivedRepresenting", SP1, MSG, NOTHING, NULL },
    { "message:ApprovalRequestData", "ApprovalRequestData", V13, MSG, NOTHING, NULL },
    { "message:VotingInformation", "VotingInformation", V13, MSG, NOTHING, NULL },
    { "message:ReminderMessageData", "ReminderMessageData", SCHEMA_2013_SP1, MSG, NOTHING, NULL },
    { NULL, NULL, 0, 0, NOTHING, NULL }
};
/* clang-format on */
