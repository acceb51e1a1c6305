/*
 * entry.h - an entry of the directory: a name and attributes
 */
#ifndef POSTERN_LDAP_ENTRY_H
#define POSTERN_LDAP_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "ldap/octets.h"

struct arena;

struct ldap_attribute {
    const char *name; /* of its type, as the table spells it */
    const struct octets *values;
    size_t count;
};

struct ldap_entry {
    const char *dn;
    const struct ldap_attribute *attributes;
    size_t count;
};

/* A copy of all of it; adds about how many octets it takes to `octets`. */
struct ldap_entry entry_copy(struct arena *arena,
                             const struct ldap_entry *entry, size_t *octets);

#endif
