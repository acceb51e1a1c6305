/*
 * legacy_names.h - people by the names that Exchange had for them before there
 * were SMTP addresses: "/o=Acme/ou=.../cn=ann"
 *
 * Servers mostly tell addresses themselves; these are left over in old meetings
 * and lists.
 */
#ifndef POSTERN_EXCHANGE_EWS_LEGACY_NAMES_H
#define POSTERN_EXCHANGE_EWS_LEGACY_NAMES_H

#include "proxy/exchange/ews/ews.h"

struct arena;

#define LEGACY_NAMES_MAX 100

/* What has been asked for already.  Start with all zeros but the arena. */
struct legacy_names {
    struct arena *arena;
    const char *names[LEGACY_NAMES_MAX];
    const char *addresses[LEGACY_NAMES_MAX]; /* NULL: nobody */
    size_t count;
};

/* Replaces legacy names in what was read by addresses, one call for each new
 * one; who is not in the directory, and whoever comes after so many, is left
 * out. */
enum status legacy_names_resolve(struct op *op, struct ews *ews,
                                 struct legacy_names *known,
                                 struct series *series,
                                 struct contact *contact);

#endif
