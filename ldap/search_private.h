/*
 * search_private.h - a search under way: what search.c and search_people.c
 * share
 */
#ifndef POSTERN_LDAP_SEARCH_PRIVATE_H
#define POSTERN_LDAP_SEARCH_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "ldap/call.h"
#include "ldap/collector.h"
#include "ldap/person_read.h"
#include "ldap/search_controls.h"
#include "ldap/selection.h"
#include "ldap/tree.h"
#include "ldap/twins.h"

/* Someone whose picture or members are still to be fetched. */
struct pending {
    const char *id;
    const struct tree_node *holder;
};

struct search {
    struct ldap_call *call;
    const struct ldap_search *request;
    const struct tree_node *base;

    struct search_controls controls;
    struct selection selection;
    struct attribute_set looked_at; /* by the filter and by the order */
    bool costly;
    struct collector out;

    struct arena *scratch; /* of one person */
    struct table *seen;
    struct twins twins;
    struct pending pending[LDAP_COSTLY_ENTRIES];
    size_t pending_count;
    const char *message; /* for people, where nothing has failed */
};

/* Whether the entry is looked for. */
bool search_finds(struct search *search, const struct ldap_entry *entry);

/* Tells what was asked for of an entry; `looked_at` has what it is sorted by.
 * False: no more can be taken. */
bool search_tell(struct search *search, const struct ldap_entry *entry,
                 const struct ldap_entry *looked_at);

/* Asks for people as the filter wants and tells of those below `base` who are
 * looked for (search_people.c). */
struct ldap_result search_people(struct search *search);

#endif
