/*
 * retry.h - what a failed call means, and whether it is made again
 *
 * A verdict is what one call to Exchange came to.  Reads are repeated as long
 * as the patience of the operation lasts; writes only when they were surely not
 * carried out.
 */
#ifndef POSTERN_EXCHANGE_HTTP_RETRY_H
#define POSTERN_EXCHANGE_HTTP_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "proxy/base/op.h"

struct throttle;

enum retry {
    RETRY_NEVER,   /* the answer will be the same */
    RETRY_LATER,   /* after a pause, which concerns the whole account */
    RETRY_FEWER,   /* the same, and with fewer calls at a time */
    RETRY_FRESH,   /* soon, on a new connection */
    RETRY_ONCE,    /* soon, on a new connection, and only once */
    RETRY_SMALLER, /* at once, for what was not done, in smaller pieces */
    RETRY_OLDER,   /* at once, in the words of an older version */
    RETRY_NOW      /* at once: the way has changed */
};

struct verdict {
    enum status status;
    enum retry retry;
    bool undone; /* nothing was carried out, so that a write may be repeated */
    uint32_t
        pause; /* milliseconds that Exchange asks for; 0: it does not say */
};

/* What an HTTP status means that came without an answer in XML, and with this
 * text in its place. */
struct verdict retry_of_http(long code, const char *page);

/* What an error of libcurl means; its `undone` depends on what had been sent.
 */
struct verdict retry_of_curl(int code);

/* The first pause before a server in trouble is asked again, which doubles with
 * each try: a second, unless a test that waits for many of them says otherwise
 * before it asks anything. */
void retry_set_first_pause(uint32_t milliseconds);

/* How long one operation goes on trying. */
struct patience {
    uint64_t deadline; /* of time_monotonic_ms */
    unsigned tries;
    unsigned single; /* tries of the kind that is made once */
};

/* Counts from when Exchange began to fail `op`, or from now. */
void patience_begin(struct patience *patience, const struct op *op,
                    uint32_t seconds);

/* Whether it had ended before it began: what an operation still has to find out
 * then is asked once, and quickly. */
bool patience_is_over(const struct patience *patience);

/*
 * Decides whether the call that ended with `verdict` is made again; true after
 * having waited as long as it takes.  False when it makes no sense, when
 * patience would end first, or when the client has gone.
 */
bool retry_wait(struct op *op, struct throttle *throttle,
                struct patience *patience, const struct verdict *verdict,
                bool write);

#endif
