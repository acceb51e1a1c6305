/*
 * filter.h - the questions of which people are found
 */
#ifndef POSTERN_EXCHANGE_LDAP_FILTER_H
#define POSTERN_EXCHANGE_LDAP_FILTER_H

struct buf;
struct ldap_about;
struct op;

/* People by the beginning of a name, alias or address; by "smtp:" and an
 * address; or (NULL) everybody. */
const char *filter_people(struct op *op, const struct ldap_about *about,
                          const char *text);

/* Whoever has this address. */
void filter_put_address(struct buf *filter, const char *address);

/* Text in a filter (RFC 4515, 3). */
void filter_put_text(struct buf *filter, const char *text);

#endif
