/*
 * link_private.h - the connections of one user, for those who open and keep
 * them
 */
#ifndef POSTERN_EXCHANGE_LDAP_LINK_PRIVATE_H
#define POSTERN_EXCHANGE_LDAP_LINK_PRIVATE_H

#include <pthread.h>
#include <stdint.h>

#include "proxy/exchange/ldap/link.h"

#define LINKS_KEPT 4 /* connections without work */

struct ldap_links {
    char *url;
    char *name; /* the DN, or what Active Directory takes for one */
    char *base; /* of the setting; "": what the server names */
    char *ca;
    struct secret *secret;
    bool plain;
    uint32_t connect_timeout;
    uint32_t timeout;
    uint64_t answer_limit;

    pthread_mutex_t lock; /* for the next ones */
    LDAP *idle[LINKS_KEPT];
    size_t count;
    struct ldap_about about; /* base NULL: not known yet; then constant */
};

/* A new connection: encrypted, logged in, and what the server says of itself is
 * known. */
enum status ldap_link_open(struct op *op, struct ldap_links *links,
                           LDAP **link_out);

#endif
