/*
 * dn.h - distinguished names (RFC 4514)
 */
#ifndef POSTERN_LDAP_DN_H
#define POSTERN_LDAP_DN_H

#include <stdbool.h>
#include <stddef.h>

#include "ldap/octets.h"

struct arena;

struct dn_value {
    const char *type;
    struct octets value;
};

/* One step of a name; several values are rare. */
struct dn_rdn {
    struct dn_value *values;
    size_t count;
};

struct dn {
    struct dn_rdn *rdns; /* the entry's own first, the root's last */
    size_t count;        /* 0: the root */
};

/* Reads also what LDAPv2 wrote: quotes, semicolons, "OID.2.5.4.3", spaces.
 * False: it is no DN. */
bool dn_parse(struct arena *arena, const char *text, struct dn *dn_out);

/* The steps from number `from` on, as text. */
const char *dn_text(struct arena *arena, const struct dn *dn, size_t from);

/* The same for comparing: equal for equal names, however they are written. */
const char *dn_key(struct arena *arena, const struct dn *dn, size_t from);

/* "uid=ann,ou=people" for a value, what is special in it escaped, and the DN of
 * what the entry stands under. */
const char *dn_child(struct arena *arena, const char *type, const char *value,
                     const char *parent);

#endif
