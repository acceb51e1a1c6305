/*
 * subscriptions.h - what subscriptions, the streams that read them and the
 * knobs of both know of each other
 */
#ifndef POSTERN_TESTS_EXCHANGE_SUBSCRIPTIONS_H
#define POSTERN_TESTS_EXCHANGE_SUBSCRIPTIONS_H

#include "tests/exchange/events.h"

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

/* Lets a stream look, or those that read this mailbox's events. */
void stream_wake(struct sim_stream *stream);
void subscriptions_wake(struct sim_mailbox *mailbox);

/* Lets a stream tell that it no longer reads a subscription, and why. */
void stream_lose(struct sim_stream *stream, const char *id, const char *code);

/* How many there are of a user, or (NULL) of all. */
unsigned subscriptions_of(struct exchange *exchange,
                          const struct sim_mailbox *owner);
unsigned streams_of(struct exchange *exchange, const struct sim_mailbox *user);

/* Minutes as the protocol counts them, in milliseconds. */
uint64_t notify_minutes(const struct exchange *exchange, unsigned count);

/* Ends all of them at the exchange's end. */
void subscriptions_free(struct exchange *exchange);

#endif
