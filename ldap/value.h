/*
 * value.h - values as they are compared (RFC 4517, 4.2; RFC 4518)
 *
 * A value becomes a key: values are equal when their keys are, and where there
 * is an order it is that of the keys' octets.
 */
#ifndef POSTERN_LDAP_VALUE_H
#define POSTERN_LDAP_VALUE_H

#include <stdbool.h>

#include "ldap/octets.h"

struct arena;

enum value_kind {
    VALUE_TEXT, /* whatever the case */
    VALUE_EXACT_TEXT,
    VALUE_LOOSE_TEXT, /* whatever the case and the accents */
    VALUE_NUMERIC, /* digits, with spaces that do not count */
    VALUE_PHONE,   /* nor do hyphens */
    VALUE_DN,
    VALUE_OID, /* or a name of one */
    VALUE_INTEGER,
    VALUE_BOOLEAN,
    VALUE_TIME,
    VALUE_UUID,
    VALUE_OCTETS,
    VALUE_KINDS
};

/* Which part of a value is looked for. */
enum value_part { PART_WHOLE, PART_INITIAL, PART_ANY, PART_FINAL };

/* False: it is no value of that kind. */
bool value_key(struct arena *arena, enum value_kind kind, struct octets value,
               enum value_part part, struct octets *key_out);

int octets_compare(struct octets a, struct octets b);
struct octets octets_of(const char *text);

/* The text of what is without NUL; NULL otherwise. */
const char *octets_text(struct octets value);

/* A whole number; false: it is none, or too large for anybody. */
bool value_integer(struct octets value, long long *number_out);

#endif
