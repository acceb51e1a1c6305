/*
 * method_get.c - GET and HEAD: an object's text, or all texts of a folder
 */
#include <string.h>

#include "caldav/attachment.h"
#include "caldav/condition.h"
#include "caldav/href.h"
#include "caldav/joining.h"
#include "caldav/links.h"
#include "caldav/listing.h"
#include "caldav/written.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

static const char *type_of(enum object_kind kind)
{
    switch (kind) {
    case OBJECT_EVENT:
        return "text/calendar; charset=utf-8; component=vevent";
    case OBJECT_TASK:
        return "text/calendar; charset=utf-8; component=vtodo";
    default:
        return "text/vcard; charset=utf-8";
    }
}

struct reading {
    struct dav_call *call;
    const struct object_marks *marks;
};

/* It may have changed since it was listed: what has been read is what the
 * conditions and the tag are about. */
static bool put_text(void *context, size_t index, enum status status,
                     const struct object *object, const char *text, size_t len)
{
    struct reading *reading = context;
    struct dav_call *call = reading->call;
    struct object_condition condition;

    (void)index;
    if (status != STATUS_OK) {
        op_fail(call->op, status, "the object cannot be read");
        dav_reply_status(call->reply, status);
    } else if (dav_check_conditions(call, reading->marks, object, &condition)) {
        text = dav_links(call, call->place.href, text, len);
        dav_reply_field(
            call->reply, "ETag", "%s",
            dav_etag(call->op->arena, reading->marks, object->revision));
        dav_put_schedule_tag(call, object, text);
        if (object->kind == OBJECT_CONTACT)
            dav_reply_field(call->reply, "Vary", "Accept");
        dav_reply_whole(call->reply, 200, type_of(object->kind), text,
                        strlen(text));
    }
    return true;
}

static enum status get_object(struct dav_call *call)
{
    const char *query = dav_href_query(call->request->target);
    struct dav_resource resource;
    struct reading reading = { call, &resource.marks };
    struct object_condition condition;
    enum status status = dav_resource_find(call, &call->place, &resource);

    if (status != STATUS_OK)
        return status;
    if (query != NULL && str_starts(query, DAV_ATTACHMENT_QUERY))
        return dav_attachment_get(
            call, dav_attachment_of_query(call->op->arena, query));
    if (!dav_check_conditions(call, &resource.marks, resource.object,
                              &condition))
        return STATUS_OK;
    status = objects_read(call->op, call->account, call->place.folder->id,
                          &call->place.name, 1, dav_card_version(call),
                          put_text, &reading);
    /* Nothing said: it has gone meanwhile. */
    return status == STATUS_OK && call->reply->code == 0 ? STATUS_NOT_FOUND
                                                         : status;
}

/* --- Whole folders -------------------------------------------------------- */

struct download {
    struct dav_call *call;
    struct dav_joining joining;
    enum status status;
};

static void add_one(struct download *download, const struct object *object,
                    const char *text, size_t len)
{
    struct dav_call *call = download->call;
    struct dav_place place =
        dav_place_object(call->op->arena, &call->place, object->name);

    text = dav_links(call, place.href, text, len);
    dav_joining_add(&download->joining, text, strlen(text));
}

static bool add_text(void *context, size_t index, enum status status,
                     const struct object *object, const char *text, size_t len)
{
    struct download *download = context;

    (void)index;
    /* What Exchange can never give out is left out, as what is not there; for
     * anything else the whole is not. */
    if (status == STATUS_OK)
        add_one(download, object, text, len);
    else if (status != STATUS_NOT_FOUND && status != STATUS_CORRUPT)
        download->status = status;
    return download->status == STATUS_OK &&
           dav_reply_flow(download->call->reply);
}

static enum status get_folder(struct dav_call *call)
{
    bool is_cards = call->place.kind == DAV_CONTACTS;
    struct dav_resource resource = { .call = call, .place = call->place };
    struct download download = { .call = call, .status = STATUS_OK };
    const struct object_marks *marks;
    struct object *objects;
    size_t count;
    int64_t folder = call->place.folder->id;
    enum status status = dav_resource_marks(&resource, &marks);

    if (status == STATUS_OK)
        status =
            objects_list(call->op, call->account, folder, &objects, &count);
    if (status != STATUS_OK)
        return status;
    const char **names = arena_array(call->op->arena, count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = objects[i].name;

    dav_reply_begin(call->reply, 200,
                    is_cards ? "text/vcard; charset=utf-8"
                             : "text/calendar; charset=utf-8");
    if (!call->reply->head) {
        dav_joining_init(&download.joining, call->op->arena, &call->reply->body,
                         !is_cards);
        status = objects_read(call->op, call->account, folder, names, count,
                              dav_card_version(call), add_text, &download);
        if (download.status != STATUS_OK)
            status = download.status;
        if (status != STATUS_OK)
            return status;
        dav_joining_end(&download.joining);
    }
    dav_reply_end(call->reply);
    return STATUS_OK;
}

static enum status get_person(struct dav_call *call)
{
    struct dav_resource resource;
    enum status status = dav_resource_find(call, &call->place, &resource);

    if (status != STATUS_OK)
        return status;
    dav_reply_field(call->reply, "ETag", "%s", resource.etag);
    dav_reply_whole(call->reply, 200, type_of(OBJECT_CONTACT), resource.text,
                    resource.len);
    return STATUS_OK;
}

enum status dav_method_get(struct dav_call *call)
{
    static const char about[] =
        "This is Postern: calendars, tasks and contacts by CalDAV and CardDAV."
        "\r\n";

    if (call->place.kind == DAV_OBJECT)
        return get_object(call);
    if (call->place.kind == DAV_ATTACHMENT)
        return dav_attachment_get(call, call->place.attachment);
    if (call->place.kind == DAV_PERSON)
        return get_person(call);
    if ((DAV_KIND(call->place.kind) & DAV_FOLDERS) != 0)
        return get_folder(call);
    dav_reply_whole(call->reply, 200, "text/plain; charset=utf-8", about,
                    sizeof about - 1);
    return STATUS_OK;
}
