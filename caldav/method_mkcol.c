/*
 * method_mkcol.c - MKCALENDAR and MKCOL: new folders
 *
 * RFC 4791, 5.3.1; RFC 5689.  Programs make up URLs that nobody shall read and
 * send a name for people with them: the folder at Exchange gets that name, and
 * the URL stays (see place.h).
 */
#include <string.h>

#include "caldav/href.h"
#include "caldav/names.h"
#include "caldav/proppatch.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* What the request wants. */
struct wish {
    enum folder_kind kind;
    const char *name; /* NULL: none is said */
    struct dav_changes changes;
};

static bool has_component(const struct dav_node *set, const char *name)
{
    for (const struct dav_node *comp = dav_child(set, "C:comp"); comp != NULL;
         comp = dav_sibling(comp, "C:comp"))
        if (str_equal_nocase(dav_attribute(comp, "name"), name))
            return true;
    return false;
}

static enum folder_kind kind_of(const struct dav_node *type)
{
    if (dav_child(type, "A:addressbook") != NULL)
        return FOLDER_CONTACTS;
    return dav_child(type, "C:calendar") != NULL ? FOLDER_CALENDAR
                                                 : FOLDER_OTHER;
}

/* A calendar here holds events, or tasks, and not both: as at Exchange. */
static enum folder_kind kind_for(enum folder_kind kind,
                                 const struct dav_node *components)
{
    if (kind != FOLDER_CALENDAR || components == NULL ||
        has_component(components, "VEVENT"))
        return kind;
    return has_component(components, "VTODO") ? FOLDER_TASKS : FOLDER_OTHER;
}

/* Takes what makes the folder out of the list; the rest is kept as properties
 * are.  False: no such kind can be made. */
static bool take(struct arena *arena, struct wish *wish)
{
    struct dav_changes *changes = &wish->changes;
    const struct dav_node *components = NULL;
    size_t kept = 0;

    for (size_t i = 0; i < changes->count; i++) {
        const struct dav_change *change = &changes->list[i];

        if (change->node != NULL && str_equal(change->name, "D:displayname"))
            wish->name = dav_text(arena, change->node);
        else if (str_equal(change->name, "D:resourcetype"))
            wish->kind = kind_of(change->node);
        else if (str_equal(change->name, "C:supported-calendar-component-set"))
            components = change->node;
        else
            changes->list[kept++] = *change;
    }
    changes->count = kept;
    wish->kind = kind_for(wish->kind, components);
    return wish->kind != FOLDER_OTHER;
}

/* The name for people; where a folder has it already, that of the URL. */
static enum status create(struct dav_call *call, const struct wish *wish,
                          int64_t *id_out)
{
    struct arena *arena = call->op->arena;
    const struct folder *above = call->place.folder;
    int64_t parent = above != NULL ? above->id : 0;
    const char *own = dav_href_to_name(arena, call->place.name);
    const char *name =
        wish->name != NULL && *wish->name != '\0' ? wish->name : own;
    struct object_property kept[2];
    size_t count = 0;
    enum status status = folder_create(call->op, call->account, parent,
                                       wish->kind, name, id_out);

    if (status == STATUS_EXISTS && name != own) {
        kept[count++] = (struct object_property){ "{DAV:}displayname",
                                                  dav_escaped(arena, name) };
        name = own;
        status = folder_create(call->op, call->account, parent, wish->kind,
                               name, id_out);
    }
    if (status == STATUS_OK && name != own)
        kept[count++] =
            (struct object_property){ DAV_SEGMENT, call->place.name };
    if (status == STATUS_OK && count > 0)
        status = object_set_properties(call->op, call->account, *id_out, NULL,
                                       kept, count);
    return status;
}

/* RFC 4791, 5.3.1.1: a property that makes a calendar impossible. */
static const struct dav_change *find_impossible(
    const struct dav_changes *changes)
{
    for (size_t i = 0; i < changes->count; i++)
        if (changes->list[i].precondition != NULL &&
            str_starts(changes->list[i].precondition, "C:"))
            return &changes->list[i];
    return NULL;
}

/* RFC 5689, 3: says of each property why nothing has been made. */
static enum status refuse_properties(struct dav_call *call, const char *root,
                                     const struct dav_changes *changes)
{
    const struct dav_change *impossible = find_impossible(changes);
    struct xml_writer writer;
    struct buf out;

    if (impossible != NULL)
        return dav_refuse(call, 403, impossible->precondition,
                          impossible->sentence);
    buf_init(&out, call->op->arena);
    buf_puts(&out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    xml_writer_init(&writer, &out);
    dav_open_root(&writer, root);
    dav_changes_put(&writer, call->op->arena, changes);
    xml_close(&writer);
    dav_reply_whole(call->reply, 424, "application/xml; charset=utf-8",
                    out.data, out.len);
    return STATUS_OK;
}

static enum status make(struct dav_call *call, struct wish *wish,
                        const char *answer)
{
    struct dav_resource resource = { .call = call, .place = call->place };
    struct folder folder;
    int64_t id = 0;
    enum status status = create(call, wish, &id);

    if (status == STATUS_OK)
        status = folder_get(call->op, call->account, id, &folder);
    if (status != STATUS_OK)
        return status;
    resource.place.kind = wish->kind == FOLDER_CONTACTS ? DAV_CONTACTS
                          : wish->kind == FOLDER_TASKS  ? DAV_TASKS
                                                        : DAV_CALENDAR;
    resource.place.folder = &folder;
    if (!dav_changes_apply(&resource, &wish->changes)) {
        status = folder_delete(call->op, call->account, id);
        return status == STATUS_OK
                   ? refuse_properties(call, answer, &wish->changes)
                   : status;
    }
    dav_reply_field(call->reply, "Cache-Control", "no-cache");
    if (dav_prefers(call, "return=minimal"))
        dav_applied(call, "return=minimal");
    dav_reply_empty(call->reply, 201);
    return STATUS_OK;
}

/* MKCOL has a code of its own for it (RFC 4918, 9.3.1), MKCALENDAR has that of
 * every precondition (RFC 4791, 1.3). */
static bool refuse_taken(struct dav_call *call)
{
    dav_refuse(call, str_equal(call->request->method, "MKCOL") ? 405 : 403,
               "D:resource-must-be-null", NULL);
    return false;
}

/* Whether a folder can be made there; an answer if not. */
static bool is_free(struct dav_call *call)
{
    struct object object = { 0 };

    if ((DAV_KIND(call->place.kind) & DAV_FOLDERS) != 0)
        return refuse_taken(call);
    if (!call->place.own) {
        dav_reply_status(call->reply, STATUS_DENIED);
        return false;
    }
    if (call->place.kind != DAV_OBJECT)
        return true;
    enum status status =
        objects_find(call->op, call->account, call->place.folder->id,
                     &call->place.name, 1, &object);
    if (status == STATUS_OK && object.name == NULL)
        return true;
    if (status == STATUS_OK)
        return refuse_taken(call);
    dav_reply_status(call->reply, status);
    return false;
}

/* RFC 4918, 9.3: a body of some other type is not for us. */
static bool is_type_good(const struct dav_call *call)
{
    const char *type = dav_header(call, "Content-Type");
    size_t len = type != NULL ? strcspn(type, "; \t") : 0;

    return len == 0 || str_is_nocase(type, len, "text/xml") ||
           str_is_nocase(type, len, "application/xml");
}

static enum status run(struct dav_call *call, enum folder_kind kind,
                       const char *element, const char *answer)
{
    struct wish wish = { .kind = kind };
    const struct dav_node *root;

    if (!is_free(call))
        return STATUS_OK;
    if (!is_type_good(call))
        return dav_refuse(call, 415, NULL, "The body is no XML");
    if (!dav_read_body(call, true, &root))
        return STATUS_OK;
    if (root != NULL && !str_equal(root->name, element))
        return dav_refuse(call, 415, NULL, "The body is not of this method");
    dav_changes_read(call->op->arena, root, &wish.changes);
    if (!take(call->op->arena, &wish))
        return dav_refuse(call, 403, "D:valid-resourcetype",
                          "There are calendars, task lists and address books");
    if (call->place.kind == DAV_OBJECT)
        return dav_refuse_location(call, wish.kind);
    return make(call, &wish, answer);
}

enum status dav_method_mkcalendar(struct dav_call *call)
{
    return run(call, FOLDER_CALENDAR, "C:mkcalendar", "C:mkcalendar-response");
}

/* A plain collection is nothing that Exchange has here. */
enum status dav_method_mkcol(struct dav_call *call)
{
    return run(call, FOLDER_OTHER, "D:mkcol", "D:mkcol-response");
}
