/*
 * item_place.c - copying, moving and deleting items
 */
#include "proxy/base/arena.h"
#include "proxy/exchange/ews/batch.h"
#include "proxy/exchange/ews/receipts.h"

#define ITEMS_AT_ONCE 500

/* clang-format off */
static const char *const delete_types[] = {
    [REMOTE_DELETE_SOFT]     = "SoftDelete",
    [REMOTE_DELETE_TO_TRASH] = "MoveToDeletedItems",
    [REMOTE_DELETE_HARD]     = "HardDelete",
};
/* clang-format on */

struct placing {
    const char *const *ids;
    struct remote_result *results;
    struct arena *arena;
    const char *target; /* NULL: deleting */
    enum remote_delete how;
};

static void write_ids(struct xml_writer *writer, const struct placing *placing,
                      const size_t which[], size_t count)
{
    xml_open(writer, "m:ItemIds");
    for (size_t i = 0; i < count; i++) {
        xml_open(writer, "t:ItemId");
        xml_attribute(writer, "Id", placing->ids[which[i]]);
        xml_close(writer);
    }
    xml_close(writer);
}

static void build_placing(void *context, struct soap_request *request,
                          const size_t which[], size_t count)
{
    const struct placing *placing = context;
    struct xml_writer *writer = &request->writer;

    xml_open(writer, "m:ToFolderId");
    soap_folder(writer, placing->target);
    xml_close(writer);
    write_ids(writer, placing, which, count);
    if (request->version >= EWS_2010_SP1)
        xml_element(writer, "m:ReturnNewItemIds", "true");
}

static void build_delete(void *context, struct soap_request *request,
                         const size_t which[], size_t count)
{
    const struct placing *placing = context;
    struct xml_writer *writer = &request->writer;

    /* The second and the third are required as soon as there is an appointment
     * or a task among the items. */
    xml_attribute(writer, "DeleteType", delete_types[placing->how]);
    xml_attribute(writer, "SendMeetingCancellations", "SendToNone");
    xml_attribute(writer, "AffectedTaskOccurrences", "AllOccurrences");
    /* For servers before it, see receipts.h. */
    if (request->version >= EWS_2013)
        xml_attribute(writer, "SuppressReadReceipts", "true");
    write_ids(writer, placing, which, count);
}

static void take_result(void *context, size_t which,
                        const struct soap_message *message)
{
    struct placing *placing = context;
    struct remote_result *result = &placing->results[which];
    const struct xml_node *id = xml_descendant(message->node, "ItemId");

    result->status = message->verdict.status;
    if (result->status != STATUS_OK)
        return;
    /* Exchange 2007 does not name the new items. */
    result->id = arena_strdup(placing->arena, xml_value(id, "Id"));
    result->change_key =
        arena_strdup(placing->arena, xml_value(id, "ChangeKey"));
}

static enum status run(struct op *op, struct remote *remote,
                       const char *operation, struct placing *placing,
                       size_t count)
{
    struct batch batch = {
        .operation = operation,
        .write = true,
        .count = count,
        .most = ITEMS_AT_ONCE,
        .build = placing->target != NULL ? build_placing : build_delete,
        .done = take_result,
        .context = placing,
    };

    for (size_t i = 0; i < count; i++)
        placing->results[i] =
            (struct remote_result){ STATUS_UNCERTAIN, NULL, NULL };
    placing->arena = op->arena;
    return batch_run(op, ews_of(remote), &batch);
}

enum status ews_items_copy(struct op *op, struct remote *remote,
                           const char *const ids[], size_t count,
                           const char *target, struct remote_result results[])
{
    struct placing placing = { .ids = ids,
                               .results = results,
                               .target = target };

    return run(op, remote, "CopyItem", &placing, count);
}

enum status ews_items_move(struct op *op, struct remote *remote,
                           const char *const ids[], size_t count,
                           const char *target, struct remote_result results[])
{
    struct placing placing = { .ids = ids,
                               .results = results,
                               .target = target };

    return run(op, remote, "MoveItem", &placing, count);
}

enum status ews_items_delete(struct op *op, struct remote *remote,
                             const char *const ids[], size_t count,
                             enum remote_delete how,
                             struct remote_result results[])
{
    struct placing placing = { .ids = ids, .results = results, .how = how };
    enum status status = receipts_suppress(op, ews_of(remote), ids, count);

    if (status != STATUS_OK) {
        for (size_t i = 0; i < count; i++)
            results[i] = (struct remote_result){ status, NULL, NULL };
        return status;
    }
    return run(op, remote, "DeleteItem", &placing, count);
}
