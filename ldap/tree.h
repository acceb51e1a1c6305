/*
 * tree.h - what there is besides people, and where people stand
 *
 *   ""                      the root DSE (RFC 4512, 5.1)
 *   cn=Subschema            the schema
 *   ou=people               everybody: people, rooms and groups
 *   o=od                    the same as Apple's Open Directory arranges it:
 *     cn=users              people and rooms
 *     cn=groups             groups
 *     cn=computers          nothing
 *     cn=config             nothing
 *
 * Below "" a search finds people in ou=people only, so that nobody comes twice.
 */
#ifndef POSTERN_LDAP_TREE_H
#define POSTERN_LDAP_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "ldap/entry.h"
#include "ldap/request.h"
#include "ldap/result.h"
#include "proxy/exchange/directory.h"

struct arena;
struct ldap_call;
struct value_list;

/* An entry that is always there. */
struct tree_node {
    const char *dn;
    const char *parent; /* NULL: it is found by its own name alone */
    const char *class;
    const char *type; /* of the attribute that its name has; NULL: none */
    const char *value;
    const char *description;
    void (*add)(struct value_list *out, const struct ldap_call *call,
                const char *type); /* more of it; NULL: no more */
    bool holds_people;
    bool holds_groups;
    bool apple;
};

extern const struct tree_node tree_nodes[];
extern const size_t tree_node_count;

/* Where a name leads. */
struct tree_place {
    const struct tree_node *node; /* NULL: a person, below `holder` */
    const struct tree_node *holder;
    const char *id;
};

/* LDAP_SUCCESS: there it is, or a person may be.  LDAP_NO_SUCH_OBJECT: with the
 * nearest entry above.  LDAP_INVALID_DN_SYNTAX. */
enum ldap_code tree_seek(struct arena *arena, const char *dn,
                         struct tree_place *place_out,
                         const char **matched_out);

/* Whether a search from `base` looks at the node; and at the people in it. */
bool tree_covers(const struct tree_node *base, enum ldap_scope scope,
                 const struct tree_node *node);
bool tree_covers_people(const struct tree_node *base, enum ldap_scope scope,
                        const struct tree_node *node);

/* Whether somebody stands there. */
bool tree_holds(const struct tree_node *node, const struct person *person);

/* All of a node's attributes; in the operation's arena. */
struct ldap_entry tree_entry(const struct ldap_call *call,
                             const struct tree_node *node);

#endif
