/*
 * public.h - which mailboxes have the public folders
 *
 * Since Exchange 2013 public folders lie in mailboxes of their own.  One of
 * them is asked for the tree; what is in a folder may be in another one, which
 * the folder's list of replicas names by a GUID.  Autodiscover tells the
 * addresses that both have in the header of a call, so that it goes to the
 * right server and into the right mailbox.
 */
#ifndef POSTERN_EXCHANGE_EWS_PUBLIC_H
#define POSTERN_EXCHANGE_EWS_PUBLIC_H

#include "proxy/exchange/ews/property.h"
#include "proxy/exchange/ews/route.h"

/* What one connection knows of them: any number of threads may ask. */
struct public_routes;

/* For the user with this address. */
struct public_routes *public_routes_new(const char *address);
void public_routes_free(struct public_routes **routes);

/* The list of a folder's replicas. */
extern const struct property public_replicas;

/* The GUID of the mailbox that such a list names first, or "". */
#define PUBLIC_GUID_SIZE 37
void public_read_guid(const char *replicas, char guid_out[PUBLIC_GUID_SIZE]);

/* Takes note of what Exchange tells of a folder's replicas (NULL: nothing). */
void public_note(struct public_routes *routes, const char *folder,
                 const char *replicas);

/* Where calls about each of these folders go, and those about the tree alone
 * (none: `tree_out` only).  False where nobody knows: they go where all calls
 * go.  In op's arena. */
bool public_find(struct op *op, struct ews *ews, const char *const folders[],
                 size_t count, struct http_route *tree_out,
                 struct http_route routes_out[]);

#endif
