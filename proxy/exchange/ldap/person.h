/*
 * person.h - people as entries of an LDAP server
 */
#ifndef POSTERN_EXCHANGE_LDAP_PERSON_H
#define POSTERN_EXCHANGE_LDAP_PERSON_H

#include <ldap.h>
#include <stdbool.h>

#include "proxy/exchange/directory.h"

struct arena;

/* What has to be asked for; NULL at the end. */
const char *const *ldap_person_attributes(struct arena *arena);

/* Reads an entry.  False: it is nobody who can be written to, or one who shall
 * not be shown.  `manager_out` is the manager's DN, NULL where there is none.
 */
bool ldap_person_read(struct arena *arena, LDAP *link, LDAPMessage *entry,
                      struct person *person_out, const char **manager_out);

/* The first value of an attribute, NULL: it has none. */
const char *ldap_first_text(struct arena *arena, LDAP *link, LDAPMessage *entry,
                            const char *attribute);

/* All of them; NULL at the end. */
const char **ldap_all_texts(struct arena *arena, LDAP *link, LDAPMessage *entry,
                            const char *attribute, size_t *count_out);

#endif
