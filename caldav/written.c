/*
 * written.c - the answer to a write: what has become of an object
 */
#include "caldav/written.h"

#include <inttypes.h>
#include <string.h>

#include "caldav/links.h"
#include "proxy/base/arena.h"

/* Folded lines begin with white space, so a line's beginning is a name. */
static bool has_people(const char *text)
{
    return (strcasestr(text, "\nORGANIZER") != NULL ||
            strcasestr(text, "\nATTENDEE") != NULL) &&
           strcasestr(text, "\nMETHOD:") == NULL;
}

void dav_put_schedule_tag(struct dav_call *call, const struct object *object,
                          const char *text)
{
    if (object->kind == OBJECT_EVENT && object->schedule != 0 &&
        (text != NULL ? has_people(text) : object->meeting))
        dav_reply_field(call->reply, "Schedule-Tag", "\"%" PRIx64 "\"",
                        object->schedule);
}

/* Of an object in that folder. */
static void put_tags(struct dav_call *call, const struct folder *folder,
                     const struct object *object, const char *text)
{
    struct object_marks marks;

    if (objects_marks(call->op, call->account, folder->id, &marks) == STATUS_OK)
        dav_reply_field(call->reply, "ETag", "%s",
                        dav_etag(call->op->arena, &marks, object->revision));
    dav_put_schedule_tag(call, object, text);
}

void dav_put_tags(struct dav_call *call, const struct object *object,
                  const char *text)
{
    put_tags(call, call->place.folder, object, text);
}

struct showing {
    struct dav_call *call;
    const struct dav_place *place;
    int code;
    bool done;
};

static bool show(void *context, size_t index, enum status status,
                 const struct object *object, const char *text, size_t len)
{
    struct showing *showing = context;
    struct dav_call *call = showing->call;

    (void)index;
    if (status != STATUS_OK)
        return true;
    text = dav_links(call, showing->place->href, text, len);
    put_tags(call, showing->place->folder, object, text);
    dav_applied(call, "return=representation");
    dav_reply_field(call->reply, "Content-Location", "%s",
                    showing->place->href);
    dav_reply_whole(call->reply, showing->code,
                    object->kind == OBJECT_CONTACT
                        ? "text/vcard; charset=utf-8"
                        : "text/calendar; charset=utf-8",
                    text, strlen(text));
    showing->done = true;
    return true;
}

bool dav_show(struct dav_call *call, const struct dav_place *place, int code)
{
    struct showing showing = { call, place, code, false };

    if (!dav_prefers(call, "return=representation"))
        return false;
    objects_read(call->op, call->account, place->folder->id, &place->name, 1,
                 dav_card_version(call), show, &showing);
    return showing.done;
}

bool dav_show_written(struct dav_call *call,
                      const struct object_written *written, int code)
{
    return !written->gone && dav_show(call, &call->place, code);
}
