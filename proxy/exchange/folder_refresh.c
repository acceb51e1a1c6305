/*
 * folder_refresh.c - asking Exchange what has changed in the folder tree
 */
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/folder.h"
#include "proxy/exchange/mail_private.h"
#include "proxy/exchange/watcher.h"

struct look {
    struct op *op;
    struct account *account;
    enum status status;
    bool changed;
};

static bool take_page(void *context, const struct remote_folder_change *changes,
                      size_t count, const char *state, bool last)
{
    struct look *look = context;

    look->status = index_folders_page(look->op, look->account->index, changes,
                                      count, state, last, &look->changed);
    return look->status == STATUS_OK;
}

static enum status look_once(struct look *look, struct remote *remote,
                             const char *state)
{
    look->status = STATUS_OK;
    enum status status = account_told(
        look->account, remote->backend->folders_sync(look->op, remote, state,
                                                     take_page, look));
    return look->status != STATUS_OK ? look->status : status;
}

static enum status run_look(struct op *op, struct account *account)
{
    struct look look = { .op = op, .account = account };
    struct remote *remote;
    struct asked begun = asked_now(account);
    enum status status = account_remote(op, account, &remote);

    if (status != STATUS_OK)
        return status;
    status = index_folders_asks(op, account->index);
    if (status != STATUS_OK)
        return status;
    const char *state = index_folders_state(op, account->index);
    status = STATUS_STALE;
    if (state != NULL)
        status = look_once(&look, remote, state);
    if (status == STATUS_STALE) {
        status = index_folders_restart(op, account->index);
        if (status == STATUS_OK)
            status = look_once(&look, remote, NULL);
    }
    if (look.changed)
        mail_changed(op, account, 0);
    if (status == STATUS_OK) {
        atomic_store(&account->tree_looked, begun.moment);
        atomic_store(&account->tree_looked_ms, begun.ms);
    }
    return status;
}

enum status folder_refresh(struct op *op, struct account *account)
{
    enum status status;

    if (!flight_begin(op, &account->tree, &status)) {
        if (status != STATUS_OK && status != STATUS_CANCELLED)
            op_fail(op, status, "as another session's look at the same time");
        return status;
    }
    status = STATUS_CANCELLED;
    if (flight_enter(op, &account->naming)) {
        status = run_look(op, account);
        flight_end(&account->naming, status);
    }
    flight_end(&account->tree, status);
    return status;
}
