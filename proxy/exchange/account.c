/*
 * account.c - the people whose mailboxes we open: logins, connections, life
 *
 * An account stays in memory once its user has logged in.  What a stranger types as
 * a user name makes an account as well, which is forgotten when it has been idle; only
 * a password that Exchange has taken makes a folder on the disk.
 */
#include "proxy/exchange/account.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/cache.h"
#include "proxy/exchange/changes_private.h"
#include "proxy/exchange/credentials.h"
#include "proxy/exchange/mail_private.h"

/* Accounts without a successful login: how many, and how long they are remembered. */
#define STRANGERS_MAX 2000
#define STRANGER_MS (15 * 60 * 1000u)

struct accounts {
    pthread_mutex_t lock;
    _Atomic(const struct settings *) settings;
    const struct backend *backend;
    char *path;                   /* NULL keeps all in RAM */
    struct account *list;
    struct watcher *watcher;
};

/* A connection lives as long as someone uses it, also after its successor is there. */
struct upstream {
    struct remote *remote;
    atomic_uint references;
};

/* --- Connections ----------------------------------------------------------------------- */

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

/* Under the account's lock. */
static bool use_upstream(struct op *op, struct account *account, struct remote **remote_out)
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
                    const struct remote_account *about, const struct secret *password)
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
}

/* --- What is kept on the disk -------------------------------------------------------------- */

static void save_facts(struct op *op, struct account *account)
{
    pthread_mutex_lock(&account->lock);
    char *password = credentials_store(op->arena, account->credentials);
    char *address = arena_strdup(op->arena, account->address);
    pthread_mutex_unlock(&account->lock);
    char *limit = arena_printf(op->arena, "%llu",
                               (unsigned long long)atomic_load(&account->message_limit));

    index_set_fact(op, account->index, "password", password);
    index_set_fact(op, account->index, "address", address);
    index_set_fact(op, account->index, "message_limit", limit);
}

static bool open_index(struct account *account)
{
    if (account->index != NULL)
        return true;
    if (account->directory != NULL && mkdir(account->directory, 0700) != 0 && errno != EEXIST) {
        log_error("postern", "state cannot be kept user=%s path=%s error=\"%m\"",
                  account->user, account->directory);
        return false;
    }
    struct index *index = index_open(account->directory, account->user);
    if (index == NULL)
        return false;
    account->cache =
        cache_new(account->directory, account_settings(account)->store.cache_limit);
    account->index = index;
    atomic_store(&account->opened, true);
    return true;
}

/* What an earlier run of the gateway knew. */
static void load_facts(struct account *account)
{
    struct arena *arena = arena_new();
    struct op op;
    uint64_t limit = 0;

    op_init(&op, arena, "postern");
    credentials_load(account->credentials, index_fact(&op, account->index, "password"));
    const char *address = index_fact(&op, account->index, "address");
    if (address != NULL) {
        free(account->address);
        account->address = memory_strdup(address);
    }
    const char *text = index_fact(&op, account->index, "message_limit");
    if (text != NULL && str_to_u64(text, UINT64_MAX, &limit))
        atomic_store(&account->message_limit, limit);
    arena_free(&arena);
}

/* <path>/<user in plain letters>-<digest>: two users never share one. */
static char *directory_of(const char *path, const char *key)
{
    char plain[49], digest[65], *directory;
    struct digest *hash = digest_new();
    size_t i = 0;

    for (; key[i] != '\0' && i < sizeof plain - 1; i++) {
        bool is_plain = (key[i] >= 'a' && key[i] <= 'z') || (key[i] >= '0' && key[i] <= '9') ||
                        key[i] == '@' || key[i] == '-' || (key[i] == '.' && i > 0);
        plain[i] = is_plain ? key[i] : '_';
    }
    plain[i] = '\0';
    digest_add(hash, key, strlen(key));
    digest_finish(&hash, digest);
    if (asprintf(&directory, "%s/%s-%.16s", path, plain, digest) < 0)
        memory_exhausted();
    return directory;
}

/* --- The list ----------------------------------------------------------------------------------- */

static struct account *account_new(struct accounts *accounts, const char *user,
                                   const char *key)
{
    struct account *account = memory_new(sizeof *account);

    account->accounts = accounts;
    account->user = memory_strdup(user);
    account->key = memory_strdup(key);
    account->address = memory_strdup("");
    account->credentials = credentials_new();
    pthread_mutex_init(&account->lock, NULL);
    flight_init(&account->login);
    flight_init(&account->tree);
    flight_init(&account->sending);
    account->places = places_new();
    account->reading = reading_new();
    account->changes = changes_new();
    if (accounts->path != NULL) {
        account->directory = directory_of(accounts->path, key);
        if (access(account->directory, F_OK) == 0 && open_index(account))
            load_facts(account);
    }
    return account;
}

static void account_free(struct account *account)
{
    upstream_unref(account->upstream);
    changes_free(&account->changes);
    reading_free(&account->reading);
    places_free(&account->places);
    index_close(&account->index);
    cache_free(&account->cache);
    flight_fini(&account->login);
    flight_fini(&account->tree);
    flight_fini(&account->sending);
    pthread_mutex_destroy(&account->lock);
    credentials_free(&account->credentials);
    secret_free(&account->password);
    free(account->address);
    free(account->directory);
    free(account->key);
    free(account->user);
    free(account);
}

/* Under the lock of accounts: strangers who have been quiet go. */
static size_t forget_strangers(struct accounts *accounts)
{
    uint64_t now = time_monotonic_ms();
    size_t left = 0;

    for (struct account **place = &accounts->list; *place != NULL;) {
        struct account *account = *place;
        bool stranger = !atomic_load(&account->opened) && account->references == 0;

        if (stranger && now - account->failed_ms > STRANGER_MS) {
            *place = account->next;
            account_free(account);
            continue;
        }
        left += stranger;
        place = &account->next;
    }
    return left;
}

static struct account *find_account(struct op *op, struct accounts *accounts,
                                    const char *user)
{
    char *key = str_lower(arena_strdup(op->arena, user));

    pthread_mutex_lock(&accounts->lock);
    struct account *account = accounts->list;
    while (account != NULL && strcmp(account->key, key) != 0)
        account = account->next;
    if (account == NULL && forget_strangers(accounts) < STRANGERS_MAX) {
        account = account_new(accounts, user, key);
        account->failed_ms = time_monotonic_ms();
        account->next = accounts->list;
        accounts->list = account;
    }
    if (account != NULL)
        account->references++;
    pthread_mutex_unlock(&accounts->lock);
    return account;
}

/* --- Logging in ----------------------------------------------------------------------------------- */

static bool is_refusal(enum status status)
{
    return status == STATUS_AUTH_FAILED || status == STATUS_AUTH_EXPIRED ||
           status == STATUS_AUTH_REFUSED || status == STATUS_AUTH_DISABLED;
}

/* Asks Exchange; the account's login flight is ours. */
static enum status probe(struct op *op, struct account *account,
                         const struct secret *password, const unsigned char *hash)
{
    const struct backend *backend = account->accounts->backend;
    struct remote_account about = { 0 };
    struct remote *remote = NULL;
    enum status status = backend->open(op, account_settings(account), account->user,
                                       password, &remote, &about);

    if (status == STATUS_OK && !open_index(account)) {
        backend->close(&remote);
        status = op_fail(op, STATUS_UNAVAILABLE, "the state directory cannot be used");
    }
    pthread_mutex_lock(&account->lock);
    account->failed_ms = time_monotonic_ms();
    account->failed = status;
    memcpy(account->failed_hash, hash, sizeof account->failed_hash);
    if (status == STATUS_OK || is_refusal(status))
        credentials_learn(account->credentials, hash, status);
    if (status == STATUS_OK)
        install(account, remote, &about, password);
    pthread_mutex_unlock(&account->lock);
    if (status == STATUS_OK) {
        save_facts(op, account);
        atomic_store(&account->doubted, false);
        log_info(op->session, "account opened user=%s exchange=\"%s\"", account->user,
                 about.version != NULL ? about.version : "");
    }
    return status;
}

/* Answers from what is known; STATUS_UNCERTAIN: only Exchange can tell. */
static enum status judge(struct op *op, struct account *account,
                         const struct secret *password, const unsigned char *hash,
                         uint64_t asked_ms)
{
    uint32_t seconds = account_settings(account)->store.cache_seconds;
    enum status status = STATUS_OK;

    pthread_mutex_lock(&account->lock);
    switch (credentials_judge(account->credentials, hash, seconds, &status)) {
    case CREDENTIALS_KNOWN:
        if (account->password == NULL)
            account->password = secret_copy(password);
        break;
    case CREDENTIALS_REFUSED:
        op_fail(op, status, "the password was refused a short time ago");
        break;
    case CREDENTIALS_TOO_SOON:
        status = op_fail(op, STATUS_BUSY, "too many wrong passwords, this one is not tried yet");
        break;
    case CREDENTIALS_UNKNOWN:
        status = STATUS_UNCERTAIN;
        if (account->failed_ms > asked_ms && account->failed != STATUS_CANCELLED &&
            memcmp(account->failed_hash, hash, sizeof account->failed_hash) == 0)
            status = op_fail(op, account->failed, "as another login just now");
        break;
    }
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
    if (!flight_enter(op, &account->login))
        return STATUS_CANCELLED;
    status = judge(op, account, password, hash, asked_ms);
    if (status == STATUS_UNCERTAIN)
        status = probe(op, account, password, hash);
    flight_end(&account->login, status);
    return status;
}

enum status account_login(struct op *op, struct accounts *accounts, const char *user,
                          const struct secret *password, struct account **account_out)
{
    *account_out = NULL;
    if (*user == '\0' || secret_len(password) == 0)
        return op_fail(op, STATUS_AUTH_FAILED, "no user or no password was given");
    struct account *account = find_account(op, accounts, user);
    if (account == NULL)
        return op_fail(op, STATUS_BUSY, "too many unknown users have tried to log in");
    enum status status = open_door(op, account, password);
    if (status == STATUS_OK)
        *account_out = account;
    else
        account_unref(&account);
    return status;
}

/* --- Using the connection ---------------------------------------------------------------------------- */

static bool may_try(struct account *account)
{
    pthread_mutex_lock(&account->lock);
    bool may = credentials_may_try(account->credentials);
    pthread_mutex_unlock(&account->lock);
    return may;
}

static bool find_upstream(struct op *op, struct account *account, struct remote **remote_out)
{
    pthread_mutex_lock(&account->lock);
    bool found = use_upstream(op, account, remote_out);
    pthread_mutex_unlock(&account->lock);
    return found;
}

/* After a restart the password was recognised without asking: connects now. */
static enum status reconnect(struct op *op, struct account *account)
{
    const struct backend *backend = account->accounts->backend;
    struct remote_account about = { 0 };
    struct remote *remote = NULL;

    pthread_mutex_lock(&account->lock);
    struct secret *password =
        account->password != NULL ? secret_copy(account->password) : NULL;
    pthread_mutex_unlock(&account->lock);
    if (password == NULL)
        return op_fail(op, STATUS_AUTH_FAILED, "nobody has logged in yet");
    enum status status = account_told(
        account, backend->open(op, account_settings(account), account->user, password,
                               &remote, &about));
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
        return op_fail(op, STATUS_AUTH_FAILED, "Exchange has just refused the password");
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
    } else if (status == STATUS_OK && atomic_exchange(&account->doubted, false)) {
        pthread_mutex_lock(&account->lock);
        credentials_trust(account->credentials);
        pthread_mutex_unlock(&account->lock);
    }
    return status;
}

void account_collect(struct op *op, struct account *account)
{
    int64_t rows[256];
    uint32_t renderings[256];
    size_t count;

    do {
        count = sizeof rows / sizeof rows[0];
        if (index_garbage(op, account->index, rows, renderings, &count) != STATUS_OK)
            return;
        for (size_t i = 0; i < count; i++)
            cache_remove(account->cache, rows[i], renderings[i]);
    } while (count == sizeof rows / sizeof rows[0]);
}

/* --- Accounts ------------------------------------------------------------------------------------------ */

/* Makes the directory and those above it. */
static bool make_path(const char *path)
{
    char *part = memory_strdup(path);

    for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(part, 0700);
        *slash = '/';
    }
    mkdir(part, 0700);
    free(part);
    return access(path, R_OK | W_OK | X_OK) == 0;
}

struct accounts *accounts_new(const struct settings *settings, const struct backend *backend)
{
    const char *path = settings->store.path;
    bool in_memory = str_equal(path, "memory");

    if (!in_memory && !make_path(path)) {
        log_error("postern", "state directory cannot be used path=%s error=\"%m\"", path);
        return NULL;
    }
    struct accounts *accounts = memory_new(sizeof *accounts);
    pthread_mutex_init(&accounts->lock, NULL);
    atomic_init(&accounts->settings, settings);
    accounts->backend = backend;
    accounts->path = in_memory ? NULL : memory_strdup(path);
    accounts->watcher = watcher_new(accounts);
    return accounts;
}

void accounts_reload(struct accounts *accounts, const struct settings *settings)
{
    atomic_store(&accounts->settings, settings);
}

void accounts_free(struct accounts **accounts)
{
    if (*accounts == NULL)
        return;
    watcher_free(&(*accounts)->watcher);
    while ((*accounts)->list != NULL) {
        struct account *account = (*accounts)->list;

        (*accounts)->list = account->next;
        account_free(account);
    }
    pthread_mutex_destroy(&(*accounts)->lock);
    free((*accounts)->path);
    free(*accounts);
    *accounts = NULL;
}

struct account **accounts_all(struct op *op, struct accounts *accounts, size_t *count_out)
{
    size_t count = 0, i = 0;

    pthread_mutex_lock(&accounts->lock);
    for (struct account *account = accounts->list; account != NULL; account = account->next)
        count++;
    struct account **all = arena_array(op->arena, count + 1, sizeof(struct account *));
    for (struct account *account = accounts->list; account != NULL; account = account->next)
        if (changes_watched(account->changes)) {
            account->references++;
            all[i++] = account;
        }
    pthread_mutex_unlock(&accounts->lock);
    *count_out = i;
    return all;
}

const struct settings *account_settings(const struct account *account)
{
    return atomic_load(&account->accounts->settings);
}

struct watcher *account_watcher(const struct account *account)
{
    return account->accounts->watcher;
}

struct account *account_ref(struct account *account)
{
    pthread_mutex_lock(&account->accounts->lock);
    account->references++;
    pthread_mutex_unlock(&account->accounts->lock);
    return account;
}

void account_unref(struct account **account)
{
    if (*account == NULL)
        return;
    struct accounts *accounts = (*account)->accounts;
    pthread_mutex_lock(&accounts->lock);
    /* Nobody looks at the mailbox any more: its views need no memory. */
    if (--(*account)->references == 0)
        places_forget_views((*account)->places);
    pthread_mutex_unlock(&accounts->lock);
    *account = NULL;
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
    uint64_t limit = atomic_load(&account->message_limit);
    uint64_t ours = account_settings(account)->mail.message_limit;

    if (ours == 0 || (limit != 0 && limit < ours))
        return limit;
    return ours;
}
