/*
 * object_write.c - what all writes of events, tasks and contacts share
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/exchange/ews/kept.h"
#include "proxy/exchange/ews/objects.h"

void object_write_id(struct xml_writer *writer, const char *element,
                     const char *id, const char *change_key)
{
    xml_open(writer, element);
    xml_attribute(writer, "Id", id);
    if (change_key != NULL && *change_key != '\0')
        xml_attribute(writer, "ChangeKey", change_key);
    xml_close(writer);
}

bool object_is_foreign(const struct ews *ews)
{
    return ews->mailbox != NULL || ews->route != NULL;
}

void object_take_id(struct arena *arena, const struct xml_node *message,
                    struct remote_result *result)
{
    const struct xml_node *id =
        xml_descendant(xml_child(message, "Items"), "ItemId");

    if (xml_value(id, "Id") != NULL)
        result->id = arena_strdup(arena, xml_value(id, "Id"));
    result->change_key = arena_strdup(arena, xml_value(id, "ChangeKey"));
}

/* What is too long to be kept on the item must not leave an older text there.
 */
const char *object_pack(struct op *op,
                        const struct remote_object_extras *extras)
{
    if (extras->kept == NULL || *extras->kept == '\0')
        return extras->kept;
    const char *packed = kept_pack(op->arena, extras->kept);
    return packed != NULL ? packed : "";
}

const char *object_notice(enum remote_notice notice)
{
    return notice == REMOTE_NOTICE_NONE ? "SendToNone" : "SendToAllAndSaveCopy";
}

const char *object_update_notice(enum remote_notice notice)
{
    return notice == REMOTE_NOTICE_CHANGED ? "SendToChangedAndSaveCopy"
                                           : object_notice(notice);
}

/* --- New items ------------------------------------------------------------ */

static void build_creation(void *context, struct soap_request *request)
{
    const struct object_creation *creation = context;
    struct xml_writer *writer = &request->writer;

    if (creation->notice != NULL)
        xml_attribute(writer, "SendMeetingInvitations", creation->notice);
    else
        xml_attribute(writer, "MessageDisposition", "SaveOnly");
    xml_open(writer, "m:SavedItemFolderId");
    soap_folder(writer, creation->folder);
    xml_close(writer);
    xml_open(writer, "m:Items");
    xml_open(writer, creation->element);
    creation->write(request, creation->form);
    xml_close(writer);
    xml_close(writer);
}

enum status object_create(struct op *op, struct ews *ews,
                          const struct object_creation *creation,
                          struct remote_result *result)
{
    struct soap_call call = { .operation = "CreateItem",
                              .write = true,
                              .build = build_creation,
                              .context = (void *)creation };
    const struct xml_node *message;

    *result = (struct remote_result){ .status = STATUS_UNCERTAIN };
    result->status = soap_ask(op, ews, &call, op->arena, &message);
    if (result->status == STATUS_NOT_FOUND)
        result->status = STATUS_NO_FOLDER;
    if (result->status != STATUS_OK)
        return result->status;
    object_take_id(op->arena, message, result);
    if (result->id == NULL)
        result->status =
            op_fail(op, STATUS_UNCERTAIN, "CreateItem: no id of what was made");
    return result->status;
}

/* --- Changes -------------------------------------------------------------- */

static void build_update(void *context, struct soap_request *request)
{
    const struct object_change_of *change = context;
    struct xml_writer *writer = &request->writer;

    xml_attribute(writer, "ConflictResolution", "NeverOverwrite");
    xml_attribute(writer, "MessageDisposition", "SaveOnly");
    if (change->notice != NULL)
        xml_attribute(writer, "SendMeetingInvitationsOrCancellations",
                      change->notice);
    xml_open(writer, "m:ItemChanges");
    xml_open(writer, "t:ItemChange");
    object_write_id(writer, "t:ItemId", change->id, change->change_key);
    xml_open(writer, "t:Updates");
    change->write(request, change->form, change->parts);
    xml_close(writer);
    xml_close(writer);
    xml_close(writer);
}

enum status object_update(struct op *op, struct ews *ews,
                          const struct object_change_of *change,
                          struct remote_result *result)
{
    struct soap_call call = { .operation = "UpdateItem",
                              .write = true,
                              .build = build_update,
                              .context = (void *)change };
    const struct xml_node *message;

    *result = (struct remote_result){ STATUS_UNCERTAIN, change->id, NULL };
    result->status = soap_ask(op, ews, &call, op->arena, &message);
    if (result->status == STATUS_OK)
        object_take_id(op->arena, message, result);
    return result->status;
}
