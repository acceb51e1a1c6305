/*
 * person_read.h - a person's entry, with what costs a call
 */
#ifndef POSTERN_LDAP_PERSON_READ_H
#define POSTERN_LDAP_PERSON_READ_H

#include <stdbool.h>

#include "ldap/call.h"
#include "ldap/person_entry.h"
#include "ldap/tree.h"

/* Pictures and members are fetched for so many entries of one search at most;
 * those after them come without. */
enum { LDAP_COSTLY_ENTRIES = 20 };

/* Whether any of the set costs a call. */
bool person_is_costly(const struct attribute_set *set);

/* Him as he stands below a node, without what costs a call. */
struct person_view person_view(struct arena *arena, const struct person *person,
                               const struct tree_node *holder);

/* The entry with all of the set.  What cannot be had is left out: a directory
 * that hides a group's members or has no picture is no failure. */
struct ldap_entry person_show(struct ldap_call *call,
                              const struct person *person,
                              const struct tree_node *holder,
                              const struct attribute_set *set);

#endif
