/*
 * notify_stream.c - the call that hangs, over which Exchange streams its events
 *
 *     <Envelope> ConnectionStatus OK </Envelope>          it has begun
 *     <Envelope> ConnectionStatus OK </Envelope>          every 45 seconds
 *     <Envelope> Notifications </Envelope>                events
 *     <Envelope> ConnectionStatus Closed </Envelope>      its time is over
 *
 * These are whole documents, one after the other, in pieces of any size.
 * Between two calls Exchange keeps the events, so that a call that has ended in
 * good order goes on with the next one.  Any other end is told: what was on the
 * way is lost.
 */
#include <stdio.h>
#include <stdlib.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/ews/notify.h"
#include "proxy/exchange/ews/soap_answer.h"
#include "proxy/exchange/http/stream.h"

/* The longest envelope that is taken. */
#define ENVELOPE_LIMIT (8u * 1024 * 1024)

/* A stream that lasts no longer is not opened again at once. */
#define LASTING_MS 1000

/* --- Envelopes ------------------------------------------------------------ */

static void tell(struct ews_watch *watch, enum remote_news_kind kind)
{
    struct remote_news news = { .kind = kind };

    watch->watch.tell(watch->watch.context, &news);
}

static void note_trouble(struct ews_watch *watch, const struct verdict *verdict)
{
    enum status status = verdict->status;

    /* The streams of an account are counted apart from its other calls. */
    if (verdict->retry == RETRY_FEWER)
        status = STATUS_LIMIT;
    watch->trouble = (struct remote_news){ .kind = REMOTE_NEWS_END,
                                           .status = status,
                                           .reason = watch->op.reason,
                                           .pause = verdict->pause };
    if (status == STATUS_STALE) {
        free(watch->subscription);
        watch->subscription = NULL;
    }
}

static void refuse(struct ews_watch *watch, const struct soap_message *message)
{
    struct verdict verdict = message->verdict;

    /* Whatever the code, the only subscription that was asked for is bad. */
    if (xml_child(message->node, "ErrorSubscriptionIds") != NULL)
        verdict.status = STATUS_STALE;
    soap_note(&watch->op, "GetStreamingEvents", verdict.status, message->code,
              xml_child_text(message->node, "MessageText"));
    note_trouble(watch, &verdict);
}

static void take_message(void *context, const struct soap_message *message)
{
    struct ews_watch *watch = context;
    const struct xml_node *list = xml_child(message->node, "Notifications");

    if (message->verdict.status != STATUS_OK) {
        refuse(watch, message);
        return;
    }
    if (!watch->told_open)
        tell(watch, REMOTE_NEWS_OPEN);
    watch->told_open = true;
    if (list != NULL)
        for (const struct xml_node *node = list->children; node != NULL;
             node = node->next)
            notify_read(&watch->watch, node);
    if (str_equal(xml_child_text(message->node, "ConnectionStatus"), "Closed"))
        watch->closed = true;
}

static void begin_envelope(struct ews_watch *watch)
{
    watch->call = (struct soap_call){ .operation = "GetStreamingEvents",
                                      .message = take_message,
                                      .context = watch };
    watch->arena = arena_new();
    op_init(&watch->op, watch->arena, "watcher");
    watch->answer = soap_answer_new(&watch->call, watch->arena, ENVELOPE_LIMIT);
}

void notify_drop(struct ews_watch *watch)
{
    soap_answer_free(&watch->answer);
    arena_free(&watch->arena);
    watch->documents = (struct xml_documents){ 0 };
}

/* False when nothing more is to be read. */
static bool end_envelope(struct ews_watch *watch)
{
    const struct http_answer http = { .code = 200, .xml = true };
    struct verdict verdict = soap_answer_end(watch->answer, &watch->op, &http);

    bool in_trouble = watch->trouble.kind == REMOTE_NEWS_END;
    if (verdict.status != STATUS_OK && !in_trouble) {
        note_trouble(watch, &verdict);
        in_trouble = true;
    }
    /* What was wrong is told in words that lie there. */
    if (!in_trouble)
        notify_drop(watch);
    return !watch->closed && !in_trouble;
}

/* What stands between two envelopes: white space, a byte order mark. */
static bool is_between(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\xef' ||
           c == '\xbb' || c == '\xbf';
}

bool notify_feed(struct ews_watch *watch, const char *data, size_t len)
{
    bool whole;

    while (len > 0) {
        if (watch->answer == NULL && is_between(*data)) {
            data++;
            len--;
            continue;
        }
        if (watch->answer == NULL)
            begin_envelope(watch);
        size_t taken = xml_documents_next(&watch->documents, data, len, &whole);
        bool good = soap_answer_feed(watch->answer, data, taken);
        data += taken;
        len -= taken;
        if ((whole || !good) && !end_envelope(watch))
            return false;
    }
    return true;
}

/* --- The call ------------------------------------------------------------- */

static void build(void *context, struct soap_request *request)
{
    const struct ews_watch *watch = context;
    struct xml_writer *writer = &request->writer;
    uint32_t minutes = ews_of(watch->watch.remote)->push_timeout / 60;
    char text[16];

    xml_open(writer, "m:SubscriptionIds");
    xml_element(writer, "t:SubscriptionId", watch->subscription);
    xml_close(writer);
    snprintf(text, sizeof text, "%u", minutes);
    xml_element(writer, "m:ConnectionTimeout", text);
}

static bool take_piece(void *context, const char *data, size_t len)
{
    struct ews_watch *watch = context;

    if (watch->told_open)
        tell(watch, REMOTE_NEWS_ALIVE);
    return notify_feed(watch, data, len);
}

static void end(void *context, const struct http_answer *answer,
                const char *reason)
{
    struct ews_watch *watch = context;
    struct remote_news news = watch->trouble;
    bool lasted = time_monotonic_ms() - watch->opened_ms >= LASTING_MS;

    if (news.kind != REMOTE_NEWS_END && watch->closed && lasted) {
        stream_close(&watch->stream);
        ews_watch_listen(&watch->watch, watch->streams);
        return;
    }
    if (news.kind != REMOTE_NEWS_END) {
        news = (struct remote_news){ .kind = REMOTE_NEWS_END,
                                     .status = answer->verdict.status,
                                     .reason = reason,
                                     .pause = answer->verdict.pause };
        if (news.status == STATUS_OK)
            news.status = STATUS_UNAVAILABLE;
    }
    watch->told_open = false;
    watch->watch.tell(watch->watch.context, &news);
    ews_watch_hush(&watch->watch);
}

void ews_watch_listen(struct remote_watch *remote_watch,
                      struct streams *streams)
{
    struct ews_watch *watch = watch_of(remote_watch);
    struct ews *ews = ews_of(remote_watch->remote);
    struct soap_call call = { .operation = "GetStreamingEvents",
                              .build = build,
                              .context = watch };
    struct arena *arena = arena_new();
    struct buf text;

    watch->streams = streams;
    watch->closed = false;
    watch->trouble = (struct remote_news){ 0 };
    watch->opened_ms = time_monotonic_ms();
    buf_init(&text, arena);
    soap_write(&call, ews_version(ews), &text);
    struct stream_call stream = { .operation = call.operation,
                                  .body = text.data,
                                  .len = text.len,
                                  .silence = ews->push_silence,
                                  .answer = take_piece,
                                  .ended = end,
                                  .context = watch };
    watch->stream = stream_open(streams, ews->http, &stream);
    arena_free(&arena);
}

void ews_watch_hush(struct remote_watch *remote_watch)
{
    struct ews_watch *watch = watch_of(remote_watch);

    stream_close(&watch->stream);
    watch->told_open = false;
    notify_drop(watch);
}
