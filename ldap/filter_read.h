/*
 * filter_read.h - the filter of a search as it comes (RFC 4511, 4.5.1.7)
 */
#ifndef POSTERN_LDAP_FILTER_READ_H
#define POSTERN_LDAP_FILTER_READ_H

#include "ldap/result.h"

struct arena;
struct ber_reader;
struct ldap_filter;

/* Takes it from the reader.  LDAP_ADMIN_LIMIT_EXCEEDED: it nests deeper than
 * FILTER_DEPTH or has more than FILTER_PARTS parts, and nothing was taken for
 * those. */
enum ldap_code ldap_filter_read(struct arena *arena, struct ber_reader *reader,
                                const struct ldap_filter **filter_out);

#endif
