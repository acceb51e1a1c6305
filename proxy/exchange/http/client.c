/*
 * client.c - see client.h
 */
#include "proxy/exchange/http/client.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include <curl/curl.h>

#include "config/settings.h"
#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/http/certificates.h"
#include "proxy/exchange/http/throttle.h"
#include "proxy/exchange/http/transfer.h"

/* IIS closes a connection after two silent minutes: we close it before. */
#define IDLE_SECONDS 100L

/* How long a call in a hurry may go without progress. */
#define HURRY_SECONDS 5L

/* The least that any Exchange takes as a request: that of 2007. */
#define IIS_LIMIT 30000000

/* Idle handles are kept up to this number. */
#define POOL_SIZE 8

struct http_client {
    char *user;
    struct secret *password;
    char *proxy;
    char *user_agent;
    struct buf certificates; /* empty: the system's */
    enum auth_scheme wanted;
    long tls_min;
    long connect_timeout;
    long timeout;
    struct throttle *throttle;
    CURLSH *share; /* cookies, names and TLS sessions */
    pthread_mutex_t share_locks[CURL_LOCK_DATA_LAST];

    pthread_mutex_t mutex; /* for what follows */
    char *url;
    char *anchor;
    bool redirected;
    unsigned long scheme; /* CURLAUTH_* */
    int64_t skew;
    CURL *idle[POOL_SIZE];
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

/* Basic is tried first: where Exchange offers it, there is no cheaper one.  The
 * answer to the first call tells if it does not. */
static unsigned long first_scheme(enum auth_scheme wanted)
{
    switch (wanted) {
    case AUTH_NTLM:
        return CURLAUTH_NTLM;
    case AUTH_NEGOTIATE:
        return CURLAUTH_NEGOTIATE;
    default:
        return CURLAUTH_BASIC;
    }
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

/* Whether the password is safe on the way to this address. */
static bool is_private(const char *url)
{
    static const char *const hosts[] = { "localhost", "127.0.0.1", "[::1]" };

    if (str_starts_nocase(url, "https://"))
        return true;
    if (!str_starts_nocase(url, "http://"))
        return false;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        size_t len = strlen(hosts[i]);
        if (strncasecmp(url + 7, hosts[i], len) == 0 &&
            strchr(":/", url[7 + len]) != NULL)
            return true;
    }
    return false;
}

/* --- The share: what the handles of one account have in common ------------ */

static void share_lock(CURL *handle, curl_lock_data data,
                       curl_lock_access access, void *context)
{
    struct http_client *client = context;

    (void)handle, (void)access;
    pthread_mutex_lock(&client->share_locks[data]);
}

static void share_unlock(CURL *handle, curl_lock_data data, void *context)
{
    struct http_client *client = context;

    (void)handle;
    pthread_mutex_unlock(&client->share_locks[data]);
}

static void open_share(struct http_client *client)
{
    for (size_t i = 0; i < CURL_LOCK_DATA_LAST; i++)
        pthread_mutex_init(&client->share_locks[i], NULL);
    client->share = curl_share_init();
    if (client->share == NULL)
        memory_exhausted();
    curl_share_setopt(client->share, CURLSHOPT_LOCKFUNC, share_lock);
    curl_share_setopt(client->share, CURLSHOPT_UNLOCKFUNC, share_unlock);
    curl_share_setopt(client->share, CURLSHOPT_USERDATA, client);
    curl_share_setopt(client->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
    curl_share_setopt(client->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    curl_share_setopt(client->share, CURLSHOPT_SHARE,
                      CURL_LOCK_DATA_SSL_SESSION);
}

static void close_share(struct http_client *client)
{
    curl_share_cleanup(client->share);
    for (size_t i = 0; i < CURL_LOCK_DATA_LAST; i++)
        pthread_mutex_destroy(&client->share_locks[i]);
}

/* --- Life ----------------------------------------------------------------- */

static void initialise_curl(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

static enum status check(struct op *op, struct http_client *client,
                         const char *ca)
{
    if (!is_private(client->url))
        return op_fail(op, STATUS_UNAVAILABLE,
                       "exchange.url must begin with https:// (it is \"%s\")",
                       client->url);
    if (*ca != '\0' && !certificates_load(ca, &client->certificates))
        return op_fail(op, STATUS_UNAVAILABLE,
                       "no certificate can be read from %s", ca);
    return STATUS_OK;
}

enum status http_client_new(struct op *op, const struct settings *settings,
                            const char *user, const struct secret *password,
                            struct http_client **client_out)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    const struct exchange_settings *exchange = &settings->exchange;
    struct http_client *client = memory_new(sizeof *client);

    pthread_once(&once, initialise_curl);
    pthread_mutex_init(&client->mutex, NULL);
    buf_init(&client->certificates, NULL);
    client->user = full_user(exchange->domain, user);
    client->password = secret_copy(password);
    client->url = memory_strdup(exchange->url != NULL ? exchange->url : "");
    client->proxy = memory_strdup(exchange->proxy);
    client->user_agent = memory_strdup(exchange->user_agent);
    client->wanted = exchange->auth;
    client->scheme = first_scheme(exchange->auth);
    client->tls_min = tls_version(exchange->tls_min);
    client->connect_timeout = (long)exchange->connect_timeout;
    client->timeout = (long)exchange->timeout;
    client->throttle = throttle_new(exchange->concurrency);
    open_share(client);
    enum status status =
        check(op, client, exchange->ca != NULL ? exchange->ca : "");
    if (status != STATUS_OK)
        http_client_free(&client);
    *client_out = client;
    return status;
}

void http_client_free(struct http_client **client)
{
    struct http_client *gone = *client;

    if (gone == NULL)
        return;
    for (size_t i = 0; i < gone->idle_count; i++)
        curl_easy_cleanup(gone->idle[i]);
    close_share(gone);
    throttle_free(&gone->throttle);
    secret_free(&gone->password);
    buf_fini(&gone->certificates);
    pthread_mutex_destroy(&gone->mutex);
    free(gone->user);
    free(gone->proxy);
    free(gone->user_agent);
    free(gone->url);
    free(gone->anchor);
    free(gone);
    *client = NULL;
}

/* Whether this may stand in a header line. */
static bool is_plain(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text <= ' ' || *text > '~')
            return false;
    return true;
}

void http_client_set_anchor(struct http_client *client, const char *address)
{
    if (!is_plain(address))
        return;
    pthread_mutex_lock(&client->mutex);
    free(client->anchor);
    client->anchor = memory_strdup(address);
    pthread_mutex_unlock(&client->mutex);
}

int64_t http_client_skew(struct http_client *client)
{
    pthread_mutex_lock(&client->mutex);
    int64_t skew = client->skew;
    pthread_mutex_unlock(&client->mutex);
    return skew;
}

struct throttle *http_client_throttle(struct http_client *client)
{
    return client->throttle;
}

/* --- Handles -------------------------------------------------------------- */

static void trust(const struct http_client *client, CURL *handle)
{
    struct curl_blob blob = { client->certificates.data,
                              client->certificates.len, CURL_BLOB_NOCOPY };

    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, client->tls_min);
    if (blob.len > 0)
        curl_easy_setopt(handle, CURLOPT_CAINFO_BLOB, &blob);
}

static CURL *new_handle(struct http_client *client)
{
    CURL *handle = curl_easy_init();

    if (handle == NULL)
        memory_exhausted();
    curl_easy_setopt(handle, CURLOPT_SHARE, client->share);
    curl_easy_setopt(handle, CURLOPT_COOKIEFILE, "");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(handle, CURLOPT_MAXCONNECTS, 1L);
    curl_easy_setopt(handle, CURLOPT_MAXAGE_CONN, IDLE_SECONDS);
    curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, 131072L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, client->connect_timeout);
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(handle, CURLOPT_USERNAME, client->user);
    curl_easy_setopt(handle, CURLOPT_PASSWORD, secret_expose(client->password));
    if (client->user_agent != NULL && *client->user_agent != '\0')
        curl_easy_setopt(handle, CURLOPT_USERAGENT, client->user_agent);
    if (client->proxy != NULL && *client->proxy != '\0')
        curl_easy_setopt(handle, CURLOPT_PROXY, client->proxy);
    trust(client, handle);
    return handle;
}

static CURL *take_handle(struct http_client *client)
{
    CURL *handle = NULL;

    pthread_mutex_lock(&client->mutex);
    if (client->idle_count > 0)
        handle = client->idle[--client->idle_count];
    pthread_mutex_unlock(&client->mutex);
    return handle != NULL ? handle : new_handle(client);
}

/* Handles whose last call went wrong are given up, and their connections with
 * them. */
static void give_handle(struct http_client *client, CURL *handle, bool good)
{
    pthread_mutex_lock(&client->mutex);
    if (good && client->idle_count < POOL_SIZE) {
        client->idle[client->idle_count++] = handle;
        handle = NULL;
    }
    pthread_mutex_unlock(&client->mutex);
    if (handle != NULL)
        curl_easy_cleanup(handle);
}

/* --- Calls ---------------------------------------------------------------- */

/* RFC 4122, 4.4: a name for this call, to be found in Exchange's logs. */
static char *request_id(struct arena *arena)
{
    unsigned char b[16] = { 0 };

    if (getrandom(b, sizeof b, 0) < 0)
        return NULL;
    b[6] = (b[6] & 0x0f) | 0x40;
    b[8] = (b[8] & 0x3f) | 0x80;
    return arena_printf(arena,
                        "client-request-id: %02x%02x%02x%02x-%02x%02x-%02x%02x-"
                        "%02x%02x-%02x%02x%02x%02x%02x%02x",
                        b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8],
                        b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

static struct curl_slist *add_header(struct curl_slist *list, const char *line)
{
    struct curl_slist *longer =
        line != NULL ? curl_slist_append(list, line) : list;

    if (longer == NULL)
        memory_exhausted();
    return longer;
}

static struct curl_slist *headers_for(struct op *op, const char *anchor)
{
    struct curl_slist *list = NULL;

    list = add_header(list, "Content-Type: text/xml; charset=utf-8");
    list = add_header(list, "Accept: text/xml");
    /* Some balancers stall on this, and nobody gains by it. */
    list = add_header(list, "Expect:");
    list = add_header(list, "return-client-request-id: true");
    list = add_header(list, request_id(op->arena));
    if (anchor != NULL)
        list = add_header(
            list, arena_printf(op->arena, "X-AnchorMailbox: %s", anchor));
    return list;
}

/* Puts what may change between calls into the handle.  Returns the address. */
static char *prepare(struct op *op, struct http_client *client, CURL *handle,
                     struct curl_slist **headers_out)
{
    pthread_mutex_lock(&client->mutex);
    char *url = arena_strdup(op->arena, client->url);
    char *anchor = arena_strdup(op->arena, client->anchor);
    unsigned long scheme = client->scheme;
    pthread_mutex_unlock(&client->mutex);

    *headers_out = headers_for(op, anchor);
    curl_easy_setopt(handle, CURLOPT_URL, url);
    curl_easy_setopt(handle, CURLOPT_HTTPAUTH, scheme);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, *headers_out);
    return url;
}

/* Whether the server wants another scheme than the one just tried; then that is
 * used from now on. */
static bool change_scheme(struct http_client *client, CURL *handle)
{
    long offered = 0;
    bool changed = false;

    curl_easy_getinfo(handle, CURLINFO_HTTPAUTH_AVAIL, &offered);
    pthread_mutex_lock(&client->mutex);
    if (client->wanted == AUTH_AUTO && client->scheme == CURLAUTH_BASIC &&
        (offered & (long)CURLAUTH_BASIC) == 0 &&
        (offered & (long)CURLAUTH_NTLM) != 0) {
        client->scheme = CURLAUTH_NTLM;
        changed = true;
    }
    pthread_mutex_unlock(&client->mutex);
    return changed;
}

/* Whether the server has sent us to another Exchange; that is done once, over
 * TLS. */
static bool follow(struct op *op, struct http_client *client, CURL *handle)
{
    const char *location = NULL;
    bool followed = false;

    curl_easy_getinfo(handle, CURLINFO_REDIRECT_URL, &location);
    if (location == NULL || !str_starts_nocase(location, "https://") ||
        !str_ends_nocase(location, "/exchange.asmx"))
        return false;
    pthread_mutex_lock(&client->mutex);
    if (!client->redirected) {
        free(client->url);
        client->url = memory_strdup(location);
        client->redirected = followed = true;
    }
    pthread_mutex_unlock(&client->mutex);
    if (followed)
        log_info(op->session, "exchange: moved url=%s",
                 str_printable(op->arena, location, strlen(location), 200));
    return followed;
}

static struct verdict judge_answer(struct op *op, struct http_client *client,
                                   CURL *handle,
                                   const struct transfer *transfer, long code,
                                   const char *url)
{
    struct verdict verdict = retry_of_http(code, transfer->page);

    /* A fault of SOAP comes with 500; whoever reads it knows what it means. */
    if (transfer->xml && (code == 200 || code == 500))
        return (struct verdict){ .status = STATUS_OK };
    if ((code == 401 && change_scheme(client, handle)) ||
        (code / 100 == 3 && follow(op, client, handle)))
        verdict = (struct verdict){ STATUS_UNAVAILABLE, RETRY_NOW, true, 0 };
    /* IIS says of a request beyond its limit (404.13) that nothing is there. */
    if (code == 404 && http_body_size(&transfer->body) > IIS_LIMIT)
        verdict = retry_of_http(413, "");
    verdict.pause = transfer->pause;
    op_fail(op, verdict.status, "%s: HTTP %ld%s", url, code,
            code == 200 ? " with a page instead of an answer" : "");
    return verdict;
}

static struct verdict judge_error(struct op *op,
                                  const struct transfer *transfer,
                                  const char *url)
{
    struct verdict verdict = retry_of_curl(transfer->code);
    const char *error = *transfer->error != '\0'
                            ? transfer->error
                            : curl_easy_strerror(transfer->code);

    /* Without the whole of it Exchange cannot have begun. */
    if (!transfer->sent)
        verdict.undone = true;
    op_fail(op, verdict.status, "%s: %s", url,
            str_printable(op->arena, error, strlen(error), 200));
    return verdict;
}

static void note_clock(struct http_client *client,
                       const struct transfer *transfer)
{
    if (transfer->date == TIME_NONE)
        return;
    pthread_mutex_lock(&client->mutex);
    client->skew = transfer->date - time_now();
    pthread_mutex_unlock(&client->mutex);
}

static void set_timeout(const struct http_client *client, CURL *handle,
                        bool hurry)
{
    long seconds = hurry && client->timeout > HURRY_SECONDS ? HURRY_SECONDS
                                                            : client->timeout;

    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, seconds);
}

static void perform(struct op *op, struct http_client *client,
                    const struct http_call *call, struct http_answer *answer)
{
    CURL *handle = take_handle(client);
    struct transfer transfer;
    struct curl_slist *headers;
    char *url = prepare(op, client, handle, &headers);
    uint64_t start = time_monotonic_ms();

    set_timeout(client, handle, call->hurry);
    transfer_run(&transfer, op, call, handle);
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer->code);
    answer->xml = transfer.xml && (answer->code == 200 || answer->code == 500);
    if (transfer.code == CURLE_OK)
        answer->verdict =
            judge_answer(op, client, handle, &transfer, answer->code, url);
    else if (!transfer.enough)
        answer->verdict = judge_error(op, &transfer, url);
    note_clock(client, &transfer);
    log_debug(op->session,
              "exchange: call operation=%s http=%ld milliseconds=%llu",
              call->operation, answer->code,
              (unsigned long long)(time_monotonic_ms() - start));
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    give_handle(client, handle, transfer.code == CURLE_OK && answer->xml);
}

void http_post(struct op *op, struct http_client *client,
               const struct http_call *call, uint64_t deadline,
               struct http_answer *answer_out)
{
    *answer_out = (struct http_answer){ .verdict = { .status = STATUS_OK } };
    enum status status =
        throttle_enter(op, client->throttle, call->find, deadline);

    if (status != STATUS_OK) {
        answer_out->verdict = (struct verdict){ status, RETRY_NEVER, true, 0 };
        return;
    }
    perform(op, client, call, answer_out);
    throttle_leave(client->throttle, call->find);
}
