/*
 * memory_account.c - the in-memory door: the mailbox as a whole, and what is
 * said and allowed of folders
 */
#include "tests/exchange/memory.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "tests/exchange/access.h"

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

/* --- Permissions ---------------------------------------------------------- */

static const struct {
    unsigned bit;
    size_t member;
} bits[] = {
    { CAN_CREATE_ITEMS, offsetof(struct folder_permission, add) },
    { CAN_CREATE_FOLDERS, offsetof(struct folder_permission, add_folders) },
    { IS_OWNER, offsetof(struct folder_permission, owner) },
    { IS_VISIBLE, offsetof(struct folder_permission, visible) },
    { IS_CONTACT, offsetof(struct folder_permission, contact) },
};

static bool *right_of(const struct folder_permission *permission, size_t i)
{
    return (bool *)((char *)permission + bits[i].member);
}

static struct folder_permission show(struct arena *arena,
                                     const struct sim_permission *permission)
{
    bool everyone = str_equal(permission->who, WHO_DEFAULT);
    bool anonymous = str_equal(permission->who, WHO_ANONYMOUS);
    bool unknown = str_starts(permission->who, "S-1-");
    const struct sim_rights *rights = &permission->rights;
    struct folder_permission shown = {
        .who = everyone    ? FOLDER_EVERYONE
               : anonymous ? FOLDER_ANONYMOUS
                           : FOLDER_PERSON,
        .edit = (enum folder_extent)rights->edit,
        .remove = (enum folder_extent)rights->delete,
        .read = (enum folder_reading)rights->read,
    };

    if (unknown)
        shown.sid = arena_strdup(arena, permission->who);
    else if (shown.who == FOLDER_PERSON)
        shown.address = arena_strdup(arena, permission->who);
    for (size_t i = 0; i < RIGHT_COUNT; i++)
        *right_of(&shown, i) = rights->bits & bits[i].bit;
    return shown;
}

enum status memory_permissions_get(struct op *op, struct remote *remote,
                                   const char *folder,
                                   struct folder_permission **permissions_out,
                                   size_t *count_out)
{
    struct memory_call call;
    struct sim_folder *found;
    enum status status =
        begin_folder(op, remote, "GetFolder", false, folder, &call, &found);

    *count_out = 0;
    if (status != STATUS_OK)
        return status;
    if (sim_refuses_folder(call.remote->user, found, WANT_OWN) != NULL)
        return memory_end_read(&call, STATUS_DENIED);
    *permissions_out = arena_array(op->arena, found->permission_count + 1,
                                   sizeof **permissions_out);
    for (size_t i = 0; i < found->permission_count; i++)
        (*permissions_out)[(*count_out)++] =
            show(op->arena, &found->permissions[i]);
    return memory_end_read(&call, STATUS_OK);
}

/* Everyone in it has to be somebody. */
static enum status check(struct memory_call *call,
                         const struct folder_permission permissions[],
                         size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (permissions[i].address != NULL &&
            sim_mailbox_find(call->remote->exchange, permissions[i].address) ==
                NULL)
            return STATUS_BAD_RECIPIENT;
    return STATUS_OK;
}

static void permit(struct sim_folder *folder,
                   const struct folder_permission *permission)
{
    struct sim_rights rights = {
        .edit = (enum sim_action)permission->edit,
        .delete = (enum sim_action)permission->remove,
        .read = (enum sim_reading)permission->read,
    };

    for (size_t i = 0; i < RIGHT_COUNT; i++)
        if (*right_of(permission, i))
            rights.bits |= bits[i].bit;
    sim_permit(folder,
               permission->who == FOLDER_EVERYONE    ? WHO_DEFAULT
               : permission->who == FOLDER_ANONYMOUS ? WHO_ANONYMOUS
               : permission->address != NULL         ? permission->address
                                                     : permission->sid,
               &rights);
}

enum status memory_permissions_set(struct op *op, struct remote *remote,
                                   const char *folder, enum folder_kind kind,
                                   const struct folder_permission permissions[],
                                   size_t count)
{
    struct memory_call call;
    struct sim_folder *found;
    enum status status =
        begin_folder(op, remote, "UpdateFolder", true, folder, &call, &found);

    (void)kind;
    if (status != STATUS_OK)
        return status;
    if (sim_refuses_folder(call.remote->user, found, WANT_OWN) != NULL)
        status = STATUS_DENIED;
    if (status == STATUS_OK)
        status = check(&call, permissions, count);
    if (status == STATUS_OK) {
        sim_permissions_free(found);
        for (size_t i = 0; i < count; i++)
            permit(found, &permissions[i]);
    }
    return memory_end_read(&call, status);
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
