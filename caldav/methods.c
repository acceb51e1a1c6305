/*
 * methods.c - the table of all methods, and what several of them share
 */
#include "caldav/call.h"

#include <inttypes.h>
#include <string.h>

#include "caldav/href.h"
#include "config/settings.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"

#define ALL DAV_ALL_KINDS
#define FOLDERS DAV_FOLDERS
#define OBJECT DAV_KIND(DAV_OBJECT)
#define FREE DAV_KIND(DAV_FREE)
#define SHOWN (DAV_COLLECTIONS | DAV_KIND(DAV_PERSON) | OBJECT)
#define A_FILE DAV_KIND(DAV_ATTACHMENT)

/* clang-format off */
static const struct dav_method_kind methods[] = {
    { "OPTIONS",    dav_method_options,    ALL | FREE | A_FILE },
    { "GET",        dav_method_get,        SHOWN | A_FILE },
    { "HEAD",       dav_method_get,        SHOWN | A_FILE },
    { "PROPFIND",   dav_method_propfind,   SHOWN },
    { "PROPPATCH",  dav_method_proppatch,  SHOWN },
    { "REPORT",     dav_method_report,     SHOWN },
    { "PUT",        dav_method_put,        OBJECT },
    { "DELETE",     dav_method_delete,     FOLDERS | OBJECT },
    { "COPY",       dav_method_copy,       OBJECT | FOLDERS },
    { "MOVE",       dav_method_move,       OBJECT | FOLDERS },
    { "POST",       dav_method_post,       OBJECT | FOLDERS | DAV_KIND(DAV_OUTBOX) },
    { "MKCOL",      dav_method_mkcol,      FREE | OBJECT | FOLDERS },
    { "MKCALENDAR", dav_method_mkcalendar, FREE | OBJECT | FOLDERS },
};
/* clang-format on */

#define METHOD_COUNT (sizeof methods / sizeof *methods)

const struct dav_method_kind *dav_method_find(const char *name)
{
    for (size_t i = 0; i < METHOD_COUNT; i++)
        if (str_equal(methods[i].name, name))
            return &methods[i];
    return NULL;
}

const char *dav_methods_of(struct arena *arena, enum dav_place_kind kind)
{
    struct buf out;

    buf_init(&out, arena);
    for (size_t i = 0; i < METHOD_COUNT; i++)
        if ((methods[i].places & DAV_KIND(kind)) != 0)
            buf_printf(&out, "%s%s", out.len > 0 ? ", " : "", methods[i].name);
    return out.len > 0 ? out.data : "OPTIONS";
}

/* Who asks needs not be known for this (RFC 9110, 9.3.7): all that there is. */
enum status dav_method_options(struct dav_call *call)
{
    struct buf all;

    buf_init(&all, call->op->arena);
    for (size_t i = 0; i < METHOD_COUNT; i++)
        buf_printf(&all, "%s%s", i > 0 ? ", " : "", methods[i].name);
    dav_reply_field(call->reply, "Allow", "%s", all.data);
    dav_reply_empty(call->reply, 200);
    return STATUS_OK;
}

/* --- What the request says ------------------------------------------------ */

const char *dav_header(const struct dav_call *call, const char *name)
{
    const struct dav_request *request = call->request;

    for (size_t i = 0; i < request->header_count; i++)
        if (str_equal_nocase(request->headers[i].name, name))
            return request->headers[i].value;
    return NULL;
}

enum dav_depth dav_depth(const struct dav_call *call, enum dav_depth standard)
{
    const char *text = dav_header(call, "Depth");

    if (text == NULL)
        return standard;
    if (str_equal(text, "0"))
        return DAV_DEPTH_0;
    if (str_equal(text, "1"))
        return DAV_DEPTH_1;
    return str_equal_nocase(text, "infinity") ? DAV_DEPTH_INFINITY
                                              : DAV_DEPTH_BAD;
}

bool dav_is_here(const struct dav_call *call, const char *url)
{
    const char *host = dav_header(call, "Host");
    const char *passed = dav_header(call, "X-Forwarded-Host");

    return host == NULL || dav_href_is_at(url, host) ||
           (passed != NULL && dav_href_is_at(url, passed));
}

/* Without the white space and the quotes that may stand around a value. */
static const char *bare(struct arena *arena, const char *word)
{
    struct buf out;

    buf_init(&out, arena);
    for (; *word != '\0'; word++)
        if (strchr(" \t\"", *word) == NULL)
            buf_putc(&out, *word);
    return out.len > 0 ? out.data : "";
}

bool dav_prefers(const struct dav_call *call, const char *what)
{
    const struct dav_request *request = call->request;

    for (size_t i = 0; i < request->header_count; i++) {
        if (!str_equal_nocase(request->headers[i].name, "Prefer"))
            continue;
        char **words =
            str_split(call->op->arena, request->headers[i].value, ",;");
        for (size_t k = 0; words[k] != NULL; k++)
            if (str_equal_nocase(bare(call->op->arena, words[k]), what))
                return true;
    }
    return false;
}

void dav_applied(struct dav_call *call, const char *what)
{
    dav_reply_field(call->reply, "Preference-Applied", "%s", what);
    dav_reply_field(call->reply, "Vary", "Prefer");
}

enum vcard_version dav_card_version(const struct dav_call *call)
{
    const char *accept = dav_header(call, "Accept");

    return accept != NULL && strstr(accept, "version=4") != NULL ? VCARD_4
                                                                 : VCARD_3;
}

bool dav_read_body(struct dav_call *call, bool may_be_empty,
                   const struct dav_node **root_out)
{
    size_t len;
    const char *text =
        dav_body_text(call->op->arena, call->request->body, &len);

    *root_out = NULL;
    switch (dav_body_read(call->op->arena, text, len, root_out)) {
    case DAV_BODY_GOOD:
        return true;
    case DAV_BODY_EMPTY:
        if (may_be_empty)
            return true;
        dav_refuse(call, 400, NULL, "The request needs a body");
        return false;
    case DAV_BODY_BROKEN:
        dav_refuse(call, 400, NULL, "The body is not well-formed XML");
        return false;
    default:
        dav_refuse(call, 413, NULL, "The body has too many elements");
        return false;
    }
}

/* --- Answers -------------------------------------------------------------- */

enum status dav_refuse(struct dav_call *call, int code,
                       const char *precondition, const char *sentence)
{
    dav_reply_error(call->reply, code, precondition, sentence);
    return STATUS_OK;
}

enum status dav_refuse_location(struct dav_call *call, enum folder_kind kind)
{
    return dav_refuse(call, 403,
                      kind == FOLDER_CONTACTS
                          ? "A:addressbook-collection-location-ok"
                          : "C:calendar-collection-location-ok",
                      "Collections are made beside others, not in them");
}

/* RFC 3744, appendix B. */
static const char *privilege_for(const struct dav_call *call, unsigned rights)
{
    if ((rights & FOLDER_MAY_ADD) != 0)
        return "D:bind";
    if ((rights & FOLDER_MAY_DELETE) != 0)
        return "D:unbind";
    return str_equal(call->request->method, "PROPPATCH") ? "D:write-properties"
                                                         : "D:write-content";
}

bool dav_may_at(struct dav_call *call, const struct dav_place *place,
                unsigned rights)
{
    const struct folder *folder = place->folder;
    const char *href = place->href;

    if (folder == NULL || ((folder->lacks & rights) == 0 && !folder->read_only))
        return true;
    /* What comes and goes is for the collection to allow. */
    if (rights != FOLDER_MAY_MODIFY)
        href = dav_place_of(&call->tree, folder, place->owner).href;
    dav_reply_denied(call->reply, href, privilege_for(call, rights));
    return false;
}

bool dav_may(struct dav_call *call, const struct folder *folder,
             unsigned rights)
{
    struct dav_place place = call->place;

    place.folder = folder;
    return dav_may_at(call, &place, rights);
}

/* --- Objects -------------------------------------------------------------- */

enum status dav_object_find(struct dav_call *call,
                            const struct dav_place *place,
                            struct object *object_out)
{
    *object_out = (struct object){ 0 };
    if (place->slash)
        return STATUS_OK; /* a collection is asked for */
    return objects_find(call->op, call->account, place->folder->id,
                        &place->name, 1, object_out);
}

const char *dav_etag(struct arena *arena, const struct object_marks *marks,
                     uint64_t revision)
{
    return arena_printf(arena, "\"%" PRIx32 "-%" PRIx64 "\"", marks->validity,
                        revision);
}

/* clang-format off */
static const struct {
    const char *calendar; /* the precondition, for events and tasks */
    const char *card;     /* and for contacts */
} problems[] = {
    [OBJECT_FINE]        = { NULL, NULL },
    [OBJECT_SYNTAX]      = { "C:valid-calendar-data", "A:valid-address-data" },
    [OBJECT_INVALID]     = { "C:valid-calendar-object-resource", "A:valid-address-data" },
    [OBJECT_COMPONENT]   = { "C:supported-calendar-component", "A:supported-address-data" },
    [OBJECT_UID_TAKEN]   = { "C:no-uid-conflict", "A:no-uid-conflict" },
    [OBJECT_UID_CHANGED] = { "C:no-uid-conflict", "A:no-uid-conflict" },
    [OBJECT_RECURRENCE]  = { "C:valid-calendar-object-resource", NULL },
    [OBJECT_EARLY]       = { "C:min-date-time", NULL },
    [OBJECT_LATE]        = { "C:max-date-time", NULL },
    [OBJECT_TOO_MANY]    = { "C:max-instances", "A:max-resource-size" },
    [OBJECT_PEOPLE]      = { "C:max-attendees-per-instance", NULL },
    [OBJECT_ATTENDEES]   = { "C:allowed-attendee-scheduling-object-change", NULL },
    [OBJECT_ORGANIZER]   = { "C:allowed-organizer-scheduling-object-change", NULL },
    [OBJECT_ORGANIZERS]  = { "C:same-organizer-in-all-components", NULL },
    [OBJECT_DAY]         = { "C:valid-rid", NULL },
    [OBJECT_FILES]       = { "C:max-attachments-per-resource", NULL },
};
/* clang-format on */

enum status dav_refuse_uid(struct dav_call *call, const struct dav_place *place)
{
    struct dav_place folder =
        dav_place_of(&call->tree, place->folder, place->owner);

    dav_reply_conflict(
        call->reply,
        place->folder->kind == FOLDER_CONTACTS ? "A:no-uid-conflict"
                                               : "C:no-uid-conflict",
        dav_place_object(call->op->arena, &folder, place->name).href);
    return STATUS_OK;
}

enum status dav_refuse_object(struct dav_call *call,
                              const struct dav_place *place, enum status status,
                              const struct object_written *written)
{
    bool is_card = place->folder->kind == FOLDER_CONTACTS;
    const char *precondition = is_card ? problems[written->problem].card
                                       : problems[written->problem].calendar;

    if (status == STATUS_EXISTS)
        return dav_refuse(call, 412, NULL, NULL);
    if (status == STATUS_TOO_BIG && is_card)
        return dav_refuse(call, 403, "A:max-resource-size", NULL);
    if (status != STATUS_BAD_CONTENT)
        return status;
    if (written->problem == OBJECT_FINE)
        return dav_refuse(call, 403,
                          is_card ? "A:valid-address-data"
                                  : "C:valid-calendar-object-resource",
                          "Exchange refuses it");
    if (written->problem == OBJECT_UID_TAKEN ||
        written->problem == OBJECT_UID_CHANGED) {
        struct dav_place other = *place;

        if (written->other != NULL)
            other.name = written->other;
        return dav_refuse_uid(call, &other);
    }
    return dav_refuse(call, 403, precondition, written->reason);
}
