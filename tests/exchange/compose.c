/*
 * compose.c - messages from elements: headers by a table, bodies, attachments
 */
#include "tests/exchange/store.h"

#include <string.h>

#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/letter.h"
#include "tests/exchange/path.h"

enum header_kind { TEXT, PLAIN, ADDRESSES, RECEIPT, DATE };

/* clang-format off */
static const struct header_row {
    const char *uri;
    const char *element;
    const char *header;
    enum header_kind kind;
} headers[] = {
    { "message:From",                    "From",                   "From",        ADDRESSES },
    { "message:Sender",                  "Sender",                 "Sender",      ADDRESSES },
    { "message:ToRecipients",            "ToRecipients",           "To",          ADDRESSES },
    { "message:CcRecipients",            "CcRecipients",           "Cc",          ADDRESSES },
    { "message:BccRecipients",           "BccRecipients",          "Bcc",         ADDRESSES },
    { "message:ReplyTo",                 "ReplyTo",                "Reply-To",    ADDRESSES },
    { "item:Subject",                    "Subject",                "Subject",     TEXT },
    { "item:DateTimeSent",               "DateTimeSent",           "Date",        DATE },
    { "message:InternetMessageId",       "InternetMessageId",      "Message-ID",  PLAIN },
    { "item:InReplyTo",                  "InReplyTo",              "In-Reply-To", PLAIN },
    { "message:References",              "References",             "References",  PLAIN },
    { "item:Importance",                 "Importance",             "Importance",  PLAIN },
    { "item:Sensitivity",                "Sensitivity",            "Sensitivity", PLAIN },
    { "message:IsReadReceiptRequested",  "IsReadReceiptRequested", "Disposition-Notification-To", RECEIPT },
    { "message:IsDeliveryReceiptRequested", "IsDeliveryReceiptRequested", "Return-Receipt-To",    RECEIPT },
};
/* clang-format on */

#define HEADER_COUNT (sizeof headers / sizeof *headers)

bool compose_knows(const char *uri)
{
    for (size_t i = 0; i < HEADER_COUNT; i++)
        if (str_equal(headers[i].uri, uri))
            return true;
    return str_equal(uri, "item:Body");
}

/* --- Headers ------------------------------------------------------------- */

static void put_addresses(struct call *call, struct buf *out,
                          const char *header, const struct node *list)
{
    bool first = true;

    if (list->children == NULL)
        return;
    buf_printf(out, "%s: ", header);
    for (struct node *at = list->children; at != NULL; at = at->next) {
        const char *name = node_text(at, "Name");
        const char *address = node_text(at, "EmailAddress");

        buf_puts(out, first ? "" : ",\r\n\t");
        first = false;
        if (name != NULL && *name != '\0' && !str_equal(name, address)) {
            char *coded = letter_encode_words(call->arena, name);

            buf_printf(out, str_equal(coded, name) ? "\"%s\" " : "%s ", coded);
        }
        buf_printf(out, "<%s>", address == NULL ? "" : address);
    }
    buf_puts(out, "\r\n");
}

static void put_header(struct call *call, struct buf *out,
                       const struct header_row *row, const struct node *value)
{
    char date[40];

    switch (row->kind) {
    case ADDRESSES:
        put_addresses(call, out, row->header, value);
        break;
    case TEXT:
        buf_printf(out, "%s: %s\r\n", row->header,
                   letter_encode_words(call->arena, value->text));
        break;
    case DATE:
        time_to_rfc5322(time_from_iso(value->text), date);
        buf_printf(out, "%s: %s\r\n", row->header, date);
        break;
    case RECEIPT:
        if (node_true(value->text))
            buf_printf(out, "%s: <%s>\r\n", row->header, call->user->address);
        break;
    default:
        /* Importance and sensitivity are normal without being said to be. */
        if (!str_equal(value->text, "Normal"))
            buf_printf(out, "%s: %s\r\n", row->header, value->text);
        break;
    }
}

/* Named headers and those of the set InternetHeaders. */
static void put_other_headers(struct buf *out, const struct node *message)
{
    const struct node *list = node_child(message, "InternetMessageHeaders");

    for (struct node *at = list == NULL ? NULL : list->children; at != NULL;
         at = at->next)
        buf_printf(out, "%s: %s\r\n", node_attribute(at, "HeaderName"),
                   at->text);
    for (struct node *at = message->children; at != NULL; at = at->next) {
        const struct node *path = node_child(at, "ExtendedFieldURI");

        if (node_is(at, "ExtendedProperty") &&
            str_equal(node_attribute(path, "DistinguishedPropertySetId"),
                      "InternetHeaders") &&
            node_text(at, "Value") != NULL)
            buf_printf(out, "%s: %s\r\n", node_attribute(path, "PropertyName"),
                       node_text(at, "Value"));
    }
}

/* --- Bodies -------------------------------------------------------------- */

static void put_lines(struct buf *out, const char *data, size_t len)
{
    for (size_t at = 0; at < len; at += 57) {
        char line[80];
        size_t take = len - at > 57 ? 57 : len - at;

        buf_append(out, line, base64_encode(data + at, take, line));
        buf_puts(out, "\r\n");
    }
}

static void put_text_part(struct buf *out, const struct node *body)
{
    bool html = str_equal(node_attribute(body, "BodyType"), "HTML");
    const char *text = body == NULL ? "" : body->text;

    buf_printf(out,
               "Content-Type: text/%s; charset=utf-8\r\n"
               "Content-Transfer-Encoding: base64\r\n\r\n",
               html ? "html" : "plain");
    put_lines(out, text, strlen(text));
}

static void put_file_part(struct call *call, struct buf *out,
                          const struct node *file)
{
    const char *type = node_text(file, "ContentType");
    const char *name = node_text(file, "Name");
    const char *data = node_text(file, "Content");
    size_t len = 0;

    data = data == NULL ? ""
                        : base64_decode(call->arena, data, strlen(data), &len);
    buf_printf(out,
               "Content-Type: %s\r\nContent-Disposition: attachment; "
               "filename=\"%s\"\r\n"
               "Content-Transfer-Encoding: base64\r\n\r\n",
               type == NULL ? "application/octet-stream" : type,
               name == NULL ? "attachment"
                            : letter_encode_words(call->arena, name));
    put_lines(out, data, len);
}

/* The text, and behind it the files that are named and those that `base` has.
 */
static void put_body(struct call *call, struct buf *out,
                     const struct node *message, const struct sim_content *base)
{
    const struct node *files = node_child(message, "Attachments");
    struct letter_part *parts = NULL;
    size_t count =
        base == NULL ? 0
                     : letter_parts(call->arena, base->data, base->len, &parts);
    char *boundary = arena_printf(call->arena, "_000_%016llx_",
                                  (unsigned long long)++call->exchange->unique);

    if (files == NULL && count < 2) {
        put_text_part(out, node_child(message, "Body"));
        return;
    }
    buf_printf(out,
               "Content-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n--%s\r\n",
               boundary, boundary);
    put_text_part(out, node_child(message, "Body"));
    for (size_t i = 0; i < count; i++) {
        if (!parts[i].attachment)
            continue;
        buf_printf(out, "\r\n--%s\r\n", boundary);
        buf_append(out, parts[i].header, parts[i].header_len);
        buf_append(out, parts[i].body, parts[i].body_len);
    }
    for (struct node *at = files == NULL ? NULL : files->children; at != NULL;
         at = at->next) {
        if (!node_is(at, "FileAttachment"))
            continue;
        buf_printf(out, "\r\n--%s\r\n", boundary);
        put_file_part(call, out, at);
    }
    buf_printf(out, "\r\n--%s--\r\n", boundary);
}

/* --- Both ---------------------------------------------------------------- */

static void put_new_headers(struct call *call, struct buf *out,
                            const struct node *message)
{
    char date[40];

    if (node_child(message, "From") == NULL)
        buf_printf(out, "From: %s <%s>\r\n",
                   letter_encode_words(call->arena, call->user->display_name),
                   call->user->address);
    if (node_child(message, "DateTimeSent") == NULL) {
        time_to_rfc5322(time_now(), date);
        buf_printf(out, "Date: %s\r\n", date);
    }
    if (node_child(message, "InternetMessageId") == NULL)
        buf_printf(out, "Message-ID: <%llx.%s@exchange>\r\n",
                   (unsigned long long)++call->exchange->unique,
                   call->user->guid);
    buf_puts(out, "MIME-Version: 1.0\r\n");
}

struct sim_content *compose(struct call *call, const struct node *message,
                            const struct sim_content *base)
{
    bool new_body = base == NULL || node_child(message, "Body") != NULL ||
                    node_child(message, "Attachments") != NULL;
    const char *without[HEADER_COUNT + 4] = { NULL };
    struct sim_content *content;
    struct buf out;
    size_t n = 0;

    buf_init(&out, NULL);
    for (size_t i = 0; i < HEADER_COUNT; i++) {
        const struct node *value = node_child(message, headers[i].element);

        if (value == NULL)
            continue;
        put_header(call, &out, &headers[i], value);
        without[n++] = headers[i].header;
    }
    if (new_body) {
        without[n++] = "Content-Type";
        without[n++] = "Content-Transfer-Encoding";
    }
    put_other_headers(&out, message);
    if (base != NULL && n == 0 && out.len == 0) {
        buf_fini(&out);
        return sim_content_new(base->data, base->len);
    }
    if (base == NULL)
        put_new_headers(call, &out, message);
    else
        letter_copy_header(&out, base->data, base->header_len, without);
    if (new_body) {
        put_body(call, &out, message, base);
    } else {
        buf_puts(&out, "\r\n");
        buf_append(&out, base->data + base->header_len,
                   base->len - base->header_len);
    }
    content = sim_content_new(out.data, out.len);
    buf_fini(&out);
    return content;
}

struct sim_content *compose_without(const char *uri,
                                    const struct sim_content *base)
{
    const char *without[2] = { NULL, NULL };
    struct sim_content *content;
    struct buf out;

    for (size_t i = 0; i < HEADER_COUNT; i++)
        if (str_equal(headers[i].uri, uri))
            without[0] = headers[i].header;
    buf_init(&out, NULL);
    if (without[0] != NULL)
        letter_copy_header(&out, base->data, base->header_len, without);
    else
        buf_append(&out, base->data, base->header_len);
    if (without[0] != NULL) {
        buf_puts(&out, "\r\n");
        buf_append(&out, base->data + base->header_len,
                   base->len - base->header_len);
    }
    content = sim_content_new(out.data, out.len);
    buf_fini(&out);
    return content;
}
