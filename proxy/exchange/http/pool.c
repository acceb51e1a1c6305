/*
 * pool.c - see pool.h
 */
#include "proxy/exchange/http/pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "config/settings.h"
#include "proxy/base/memory.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "proxy/exchange/http/trust.h"

/* IIS closes a connection after two silent minutes: we close it before. */
#define IDLE_SECONDS 100L

/* How long a call in a hurry may go without progress. */
#define HURRY_SECONDS 5L

/* Idle handles are kept up to this number. */
#define IDLE_HANDLES 8

struct pool {
    char *user;
    struct secret *secret;
    char *proxy;
    char *user_agent;
    char *ca; /* a file of authorities besides the system's; "" */
    long tls_min;
    long connect_timeout;
    long timeout;
    CURLSH *share; /* cookies, names and TLS sessions */
    pthread_mutex_t share_locks[CURL_LOCK_DATA_LAST];

    pthread_mutex_t mutex; /* for what follows */
    CURL *idle[IDLE_HANDLES];
    size_t idle_count;
};

/* --- Settings ------------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *name;
    long version;
} tls_versions[] = {
    { "1.0", CURL_SSLVERSION_TLSv1_0 },
    { "1.1", CURL_SSLVERSION_TLSv1_1 },
    { "1.2", CURL_SSLVERSION_TLSv1_2 },
    { "1.3", CURL_SSLVERSION_TLSv1_3 },
};
/* clang-format on */

static long tls_version(const char *name)
{
    for (size_t i = 0; i < sizeof tls_versions / sizeof *tls_versions; i++)
        if (str_equal(tls_versions[i].name, name))
            return tls_versions[i].version;
    return CURL_SSLVERSION_TLSv1_2;
}

/* A user without a domain gets that of the settings. */
static char *full_user(const char *domain, const char *user)
{
    if (domain == NULL || *domain == '\0' || strpbrk(user, "@\\") != NULL)
        return memory_strdup(user);
    size_t size = strlen(domain) + strlen(user) + 2;
    char *full = memory_new(size);
    strcat(strcat(strcat(full, domain), "\\"), user);
    return full;
}

/* --- The share: what the handles of one account have in common ------------ */

static void share_lock(CURL *handle, curl_lock_data data,
                       curl_lock_access access, void *context)
{
    struct pool *pool = context;

    (void)handle, (void)access;
    pthread_mutex_lock(&pool->share_locks[data]);
}

static void share_unlock(CURL *handle, curl_lock_data data, void *context)
{
    struct pool *pool = context;

    (void)handle;
    pthread_mutex_unlock(&pool->share_locks[data]);
}

static void open_share(struct pool *pool)
{
    for (size_t i = 0; i < CURL_LOCK_DATA_LAST; i++)
        pthread_mutex_init(&pool->share_locks[i], NULL);
    pool->share = curl_share_init();
    if (pool->share == NULL)
        memory_exhausted();
    curl_share_setopt(pool->share, CURLSHOPT_LOCKFUNC, share_lock);
    curl_share_setopt(pool->share, CURLSHOPT_UNLOCKFUNC, share_unlock);
    curl_share_setopt(pool->share, CURLSHOPT_USERDATA, pool);
    curl_share_setopt(pool->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
    curl_share_setopt(pool->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    curl_share_setopt(pool->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
}

static void close_share(struct pool *pool)
{
    curl_share_cleanup(pool->share);
    for (size_t i = 0; i < CURL_LOCK_DATA_LAST; i++)
        pthread_mutex_destroy(&pool->share_locks[i]);
}

/* --- Life ----------------------------------------------------------------- */

static void initialise_curl(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

struct pool *pool_new(const struct exchange_settings *settings,
                      const char *user, const struct secret *secret)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct pool *pool = memory_new(sizeof *pool);

    pthread_once(&once, initialise_curl);
    pthread_mutex_init(&pool->mutex, NULL);
    pool->ca = memory_strdup("");
    pool->user = full_user(settings->domain, user);
    pool->secret = secret_copy(secret);
    pool->proxy = memory_strdup(settings->proxy);
    pool->user_agent = memory_strdup(settings->user_agent);
    pool->tls_min = tls_version(settings->tls_min);
    pool->connect_timeout = (long)settings->connect_timeout;
    pool->timeout = (long)settings->timeout;
    open_share(pool);
    return pool;
}

void pool_free(struct pool **pool)
{
    struct pool *gone = *pool;

    if (gone == NULL)
        return;
    for (size_t i = 0; i < gone->idle_count; i++)
        curl_easy_cleanup(gone->idle[i]);
    close_share(gone);
    secret_free(&gone->secret);
    pthread_mutex_destroy(&gone->mutex);
    free(gone->ca);
    free(gone->user);
    free(gone->proxy);
    free(gone->user_agent);
    free(gone);
    *pool = NULL;
}

bool pool_trust(struct pool *pool, const char *ca)
{
    X509_STORE *store = trust_store(ca);

    X509_STORE_free(store);
    free(pool->ca);
    pool->ca = memory_strdup(ca);
    return store != NULL;
}

/* --- Handles -------------------------------------------------------------- */

static void trust(const struct pool *pool, CURL *handle)
{
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, pool->tls_min);
    trust_teach(handle, pool->ca);
}

static void set_timeout(const struct pool *pool, CURL *handle, bool hurry)
{
    long seconds =
        hurry && pool->timeout > HURRY_SECONDS ? HURRY_SECONDS : pool->timeout;

    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, seconds);
}

/* A token says itself whose it is. */
static void log_in(const struct pool *pool, CURL *handle)
{
    const char *secret = secret_expose(pool->secret);

    if (secret_kind(pool->secret) == SECRET_TOKEN) {
        curl_easy_setopt(handle, CURLOPT_XOAUTH2_BEARER, secret);
        return;
    }
    curl_easy_setopt(handle, CURLOPT_USERNAME, pool->user);
    curl_easy_setopt(handle, CURLOPT_PASSWORD, secret);
}

CURL *pool_make(struct pool *pool)
{
    CURL *handle = curl_easy_init();

    if (handle == NULL)
        memory_exhausted();
    curl_easy_setopt(handle, CURLOPT_SHARE, pool->share);
    curl_easy_setopt(handle, CURLOPT_COOKIEFILE, "");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(handle, CURLOPT_MAXCONNECTS, 1L);
    curl_easy_setopt(handle, CURLOPT_MAXAGE_CONN, IDLE_SECONDS);
    curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, 131072L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, pool->connect_timeout);
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
    set_timeout(pool, handle, false);
    log_in(pool, handle);
    if (pool->user_agent != NULL && *pool->user_agent != '\0')
        curl_easy_setopt(handle, CURLOPT_USERAGENT, pool->user_agent);
    if (pool->proxy != NULL && *pool->proxy != '\0')
        curl_easy_setopt(handle, CURLOPT_PROXY, pool->proxy);
    trust(pool, handle);
    return handle;
}

CURL *pool_take(struct pool *pool, bool hurry)
{
    CURL *handle = NULL;

    pthread_mutex_lock(&pool->mutex);
    if (pool->idle_count > 0)
        handle = pool->idle[--pool->idle_count];
    pthread_mutex_unlock(&pool->mutex);
    if (handle == NULL)
        handle = pool_make(pool);
    set_timeout(pool, handle, hurry);
    return handle;
}

void pool_give(struct pool *pool, CURL *handle, bool good)
{
    pthread_mutex_lock(&pool->mutex);
    if (good && pool->idle_count < IDLE_HANDLES) {
        pool->idle[pool->idle_count++] = handle;
        handle = NULL;
    }
    pthread_mutex_unlock(&pool->mutex);
    if (handle != NULL)
        curl_easy_cleanup(handle);
}
