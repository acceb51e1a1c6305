/*
 * subscriptions.h - what the log of events knows of those who read it
 */
#ifndef POSTERN_TESTS_EXCHANGE_SUBSCRIPTIONS_H
#define POSTERN_TESTS_EXCHANGE_SUBSCRIPTIONS_H

struct exchange;
struct sim_mailbox;

/* Lets the streams look that read this mailbox's events. */
void subscriptions_wake(struct sim_mailbox *mailbox);

/* Ends all of them at the exchange's end. */
void subscriptions_free(struct exchange *exchange);

#endif
