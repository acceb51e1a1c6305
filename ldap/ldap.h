/*
 * ldap.h - the door for looking up people
 */
#ifndef POSTERN_LDAP_LDAP_H
#define POSTERN_LDAP_LDAP_H

#include "proxy/protocol.h"

extern const struct protocol ldap_protocol;

#endif
