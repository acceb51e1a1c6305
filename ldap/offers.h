/*
 * offers.h - what is offered beyond the protocol itself, by its OIDs
 *
 * The root DSE tells it (RFC 4512, 5.1).
 */
#ifndef POSTERN_LDAP_OFFERS_H
#define POSTERN_LDAP_OFFERS_H

#include <stdbool.h>

#include "ldap/request.h"

struct arena;
struct ldap_call;

/* RFC 2696, 2891, 3296, 3672 and 4370. */
#define LDAP_CONTROL_PAGED "1.2.840.113556.1.4.319"
#define LDAP_CONTROL_SORT "1.2.840.113556.1.4.473"
#define LDAP_CONTROL_SORTED "1.2.840.113556.1.4.474"
#define LDAP_CONTROL_MANAGE_DSA_IT "2.16.840.1.113730.3.4.2"
#define LDAP_CONTROL_SUBENTRIES "1.3.6.1.4.1.4203.1.10.1"
#define LDAP_CONTROL_PROXIED "2.16.840.1.113730.3.4.18"

/* RFC 4511, 4.14 and 4.4.1; RFC 4532; RFC 3909; RFC 3062. */
#define LDAP_START_TLS "1.3.6.1.4.1.1466.20037"
#define LDAP_DISCONNECTION "1.3.6.1.4.1.1466.20036"
#define LDAP_WHO_AM_I "1.3.6.1.4.1.4203.1.11.3"
#define LDAP_CANCEL "1.3.6.1.1.8"
#define LDAP_PASSWORD_MODIFY "1.3.6.1.4.1.4203.1.11.1"

/* Lists that end with NULL: the controls; the extended operations; the SASL
 * mechanisms, none where anybody may listen. */
const char *const *ldap_offered_controls(struct arena *arena);
const char *const *ldap_offered_extensions(const struct ldap_call *call);
const char *const *ldap_offered_mechanisms(const struct ldap_call *call);

/* Whether a control means something for the operation of a request. */
bool ldap_control_applies(const struct ldap_request *request, const char *oid);

/* The control of a request that has this OID; NULL if there is none. */
const struct ldap_control *ldap_control_with(const struct ldap_request *request,
                                             const char *oid);

#endif
