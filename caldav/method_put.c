/*
 * method_put.c - PUT: make or replace an object; POST to a collection
 *
 * RFC 4791, 5.3.2; RFC 6352, 6.3.2; RFC 6638, 3.2.  What Exchange makes of a
 * text may differ from it; only when what is read back is what was sent does
 * the client get the entity tag for it, and otherwise reads it again.
 */
#include <string.h>

#include "caldav/attachment.h"
#include "caldav/condition.h"
#include "caldav/props.h"
#include "caldav/written.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* clang-format off */
static const struct {
    const char *type;
    enum folder_kind kind;
} types[] = {
    { "text/calendar",            FOLDER_CALENDAR },
    { "text/calendar",            FOLDER_TASKS },
    { "text/vcard",               FOLDER_CONTACTS },
    { "text/x-vcard",             FOLDER_CONTACTS },
    { "text/directory",           FOLDER_CONTACTS },
};
/* clang-format on */

/* Many programs say nothing, or that it is anything. */
static bool is_type_good(const struct dav_call *call)
{
    const char *given = dav_header(call, "Content-Type");
    size_t len = given != NULL ? strcspn(given, "; \t") : 0;

    if (len == 0 || str_is_nocase(given, len, "application/octet-stream") ||
        str_is_nocase(given, len, "text/plain"))
        return true;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].kind == call->place.folder->kind &&
            str_is_nocase(given, len, types[i].type))
            return true;
    return false;
}

/* RFC 6638, 3.2.10: the schedule tag is told even where the text is another. */
static void put_tags(struct dav_call *call,
                     const struct object_written *written, const char *text)
{
    if (written->exact)
        dav_put_tags(call, &written->object, text);
    else
        dav_put_schedule_tag(call, &written->object, text);
}

/* What has been written is there, whether or not it can be shown. */
static enum status answer(struct dav_call *call,
                          const struct object_written *written,
                          const char *text, bool created)
{
    if (dav_show_written(call, written, created ? 201 : 200))
        return STATUS_OK;
    if (!written->gone)
        put_tags(call, written, text);
    dav_reply_empty(call->reply, created ? 201 : 204);
    return STATUS_OK;
}

/* Where the folder stands; a folder that nobody has ever looked at is read. */
static enum status marks_of(struct dav_call *call, struct object_marks *marks)
{
    int64_t folder = call->place.folder->id;
    enum status status = objects_marks(call->op, call->account, folder, marks);

    return status == STATUS_OK && marks->validity == 0
               ? objects_refresh(call->op, call->account, folder, marks)
               : status;
}

/* --- PUT ------------------------------------------------------------------ */

/* RFC 5995, 3.1: a new one in a collection says where it is. */
static void tell_place(struct dav_call *call,
                       const struct object_written *written)
{
    call->place =
        dav_place_object(call->op->arena, &call->place, written->object.name);
    call->place.slash = false;
    dav_reply_field(call->reply, "Location", "%s", call->place.href);
}

/* Of a collection: something new in it. */
static enum status write_object(struct dav_call *call,
                                const struct object *object,
                                const struct object_condition *condition)
{
    bool is_member = call->place.kind != DAV_OBJECT;
    struct object_written written = { 0 };
    struct dav_adoption body;
    size_t len;
    const char *text =
        dav_body_text(call->op->arena, call->request->body, &len);
    enum status status = dav_attachments_adopt(call, object, text, len, &body);

    if (status != STATUS_OK)
        return status;
    if (!body.fits)
        return dav_refuse(call, 403, "C:valid-managed-id-parameter",
                          "There is no such attachment here");
    status = object_put(call->op, call->account, call->place.folder->id,
                        is_member ? NULL : call->place.name, body.text,
                        body.len, condition, &written);
    written.exact &= body.same;
    if (status == STATUS_OK && is_member && !written.gone)
        tell_place(call, &written);
    if (status == STATUS_OK)
        return answer(call, &written, text, written.created || is_member);
    if (status == STATUS_CONFLICT && !is_member &&
        dav_show(call, &call->place, 412))
        return STATUS_OK;
    return dav_refuse_object(call, &call->place, status, &written);
}

/* Whether a body is there that can be an object; an answer if not. */
static bool check_body(struct dav_call *call)
{
    bool is_cards = call->place.folder->kind == FOLDER_CONTACTS;

    /* RFC 9110, 14.5: a part would take the place of the whole. */
    if (dav_header(call, "Content-Range") != NULL)
        dav_refuse(call, 400, NULL, "Objects are put as a whole");
    else if (!is_type_good(call))
        dav_refuse(call, 403,
                   is_cards ? "A:supported-address-data"
                            : "C:supported-calendar-data",
                   NULL);
    else
        return true;
    return false;
}

/* What is there already; what has to be there may have come a moment ago. */
static enum status find_there(struct dav_call *call, struct object_marks *marks,
                              struct object *object)
{
    enum status status = marks_of(call, marks);

    if (status == STATUS_OK)
        status = dav_object_find(call, &call->place, object);
    if (status != STATUS_OK || object->name != NULL ||
        dav_header(call, "If-Match") == NULL)
        return status;
    status =
        objects_refresh(call->op, call->account, call->place.folder->id, marks);
    return status == STATUS_OK ? dav_object_find(call, &call->place, object)
                               : status;
}

enum status dav_method_put(struct dav_call *call)
{
    struct object_condition condition;
    struct object_marks marks;
    struct object object;

    if (call->place.slash)
        return dav_refuse(call, 409, NULL, "An object has no slash at its end");
    if (!check_body(call))
        return STATUS_OK;
    enum status status = find_there(call, &marks, &object);
    if (status != STATUS_OK)
        return status;
    if (!dav_may(call, call->place.folder,
                 object.name != NULL ? FOLDER_MAY_MODIFY : FOLDER_MAY_ADD) ||
        !dav_check_conditions(call, &marks, &object, &condition))
        return STATUS_OK;
    return write_object(call, &object, &condition);
}

enum status dav_add_member(struct dav_call *call)
{
    const struct object_condition condition = { 0 };
    const struct object none = { 0 };

    if (!check_body(call) || !dav_may(call, call->place.folder, FOLDER_MAY_ADD))
        return STATUS_OK;
    return write_object(call, &none, &condition);
}
