/*
 * notation.h - BER as text, so that tests can be read
 *
 * An element is its tag in hexadecimal and what is in it:
 *
 *     30{...}      elements
 *     04'text'     octets; ~00 is one of them in hexadecimal
 *     02:-1        a number in as few octets as it needs
 *     02=0000ff    octets in hexadecimal
 *
 * and *30840000 are octets outside of any element.  Spaces are for the eye.
 */
#ifndef POSTERN_TESTS_LDAP_NOTATION_H
#define POSTERN_TESTS_LDAP_NOTATION_H

#include "ldap/octets.h"

struct arena;

/* The octets that a text stands for. */
struct octets notation_code(struct arena *arena, const char *text);

/* The text for octets, which are whole elements. */
const char *notation_show(struct arena *arena, const char *data, size_t len);

#endif
