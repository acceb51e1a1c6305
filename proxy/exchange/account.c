/*
 * account.c - logging in to an account, and its connection to Exchange
 *
 * A password is asked of Exchange once and then recognised here.  After a
 * restart it is recognised by what the index keeps of it, and the connection is
 * made only when something has to be asked.
 */
#include "proxy/exchange/account.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/cache.h"
#include "proxy/exchange/credentials.h"

/* So long after Exchange could not be reached, a login that can do without it
 * does not wait for it again. */
#define AWAY_MS 30000

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

/* Under the account's lock. */
static void install(struct account *account, struct remote *remote,
                    const struct remote_account *about,
                    const struct secret *password)
{
    struct secret *copy = secret_copy(password);

    upstream_unref(account->upstream);
    account->upstream = upstream_new(remote);
    secret_free(&account->password);
    account->password = copy;
    if (about->address != NULL && *about->address != '\0') {
        free(account->address);
        account->address = memory_strdup(about->address);
    }
    atomic_store(&account->message_limit, about->message_limit);
    /* Exchange may have had no answer to what stores there are. */
    if (about->stores != 0)
        atomic_store(&account->stores, about->stores);
}

/* --- What is kept on the disk -------------------------------------------- */

static void save_facts(struct op *op, struct account *account)
{
    pthread_mutex_lock(&account->lock);
    char *password = credentials_store(op->arena, account->credentials);
    char *address = arena_strdup(op->arena, account->address);
    pthread_mutex_unlock(&account->lock);
    char *limit =
        arena_printf(op->arena, "%llu",
                     (unsigned long long)atomic_load(&account->message_limit));

    index_set_fact(op, account->index, "password", password);
    index_set_fact(op, account->index, "address", address);
    index_set_fact(op, account->index, "message_limit", limit);
    index_set_fact(op, account->index, "stores",
                   arena_printf(op->arena, "%u",
                                atomic_load(&account->stores)));
}

static bool open_index(struct account *account)
{
    if (account->index != NULL)
        return true;
    if (account->directory != NULL && mkdir(account->directory, 0700) != 0 &&
        errno != EEXIST) {
        log_error("postern",
                  "state cannot be kept user=%s path=%s error=\"%m\"",
                  account->user, account->directory);
        return false;
    }
    struct index *index = index_open(account->directory, account->user);
    if (index == NULL)
        return false;
    const struct store_settings *store = &account_settings(account)->store;

    index_limit_tombstones(index, store->tombstones, store->tombstone_age);
    account->cache =
        cache_new(account->directory, store->cache, store->cache_limit);
    account->index = index;
    atomic_store(&account->opened, true);
    return true;
}

void account_remember(struct account *account)
{
    if (!open_index(account))
        return;

    struct arena *arena = arena_new();
    uint64_t limit = 0;
    struct op op;

    op_init(&op, arena, "postern");
    credentials_load(account->credentials,
                     index_fact(&op, account->index, "password"));
    const char *address = index_fact(&op, account->index, "address");
    if (address != NULL) {
        free(account->address);
        account->address = memory_strdup(address);
    }
    const char *text = index_fact(&op, account->index, "message_limit");
    if (text != NULL && str_to_u64(text, UINT64_MAX, &limit))
        atomic_store(&account->message_limit, limit);
    text = index_fact(&op, account->index, "stores");
    if (text != NULL && str_to_u64(text, UINT32_MAX, &limit))
        atomic_store(&account->stores, (unsigned)limit);
    arena_free(&arena);
}

/* --- Logging in ---------------------------------------------------------- */

static bool is_refusal(enum status status)
{
    return status == STATUS_AUTH_FAILED || status == STATUS_AUTH_EXPIRED ||
           status == STATUS_AUTH_REFUSED || status == STATUS_AUTH_DISABLED;
}

/* Asks Exchange; the account's login flight is ours. */
static enum status probe(struct op *op, struct account *account,
                         const struct secret *password,
                         const unsigned char *hash)
{
    const struct backend *backend = account_backend(account);
    struct remote_account about = { 0 };
    struct remote *remote = NULL;
    enum status status =
        backend->open(op, account_settings(account), account->login_name,
                      account->mailbox, password, &remote, &about);

    if (status == STATUS_OK && !open_index(account)) {
        backend->close(&remote);
        status = op_fail(op, STATUS_UNAVAILABLE,
                         "the state directory cannot be used");
    }
    pthread_mutex_lock(&account->lock);
    account->failed_ms = time_monotonic_ms();
    account->failed = status;
    memcpy(account->failed_hash, hash, sizeof account->failed_hash);
    /* Having no right to someone's mailbox says nothing of the password. */
    if (status == STATUS_OK ||
        (is_refusal(status) &&
         (status != STATUS_AUTH_REFUSED || account->mailbox == NULL)))
        credentials_learn(account->credentials, hash, status);
    if (status == STATUS_OK)
        install(account, remote, &about, password);
    pthread_mutex_unlock(&account->lock);
    if (account->index != NULL && (status == STATUS_OK || is_refusal(status)))
        save_facts(op, account);
    if (status == STATUS_OK) {
        atomic_store(&account->doubted, false);
        log_info(op->session, "account opened user=%s exchange=\"%s\"",
                 account->user, about.version != NULL ? about.version : "");
    }
    return status;
}

/* Under the account's lock.  Another mailbox of the same login may have been
 * opened with a newer password. */
static void keep_password(struct account *account,
                          const struct secret *password)
{
    const struct secret *old = account->password;

    if (old != NULL && secret_equal(old, password))
        return;
    if (old != NULL)
        account_disconnect(account);
    secret_free(&account->password);
    account->password = secret_copy(password);
}

/* Answers from what is known; STATUS_UNCERTAIN: only Exchange can tell. */
static enum status judge(struct op *op, struct account *account,
                         const struct secret *password,
                         const unsigned char *hash, uint64_t asked_ms)
{
    uint32_t seconds = account_settings(account)->store.cache_seconds;
    enum status status = STATUS_OK;

    pthread_mutex_lock(&account->lock);
    switch (credentials_judge(account->credentials, hash, seconds, &status)) {
    case CREDENTIALS_KNOWN:
        /* It opens other mailboxes, but has not opened this one. */
        if (!atomic_load(&account->opened))
            status = STATUS_UNCERTAIN;
        else
            keep_password(account, password);
        break;
    case CREDENTIALS_REFUSED:
        op_fail(op, status, "the password was refused a short time ago");
        break;
    case CREDENTIALS_TOO_SOON:
        status = op_fail(op, STATUS_BUSY,
                         "too many wrong passwords, this one is not tried yet");
        break;
    case CREDENTIALS_UNKNOWN:
        status = STATUS_UNCERTAIN;
        if (account->failed_ms > asked_ms &&
            account->failed != STATUS_CANCELLED &&
            memcmp(account->failed_hash, hash, sizeof account->failed_hash) ==
                0)
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
                          const struct secret *password,
                          const unsigned char *hash, enum status status)
{
    pthread_mutex_lock(&account->lock);
    bool admitted = is_away(status) &&
                    atomic_load(&account->opened) &&
                    account_settings(account)->store.cache_seconds > 0 &&
                    credentials_is_last(account->credentials, hash);
    if (admitted && account->password == NULL)
        account->password = secret_copy(password);
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
                             const struct secret *password)
{
    unsigned char hash[CREDENTIALS_HASH];
    uint64_t asked_ms = time_monotonic_ms();

    credentials_hash(account->credentials, password, hash);
    enum status status = judge(op, account, password, hash, UINT64_MAX);
    if (status != STATUS_UNCERTAIN)
        return status;
    if (admit_without(op, account, password, hash, lately(account)))
        return STATUS_OK;
    if (!flight_enter(op, &account->login))
        return STATUS_CANCELLED;
    status = judge(op, account, password, hash, asked_ms);
    if (status == STATUS_UNCERTAIN)
        status = probe(op, account, password, hash);
    flight_end(&account->login, status);
    return admit_without(op, account, password, hash, status) ? STATUS_OK
                                                              : status;
}

enum status account_login(struct op *op, struct accounts *accounts,
                          const char *user, const struct secret *password,
                          struct account **account_out)
{
    *account_out = NULL;
    if (*user == '\0' || secret_len(password) == 0)
        return op_fail(op, STATUS_AUTH_FAILED,
                       "no user or no password was given");
    struct account *account = accounts_find(op, accounts, user);
    if (account == NULL)
        return op_fail(op, STATUS_BUSY,
                       "too many unknown users have tried to log in");
    enum status status = open_door(op, account, password);
    if (status == STATUS_OK)
        *account_out = account;
    else
        account_unref(&account);
    return status;
}

/* --- Using the connection ------------------------------------------------ */

static bool may_try(struct account *account)
{
    pthread_mutex_lock(&account->lock);
    bool may = credentials_may_try(account->credentials);
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
    struct secret *password =
        account->password != NULL ? secret_copy(account->password) : NULL;
    pthread_mutex_unlock(&account->lock);
    if (password == NULL)
        return op_fail(op, STATUS_AUTH_FAILED, "nobody has logged in yet");
    enum status status = account_told(
        account,
        backend->open(op, account_settings(account), account->login_name,
                      account->mailbox, password, &remote, &about));
    if (status == STATUS_OK) {
        pthread_mutex_lock(&account->lock);
        install(account, remote, &about, password);
        pthread_mutex_unlock(&account->lock);
        save_facts(op, account);
    }
    secret_free(&password);
    return status;
}

enum status account_remote(struct op *op, struct account *account,
                           struct remote **remote_out)
{
    if (!may_try(account))
        return op_fail(op, STATUS_AUTH_FAILED,
                       "Exchange has just refused the password");
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

enum status account_told(struct account *account, enum status status)
{
    bool refused = is_refusal(status) && status != STATUS_AUTH_REFUSED;

    if (refused) {
        pthread_mutex_lock(&account->lock);
        credentials_doubt(account->credentials);
        pthread_mutex_unlock(&account->lock);
        atomic_store(&account->doubted, true);
    } else if (status == STATUS_OK &&
               atomic_exchange(&account->doubted, false)) {
        pthread_mutex_lock(&account->lock);
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
}

uint64_t account_moment(struct account *account)
{
    return atomic_fetch_add(&account->moment, 1) + 1;
}

void account_touch_tree(struct account *account, uint64_t moment)
{
    if (atomic_load(&account->tree_touched) < moment)
        atomic_store(&account->tree_touched, moment);
}

bool account_knows_tree(struct account *account, uint64_t since)
{
    uint64_t looked = atomic_load(&account->tree_looked);

    return looked > atomic_load(&account->tree_touched) && looked >= since;
}

void account_collect(struct op *op, struct account *account)
{
    int64_t rows[256];
    uint32_t renderings[256];
    size_t count;

    do {
        count = sizeof rows / sizeof rows[0];
        if (index_garbage(op, account->index, rows, renderings, &count) !=
            STATUS_OK)
            return;
        for (size_t i = 0; i < count; i++)
            cache_remove(account->cache, rows[i], renderings[i]);
    } while (count == sizeof rows / sizeof rows[0]);
}

const char *account_user(const struct account *account)
{
    return account->user;
}

const char *account_address(struct op *op, struct account *account)
{
    pthread_mutex_lock(&account->lock);
    const char *address = arena_strdup(op->arena, account->address);
    pthread_mutex_unlock(&account->lock);
    return address;
}

uint64_t account_message_limit(const struct account *account)
{
    uint64_t ours = account_settings(account)->mail.message_limit;

    /* Exchange does not tell: what we know is how it comes from the box. */
    return ours != 0 ? ours : atomic_load(&account->message_limit);
}
