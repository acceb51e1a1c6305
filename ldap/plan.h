/*
 * plan.h - whom to ask for, so that nobody who matches is missed
 *
 * Exchange finds people by the beginning of a name, an alias or an address and
 * by nothing else.  From a filter follow the texts to ask for; what comes is
 * then compared with the filter itself.
 *
 *   (cn=smi*) (mail=a@b.c)     one text
 *   AND                        the part that says most
 *   OR                         each different text once
 *   (cn=*mit*)                 people whose words begin so, and everybody who
 *                              is known here: one's own contacts, the offline
 *                              address book
 *   NOT, presence, >=, titles  everybody who is known here
 *
 * Without an offline address book nobody knows everybody.  Then a search that
 * has asked for each of its texts succeeds, with a message for people:
 * completion, which mostly asks for texts anywhere, would otherwise end with an
 * error each time (Evolution shows one for code 4 and a worse one for 11).  A
 * search that can only be answered from a list of everybody ends with
 * sizeLimitExceeded: there are more than were told.
 */
#ifndef POSTERN_LDAP_PLAN_H
#define POSTERN_LDAP_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "proxy/exchange/directory.h"

struct arena;
struct ldap_filter;

/* How many texts one search asks for at most; with more, everybody is looked
 * at. */
enum { LDAP_PLAN_TEXTS = 32 };

struct ldap_plan_query {
    struct people_query query;
    const char *narrower; /* asked for as well when not all could be told:
                             "ann smi" of (cn=ann*smi*); NULL: none */
};

struct ldap_plan {
    const struct ldap_plan_query *queries; /* in this order; none: nobody can
                                              match */
    size_t count;
    bool needs_everybody; /* the last of them, for want of a text */
};

struct ldap_plan ldap_plan_of(struct arena *arena,
                              const struct ldap_filter *filter);

#endif
