/*
 * props_dav.c - properties of WebDAV: kinds, tags, rights, reports
 */
#include "caldav/props.h"

#include <inttypes.h>
#include <stdio.h>

#include "caldav/report.h"
#include "caldav/sync_token.h"
#include "proxy/base/arena.h"
#include "proxy/exchange/account.h"
#include "proxy/exchange/schedule.h"

void dav_put_href(struct xml_writer *writer, const char *href)
{
    xml_element(writer, "D:href", href);
}

static void put_empty(struct xml_writer *writer, const char *name)
{
    xml_element(writer, name, NULL);
}

/* clang-format off */
static const struct {
    enum dav_place_kind kind;
    const char *types[3]; /* NULL at the end */
    const char *name;     /* what people see; NULL: the folder's own */
} kinds[] = {
    { DAV_PLAIN,     { "D:collection" },                              "Postern" },
    { DAV_PRINCIPAL, { "D:collection", "D:principal" },               NULL },
    { DAV_PROXY,     { "D:collection", "D:principal" },               NULL },
    { DAV_HOME,      { "D:collection" },                              NULL },
    { DAV_CALENDAR,  { "D:collection", "C:calendar" },                NULL },
    { DAV_TASKS,     { "D:collection", "C:calendar" },                NULL },
    { DAV_CONTACTS,  { "D:collection", "A:addressbook" },             NULL },
    { DAV_INBOX,     { "D:collection", "C:schedule-inbox" },          "Inbox" },
    { DAV_OUTBOX,    { "D:collection", "C:schedule-outbox" },         "Outbox" },
    { DAV_DIRECTORY, { "D:collection", "A:addressbook", "A:directory" }, "Directory" },
};
/* clang-format on */

#define KIND_COUNT (sizeof kinds / sizeof *kinds)

enum status dav_get_resourcetype(struct dav_resource *resource,
                                 struct xml_writer *writer)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (kinds[i].kind == resource->place.kind)
            for (size_t k = 0; k < 3 && kinds[i].types[k] != NULL; k++)
                put_empty(writer, kinds[i].types[k]);
    if (resource->place.kind == DAV_PROXY)
        put_empty(writer, arena_printf(resource->call->op->arena, "S:%s",
                                       resource->place.name));
    return STATUS_OK;
}

/* Someone else's folders bear his address, so that two calendars called
 * "Calendar" can be told apart. */
static const char *folder_name(const struct dav_resource *resource)
{
    const struct dav_place *place = &resource->place;

    return place->own || place->owner == NULL
               ? place->folder->name
               : arena_printf(resource->call->op->arena, "%s (%s)",
                              place->folder->name, place->owner);
}

enum status dav_get_displayname(struct dav_resource *resource,
                                struct xml_writer *writer)
{
    const struct dav_place *place = &resource->place;
    struct dav_call *call = resource->call;
    const char *name = resource->title;

    if (place->kind == DAV_OBJECT || place->kind == DAV_PERSON)
        return STATUS_NOT_FOUND;
    for (size_t i = 0; name == NULL && i < KIND_COUNT; i++)
        if (kinds[i].kind == place->kind)
            name = kinds[i].name;
    if (name == NULL && (DAV_KIND(place->kind) & DAV_FOLDERS) != 0)
        name = folder_name(resource);
    if (name == NULL && place->kind == DAV_PROXY)
        name = place->name;
    if (name == NULL && place->own)
        name = schedule_display_name(call->op, call->account);
    if (name == NULL || *name == '\0')
        name = place->owner != NULL ? place->owner : "Public";
    xml_text(writer, name);
    return STATUS_OK;
}

enum status dav_get_etag(struct dav_resource *resource,
                         struct xml_writer *writer)
{
    const struct object_marks *marks;
    enum status status;

    if (resource->etag != NULL) {
        xml_text(writer, resource->etag);
        return STATUS_OK;
    }
    if (resource->object == NULL)
        return STATUS_NOT_FOUND;
    status = dav_resource_marks(resource, &marks);
    if (status == STATUS_OK)
        xml_text(writer, dav_etag(resource->call->op->arena, marks,
                                  resource->object->revision));
    return status;
}

static const char *content_type(const struct dav_resource *resource)
{
    if (resource->object == NULL)
        return resource->place.kind == DAV_CONTACTS ||
                       resource->place.kind == DAV_PERSON
                   ? "text/vcard; charset=utf-8"
                   : "text/calendar; charset=utf-8";
    switch (resource->object->kind) {
    case OBJECT_EVENT:
        return "text/calendar; charset=utf-8; component=vevent";
    case OBJECT_TASK:
        return "text/calendar; charset=utf-8; component=vtodo";
    default:
        return "text/vcard; charset=utf-8";
    }
}

enum status dav_get_content_type(struct dav_resource *resource,
                                 struct xml_writer *writer)
{
    xml_text(writer, content_type(resource));
    return STATUS_OK;
}

enum status dav_get_content_length(struct dav_resource *resource,
                                   struct xml_writer *writer)
{
    const struct object *object = resource->object;
    char text[24];

    if (object == NULL || !object->known)
        return STATUS_NOT_FOUND;
    snprintf(text, sizeof text, "%zu", object->size);
    xml_text(writer, text);
    return STATUS_OK;
}

enum status dav_get_owner(struct dav_resource *resource,
                          struct xml_writer *writer)
{
    if (resource->place.owner == NULL)
        return STATUS_NOT_FOUND;
    dav_put_href(writer, dav_href_principal(resource->call->op->arena,
                                            resource->place.owner));
    return STATUS_OK;
}

/* --- Rights --------------------------------------------------------------- */

#define CHANGES (FOLDER_MAY_MODIFY | FOLDER_MAY_DELETE | FOLDER_MAY_ADD)

/* clang-format off */
static const struct {
    const char *name;
    unsigned places; /* 0: all */
    unsigned needs;  /* of enum folder_right */
} privileges[] = {
    { "D:read",                          0,           FOLDER_MAY_READ },
    { "D:read-current-user-privilege-set", 0,         0 },
    { "C:read-free-busy",                DAV_FOLDERS, 0 },
    { "D:write",                         DAV_FOLDERS | DAV_KIND(DAV_OBJECT), CHANGES },
    { "D:write-content",                 DAV_FOLDERS | DAV_KIND(DAV_OBJECT), FOLDER_MAY_MODIFY },
    { "D:write-properties",              DAV_FOLDERS | DAV_KIND(DAV_OBJECT), FOLDER_MAY_MODIFY },
    { "D:bind",                          DAV_FOLDERS, FOLDER_MAY_ADD },
    { "D:unbind",                        DAV_FOLDERS, FOLDER_MAY_DELETE },
    { "D:bind",                          DAV_KIND(DAV_HOME), FOLDER_MAY_ADD_FOLDERS },
    { "D:unbind",                        DAV_KIND(DAV_HOME), FOLDER_MAY_ADD_FOLDERS },
    { "C:schedule-deliver",              DAV_KIND(DAV_INBOX), 0 },
    { "C:schedule-send",                 DAV_KIND(DAV_OUTBOX), 0 },
};
/* clang-format on */

/* What the user has not in a place.  The homes of others are theirs. */
static unsigned lacks(const struct dav_resource *resource)
{
    const struct dav_place *place = &resource->place;

    if (place->kind == DAV_HOME)
        return place->own ? 0 : FOLDER_MAY_ADD_FOLDERS;
    if (place->folder == NULL)
        return 0;
    return place->folder->lacks | (place->folder->read_only ? CHANGES : 0);
}

enum status dav_get_privileges(struct dav_resource *resource,
                               struct xml_writer *writer)
{
    unsigned lacking = lacks(resource);

    for (size_t i = 0; i < sizeof privileges / sizeof *privileges; i++) {
        if ((privileges[i].places != 0 &&
             (privileges[i].places & DAV_KIND(resource->place.kind)) == 0) ||
            (privileges[i].needs & lacking) != 0)
            continue;
        xml_open(writer, "D:privilege");
        put_empty(writer, privileges[i].name);
        xml_close(writer);
    }
    return STATUS_OK;
}

enum status dav_get_privilege_tree(struct dav_resource *resource,
                                   struct xml_writer *writer)
{
    (void)resource;
    for (size_t i = 0; i < sizeof privileges / sizeof *privileges; i++) {
        if (privileges[i].places == DAV_KIND(DAV_HOME))
            continue; /* they are there already */
        xml_open(writer, "D:supported-privilege");
        xml_open(writer, "D:privilege");
        put_empty(writer, privileges[i].name);
        xml_close(writer);
        xml_open(writer, "D:description");
        xml_attribute(writer, "xml:lang", "en");
        xml_text(writer, privileges[i].name + 2);
        xml_close(writer);
        xml_close(writer);
    }
    return STATUS_OK;
}

/* RFC 5995, 3.2.1: a collection takes what is posted to it. */
enum status dav_get_add_member(struct dav_resource *resource,
                               struct xml_writer *writer)
{
    if ((lacks(resource) & FOLDER_MAY_ADD) != 0)
        return STATUS_NOT_FOUND;
    dav_put_href(writer, resource->place.href);
    return STATUS_OK;
}

/* --- Reports, tags -------------------------------------------------------- */

enum status dav_get_reports(struct dav_resource *resource,
                            struct xml_writer *writer)
{
    for (size_t i = 0; i < dav_report_count; i++) {
        if ((dav_reports[i].places & DAV_KIND(resource->place.kind)) == 0)
            continue;
        xml_open(writer, "D:supported-report");
        xml_open(writer, "D:report");
        put_empty(writer, dav_reports[i].name);
        xml_close(writer);
        xml_close(writer);
    }
    return STATUS_OK;
}

enum status dav_get_ctag(struct dav_resource *resource,
                         struct xml_writer *writer)
{
    struct arena *arena = resource->call->op->arena;
    const struct object_marks *marks;
    enum status status = dav_resource_marks(resource, &marks);

    if (status == STATUS_OK)
        xml_text(writer, arena_printf(arena, "%" PRIx32 "-%" PRIx64,
                                      marks->validity, marks->revision));
    return status;
}

enum status dav_get_sync_token(struct dav_resource *resource,
                               struct xml_writer *writer)
{
    const struct object_marks *marks;
    enum status status = dav_resource_marks(resource, &marks);

    if (status == STATUS_OK)
        xml_text(writer, dav_sync_token(resource->call->op->arena, marks));
    return status;
}

enum status dav_get_resource_id(struct dav_resource *resource,
                                struct xml_writer *writer)
{
    const struct folder *folder = resource->place.folder;

    dav_put_href(writer, arena_printf(resource->call->op->arena,
                                      "urn:postern:folder:%" PRId64 "-%" PRIx32,
                                      folder->id, folder->uid_validity));
    return STATUS_OK;
}

static enum status put_quota(struct dav_resource *resource,
                             struct xml_writer *writer, bool free)
{
    struct dav_call *call = resource->call;
    struct account_quota quota;
    enum status status = STATUS_NOT_FOUND;

    if (resource->place.own)
        status = account_quota(call->op, call->account, &quota);
    if (status != STATUS_OK)
        return status;
    uint64_t left = quota.limit > quota.used ? quota.limit - quota.used : 0;
    xml_text(writer, arena_printf(call->op->arena, "%" PRIu64,
                                  free ? left : quota.used));
    return STATUS_OK;
}

enum status dav_get_quota_used(struct dav_resource *resource,
                               struct xml_writer *writer)
{
    return put_quota(resource, writer, false);
}

enum status dav_get_quota_free(struct dav_resource *resource,
                               struct xml_writer *writer)
{
    return put_quota(resource, writer, true);
}
