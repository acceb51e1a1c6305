/*
 * octets.h - a value of LDAP: octets that may be anything
 */
#ifndef POSTERN_LDAP_OCTETS_H
#define POSTERN_LDAP_OCTETS_H

#include <stddef.h>

struct octets {
    const char *data; /* NUL behind them, which is not counted; never NULL
                         where there is a value */
    size_t len;
};

#endif
