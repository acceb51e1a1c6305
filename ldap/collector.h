/*
 * collector.h - where the entries of a search go
 *
 * They are sent at once; or kept until all are there, to be sorted (RFC 2891);
 * or kept for the connection, to be told page by page (RFC 2696); or both.
 */
#ifndef POSTERN_LDAP_COLLECTOR_H
#define POSTERN_LDAP_COLLECTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "ldap/call.h"
#include "ldap/sort.h"

struct collector {
    struct ldap_call *call;
    size_t limit; /* entries; 0: none */
    size_t count;
    bool exceeded; /* there are more */
    bool too_much; /* of octets */

    const struct sort_order *order; /* NULL: as they come */
    struct sort_item *items;
    size_t item_count;
    size_t room;
    size_t octets;

    bool paged;
    size_t page; /* entries of one */
};

/* Takes an entry, and one that has what it is sorted by.  False: no more can be
 * taken, because of a limit or as the client has gone. */
bool collector_take(struct collector *collector, const struct ldap_entry *entry,
                    const struct ldap_entry *keys);

/* All have come: sends what is to be sent now and adds the control of paging to
 * the result. */
struct ldap_result collector_end(struct collector *collector,
                                 struct ldap_result result);

/* Sends the next page of what the connection keeps. */
struct ldap_result collector_next_page(struct ldap_call *call, size_t size);

void collector_add_control(struct ldap_result *result,
                           struct ldap_answer_control control);

#endif
