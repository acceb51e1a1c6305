/*
 * assertion.h - what values are compared with (RFC 4511, 4.1.6)
 */
#ifndef POSTERN_LDAP_ASSERTION_H
#define POSTERN_LDAP_ASSERTION_H

#include <stdbool.h>
#include <stddef.h>

#include "ldap/rules.h"

struct arena;
struct ldap_filter;

enum assertion_how {
    ASSERT_EQUAL,
    ASSERT_LESS,
    ASSERT_LESS_OR_EQUAL,
    ASSERT_GREATER_OR_EQUAL,
    ASSERT_PARTS,
    ASSERT_WORDS,
    ASSERT_BITS
};

/* An item ready to be compared with values. */
struct assertion {
    struct arena *arena;
    enum assertion_how how;
    enum value_kind kind;
    struct octets key;     /* of the whole value */
    struct octets initial; /* keys of parts; data NULL: none */
    const struct octets *any;
    size_t any_count;
    struct octets final;
    long long bits;
    bool all_bits;
};

/* Once `arena`, `how` and `kind` are set: takes the value to compare with.
 * False: it is none of that kind. */
bool assertion_prepare(struct assertion *assertion, struct octets value);

/* The same for the parts of a filter. */
bool assertion_prepare_parts(struct assertion *assertion,
                             const struct ldap_filter *filter);

/* As a rule wants it, which says how and which kind itself. */
bool assertion_prepare_rule(struct assertion *assertion,
                            const struct matching_rule *rule,
                            struct octets value);

/* Whether a value is what is looked for. */
bool assertion_fits(const struct assertion *assertion, struct octets value);

#endif
