/*
 * reply.h - what the client is told: lines, strings, our status in IMAP's words
 *
 * Output is gathered and goes out in larger pieces.  Between two calls to
 * Exchange a command has written whole lines only, since a sign of life may go
 * out while Exchange is awaited.
 */
#ifndef POSTERN_IMAP_REPLY_H
#define POSTERN_IMAP_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/buf.h"
#include "proxy/base/status.h"

struct mail_entry;
struct spool;

struct imap_out {
    /* Takes bytes for the client, waiting while it is slow; false once it has
     * gone.  conn_write in the daemon, a buffer in tests. */
    bool (*write)(void *context, const char *data, size_t len);
    bool (*wait_sent)(void *context); /* conn_wait_sent; NULL: nothing waits */
    void *context;
    struct buf pending;  /* on the heap; not yet written */
    uint64_t written_ms; /* the last time that something was */
    bool gone;           /* the client has left; what follows is dropped */
    bool utf8;           /* quoted strings may have UTF-8 (RFC 6855) */
    uint64_t modseq;     /* the highest written since it was last made 0 */
};

void imap_out_init(struct imap_out *out,
                   bool (*write)(void *context, const char *data, size_t len),
                   void *context);
void imap_out_fini(struct imap_out *out);

/* Raw bytes and text, as they are. */
void imap_out_bytes(struct imap_out *out, const char *data, size_t len);
void imap_out_puts(struct imap_out *out, const char *text);
void imap_out_printf(struct imap_out *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A string: quoted where that is possible, else a literal.  NUL bytes, which no
 * string may hold, become 0x80. */
void imap_out_string(struct imap_out *out, const char *data, size_t len);

/* As above, and NIL for NULL. */
void imap_out_nstring(struct imap_out *out, const char *text);

/* An atom where that is possible, else a string. */
void imap_out_astring(struct imap_out *out, const char *text);

/* The same for a client that takes UTF-8 in quoted strings (RFC 6855, 3). */
void imap_out_utf8_astring(struct imap_out *out, const char *text);

/* A literal of `len` octets of a spool; false when the disk fails or the client
 * has gone; nothing else can be said on this connection then: close it.  A
 * binary one has its NUL octets (RFC 3516). */
bool imap_out_spool(struct imap_out *out, const struct spool *spool,
                    uint64_t offset, uint64_t len, bool binary);

/* date-time (RFC 3501, section 9), always in UTC. */
void imap_out_date(struct imap_out *out, int64_t time);

/* Takes note of a message's modification sequence that is about to be written,
 * and returns it. */
uint64_t imap_out_modseq(struct imap_out *out, uint64_t modseq);

/* "(\Seen $Forwarded Work)", the parentheses included. */
void imap_out_flags(struct imap_out *out, const struct mail_entry *entry,
                    bool recent);

/* Sends what was gathered; false once the client has gone. */
bool imap_out_flush(struct imap_out *out);

/* The same, and waits until it is on its way to the client: false when he may
 * not get it, or when he is too slow to be waited for. */
bool imap_out_wait_sent(struct imap_out *out);

/* Our status in IMAP's words: the response code of RFC 5530 without brackets
 * (NULL: none), and a sentence for people. */
struct imap_words {
    const char *code;
    const char *text;
};
const struct imap_words *imap_words(enum status status);

#endif
