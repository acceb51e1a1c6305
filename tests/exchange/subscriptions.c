/*
 * subscriptions.c - who has asked to be told of events, and the streams that
 * wait for them
 */
#include "tests/exchange/subscriptions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "proxy/base/base64.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/events.h"
#include "tests/exchange/load.h"

#define MINUTES_OF_LIFE 30
#define EVENTS_AT_ONCE 50
#define WAIT_MAX 60000

enum cut { CUT_NOT, CUT_BETWEEN, CUT_INSIDE };

/* A subscription that a stream was reading and no longer does. */
struct loss {
    char *id;
    const char *code;
    struct loss *next;
};

struct sim_stream {
    struct exchange *exchange;
    struct sim_mailbox *user;
    int wake;
    uint64_t ends;
    uint64_t spoken;          /* when the last answer went out */
    enum cut cut;
    struct loss *losses;
    struct sim_stream *next;
};

static void wake(struct sim_stream *stream)
{
    eventfd_write(stream->wake, 1);
}

void subscriptions_wake(struct sim_mailbox *mailbox)
{
    for (struct sim_subscription *at = mailbox->exchange->notify.subscriptions;
         at != NULL; at = at->next)
        if (at->mailbox == mailbox && at->stream != NULL)
            wake(at->stream);
}

/* --- Subscriptions --------------------------------------------------------- */

/* The newest ones hold the server's name, those of Exchange 2007 are GUIDs. */
static char *make_id(struct exchange *exchange, const struct sim_mailbox *owner)
{
    unsigned long long number = ++exchange->notify.subscribed;
    char id[160];
    char raw[100];
    int len;

    if (exchange->version < EXCHANGE_2010_SP1) {
        snprintf(id, sizeof id, "%.8s-%04llx-4b21-9d6f-%012llx", owner->guid,
                 number & 0xffff, number * 0x9e3779b97f4au & 0xffffffffffffu);
        return memory_strdup(id);
    }
    len = snprintf(raw, sizeof raw, "\x1email%s %s %08llx",
                   strchr(owner->address, '@'), owner->guid, number);
    len = len < (int)sizeof raw ? len : (int)sizeof raw - 1;
    id[base64_encode(raw, (size_t)len, id)] = '\0';
    return memory_strdup(id);
}

static void free_subscription(struct sim_subscription *subscription)
{
    free(subscription->id);
    free(subscription->folders);
    free(subscription);
}

static void lose(struct sim_stream *stream, const char *id, const char *code)
{
    struct loss **end = &stream->losses;
    struct loss *loss = memory_new(sizeof *loss);

    *loss = (struct loss){ memory_strdup(id), code, NULL };
    while (*end != NULL)
        end = &(*end)->next;
    *end = loss;
    wake(stream);
}

void sim_unsubscribe(struct sim_subscription *subscription, const char *code)
{
    struct sim_subscription **at =
        &subscription->owner->exchange->notify.subscriptions;

    while (*at != subscription)
        at = &(*at)->next;
    *at = subscription->next;
    if (subscription->stream != NULL)
        lose(subscription->stream, subscription->id, code);
    free_subscription(subscription);
}

/* Those that nobody has used for too long. */
static void sweep(struct exchange *exchange)
{
    uint64_t now = time_monotonic_ms();

    for (struct sim_subscription *at = exchange->notify.subscriptions, *next;
         at != NULL; at = next) {
        next = at->next;
        if (at->stream == NULL && now - at->used > at->life)
            sim_unsubscribe(at, NULL);
    }
}

static unsigned subscriptions_of(struct exchange *exchange,
                                 const struct sim_mailbox *owner)
{
    unsigned count = 0;

    sweep(exchange);
    for (struct sim_subscription *at = exchange->notify.subscriptions;
         at != NULL; at = at->next)
        count += owner == NULL || at->owner == owner;
    return count;
}

/* "EWS throttling in Exchange": EWSMaxSubscriptions and HangingConnectionLimit
 * as they are installed. */
static unsigned subscription_limit(const struct exchange *exchange)
{
    if (exchange->notify.subscription_limit != 0)
        return exchange->notify.subscription_limit;
    return exchange->version < EXCHANGE_2013_SP1 ? 20 : 5000;
}

static unsigned stream_limit(const struct exchange *exchange)
{
    if (exchange->notify.stream_limit != 0)
        return exchange->notify.stream_limit;
    return exchange->version < EXCHANGE_2016 ? 3 : 10;
}

static uint64_t minutes(const struct exchange *exchange, unsigned count)
{
    unsigned minute = exchange->notify.minute;

    return (uint64_t)count * (minute == 0 ? 60000 : minute);
}

struct sim_subscription *sim_subscribe(const struct sim_subscription_wish *wish)
{
    struct exchange *exchange = wish->owner->exchange;
    struct sim_subscription *new;

    if (subscriptions_of(exchange, wish->owner) >= subscription_limit(exchange))
        return NULL;
    wish->mailbox->log.watched = true;
    new = memory_new(sizeof *new);
    new->id = make_id(exchange, wish->owner);
    new->kind = wish->kind;
    new->owner = wish->owner;
    new->mailbox = wish->mailbox;
    new->kinds = wish->kinds;
    new->folder_count = wish->folder_count;
    new->folders =
        memory_new((wish->folder_count + 1) * sizeof *new->folders);
    for (size_t i = 0; i < wish->folder_count; i++)
        new->folders[i] = wish->folders[i];
    new->told = wish->mailbox->log.newest;
    new->used = time_monotonic_ms();
    new->life = minutes(exchange, wish->minutes == 0 ? MINUTES_OF_LIFE
                                                     : wish->minutes);
    new->next = exchange->notify.subscriptions;
    exchange->notify.subscriptions = new;
    return new;
}

struct sim_subscription *sim_subscription_find(struct exchange *exchange,
                                               const char *id)
{
    sweep(exchange);
    for (struct sim_subscription *at = exchange->notify.subscriptions;
         at != NULL; at = at->next)
        if (str_equal(at->id, id))
            return at;
    return NULL;
}

void subscriptions_free(struct exchange *exchange)
{
    while (exchange->notify.subscriptions != NULL)
        sim_unsubscribe(exchange->notify.subscriptions, NULL);
}

/* --- Watermarks ------------------------------------------------------------ */

char *sim_watermark(struct arena *arena, const struct sim_mailbox *mailbox,
                    uint64_t number)
{
    char *raw = arena_printf(arena, "\x01%.8s%016llx\x01", mailbox->guid,
                             (unsigned long long)number);
    char *text = arena_alloc(arena, base64_encoded_size(strlen(raw)) + 1);

    text[base64_encode(raw, strlen(raw), text)] = '\0';
    return text;
}

bool sim_watermark_read(struct arena *arena, const struct sim_mailbox *mailbox,
                        const char *text, uint64_t *number_out)
{
    size_t len = 0;
    char *raw = base64_decode(arena, text, strlen(text), &len);

    if (raw == NULL || len != 26 || memcmp(raw + 1, mailbox->guid, 8) != 0)
        return false;
    *number_out = strtoull(arena_strndup(arena, raw + 9, 16), NULL, 16);
    return *number_out <= mailbox->log.newest;
}

/* --- Streams --------------------------------------------------------------- */

static unsigned streams_of(struct exchange *exchange,
                           const struct sim_mailbox *user)
{
    unsigned count = 0;

    for (struct sim_stream *at = exchange->notify.streams; at != NULL;
         at = at->next)
        count += user == NULL || at->user == user;
    return count;
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
    stream->ends = stream->spoken + minutes(exchange, timeout);
    for (size_t i = 0; i < count; i++) {
        struct sim_stream *other = subscriptions[i]->stream;

        if (other != NULL && other != stream)
            lose(other, subscriptions[i]->id,
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

/* --- Knobs ----------------------------------------------------------------- */

static void wake_all(struct exchange *exchange)
{
    for (struct sim_stream *at = exchange->notify.streams; at != NULL;
         at = at->next)
        wake(at);
}

static void set(struct exchange *exchange, unsigned *knob, unsigned value)
{
    exchange_lock(exchange);
    *knob = value;
    wake_all(exchange);
    exchange_unlock(exchange);
}

void exchange_set_heartbeat(struct exchange *exchange, unsigned milliseconds)
{
    set(exchange, &exchange->notify.heartbeat, milliseconds);
}

void exchange_set_minute(struct exchange *exchange, unsigned milliseconds)
{
    set(exchange, &exchange->notify.minute, milliseconds);
}

void exchange_set_event_delay(struct exchange *exchange, unsigned milliseconds)
{
    set(exchange, &exchange->notify.delay, milliseconds);
}

void exchange_set_silent(struct exchange *exchange, bool silent)
{
    set(exchange, &exchange->notify.silent, silent);
}

void exchange_set_notify_limits(struct exchange *exchange, unsigned streams,
                                unsigned subscriptions)
{
    set(exchange, &exchange->notify.stream_limit, streams);
    set(exchange, &exchange->notify.subscription_limit, subscriptions);
}

static void cut_all(struct exchange *exchange, enum cut cut)
{
    for (struct sim_stream *at = exchange->notify.streams; at != NULL;
         at = at->next)
        at->cut = cut;
    wake_all(exchange);
}

void exchange_cut_streams(struct exchange *exchange, bool inside)
{
    exchange_lock(exchange);
    cut_all(exchange, inside ? CUT_INSIDE : CUT_BETWEEN);
    exchange_unlock(exchange);
}

static bool is_of(struct exchange *exchange,
                  const struct sim_subscription *subscription, const char *user)
{
    return user == NULL ||
           subscription->owner == sim_mailbox_find(exchange, user);
}

void exchange_lose_subscriptions(struct exchange *exchange, const char *user)
{
    exchange_lock(exchange);
    for (struct sim_subscription *at = exchange->notify.subscriptions, *next;
         at != NULL; at = next) {
        next = at->next;
        if (is_of(exchange, at, user))
            sim_unsubscribe(at, "ErrorSubscriptionNotFound");
    }
    exchange_unlock(exchange);
}

void exchange_lose_events(struct exchange *exchange, const char *user)
{
    exchange_lock(exchange);
    for (struct sim_subscription *at = exchange->notify.subscriptions;
         at != NULL; at = at->next)
        if (is_of(exchange, at, user))
            at->missed = true;
    wake_all(exchange);
    exchange_unlock(exchange);
}

void exchange_restart(struct exchange *exchange)
{
    exchange_lock(exchange);
    cut_all(exchange, CUT_BETWEEN);
    subscriptions_free(exchange);
    exchange_unlock(exchange);
}

unsigned exchange_streams(struct exchange *exchange, const char *user)
{
    unsigned count;

    exchange_lock(exchange);
    count = streams_of(exchange, user == NULL
                                     ? NULL
                                     : sim_mailbox_find(exchange, user));
    exchange_unlock(exchange);
    return count;
}

unsigned exchange_subscriptions(struct exchange *exchange, const char *user)
{
    unsigned count;

    exchange_lock(exchange);
    count = subscriptions_of(exchange, user == NULL
                                           ? NULL
                                           : sim_mailbox_find(exchange, user));
    exchange_unlock(exchange);
    return count;
}
