/*
 * do_items.c - DeleteItem, MoveItem, CopyItem, SendItem, MarkAllItemsAsRead
 */
#include "tests/exchange/call.h"

#include "proxy/base/str.h"
#include "tests/exchange/form.h"
#include "tests/exchange/store.h"
#include "tests/exchange/show.h"
#include "tests/exchange/stores.h"

void do_delete_item(struct call *call)
{
    const struct node *ids = node_child(call->request, "ItemIds");
    const char *type = node_attribute(call->request, "DeleteType");
    bool quietly =
        node_true(node_attribute(call->request, "SuppressReadReceipts"));
    enum sim_item_disposal how = str_equal(type, "SoftDelete") ? DISPOSE_SOFT
                                 : str_equal(type, "HardDelete")
                                     ? DISPOSE_HARD
                                     : DISPOSE_TO_TRASH;

    for (struct node *id = ids->children; id != NULL; id = id->next) {
        const char *code = message_fault(call);
        struct sim_item *item = NULL;

        if (code == NULL)
            item = call_item(call, id, WANT_DELETE, &code, NULL);
        if (code == NULL && how == DISPOSE_TO_TRASH &&
            sim_is_public(item->folder->mailbox))
            code = "ErrorCannotDeleteObject";
        if (code == NULL && !(item->flags & FLAG_READ))
            sim_item_answer_receipt(item, false, quietly);
        if (code == NULL && form_is_kept(item))
            code = form_delete(call, item, how);
        else if (code == NULL)
            sim_item_dispose(item, how);
        message_simple(call, code, NULL);
    }
}

/* --- MoveItem, CopyItem -------------------------------------------------- */

static bool wants_ids(const struct call *call)
{
    const char *wanted = node_text(call->request, "ReturnNewItemIds");

    /* Exchange 2007 does not tell where things have gone. */
    return call->exchange->version >= EXCHANGE_2010_SP1 &&
           (wanted == NULL || node_true(wanted));
}

static void move_or_copy(struct call *call, bool copy)
{
    const struct node *to = node_child(call->request, "ToFolderId");
    const struct node *ids = node_child(call->request, "ItemIds");

    for (struct node *id = ids->children; id != NULL; id = id->next) {
        const char *code = message_fault(call);
        struct sim_folder *target = NULL;
        struct sim_item *item = NULL;

        if (code == NULL &&
            (target = call_folder(call, to->children, WANT_CREATE_ITEMS,
                                  &code)) == NULL &&
            !str_equal(code, "ErrorAccessDenied"))
            code = "ErrorToFolderNotFound";
        if (code == NULL && target->search)
            code = "ErrorMoveCopyFailed";
        if (code == NULL)
            item = call_item(call, id, copy ? WANT_READ : WANT_DELETE, &code,
                             NULL);
        if (code == NULL && item->master != NULL)
            code = "ErrorCalendarCannotMoveOrCopyOccurrence";
        if (code == NULL && copy && call->exchange->quota != 0 &&
            target->mailbox->octets + item->content->len >
                call->exchange->quota)
            code = "ErrorQuotaExceeded";
        if (code != NULL) {
            message_simple(call, code, "<m:Items/>");
            continue;
        }
        item = copy ? sim_item_copy(item, target) : sim_item_move(item, target);
        message_begin(call, NULL);
        buf_puts(&call->out, wants_ids(call) ? "<m:Items>" : "<m:Items/>");
        if (wants_ids(call)) {
            show_item_id(call, item);
            buf_puts(&call->out, "</m:Items>");
        }
        message_end(call);
    }
}

void do_move_item(struct call *call)
{
    move_or_copy(call, false);
}

void do_copy_item(struct call *call)
{
    move_or_copy(call, true);
}

/* --- SendItem ------------------------------------------------------------ */

static const char *send_item(struct call *call, struct sim_item *item,
                             struct sim_folder *save_to)
{
    struct sim_submission submission = {
        .sender = call->user,
        .content = item->content,
        .save_to = save_to,
        .class = item->class,
    };
    struct sim_item *kept;
    const char *code = submit_code(sim_submit(&submission, &kept));

    if (code == NULL)
        sim_item_remove(item);
    return code;
}

void do_send_item(struct call *call)
{
    const struct node *ids = node_child(call->request, "ItemIds");
    const struct node *to = node_child(call->request, "SavedItemFolderId");
    bool save = node_true(node_attribute(call->request, "SaveItemToFolder"));

    for (struct node *id = ids->children; id != NULL; id = id->next) {
        struct sim_folder *save_to =
            save ? sim_folder_by_use(call->user, "sentitems") : NULL;
        const char *code = message_fault(call);
        struct sim_item *item = NULL;
        bool stale = false;

        if (code == NULL && to != NULL && !save)
            code = "ErrorInvalidSendItemSaveSettings";
        if (code == NULL && to != NULL &&
            (save_to = call_folder(call, to->children, WANT_CREATE_ITEMS,
                                   &code)) == NULL)
            code = "ErrorSavedItemFolderNotFound";
        if (code == NULL && node_attribute(id, "ChangeKey") == NULL)
            code = "ErrorChangeKeyRequired";
        if (code == NULL)
            item = call_item(call, id, WANT_DELETE, &code, &stale);
        if (code == NULL && stale)
            code = "ErrorStaleObject";
        if (code == NULL)
            code = send_item(call, item, save_to);
        message_simple(call, code, NULL);
    }
}

void do_mark_all_items_as_read(struct call *call)
{
    const struct node *ids = node_child(call->request, "FolderIds");
    bool read = node_true(node_text(call->request, "ReadFlag"));
    bool quietly = node_true(node_text(call->request, "SuppressReadReceipts"));

    for (struct node *id = ids->children; id != NULL; id = id->next) {
        const char *code = message_fault(call);
        struct sim_folder *folder = NULL;

        if (code == NULL)
            folder = call_folder(call, id, WANT_EDIT, &code);
        for (size_t i = 0; code == NULL && i < folder->count; i++) {
            sim_item_set_read(folder->items[i], read);
            if (read)
                sim_item_answer_receipt(folder->items[i], true, quietly);
        }
        message_simple(call, code, NULL);
    }
}
