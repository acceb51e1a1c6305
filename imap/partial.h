/*
 * partial.h - a stretch of results, from the front or from the end
 *
 * RFC 9394:  PARTIAL 1:500, the first of them; PARTIAL -1:-100, the last
 */
#ifndef POSTERN_IMAP_PARTIAL_H
#define POSTERN_IMAP_PARTIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct imap_args;
struct imap_messages;

struct imap_partial {
    uint32_t first; /* as it is written, without the signs */
    uint32_t last;
    bool from_end;
};

/* partial-range, without a space before it. */
bool imap_partial_read(struct imap_args *args,
                       struct imap_partial *partial_out);

/* Which of `count` results it means: from index *first_out up to, but without,
 * *end_out. */
void imap_partial_place(const struct imap_partial *partial, size_t count,
                        size_t *first_out, size_t *end_out);

/* Leaves only these of the messages (3.3, UID FETCH). */
void imap_partial_cut(const struct imap_partial *partial,
                      struct imap_messages *messages);

#endif
