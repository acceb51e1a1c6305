/*
 * receipts.c - see receipts.h
 *
 * One call finds out which of a hundred items have a receipt pending, and
 * mostly that is all; another suppresses those there are.
 */
#include "proxy/exchange/ews/receipts.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/batch.h"
#include "proxy/exchange/ews/property.h"

#define ITEMS_AT_ONCE 100

/* MS-OXOMSG, 2.2.1.3: the sender wants to know when it is read, and when it is
 * deleted unread. */
#define RECEIPT_PENDING (0x100 | 0x200)

struct pending {
    const char *id;
    const char *change_key;
};

struct receipts {
    struct arena *arena;
    const char *const *ids;
    struct pending *pending;
    size_t count;

    size_t refused;
    const char *code; /* why, of the first of these */
};

/* --- Which are pending ---------------------------------------------------- */

static void build_look(void *context, struct soap_request *request,
                       const size_t which[], size_t count)
{
    const struct receipts *receipts = context;
    struct xml_writer *writer = &request->writer;

    xml_open(writer, "m:ItemShape");
    xml_element(writer, "t:BaseShape", "IdOnly");
    xml_open(writer, "t:AdditionalProperties");
    property_write_path(writer, &property_message_flags);
    xml_close(writer);
    xml_close(writer);
    xml_open(writer, "m:ItemIds");
    for (size_t i = 0; i < count; i++) {
        xml_open(writer, "t:ItemId");
        xml_attribute(writer, "Id", receipts->ids[which[i]]);
        xml_close(writer);
    }
    xml_close(writer);
}

/* What cannot be looked at has its failure told by the call that follows. */
static void take_look(void *context, size_t which,
                      const struct soap_message *message)
{
    struct receipts *receipts = context;
    const struct xml_node *items = xml_child(message->node, "Items");
    const struct xml_node *item = items != NULL ? items->children : NULL;
    const struct xml_node *id = xml_descendant(item, "ItemId");

    if (message->verdict.status != STATUS_OK || id == NULL ||
        (property_number(item, &property_message_flags, 0) & RECEIPT_PENDING) ==
            0)
        return;
    receipts->pending[receipts->count++] = (struct pending){
        .id = receipts->ids[which],
        .change_key = arena_strdup(receipts->arena, xml_value(id, "ChangeKey")),
    };
}

static enum status look(struct op *op, struct ews *ews,
                        struct receipts *receipts, size_t count)
{
    struct batch batch = {
        .operation = "GetItem",
        .count = count,
        .most = ITEMS_AT_ONCE,
        .build = build_look,
        .done = take_look,
        .context = receipts,
    };

    return batch_run(op, ews, &batch);
}

/* --- Suppressing them ----------------------------------------------------- */

static void build_suppress(void *context, struct soap_request *request,
                           const size_t which[], size_t count)
{
    const struct receipts *receipts = context;
    struct xml_writer *writer = &request->writer;

    xml_attribute(writer, "MessageDisposition", "SaveOnly");
    xml_open(writer, "m:Items");
    for (size_t i = 0; i < count; i++) {
        const struct pending *pending = &receipts->pending[which[i]];

        xml_open(writer, "t:SuppressReadReceipt");
        xml_open(writer, "t:ReferenceItemId");
        xml_attribute(writer, "Id", pending->id);
        if (pending->change_key != NULL)
            xml_attribute(writer, "ChangeKey", pending->change_key);
        xml_close(writer);
        xml_close(writer);
    }
    xml_close(writer);
}

/* Nothing pending is what we want, and what is gone sends nothing. */
static bool is_settled(const struct soap_message *message)
{
    return message->verdict.status == STATUS_OK ||
           message->verdict.status == STATUS_NOT_FOUND ||
           str_equal(message->code, "ErrorReadReceiptNotPending");
}

static void take_suppress(void *context, size_t which,
                          const struct soap_message *message)
{
    struct receipts *receipts = context;

    (void)which;
    if (is_settled(message))
        return;
    if (receipts->refused++ == 0)
        receipts->code = str_printable(receipts->arena, message->code,
                                       strlen(message->code), 100);
}

/* Not a write to those who repeat calls: to suppress twice does no harm. */
static void suppress(struct op *op, struct ews *ews, struct receipts *receipts)
{
    struct op quiet = *op; /* what goes wrong here does not fail the op */
    struct batch batch = {
        .operation = "CreateItem",
        .count = receipts->count,
        .most = ITEMS_AT_ONCE,
        .build = build_suppress,
        .done = take_suppress,
        .context = receipts,
    };

    batch_run(&quiet, ews, &batch);
    if (receipts->refused > 0)
        log_warning(op->session,
                    "exchange: read receipts may go out, as they could not be "
                    "suppressed messages=%zu code=%s",
                    receipts->refused, receipts->code);
}

enum status receipts_suppress(struct op *op, struct ews *ews,
                              const char *const ids[], size_t count)
{
    struct receipts receipts = { .arena = op->arena, .ids = ids };

    if (ews_version(ews) >= EWS_2013 || count == 0)
        return STATUS_OK;
    receipts.pending =
        arena_array(op->arena, count + 1, sizeof *receipts.pending);
    struct op quiet = *op; /* single items' failures are not ours to tell */
    enum status status = look(&quiet, ews, &receipts, count);
    if (status != STATUS_OK)
        return op_fail(op, status, "%s", quiet.reason);
    if (receipts.count > 0)
        suppress(op, ews, &receipts);
    return STATUS_OK;
}
