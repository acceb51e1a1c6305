/*
 * attributes.h - attribute types: one table for all who ask
 *
 * What inetOrgPerson (RFC 2798), Thunderbird (mozillaAbPersonAlpha), Evolution
 * (evolutionPerson), Apple's Open Directory and Active Directory call the same
 * things.  A type that is in the table is known, also where nobody ever has a
 * value of it; any other is Undefined in filters (RFC 4511, 4.5.1.7).
 */
#ifndef POSTERN_LDAP_ATTRIBUTES_H
#define POSTERN_LDAP_ATTRIBUTES_H

#include <stdbool.h>
#include <stddef.h>

#include "ldap/rules.h"

struct person_view;
struct value_list;

enum attribute_flag {
    ATTRIBUTE_SINGLE = 1,      /* has one value at the most */
    ATTRIBUTE_OPERATIONAL = 2, /* comes by name or with "+" */
    ATTRIBUTE_COSTLY = 4,      /* costs a call: comes by name */
    ATTRIBUTE_BINARY = 8,      /* is told with ";binary" (RFC 4523) */
    ATTRIBUTE_ANYTHING = 16,   /* "anr": a question, never told */
    ATTRIBUTE_SECOND = 32      /* what programs join to the same of another
                                  name: comes by name */
};

/* How people can be found by an attribute. */
enum attribute_reach {
    REACH_NONE,     /* the directory has it and cannot be asked for it */
    REACH_PERSONAL, /* only one's own contacts have it */
    REACH_NAME,     /* the directory finds people by how it begins */
    REACH_ADDRESS   /* the same, and by the whole of it */
};

struct ldap_type {
    const char *name;
    const char *aliases; /* with spaces between them; "": none */
    const char *oid;     /* "2.25.x", a UUID, where nobody has given one */
    enum attribute_syntax syntax;
    unsigned flags;
    enum attribute_reach reach;
    void (*get)(struct value_list *out, const struct person_view *view,
                unsigned which); /* NULL: people have none */
    unsigned which;
    const char *sup; /* "name": finds what this has, too; NULL */
};

extern const struct ldap_type attribute_types[];
extern const size_t attribute_type_count;

/* The longest table that a set of attributes is kept for. */
enum { ATTRIBUTE_TYPES_MAX = 192 };

/* By any of its names or its OID; certificates have the option ";binary".
 * NULL: unknown, as is any other option (";lang-de"). */
const struct ldap_type *attribute_find(const char *description);

/* How its values are compared. */
enum value_kind attribute_kind(const struct ldap_type *type);

/* Whether values of `type` are values of `wanted` as well. */
bool attribute_is(const struct ldap_type *type, const struct ldap_type *wanted);

size_t attribute_number(const struct ldap_type *type);

#endif
