/*
 * classes.h - object classes, and which of them people have
 *
 * People are inetOrgPerson with what Thunderbird's and Evolution's address
 * books add, and "user" or "contact" for filters made for Active Directory.
 * Groups are groupOfNames, which Evolution shows as lists, and "group" for
 * Active Directory's.  In o=od they are apple-user and apple-group as well.
 */
#ifndef POSTERN_LDAP_CLASSES_H
#define POSTERN_LDAP_CLASSES_H

#include <stdbool.h>
#include <stddef.h>

#include "proxy/exchange/directory.h"

enum class_of {
    OF_NOBODY = 0,
    OF_PEOPLE = 1, /* and rooms */
    OF_GROUPS = 2,
    OF_ACCOUNTS = 4, /* people with a mailbox in the organisation */
    OF_OTHERS = 8,   /* all other people */
    OF_APPLE = 16    /* in o=od only */
};

struct ldap_class {
    const char *name;
    const char *oid;
    const char *sup;  /* NULL: none */
    const char *kind; /* "ABSTRACT", "STRUCTURAL", "AUXILIARY" */
    const char *must; /* with spaces between them */
    const char *may;
    unsigned of; /* enum class_of */
};

extern const struct ldap_class object_classes[];
extern const size_t object_class_count;

/* By name or OID; NULL: unknown. */
const struct ldap_class *class_find(const char *name);

/* Whether the person's entry is of that class. */
bool class_has(const struct ldap_class *class, const struct person *person,
               bool apple);

#endif
