/*
 * names.h - who entries are that others name: managers, members of groups
 */
#ifndef POSTERN_EXCHANGE_LDAP_NAMES_H
#define POSTERN_EXCHANGE_LDAP_NAMES_H

#include <stddef.h>

#include "proxy/exchange/directory.h"
#include "proxy/exchange/ldap/link.h"

/* One link for each DN, empty where there is nobody to write to: a search for
 * each fifty of them. */
enum status ldap_name_all(struct op *op, struct ldap_links *links,
                          const char *const dns[], size_t count,
                          struct person_link links_out[]);

#endif
