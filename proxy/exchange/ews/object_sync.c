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
#include "proxy/exchange/ews/sync.h"

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

/* Who takes the pages. */
struct taker {
    bool (*page)(void *context, const struct remote_object_page *page);
    void *context;
};

static bool take_page(void *context, struct arena *arena,
                      const struct sync_page *page)
{
    const struct taker *taker = context;
    struct remote_object_delta *deltas =
        arena_array(arena, page->count + 1, sizeof *deltas);
    struct remote_object_page read = { .deltas = deltas,
                                       .state = page->state,
                                       .last = page->last };

    for (const struct xml_node *at = page->first; at != NULL; at = at->next)
        read.count += read_delta(arena, at, &deltas[read.count]);
    return taker->page(taker->context, &read);
}

enum status ews_objects_sync(
    struct op *op, struct remote *remote, const char *folder, const char *state,
    bool (*page)(void *context, const struct remote_object_page *page),
    void *context)
{
    struct taker taker = { page, context };
    const struct sync sync = { .folder = folder,
                               .state = state,
                               .shape = object_write_shape,
                               .page = take_page,
                               .context = &taker };

    return sync_run(op, ews_of(remote), &sync);
}
