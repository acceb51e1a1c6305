/*
 * peek.h - what a message is about, without reading it
 *
 * Keeps no memory, so that the loop can look at many of them.
 */
#ifndef POSTERN_LDAP_PEEK_H
#define POSTERN_LDAP_PEEK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ldap_peek {
    int32_t id;
    unsigned operation; /* a tag, of enum ldap_operation or another */
    bool cancels;       /* Cancel (RFC 3909) */
    int32_t target;     /* whom Abandon and Cancel are about; 0 of others, and
                           where that cannot be read */
};

/* False when it is no message. */
bool ldap_peek(const char *message, size_t len, struct ldap_peek *peek_out);

#endif
