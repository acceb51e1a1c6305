/*
 * person_entry.h - people as entries
 */
#ifndef POSTERN_LDAP_PERSON_ENTRY_H
#define POSTERN_LDAP_PERSON_ENTRY_H

#include <stdbool.h>

#include "ldap/attributes.h"
#include "ldap/entry.h"
#include "ldap/person_values.h"

/* Types by attribute_number. */
struct attribute_set {
    bool has[ATTRIBUTE_TYPES_MAX];
};

/* The entry of a person with those attributes of the set that he has, under
 * their own names. */
struct ldap_entry person_entry(struct arena *arena,
                               const struct person_view *view,
                               const struct attribute_set *set);

#endif
