/*
 * object_sync.c - which events, tasks and contacts a folder holds
 *
 * Only their ids and names are asked for: the contents of those that are new
 * are read in batches.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/objects.h"
#include "proxy/exchange/ews/property.h"

/* The most that Exchange gives. */
#define CHANGES_AT_ONCE "512"

static const struct property item_class = { PROPERTY_FIELD, 0, "item:ItemClass",
                                            NULL };

/* --- Rows ----------------------------------------------------------------- */

void object_write_shape(struct soap_request *request)
{
    struct xml_writer *writer = &request->writer;

    xml_open(writer, "m:ItemShape");
    xml_element(writer, "t:BaseShape", "IdOnly");
    xml_open(writer, "t:AdditionalProperties");
    property_write_path(writer, &item_class);
    property_write_path(writer, &property_object_name);
    property_write_path(writer, &property_token);
    xml_close(writer);
    xml_close(writer);
}

/* clang-format off */
/* By their classes, which may go on after a dot, or by their elements. */
static const struct {
    const char *class;
    const char *element;
    enum remote_object_kind kind;
} kinds[] = {
    { "IPM.Appointment", "CalendarItem",     REMOTE_EVENT },
    { "IPM.Task",        "Task",             REMOTE_TASK },
    { "IPM.Contact",     "Contact",          REMOTE_CONTACT },
    { "IPM.DistList",    "DistributionList", REMOTE_GROUP },
};
/* clang-format on */

static enum remote_object_kind kind_of(const char *class, const char *element)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t len = strlen(kinds[i].class);
        if (class == NULL ? strcmp(element, kinds[i].element) == 0
                          : str_starts_nocase(class, kinds[i].class) &&
                                (class[len] == '\0' || class[len] == '.'))
            return kinds[i].kind;
    }
    return REMOTE_OTHER;
}

static const char *text_or_null(struct arena *arena, const char *text)
{
    return text != NULL && *text != '\0' ? arena_strdup(arena, text) : NULL;
}

bool object_read_row(struct arena *arena, const struct xml_node *node,
                     struct remote_object *object)
{
    const struct xml_node *id = xml_child(node, "ItemId");
    const char *change_key = xml_value(id, "ChangeKey");

    memset(object, 0, sizeof *object);
    object->id = arena_strdup(arena, xml_value(id, "Id"));
    if (object->id == NULL)
        return false;
    object->change_key =
        arena_strdup(arena, change_key != NULL ? change_key : "");
    object->kind = kind_of(property_text(node, &item_class), node->name);
    object->name =
        text_or_null(arena, property_text(node, &property_object_name));
    object->token = text_or_null(arena, property_text(node, &property_token));
    return true;
}

/* --- Synchronisation ------------------------------------------------------ */

struct syncing {
    const char *folder;
    const char *state;
};

static void build(void *context, struct soap_request *request)
{
    const struct syncing *syncing = context;
    struct xml_writer *writer = &request->writer;

    object_write_shape(request);
    xml_open(writer, "m:SyncFolderId");
    soap_folder(writer, syncing->folder);
    xml_close(writer);
    if (syncing->state != NULL)
        xml_element(writer, "m:SyncState", syncing->state);
    xml_element(writer, "m:MaxChangesReturned", CHANGES_AT_ONCE);
    /* Without this, Exchange 2010 and later list what belongs to the folder
     * itself. */
    if (request->version >= EWS_2010)
        xml_element(writer, "m:SyncScope", "NormalItems");
}

/* <Create><CalendarItem>...</CalendarItem></Create>
 * <Delete><ItemId Id="..."/></Delete>
 * A ReadFlagChange says nothing of an object. */
static bool read_delta(struct arena *arena, const struct xml_node *node,
                       struct remote_object_delta *delta)
{
    if (strcmp(node->name, "Delete") == 0) {
        delta->gone = true;
        return object_read_row(arena, node, &delta->object);
    }
    if (strcmp(node->name, "Create") != 0 && strcmp(node->name, "Update") != 0)
        return false;
    return node->children != NULL &&
           object_read_row(arena, node->children, &delta->object);
}

static void read_page(struct arena *arena, const struct xml_node *message,
                      struct remote_object_page *page)
{
    const struct xml_node *list = xml_child(message, "Changes");
    const struct xml_node *first = list != NULL ? list->children : NULL;
    struct remote_object_delta *deltas;
    size_t count = 0;

    for (const struct xml_node *at = first; at != NULL; at = at->next)
        count++;
    deltas = arena_array(arena, count + 1, sizeof *deltas);
    page->deltas = deltas;
    page->count = 0;
    for (const struct xml_node *at = first; at != NULL; at = at->next)
        page->count += read_delta(arena, at, &deltas[page->count]);
    page->state = xml_child_text(message, "SyncState");
    page->last =
        !str_equal(xml_child_text(message, "IncludesLastItemInRange"), "false");
}

static enum status sync_page(struct op *op, struct ews *ews,
                             struct syncing *syncing, struct arena *arena,
                             struct remote_object_page *page)
{
    struct soap_call call = { .operation = "SyncFolderItems",
                              .find = true,
                              .build = build,
                              .context = syncing };
    const struct xml_node *message;
    enum status status = soap_ask(op, ews, &call, arena, &message);

    if (status == STATUS_NOT_FOUND)
        return STATUS_NO_FOLDER;
    if (status != STATUS_OK)
        return status;
    read_page(arena, message, page);
    if (page->state == NULL || (!page->last && page->count == 0 &&
                                str_equal(page->state, syncing->state)))
        return op_fail(op, STATUS_INTERNAL, "SyncFolderItems: no progress");
    return STATUS_OK;
}

enum status ews_objects_sync(
    struct op *op, struct remote *remote, const char *folder, const char *state,
    bool (*page)(void *context, const struct remote_object_page *page),
    void *context)
{
    struct syncing syncing = { .folder = folder, .state = state };
    struct arena *arenas[2] = { arena_new(), arena_new() };
    struct remote_object_page got = { .last = false };
    enum status status = STATUS_OK;

    /* A page's state lives in its arena while the next page comes into the
     * other. */
    for (size_t turn = 0; status == STATUS_OK && !got.last; turn = !turn) {
        arena_reset(arenas[turn]);
        status = sync_page(op, ews_of(remote), &syncing, arenas[turn], &got);
        if (status == STATUS_OK && !page(context, &got))
            status =
                op_fail(op, STATUS_CANCELLED, "the changes are not wanted");
        syncing.state = got.state;
    }
    arena_free(&arenas[0]);
    arena_free(&arenas[1]);
    return status;
}
