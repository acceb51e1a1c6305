/*
 * server.h - an LDAP server behind us, asked for people instead of Exchange
 *
 * For Exchange 2000 and 2003, and for sites that prefer it: the global catalog
 * of Active Directory, or any other directory of people.  It stands behind the
 * slots of a backend of which it has three: open, close and the directory.
 */
#ifndef POSTERN_EXCHANGE_LDAP_SERVER_H
#define POSTERN_EXCHANGE_LDAP_SERVER_H

#include "proxy/exchange/backend.h"

/*
 * Opens it (setting directory.server) as a user with his own password, with TLS
 * from the beginning (ldaps) or before the password is said, unless
 * directory.server_plain allows to do without.
 *
 * `mailbox` is of no meaning here, and `about_out` gets an address of "".
 * STATUS_DENIED: the server does not let him in, which says nothing about what
 * Exchange thinks of his password.  STATUS_UNSUPPORTED: he has shown a token,
 * which it could do nothing with.
 */
extern const struct backend ldap_server_backend;

#endif
