/*
 * memory_account.c - the in-memory door: the mailbox as a whole, and what is
 * said and allowed of folders
 */
#include "tests/exchange/memory.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "tests/exchange/model.h"

static const struct property_key comment_key = { .number = 0x3004,
                                                 .type = TYPE_STRING };

enum status memory_quota(struct op *op, struct remote *remote,
                         struct remote_quota *quota_out)
{
    struct memory_call call;
    enum status status =
        memory_call_begin(op, remote, "GetFolder", false, &call);

    *quota_out = (struct remote_quota){ 0 };
    if (status != STATUS_OK)
        return status;
    exchange_lock(call.remote->exchange);
    status = memory_call_item(&call, 0);
    if (status == STATUS_OK)
        *quota_out = (struct remote_quota){ call.remote->mailbox->octets,
                                            call.remote->exchange->quota };
    return memory_end_read(&call, status);
}

/* --- Comments ------------------------------------------------------------- */

/* The call is begun and the exchange locked unless it fails. */
static enum status begin_folder(struct op *op, struct remote *remote,
                                const char *operation, bool write,
                                const char *id, struct memory_call *call,
                                struct sim_folder **folder_out)
{
    enum status status = memory_call_begin(op, remote, operation, write, call);

    if (status != STATUS_OK)
        return status;
    exchange_lock(call->remote->exchange);
    status = memory_call_item(call, 0);
    *folder_out = memory_folder(call->remote, id);
    if (status == STATUS_OK && *folder_out == NULL)
        status = STATUS_NO_FOLDER;
    return status == STATUS_OK ? STATUS_OK : memory_end_read(call, status);
}

enum status memory_comment_get(struct op *op, struct remote *remote,
                               const char *folder, const char **comment_out)
{
    struct memory_call call;
    struct sim_folder *found;
    enum status status =
        begin_folder(op, remote, "GetFolder", false, folder, &call, &found);

    *comment_out = NULL;
    if (status != STATUS_OK)
        return status;
    const struct property *comment = bag_find(&found->bag, &comment_key);
    if (comment != NULL && comment->count > 0)
        *comment_out = arena_strdup(op->arena, comment->texts[0]);
    return memory_end_read(&call, STATUS_OK);
}

enum status memory_comment_set(struct op *op, struct remote *remote,
                               const char *folder, const char *comment)
{
    struct memory_call call;
    struct sim_folder *found;
    enum status status =
        begin_folder(op, remote, "UpdateFolder", true, folder, &call, &found);

    if (status != STATUS_OK)
        return status;
    if (comment != NULL)
        bag_set(&found->bag, &comment_key, &comment, 1);
    else
        bag_remove(&found->bag, &comment_key);
    return memory_end_read(&call, STATUS_OK);
}

/* --- Categories ----------------------------------------------------------- */

enum status memory_categories(struct op *op, struct remote *remote,
                              struct remote_category **categories_out,
                              size_t *count_out)
{
    struct memory_call call;
    enum status status =
        memory_call_begin(op, remote, "GetUserConfiguration", false, &call);

    *count_out = 0;
    if (status != STATUS_OK)
        return status;
    exchange_lock(call.remote->exchange);
    status = memory_call_item(&call, 0);
    if (status == STATUS_OK) {
        *categories_out = arena_array(op->arena, 3, sizeof **categories_out);
        (*categories_out)[0] = (struct remote_category){ "Red Category", 0 };
        (*categories_out)[1] = (struct remote_category){ "To Do", 7 };
        (*categories_out)[2] = (struct remote_category){ "a/b", -1 };
        *count_out = 3;
    }
    return memory_end_read(&call, status);
}
