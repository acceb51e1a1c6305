/*
 * item_create.c - storing and sending messages
 *
 * The MIME content is the first child of the item and goes out in base64
 * straight from its spool; properties that follow override what is in it.  The
 * order of the elements is the schema's.
 */
#include <stdio.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/spool.h"
#include "proxy/base/time.h"
#include "proxy/exchange/ews/flags.h"
#include "proxy/exchange/ews/item_class.h"
#include "proxy/exchange/ews/property.h"
#include "proxy/exchange/ews/soap.h"
#include "proxy/format/mime.h"

/* The fields that matter here stand in the first part of a header. */
#define HEADER_SIZE 65536

#define MESSAGE_READ 1
#define MESSAGE_UNSENT 8

struct creation {
    const char *folder;
    const struct spool *content;
    const char *class;
    const struct remote_new *item; /* NULL: to be sent */
    int64_t date;                  /* of its header; TIME_NONE */
    const struct remote_submission *submission;
};

/* --- The header ----------------------------------------------------------- */

/* Looks into the message for what Exchange has to be told. */
static void read_header(struct op *op, struct creation *creation)
{
    char *header = arena_alloc(op->arena, HEADER_SIZE + 1);
    long got = spool_read(creation->content, 0, header, HEADER_SIZE);

    creation->date = TIME_NONE;
    if (got <= 0)
        return;
    const char *end = memmem(header, (size_t)got, "\r\n\r\n", 4);
    size_t len = end != NULL ? (size_t)(end - header) + 4 : (size_t)got;
    const char *date = mime_header_value(op->arena, header, len, "Date");
    creation->class = item_class_of(op->arena, header, len);
    if (date != NULL)
        creation->date = time_from_rfc5322(date);
}

/* --- What a request says -------------------------------------------------- */

static void set_property(void *context, const struct property *property,
                         const char *value)
{
    /* A new item has nothing to be deleted. */
    if (value != NULL)
        property_write(context, property, value);
}

static void write_time(struct xml_writer *writer,
                       const struct property *property, int64_t time)
{
    char text[sizeof "-2147483648-01-01T00:00:00Z"];

    time_to_iso(time, text);
    property_write(writer, property, text);
}

/*
 * Without this property a new item is a draft for ever.  Exchange 2007 takes
 * any value for zero: there a draft is made by leaving it out, and IsRead tells
 * the rest.
 */
static void write_message_flags(struct soap_request *request, uint32_t flags)
{
    unsigned value = flags & MAIL_SEEN ? MESSAGE_READ : 0;
    char text[16];

    if (flags & MAIL_DRAFT) {
        if (request->version == EWS_2007_SP1)
            return;
        value |= MESSAGE_UNSENT;
    }
    snprintf(text, sizeof text, "%u", value);
    property_write(&request->writer, &property_message_flags, text);
}

static void write_stored(struct soap_request *request,
                         const struct creation *creation)
{
    const struct remote_new *item = creation->item;
    struct xml_writer *writer = &request->writer;

    if (item->categories != NULL && *item->categories != NULL)
        flags_write_categories(writer, item->categories);
    write_message_flags(request, item->flags);
    write_time(writer, &property_delivered,
               item->received != TIME_NONE ? item->received : time_now());
    if (creation->date != TIME_NONE)
        write_time(writer, &property_submitted, creation->date);
    flags_write_change(0, item->flags & ~(uint32_t)(MAIL_SEEN | MAIL_DRAFT),
                       false, set_property, writer);
    if (item->token != NULL)
        property_write(writer, &property_token, item->token);
    xml_element(writer, "t:IsRead", item->flags & MAIL_SEEN ? "true" : "false");
}

static void write_sent(struct soap_request *request,
                       const struct creation *creation)
{
    const struct remote_submission *submission = creation->submission;
    struct xml_writer *writer = &request->writer;
    const char *const *bcc = submission->bcc;

    if (submission->token != NULL)
        property_write(writer, &property_token, submission->token);
    if (bcc != NULL && *bcc != NULL) {
        xml_open(writer, "t:BccRecipients");
        for (; *bcc != NULL; bcc++) {
            xml_open(writer, "t:Mailbox");
            xml_element(writer, "t:EmailAddress", *bcc);
            xml_close(writer);
        }
        xml_close(writer);
    }
    if (submission->delivery_receipt)
        xml_element(writer, "t:IsDeliveryReceiptRequested", "true");
}

static void build(void *context, struct soap_request *request)
{
    const struct creation *creation = context;
    struct xml_writer *writer = &request->writer;

    xml_attribute(writer, "MessageDisposition",
                  creation->submission != NULL ? "SendAndSaveCopy"
                                               : "SaveOnly");
    xml_open(writer, "m:SavedItemFolderId");
    soap_folder(writer, creation->folder);
    xml_close(writer);
    xml_open(writer, "m:Items");
    xml_open(writer, "t:Message");
    xml_open(writer, "t:MimeContent");
    xml_attribute(writer, "CharacterSet", "UTF-8");
    soap_content(request, creation->content);
    xml_close(writer);
    if (creation->class != NULL)
        xml_element(writer, "t:ItemClass", creation->class);
    if (creation->item != NULL)
        write_stored(request, creation);
    else
        write_sent(request, creation);
    xml_close(writer);
    xml_close(writer);
}

static enum status create(struct op *op, struct remote *remote,
                          struct creation *creation,
                          const struct xml_node **message_out)
{
    struct soap_call call = { .operation = "CreateItem",
                              .write = true,
                              .build = build,
                              .context = creation };

    read_header(op, creation);
    enum status status =
        soap_ask(op, ews_of(remote), &call, op->arena, message_out);
    /* What cannot be converted is ours here, not Exchange's. */
    return status == STATUS_CORRUPT ? STATUS_BAD_CONTENT : status;
}

enum status ews_item_create(struct op *op, struct remote *remote,
                            const char *folder, const struct remote_new *item,
                            struct remote_result *result)
{
    struct creation creation = { .folder = folder,
                                 .content = item->content,
                                 .item = item };
    const struct xml_node *message;

    *result = (struct remote_result){ .status = STATUS_UNCERTAIN };
    result->status = create(op, remote, &creation, &message);
    if (result->status == STATUS_NOT_FOUND)
        result->status = STATUS_NO_FOLDER;
    if (result->status != STATUS_OK)
        return result->status;
    /* An invitation becomes another element than a message, whatever we called
     * it. */
    const struct xml_node *id =
        xml_descendant(xml_child(message, "Items"), "ItemId");
    result->id = xml_value(id, "Id");
    result->change_key = xml_value(id, "ChangeKey");
    return STATUS_OK;
}

enum status ews_send(struct op *op, struct remote *remote,
                     const struct remote_submission *submission)
{
    struct creation creation = { .folder = ews_place(op, ews_of(remote),
                                                     "#sentitems"),
                                 .content = submission->content,
                                 .submission = submission };
    const struct xml_node *message;

    return create(op, remote, &creation, &message);
}
