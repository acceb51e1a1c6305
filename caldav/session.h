/*
 * session.h - one client's connection, as the methods see it
 *
 * Nothing here knows sockets: the glue in caldav.c tells the session what its
 * connection is like and does what its replies ask for, and a test does the
 * same with a buffer.
 */
#ifndef POSTERN_CALDAV_SESSION_H
#define POSTERN_CALDAV_SESSION_H

#include <stdbool.h>

#include "caldav/frame.h"
#include "caldav/reply.h"
#include "proxy/base/op.h"

struct account;
struct gateway;
struct secret;

struct dav_session {
    const struct gateway *gateway;

    /* What the connection is like; the glue keeps it true. */
    bool private_link; /* a password may travel */
    bool tls;

    /* Who spoke last, and by what he was known: HTTP has no login, so that each
     * request says it again. */
    struct account *account; /* NULL: nobody; referenced */
    struct secret *authorization;
};

void dav_session_init(struct dav_session *session,
                      const struct gateway *gateway);
void dav_session_fini(struct dav_session *session);

/* Runs the request and answers it. */
void dav_session_run(struct dav_session *session, struct op *op,
                     const struct dav_request *request,
                     struct dav_reply *reply);

#endif
