/*
 * request.h - one message of a client (RFC 4511, 4.1)
 *
 * Everything lives in the arena it was read into.
 */
#ifndef POSTERN_LDAP_REQUEST_H
#define POSTERN_LDAP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ldap/octets.h"
#include "ldap/result.h"

struct arena;
struct ldap_filter;

/* By the tags of their choices. */
enum ldap_operation {
    LDAP_BIND = 0x60,
    LDAP_UNBIND = 0x42,
    LDAP_SEARCH = 0x63,
    LDAP_MODIFY = 0x66,
    LDAP_ADD = 0x68,
    LDAP_DELETE = 0x4a,
    LDAP_MODIFY_DN = 0x6c,
    LDAP_COMPARE = 0x6e,
    LDAP_ABANDON = 0x50,
    LDAP_EXTENDED = 0x77
};

struct ldap_bind {
    int32_t version;
    const char *name;
    const char *mechanism;     /* of SASL; NULL: simple */
    bool has_credentials;      /* of SASL they may be absent */
    struct octets credentials; /* or the password */
};

enum ldap_scope { LDAP_BASE, LDAP_ONE_LEVEL, LDAP_SUBTREE };

struct ldap_search {
    const char *base;
    enum ldap_scope scope;
    int32_t size_limit; /* 0: none */
    int32_t time_limit; /* seconds; 0: none */
    bool types_only;
    const struct ldap_filter *filter;
    const char *const *attributes; /* as they were asked for; NULL at the end */
};

struct ldap_compare {
    const char *name;
    const char *attribute;
    struct octets value;
};

struct ldap_extended {
    const char *name; /* an OID */
    bool has_value;
    struct octets value;
};

struct ldap_control {
    const char *oid;
    bool critical;
    bool has_value;
    struct octets value;
};

struct ldap_request {
    int32_t id;
    enum ldap_operation operation;
    union {
        struct ldap_bind bind;
        struct ldap_search search;
        struct ldap_compare compare;
        struct ldap_extended extended;
        int32_t abandon;  /* the message's id */
        const char *name; /* of what is to be changed, where that was read */
    };
    const struct ldap_control *controls;
    size_t control_count;
};

/*
 * Reads one whole LDAPMessage.  LDAP_SUCCESS: the request is there.
 * LDAP_PROTOCOL_ERROR with the id and the operation, when they could be read:
 * the client is told so and the connection goes on.  An id of 0 then: nobody
 * knows what it was (notice of disconnection, RFC 4511, 4.1.1).  So with
 * LDAP_ADMIN_LIMIT_EXCEEDED, a filter beyond the limits of filter.h, and
 * LDAP_AUTH_METHOD_NOT_SUPPORTED, a bind that is neither simple nor SASL.
 */
enum ldap_code ldap_read(struct arena *arena, const char *data, size_t len,
                         struct ldap_request *request_out);

#endif
