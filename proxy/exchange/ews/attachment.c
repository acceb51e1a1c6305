/*
 * attachment.c - what is attached to an item
 *
 * Each attachment that comes or goes changes its item, which has another change
 * key then.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/attachments.h"
#include "proxy/exchange/ews/batch.h"
#include "proxy/exchange/ews/fields.h"
#include "proxy/exchange/ews/objects.h"

/* In one call; more octets than that go out one by one. */
#define ATTACHMENTS_AT_ONCE 20
#define OCTETS_AT_ONCE (4u << 20)

/* --- Adding --------------------------------------------------------------- */

struct adding {
    struct arena *arena;
    const struct attachment_parent *parent;
    const struct event_attachment *const *attachments;
    bool photo;
    const char **ids;
    struct remote_result *result;
};

static void write_content(struct soap_request *request,
                          const struct event_attachment *attachment)
{
    struct arena *arena = arena_new();
    char *text = arena_alloc(arena, base64_encoded_size(attachment->len) + 1);

    base64_encode(attachment->data, attachment->len, text);
    xml_element(&request->writer, "t:Content", text);
    arena_free(&arena);
}

static void write_attachment(struct soap_request *request,
                             const struct event_attachment *attachment,
                             bool photo)
{
    struct xml_writer *writer = &request->writer;
    const char *name = attachment->name;

    xml_open(writer, "t:FileAttachment");
    xml_element(writer, "t:Name",
                name != NULL && *name != '\0' ? name : "attachment");
    if (attachment->type != NULL && *attachment->type != '\0')
        xml_element(writer, "t:ContentType", attachment->type);
    if (attachment->inline_picture && request->version >= EWS_2010)
        fields_bool(writer, "t:IsInline", true);
    if (photo && request->version >= EWS_2010)
        fields_bool(writer, "t:IsContactPhoto", true);
    write_content(request, attachment);
    xml_close(writer);
}

static void build_adding(void *context, struct soap_request *request,
                         const size_t which[], size_t count)
{
    const struct adding *adding = context;
    struct xml_writer *writer = &request->writer;

    object_write_id(writer, "m:ParentItemId", adding->parent->id,
                    adding->parent->change_key);
    xml_open(writer, "m:Attachments");
    for (size_t i = 0; i < count; i++)
        write_attachment(request, adding->attachments[which[i]], adding->photo);
    xml_close(writer);
}

/* The id of an attachment tells the item's new change key as well. */
static void take_added(void *context, size_t which,
                       const struct soap_message *message)
{
    struct adding *adding = context;
    const struct xml_node *id = xml_descendant(message->node, "AttachmentId");
    struct remote_result *result = adding->result;

    if (message->verdict.status != STATUS_OK) {
        if (result->status == STATUS_OK)
            result->status = message->verdict.status;
        return;
    }
    if (adding->ids != NULL)
        adding->ids[which] = arena_strdup(adding->arena, xml_value(id, "Id"));
    if (xml_value(id, "RootItemId") != NULL)
        result->id = arena_strdup(adding->arena, xml_value(id, "RootItemId"));
    result->change_key =
        arena_strdup(adding->arena, xml_value(id, "RootItemChangeKey"));
}

enum status attachments_add(struct op *op, struct ews *ews,
                            const struct attachment_parent *parent,
                            const struct event_attachment *const attachments[],
                            size_t count, bool photo, const char *ids_out[],
                            struct remote_result *result)
{
    struct adding adding = { .arena = op->arena,
                             .parent = parent,
                             .attachments = attachments,
                             .photo = photo,
                             .ids = ids_out,
                             .result = result };
    struct batch batch = { .operation = "CreateAttachment",
                           .write = true,
                           .count = count,
                           .most = ATTACHMENTS_AT_ONCE,
                           .build = build_adding,
                           .done = take_added,
                           .context = &adding };
    uint64_t octets = 0;

    for (size_t i = 0; i < count; i++)
        octets += attachments[i]->len;
    if (octets > OCTETS_AT_ONCE)
        batch.most = 1;
    *result = (struct remote_result){ STATUS_OK, parent->id, NULL };
    if (count == 0)
        return STATUS_OK;
    batch_run(op, ews, &batch);
    return result->status;
}

enum status ews_attachment_add(struct op *op, struct remote *remote,
                               const struct remote_object *object,
                               const struct event_attachment *attachment,
                               const char **id_out,
                               struct remote_result *result)
{
    const struct attachment_parent parent = { object->id, object->change_key };

    *id_out = NULL;
    return attachments_add(op, ews_of(remote), &parent, &attachment, 1, false,
                           id_out, result);
}

/* --- Removing ------------------------------------------------------------- */

struct removing {
    struct arena *arena;
    const char *const *ids;
    struct remote_result *result;
};

static void write_ids(struct xml_writer *writer, const char *const ids[],
                      const size_t which[], size_t count)
{
    xml_open(writer, "m:AttachmentIds");
    for (size_t i = 0; i < count; i++)
        object_write_id(writer, "t:AttachmentId", ids[which[i]], NULL);
    xml_close(writer);
}

static void build_removing(void *context, struct soap_request *request,
                           const size_t which[], size_t count)
{
    const struct removing *removing = context;

    write_ids(&request->writer, removing->ids, which, count);
}

/* What has gone already need not be taken away. */
static void take_removed(void *context, size_t which,
                         const struct soap_message *message)
{
    struct removing *removing = context;
    const struct xml_node *id = xml_descendant(message->node, "RootItemId");
    struct remote_result *result = removing->result;

    (void)which;
    if (message->verdict.status == STATUS_NOT_FOUND)
        return;
    if (message->verdict.status != STATUS_OK) {
        if (result->status == STATUS_OK)
            result->status = message->verdict.status;
        return;
    }
    if (xml_value(id, "RootItemId") != NULL)
        result->id = arena_strdup(removing->arena, xml_value(id, "RootItemId"));
    result->change_key =
        arena_strdup(removing->arena, xml_value(id, "RootItemChangeKey"));
}

enum status attachments_remove(struct op *op, struct ews *ews,
                               const char *const ids[], size_t count,
                               struct remote_result *result)
{
    struct removing removing = { .arena = op->arena,
                                 .ids = ids,
                                 .result = result };
    struct batch batch = { .operation = "DeleteAttachment",
                           .write = true,
                           .count = count,
                           .most = ATTACHMENTS_AT_ONCE,
                           .build = build_removing,
                           .done = take_removed,
                           .context = &removing };

    *result = (struct remote_result){ .status = STATUS_OK };
    if (count == 0)
        return STATUS_OK;
    batch_run(op, ews, &batch);
    return result->status;
}

enum status ews_attachment_remove(struct op *op, struct remote *remote,
                                  const char *id, struct remote_result *result)
{
    return attachments_remove(op, ews_of(remote), &id, 1, result);
}

/* --- Reading -------------------------------------------------------------- */

/* One that is on its way. */
struct arrival {
    struct base64_decoder decoder;
    struct buf data;
    bool broken;
};

struct reading {
    struct arena *arena;
    const char *const *ids;
    struct arrival *arrivals;
    struct event_attachment *attachments;
    enum status *statuses;
};

static void build_reading(void *context, struct soap_request *request,
                          const size_t which[], size_t count)
{
    const struct reading *reading = context;
    struct xml_writer *writer = &request->writer;

    /* Items come as messages; of files this says nothing. */
    xml_open(writer, "m:AttachmentShape");
    fields_bool(writer, "t:IncludeMimeContent", true);
    xml_close(writer);
    write_ids(writer, reading->ids, which, count);
}

static void take_content(void *context, size_t which, bool first,
                         const char *text, size_t len)
{
    struct reading *reading = context;
    struct arrival *arrival = &reading->arrivals[which];
    size_t got;

    if (first) {
        arrival->decoder = (struct base64_decoder){ 0 };
        arrival->broken = false;
        buf_clear(&arrival->data);
    }
    char *room = buf_reserve(&arrival->data, len / 4 * 3 + 3);
    if (!base64_decoder_feed(&arrival->decoder, text, len, room, &got))
        arrival->broken = true;
    else
        buf_commit(&arrival->data, got);
}

static enum status take_whole(struct reading *reading, size_t which,
                              const struct soap_message *message)
{
    const struct arrival *arrival = &reading->arrivals[which];
    struct event_attachment *attachment = &reading->attachments[which];
    struct event_attachment *list;
    size_t count;

    attachments_read(reading->arena, xml_child(message->node, "Attachments"),
                     &list, &count);
    if (count == 0)
        return STATUS_NOT_FOUND;
    if (arrival->broken || !base64_decoder_end(&arrival->decoder))
        return STATUS_CORRUPT;
    *attachment = list[0];
    attachment->id = reading->ids[which];
    attachment->data = arrival->data.data != NULL ? arrival->data.data : "";
    attachment->len = arrival->data.len;
    attachment->size = arrival->data.len;
    return STATUS_OK;
}

static void take_attachment(void *context, size_t which,
                            const struct soap_message *message)
{
    struct reading *reading = context;

    reading->statuses[which] = message->verdict.status;
    if (message->verdict.status == STATUS_OK)
        reading->statuses[which] = take_whole(reading, which, message);
}

enum status attachments_fetch(struct op *op, struct ews *ews,
                              struct arena *arena, const char *const ids[],
                              size_t count,
                              struct event_attachment attachments_out[],
                              enum status statuses_out[])
{
    struct reading reading = {
        .arena = arena,
        .ids = ids,
        .arrivals = arena_array(arena, count + 1, sizeof(struct arrival)),
        .attachments = attachments_out,
        .statuses = statuses_out,
    };
    struct batch batch = { .operation = "GetAttachment",
                           .count = count,
                           .most = ATTACHMENTS_AT_ONCE,
                           .build = build_reading,
                           .done = take_attachment,
                           .mime = take_content,
                           .context = &reading };

    for (size_t i = 0; i < count; i++)
        buf_init(&reading.arrivals[i].data, arena);
    return count > 0 ? batch_run(op, ews, &batch) : STATUS_OK;
}

enum status ews_attachment_read(struct op *op, struct remote *remote,
                                const char *id,
                                struct event_attachment *attachment_out)
{
    enum status one = STATUS_OK;
    enum status status = attachments_fetch(op, ews_of(remote), op->arena, &id,
                                           1, attachment_out, &one);

    return status != STATUS_OK ? status : one;
}
