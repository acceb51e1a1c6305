/*
 * object_rename.c - giving an object another name
 */
#include <string.h>

#include "proxy/exchange/object_private.h"

static enum status rename_remote(struct desk *desk,
                                 const struct remote_object *object,
                                 const struct object_said *said,
                                 const char *name, struct remote_result *result)
{
    const struct remote_objects *objects = desk->objects;
    const struct remote_object_extras extras = { .name = name };

    switch (said->kind) {
    case OBJECT_TASK:
        return objects->task_update(desk->op, desk->remote, object,
                                    &said->calendar.task, &said->calendar.task,
                                    &extras, result);
    case OBJECT_CONTACT:
        return objects->contact_update(desk->op, desk->remote, object,
                                       &said->contact, &said->contact, &extras,
                                       result);
    default:
        return objects->event_update(desk->op, desk->remote, object,
                                     &said->calendar.series,
                                     &said->calendar.series, &extras, result);
    }
}

enum status object_rename(struct desk *desk, const struct index_object *row,
                          const char *name, struct remote_result *result)
{
    struct remote_object object = object_remote(row);
    const char *text;
    enum status status = object_text(desk, row, &text);

    if (status != STATUS_OK)
        return status;
    struct object_said said = object_understand(
        desk, object_kind_of(&desk->folder), text, strlen(text));
    if (said.problem != OBJECT_FINE)
        return op_fail(desk->op, STATUS_CORRUPT, "it cannot be understood");
    return account_told(desk->account,
                        rename_remote(desk, &object, &said, name, result));
}
