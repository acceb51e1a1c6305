/*
 * accounts.c - all accounts of this gateway: making, finding and forgetting
 * them
 *
 * An account stays in memory once its user has logged in.  What a stranger
 * types as a user name makes an account as well, which is forgotten when it has
 * been idle; only a password that Exchange has taken makes a directory on the
 * disk.
 */
#include <malloc.h>
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
#include "proxy/exchange/directory_private.h"
#include "proxy/exchange/helpers.h"
#include "proxy/exchange/mail_private.h"
#include "proxy/exchange/reading.h"
#include "proxy/exchange/shelf.h"
#include "proxy/exchange/vigil.h"
#include "proxy/exchange/watcher.h"

/* Accounts without a successful login: how many, and how long they are
 * remembered. */
#define STRANGERS_MAX 2000
#define STRANGER_MS (15 * 60 * 1000u)

/* Threads for what nobody waits for. */
#define HELPERS 2

struct accounts {
    pthread_mutex_t lock;
    _Atomic(const struct settings *) settings;
    const struct backend *backend;
    char *path; /* NULL keeps all in RAM */
    struct account *list;
    struct watcher *watcher;
    struct shelf *shelf;
    struct directory_cache *directory_cache;
    struct helpers *helpers;
    atomic_bool ending;
};

/* --- One account --------------------------------------------------------- */

/* <path>/<user in plain letters>-<digest>: two users never share one. */
static char *directory_of(const char *path, const char *key)
{
    char plain[49], digest[65], *directory;
    struct digest *hash = digest_new();
    size_t i = 0;

    for (; key[i] != '\0' && i < sizeof plain - 1; i++) {
        bool is_plain = (key[i] >= 'a' && key[i] <= 'z') ||
                        (key[i] >= '0' && key[i] <= '9') || key[i] == '@' ||
                        key[i] == '-' || (key[i] == '.' && i > 0);
        plain[i] = is_plain ? key[i] : '_';
    }
    plain[i] = '\0';
    digest_add(hash, key, strlen(key));
    digest_finish(&hash, digest);
    if (asprintf(&directory, "%s/%s-%.16s", path, plain, digest) < 0)
        memory_exhausted();
    return directory;
}

/* Those of another account with the same login, or new ones. */
static struct credentials *credentials_for(const struct accounts *accounts,
                                           const char *login)
{
    for (struct account *other = accounts->list; other; other = other->next)
        if (str_equal_nocase(other->login_name, login))
            return credentials_ref(other->credentials);
    return credentials_new();
}

static struct account *account_new(struct op *op, struct accounts *accounts,
                                   const char *user, const char *key)
{
    struct account *account = memory_new(sizeof *account);
    const char *mailbox;

    account->accounts = accounts;
    account->user = memory_strdup(user);
    account->key = memory_strdup(key);
    account->login_name = memory_strdup(account_split(op->arena, user, &mailbox));
    account->mailbox = mailbox != NULL ? memory_strdup(mailbox) : NULL;
    account->address = memory_strdup("");
    account->credentials = credentials_for(accounts, account->login_name);
    pthread_mutex_init(&account->lock, NULL);
    flight_init(&account->login);
    flight_init(&account->tree);
    flight_init(&account->naming);
    flight_init(&account->store_look);
    flight_init(&account->sending);
    account->places = places_new(accounts->shelf);
    account->reading = reading_new();
    account->storing = reading_new();
    account->changes = changes_new();
    account->people = people_new();
    if (accounts->path != NULL) {
        account->directory = directory_of(accounts->path, key);
        if (access(account->directory, F_OK) == 0)
            account_remember(account);
    }
    return account;
}

static void account_free(struct account *account)
{
    account_disconnect(account);
    vigil_free(&account->vigil);
    changes_free(&account->changes);
    people_free(&account->people);
    stores_forget(account);
    reading_free(&account->reading);
    reading_free(&account->storing);
    places_free(&account->places);
    index_close(&account->index);
    cache_free(&account->cache);
    flight_fini(&account->login);
    flight_fini(&account->tree);
    flight_fini(&account->naming);
    flight_fini(&account->store_look);
    flight_fini(&account->sending);
    pthread_mutex_destroy(&account->lock);
    credentials_unref(&account->credentials);
    secret_free(&account->secret);
    free(account->address);
    free(account->directory);
    free(account->mailbox);
    free(account->login_name);
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
        bool stranger =
            !atomic_load(&account->opened) && account->references == 0;

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

struct account *accounts_find(struct op *op, struct accounts *accounts,
                              const char *user)
{
    char *key = str_lower(arena_strdup(op->arena, user));

    pthread_mutex_lock(&accounts->lock);
    struct account *account = accounts->list;
    while (account != NULL && strcmp(account->key, key) != 0)
        account = account->next;
    if (account == NULL && forget_strangers(accounts) < STRANGERS_MAX) {
        account = account_new(op, accounts, user, key);
        account->failed_ms = time_monotonic_ms();
        account->next = accounts->list;
        accounts->list = account;
    }
    if (account != NULL)
        account->references++;
    pthread_mutex_unlock(&accounts->lock);
    return account;
}

/* --- All of them --------------------------------------------------------- */

/* Makes the directory and those above it. */
static bool make_path(const char *path)
{
    char *part = memory_strdup(path);

    for (char *slash = strchr(part + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(part, 0700);
        *slash = '/';
    }
    mkdir(part, 0700);
    free(part);
    return access(path, R_OK | W_OK | X_OK) == 0;
}

struct accounts *accounts_new(const struct settings *settings,
                              const struct backend *backend)
{
    const char *path = settings->store.path;
    bool in_memory = str_equal(path, "memory");

    if (!in_memory && !make_path(path)) {
        log_error("postern",
                  "state directory cannot be used path=%s error=\"%m\"", path);
        return NULL;
    }
    struct accounts *accounts = memory_new(sizeof *accounts);
    pthread_mutex_init(&accounts->lock, NULL);
    atomic_init(&accounts->settings, settings);
    accounts->backend = backend;
    accounts->path = in_memory ? NULL : memory_strdup(path);
    accounts->watcher = watcher_new();
    accounts->shelf = shelf_new();
    accounts->directory_cache = directory_cache_new();
    accounts->helpers = helpers_new(HELPERS);
    return accounts;
}

void accounts_reload(struct accounts *accounts, const struct settings *settings)
{
    atomic_store(&accounts->settings, settings);
}

void accounts_rest(struct accounts *accounts)
{
    if (pthread_mutex_trylock(&accounts->lock) != 0)
        return;
    for (struct account *account = accounts->list; account != NULL;
         account = account->next)
        if (atomic_load(&account->opened))
            index_rest(account->index);
    pthread_mutex_unlock(&accounts->lock);
    malloc_trim(0);
}

void accounts_free(struct accounts **accounts)
{
    if (*accounts == NULL)
        return;
    atomic_store(&(*accounts)->ending, true);
    helpers_free(&(*accounts)->helpers);
    watcher_free(&(*accounts)->watcher);
    while ((*accounts)->list != NULL) {
        struct account *account = (*accounts)->list;

        (*accounts)->list = account->next;
        account_free(account);
    }
    shelf_free(&(*accounts)->shelf);
    directory_cache_free(&(*accounts)->directory_cache);
    pthread_mutex_destroy(&(*accounts)->lock);
    free((*accounts)->path);
    free(*accounts);
    *accounts = NULL;
}

const struct settings *accounts_settings(const struct accounts *accounts)
{
    return atomic_load(&accounts->settings);
}

const struct settings *account_settings(const struct account *account)
{
    return accounts_settings(account->accounts);
}

const struct backend *account_backend(const struct account *account)
{
    return account->accounts->backend;
}

struct watcher *account_watcher(const struct account *account)
{
    return account->accounts->watcher;
}

struct watcher *accounts_watcher(struct accounts *accounts)
{
    return accounts->watcher;
}

struct shelf *account_shelf(const struct account *account)
{
    return account->accounts->shelf;
}

struct directory_cache *account_directory_cache(const struct account *account)
{
    return account->accounts->directory_cache;
}

struct helpers *account_helpers(const struct account *account)
{
    return account->accounts->helpers;
}

const atomic_bool *account_ending(const struct account *account)
{
    return &account->accounts->ending;
}

static void trim(const struct accounts *accounts)
{
    const struct settings *settings = atomic_load(&accounts->settings);

    shelf_trim(accounts->shelf, settings->store.view_limit);
}

void account_trim(const struct account *account)
{
    trim(account->accounts);
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
    (*account)->references--;
    pthread_mutex_unlock(&accounts->lock);
    *account = NULL;
    trim(accounts);
}
