/*
 * folder_rights.c - who may do what in a folder, and what is said of it
 *
 * Exchange takes the permissions of a folder as a whole only, so that a change
 * reads them, changes one, and writes them all.
 */
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/changes_private.h"
#include "proxy/exchange/folder.h"
#include "proxy/exchange/mail_private.h"

static enum status find(struct op *op, struct account *account, int64_t id,
                        struct index_folder *folder_out,
                        struct remote **remote_out)
{
    enum status status = index_folder(op, account->index, id, folder_out);

    return status == STATUS_OK
               ? account_remote_of(op, account, folder_out, remote_out)
               : status;
}

enum status folder_permissions(struct op *op, struct account *account,
                               int64_t id,
                               struct folder_permission **permissions_out,
                               size_t *count_out)
{
    struct index_folder folder;
    struct remote *remote;
    enum status status = find(op, account, id, &folder, &remote);

    if (status != STATUS_OK)
        return status;
    return account_told(
        account, remote->backend->permissions_get(op, remote, folder.remote,
                                                  permissions_out, count_out));
}

static bool is_about(const struct folder_permission *permission,
                     const struct folder_permission *who)
{
    if (permission->who != who->who || who->who != FOLDER_PERSON)
        return permission->who == who->who;
    return who->address != NULL
               ? str_equal_nocase(permission->address, who->address)
               : str_equal_nocase(permission->sid, who->sid);
}

static struct folder_permission nothing_for(const struct folder_permission *who)
{
    return (struct folder_permission){ .who = who->who,
                                       .address = who->address,
                                       .sid = who->sid };
}

/* All of them with the one changed; who is known by neither address nor SID
 * cannot be written back. */
static size_t change_one(struct folder_permission list[], size_t count,
                         const struct folder_permission *who,
                         bool (*change)(void *context,
                                        struct folder_permission *permission),
                         void *context)
{
    struct folder_permission changed = nothing_for(who);
    size_t kept = 0;

    for (size_t i = 0; i < count; i++)
        if (is_about(&list[i], who))
            changed = list[i];
        else if (list[i].who != FOLDER_PERSON || list[i].address != NULL ||
                 list[i].sid != NULL)
            list[kept++] = list[i];
    if (change(context, &changed))
        list[kept++] = changed;
    else if (who->who != FOLDER_PERSON)
        list[kept++] = nothing_for(who);
    return kept;
}

enum status folder_permit(struct op *op, struct account *account, int64_t id,
                          const struct folder_permission *who,
                          bool (*change)(void *context,
                                         struct folder_permission *permission),
                          void *context)
{
    struct folder_permission *found, *list;
    struct index_folder folder;
    struct remote *remote;
    size_t count;
    enum status status = find(op, account, id, &folder, &remote);

    if (status == STATUS_OK)
        status = account_told(
            account, remote->backend->permissions_get(op, remote, folder.remote,
                                                      &found, &count));
    if (status != STATUS_OK)
        return status;
    list = arena_array(op->arena, count + 1, sizeof *list);
    for (size_t i = 0; i < count; i++)
        list[i] = found[i];
    count = change_one(list, count, who, change, context);
    /* The whole set is absolute, so that writing it twice does no harm. */
    status = STATUS_UNCERTAIN;
    for (int i = 0; status == STATUS_UNCERTAIN && i < WRITE_TRIES; i++)
        status = account_told(
            account, remote->backend->permissions_set(
                         op, remote, folder.remote, folder.kind, list, count));
    return status;
}

/* --- Comments ------------------------------------------------------------- */

/* What is heard of a comment, by a look or by setting it. */
static void keep_comment(struct op *op, struct account *account, int64_t id,
                         const char *comment, bool ours)
{
    bool changed = false;

    index_keep_comment(op, account->index, id, comment, ours, &changed);
    if (changed)
        changes_tell(account, id);
}

enum status folder_comment(struct op *op, struct account *account, int64_t id,
                           const char **comment_out)
{
    struct index_folder folder;
    struct remote *remote;
    enum status status = find(op, account, id, &folder, &remote);

    *comment_out = NULL;
    if (status != STATUS_OK)
        return status;
    status = account_told(account, remote->backend->comment_get(
                                       op, remote, folder.remote, comment_out));
    if (status == STATUS_OK)
        keep_comment(op, account, id, *comment_out, false);
    return status;
}

enum status folder_set_comment(struct op *op, struct account *account,
                               int64_t id, const char *comment)
{
    struct index_folder folder;
    struct remote *remote;
    enum status status = find(op, account, id, &folder, &remote);

    if (status != STATUS_OK)
        return status;
    status = STATUS_UNCERTAIN;
    for (int i = 0; status == STATUS_UNCERTAIN && i < WRITE_TRIES; i++)
        status = account_told(account, remote->backend->comment_set(
                                           op, remote, folder.remote, comment));
    if (status == STATUS_OK)
        keep_comment(op, account, id, comment, true);
    return status;
}

bool folder_known_comment(struct op *op, struct account *account, int64_t id,
                          const char **comment_out)
{
    return index_comment(op, account->index, id, comment_out);
}
