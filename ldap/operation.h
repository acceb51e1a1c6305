/*
 * operation.h - what a request can ask for, and the table of all that
 */
#ifndef POSTERN_LDAP_OPERATION_H
#define POSTERN_LDAP_OPERATION_H

#include "ldap/call.h"
#include "ldap/reply.h"

/* Runs the request and answers it. */
typedef void ldap_handler(struct ldap_call *call);

struct ldap_operation_kind {
    enum ldap_operation operation;
    enum ldap_answer answer; /* the tag of its result */
    ldap_handler *run;
};

/* NULL: it has no answer (Unbind, Abandon). */
const struct ldap_operation_kind *ldap_operation_find(
    enum ldap_operation operation);

/* Answers the request with a result, whatever its kind. */
void ldap_answer(struct ldap_call *call, const struct ldap_result *result);

/* The same in short. */
void ldap_refuse(struct ldap_call *call, enum ldap_code code,
                 const char *message);

ldap_handler ldap_do_bind;
ldap_handler ldap_do_extended;
ldap_handler ldap_do_search;
ldap_handler ldap_do_compare;

#endif
