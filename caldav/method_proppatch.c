/*
 * method_proppatch.c - PROPPATCH: clients' properties (RFC 4918, 9.2)
 *
 * All of it happens or nothing.  What Exchange has no place for is kept here;
 * the name of a folder of one's own making is the folder's name at Exchange.
 * Folders that everyone has cannot be renamed there: their name is kept, too.
 */
#include "caldav/condition.h"
#include "caldav/proppatch.h"

#include <string.h>

#include "caldav/listing.h"
#include "caldav/names.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* The most that is kept of one value. */
#define VALUE_MAX (256 * 1024)

static bool is_renaming(const struct dav_resource *resource, const char *name)
{
    const struct folder *folder = resource->place.folder;

    return str_equal(name, "D:displayname") && resource->object == NULL &&
           folder->use == FOLDER_PLAIN && folder->store == FOLDER_OWN;
}

/* RFC 4918, 4.3: the language belongs to the value.  What is no language (RFC
 * 5646) tells nobody anything. */
static const char *value_of(struct arena *arena, const struct dav_node *node)
{
    static const char tag[] = "abcdefghijklmnopqrstuvwxyz0123456789-"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const char *value = dav_content(arena, node);
    const char *language = dav_language(node);

    if (value == NULL || language == NULL ||
        language[strspn(language, tag)] != '\0')
        return value;
    return arena_printf(arena, DAV_KEPT_LANGUAGE "%s?>%s", language, value);
}

static void find_fault(const struct dav_resource *resource,
                       struct dav_change *change)
{
    static const struct dav_fault nameless = { NULL, "A folder needs a name" };
    struct arena *arena = resource->call->op->arena;
    const struct dav_fault *fault =
        dav_prop_fault(arena, change->name, change->node);

    if (is_renaming(resource, change->name) &&
        *dav_text(arena, change->node) == '\0')
        fault = &nameless;
    if (fault == NULL)
        return;
    change->code = fault->precondition != NULL ? 403 : 409;
    change->precondition = fault->precondition;
    change->sentence = fault->sentence;
}

/* Whether one may be set, and if not, why not. */
static void check(struct dav_resource *resource, struct dav_change *change)
{
    struct arena *arena = resource->call->op->arena;
    const struct dav_prop *prop = dav_prop_find(change->name);
    bool applies =
        prop == NULL || (prop->places & DAV_KIND(resource->place.kind)) != 0;

    if (prop != NULL && (!applies || (prop->traits & DAV_PROP_KEPT) == 0)) {
        change->code = 403;
        change->precondition = "D:cannot-modify-protected-property";
        return;
    }
    if (change->node == NULL)
        return;
    change->value = value_of(arena, change->node);
    if (change->value == NULL || strlen(change->value) > VALUE_MAX) {
        change->code = 507;
        return;
    }
    find_fault(resource, change);
}

static void add_change(struct arena *arena, struct dav_changes *changes,
                       const struct dav_node *node, bool removes)
{
    size_t count = changes->count++;

    /* Room for the next power of two. */
    if ((count & (count - 1)) == 0) {
        struct dav_change *more =
            arena_array(arena, count == 0 ? 1 : 2 * count, sizeof *more);

        if (count > 0)
            memcpy(more, changes->list, count * sizeof *more);
        changes->list = more;
    }
    changes->list[count] = (struct dav_change){ .name = node->name,
                                                .node = removes ? NULL : node,
                                                .code = 200 };
}

void dav_changes_read(struct arena *arena, const struct dav_node *root,
                      struct dav_changes *changes)
{
    for (const struct dav_node *action = dav_child(root, NULL); action != NULL;
         action = dav_sibling(action, NULL)) {
        bool removes = str_equal(action->name, "D:remove");
        const struct dav_node *prop = dav_child(action, "D:prop");

        if (!removes && !str_equal(action->name, "D:set"))
            continue;
        for (; prop != NULL; prop = dav_sibling(prop, "D:prop"))
            for (const struct dav_node *node = dav_child(prop, NULL);
                 node != NULL; node = dav_sibling(node, NULL))
                add_change(arena, changes, node, removes);
    }
}

static bool are_good(const struct dav_changes *changes)
{
    for (size_t i = 0; i < changes->count; i++)
        if (changes->list[i].code != 200)
            return false;
    return true;
}

/* What is good by itself fails with the rest (RFC 4918, 11.4). */
static void fail(struct dav_changes *changes, const char *name, int code)
{
    for (size_t i = 0; i < changes->count; i++)
        if (changes->list[i].code == 200)
            changes->list[i].code =
                name == NULL || str_equal(changes->list[i].name, name) ? code
                                                                       : 424;
}

static enum status keep(struct dav_resource *resource,
                        const struct dav_changes *changes)
{
    struct dav_call *call = resource->call;
    struct arena *arena = call->op->arena;
    struct object_property *properties =
        arena_array(arena, changes->count + 1, sizeof *properties);
    size_t count = 0;

    for (size_t i = 0; i < changes->count; i++)
        if (!is_renaming(resource, changes->list[i].name))
            properties[count++] = (struct object_property){
                .name = dav_name_long(arena, changes->list[i].name),
                .value = changes->list[i].value,
            };
    if (count == 0)
        return STATUS_OK;
    return object_set_properties(
        call->op, call->account, resource->place.folder->id,
        resource->object != NULL ? resource->object->name : NULL, properties,
        count);
}

static enum status rename_folder(struct dav_resource *resource,
                                 const char *name)
{
    const struct folder *folder = resource->place.folder;

    if (str_equal(folder->name, name))
        return STATUS_OK;
    return folder_rename(resource->call->op, resource->call->account,
                         folder->id, folder->parent, name);
}

static const char *new_name(const struct dav_resource *resource,
                            const struct dav_changes *changes)
{
    const char *name = NULL;

    for (size_t i = 0; i < changes->count; i++)
        if (is_renaming(resource, changes->list[i].name) &&
            changes->list[i].node != NULL)
            name = dav_text(resource->call->op->arena, changes->list[i].node);
    return name;
}

bool dav_changes_apply(struct dav_resource *resource,
                       struct dav_changes *changes)
{
    for (size_t i = 0; i < changes->count; i++)
        check(resource, &changes->list[i]);
    if (!are_good(changes)) {
        fail(changes, "", 424);
        return false;
    }

    const char *name = new_name(resource, changes);
    enum status status =
        name != NULL ? rename_folder(resource, name) : STATUS_OK;
    if (status != STATUS_OK) {
        fail(changes, "D:displayname",
             status == STATUS_EXISTS ? 409 : dav_words(status)->code);
        return false;
    }
    status = keep(resource, changes);
    if (status == STATUS_OK)
        return true;
    if (name != NULL)
        rename_folder(resource, resource->place.folder->name);
    fail(changes, NULL, dav_words(status)->code);
    return false;
}

/* --- The answer ----------------------------------------------------------- */

void dav_changes_put(struct xml_writer *writer, struct arena *arena,
                     const struct dav_changes *changes)
{
    for (size_t i = 0; i < changes->count; i++) {
        const struct dav_change *change = &changes->list[i];

        xml_open(writer, "D:propstat");
        xml_open(writer, "D:prop");
        dav_open(writer, arena, change->name);
        xml_close(writer);
        xml_close(writer);
        dav_put_status(writer, change->code);
        if (change->precondition != NULL)
            dav_put_error(writer, change->precondition);
        if (change->sentence != NULL)
            xml_element(writer, "D:responsedescription", change->sentence);
        xml_close(writer);
    }
}

static bool can_keep(const struct dav_place *place)
{
    return (DAV_KIND(place->kind) & (DAV_FOLDERS | DAV_KIND(DAV_OBJECT))) != 0;
}

enum status dav_method_proppatch(struct dav_call *call)
{
    struct dav_changes changes = { 0 };
    const struct dav_node *root;
    struct dav_multistatus out;
    struct dav_resource resource;
    struct object_condition condition;

    if (!dav_read_body(call, false, &root))
        return STATUS_OK;
    if (!str_equal(root->name, "D:propertyupdate"))
        return dav_refuse(call, 400, NULL, "PROPPATCH takes a propertyupdate");
    if (!can_keep(&call->place))
        return dav_refuse(call, 403, "D:cannot-modify-protected-property",
                          NULL);
    if (!dav_may(call, call->place.folder, FOLDER_MAY_MODIFY))
        return STATUS_OK;
    enum status status = dav_resource_find(call, &call->place, &resource);
    if (status != STATUS_OK)
        return status;
    if (resource.object != NULL &&
        !dav_check_conditions(call, &resource.marks, resource.object,
                              &condition))
        return STATUS_OK;

    dav_changes_read(call->op->arena, root, &changes);
    bool good = dav_changes_apply(&resource, &changes);
    if (good && dav_prefers(call, "return=minimal")) {
        dav_applied(call, "return=minimal");
        dav_reply_empty(call->reply, 200);
        return STATUS_OK;
    }
    dav_multistatus_init(&out, call);
    out.minimal = false;
    dav_response_begin(&out, call->place.href);
    dav_changes_put(&out.writer, call->op->arena, &changes);
    dav_response_end(&out);
    return dav_multistatus_end(&out, NULL);
}
