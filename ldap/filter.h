/*
 * filter.h - what a search looks for (RFC 4511, 4.5.1.7)
 */
#ifndef POSTERN_LDAP_FILTER_H
#define POSTERN_LDAP_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "ldap/octets.h"

struct arena;
struct ldap_entry;

enum ldap_filter_kind {
    FILTER_AND,
    FILTER_OR,
    FILTER_NOT,
    FILTER_EQUALITY,
    FILTER_SUBSTRINGS,
    FILTER_GREATER_OR_EQUAL,
    FILTER_LESS_OR_EQUAL,
    FILTER_PRESENT,
    FILTER_APPROXIMATE,
    FILTER_EXTENSIBLE
};

/* How deep filters nest at most, and how many parts one has. */
enum { FILTER_DEPTH = 32, FILTER_PARTS = 2048 };

struct ldap_filter {
    enum ldap_filter_kind kind;
    const struct ldap_filter *children; /* of AND, OR and NOT */
    size_t child_count;
    const char *attribute; /* as it was sent, with options; NULL: an extensible
                              match without a type */
    struct octets value;   /* of assertions but substrings */
    struct octets initial; /* data NULL: none */
    const struct octets *any;
    size_t any_count;
    struct octets final;   /* data NULL: none */
    const char *rule;      /* the matching rule of an extensible match; NULL */
    bool dn_attributes;
};

/* Three values (RFC 4511, 4.5.1.7): what nobody knows is not the opposite of
 * anything. */
enum truth { FILTER_FALSE, FILTER_TRUE, FILTER_UNDEFINED };

enum truth ldap_filter_evaluate(struct arena *arena,
                                const struct ldap_filter *filter,
                                const struct ldap_entry *entry);

#endif
