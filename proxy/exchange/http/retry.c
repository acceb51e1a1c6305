/*
 * retry.c - see retry.h
 */
#include "proxy/exchange/http/retry.h"

#include <stddef.h>
#include <string.h>
#include <sys/random.h>

#include <curl/curl.h>

#include "proxy/base/time.h"
#include "proxy/exchange/http/throttle.h"

#define FIRST_PAUSE_MS 1000
#define LONGEST_PAUSE_MS 60000
#define FRESH_PAUSE_MS 100

/* clang-format off */
static const struct {
    long code;
    struct verdict verdict;
} http_codes[] = {
    /* A page in HTML under 200 is a login page of something in between: it may
     * have come after the call was made, or instead of it. */
    { 200, { STATUS_UNAVAILABLE,   RETRY_ONCE,  false, 0 } },
    { 302, { STATUS_UNAVAILABLE,   RETRY_FRESH, false, 0 } },
    { 400, { STATUS_INTERNAL,      RETRY_NEVER, true,  0 } },
    { 401, { STATUS_AUTH_FAILED,   RETRY_ONCE,  true,  0 } },
    { 403, { STATUS_AUTH_DISABLED, RETRY_NEVER, true,  0 } },
    { 404, { STATUS_UNAVAILABLE,   RETRY_NEVER, true,  0 } },
    { 405, { STATUS_UNAVAILABLE,   RETRY_NEVER, true,  0 } },
    { 407, { STATUS_UNAVAILABLE,   RETRY_NEVER, true,  0 } },
    { 408, { STATUS_TIMEOUT,       RETRY_FRESH, false, 0 } },
    { 413, { STATUS_TOO_BIG,       RETRY_NEVER, true,  0 } },
    { 429, { STATUS_BUSY,          RETRY_LATER, true,  0 } },
    { 440, { STATUS_AUTH_REFUSED,  RETRY_NEVER, true,  0 } },
    { 449, { STATUS_AUTH_REFUSED,  RETRY_NEVER, true,  0 } },
    { 456, { STATUS_AUTH_REFUSED,  RETRY_NEVER, true,  0 } },
    { 457, { STATUS_AUTH_EXPIRED,  RETRY_NEVER, true,  0 } },
    { 500, { STATUS_UNAVAILABLE,   RETRY_FRESH, false, 0 } },
    { 501, { STATUS_UNSUPPORTED,   RETRY_NEVER, true,  0 } },
    { 502, { STATUS_UNAVAILABLE,   RETRY_LATER, false, 0 } },
    { 503, { STATUS_BUSY,          RETRY_LATER, true,  0 } },
    { 504, { STATUS_TIMEOUT,       RETRY_LATER, false, 0 } },
    { 507, { STATUS_OVER_QUOTA,    RETRY_NEVER, true,  0 } },
};

static const struct {
    CURLcode code;
    struct verdict verdict;
} curl_codes[] = {
    { CURLE_ABORTED_BY_CALLBACK,     { STATUS_CANCELLED,   RETRY_NEVER, false, 0 } },
    { CURLE_OPERATION_TIMEDOUT,      { STATUS_TIMEOUT,     RETRY_FRESH, false, 0 } },
    { CURLE_COULDNT_RESOLVE_PROXY,   { STATUS_UNAVAILABLE, RETRY_LATER, true,  0 } },
    { CURLE_COULDNT_RESOLVE_HOST,    { STATUS_UNAVAILABLE, RETRY_LATER, true,  0 } },
    { CURLE_COULDNT_CONNECT,         { STATUS_UNAVAILABLE, RETRY_LATER, true,  0 } },
    { CURLE_URL_MALFORMAT,           { STATUS_UNAVAILABLE, RETRY_NEVER, true,  0 } },
    { CURLE_UNSUPPORTED_PROTOCOL,    { STATUS_UNAVAILABLE, RETRY_NEVER, true,  0 } },
    { CURLE_PEER_FAILED_VERIFICATION, { STATUS_UNAVAILABLE, RETRY_NEVER, true, 0 } },
    { CURLE_SSL_CACERT_BADFILE,      { STATUS_UNAVAILABLE, RETRY_NEVER, true,  0 } },
    { CURLE_SSL_ISSUER_ERROR,        { STATUS_UNAVAILABLE, RETRY_NEVER, true,  0 } },
    { CURLE_SSL_CERTPROBLEM,         { STATUS_UNAVAILABLE, RETRY_NEVER, true,  0 } },
    { CURLE_SSL_CIPHER,              { STATUS_UNAVAILABLE, RETRY_NEVER, true,  0 } },
    { CURLE_SSL_PINNEDPUBKEYNOTMATCH, { STATUS_UNAVAILABLE, RETRY_NEVER, true, 0 } },
    { CURLE_NOT_BUILT_IN,            { STATUS_UNSUPPORTED, RETRY_NEVER, true,  0 } },
    { CURLE_READ_ERROR,              { STATUS_INTERNAL,    RETRY_NEVER, false, 0 } },
    { CURLE_OUT_OF_MEMORY,           { STATUS_INTERNAL,    RETRY_NEVER, false, 0 } },
};
/* clang-format on */

struct verdict retry_of_http(long code, const char *page)
{
    /* Some servers say this in plain text where others have a fault for it. */
    if (code == 500 && strcasestr(page, "server version is invalid") != NULL)
        return (struct verdict){ STATUS_UNSUPPORTED, RETRY_OLDER, true, 0 };
    for (size_t i = 0; i < sizeof http_codes / sizeof *http_codes; i++)
        if (http_codes[i].code == code)
            return http_codes[i].verdict;
    if (code >= 300 && code < 400)
        return retry_of_http(302, page);
    if (code >= 400 && code < 500)
        return retry_of_http(404, page);
    return retry_of_http(500, page);
}

struct verdict retry_of_curl(int code)
{
    for (size_t i = 0; i < sizeof curl_codes / sizeof *curl_codes; i++)
        if ((int)curl_codes[i].code == code)
            return curl_codes[i].verdict;
    return (struct verdict){ STATUS_UNAVAILABLE, RETRY_FRESH, false, 0 };
}

void patience_begin(struct patience *patience, const struct op *op,
                    uint32_t seconds)
{
    uint64_t start =
        op->failing_since != 0 ? op->failing_since : time_monotonic_ms();

    *patience =
        (struct patience){ .deadline = start + (uint64_t)seconds * 1000 };
}

bool patience_is_over(const struct patience *patience)
{
    return patience->tries == 0 && time_monotonic_ms() >= patience->deadline;
}

/* Up to a quarter more, so that those who wait do not all come back at once. */
static uint32_t with_jitter(uint32_t milliseconds)
{
    uint32_t random = 0;

    if (getrandom(&random, sizeof random, GRND_NONBLOCK) < 0)
        random = (uint32_t)time_monotonic_ms();
    return milliseconds + random % (milliseconds / 4 + 1);
}

static uint32_t first_pause = FIRST_PAUSE_MS;

void retry_set_first_pause(uint32_t milliseconds)
{
    first_pause = milliseconds;
}

/* 1, 2, 4 ... 60 seconds. */
static uint32_t growing_pause(unsigned tries)
{
    uint32_t pause = tries < 7 ? first_pause << tries : LONGEST_PAUSE_MS;

    return pause < LONGEST_PAUSE_MS ? pause : LONGEST_PAUSE_MS;
}

static uint32_t pause_for(const struct patience *patience,
                          const struct verdict *verdict)
{
    switch (verdict->retry) {
    case RETRY_LATER:
    case RETRY_FEWER:
        if (verdict->pause > 0)
            return with_jitter(verdict->pause);
        return with_jitter(growing_pause(patience->tries));
    case RETRY_FRESH:
    case RETRY_ONCE:
        /* A connection that was cut is opened again at once; if that does not
         * help, the server is in trouble. */
        if (patience->tries < 2)
            return with_jitter(FRESH_PAUSE_MS);
        return with_jitter(growing_pause(patience->tries - 2));
    case RETRY_SMALLER:
        return patience->tries < 8
                   ? 0
                   : with_jitter(growing_pause(patience->tries - 8));
    default:
        return 0;
    }
}

static bool may_repeat(const struct patience *patience,
                       const struct verdict *verdict, bool write)
{
    if (verdict->status == STATUS_OK || verdict->retry == RETRY_NEVER)
        return false;
    if (write && !verdict->undone)
        return false;
    return verdict->retry != RETRY_ONCE || patience->single == 0;
}

bool retry_wait(struct op *op, struct throttle *throttle,
                struct patience *patience, const struct verdict *verdict,
                bool write)
{
    bool repeat = may_repeat(patience, verdict, write);
    uint32_t pause = pause_for(patience, verdict);

    if (verdict->retry == RETRY_FEWER)
        throttle_narrow(throttle);
    if (verdict->retry == RETRY_LATER || verdict->retry == RETRY_FEWER) {
        /* The others of this account wait as well, even if this one gives up.
         */
        throttle_pause(throttle, pause);
        pause = 0;
    }
    if (!repeat)
        return false;
    patience->tries++;
    if (verdict->retry == RETRY_ONCE)
        patience->single++;
    return throttle_sleep(op, throttle, pause, patience->deadline);
}
