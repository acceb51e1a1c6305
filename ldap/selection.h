/*
 * selection.h - which attributes a search is answered with (RFC 4511, 4.5.1.8)
 *
 * Each comes under the name that it was asked for by, as clients look for that
 * name in what they get.
 */
#ifndef POSTERN_LDAP_SELECTION_H
#define POSTERN_LDAP_SELECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "ldap/entry.h"
#include "ldap/person_entry.h"

struct ldap_filter;
struct ldap_search;

struct selection {
    struct attribute_set set;     /* all that is told */
    struct attribute_set general; /* of those what "*" and "+" ask for */
    const char *const *asked;     /* by name; NULL at the end */
    bool types_only;
};

/* `base` is whether one entry is read, of which "*" tells the members. */
struct selection selection_of(struct arena *arena,
                              const struct ldap_search *search);

/* What of an entry is told, and how it is called. */
struct ldap_entry selection_apply(struct arena *arena,
                                  const struct selection *selection,
                                  const struct ldap_entry *entry);

/* The attributes that a filter looks at; costly ones only when one entry is
 * read. */
struct attribute_set selection_of_filter(const struct ldap_filter *filter,
                                         bool costly);

#endif
