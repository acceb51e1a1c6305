/*
 * client.c - see client.h
 */
#include "proxy/exchange/http/client.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "config/settings.h"
#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/http/handle.h"
#include "proxy/exchange/http/headers.h"
#include "proxy/exchange/http/pool.h"
#include "proxy/exchange/http/throttle.h"
#include "proxy/exchange/http/transfer.h"

/* The least that any Exchange takes as a request: that of 2007. */
#define IIS_LIMIT 30000000

struct http_client {
    enum auth_scheme wanted;
    struct pool *pool;
    struct throttle *throttle;

    pthread_mutex_t mutex; /* for what follows */
    char *url;
    char *anchor;
    bool redirected;
    unsigned long scheme; /* CURLAUTH_* */
    int64_t skew;
};

/* --- Life ----------------------------------------------------------------- */

/* Basic is tried first: where Exchange offers it, there is no cheaper one.  The
 * answer to the first call tells if it does not. */
static unsigned long first_scheme(enum auth_scheme wanted,
                                  enum secret_kind kind)
{
    if (kind == SECRET_TOKEN)
        return CURLAUTH_BEARER;
    switch (wanted) {
    case AUTH_NTLM:
        return CURLAUTH_NTLM;
    case AUTH_NEGOTIATE:
        return CURLAUTH_NEGOTIATE;
    default:
        return CURLAUTH_BASIC;
    }
}

/* "mail.example.com" of "https://mail.example.com:443/EWS", "[::1]" of
 * "http://[::1]:80/" */
static const char *host_of(const char *url, size_t *len_out)
{
    const char *host = str_authority(url, len_out);
    const char *bracket = *host == '[' ? memchr(host, ']', *len_out) : NULL;
    const char *port = bracket != NULL ? bracket + 1 : host;

    port += strcspn(port, ":");
    if (port < host + *len_out)
        *len_out = (size_t)(port - host);
    return host;
}

/* Whether a secret is safe on the way to this address. */
static bool is_private(const char *url)
{
    static const char *const hosts[] = { "localhost", "127.0.0.1", "[::1]" };
    size_t len;
    const char *host = host_of(url, &len);

    if (str_starts_nocase(url, "https://"))
        return true;
    if (!str_starts_nocase(url, "http://"))
        return false;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        if (str_is_nocase(host, len, hosts[i]))
            return true;
    return false;
}

static enum status check(struct op *op, struct http_client *client,
                         const char *ca)
{
    if (!is_private(client->url))
        return op_fail(op, STATUS_UNAVAILABLE,
                       "exchange.url must begin with https:// (it is \"%s\")",
                       client->url);
    /* It would be shown instead of the client's: anybody could come in. */
    if (str_has_login(client->url))
        return op_fail(op, STATUS_UNAVAILABLE,
                       "exchange.url must not bring a user's name");
    if (*ca != '\0' && !pool_trust(client->pool, ca))
        return op_fail(op, STATUS_UNAVAILABLE,
                       "no certificate can be read from %s", ca);
    return STATUS_OK;
}

enum status http_client_new(struct op *op, const struct settings *settings,
                            const char *user, const struct secret *secret,
                            struct http_client **client_out)
{
    const struct exchange_settings *exchange = &settings->exchange;
    struct http_client *client = memory_new(sizeof *client);

    pthread_mutex_init(&client->mutex, NULL);
    client->url = memory_strdup(exchange->url != NULL ? exchange->url : "");
    client->wanted = exchange->auth;
    client->scheme = first_scheme(exchange->auth, secret_kind(secret));
    client->pool = pool_new(exchange, user, secret);
    client->throttle = throttle_new(exchange->concurrency);
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
    pool_free(&gone->pool);
    throttle_free(&gone->throttle);
    pthread_mutex_destroy(&gone->mutex);
    free(gone->url);
    free(gone->anchor);
    free(gone);
    *client = NULL;
}

void http_client_set_anchor(struct http_client *client, const char *address)
{
    if (!headers_plain(address))
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

bool http_client_is_host(struct http_client *client, const char *url)
{
    size_t own_len, len;
    const char *host = host_of(url, &len);

    pthread_mutex_lock(&client->mutex);
    const char *own = host_of(client->url, &own_len);
    bool same = own_len == len && strncasecmp(own, host, len) == 0;
    pthread_mutex_unlock(&client->mutex);
    return same;
}

CURL *handle_new(struct http_client *client)
{
    return pool_make(client->pool);
}

/* --- Calls ---------------------------------------------------------------- */

static char *url_at(struct arena *arena, const char *url, const char *path)
{
    size_t len;
    const char *authority = str_authority(url, &len);

    len += (size_t)(authority - url);
    return arena_printf(arena, "%.*s%s", (int)len, url, path);
}

char *handle_prepare(struct op *op, struct http_client *client, CURL *handle,
                     const struct http_call *call,
                     struct curl_slist **headers_out)
{
    pthread_mutex_lock(&client->mutex);
    char *url = arena_strdup(op->arena, client->url);
    struct http_route own = { .anchor =
                                  arena_strdup(op->arena, client->anchor) };
    unsigned long scheme = client->scheme;
    pthread_mutex_unlock(&client->mutex);

    if (call->path != NULL)
        url = url_at(op->arena, url, call->path);
    *headers_out =
        headers_new(op, call, call->route != NULL ? call->route : &own);
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
        !str_ends_nocase(location, "/exchange.asmx") || str_has_login(location))
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
    /* What another service wants is nothing that EWS should do from now on. */
    if (transfer->call->path == NULL &&
        ((code == 401 && change_scheme(client, handle)) ||
         (code / 100 == 3 && follow(op, client, handle))))
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

void handle_judge(struct op *op, struct http_client *client, CURL *handle,
                  const struct transfer *transfer, const char *url,
                  struct http_answer *answer)
{
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer->code);
    answer->xml = transfer->xml && (answer->code == 200 || answer->code == 500);
    if (transfer->code == CURLE_OK)
        answer->verdict =
            judge_answer(op, client, handle, transfer, answer->code, url);
    else if (!transfer->enough)
        answer->verdict = judge_error(op, transfer, url);
    note_clock(client, transfer);
}

static void perform(struct op *op, struct http_client *client,
                    const struct http_call *call, struct http_answer *answer)
{
    CURL *handle = pool_take(client->pool, call->hurry);
    struct transfer transfer;
    struct curl_slist *headers;
    char *url = handle_prepare(op, client, handle, call, &headers);
    uint64_t start = time_monotonic_ms();

    transfer_run(&transfer, op, call, handle);
    handle_judge(op, client, handle, &transfer, url, answer);
    log_debug(op->session,
              "exchange: call operation=%s http=%ld milliseconds=%llu",
              call->operation, answer->code,
              (unsigned long long)(time_monotonic_ms() - start));
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    /* That there is no such thing is an answer, too. */
    pool_give(client->pool, handle,
              transfer.code == CURLE_OK &&
                  (answer->xml || answer->code == 404));
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
