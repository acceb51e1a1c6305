/*
 * method_copy.c - COPY and MOVE of objects, MOVE of folders
 *
 * RFC 4918, 9.8 and 9.9.
 */
#include "caldav/call.h"
#include "caldav/condition.h"
#include "caldav/href.h"
#include "caldav/written.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* Where it shall go; false and an answer where that is nowhere. */
static bool read_destination(struct dav_call *call, struct dav_place *target)
{
    const char *url = dav_header(call, "Destination");
    size_t count;
    bool slash;

    /* RFC 4918, 9.8.5 and 9.9.4. */
    if (url != NULL && !dav_is_here(call, url)) {
        dav_refuse(call, 502, NULL, "The Destination is another host's");
        return false;
    }
    if (url == NULL ||
        dav_href_split(call->op->arena, url, &count, &slash) == NULL) {
        dav_refuse(call, 400, NULL, "There is no Destination");
        return false;
    }
    enum status status = dav_place_find(&call->tree, url, target);
    if (status != STATUS_OK) {
        dav_reply_status(call->reply, status);
        return false;
    }
    return true;
}

static bool overwrites(const struct dav_call *call)
{
    const char *text = dav_header(call, "Overwrite");

    return text == NULL || !str_equal_nocase(text, "F");
}

/* --- Objects -------------------------------------------------------------- */

struct uids {
    struct arena *arena;
    const char *found[2];
};

static bool take_uid(void *context, size_t index, enum status status,
                     const struct object *object, const char *text, size_t len)
{
    struct uids *uids = context;

    (void)text, (void)len, (void)index;
    if (status == STATUS_OK && object->uid != NULL)
        uids->found[uids->found[0] != NULL] =
            arena_strdup(uids->arena, object->uid);
    return true;
}

/* RFC 4791, 5.3.2.1 and RFC 6352, 6.3.2.1: what has another UID is not
 * overwritten.  It would be another object under the same name. */
static enum status compare_uids(struct dav_call *call,
                                const struct dav_place *from,
                                const struct dav_place *to, bool *same_out)
{
    struct uids uids = { .arena = call->op->arena };
    struct object object;
    enum status status = dav_object_find(call, to, &object);

    *same_out = true;
    if (status != STATUS_OK || object.name == NULL)
        return status;
    status = objects_read(call->op, call->account, from->folder->id,
                          &from->name, 1, VCARD_3, take_uid, &uids);
    if (status == STATUS_OK)
        status = objects_read(call->op, call->account, to->folder->id,
                              &to->name, 1, VCARD_3, take_uid, &uids);
    *same_out =
        uids.found[1] == NULL || str_equal(uids.found[0], uids.found[1]);
    return status;
}

/* Whether it may go there; an answer if not. */
static bool check_target(struct dav_call *call, const struct dav_place *to,
                         bool move)
{
    const struct dav_place *from = &call->place;

    if (to->kind != DAV_OBJECT || to->slash)
        dav_refuse(call, 409, NULL, "No object can be put there");
    else if (to->folder->id == from->folder->id &&
             str_equal(to->name, from->name))
        dav_refuse(call, 403, NULL, "It is there already");
    else
        return (!move || dav_may(call, from->folder, FOLDER_MAY_DELETE)) &&
               dav_may(call, to->folder, FOLDER_MAY_ADD);
    return false;
}

static enum status transfer(struct dav_call *call, bool move)
{
    const struct dav_place *from = &call->place;
    struct object_written written = { 0 };
    struct object_condition condition;
    struct object_marks marks;
    struct object object;
    struct dav_place to;
    bool same = true;
    enum status status =
        objects_refresh(call->op, call->account, from->folder->id, &marks);

    if (status == STATUS_OK)
        status = dav_object_find(call, from, &object);
    if (status != STATUS_OK)
        return status;
    if (object.name == NULL)
        return STATUS_NOT_FOUND;
    if (!dav_check_conditions(call, &marks, &object, &condition) ||
        !read_destination(call, &to) || !check_target(call, &to, move))
        return STATUS_OK;
    if (overwrites(call))
        status = compare_uids(call, from, &to, &same);
    if (status != STATUS_OK)
        return status;
    if (!same)
        return dav_refuse_uid(call, &to);

    status = object_transfer(call->op, call->account, from->folder->id,
                             from->name, to.folder->id, to.name, move,
                             overwrites(call), &condition, &written);
    if (status != STATUS_OK)
        return dav_refuse_object(call, &to, status, &written);
    if (!dav_show(call, &to, written.created ? 201 : 200))
        dav_reply_empty(call->reply, written.created ? 201 : 204);
    return STATUS_OK;
}

/* RFC 4918, 9.8.3: all that is in it would come along.  A copy of a meeting is
 * one that nobody has been invited to, and of an invitation one that cannot be
 * answered. */
enum status dav_method_copy(struct dav_call *call)
{
    if (call->place.kind != DAV_OBJECT)
        return dav_refuse(call, 403, NULL,
                          "Collections are not copied as a whole");
    return transfer(call, false);
}

/* --- Folders -------------------------------------------------------------- */

/* A folder gets another name, another place, or both. */
static enum status move_folder(struct dav_call *call)
{
    const struct folder *folder = call->place.folder;
    struct dav_place to;

    if (!read_destination(call, &to))
        return STATUS_OK;
    if (folder->store != FOLDER_OWN || !to.own)
        return STATUS_DENIED;
    if (to.kind == DAV_NOWHERE)
        return dav_refuse(call, 409, NULL, "There is no collection above it");
    if (to.kind != DAV_FREE && to.kind != DAV_OBJECT)
        return dav_refuse(call, 412, NULL, "There is something already");
    if (to.kind == DAV_OBJECT && to.folder->id != folder->parent)
        return dav_refuse_location(call, folder->kind);

    struct object_property forget = { DAV_SEGMENT, NULL };
    enum status status =
        folder_rename(call->op, call->account, folder->id,
                      to.folder != NULL ? to.folder->id : 0,
                      dav_href_to_name(call->op->arena, to.name));
    if (status == STATUS_OK)
        status = object_set_properties(call->op, call->account, folder->id,
                                       NULL, &forget, 1);
    if (status == STATUS_EXISTS)
        return dav_refuse(call, 412, NULL, "There is something already");
    if (status == STATUS_OK)
        dav_reply_empty(call->reply, 201);
    return status;
}

enum status dav_method_move(struct dav_call *call)
{
    return call->place.kind == DAV_OBJECT ? transfer(call, true)
                                          : move_folder(call);
}
