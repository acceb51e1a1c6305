/*
 * client.h - the calls of one account to its Exchange
 *
 * They take the account's own connections (pool.h) and keep to its budget
 * (throttle.h).  The secret goes nowhere but to the address in the settings,
 * over TLS unless that is this very machine, and to where that address sends
 * us, once, over TLS.
 */
#ifndef POSTERN_EXCHANGE_HTTP_CLIENT_H
#define POSTERN_EXCHANGE_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/op.h"
#include "proxy/exchange/http/retry.h"

struct http_client;
struct secret;
struct settings;
struct spool;

/* Keeps copies of all it needs.  STATUS_UNAVAILABLE when the settings name no
 * address that can be used, or a file of certificates that cannot be read. */
enum status http_client_new(struct op *op, const struct settings *settings,
                            const char *user, const struct secret *secret,
                            struct http_client **client_out);
void http_client_free(struct http_client **client);

/* Whose mailbox is asked for, so that balancers find the right server. */
void http_client_set_anchor(struct http_client *client, const char *address);

/* How far Exchange's clock is ahead of ours, in seconds. */
int64_t http_client_skew(struct http_client *client);

struct throttle *http_client_throttle(struct http_client *client);

/* Whether this address is on the client's own host. */
bool http_client_is_host(struct http_client *client, const char *url);

/* Where a call belongs that is about another mailbox than the client's.  Texts
 * that cannot stand in a header line are left out. */
struct http_route {
    const char *anchor;         /* X-AnchorMailbox */
    const char *public_mailbox; /* X-PublicFolderMailbox; NULL: none */
};

struct http_call {
    const char *operation; /* for the log */
    const char *body;
    size_t len;
    const struct spool
        *content;      /* goes into the body in base64; NULL: nothing */
    size_t content_at; /* before this octet of it */
    bool write;        /* never sent twice unasked */
    bool find;         /* counts as searching or synchronising */
    bool fresh;        /* on a new connection */
    bool hurry;        /* is given up after seconds without progress */
    bool affinity;     /* goes where the subscriptions are */
    const struct http_route *route; /* NULL: the client's own mailbox */
    const char *path;  /* of another service on the same host; NULL: EWS */
    bool get;          /* reads the file that is there: there is no body, and
                          the answer may be of any type */

    /* Takes an answer in XML piece by piece, uncompressed; false ends the call.
     */
    bool (*answer)(void *context, const char *data, size_t len);
    void *context;
};

struct http_answer {
    long code;              /* 0: none came */
    bool xml;               /* and its content went to `answer`; as well of a
                               file that is read */
    struct verdict verdict; /* STATUS_OK: such an answer came to its end */
};

/* Makes one call; `deadline` is for the waiting before it. */
void http_post(struct op *op, struct http_client *client,
               const struct http_call *call, uint64_t deadline,
               struct http_answer *answer_out);

#endif
