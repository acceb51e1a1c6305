/*
 * fetch_section.h - the octets that BODY[...] means in a message
 */
#ifndef POSTERN_IMAP_FETCH_SECTION_H
#define POSTERN_IMAP_FETCH_SECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imap/fetch_items.h"
#include "proxy/base/status.h"
#include "proxy/exchange/mail.h"

struct arena;
struct imap_out;

/* How much of a message has to be read for it. */
enum mail_need fetch_section_need(const struct fetch_section *section);

/* Where the octets are: nowhere, in memory, or a stretch of the message, or of
 * what was decoded. */
struct fetch_octets {
    bool absent;                 /* there is no such part: NIL */
    const char *data;            /* NULL: in a spool */
    const struct spool *decoded; /* NULL: in the message */
    uint64_t offset;             /* in the spool */
    uint64_t len;
    bool binary; /* with NUL octets, which only RFC 3516 can tell */
};

/* Finds them, without writing anything.  STATUS_CORRUPT when the message is not
 * what its structure says, STATUS_LIMIT for a header too large to be searched.
 */
enum status fetch_section_find(struct arena *arena,
                               const struct fetch_section *section,
                               const struct mail_content *content,
                               struct fetch_octets *octets_out);

/* The same without the part's transfer encoding (RFC 3516).  What was decoded
 * lives as long as the arena; STATUS_UNSUPPORTED for an encoding that is not
 * known. */
enum status fetch_binary_find(struct arena *arena,
                              const struct fetch_section *section,
                              const struct mail_content *content,
                              struct fetch_octets *octets_out);

/* False when nothing else can be said on this connection. */
bool fetch_octets_write(struct imap_out *out, const struct fetch_octets *octets,
                        const struct mail_content *content);

#endif
