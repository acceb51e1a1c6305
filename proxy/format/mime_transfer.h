/*
 * mime_transfer.h - Content-Transfer-Encodings (RFC 2045, 6) of parts in spools
 *
 * Decoding is for FETCH BINARY; the encoding of what is binary is for messages
 * that have to go where NUL octets and lines without an end cannot.
 */
#ifndef POSTERN_FORMAT_MIME_TRANSFER_H
#define POSTERN_FORMAT_MIME_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct spool;

/* Whether it is an encoding that we know; and one that changes nothing. */
bool mime_transfer_known(const char *encoding);
bool mime_transfer_is_identity(const char *encoding);

/* Appends the decoded octets of a stretch of a spool.  What does not belong
 * into an encoded text is passed over in base64, and left as it is in
 * quoted-printable.  False when a disk fails or `out` is over its limit. */
bool mime_transfer_decode(const struct spool *from, uint64_t offset,
                          uint64_t len, const char *encoding,
                          struct spool *out);

/* Whether there is a NUL in a stretch. */
bool mime_transfer_has_nul(const struct spool *from, uint64_t offset,
                           uint64_t len);

enum mime_portable {
    MIME_PORTABLE,         /* as it is */
    MIME_PORTABLE_ENCODED, /* after mime_transfer_encode */
    MIME_NOT_PORTABLE      /* NUL octets are where nothing is binary */
};

/* Whether a message can go where only text can. */
enum mime_portable mime_transfer_portable(struct arena *arena,
                                          const struct spool *message);

/* Writes the message with all binary parts in base64, and all else as it is;
 * `out` tells whether it has failed. */
void mime_transfer_encode(struct arena *arena, const struct spool *message,
                          struct spool *out);

#endif
