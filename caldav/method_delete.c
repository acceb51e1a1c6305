/*
 * method_delete.c - DELETE: an object, or a folder with all that is in it
 *
 * RFC 4918, 9.6; Schedule-Reply: RFC 6638, 8.1.
 */
#include "caldav/condition.h"
#include "caldav/listing.h"
#include "proxy/base/str.h"

static enum status delete_one(struct dav_call *call)
{
    const char *told = dav_header(call, "Schedule-Reply");
    int64_t folder = call->place.folder->id;
    struct object_condition condition;
    struct object_marks marks;
    struct object object;
    enum status status = objects_marks(call->op, call->account, folder, &marks);

    if (status == STATUS_OK)
        status = dav_object_find(call, &call->place, &object);
    if (status == STATUS_OK && object.name == NULL) {
        /* Perhaps it has been made a moment ago. */
        status = objects_refresh(call->op, call->account, folder, &marks);
        if (status == STATUS_OK)
            status = dav_object_find(call, &call->place, &object);
    }
    if (status != STATUS_OK)
        return status;
    if (object.name == NULL)
        return STATUS_NOT_FOUND;
    if (!dav_check_conditions(call, &marks, &object, &condition))
        return STATUS_OK;
    return object_delete(call->op, call->account, folder, call->place.name,
                         told == NULL || !str_equal_nocase(told, "F"),
                         &condition);
}

static enum status delete_folder(struct dav_call *call)
{
    const struct folder *folder = call->place.folder;

    if (folder->store != FOLDER_OWN)
        return STATUS_DENIED;
    return folder_delete(call->op, call->account, folder->id);
}

enum status dav_method_delete(struct dav_call *call)
{
    enum status status;

    if (!dav_may(call, call->place.folder, FOLDER_MAY_DELETE))
        return STATUS_OK;
    status =
        call->place.kind == DAV_OBJECT ? delete_one(call) : delete_folder(call);
    if (status == STATUS_OK && call->reply->code == 0)
        dav_reply_empty(call->reply, 204);
    return status;
}
