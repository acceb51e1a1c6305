/*
 * task_update.c - making and changing tasks
 */
#include "proxy/base/arena.h"
#include "proxy/exchange/ews/objects.h"
#include "proxy/exchange/ews/task_map.h"

static void write_new(struct soap_request *request, const void *form)
{
    task_write_new(request, form);
}

static void write_changes(struct soap_request *request, const void *form,
                          unsigned parts)
{
    task_write_changes(request, form, parts);
}

enum status ews_task_create(struct op *op, struct remote *remote,
                            const char *folder, const struct task *task,
                            const struct remote_object_extras *extras,
                            struct remote_result *result)
{
    const struct task_form form = {
        .task = task,
        .name = extras->name,
        .kept = object_pack(op, extras),
        .token = extras->token,
    };
    const struct object_creation creation = {
        .folder = folder,
        .element = "t:Task",
        .write = write_new,
        .form = &form,
    };

    return object_create(op, ews_of(remote), &creation, result);
}

enum status ews_task_update(struct op *op, struct remote *remote,
                            const struct remote_object *object,
                            const struct task *was, const struct task *shall,
                            const struct remote_object_extras *extras,
                            struct remote_result *result)
{
    struct ews *ews = ews_of(remote);
    const struct task_form form = {
        .task = shall,
        .was = was,
        .name = extras->name,
        .kept = object_pack(op, extras),
        .token = extras->token,
    };
    struct object_change_of change = {
        .id = object->id,
        .change_key = object->change_key,
        .write = write_changes,
        .form = &form,
        .parts = task_differences(was, shall),
    };

    if (extras->name != NULL)
        change.parts |= 1u << TASK_NAME;
    if (extras->kept != NULL)
        change.parts |= 1u << TASK_KEPT | 1u << TASK_UID;
    if (extras->token != NULL)
        change.parts |= 1u << TASK_TOKEN;
    *result =
        (struct remote_result){ STATUS_OK, object->id, object->change_key };
    if (!task_has_changes(ews_version(ews), &form, change.parts))
        return STATUS_OK;
    return object_update(op, ews, &change, result);
}
