/*
 * account_remote.c - an account's connection to Exchange, and what its answers
 * say of the login
 *
 * Tokens come anew every hour, each with a login.  The newest that Exchange has
 * taken carries all sessions; when it is refused, they wait for the next one.
 */
#include <stdlib.h>
#include <string.h>

#include "config/settings.h"
#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/time.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/changes_private.h"
#include "proxy/exchange/credentials.h"
#include "proxy/exchange/watcher.h"

/* A connection lives as long as someone uses it, also after its successor is
 * there. */
struct upstream {
    struct remote *remote;
    atomic_uint references;
};

/* --- Connections --------------------------------------------------------- */

static struct upstream *upstream_new(struct remote *remote)
{
    struct upstream *upstream = memory_new(sizeof *upstream);

    upstream->remote = remote;
    atomic_init(&upstream->references, 1);
    return upstream;
}

static void upstream_unref(void *subject)
{
    struct upstream *upstream = subject;

    if (upstream == NULL || atomic_fetch_sub(&upstream->references, 1) != 1)
        return;
    upstream->remote->backend->close(&upstream->remote);
    free(upstream);
}

void account_disconnect(struct account *account)
{
    upstream_unref(account->upstream);
    account->upstream = NULL;
}

/* Under the account's lock. */
static bool use_upstream(struct op *op, struct account *account,
                         struct remote **remote_out)
{
    if (account->upstream == NULL)
        return false;
    atomic_fetch_add(&account->upstream->references, 1);
    arena_defer(op->arena, upstream_unref, account->upstream);
    *remote_out = account->upstream->remote;
    return true;
}

void account_take_secret(struct account *account, const struct secret *secret)
{
    struct secret *copy = secret_copy(secret);

    secret_free(&account->secret);
    account->secret = copy;
    account->renewed_ms = time_monotonic_ms();
    atomic_store(&account->expired, false);
}

void account_install(struct account *account, struct remote *remote,
                     const struct remote_account *about,
                     const struct secret *secret)
{
    upstream_unref(account->upstream);
    account->upstream = upstream_new(remote);
    account_take_secret(account, secret);
    if (about->address != NULL && *about->address != '\0') {
        free(account->address);
        account->address = memory_strdup(about->address);
    }
    atomic_store(&account->message_limit, about->message_limit);
    /* Exchange may have had no answer to what stores there are. */
    if (about->stores != 0)
        atomic_store(&account->stores, about->stores);
}

bool account_is_refusal(enum status status)
{
    return status == STATUS_AUTH_FAILED || status == STATUS_AUTH_EXPIRED ||
           status == STATUS_AUTH_REFUSED || status == STATUS_AUTH_DISABLED;
}

/* --- Using the connection ------------------------------------------------ */

/* Under the account's lock. */
static bool has_token(const struct account *account)
{
    return account->secret != NULL &&
           secret_kind(account->secret) == SECRET_TOKEN;
}

static bool may_try(struct account *account)
{
    if (atomic_load(&account->expired))
        return false;
    pthread_mutex_lock(&account->lock);
    bool may =
        has_token(account) || credentials_may_try(account->credentials);
    pthread_mutex_unlock(&account->lock);
    return may;
}

static bool find_upstream(struct op *op, struct account *account,
                          struct remote **remote_out)
{
    pthread_mutex_lock(&account->lock);
    bool found = use_upstream(op, account, remote_out);
    pthread_mutex_unlock(&account->lock);
    return found;
}

/* After a restart the password was recognised without asking: connects now. */
static enum status reconnect(struct op *op, struct account *account)
{
    const struct backend *backend = account_backend(account);
    struct remote_account about = { 0 };
    struct remote *remote = NULL;

    pthread_mutex_lock(&account->lock);
    struct secret *secret = secret_copy(account->secret);
    pthread_mutex_unlock(&account->lock);
    if (secret == NULL)
        return op_fail(op, STATUS_AUTH_FAILED, "nobody has logged in yet");
    enum status status = account_told(
        account,
        backend->open(op, account_settings(account), account->login_name,
                      account->mailbox, secret, &remote, &about));
    if (status == STATUS_OK) {
        pthread_mutex_lock(&account->lock);
        account_install(account, remote, &about, secret);
        pthread_mutex_unlock(&account->lock);
        account_save_facts(op, account);
    }
    secret_free(&secret);
    return status;
}

enum status account_remote(struct op *op, struct account *account,
                           struct remote **remote_out)
{
    if (!may_try(account))
        return op_fail(op, STATUS_AUTH_FAILED,
                       "Exchange has just refused the login");
    if (find_upstream(op, account, remote_out))
        return STATUS_OK;
    if (!flight_enter(op, &account->login))
        return STATUS_CANCELLED;
    enum status status = STATUS_OK;
    if (!find_upstream(op, account, remote_out)) {
        status = reconnect(op, account);
        if (status == STATUS_OK)
            find_upstream(op, account, remote_out);
    }
    flight_end(&account->login, status);
    return status;
}

/* Whether a refusal may be the answer to a call that has gone out with an older
 * token: no call goes on for longer than its patience. */
static bool is_renewed(const struct account *account)
{
    uint64_t patience =
        1000u * (uint64_t)account_settings(account)->exchange.patience;

    return time_monotonic_ms() - account->renewed_ms < patience;
}

/* Whether it is a token that has been refused just now, and not before. */
static bool note_refusal(struct account *account)
{
    bool expired = false;

    pthread_mutex_lock(&account->lock);
    if (!has_token(account)) {
        credentials_doubt(account->credentials, SECRET_PASSWORD);
    } else if (!is_renewed(account)) {
        credentials_doubt(account->credentials, SECRET_TOKEN);
        expired = !atomic_exchange(&account->expired, true);
    }
    pthread_mutex_unlock(&account->lock);
    return expired;
}

enum status account_told(struct account *account, enum status status)
{
    bool refused = account_is_refusal(status) && status != STATUS_AUTH_REFUSED;

    if (refused) {
        if (note_refusal(account))
            changes_tell(account, 0);
        atomic_store(&account->doubted, true);
    } else if (status == STATUS_OK &&
               atomic_exchange(&account->doubted, false)) {
        pthread_mutex_lock(&account->lock);
        if (!has_token(account))
            credentials_trust(account->credentials);
        pthread_mutex_unlock(&account->lock);
    }
    return status;
}

void account_told_by(struct account *account, const struct remote *remote,
                     enum status status)
{
    pthread_mutex_lock(&account->lock);
    bool is_current =
        account->upstream != NULL && account->upstream->remote == remote;
    pthread_mutex_unlock(&account->lock);
    if (is_current)
        account_told(account, status);
    else if (account_is_refusal(status))
        watcher_retry(account);
}

bool account_has_expired(const struct account *account)
{
    return atomic_load(&account->expired);
}
