/*
 * vcard.h - vCard 3 (RFC 2426) and 4 (RFC 6350) to and from a contact
 *
 * As with ical.h, a client's text is kept beside the item, and given out with
 * what Exchange holds otherwise replaced.
 */
#ifndef POSTERN_FORMAT_VCARD_H
#define POSTERN_FORMAT_VCARD_H

#include <stdbool.h>
#include <stddef.h>

#include "proxy/format/contact.h"

struct arena;

enum vcard_version { VCARD_3, VCARD_4 };

enum vcard_problem {
    VCARD_FINE,
    VCARD_SYNTAX, /* RFC 6352: valid-address-data */
    VCARD_OBJECT, /* no UID or FN, or several cards */
    VCARD_LIMIT
};

/* Reads a client's card, of version 2.1, 3 or 4.  A photo is decoded, a link to
 * one stays in the kept text. */
enum vcard_problem vcard_read(struct arena *arena, const char *text, size_t len,
                              struct contact *contact_out,
                              enum vcard_version *version_out,
                              const char **reason_out);

/* Writes what Exchange holds, over the kept text (NULL: none), with CRLF. */
const char *vcard_write(struct arena *arena, const struct contact *contact,
                        const char *kept, enum vcard_version version);

/* The text to keep on the item, without its photo; NULL: there is nothing to
 * keep. */
const char *vcard_keep(struct arena *arena, const char *text, size_t len,
                       const struct contact *contact);

#endif
