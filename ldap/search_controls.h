/*
 * search_controls.h - what a search asks for besides itself
 */
#ifndef POSTERN_LDAP_SEARCH_CONTROLS_H
#define POSTERN_LDAP_SEARCH_CONTROLS_H

#include <stdbool.h>

#include "ldap/call.h"
#include "ldap/paging.h"
#include "ldap/sort.h"

struct search_controls {
    bool paged;
    struct ldap_page_request page;
    bool sorted;
    struct sort_order order;
    bool refused;    /* the order is critical and cannot be had (RFC 2891, 2) */
    bool subentries; /* only those (RFC 3672); there is one, the schema */
};

/* False: one of them cannot be read. */
bool search_controls_read(const struct ldap_call *call,
                          struct search_controls *controls_out);

/* Adds what came of the sorting to an answer, where that was asked for. */
void search_controls_answer(const struct ldap_call *call,
                            const struct search_controls *controls,
                            struct ldap_result *result);

#endif
