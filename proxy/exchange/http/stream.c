/*
 * stream.c - see stream.h
 *
 * Each stream has a connection of its own, which ends with it: NTLM
 * authenticates connections, and these must not be had by another account.
 */
#include "proxy/exchange/http/stream.h"

#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/base/time.h"
#include "proxy/exchange/http/handle.h"

struct streams {
    CURLM *multi;
    struct stream *list;
    bool stirred; /* something has come since the last sleep */
};

struct stream {
    struct stream *next;
    struct streams *streams;
    struct http_client *client;
    struct stream_call call;
    struct http_call http;
    struct transfer transfer;
    struct arena *arena; /* what all of this points to */
    struct op op;
    CURL *handle; /* NULL: it has ended */
    struct curl_slist *headers;
    const char *url;
    uint64_t opened_ms;
    uint64_t silent_since_ms;
};

/* --- All of them --------------------------------------------------------- */

struct streams *streams_new(void)
{
    struct streams *streams = memory_new(sizeof *streams);

    streams->multi = curl_multi_init();
    if (streams->multi == NULL)
        memory_exhausted();
    return streams;
}

void streams_free(struct streams **streams)
{
    if (*streams == NULL)
        return;
    curl_multi_cleanup((*streams)->multi);
    free(*streams);
    *streams = NULL;
}

void streams_wake(struct streams *streams)
{
    curl_multi_wakeup(streams->multi);
}

/* --- One ----------------------------------------------------------------- */

static bool take(void *context, const char *data, size_t len)
{
    struct stream *stream = context;

    stream->silent_since_ms = time_monotonic_ms();
    stream->streams->stirred = true;
    return stream->call.answer(stream->call.context, data, len);
}

/* What tells it from a call that is waited for. */
static void let_hang(CURL *handle, struct stream *stream)
{
    curl_easy_setopt(handle, CURLOPT_PRIVATE, stream);
    curl_easy_setopt(handle, CURLOPT_FORBID_REUSE, 1L);
    /* libcurl would wake up each second to measure the speed. */
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 0L);
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, 0L);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 1L);
    /* Who compresses an answer on its way keeps it back until there is enough
     * of it. */
    curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, NULL);
    curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, 16384L);
}

struct stream *stream_open(struct streams *streams, struct http_client *client,
                           const struct stream_call *call)
{
    struct stream *stream = memory_new(sizeof *stream);

    stream->arena = arena_new();
    op_init(&stream->op, stream->arena, "watcher");
    stream->streams = streams;
    stream->client = client;
    stream->call = *call;
    stream->http = (struct http_call){
        .operation = call->operation,
        .body = arena_memdup(stream->arena, call->body, call->len),
        .len = call->len,
        .fresh = true,
        .affinity = true,
        .answer = take,
        .context = stream,
    };
    stream->handle = handle_new(client);
    stream->url = handle_prepare(&stream->op, client, stream->handle,
                                 &stream->http, &stream->headers);
    transfer_begin(&stream->transfer, &stream->op, &stream->http,
                   stream->handle);
    let_hang(stream->handle, stream);
    stream->opened_ms = stream->silent_since_ms = time_monotonic_ms();
    stream->next = streams->list;
    streams->list = stream;
    curl_multi_add_handle(streams->multi, stream->handle);
    return stream;
}

/* Takes the handle away, and with it the connection. */
static void hang_up(struct stream *stream)
{
    struct stream **place = &stream->streams->list;

    if (stream->handle == NULL)
        return;
    while (*place != stream)
        place = &(*place)->next;
    *place = stream->next;
    curl_multi_remove_handle(stream->streams->multi, stream->handle);
    curl_easy_cleanup(stream->handle);
    curl_slist_free_all(stream->headers);
    stream->handle = NULL;
}

void stream_close(struct stream **stream)
{
    if (*stream == NULL)
        return;
    hang_up(*stream);
    arena_free(&(*stream)->arena);
    free(*stream);
    *stream = NULL;
}

/* --- What comes ---------------------------------------------------------- */

/* Ends with what libcurl says, or for being silent. */
static void end(struct stream *stream, CURLcode code)
{
    struct http_answer answer = { .verdict = { .status = STATUS_OK } };

    transfer_end(&stream->transfer, stream->handle, code);
    handle_judge(&stream->op, stream->client, stream->handle, &stream->transfer,
                 stream->url, &answer);
    hang_up(stream);
    stream->streams->stirred = true;
    log_debug("watcher", "exchange: stream operation=%s http=%ld seconds=%llu",
              stream->call.operation, answer.code,
              (unsigned long long)(time_monotonic_ms() - stream->opened_ms) /
                  1000);
    stream->call.ended(stream->call.context, &answer, stream->op.reason);
}

static void end_those_that_have(struct streams *streams)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(streams->multi, &left)) != NULL) {
        struct stream *stream = NULL;
        CURLcode code = message->data.result;

        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &stream);
        if (message->msg == CURLMSG_DONE)
            end(stream, code);
    }
}

static uint64_t deadline(const struct stream *stream)
{
    return stream->silent_since_ms + 1000u * (uint64_t)stream->call.silence;
}

static void end_the_silent(struct streams *streams)
{
    uint64_t now = time_monotonic_ms();
    struct stream *stream = streams->list;

    while (stream != NULL)
        if (now >= deadline(stream)) {
            end(stream, CURLE_OPERATION_TIMEDOUT);
            stream = streams->list; /* others may have come and gone */
        } else {
            stream = stream->next;
        }
}

/* How long to sleep, in milliseconds; libcurl itself wakes up earlier for its
 * own timers. */
static int pause_until(const struct streams *streams, uint64_t until_ms)
{
    const uint64_t longest = 1000u * 3600 * 24;
    uint64_t now = time_monotonic_ms();

    for (const struct stream *stream = streams->list; stream != NULL;
         stream = stream->next)
        if (deadline(stream) < until_ms)
            until_ms = deadline(stream);
    if (until_ms <= now)
        return 0;
    return (int)(until_ms - now < longest ? until_ms - now : longest);
}

void streams_wait(struct streams *streams, uint64_t until_ms)
{
    int running;

    /* What has just been opened is to be on its way before the sleep; who hears
     * of something may have another idea of how long to sleep. */
    streams->stirred = false;
    curl_multi_perform(streams->multi, &running);
    end_those_that_have(streams);
    if (streams->stirred)
        return;
    curl_multi_poll(streams->multi, NULL, 0, pause_until(streams, until_ms),
                    NULL);
    curl_multi_perform(streams->multi, &running);
    end_those_that_have(streams);
    end_the_silent(streams);
}
