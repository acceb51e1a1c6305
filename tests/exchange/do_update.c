/*
 * do_update.c - UpdateItem: one property after the other
 */
#include "tests/exchange/call.h"

#include <stdlib.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/form.h"
#include "tests/exchange/path.h"
#include "tests/exchange/show.h"
#include "tests/exchange/store.h"
#include "tests/exchange/stores.h"

/* What a change has done. */
struct update {
    struct sim_item *item;
    bool touched;             /* more than the read flag */
    bool set_read;
    bool read;
};

static void replace_content(struct update *update, struct sim_content *content)
{
    sim_item_set_content(update->item, content);
    sim_content_unref(&content);
}

static const char *set_field(struct call *call, struct update *update,
                             const struct path *path,
                             const struct node *element)
{
    struct sim_item *item = update->item;
    const struct node *value = element->children;

    update->touched = true;
    if (path->field == NULL || !str_equal(value->name, path->field->element))
        return "ErrorUpdatePropertyMismatch";
    if (str_equal(path->uri, "message:IsRead")) {
        update->touched = false;
        update->set_read = true;
        update->read = node_true(value->text);
    } else if (str_equal(path->uri, "item:Categories")) {
        store_categories(call, item, value);
    } else if (str_equal(path->uri, "item:Flag")) {
        store_flag(item, node_text(value, "FlagStatus"));
    } else if (str_equal(path->uri, "item:ItemClass")) {
        free(item->class);
        item->class = memory_strdup(value->text);
    } else if (compose_knows(path->uri)) {
        replace_content(update, compose(call, element, item->content));
    } else {
        return "ErrorInvalidPropertySet";
    }
    return NULL;
}

static const char *delete_field(struct update *update, const struct path *path)
{
    struct sim_item *item = update->item;

    update->touched = true;
    if (path->kind == PATH_EXTENDED &&
        str_equal(path->key.set, SET_PUBLIC_STRINGS) &&
        str_equal(path->key.name, "Keywords"))
        sim_item_set_categories(item, NULL);
    else if (path->kind == PATH_EXTENDED)
        bag_remove(&item->bag, &path->key);
    else if (str_equal(path->uri, "item:Categories"))
        sim_item_set_categories(item, NULL);
    else if (str_equal(path->uri, "item:Flag"))
        store_flag(item, "NotFlagged");
    else if (compose_knows(path->uri))
        replace_content(update, compose_without(path->uri, item->content));
    else
        return "ErrorInvalidPropertyDelete";
    return NULL;
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

static const char *apply(struct call *call, struct update *update,
                         const struct node *change)
{
    const struct node *element = change->children->next;
    struct path path;
    const char *code = path_read(call->arena, change->children, &path);

    if (code != NULL)
        return code;
    if (node_is(change, "DeleteItemField"))
        return delete_field(update, &path);
    if (node_is(change, "AppendToItemField"))
        return "ErrorInvalidPropertyAppend";
    if (node_count(element) != 1)
        return "ErrorIncorrectUpdatePropertyCount";
    if (path.kind != PATH_EXTENDED)
        return set_field(call, update, &path, element);
    if (!is_same_property(call, &path, element->children))
        return "ErrorUpdatePropertyMismatch";
    update->touched = true;
    return store_property(call, update->item, element->children, false);
}

/* --- One item ------------------------------------------------------------ */

static const char *check(const struct call *call, const struct node *id,
                         bool stale)
{
    const char *how = node_attribute(call->request, "ConflictResolution");

    if (str_equal(how, "AlwaysOverwrite"))
        return NULL;
    if (node_attribute(id, "ChangeKey") == NULL)
        return "ErrorChangeKeyRequiredForWriteOperations";
    return stale && str_equal(how, "NeverOverwrite")
               ? "ErrorIrresolvableConflict"
               : NULL;
}

static bool suppresses_receipts(const struct call *call)
{
    return node_true(node_attribute(call->request, "SuppressReadReceipts"));
}

/* What one has read of the public folders is his own affair. */
static bool is_own_mark(const struct sim_item *item,
                        const struct node *updates)
{
    for (struct node *at = updates->children; at != NULL; at = at->next)
        if (!str_equal(node_attribute(at->children, "FieldURI"),
                       "message:IsRead"))
            return false;
    return sim_is_public(item->folder->mailbox);
}

static const char *update_one(struct call *call, const struct node *change,
                              struct sim_item **item_out)
{
    const struct node *updates = node_child(change, "Updates");
    struct update update = { .touched = false };
    const char *code = message_fault(call);
    bool stale = false;

    if (code == NULL)
        update.item =
            call_item(call, change->children, WANT_READ, &code, &stale);
    if (code == NULL && !form_is_kept(update.item) &&
        node_attribute(call->request, "MessageDisposition") == NULL)
        code = "ErrorMessageDispositionRequired";
    if (code == NULL && !is_own_mark(update.item, updates))
        code = sim_refuses_item(call->user, update.item, WANT_EDIT);
    if (code == NULL)
        code = check(call, change->children, stale);
    *item_out = update.item;
    if (code == NULL && form_is_kept(update.item))
        return form_update(call, update.item, change);
    for (struct node *at = updates->children; at != NULL && code == NULL;
         at = at->next)
        code = apply(call, &update, at);
    if (code != NULL)
        return code;
    if (update.touched)
        sim_item_touch(update.item);
    if (update.set_read)
        sim_item_set_read(update.item, update.read);
    if (update.set_read && update.read)
        sim_item_answer_receipt(update.item, true, suppresses_receipts(call));
    return NULL;
}

/* With SendAndSaveCopy a draft goes out as it now is. */
static const char *send_updated(struct call *call, struct sim_item **item)
{
    const char *disposition =
        node_attribute(call->request, "MessageDisposition");
    struct sim_submission submission = { .sender = call->user };
    struct sim_item *kept;
    const char *code;

    if (form_is_kept(*item) || str_equal(disposition, "SaveOnly"))
        return NULL;
    submission.content = (*item)->content;
    submission.class = (*item)->class;
    if (str_equal(disposition, "SendAndSaveCopy"))
        submission.save_to = sim_folder_by_use(call->user, "sentitems");
    code = submit_code(sim_submit(&submission, &kept));
    if (code == NULL) {
        sim_item_remove(*item);
        *item = NULL;
    }
    return code;
}

void do_update_item(struct call *call)
{
    const struct node *changes = node_child(call->request, "ItemChanges");

    for (struct node *at = changes->children; at != NULL; at = at->next) {
        struct sim_item *item = NULL;
        const char *code = update_one(call, at, &item);

        if (code == NULL)
            code = send_updated(call, &item);
        if (code != NULL || item == NULL) {
            message_simple(call, code, "<m:Items/>");
            continue;
        }
        message_begin(call, NULL);
        buf_puts(&call->out, "<m:Items>");
        show_item_id(call, item);
        buf_puts(&call->out, "</m:Items><m:ConflictResults><t:Count>0</t:Count>"
                             "</m:ConflictResults>");
        message_end(call);
    }
}
