/*
 * route.h - which mailbox a call is sent to
 *
 * A call about somebody else's mailbox names it in X-AnchorMailbox, so that it
 * goes to the server that has it and is not passed on by one that has not.  One
 * about a public folder names the mailbox that has it in X-PublicFolderMailbox,
 * too.
 */
#ifndef POSTERN_EXCHANGE_EWS_ROUTE_H
#define POSTERN_EXCHANGE_EWS_ROUTE_H

#include "proxy/exchange/ews/ews.h"
#include "proxy/exchange/http/client.h"

/* Where the calls of one view of a store go. */
struct route {
    struct http_route tree;    /* those about folders below folders */
    struct http_route content; /* all others */
    bool is_public;            /* public folders, each in its mailbox */
};

/* Where a call of this operation goes; NULL: to the mailbox itself. */
const struct http_route *route_of(const struct ews *ews, const char *operation);

/* The same connection for calls that go there; in op's arena. */
struct ews *route_view(struct op *op, const struct ews *ews,
                       const struct route *route);

#endif
