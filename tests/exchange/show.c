/*
 * show.c - items and folders in answers, as a shape asks for them
 */
#include "tests/exchange/show.h"

#include <string.h>

#include "proxy/base/str.h"
#include "proxy/base/utf8.h"
#include "tests/exchange/form.h"
#include "tests/exchange/permissions.h"
#include "tests/exchange/searches.h"
#include "tests/exchange/stores.h"

const char *shape_read(struct call *call, const struct node *node,
                       enum shape_use use, struct shape *shape)
{
    const struct node *paths = node_child(node, "AdditionalProperties");

    *shape = (struct shape){ .columns = use != SHAPE_GET };
    shape->base = node_text(node, "BaseShape");
    shape->mime = node_true(node_text(node, "IncludeMimeContent"));
    shape->paths =
        arena_array(call->arena, node_count(paths) + 1, sizeof *shape->paths);
    for (struct node *at = paths == NULL ? NULL : paths->children; at != NULL;
         at = at->next) {
        struct path *path = &shape->paths[shape->count++];
        const char *code = path_read(call->arena, at, path);

        if (code != NULL)
            return code;
        if (use == SHAPE_FIND && path->field != NULL &&
            !(path->field->where & IN_FIND))
            return "ErrorInvalidPropertyForOperation";
        if (path->field != NULL &&
            str_equal(path->field->element, "MimeContent"))
            shape->mime = true;
    }
    return use == SHAPE_FIND && shape->mime ? "ErrorInvalidPropertyForOperation"
                                            : NULL;
}

/* --- Items --------------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *class;
    const char *element;
} elements[] = {
    { "IPM.Schedule.Meeting.Request",  "MeetingRequest" },
    { "IPM.Schedule.Meeting.Canceled", "MeetingCancellation" },
    { "IPM.Schedule.Meeting.Resp",     "MeetingResponse" },
    { "IPM.Post",                      "PostItem" },
    { "IPM.Appointment",               "CalendarItem" },
    { "IPM.Contact",                   "Contact" },
    { "IPM.DistList",                  "DistributionList" },
};
/* clang-format on */

const char *item_element(const struct sim_item *item)
{
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
        if (str_starts_nocase(item->class, elements[i].class))
            return elements[i].element;
    return form_of(item) == FORM_TASK ? "Task" : "Message";
}

static bool asked_for(const struct shape *shape, const struct field *field)
{
    /* Requests for meetings show fields of events. */
    for (size_t i = 0; i < shape->count; i++)
        if (shape->paths[i].field == field ||
            (shape->paths[i].field != NULL && field->uri != NULL &&
             str_equal(shape->paths[i].field->uri, field->uri)))
            return true;
    return false;
}

static bool is_shown(const struct call *call, const struct shape *shape,
                     const struct field *field)
{
    bool base =
        (field->where & IN_ID) ||
        ((field->where & IN_DEFAULT) && str_equal(shape->base, "Default")) ||
        ((field->where & IN_ALL) && str_equal(shape->base, "AllProperties"));

    if (call->version < field->since ||
        (shape->columns && !(field->where & IN_FIND)))
        return false;
    return base || asked_for(shape, field) ||
           (shape->mime && str_equal(field->element, "MimeContent"));
}

/* Lists keep the first 255 characters of a text. */
static const char *cut(struct call *call, const struct shape *shape,
                       const char *text)
{
    const char *end = text + strlen(text);
    const char *at = text;

    if (!shape->columns)
        return text;
    for (size_t n = 0; n < 255 && at < end; n++)
        utf8_next(&at, end);
    return *at == '\0' ? text
                       : arena_strndup(call->arena, text, (size_t)(at - text));
}

static void show_extended(struct call *call, const struct shape *shape,
                          struct sim_item *item)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct path *path = &shape->paths[i];
        struct property_value value;
        const char *text;

        if (path->kind != PATH_EXTENDED)
            continue;
        value = path_values(call->arena, path, item);
        if (value.count == 0)
            continue;
        if (path->key.type == TYPE_STRING) {
            text = cut(call, shape, value.texts[0]);
            value = (struct property_value){ &text, 1 };
            put_extended(call, path, &value);
        } else {
            put_extended(call, path, &value);
        }
    }
}

static void show_field(struct call *call, const struct shape *shape,
                       const struct field *field, struct sim_item *item)
{
    const char *text;

    if (field->write != NULL) {
        field->write(call, field, item);
    } else if ((text = field_text(call->arena, field, item)) != NULL) {
        put_element(&call->out,
                    arena_printf(call->arena, "t:%s", field->element),
                    cut(call, shape, text));
    }
}

/* What a kind of item has beyond all items. */
static void show_form(struct call *call, const struct shape *shape,
                      struct sim_item *item)
{
    const struct form_field *table = form_table(form_of(item));
    bool request = str_equal(item_element(item), "MeetingRequest");

    for (; table != NULL && table->field.element != NULL; table++)
        if (is_shown(call, shape, &table->field) &&
            (request || !(table->field.where & REQUEST_ONLY)))
            show_field(call, shape, &table->field, item);
}

const char *show_item(struct call *call, const struct shape *shape,
                      struct sim_item *item)
{
    const char *element = item_element(item);
    bool post = str_equal(element, "PostItem") || form_is_kept(item);

    if (item->corrupt && !shape->columns && shape->mime)
        return "ErrorItemCorrupt";
    buf_printf(&call->out, "<t:%s>", element);
    for (const struct field *field = item_fields; field->element != NULL;
         field++) {
        if (str_equal(field->element, "ExtendedProperty"))
            show_extended(call, shape, item);
        else if (!(post && (field->where & MESSAGE_ONLY)) &&
                 is_shown(call, shape, field))
            show_field(call, shape, field, item);
    }
    show_form(call, shape, item);
    buf_printf(&call->out, "</t:%s>", element);
    return NULL;
}

void show_item_id(struct call *call, struct sim_item *item)
{
    buf_printf(&call->out, "<t:%s>", item_element(item));
    put_item_id(call, "t:ItemId", item);
    buf_printf(&call->out, "</t:%s>", item_element(item));
}

/* --- Folders ------------------------------------------------------------- */

const char *folder_element(const struct sim_folder *folder)
{
    if (folder->search)
        return "SearchFolder";
    if (str_starts_nocase(folder->class, "IPF.Appointment"))
        return "CalendarFolder";
    if (str_starts_nocase(folder->class, "IPF.Contact"))
        return "ContactsFolder";
    return str_starts_nocase(folder->class, "IPF.Task") ? "TasksFolder"
                                                        : "Folder";
}

static size_t children_of(const struct sim_folder *folder)
{
    const struct sim_mailbox *mailbox = folder->mailbox;
    size_t count = 0;

    for (size_t i = 0; i < mailbox->folder_count; i++)
        count +=
            !mailbox->folders[i]->gone && mailbox->folders[i]->parent == folder;
    return count;
}

static void show_class(struct call *call, struct sim_folder *folder)
{
    if (*folder->class != '\0')
        put_element(&call->out, "t:FolderClass", folder->class);
}

static void show_name(struct call *call, struct sim_folder *folder)
{
    put_element(&call->out, "t:DisplayName", folder->name);
}

static void show_parent(struct call *call, struct sim_folder *folder)
{
    if (folder->parent != NULL)
        put_folder_id(call, "t:ParentFolderId", folder->parent);
}

static void show_total(struct call *call, struct sim_folder *folder)
{
    buf_printf(&call->out, "<t:TotalCount>%zu</t:TotalCount>",
               sim_folder_total(folder));
}

static void show_children(struct call *call, struct sim_folder *folder)
{
    buf_printf(&call->out, "<t:ChildFolderCount>%zu</t:ChildFolderCount>",
               children_of(folder));
}

static void show_effective(struct call *call, struct sim_folder *folder)
{
    put_folder_rights(call, folder);
}

static void show_use(struct call *call, struct sim_folder *folder)
{
    /* The folder of all items has a use but no name in the schema. */
    if (folder->use != NULL && !folder->search)
        put_element(&call->out, "t:DistinguishedFolderId", folder->use);
}

static void show_unread(struct call *call, struct sim_folder *folder)
{
    const char *element = folder_element(folder);

    if (!str_equal(element, "CalendarFolder") &&
        !str_equal(element, "ContactsFolder"))
        buf_printf(&call->out, "<t:UnreadCount>%zu</t:UnreadCount>",
                   sim_folder_unread(folder));
}

/* In the order of the schema; the one without a URI is where extended ones
 * stand. */
/* clang-format off */
static const struct {
    const char *uri;
    unsigned where;
    enum schema_version since;
    void (*show)(struct call *call, struct sim_folder *folder);
} folder_fields[] = {
    { "folder:ParentFolderId",        IN_ALL,              SCHEMA_2007,     show_parent },
    { "folder:FolderClass",           IN_ALL,              SCHEMA_2007,     show_class },
    { "folder:DisplayName",           IN_DEFAULT | IN_ALL, SCHEMA_2007,     show_name },
    { "folder:TotalCount",            IN_DEFAULT | IN_ALL, SCHEMA_2007,     show_total },
    { "folder:ChildFolderCount",      IN_DEFAULT | IN_ALL, SCHEMA_2007,     show_children },
    { NULL,                           0,                   SCHEMA_2007,     NULL },
    { "folder:EffectiveRights",       IN_ALL,              SCHEMA_2007_SP1, show_effective },
    { "folder:DistinguishedFolderId", IN_ALL,              SCHEMA_2013,     show_use },
    { "folder:PermissionSet",         0,                   SCHEMA_2007_SP1, put_permissions },
    { "folder:UnreadCount",           IN_DEFAULT | IN_ALL, SCHEMA_2007,     show_unread },
    { "folder:SearchParameters",      IN_ALL,              SCHEMA_2007,     put_search },
};
/* clang-format on */

static bool folder_field_is_shown(const struct call *call,
                                  const struct shape *shape, size_t row)
{
    if (call->version < folder_fields[row].since)
        return false;
    if ((folder_fields[row].where & IN_DEFAULT) &&
        str_equal(shape->base, "Default"))
        return true;
    if ((folder_fields[row].where & IN_ALL) &&
        str_equal(shape->base, "AllProperties"))
        return true;
    for (size_t i = 0; i < shape->count; i++)
        if (str_equal(shape->paths[i].uri, folder_fields[row].uri))
            return true;
    return false;
}

static void show_folder_extended(struct call *call, const struct shape *shape,
                                 struct sim_folder *folder)
{
    for (size_t i = 0; i < shape->count; i++) {
        struct property_value value;

        if (shape->paths[i].kind != PATH_EXTENDED)
            continue;
        value = folder_values(call->arena, &shape->paths[i], folder);
        if (value.count > 0)
            put_extended(call, &shape->paths[i], &value);
    }
}

void show_folder(struct call *call, const struct shape *shape,
                 struct sim_folder *folder)
{
    buf_printf(&call->out, "<t:%s>", folder_element(folder));
    put_folder_id(call, "t:FolderId", folder);
    for (size_t i = 0; i < sizeof folder_fields / sizeof *folder_fields; i++) {
        if (folder_fields[i].uri == NULL)
            show_folder_extended(call, shape, folder);
        else if (folder_field_is_shown(call, shape, i))
            folder_fields[i].show(call, folder);
    }
    buf_printf(&call->out, "</t:%s>", folder_element(folder));
}

void answer_folder(struct call *call, struct sim_folder *folder,
                   const struct shape *shape)
{
    message_begin(call, NULL);
    buf_puts(&call->out, "<m:Folders>");
    show_folder(call, shape, folder);
    buf_puts(&call->out, "</m:Folders>");
    message_end(call);
}
