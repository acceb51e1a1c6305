/*
 * notify_knobs.c - what tests do to notifications
 */
#include "tests/exchange/subscriptions.h"

static void wake_all(struct exchange *exchange)
{
    for (struct sim_stream *at = exchange->notify.streams; at != NULL;
         at = at->next)
        stream_wake(at);
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
