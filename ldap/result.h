/*
 * result.h - what came of a request (RFC 4511, 4.1.9)
 */
#ifndef POSTERN_LDAP_RESULT_H
#define POSTERN_LDAP_RESULT_H

#include <stdbool.h>
#include <stddef.h>

#include "ldap/octets.h"

enum ldap_code {
    LDAP_SUCCESS = 0,
    LDAP_OPERATIONS_ERROR = 1,
    LDAP_PROTOCOL_ERROR = 2,
    LDAP_TIME_LIMIT_EXCEEDED = 3,
    LDAP_SIZE_LIMIT_EXCEEDED = 4,
    LDAP_COMPARE_FALSE = 5,
    LDAP_COMPARE_TRUE = 6,
    LDAP_AUTH_METHOD_NOT_SUPPORTED = 7,
    LDAP_STRONGER_AUTH_REQUIRED = 8,
    LDAP_ADMIN_LIMIT_EXCEEDED = 11,
    LDAP_UNAVAILABLE_CRITICAL_EXTENSION = 12,
    LDAP_CONFIDENTIALITY_REQUIRED = 13,
    LDAP_SASL_BIND_IN_PROGRESS = 14,
    LDAP_NO_SUCH_ATTRIBUTE = 16,
    LDAP_UNDEFINED_ATTRIBUTE_TYPE = 17,
    LDAP_INAPPROPRIATE_MATCHING = 18,
    LDAP_INVALID_ATTRIBUTE_SYNTAX = 21,
    LDAP_NO_SUCH_OBJECT = 32,
    LDAP_INVALID_DN_SYNTAX = 34,
    LDAP_INAPPROPRIATE_AUTHENTICATION = 48,
    LDAP_INVALID_CREDENTIALS = 49,
    LDAP_INSUFFICIENT_ACCESS_RIGHTS = 50,
    LDAP_BUSY = 51,
    LDAP_UNAVAILABLE = 52,
    LDAP_UNWILLING_TO_PERFORM = 53,
    LDAP_OTHER = 80,
    LDAP_CANCELED = 118,
    LDAP_NO_SUCH_OPERATION = 119,
    LDAP_TOO_LATE = 120,
    LDAP_CANNOT_CANCEL = 121,
    LDAP_AUTHORIZATION_DENIED = 123
};

/* A control of an answer. */
struct ldap_answer_control {
    const char *oid;
    struct octets value; /* data NULL: none */
};

enum { LDAP_ANSWER_CONTROLS = 2 };

struct ldap_result {
    enum ldap_code code;
    const char *matched; /* the DN of the nearest entry above (NO_SUCH_OBJECT);
                            NULL: "" */
    const char *message; /* for people; NULL: "" */
    struct ldap_answer_control controls[LDAP_ANSWER_CONTROLS];
    size_t control_count;
};

#endif
