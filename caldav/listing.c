/*
 * listing.c - resources and their members
 */
#include "caldav/listing.h"

#include "caldav/directory.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/schedule.h"

typedef bool each_resource(void *context, struct dav_resource *resource);

static bool is_public(const struct dav_place *place)
{
    return place->kind == DAV_HOME && place->owner == NULL;
}

static bool is_folder(const struct dav_place *place)
{
    return (DAV_KIND(place->kind) & DAV_FOLDERS) != 0 ||
           (place->kind == DAV_INBOX && place->folder != NULL);
}

enum status dav_resource_find(struct dav_call *call,
                              const struct dav_place *place,
                              struct dav_resource *resource_out)
{
    const struct object_marks *marks;
    enum status status = STATUS_OK;

    *resource_out = (struct dav_resource){ .call = call, .place = *place };
    if (place->kind == DAV_PERSON)
        return dav_directory_find(call, resource_out);
    if (place->kind != DAV_OBJECT)
        return STATUS_OK;

    struct object *object = arena_alloc(call->op->arena, sizeof *object);
    status = dav_resource_marks(resource_out, &marks);
    if (status == STATUS_OK)
        status = dav_object_find(call, place, object);
    if (status == STATUS_OK && object->name == NULL)
        status = op_fail(call->op, STATUS_NOT_FOUND, "no such object");
    resource_out->object = object;
    return status;
}

struct dav_resource dav_resource_member(const struct dav_resource *folder,
                                        const struct object *object)
{
    struct dav_resource member = *folder;

    member.place =
        dav_place_object(folder->call->op->arena, &folder->place, object->name);
    member.object = object;
    member.has_kept = false;
    member.kept = NULL;
    member.kept_count = 0;
    return member;
}

static enum status list_objects(struct dav_call *call,
                                struct dav_resource *folder,
                                each_resource *each, void *context)
{
    const struct object_marks *marks;
    struct object *objects = NULL;
    size_t count = 0;
    enum status status = dav_resource_marks(folder, &marks);

    if (status == STATUS_OK)
        status = objects_list(call->op, call->account, folder->place.folder->id,
                              &objects, &count);
    if (status != STATUS_OK)
        return status;
    bool goes_on = each(context, folder);
    for (size_t i = 0; goes_on && i < count; i++) {
        struct dav_resource member = dav_resource_member(folder, &objects[i]);

        goes_on = each(context, &member);
    }
    return STATUS_OK;
}

static bool show(struct dav_call *call, const struct dav_place *place,
                 each_resource *each, void *context)
{
    struct dav_resource resource = { .call = call, .place = *place };

    return each(context, &resource);
}

static bool show_box(struct dav_call *call, const struct dav_place *home,
                     enum dav_place_kind kind, const char *word,
                     each_resource *each, void *context)
{
    struct folder inbox;
    struct dav_place box = {
        .kind = kind,
        .href = dav_place_main(&call->tree, home->owner, word),
        .owner = home->owner,
        .own = true,
    };

    if (kind == DAV_INBOX &&
        schedule_inbox(call->op, call->account, &inbox) == STATUS_OK)
        box.folder = &inbox;
    return show(call, &box, each, context);
}

static bool list_home(struct dav_call *call, const struct dav_place *home,
                      each_resource *each, void *context)
{
    struct dav_place *places =
        arena_array(call->op->arena, call->tree.count + 1, sizeof *places);
    size_t count = dav_place_children(&call->tree, home, places);
    bool goes_on = true;

    for (size_t i = 0; goes_on && i < count; i++)
        goes_on = show(call, &places[i], each, context);
    return !goes_on || !home->own ||
           (show_box(call, home, DAV_INBOX, "inbox", each, context) &&
            show_box(call, home, DAV_OUTBOX, "outbox", each, context));
}

/* --- Collections that only lead to others --------------------------------- */

/* Not the directory: programs that are given the root, and find an address book
 * right there, look no further for somebody's own. */
/* clang-format off */
static const struct {
    const char *above;
    const char *href;
} plain[] = {
    { "/",            "/principals/" },
    { "/",            "/users/" },
    { "/principals/", "/principals/users/" },
};
/* clang-format on */

static bool show_person(struct dav_call *call, enum dav_place_kind kind,
                        const char *mail, bool own, each_resource *each,
                        void *context)
{
    struct arena *arena = call->op->arena;
    struct dav_place place = {
        .kind = kind,
        .href = kind == DAV_HOME ? dav_href_home(arena, mail)
                                 : dav_href_principal(arena, mail),
        .owner = mail,
        .own = own,
    };

    return show(call, &place, each, context);
}

/* Oneself, and whoever's mailbox is known. */
static bool list_people(struct dav_call *call, enum dav_place_kind kind,
                        each_resource *each, void *context)
{
    const char **mails = dav_shared(&call->tree);
    bool goes_on =
        show_person(call, kind, call->tree.self, true, each, context);

    for (size_t i = 0; goes_on && mails[i] != NULL; i++)
        goes_on = show_person(call, kind, mails[i], false, each, context);
    return goes_on;
}

/* What there is of public folders, if there are any. */
static bool show_public(struct dav_call *call, each_resource *each,
                        void *context)
{
    const struct dav_place place = { .kind = DAV_HOME, .href = "/public/" };

    return !folder_store_is_shown(call->account, FOLDER_PUBLIC) ||
           show(call, &place, each, context);
}

static void list_plain(struct dav_call *call, const struct dav_place *above,
                       each_resource *each, void *context)
{
    bool goes_on = true;

    for (size_t i = 0; goes_on && i < sizeof plain / sizeof *plain; i++) {
        struct dav_place place = { .kind = DAV_PLAIN, .href = plain[i].href };

        if (str_equal(plain[i].above, above->href))
            goes_on = show(call, &place, each, context);
    }
    if (goes_on && str_equal(above->href, "/"))
        show_public(call, each, context);
    if (goes_on && str_equal(above->href, "/users/"))
        list_people(call, DAV_HOME, each, context);
    if (goes_on && str_equal(above->href, "/principals/users/"))
        list_people(call, DAV_PRINCIPAL, each, context);
}

enum status dav_list(struct dav_call *call, struct dav_resource *collection,
                     each_resource *each, void *context)
{
    if (is_folder(&collection->place))
        return list_objects(call, collection, each, context);
    if (is_public(&collection->place)) {
        enum status status = dav_look_at_public(&call->tree);

        if (status != STATUS_OK)
            return status;
    }
    if (!each(context, collection))
        return STATUS_OK;
    if (collection->place.kind == DAV_HOME)
        list_home(call, &collection->place, each, context);
    if (collection->place.kind == DAV_PLAIN)
        list_plain(call, &collection->place, each, context);
    return STATUS_OK;
}
