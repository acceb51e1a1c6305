/*
 * filter_text.h - filters as people write them (RFC 4515)
 */
#ifndef POSTERN_TESTS_LDAP_FILTER_TEXT_H
#define POSTERN_TESTS_LDAP_FILTER_TEXT_H

#include "ldap/filter.h"

struct arena;

/* Of "(&(cn=smi*)(!(mail=*)))"; stops the test where that is no filter. */
const struct ldap_filter *filter_of(struct arena *arena, const char *text);

/* And back. */
const char *filter_to_text(struct arena *arena,
                           const struct ldap_filter *filter);

#endif
