/*
 * streams.c - connections that wait for the events of subscriptions
 */
#include "tests/exchange/subscriptions.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "proxy/base/memory.h"
#include "proxy/base/time.h"
#include "tests/exchange/load.h"

#define EVENTS_AT_ONCE 50
#define WAIT_MAX 60000

unsigned streams_of(struct exchange *exchange,
                           const struct sim_mailbox *user)
{
    unsigned count = 0;

    for (struct sim_stream *at = exchange->notify.streams; at != NULL;
         at = at->next)
        count += user == NULL || at->user == user;
    return count;
}

/* HangingConnectionLimit as it is installed. */
static unsigned stream_limit(const struct exchange *exchange)
{
    if (exchange->notify.stream_limit != 0)
        return exchange->notify.stream_limit;
    return exchange->version < EXCHANGE_2016 ? 3 : 10;
}

struct sim_stream *sim_stream_open(
    struct sim_mailbox *user, struct sim_subscription *const subscriptions[],
    size_t count, unsigned timeout)
{
    struct exchange *exchange = user->exchange;
    struct sim_stream *stream;

    if (streams_of(exchange, user) >= stream_limit(exchange))
        return NULL;
    stream = memory_new(sizeof *stream);
    stream->exchange = exchange;
    stream->user = user;
    stream->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    stream->spoken = time_monotonic_ms();
    stream->ends = stream->spoken + notify_minutes(exchange, timeout);
    for (size_t i = 0; i < count; i++) {
        struct sim_stream *other = subscriptions[i]->stream;

        if (other != NULL && other != stream)
            stream_lose(other, subscriptions[i]->id,
                 "ErrorNewEventStreamConnectionOpened");
        subscriptions[i]->stream = stream;
    }
    stream->next = exchange->notify.streams;
    exchange->notify.streams = stream;
    load_stream(exchange, user->address, true);
    return stream;
}

static void take_loss(struct sim_stream *stream)
{
    struct loss *loss = stream->losses;

    stream->losses = loss->next;
    free(loss->id);
    free(loss);
}

void sim_stream_close(struct sim_stream **stream)
{
    struct sim_stream *gone = *stream;
    struct exchange *exchange = gone->exchange;
    struct sim_stream **at = &exchange->notify.streams;

    while (*at != gone)
        at = &(*at)->next;
    *at = gone->next;
    load_stream(exchange, gone->user->address, false);
    for (struct sim_subscription *s = exchange->notify.subscriptions; s != NULL;
         s = s->next)
        if (s->stream == gone) {
            s->stream = NULL;
            s->used = time_monotonic_ms();
        }
    while (gone->losses != NULL)
        take_loss(gone);
    close(gone->wake);
    free(gone);
    *stream = NULL;
}

int sim_stream_fd(const struct sim_stream *stream)
{
    return stream->wake;
}

static size_t read_by(const struct sim_stream *stream)
{
    size_t count = 0;

    for (struct sim_subscription *at = stream->exchange->notify.subscriptions;
         at != NULL; at = at->next)
        count += at->stream == stream;
    return count;
}

/* Whether anything has happened; `news` gets it, or until when nothing will. */
static bool collect(struct arena *arena, struct sim_stream *stream,
                    struct sim_stream_news *news, uint64_t *next_due)
{
    size_t count = read_by(stream);

    news->ids = arena_array(arena, count + 1, sizeof *news->ids);
    news->lists = arena_array(arena, count + 1, sizeof *news->lists);
    for (struct sim_subscription *at = stream->exchange->notify.subscriptions,
                                 *next;
         at != NULL; at = next) {
        struct sim_event_list list;

        next = at->next;
        if (at->stream != stream)
            continue;
        list = sim_events_after(arena, at, at->told, EVENTS_AT_ONCE);
        if (at->missed) {
            sim_unsubscribe(at, "ErrorMissedNotificationEvents");
            continue;
        }
        if (list.next_due != 0 && list.next_due < *next_due)
            *next_due = list.next_due;
        if (list.count == 0)
            continue;
        at->told = list.events[list.count - 1]->number;
        news->ids[news->count] = arena_strdup(arena, at->id);
        news->lists[news->count++] = list;
    }
    return news->count > 0;
}

/* A heart-beat names the subscriptions that are alive. */
static void list_alive(struct arena *arena, struct sim_stream *stream,
                       struct sim_stream_news *news)
{
    for (struct sim_subscription *at = stream->exchange->notify.subscriptions;
         at != NULL; at = at->next)
        if (at->stream == stream)
            news->ids[news->count++] = arena_strdup(arena, at->id);
}

static bool tell_loss(struct arena *arena, struct sim_stream *stream,
                      struct sim_stream_news *news)
{
    if (stream->losses == NULL)
        return false;
    news->state = STREAM_LOST;
    news->lost = arena_strdup(arena, stream->losses->id);
    news->code = stream->losses->code;
    take_loss(stream);
    news->last = stream->losses == NULL && read_by(stream) == 0;
    return true;
}

static int wait_until(uint64_t when, uint64_t now)
{
    uint64_t wait = when > now ? when - now : 0;

    return (int)(wait > WAIT_MAX ? WAIT_MAX : wait);
}

struct sim_stream_news sim_stream_next(struct arena *arena,
                                       struct sim_stream *stream)
{
    const struct notify *notify = &stream->exchange->notify;
    uint64_t now = time_monotonic_ms();
    uint64_t beat =
        stream->spoken + (notify->heartbeat == 0 ? 45000 : notify->heartbeat);
    uint64_t due = stream->ends;
    struct sim_stream_news news = { .state = STREAM_QUIET };
    eventfd_t woken;

    eventfd_read(stream->wake, &woken);
    if (stream->cut != CUT_NOT) {
        news.state =
            stream->cut == CUT_INSIDE ? STREAM_CUT_INSIDE : STREAM_CUT;
        return news;
    }
    if (notify->silent) {
        news.wait = WAIT_MAX;
        return news;
    }
    if (tell_loss(arena, stream, &news)) {
        stream->spoken = now;
        return news;
    }
    if (collect(arena, stream, &news, &due)) {
        news.state = STREAM_EVENTS;
    } else if (tell_loss(arena, stream, &news)) {
        stream->spoken = now;
        return news;
    } else if (now >= stream->ends) {
        news.state = STREAM_ENDS;
    } else if (now >= beat) {
        news.state = STREAM_BEAT;
        list_alive(arena, stream, &news);
    }
    if (news.state != STREAM_QUIET)
        stream->spoken = now;
    news.wait = wait_until(beat < due ? beat : due, now);
    return news;
}
