/*
 * frame.h - is a whole message here?
 *
 * A message is one element of BER, SEQUENCE, which begins with its length.  The
 * length is looked at before anything is kept: one of two gigabytes costs six
 * octets.
 */
#ifndef POSTERN_LDAP_FRAME_H
#define POSTERN_LDAP_FRAME_H

#include <stddef.h>

#include "proxy/base/buf.h"

enum ldap_frame_found {
    LDAP_FOUND_NOTHING, /* more is needed */
    LDAP_FOUND_MESSAGE,
    LDAP_FOUND_NONSENSE, /* nothing that LDAP begins with */
    LDAP_FOUND_TOO_LONG
};

struct ldap_frame {
    size_t limit;       /* octets of a message */
    size_t whole;       /* of the one that is coming; 0: not known yet */
    struct buf message; /* as far as it has come; on the heap */
};

void ldap_frame_init(struct ldap_frame *frame, size_t limit);
void ldap_frame_fini(struct ldap_frame *frame);

/* Takes from the front of `data` and returns how many octets that was; a
 * message that is found is whole in frame->message.  None may be there when it
 * is called. */
size_t ldap_frame_take(struct ldap_frame *frame, const char *data, size_t len,
                       enum ldap_frame_found *found_out);

/* Forgets the message, which may hold a password. */
void ldap_frame_reset(struct ldap_frame *frame);

/* How long the message is that `data` begins with; it need not be there. */
enum ldap_frame_found ldap_frame_measure(const char *data, size_t len,
                                         size_t limit, size_t *whole_out);

#endif
