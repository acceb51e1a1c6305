/*
 * call.c - writing answers, and finding what requests name
 */
#include "tests/exchange/call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/base/utf8.h"
#include "tests/exchange/series.h"
#include "tests/exchange/stores.h"
#include "tests/exchange/timezone.h"

/* --- Writing XML --------------------------------------------------------- */

static bool needs_reference(uint32_t c)
{
    return (c < 0x20 && c != '\t' && c != '\n') || c == 0xfffe || c == 0xffff;
}

void put_text(struct buf *out, const char *text)
{
    const char *end = text + strlen(text);

    while (text < end) {
        const char *start = text;
        uint32_t c = utf8_next(&text, end);

        if (c == '&')
            buf_puts(out, "&amp;");
        else if (c == '<')
            buf_puts(out, "&lt;");
        else if (c == '>')
            buf_puts(out, "&gt;");
        else if (c == '"')
            buf_puts(out, "&quot;");
        else if (c == UINT32_MAX)
            buf_puts(out, "\xef\xbf\xbd");
        else if (needs_reference(c))
            buf_printf(out, "&#x%X;", c);
        else
            buf_append(out, start, (size_t)(text - start));
    }
}

void put_element(struct buf *out, const char *name, const char *text)
{
    buf_printf(out, "<%s>", name);
    put_text(out, text);
    buf_printf(out, "</%s>", name);
}

/* "Z", or the offset of the zone that the caller wants to have times in. */
static void put_offset(const struct call *call, int64_t time, char text[8])
{
    int32_t minutes =
        call->zone == NULL ? 0 : sim_zone_offset(call->zone, time) / 60;

    if (call->zone == NULL || str_equal(call->zone->id, "UTC"))
        strcpy(text, "Z");
    else
        snprintf(text, 8, "%c%02d:%02d", minutes < 0 ? '-' : '+',
                 abs(minutes) / 60 % 24, abs(minutes) % 60);
}

void put_time(struct call *call, const char *name, int64_t time)
{
    char text[64];

    if (time == TIME_NONE)
        return;
    time_to_iso(call->zone == NULL ? time : sim_zone_to_wall(call->zone, time),
                text);
    text[strlen(text) - 1] = '\0';
    if (call->milliseconds)
        strcat(text, ".000");
    put_offset(call, time, text + strlen(text));
    put_element(&call->out, name, text);
}

void put_base64(struct buf *out, const void *data, size_t len)
{
    char *to = buf_reserve(out, base64_encoded_size(len) + 1);
    size_t written = base64_encode(data, len, to);

    to[written] = '\0';
    out->len += written;
}

void put_item_id(struct call *call, const char *name, struct sim_item *item)
{
    buf_printf(&call->out, "<%s Id=\"%s\" ChangeKey=\"%s\"/>", name,
               sim_item_id(item), sim_item_change_key(call->arena, item));
}

void put_folder_id(struct call *call, const char *name,
                   struct sim_folder *folder)
{
    buf_printf(&call->out, "<%s Id=\"%s\" ChangeKey=\"%s\"/>", name,
               sim_folder_id(folder),
               sim_folder_change_key(call->arena, folder));
}

/* --- Response messages --------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *code;
    const char *text;
} code_texts[] = {
    { "ErrorAccessDenied", "Access is denied. Check credentials and try again." },
    { "ErrorBatchProcessingStopped", "Batch processing was stopped." },
    { "ErrorExceededConnectionCount", "You have exceeded the available concurrent connections for your account. Try again once your other requests have completed." },
    { "ErrorExceededFindCountLimit", "The Find operations in progress exceed the limit of rows." },
    { "ErrorExceededSubscriptionCount", "You have exceeded the maximum number of subscriptions for your account." },
    { "ErrorFolderExists", "A folder with the specified name already exists." },
    { "ErrorFolderNotFound", "The specified folder could not be found in the store." },
    { "ErrorInternalServerTransientError", "An internal server error occurred. Try again later." },
    { "ErrorInvalidId", "The specified object was not found in the store." },
    { "ErrorInvalidIdMalformed", "Id is malformed." },
    { "ErrorInvalidPropertyForOperation", "Property is not valid for this operation." },
    { "ErrorInvalidPullSubscriptionId", "The subscription ID isn't for a pull subscription." },
    { "ErrorInvalidSubscriptionRequest", "The subscription request is invalid." },
    { "ErrorInvalidSyncStateData", "Synchronization state data is corrupt or otherwise invalid." },
    { "ErrorInvalidWatermark", "The watermark used for creating this subscription was not found." },
    { "ErrorIrresolvableConflict", "The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item." },
    { "ErrorItemCorrupt", "The item is corrupt." },
    { "ErrorItemNotFound", "The specified object was not found in the store." },
    { "ErrorMessageSizeExceeded", "The message exceeds the maximum supported size." },
    { "ErrorNameResolutionMultipleResults", "Multiple results were found." },
    { "ErrorNameResolutionNoResults", "No results were found." },
    { "ErrorMissedNotificationEvents", "Some notification events were missed." },
    { "ErrorMissingRecipients", "At least one recipient must be specified." },
    { "ErrorInvalidRecipients", "At least one recipient isn't valid." },
    { "ErrorQuotaExceeded", "The operation can't be performed because the mailbox has exceeded its quota." },
    { "ErrorSendAsDenied", "The user account which was used to submit this request does not have the right to send mail on behalf of the specified sending account." },
    { "ErrorNewEventStreamConnectionOpened", "Another connection was opened against this subscription." },
    { "ErrorSubscriptionAccessDenied", "Access is denied. Only the subscription owner may access the subscription." },
    { "ErrorSubscriptionDelegateAccessNotSupported", "Subscriptions are not supported for delegate user access." },
    { "ErrorSubscriptionNotFound", "The specified subscription was not found." },
    { "ErrorSubscriptionUnsubscribed", "The subscription has been unsubscribed." },
    { "ErrorServerBusy", "The server cannot service this request right now. Try again later." },
};
/* clang-format on */

const char *code_text(const char *code)
{
    for (size_t i = 0; i < sizeof code_texts / sizeof *code_texts; i++)
        if (str_equal(code_texts[i].code, code))
            return code_texts[i].text;
    return "The request failed.";
}

void answer_begin(struct call *call)
{
    buf_printf(&call->out,
               "<m:%sResponse "
               "xmlns:m=\"http://schemas.microsoft.com/exchange/services/"
               "2006/messages\" "
               "xmlns:t=\"http://schemas.microsoft.com/exchange/services/"
               "2006/types\"><m:ResponseMessages>",
               call->request->name);
}

void answer_end(struct call *call)
{
    buf_printf(&call->out, "</m:ResponseMessages></m:%sResponse>",
               call->request->name);
}

const char *message_fault(const struct call *call)
{
    const struct exchange_fault_rule *fault = call->fault;

    if (fault == NULL)
        return NULL;
    if (fault->fault == FAULT_SERVER_BUSY_INNER)
        return "ErrorServerBusy";
    if (fault->fault == FAULT_ITEM_TRANSIENT && call->messages % 3 == 2)
        return "ErrorInternalServerTransientError";
    if (fault->fault == FAULT_ITEM_CORRUPT &&
        call->messages == (size_t)fault->parameter)
        return "ErrorItemCorrupt";
    if (fault->fault == FAULT_BATCH_STOPPED &&
        call->messages >= (size_t)fault->parameter)
        return "ErrorBatchProcessingStopped";
    return fault->fault == FAULT_RESPONSE_CODE ? fault->code : NULL;
}

/* What came before the stop is done; what follows was not looked at. */
static const char *class_of(const char *code)
{
    if (code == NULL)
        return "Success";
    return str_equal(code, "ErrorBatchProcessingStopped") ||
                   str_equal(code, "ErrorNameResolutionMultipleResults")
               ? "Warning"
               : "Error";
}

static void put_back_off(struct call *call)
{
    buf_printf(
        &call->out,
        "<m:MessageXml><t:Value Name=\"BackOffMilliseconds\">%ld</t:Value>"
        "</m:MessageXml>",
        call->fault->parameter);
}

/* What every message begins with. */
static void put_outcome(struct call *call, const char *code)
{
    if (code != NULL)
        put_element(&call->out, "m:MessageText", code_text(code));
    put_element(&call->out, "m:ResponseCode", code == NULL ? "NoError" : code);
    if (code != NULL)
        put_element(&call->out, "m:DescriptiveLinkKey", "0");
    if (str_equal(code, "ErrorServerBusy") && call->fault != NULL &&
        call->fault->fault == FAULT_SERVER_BUSY_INNER)
        put_back_off(call);
    call->messages++;
}

void message_begin(struct call *call, const char *code)
{
    buf_printf(&call->out, "<m:%sResponseMessage ResponseClass=\"%s\">",
               call->request->name, class_of(code));
    put_outcome(call, code);
}

bool bare_begin(struct call *call, const char *name, const char *code)
{
    buf_printf(
        &call->out,
        "<m:%s xmlns:m=\"http://schemas.microsoft.com/exchange/"
        "services/2006/messages\" xmlns:t=\"http://schemas.microsoft.com/"
        "exchange/services/2006/types\" ResponseClass=\"%s\">",
        name, class_of(code));
    put_outcome(call, code);
    return code == NULL;
}

void bare_end(struct call *call, const char *name)
{
    buf_printf(&call->out, "</m:%s>", name);
}

void message_end(struct call *call)
{
    buf_printf(&call->out, "</m:%sResponseMessage>", call->request->name);
}

void message_simple(struct call *call, const char *code, const char *empty)
{
    message_begin(call, code);
    if (empty != NULL)
        buf_puts(&call->out, empty);
    message_end(call);
}

/* --- What requests name -------------------------------------------------- */

/* Whose mailbox a distinguished folder is in; NULL for nobody's. */
static struct sim_mailbox *mailbox_of(struct call *call, const struct node *id)
{
    const char *address = node_text(node_child(id, "Mailbox"), "EmailAddress");

    return address == NULL ? call->user
                           : sim_mailbox_find(call->exchange, address);
}

static struct sim_folder *distinguished(struct call *call,
                                        const struct node *id,
                                        const char **code_out)
{
    struct sim_mailbox *mailbox = mailbox_of(call, id);

    if (mailbox == NULL) {
        *code_out = "ErrorNonExistentMailbox";
        return NULL;
    }
    if (node_child(id, "Mailbox") != NULL &&
        str_equal(node_attribute(id, "Id"), "publicfoldersroot")) {
        *code_out = "ErrorInvalidOperation";
        return NULL;
    }
    return sim_store_folder(mailbox, node_attribute(id, "Id"), code_out);
}

static struct sim_folder *folder_by_id(struct call *call, const char *id,
                                       const char **code_out)
{
    struct sim_id_parts parts;
    struct sim_folder *folder = NULL;

    if (!sim_id_parse(call->exchange, id, &parts))
        *code_out = "ErrorInvalidIdMalformed";
    else if (parts.kind != ID_FOLDER)
        *code_out = "ErrorCannotUseItemIdForFolderId";
    else if ((folder = sim_folder_by_id(call->exchange, id)) == NULL)
        *code_out = "ErrorFolderNotFound";
    return folder;
}

struct sim_folder *call_folder(struct call *call, const struct node *id,
                               enum sim_want want, const char **code_out)
{
    struct sim_folder *folder;

    *code_out = NULL;
    folder = node_is(id, "DistinguishedFolderId")
                 ? distinguished(call, id, code_out)
                 : folder_by_id(call, node_attribute(id, "Id"), code_out);
    if (folder != NULL) {
        call_names(call, folder);
        *code_out = sim_refuses_folder(call->user, folder, want);
    }
    return *code_out == NULL ? folder : NULL;
}

struct sim_item *call_item(struct call *call, const struct node *id,
                           enum sim_want want, const char **code_out,
                           bool *stale_out)
{
    const char *key = node_attribute(id, "ChangeKey");
    struct sim_item *item;

    *code_out = NULL;
    item = sim_item_named(call, id, code_out);
    if (item != NULL)
        call_names(call, item->folder);
    if (*code_out == NULL)
        *code_out = item == NULL ? "ErrorItemNotFound"
                                 : sim_refuses_item(call->user, item, want);
    if (*code_out != NULL)
        return NULL;
    if (stale_out != NULL)
        *stale_out = key != NULL &&
                     !str_equal(key, sim_item_change_key(call->arena, item));
    return item;
}
