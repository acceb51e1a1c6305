/*
 * conn_packing.h - compressing what a client and we say to each other
 *
 * DEFLATE without any header (RFC 1951, RFC 4978), between two memories: what
 * was received is put in and taken out as there is room, so that a little that
 * becomes very much is never held as a whole.
 *
 * A connection lives long and says little.  The compressor's memory (100 KB) is
 * there only while there is something to say, and what it said last is
 * forgotten then; the other direction has to remember the last 32 KB of what
 * the client has said, and keeps them without zlib's tables while he is silent.
 */
#ifndef POSTERN_CONN_PACKING_H
#define POSTERN_CONN_PACKING_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct packing;

/* To be received at once: what becomes of it, a thousand times as much at the
 * worst, is worked on in one go. */
#define PACKING_INPUT 4096

struct packing *packing_new(void);
void packing_free(struct packing **packing);

/* Puts in what came from the client. */
void packing_receive(struct packing *packing, const char *data, size_t len);

/* Whether some of it waits to be read. */
bool packing_has_input(const struct packing *packing);

/* Reads what it says, up to `len` octets; 0 when there is no more. */
size_t packing_read(struct packing *packing, char *out, size_t len);

/* Whether what came is not DEFLATE, or has an end. */
bool packing_failed(const struct packing *packing);

/* Appends the compressed form to `out`, such that the client can read all of
 * it. */
void packing_write(struct packing *packing, const char *data, size_t len,
                   struct buf *out);

/* Nobody has said anything for now: gives memory back. */
void packing_rest(struct packing *packing);

#endif
