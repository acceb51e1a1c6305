/*
 * link.h - connections to an LDAP server, each of one user
 *
 * A connection is used by one search at a time and kept for the next one.
 * Nothing waits for longer than exchange.timeout without progress, or for a
 * cancelled operation.
 */
#ifndef POSTERN_EXCHANGE_LDAP_LINK_H
#define POSTERN_EXCHANGE_LDAP_LINK_H

#include <ldap.h>
#include <stdbool.h>

#include "proxy/base/op.h"

struct ldap_links;
struct secret;
struct settings;

/* What a server says of itself. */
struct ldap_about {
    char *base;            /* below which to search; never NULL */
    bool active_directory; /* it knows "anr", and says members by ranges */
};

/* Copies what it needs of all of them. */
struct ldap_links *ldap_links_new(const struct settings *settings,
                                  const char *user,
                                  const struct secret *secret);
void ldap_links_free(struct ldap_links **links);

/* A connection that is logged in, and whether it has been used before and may
 * have been cut since. */
enum status ldap_links_take(struct op *op, struct ldap_links *links,
                            LDAP **link_out, bool *used_out);

/* Back to the others; or, when it is not good any more, away. */
void ldap_links_give(struct ldap_links *links, LDAP *link, bool good);

/* The same for all of them, known since the first connection. */
const struct ldap_about *ldap_links_about(const struct ldap_links *links);

/* The next message of an answer; the caller frees it. */
enum status ldap_link_wait(struct op *op, const struct ldap_links *links,
                           LDAP *link, int id, LDAPMessage **message_out);

/* The status of a result code, with what it is noted as. */
enum status ldap_told(struct op *op, int code, const char *doing);

#endif
