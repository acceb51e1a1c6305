/*
 * people.h - the slots of the directory over an LDAP server
 */
#ifndef POSTERN_EXCHANGE_LDAP_PEOPLE_H
#define POSTERN_EXCHANGE_LDAP_PEOPLE_H

#include "proxy/exchange/backend.h"
#include "proxy/exchange/ldap/link.h"

struct ldap_server {
    struct remote remote;
    struct ldap_links *links;
};

extern const struct remote_directory ldap_people;

struct ldap_links *ldap_links_of(struct remote *remote);

/* Its slot `members` (members.c). */
enum status ldap_people_members(struct op *op, struct remote *remote,
                                const char *address,
                                struct person_link **members_out,
                                size_t *count_out, bool *complete_out);

#endif
