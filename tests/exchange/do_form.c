/*
 * do_form.c - CreateItem, UpdateItem and DeleteItem of what is no mail
 */
#include "tests/exchange/form.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/calendar.h"
#include "tests/exchange/contacts.h"
#include "tests/exchange/meeting.h"
#include "tests/exchange/series.h"
#include "tests/exchange/store.h"
#include "tests/exchange/tasks.h"

/* --- Fields -------------------------------------------------------------- */

static const struct form_field *find(const struct form_field *table,
                                     const char *element)
{
    for (; table->field.element != NULL; table++)
        if (str_equal(table->field.element, element))
            return table;
    return NULL;
}

/* How an element of an item is set; NULL: it cannot be. */
static const struct form_field *field_of(const struct sim_item *item,
                                         const char *element)
{
    const struct form_field *field =
        find(form_table(form_of(item)), element);

    return field == NULL ? find(common_fields, element) : field;
}

static const char *put_value(struct call *call, const struct form_field *field,
                             struct sim_item *item, const struct node *element)
{
    const struct source *source = &field->field.source;

    if (field->store != NULL)
        return field->store(call, field, item, element);
    if (element != NULL)
        return form_store(call, source, item, element);
    form_remove(item, source->set, source->tag, source->type);
    return NULL;
}

/* --- After changes ------------------------------------------------------- */

static const char *settle(struct call *call, struct sim_item *item,
                          const struct property_bag *before)
{
    switch (form_of(item)) {
    case FORM_EVENT:
        return event_settle(call, item, before);
    case FORM_CONTACT:
    case FORM_LIST:
        contact_settle(item);
        return NULL;
    default:
        return NULL;
    }
}

/* --- CreateItem ---------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *use;
    const char *folder_class;
    const char *code;
    const char *class;
} homes[FORM_COUNT] = {
    [FORM_EVENT]   = { "calendar", "IPF.Appointment", "ErrorCannotCreateCalendarItemInNonCalendarFolder", "IPM.Appointment" },
    [FORM_TASK]    = { "tasks",    "IPF.Task",        "ErrorCannotCreateTaskInNonTaskFolder",             "IPM.Task" },
    [FORM_CONTACT] = { "contacts", "IPF.Contact",     "ErrorCannotCreateContactInNonContactFolder",       "IPM.Contact" },
    [FORM_LIST]    = { "contacts", "IPF.Contact",     "ErrorCannotCreateContactInNonContactFolder",       "IPM.DistList" },
};
/* clang-format on */

static struct sim_folder *home(struct call *call, enum form form,
                               const char **code)
{
    const struct node *id = node_child(call->request, "SavedItemFolderId");
    struct sim_folder *folder;

    if (id == NULL)
        return sim_folder_by_use(call->user, homes[form].use);
    folder = call_folder(call, id->children, WANT_CREATE_ITEMS, code);
    if (str_equal(*code, "ErrorFolderNotFound"))
        *code = "ErrorSavedItemFolderNotFound";
    if (str_equal(*code, "ErrorAccessDenied"))
        *code = "ErrorCreateItemAccessDenied";
    if (folder != NULL &&
        !str_starts_nocase(folder->class, homes[form].folder_class))
        *code = homes[form].code;
    return folder;
}

/* Zones first: times are in them. */
static bool is_zone(const struct node *element)
{
    return node_is(element, "StartTimeZone") ||
           node_is(element, "EndTimeZone") ||
           node_is(element, "MeetingTimeZone");
}

static const char *fill(struct call *call, struct sim_item *item,
                        const struct node *element, bool zones)
{
    const char *code = NULL;

    for (struct node *at = element->children; at != NULL && code == NULL;
         at = at->next) {
        const struct form_field *field = field_of(item, at->name);

        if (is_zone(at) != zones)
            continue;
        if (node_is(at, "ExtendedProperty"))
            code = store_property(call, item, at, true);
        else if (field == NULL ||
                 !(field->field.where & (SET_ALWAYS | SET_NEW)))
            code = node_is(at, "MimeContent") ? NULL
                                              : "ErrorInvalidPropertySet";
        else
            code = put_value(call, field, item, at);
    }
    return code;
}

static const char *check_new(struct call *call, const struct node *element,
                             enum form form)
{
    bool mime = node_child(element, "MimeContent") != NULL;

    if (form == FORM_EVENT &&
        node_attribute(call->request, "SendMeetingInvitations") == NULL)
        return "ErrorSendMeetingInvitationsRequired";
    if (mime && form != FORM_EVENT)
        return "ErrorUnsupportedMimeConversion";
    return NULL;
}

static struct sim_item *add(struct call *call, struct sim_folder *folder,
                            enum form form)
{
    struct sim_content *empty = sim_content_new("\r\n", 2);
    struct sim_item *item = sim_item_add(
        folder, &(struct sim_item_template){ .content = empty,
                                             .class = homes[form].class,
                                             .flags = FLAG_READ,
                                             .received = time_now(),
                                             .submitted = TIME_NONE });

    sim_content_unref(&empty);
    item->creator = call->user;
    if (form == FORM_EVENT)
        event_begin(call, item);
    return item;
}

const char *form_create(struct call *call, const struct node *element,
                        struct sim_item **item_out)
{
    enum form form = form_of_element(element->name);
    const char *code = check_new(call, element, form);
    struct event_read mime = { .calendar = NULL };
    struct sim_folder *folder = NULL;
    struct sim_item *item;

    if (code == NULL)
        folder = home(call, form, &code);
    if (code != NULL)
        return code;
    item = add(call, folder, form);
    if (node_child(element, "MimeContent") != NULL)
        code = event_read_mime(call, item, node_text(element, "MimeContent"),
                               &mime);
    if (code == NULL)
        code = fill(call, item, element, true);
    if (code == NULL)
        code = fill(call, item, element, false);
    if (code == NULL)
        code = settle(call, item, NULL);
    if (code == NULL && mime.calendar != NULL)
        code = event_take_exceptions(call, item, &mime);
    if (code == NULL && form == FORM_EVENT)
        code = meeting_invite(call, item,
                              node_attribute(call->request,
                                             "SendMeetingInvitations"));
    if (code != NULL) {
        sim_item_remove(item);
        return code;
    }
    if (form == FORM_TASK)
        task_settle(item);
    *item_out = item;
    return NULL;
}

/* --- UpdateItem ---------------------------------------------------------- */

static const char *remove_value(struct call *call, struct sim_item *item,
                                const struct path *path)
{
    const struct form_field *field;

    if (path->kind == PATH_EXTENDED && str_equal(path->key.name, "Keywords")) {
        sim_item_set_categories(item, NULL);
        return NULL;
    }
    if (path->kind == PATH_EXTENDED) {
        bag_remove(&item->bag, &path->key);
        return NULL;
    }
    if (path->kind == PATH_INDEXED)
        return contact_store_indexed(call, item, path, NULL);
    field = path->field == NULL ? NULL
                                : field_of(item, path->field->element);
    if (field == NULL || !(field->field.where & SET_ALWAYS))
        return "ErrorInvalidPropertyDelete";
    return put_value(call, field, item, NULL);
}

static bool is_same_property(struct call *call, const struct path *path,
                             const struct node *property)
{
    struct path other;

    return node_is(property, "ExtendedProperty") &&
           path_read(call->arena, node_child(property, "ExtendedFieldURI"),
                     &other) == NULL &&
           property_key_equal(&path->key, &other.key);
}

/* What is appended goes behind what is there. */
static const char *append_value(struct call *call, struct sim_item *item,
                                const struct form_field *field,
                                const struct node *value)
{
    struct node joined = *value;
    const char *old;

    if (!(field->field.where & SET_APPEND))
        return "ErrorInvalidPropertyAppend";
    if (str_equal(field->field.element, "Body"))
        old = form_get(item, NULL, 0x1000, TYPE_STRING);
    else if (str_equal(field->field.element, "Subject"))
        old = form_get(item, NULL, 0x0037, TYPE_STRING);
    else
        return "ErrorInvalidPropertyAppend";
    joined.text = arena_printf(call->arena, "%s%s", old == NULL ? "" : old,
                               value->text);
    return put_value(call, field, item, &joined);
}

/* What an element has to be to hold a field's value: what the item is, or any
 * item where all have the field. */
static bool is_holder(const struct sim_item *item, const struct node *element,
                      const struct field *field)
{
    return form_of_element(element->name) == form_of(item) ||
           (node_is(element, "Item") && str_starts(field->uri, "item:"));
}

static const char *apply(struct call *call, struct sim_item *item,
                         const struct node *change)
{
    const struct node *element = change->children->next;
    const struct form_field *field;
    struct path path;
    const char *code = path_read(call->arena, change->children, &path);

    if (code != NULL)
        return code;
    if (node_is(change, "DeleteItemField"))
        return remove_value(call, item, &path);
    if (node_count(element) != 1)
        return "ErrorIncorrectUpdatePropertyCount";
    if (path.kind == PATH_EXTENDED)
        return is_same_property(call, &path, element->children)
                   ? store_property(call, item, element->children, false)
                   : "ErrorUpdatePropertyMismatch";
    if (path.kind == PATH_INDEXED)
        return contact_store_indexed(call, item, &path, element->children);
    if (path.field == NULL ||
        !str_equal(element->children->name, path.field->element) ||
        !is_holder(item, element, path.field))
        return "ErrorUpdatePropertyMismatch";
    field = field_of(item, path.field->element);
    if (field == NULL || !(field->field.where & SET_ALWAYS))
        return "ErrorInvalidPropertySet";
    if (node_is(change, "AppendToItemField"))
        return append_value(call, item, field, element->children);
    return put_value(call, field, item, element->children);
}

static bool changes_zone(const struct node *change)
{
    const struct node *element = change->children->next;

    return element != NULL && element->children != NULL &&
           is_zone(element->children);
}

static const char *apply_all(struct call *call, struct sim_item *item,
                             const struct node *change)
{
    const struct node *updates = node_child(change, "Updates");
    const char *code = NULL;

    for (struct node *at = updates->children; at != NULL && code == NULL;
         at = at->next)
        if (changes_zone(at))
            code = apply(call, item, at);
    for (struct node *at = updates->children; at != NULL && code == NULL;
         at = at->next)
        if (!changes_zone(at))
            code = apply(call, item, at);
    return code;
}

/* What an item was, to be able to go back. */
struct former {
    struct property_bag bag;
    struct sim_series *series;
    char *class;
    const char **categories;
};

static void remember(struct call *call, const struct sim_item *item,
                     struct former *former)
{
    size_t count = 0;

    *former = (struct former){ .series = sim_series_copy(item->series),
                               .class = memory_strdup(item->class) };
    bag_copy(&former->bag, &item->bag);
    while (item->categories != NULL && item->categories[count] != NULL)
        count++;
    former->categories =
        arena_array(call->arena, count + 1, sizeof *former->categories);
    for (size_t i = 0; i < count; i++)
        former->categories[i] = arena_strdup(call->arena, item->categories[i]);
}

static void forget(struct former *former)
{
    bag_fini(&former->bag);
    sim_series_free(&former->series);
    free(former->class);
}

static void go_back(struct sim_item *item, struct former *former)
{
    struct property_bag bag = item->bag;
    struct sim_series *series = item->series;
    char *class = item->class;

    item->bag = former->bag;
    item->series = former->series;
    item->class = former->class;
    former->bag = bag;
    former->series = series;
    former->class = class;
    sim_item_set_categories(item, former->categories);
}

const char *form_update(struct call *call, struct sim_item *item,
                        const struct node *change)
{
    struct sim_item *kept = item->master == NULL ? item : item->master;
    const char *how = node_attribute(call->request,
                                     "SendMeetingInvitationsOrCancellations");
    struct former former;
    const char *code = NULL;

    if (form_of(item) == FORM_EVENT && how == NULL)
        return "ErrorSendMeetingInvitationsOrCancellationsRequired";
    remember(call, item, &former);
    code = apply_all(call, item, change);
    if (code == NULL)
        code = settle(call, item, &former.bag);
    if (code == NULL && item->master != NULL)
        code = sim_occurrence_keep(call->arena, item);
    if (code == NULL && form_of(item) == FORM_EVENT)
        code = meeting_update(call, item, &former.bag, how);
    if (code != NULL)
        go_back(item, &former);
    forget(&former);
    if (code != NULL)
        return code;
    if (form_of(item) == FORM_TASK)
        task_settle(item);
    sim_item_touch(kept);
    item->tick = kept->tick;
    return NULL;
}

/* --- DeleteItem ---------------------------------------------------------- */

const char *form_delete(struct call *call, struct sim_item *item,
                        enum sim_item_disposal how)
{
    const char *notice =
        node_attribute(call->request, "SendMeetingCancellations");
    const char *tasks = node_attribute(call->request, "AffectedTaskOccurrences");

    if (form_of(item) == FORM_EVENT && notice == NULL)
        return "ErrorSendMeetingCancellationsRequired";
    if (form_of(item) == FORM_TASK && tasks == NULL)
        return "ErrorAffectedTaskOccurrencesRequired";
    if (form_of(item) == FORM_EVENT)
        meeting_cancel(call, item, notice, NULL);
    if (form_of(item) == FORM_TASK && item->series != NULL &&
        str_equal(tasks, "SpecifiedOccurrenceOnly") && task_skip(item)) {
        sim_item_touch(item);
    } else if (item->master != NULL) {
        sim_occurrence_remove(item->master, item->day);
        sim_item_touch(item->master);
    } else {
        sim_item_dispose(item, how);
    }
    return NULL;
}
