/*
 * form_update.c - UpdateItem of what is no mail
 */
#include "tests/exchange/form.h"

#include <stdlib.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "tests/exchange/contacts.h"
#include "tests/exchange/meeting.h"
#include "tests/exchange/series.h"
#include "tests/exchange/store.h"
#include "tests/exchange/tasks.h"

/* --- One change ---------------------------------------------------------- */

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
    field =
        path->field == NULL ? NULL : form_setting(item, path->field->element);
    if (field == NULL || !(field->field.where & SET_ALWAYS))
        return "ErrorInvalidPropertyDelete";
    return form_put(call, field, item, NULL);
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
    joined.text =
        arena_printf(call->arena, "%s%s", old == NULL ? "" : old, value->text);
    return form_put(call, field, item, &joined);
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
    field = form_setting(item, path.field->element);
    if (field == NULL || !(field->field.where & SET_ALWAYS))
        return "ErrorInvalidPropertySet";
    if (node_is(change, "AppendToItemField"))
        return append_value(call, item, field, element->children);
    return form_put(call, field, item, element->children);
}

static bool changes_zone(const struct node *change)
{
    const struct node *element = change->children->next;

    return element != NULL && element->children != NULL &&
           form_is_zone(element->children);
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

/* --- All of them --------------------------------------------------------- */

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
    const char *how =
        node_attribute(call->request, "SendMeetingInvitationsOrCancellations");
    struct former former;
    const char *code = NULL;

    if (form_of(item) == FORM_EVENT && how == NULL)
        return "ErrorSendMeetingInvitationsOrCancellationsRequired";
    remember(call, item, &former);
    code = apply_all(call, item, change);
    if (code == NULL)
        code = form_settle(call, item, &former.bag);
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
