/*
 * account_route.c - the connection for what is done in a folder
 *
 * All stores are reached over one connection, but what another one has may lie
 * on another server: the backend is told whose it is.
 */
#include "proxy/exchange/account_private.h"

static enum status find_store(struct op *op, struct account *account,
                              int64_t id, struct remote_store *store_out)
{
    struct index_store *stores;
    size_t count;
    enum status status = index_stores(op, account->index, &stores, &count);

    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        if (stores[i].id == id)
            *store_out =
                (struct remote_store){ stores[i].kind, stores[i].address };
    return status;
}

enum status account_remote_of(struct op *op, struct account *account,
                              const struct index_folder *folder,
                              struct remote **remote_out)
{
    struct remote_store store = { .kind = FOLDER_OWN };
    enum status status = account_remote(op, account, remote_out);

    if (status != STATUS_OK || folder == NULL || folder->store == 0 ||
        (*remote_out)->backend->at_store == NULL)
        return status;
    status = find_store(op, account, folder->store, &store);
    if (status == STATUS_OK && store.kind != FOLDER_OWN)
        *remote_out = (*remote_out)
                          ->backend->at_store(op, *remote_out, &store,
                                              folder->remote);
    return status;
}
