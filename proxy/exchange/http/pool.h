/*
 * pool.h - the libcurl handles of one account
 *
 * NTLM authenticates connections and not requests, so nobody else uses these.
 * A handle has one connection, and knows what never changes between calls: the
 * user, his password or token, the proxy, whom to believe.  The handles of an
 * account have their cookies, names and TLS sessions in common.
 */
#ifndef POSTERN_EXCHANGE_HTTP_POOL_H
#define POSTERN_EXCHANGE_HTTP_POOL_H

#include <stdbool.h>

#include <curl/curl.h>

struct exchange_settings;
struct pool;
struct secret;

/* Keeps copies of all it needs. */
struct pool *pool_new(const struct exchange_settings *settings,
                      const char *user, const struct secret *secret);

/* No handle may be out. */
void pool_free(struct pool **pool);

/* Believes the authorities in this file as well, before the first handle is
 * taken.  False when it cannot be read or holds none. */
bool pool_trust(struct pool *pool, const char *ca);

/* An idle handle or a new one.  In a hurry its call is given up after seconds
 * without progress, and not only after exchange.timeout. */
CURL *pool_take(struct pool *pool, bool hurry);

/* A new one that stays out of the pool: its owner cleans it up. */
CURL *pool_make(struct pool *pool);

/* Handles whose last call went wrong are given up, and their connections with
 * them. */
void pool_give(struct pool *pool, CURL *handle, bool good);

#endif
