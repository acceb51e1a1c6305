/*
 * login.h - what the ways to log in have in common
 */
#ifndef POSTERN_LDAP_LOGIN_H
#define POSTERN_LDAP_LOGIN_H

#include "ldap/call.h"

struct arena;
struct secret;

/* Whom a name of Bind is about: an address, a UPN or DOMAIN\user, or the DN of
 * an entry that is called so.  NULL: nobody can tell. */
const char *ldap_login_user(struct arena *arena, const char *name);

/* Opens the account for the session; the secret is freed.  STATUS_OK: the call
 * has it, too. */
enum status ldap_log_in(struct ldap_call *call, const char *user,
                        struct secret *secret);

/* Answers a Bind with a mechanism of SASL. */
void ldap_do_sasl(struct ldap_call *call);

#endif
