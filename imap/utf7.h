/*
 * utf7.h - mailbox names on the wire: modified UTF-7 (RFC 3501, 5.1.3)
 *
 * Printable ASCII stands for itself, "&" for itself as "&-"; anything else is
 * UTF-16 in base64 between "&" and "-".  Every name has exactly one encoded
 * form.
 */
#ifndef POSTERN_IMAP_UTF7_H
#define POSTERN_IMAP_UTF7_H

#include <stdbool.h>

struct buf;

/* Appends UTF-8 text; what is not UTF-8 becomes U+FFFD. */
void imap_utf7_encode(struct buf *out, const char *text);

/* Appends the UTF-8 of an encoded name; false for what encoding never makes. */
bool imap_utf7_decode(struct buf *out, const char *name);

#endif
