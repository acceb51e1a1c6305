/*
 * attachment_put.c - PUT of events with attachments that Exchange has already
 */
#include <string.h>

#include "caldav/attachment.h"
#include "caldav/href.h"
#include "caldav/links.h"
#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/format/ical_lines.h"

/* A text that is gone through. */
struct adoption {
    struct dav_call *call;
    const char *there; /* the text of the event as it is; "" for a new one */
    struct buf out;
    bool fits;
    enum status status;
};

static bool take_text(void *context, size_t index, enum status status,
                      const struct object *object, const char *text, size_t len)
{
    struct adoption *adoption = context;

    (void)index, (void)object;
    if (status == STATUS_OK)
        adoption->there = arena_strndup(adoption->call->op->arena, text, len);
    return true;
}

/* Where the attachment of a line is, and what it is called there; false for a
 * URL that is none of ours. */
static bool find_place(struct adoption *adoption, const char *url,
                       struct dav_place *place, const char **id_out)
{
    struct dav_call *call = adoption->call;
    const char *query = dav_href_query(url);

    *id_out = NULL;
    if (!dav_is_here(call, url) ||
        dav_place_look(&call->tree, url, place) != STATUS_OK)
        return false;
    if (place->kind == DAV_ATTACHMENT)
        *id_out = place->attachment;
    else if (place->kind == DAV_OBJECT && query != NULL)
        *id_out = dav_attachment_of_query(call->op->arena, query);
    return *id_out != NULL;
}

static void put_content(struct adoption *adoption, const struct ical_line *line,
                        const char *type, const char *file, const char *data,
                        size_t len)
{
    struct arena *arena = adoption->call->op->arena;
    const char *name = ical_param(line, "FILENAME");
    char *text = arena_alloc(arena, base64_encoded_size(len) + 1);
    struct buf out;

    base64_encode(data, len, text);
    buf_init(&out, arena);
    buf_puts(&out, "ATTACH");
    if (type != NULL && *type != '\0')
        buf_printf(&out, ";FMTTYPE=%s", ical_param_quote(arena, type));
    buf_printf(&out, ";FILENAME=%s;ENCODING=BASE64;VALUE=BINARY:",
               ical_param_quote(arena, name != NULL ? name : file));
    buf_puts(&out, text);
    ical_line_fold(&adoption->out, out.data);
}

/* Brings along what is attached to another event. */
static void adopt(struct adoption *adoption, const struct ical_line *line,
                  const struct dav_place *place, const char *id)
{
    struct dav_call *call = adoption->call;
    const char *type, *file, *data;
    size_t size;
    enum status status =
        object_attachment_read(call->op, call->account, place->folder->id,
                               place->name, id, &type, &file, &data, &size);

    if (status == STATUS_OK)
        put_content(adoption, line, type, file, data, size);
    else if (status == STATUS_NOT_FOUND || status == STATUS_DENIED ||
             status == STATUS_NO_FOLDER)
        adoption->fits = false;
    else
        adoption->status = status;
}

/* What has a URL of ours and no id has lost it on its way, if it is the event's
 * own; any other is a link. */
static void take_link(struct adoption *adoption, const char *text)
{
    const struct dav_call *call = adoption->call;
    const struct ical_line *line = ical_line_parse(call->op->arena, text);
    struct dav_place place;
    const char *id, *own = NULL;

    if (line != NULL && *adoption->there != '\0' &&
        find_place(adoption, line->value, &place, &id) &&
        place.folder->id == call->place.folder->id &&
        str_equal(place.name, call->place.name))
        own = dav_links_find(call->op->arena, adoption->there, id);
    ical_line_fold(&adoption->out, own != NULL ? own : text);
}

static void take_line(struct adoption *adoption, const char *text)
{
    struct arena *arena = adoption->call->op->arena;
    const struct ical_line *line = dav_links_read(arena, text);
    const char *id = line != NULL ? ical_param(line, "MANAGED-ID") : NULL;
    const char *own =
        line != NULL ? dav_links_find(arena, adoption->there, id) : NULL;
    struct dav_place place;

    if (own != NULL)
        ical_line_fold(&adoption->out, own);
    else if (line == NULL && str_starts_nocase(text, "ATTACH"))
        take_link(adoption, text);
    else if (line == NULL)
        ical_line_fold(&adoption->out, text);
    else if (find_place(adoption, line->value, &place, &id))
        adopt(adoption, line, &place, id);
    else
        adoption->fits = false;
}

enum status dav_attachments_adopt(struct dav_call *call,
                                  const struct object *object, const char *text,
                                  size_t len, struct dav_adoption *adoption_out)
{
    struct arena *arena = call->op->arena;
    struct adoption adoption = { .call = call, .there = "", .fits = true };
    const char *at = text, *end = text + len;
    struct buf line;

    *adoption_out = (struct dav_adoption){ text, len, true, true };
    if (strcasestr(text, "ATTACH") == NULL)
        return STATUS_OK;
    if (object->name != NULL)
        adoption.status =
            objects_read(call->op, call->account, call->place.folder->id,
                         &object->name, 1, VCARD_3, take_text, &adoption);
    if (strcasestr(text, "MANAGED-ID") == NULL &&
        strstr(adoption.there, "MANAGED-ID") == NULL)
        return adoption.status;
    buf_init(&adoption.out, arena);
    buf_init(&line, arena);
    while (at < end && adoption.fits && adoption.status == STATUS_OK) {
        at = dav_links_take(at, end, &line);
        take_line(&adoption, line.data);
    }
    adoption_out->fits = adoption.fits;
    if (adoption.status != STATUS_OK || !adoption.fits)
        return adoption.status;
    adoption_out->text = adoption.out.data;
    adoption_out->len = adoption.out.len;
    adoption_out->same = str_equal(
        dav_links(call, call->place.href, adoption.out.data, adoption.out.len),
        text);
    return STATUS_OK;
}
