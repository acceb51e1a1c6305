/*
 * twins.h - people who are in the directory and among one's own contacts
 *
 * Who keeps a colleague's card would be offered him twice.  An entry of the
 * directory is left out of a search when the contact of the same address has
 * told all of what was asked for already; where the directory has anything
 * more to tell, both come.  What only tells entries apart does not count.
 */
#ifndef POSTERN_LDAP_TWINS_H
#define POSTERN_LDAP_TWINS_H

#include <stdbool.h>
#include <stddef.h>

#include "ldap/entry.h"
#include "proxy/exchange/directory.h"

struct arena;
struct table;

struct twins {
    struct arena *arena;
    struct table *told; /* entries of contacts by their addresses */
    size_t count;
};

void twins_init(struct twins *twins, struct arena *arena);

/* Whether somebody's entry, of what was asked for, says nothing new.  If it is
 * a contact's, it is remembered. */
bool twins_know(struct twins *twins, const struct person *person,
                const struct ldap_entry *entry);

#endif
