/*
 * call.h - a request on its way to its answer
 */
#ifndef POSTERN_LDAP_CALL_H
#define POSTERN_LDAP_CALL_H

#include <stdbool.h>

#include "ldap/entry.h"
#include "ldap/request.h"
#include "ldap/result.h"
#include "proxy/base/op.h"

struct account;
struct ldap_paging;
struct ldap_reply;
struct ldap_session;
struct settings;

struct ldap_call {
    struct op *op; /* cancelled by abandon, cancel, unbind, a lost client and
                      the time limit */
    const struct settings *settings;
    struct account *account; /* NULL: anonymous */
    bool private_link;       /* a password may travel here */
    bool can_start_tls;
    const struct ldap_request *request;
    struct ldap_reply *reply;
    struct ldap_paging **paging;  /* what the connection keeps of one search */
    struct ldap_session *session; /* for what changes it; not for searches */
};

/* Sends one entry with the attributes that are in it already (reply.c); false
 * when the client has gone or the request is cancelled. */
bool ldap_send_entry(struct ldap_call *call, const struct ldap_entry *entry);

/* Searches and sends what is found; what is returned is sent as
 * SearchResultDone (search.c).  libldap has functions called ldap_search and
 * ldap_compare. */
struct ldap_result ldap_search_run(struct ldap_call *call);
struct ldap_result ldap_compare_run(struct ldap_call *call);

#endif
