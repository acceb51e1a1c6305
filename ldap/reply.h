/*
 * reply.h - what we answer, coded and on its way
 */
#ifndef POSTERN_LDAP_REPLY_H
#define POSTERN_LDAP_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ldap/result.h"
#include "proxy/base/status.h"

/* The tags of answers (RFC 4511, appendix B). */
enum ldap_answer {
    LDAP_BIND_ANSWER = 0x61,
    LDAP_SEARCH_ENTRY = 0x64,
    LDAP_SEARCH_DONE = 0x65,
    LDAP_MODIFY_ANSWER = 0x67,
    LDAP_ADD_ANSWER = 0x69,
    LDAP_DELETE_ANSWER = 0x6b,
    LDAP_MODIFY_DN_ANSWER = 0x6d,
    LDAP_COMPARE_ANSWER = 0x6f,
    LDAP_EXTENDED_ANSWER = 0x78
};

/* The answers to one message. */
struct ldap_reply {
    int32_t id;
    bool (*write)(void *context, const char *data, size_t len);
    void *context;

    /* What is to be done once they are out. */
    bool close;
    bool start_tls;
};

/* Any answer but those below. */
void ldap_reply_result(struct ldap_reply *reply, enum ldap_answer answer,
                       const struct ldap_result *result);

/* With what the server says in SASL; NULL for nothing. */
void ldap_reply_bind(struct ldap_reply *reply, const struct ldap_result *result,
                     const struct octets *says);

/* With the name of the operation and a value; NULL for none. */
void ldap_reply_extended(struct ldap_reply *reply,
                         const struct ldap_result *result, const char *name,
                         const struct octets *value);

/* Tells why the connection ends (RFC 4511, 4.4.1), and wants it closed. */
void ldap_reply_disconnection(struct ldap_reply *reply, enum ldap_code code,
                              const char *message);

/* What went wrong, in LDAP's words. */
struct ldap_result ldap_result_of(enum status status);

#endif
