/*
 * account_login.c - logging in to an account
 *
 * A password is asked of Exchange once and then recognised here.  After a
 * restart it is recognised by what the index keeps of it, and the connection is
 * made only when something has to be asked.  Tokens are recognised in the same
 * way, but for an hour at most.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/time.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/credentials.h"
#include "proxy/exchange/watcher.h"

/* So long after Exchange could not be reached, a login that can do without it
 * does not wait for it again. */
#define AWAY_MS 30000

/* Asks Exchange; the account's login flight is ours. */
static enum status probe(struct op *op, struct account *account,
                         const struct secret *secret, const struct proof *proof)
{
    const struct backend *backend = account_backend(account);
    struct remote_account about = { 0 };
    struct remote *remote = NULL;
    enum status status =
        backend->open(op, account_settings(account), account->login_name,
                      account->mailbox, secret, &remote, &about);

    if (status == STATUS_OK && !account_open_index(account)) {
        backend->close(&remote);
        status = op_fail(op, STATUS_UNAVAILABLE,
                         "the state directory cannot be used");
    }
    pthread_mutex_lock(&account->lock);
    account->failed_ms = time_monotonic_ms();
    account->failed = status;
    memcpy(account->failed_hash, proof->hash, sizeof account->failed_hash);
    /* Having no right to someone's mailbox says nothing of the password. */
    if (status == STATUS_OK ||
        (account_is_refusal(status) &&
         (status != STATUS_AUTH_REFUSED || account->mailbox == NULL)))
        credentials_learn(account->credentials, proof, status);
    if (status == STATUS_OK)
        account_install(account, remote, &about, secret);
    pthread_mutex_unlock(&account->lock);
    if (account->index != NULL &&
        (status == STATUS_OK || account_is_refusal(status)))
        account_save_facts(op, account);
    if (status == STATUS_OK) {
        atomic_store(&account->doubted, false);
        watcher_retry(account);
        log_info(op->session, "account opened user=%s exchange=\"%s\"",
                 account->user, about.version != NULL ? about.version : "");
    }
    return status;
}

/* Under the account's lock.  Another mailbox of the same login may have been
 * opened with a newer password.  Of tokens that are good, which a user's
 * programs have several of, the one in use stays. */
static void keep_secret(struct account *account, const struct secret *secret)
{
    const struct secret *old = account->secret;
    bool is_good = !atomic_load(&account->expired) &&
                   !atomic_load(&account->doubted);

    if (old != NULL && (secret_equal(old, secret) ||
                        (is_good && secret_kind(secret) == SECRET_TOKEN)))
        return;
    if (old != NULL)
        account_disconnect(account);
    account_take_secret(account, secret);
}

/* Answers from what is known; STATUS_UNCERTAIN: only Exchange can tell. */
static enum status judge(struct op *op, struct account *account,
                         const struct secret *secret, const struct proof *proof,
                         uint64_t asked_ms)
{
    uint32_t seconds = account_settings(account)->store.cache_seconds;
    enum status status = STATUS_OK;

    pthread_mutex_lock(&account->lock);
    switch (credentials_judge(account->credentials, proof, seconds, &status)) {
    case CREDENTIALS_KNOWN:
        /* It opens other mailboxes, but has not opened this one. */
        if (!atomic_load(&account->opened))
            status = STATUS_UNCERTAIN;
        else
            keep_secret(account, secret);
        break;
    case CREDENTIALS_REFUSED:
        op_fail(op, status, "it was refused a short time ago");
        break;
    case CREDENTIALS_TOO_SOON:
        status = op_fail(op, STATUS_BUSY,
                         "too many wrong passwords, this one is not tried yet");
        break;
    case CREDENTIALS_UNKNOWN:
        status = STATUS_UNCERTAIN;
        if (account->failed_ms > asked_ms &&
            account->failed != STATUS_CANCELLED &&
            memcmp(account->failed_hash, proof->hash,
                   sizeof account->failed_hash) == 0)
            status = op_fail(op, account->failed, "as another login just now");
        break;
    }
    pthread_mutex_unlock(&account->lock);
    return status;
}

static bool is_away(enum status status)
{
    return status == STATUS_UNAVAILABLE || status == STATUS_TIMEOUT ||
           status == STATUS_BUSY;
}

/* Whether the last password that was right opens what is known here while
 * Exchange is away; `status` is how the latest login failed. */
static bool admit_without(struct op *op, struct account *account,
                          const struct secret *secret,
                          const struct proof *proof, enum status status)
{
    pthread_mutex_lock(&account->lock);
    bool admitted = is_away(status) && atomic_load(&account->opened) &&
                    account_settings(account)->store.cache_seconds > 0 &&
                    credentials_is_last(account->credentials, proof);
    if (admitted && account->secret == NULL)
        account_take_secret(account, secret);
    pthread_mutex_unlock(&account->lock);
    if (admitted)
        log_info(op->session, "logged in without Exchange user=%s status=%s",
                 account->user, status_name(status));
    return admitted;
}

/* How a login failed just now; STATUS_OK when none has. */
static enum status lately(struct account *account)
{
    pthread_mutex_lock(&account->lock);
    enum status status = time_monotonic_ms() - account->failed_ms < AWAY_MS
                             ? account->failed
                             : STATUS_OK;
    pthread_mutex_unlock(&account->lock);
    return status;
}

static enum status open_door(struct op *op, struct account *account,
                             const struct secret *secret)
{
    uint64_t asked_ms = time_monotonic_ms();
    struct proof proof = credentials_prove(account->credentials, secret);
    enum status status = judge(op, account, secret, &proof, UINT64_MAX);

    if (status != STATUS_UNCERTAIN)
        return status;
    if (admit_without(op, account, secret, &proof, lately(account)))
        return STATUS_OK;
    if (!flight_enter(op, &account->login))
        return STATUS_CANCELLED;
    status = judge(op, account, secret, &proof, asked_ms);
    if (status == STATUS_UNCERTAIN)
        status = probe(op, account, secret, &proof);
    flight_end(&account->login, status);
    return admit_without(op, account, secret, &proof, status) ? STATUS_OK
                                                              : status;
}

/* Whether the settings want the user to log in this way. */
static enum status check_kind(struct op *op, const struct accounts *accounts,
                              const struct secret *secret)
{
    enum token_use tokens = accounts_settings(accounts)->exchange.tokens;

    if (secret_kind(secret) == SECRET_TOKEN && tokens == TOKENS_NO)
        return op_fail(op, STATUS_AUTH_FAILED,
                       "exchange.tokens does not let tokens in");
    if (secret_kind(secret) == SECRET_PASSWORD && tokens == TOKENS_ONLY)
        return op_fail(op, STATUS_AUTH_FAILED,
                       "exchange.tokens does not let passwords in");
    return STATUS_OK;
}

enum status account_login(struct op *op, struct accounts *accounts,
                          const char *user, const struct secret *secret,
                          struct account **account_out)
{
    *account_out = NULL;
    if (*user == '\0' || secret_len(secret) == 0)
        return op_fail(op, STATUS_AUTH_FAILED,
                       "no user or no password was given");
    if (check_kind(op, accounts, secret) != STATUS_OK)
        return STATUS_AUTH_FAILED;
    struct account *account = accounts_find(op, accounts, user);
    if (account == NULL)
        return op_fail(op, STATUS_BUSY,
                       "too many unknown users have tried to log in");
    enum status status = open_door(op, account, secret);
    if (status == STATUS_OK)
        *account_out = account;
    else
        account_unref(&account);
    return status;
}
