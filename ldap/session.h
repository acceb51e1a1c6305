/*
 * session.h - one client's conversation, as its requests see it
 *
 * Nothing here knows sockets: the glue in ldap.c tells the session what its
 * connection is like and does what its replies ask for, and a test does the
 * same with a buffer.
 *
 * What belongs to whom while a request runs: `stop` is shared, `lookout` and
 * `watched` are the loop's, the rest is the worker's.
 */
#ifndef POSTERN_LDAP_SESSION_H
#define POSTERN_LDAP_SESSION_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "ldap/frame.h"
#include "ldap/lookout.h"
#include "ldap/reply.h"
#include "proxy/base/op.h"

struct account;
struct gateway;
struct ldap_paging;
struct sasl_mechanism;

struct ldap_session {
    const struct gateway *gateway;
    struct ldap_frame frame;

    /* What the connection is like; the glue keeps it true. */
    bool private_link; /* a password may travel */
    bool can_start_tls;
    bool has_tls;

    struct account *account; /* NULL: anonymous; referenced */
    const struct sasl_mechanism *refused_mechanism; /* its dialogue goes on to
                                                       say so; NULL: none */
    enum status refused_status;
    struct ldap_paging *paging; /* the pages that are still to come; NULL */

    /* The request that is whole, while found is not LDAP_FOUND_NOTHING. */
    enum ldap_frame_found found;
    bool has_searched; /* ever: it was not logged in for nothing */
    bool leaves;       /* the client has said good-bye */
    bool hasty;        /* it did not wait for the requests before it */
    bool cancel_done;  /* it is a Cancel, and its target was stopped */

    struct ldap_watched watched; /* it as well */
    struct ldap_lookout lookout;
    atomic_int stop; /* of enum ldap_stop, or LDAP_STOP_LATE */
};

/* The answer is on its way: nobody can stop the request any more. */
enum { LDAP_STOP_LATE = -1 };

void ldap_session_init(struct ldap_session *session,
                       const struct gateway *gateway);
void ldap_session_fini(struct ldap_session *session);

/* Takes from the front of `data` and returns how many octets that was.  Once
 * session->found is set, a request is whole and to be run before more is taken.
 */
size_t ldap_session_take(struct ldap_session *session, const char *data,
                         size_t len);

/* Looks at what has come while the request runs.  True: it is to be cancelled.
 */
bool ldap_session_overtake(struct ldap_session *session, const char *data,
                           size_t len);

/* Runs the request and answers it. */
void ldap_session_run(struct ldap_session *session, struct op *op,
                      struct ldap_reply *reply);

/* It has run. */
void ldap_session_done(struct ldap_session *session);

/* The worker's: what became of the request meanwhile; from now on it cannot be
 * stopped. */
enum ldap_stop ldap_session_settle(struct ldap_session *session);

/* Nobody is logged in from now on. */
void ldap_session_forget(struct ldap_session *session);

#endif
