/*
 * lookout.h - what waits behind the request that runs
 *
 * A session runs one request after the other.  But Abandon, Cancel (RFC 3909)
 * and Unbind are about requests before them, which may be running or waiting
 * for their turn; so what has come is looked through, each message once, and
 * what takes others back is remembered until its own turn comes.
 *
 * All of this is the loop's.
 */
#ifndef POSTERN_LDAP_LOOKOUT_H
#define POSTERN_LDAP_LOOKOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/buf.h"

struct ldap_peek;

enum ldap_stop {
    LDAP_GOES_ON,
    LDAP_ABANDONED, /* without an answer; the client may be leaving, too */
    LDAP_CANCELLED  /* it is answered that it was cancelled */
};

struct ldap_lookout {
    size_t limit;         /* octets of a message */
    size_t seen;          /* octets of what waits, from its front on */
    struct buf stops;     /* each Abandon and Cancel in them, in their order */
    bool leaves;          /* an Unbind is the last one */
    struct buf cancelled; /* ids (int32_t) whose Cancel is still to come */
};

/* What is asked about. */
struct ldap_watched {
    int32_t id;
    bool can_stop; /* Cancel and Abandon apply */
};

void ldap_lookout_init(struct ldap_lookout *lookout, size_t limit);
void ldap_lookout_fini(struct ldap_lookout *lookout);

/* A message of so many octets was taken from the front of what waits.  True if
 * it had been seen there: its client did not wait for the requests before. */
bool ldap_lookout_take(struct ldap_lookout *lookout, size_t len,
                       const struct ldap_peek *message);

/* All that waits was thrown away. */
void ldap_lookout_reset(struct ldap_lookout *lookout);

/* Looks through what waits, as far as that is new, and says what becomes of the
 * request. */
enum ldap_stop ldap_lookout_see(struct ldap_lookout *lookout,
                                const struct ldap_watched *request,
                                const char *data, size_t len);

/* The request was stopped because of a Cancel. */
void ldap_lookout_note_cancelled(struct ldap_lookout *lookout, int32_t id);

/* Whether the request has been cancelled; forgets it. */
bool ldap_lookout_take_cancelled(struct ldap_lookout *lookout, int32_t id);

#endif
