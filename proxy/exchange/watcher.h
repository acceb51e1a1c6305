/*
 * watcher.h - looking out for news, for all accounts that someone watches
 *
 * One thread has the streams of all accounts and decides what is to be done; a
 * few helpers do what waits for Exchange, one thing at a time for each account.
 * Neither runs before the first listener comes, and all sleep while nothing
 * happens.
 */
#ifndef POSTERN_EXCHANGE_WATCHER_H
#define POSTERN_EXCHANGE_WATCHER_H

#include <stdbool.h>
#include <stdint.h>

struct account;
struct accounts;
struct watcher;

struct watcher *watcher_new(void);

/* Ends every subscription, for some seconds at most. */
void watcher_free(struct watcher **watcher);

/* Someone has begun to listen, and has ceased to. */
void watcher_begin(struct account *account);
void watcher_end(struct account *account);

/*
 * Someone looks at a folder every now and then: where Exchange tells of news by
 * itself it does so for exchange.push_linger from now on.  Nobody listens, so
 * that what is told is only noted: watcher_vouches.
 */
void watcher_look(struct account *account, int64_t folder);

/* There is a better connection to Exchange than before: nothing waits for that
 * any more. */
void watcher_retry(struct account *account);

/*
 * Whether nothing can have changed at Exchange since the moment `looked` (of
 * account_moment) without our having been told: the account is watched without
 * a gap since then, the folder (0: the tree) is one that Exchange tells of, and
 * no news are waiting to be read.
 */
bool watcher_vouches(struct account *account, int64_t folder, uint64_t looked);

/* How often its thread has woken up, for tests. */
unsigned watcher_wakes(struct accounts *accounts);

#endif
