/*
 * subscriptions.c - who has asked to be told of events
 */
#include "tests/exchange/subscriptions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

#include "proxy/base/base64.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"

#define MINUTES_OF_LIFE 30

void stream_wake(struct sim_stream *stream)
{
    eventfd_write(stream->wake, 1);
}

void subscriptions_wake(struct sim_mailbox *mailbox)
{
    for (struct sim_subscription *at = mailbox->exchange->notify.subscriptions;
         at != NULL; at = at->next)
        if (at->mailbox == mailbox && at->stream != NULL)
            stream_wake(at->stream);
}

/* --- Subscriptions ------------------------------------------------------- */

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

void stream_lose(struct sim_stream *stream, const char *id, const char *code)
{
    struct loss **end = &stream->losses;
    struct loss *loss = memory_new(sizeof *loss);

    *loss = (struct loss){ memory_strdup(id), code, NULL };
    while (*end != NULL)
        end = &(*end)->next;
    *end = loss;
    stream_wake(stream);
}

void sim_unsubscribe(struct sim_subscription *subscription, const char *code)
{
    struct sim_subscription **at =
        &subscription->owner->exchange->notify.subscriptions;

    while (*at != subscription)
        at = &(*at)->next;
    *at = subscription->next;
    if (subscription->stream != NULL)
        stream_lose(subscription->stream, subscription->id, code);
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

unsigned subscriptions_of(struct exchange *exchange,
                                 const struct sim_mailbox *owner)
{
    unsigned count = 0;

    sweep(exchange);
    for (struct sim_subscription *at = exchange->notify.subscriptions;
         at != NULL; at = at->next)
        count += owner == NULL || at->owner == owner;
    return count;
}

/* EWSMaxSubscriptions as it is installed: "EWS throttling in Exchange". */
static unsigned subscription_limit(const struct exchange *exchange)
{
    if (exchange->notify.subscription_limit != 0)
        return exchange->notify.subscription_limit;
    return exchange->version < EXCHANGE_2013_SP1 ? 20 : 5000;
}

uint64_t notify_minutes(const struct exchange *exchange, unsigned count)
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
    new->server = wish->server;
    new->kinds = wish->kinds;
    new->folder_count = wish->folder_count;
    new->folders =
        memory_new((wish->folder_count + 1) * sizeof *new->folders);
    for (size_t i = 0; i < wish->folder_count; i++)
        new->folders[i] = wish->folders[i];
    new->told = wish->mailbox->log.newest;
    new->used = time_monotonic_ms();
    new->life = notify_minutes(exchange, wish->minutes == 0 ? MINUTES_OF_LIFE
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

/* --- Watermarks ---------------------------------------------------------- */

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
