/*
 * soap_stream.c - GetStreamingEvents: one envelope after the other
 *
 * Each is a whole document.  What the schema has in the namespace of types,
 * Notification and SubscriptionId as children of this message's elements, comes
 * in that of messages, as from real servers.  Heart-beats come in both forms
 * that clients meet: a StatusEvent for each subscription, and the connection's
 * status alone.
 */
#include "tests/exchange/soap.h"

#include <stdlib.h>

#include "proxy/base/memory.h"
#include "tests/exchange/notify.h"

struct soap_stream {
    struct exchange *exchange;
    struct sim_mailbox *user;
    enum schema_version version;
    bool milliseconds;
    struct sim_stream *stream;
    unsigned beats;
};

static const struct node operation = { .namespace = NS_MESSAGES,
                                       .name = "GetStreamingEvents",
                                       .text = "" };

struct soap_stream *soap_stream_new(const struct call *call)
{
    struct soap_stream *stream = memory_new(sizeof *stream);

    *stream = (struct soap_stream){ .exchange = call->exchange,
                                    .user = call->user,
                                    .version = call->version,
                                    .milliseconds = call->milliseconds,
                                    .stream = call->stream };
    return stream;
}

void soap_stream_close(struct soap_stream **stream)
{
    if (*stream == NULL)
        return;
    exchange_lock((*stream)->exchange);
    sim_stream_close(&(*stream)->stream);
    exchange_unlock((*stream)->exchange);
    free(*stream);
    *stream = NULL;
}

int soap_stream_fd(const struct soap_stream *stream)
{
    return sim_stream_fd(stream->stream);
}

/* --- Envelopes ----------------------------------------------------------- */

static void put_notifications(struct call *call,
                              const struct sim_stream_news *news)
{
    message_begin(call, NULL);
    buf_puts(&call->out, "<m:Notifications>");
    for (size_t i = 0; i < news->count; i++) {
        const struct sim_event_list *list =
            news->state == STREAM_EVENTS ? &news->lists[i] : NULL;

        buf_puts(&call->out, "<m:Notification>");
        put_element(&call->out, "t:SubscriptionId", news->ids[i]);
        if (list == NULL)
            buf_puts(&call->out, "<t:StatusEvent/>");
        for (size_t k = 0; list != NULL && k < list->count; k++)
            put_event(call, list->events[k], NULL);
        buf_puts(&call->out, "</m:Notification>");
    }
    buf_puts(&call->out, "</m:Notifications>");
    message_end(call);
}

static void put_status(struct call *call, const char *status)
{
    message_begin(call, NULL);
    put_element(&call->out, "m:ConnectionStatus", status);
    message_end(call);
}

static void put_lost(struct call *call, const struct sim_stream_news *news)
{
    message_begin(call, news->code);
    buf_puts(&call->out, "<m:ErrorSubscriptionIds>");
    put_element(&call->out, "m:SubscriptionId", news->lost);
    buf_puts(&call->out, "</m:ErrorSubscriptionIds>");
    if (news->last)
        buf_puts(&call->out, "<m:ConnectionStatus>Closed</m:ConnectionStatus>");
    message_end(call);
}

static void put_news(struct call *call, struct soap_stream *stream,
                     const struct sim_stream_news *news)
{
    switch (news->state) {
    case STREAM_LOST:
        put_lost(call, news);
        break;
    case STREAM_ENDS:
        put_status(call, "Closed");
        break;
    case STREAM_CUT_INSIDE:
        put_status(call, "OK");
        break;
    case STREAM_BEAT:
        if (stream->beats++ % 2 == 1) {
            put_status(call, "OK");
            break;
        }
        put_notifications(call, news);
        break;
    default:
        put_notifications(call, news);
        break;
    }
}

static enum soap_stream_state state_of(const struct sim_stream_news *news)
{
    switch (news->state) {
    case STREAM_QUIET:
        return SOAP_STREAM_QUIET;
    case STREAM_CUT:
        return SOAP_STREAM_CUT;
    case STREAM_CUT_INSIDE:
        return SOAP_STREAM_CUT_INSIDE;
    case STREAM_ENDS:
        return SOAP_STREAM_LAST;
    default:
        return news->last ? SOAP_STREAM_LAST : SOAP_STREAM_NEXT;
    }
}

enum soap_stream_state soap_stream_next(struct soap_stream *stream,
                                        struct soap_reply *reply, int *wait_out)
{
    struct call call = { .exchange = stream->exchange,
                         .user = stream->user,
                         .arena = arena_new(),
                         .request = &operation,
                         .version = stream->version,
                         .milliseconds = stream->milliseconds };
    struct sim_stream_news news;

    *reply = (struct soap_reply){ .http_status = 200 };
    buf_init(&call.out, NULL);
    exchange_lock(stream->exchange);
    news = sim_stream_next(call.arena, stream->stream);
    if (news.state != STREAM_QUIET && news.state != STREAM_CUT) {
        envelope_begin(&call);
        answer_begin(&call);
        put_news(&call, stream, &news);
        answer_end(&call);
        envelope_end(&call);
        reply->body = call.out.data;
        reply->len = call.out.len;
    }
    exchange_unlock(stream->exchange);
    *wait_out = news.wait;
    arena_free(&call.arena);
    return state_of(&news);
}
