/*
 * stream.h - calls that hang: their answers come piece by piece, for minutes
 *
 * One thread, the watcher's, has all of them, and sleeps in streams_wait until
 * something comes for any: a stream that is silent costs nothing.  Only that
 * thread calls anything here but streams_wake.  These calls are not counted by
 * the throttle: Exchange has a limit of its own for them.
 */
#ifndef POSTERN_EXCHANGE_HTTP_STREAM_H
#define POSTERN_EXCHANGE_HTTP_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/exchange/http/client.h"

struct stream;
struct streams;

struct streams *streams_new(void);

/* None may be open. */
void streams_free(struct streams **streams);

/* Sleeps until something comes, someone wakes it or `until_ms` is there (of
 * time_monotonic_ms; UINT64_MAX: never), and calls the functions of those
 * streams for which something has come. */
void streams_wait(struct streams *streams, uint64_t until_ms);

/* Any thread: ends the sleep, the next one if there is none now. */
void streams_wake(struct streams *streams);

struct stream_call {
    const char *operation; /* for the log; a constant */
    const char *body;      /* copied */
    size_t len;
    uint32_t silence; /* seconds without an octet, then it is given up */

    /* Takes what comes; false ends the stream. */
    bool (*answer)(void *context, const char *data, size_t len);

    /* Called once, and last: the call has ended with `answer`, and `reason` is
     * for the log (NULL: none).  May close this stream and open others. */
    void (*ended)(void *context, const struct http_answer *answer,
                  const char *reason);
    void *context;
};

/* The client must live until the stream is closed. */
struct stream *stream_open(struct streams *streams, struct http_client *client,
                           const struct stream_call *call);

/* Ends it if it has not ended; no function is called any more. */
void stream_close(struct stream **stream);

#endif
