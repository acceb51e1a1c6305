/*
 * search.h - what is asked of an LDAP server, page by page
 */
#ifndef POSTERN_EXCHANGE_LDAP_SEARCH_H
#define POSTERN_EXCHANGE_LDAP_SEARCH_H

#include <ldap.h>
#include <stdbool.h>
#include <stddef.h>

#include "proxy/base/op.h"
#include "proxy/exchange/ldap/link.h"

struct ldap_question {
    const char *base; /* NULL: where the server's people are */
    int scope;        /* LDAP_SCOPE_* */
    const char *filter;
    const char *const *attributes; /* NULL at the end */
    size_t limit;                  /* entries; 0: all of them */
};

/*
 * Asks and hands over entries until `each` returns false; an entry lives until
 * then.  STATUS_OK as well when the server has more than it, or `limit`, lets
 * us have: `complete_out` is false then.  A connection that was cut while it
 * was idle is opened anew.
 */
enum status ldap_ask(struct op *op, struct ldap_links *links,
                     const struct ldap_question *question,
                     bool (*each)(void *context, LDAP *link,
                                  LDAPMessage *entry),
                     void *context, bool *complete_out);

#endif
