/*
 * fetch_structure.h - ENVELOPE and BODYSTRUCTURE (RFC 3501, 7.4.2)
 */
#ifndef POSTERN_IMAP_FETCH_STRUCTURE_H
#define POSTERN_IMAP_FETCH_STRUCTURE_H

#include <stdbool.h>

struct imap_out;
struct mime_envelope;
struct mime_part;

void fetch_write_envelope(struct imap_out *out,
                          const struct mime_envelope *envelope);

/* `extended` makes BODYSTRUCTURE of BODY. */
void fetch_write_structure(struct imap_out *out, const struct mime_part *part,
                           bool extended);

#endif
