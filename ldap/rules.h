/*
 * rules.h - matching rules and syntaxes (RFC 4517)
 */
#ifndef POSTERN_LDAP_RULES_H
#define POSTERN_LDAP_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "ldap/value.h"

enum rule_use { RULE_EQUALITY, RULE_ORDERING, RULE_SUBSTRINGS, RULE_BITS };

struct matching_rule {
    const char *name;
    const char *oid;
    enum rule_use use;
    enum value_kind kind;
    const char *syntax; /* of what is compared with, an OID */
    bool all_bits;      /* RULE_BITS: all, or any of them */
};

enum attribute_syntax {
    SYNTAX_TEXT,
    SYNTAX_EXACT, /* text whose case counts */
    SYNTAX_IA5,
    SYNTAX_NUMERIC,
    SYNTAX_PHONE,
    SYNTAX_ADDRESS, /* lines with $ between them */
    SYNTAX_DN,
    SYNTAX_OID,
    SYNTAX_INTEGER,
    SYNTAX_BOOLEAN,
    SYNTAX_TIME,
    SYNTAX_UUID,
    SYNTAX_OCTETS,
    SYNTAX_CERTIFICATE,
    SYNTAX_JPEG,
    SYNTAX_TYPE_DESCRIPTION, /* of the schema itself */
    SYNTAX_CLASS_DESCRIPTION,
    SYNTAX_SYNTAX_DESCRIPTION,
    SYNTAX_RULE_DESCRIPTION,
    SYNTAX_COUNT
};

/* What values of a syntax are and how they are compared; rules are named, NULL
 * where there is none. */
struct syntax {
    const char *oid;
    const char *name;
    enum value_kind kind;
    const char *equality;
    const char *ordering;
    const char *substrings;
};

extern const struct syntax syntaxes[SYNTAX_COUNT];

extern const struct matching_rule matching_rules[];
extern const size_t matching_rule_count;

/* By name or OID; NULL: nobody announces it. */
const struct matching_rule *rule_find(const char *name);

/* Whether values of a syntax can be compared by the rule. */
bool rule_fits(const struct matching_rule *rule, enum attribute_syntax syntax);

#endif
