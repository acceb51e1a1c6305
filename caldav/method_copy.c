/*
 * method_copy.c - COPY and MOVE of objects and of folders
 *
 * RFC 4918, 9.8 and 9.9.
 */
#include "caldav/call.h"
#include "caldav/condition.h"
#include "caldav/href.h"
#include "caldav/multistatus.h"
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
               dav_may_at(call, to, FOLDER_MAY_ADD);
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
    if (written.created)
        dav_reply_field(call->reply, "Location", "%s", to.href);
    if (!dav_show(call, &to, written.created ? 201 : 200))
        dav_reply_empty(call->reply, written.created ? 201 : 204);
    return STATUS_OK;
}

/* --- Folders -------------------------------------------------------------- */

/* Whether a folder may go there; an answer if not.  What is there already is
 * never overwritten: too much may be lost by a word that was not said. */
static bool read_folder_destination(struct dav_call *call, struct dav_place *to,
                                    int64_t parent)
{
    if (!read_destination(call, to))
        return false;
    if (!to->own)
        dav_reply_status(call->reply, STATUS_DENIED);
    else if (to->kind == DAV_NOWHERE)
        dav_refuse(call, 409, NULL, "There is no collection above it");
    else if (to->kind != DAV_FREE && to->kind != DAV_OBJECT)
        dav_refuse(call, 412, NULL, "There is something already");
    else if (to->kind == DAV_OBJECT && to->folder->id != parent)
        dav_refuse_location(call, call->place.folder->kind);
    else
        return true;
    return false;
}

/* What is new is a collection: its URL ends with a slash. */
static enum status answer_made(struct dav_call *call,
                               const struct dav_place *to)
{
    dav_reply_field(call->reply, "Location", "%s%s", to->href,
                    str_ends_nocase(to->href, "/") ? "" : "/");
    dav_reply_empty(call->reply, 201);
    return STATUS_OK;
}

/* What clients have said of it goes along, but for its URL. */
static enum status copy_properties(struct dav_call *call, int64_t target)
{
    struct object_property *kept;
    size_t count, taken = 0;
    enum status status = object_properties(
        call->op, call->account, call->place.folder->id, NULL, &kept, &count);

    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        if (!str_equal(kept[i].name, DAV_SEGMENT))
            kept[taken++] = kept[i];
    return status == STATUS_OK && taken > 0
               ? object_set_properties(call->op, call->account, target, NULL,
                                       kept, taken)
               : status;
}

/* What is to be copied. */
struct members {
    struct object *objects;
    size_t count;
};

static enum status find_members(struct dav_call *call, struct members *members)
{
    int64_t source = call->place.folder->id;
    struct object_marks marks;
    enum status status =
        objects_refresh(call->op, call->account, source, &marks);

    return status == STATUS_OK
               ? objects_list(call->op, call->account, source,
                              &members->objects, &members->count)
               : status;
}

/* One after the other.  What cannot be copied is told of; after what is no
 * fault of one object's nothing more is tried (RFC 4918, 9.8.3). */
static void copy_members(struct dav_call *call, int64_t target,
                         const struct members *members,
                         struct dav_multistatus *out)
{
    int64_t source = call->place.folder->id;
    int code = 200;

    for (size_t i = 0; i < members->count; i++) {
        const char *name = members->objects[i].name;
        struct object_written written;

        code = code >= 500 || code == 424
                   ? 424
                   : dav_words(object_transfer(call->op, call->account, source,
                                               name, target, name, false, false,
                                               NULL, &written))
                         ->code;
        if (code != 200)
            dav_response_status(
                out, dav_place_object(call->op->arena, &call->place, name).href,
                code, NULL);
    }
}

/* All that is in it comes along, unless the client would have it without.  That
 * is found first: nothing new is left behind where it cannot be. */
static enum status copy_folder(struct dav_call *call)
{
    const struct folder *folder = call->place.folder;
    enum dav_depth depth = dav_depth(call, DAV_DEPTH_INFINITY);
    enum status status = STATUS_OK;
    struct members members = { 0 };
    struct dav_multistatus out;
    struct dav_place to;
    int64_t target;

    if (depth != DAV_DEPTH_0 && depth != DAV_DEPTH_INFINITY)
        return dav_refuse(call, 400, NULL, "Depth is 0 or infinity");
    /* Beside calendars, also of somebody else's. */
    if (!read_folder_destination(call, &to, 0))
        return STATUS_OK;
    if (depth == DAV_DEPTH_INFINITY)
        status = find_members(call, &members);
    if (status == STATUS_OK)
        status = folder_create(
            call->op, call->account, to.folder != NULL ? to.folder->id : 0,
            folder->kind, dav_href_to_name(call->op->arena, to.name), &target);
    if (status == STATUS_EXISTS)
        return dav_refuse(call, 412, NULL, "There is something already");
    if (status == STATUS_OK)
        status = copy_properties(call, target);
    if (status != STATUS_OK)
        return status;
    dav_multistatus_init(&out, call);
    copy_members(call, target, &members, &out);
    return out.begun ? dav_multistatus_end(&out, NULL) : answer_made(call, &to);
}

/* A copy of a meeting is one that nobody has been invited to, and of an
 * invitation one that cannot be answered. */
enum status dav_method_copy(struct dav_call *call)
{
    return call->place.kind == DAV_OBJECT ? transfer(call, false)
                                          : copy_folder(call);
}

/* A folder gets another name, another place, or both. */
static enum status move_folder(struct dav_call *call)
{
    const struct folder *folder = call->place.folder;
    struct dav_place to;

    if (folder->store != FOLDER_OWN)
        return STATUS_DENIED;
    if (!read_folder_destination(call, &to, folder->parent))
        return STATUS_OK;

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
    if (status != STATUS_OK)
        return status;
    return answer_made(call, &to);
}

enum status dav_method_move(struct dav_call *call)
{
    return call->place.kind == DAV_OBJECT ? transfer(call, true)
                                          : move_folder(call);
}
