/*
 * reply.h - what we answer: a code, header fields, a body; our status in DAV's
 * words
 *
 * A body is either whole, with its length, or it streams: what is made of it
 * goes out in pieces, so that ten thousand members need no more memory than
 * ten.  Once it streams nothing else can be said: a failure then ends the
 * connection without the end of the body, and the client knows.
 */
#ifndef POSTERN_CALDAV_REPLY_H
#define POSTERN_CALDAV_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "proxy/base/buf.h"
#include "proxy/base/status.h"

struct arena;

struct dav_reply {
    /* Takes octets for the client, waiting while it is slow; false once it has
     * gone.  conn_write in the daemon, a buffer in tests. */
    bool (*write)(void *context, const char *data, size_t len);
    void *context;
    struct arena *arena;

    /* What the request allows. */
    bool head;       /* no body goes out */
    bool old;        /* HTTP/1.0: no chunks */
    bool keep_alive; /* the connection stays; false once it cannot */

    int code;          /* 0: nothing has been said yet */
    struct buf fields; /* for the header, in the arena */
    struct buf body;   /* what of a streaming body waits, on the heap */
    bool streams;
    bool chunked;
    bool gone;
};

void dav_reply_init(struct dav_reply *reply, struct arena *arena,
                    bool (*write)(void *context, const char *data, size_t len),
                    void *context);
void dav_reply_fini(struct dav_reply *reply);

/* Adds a field before anything is said.  Control characters are left out. */
void dav_reply_field(struct dav_reply *reply, const char *name,
                     const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Says all of it.  `type` is NULL where there is no body. */
void dav_reply_whole(struct dav_reply *reply, int code, const char *type,
                     const char *data, size_t len);
void dav_reply_empty(struct dav_reply *reply, int code);

/* A streaming body is appended to reply->body; dav_reply_flow sends what is
 * enough for a piece and is false once the client has gone. */
void dav_reply_begin(struct dav_reply *reply, int code, const char *type);
bool dav_reply_flow(struct dav_reply *reply);
void dav_reply_end(struct dav_reply *reply);

/* An error with its precondition, "C:valid-calendar-data" (NULL: none), and a
 * sentence for people (NULL: none). */
void dav_reply_error(struct dav_reply *reply, int code,
                     const char *precondition, const char *sentence);

/* The same for a UID that another resource has: 403 with its href. */
void dav_reply_conflict(struct dav_reply *reply, const char *precondition,
                        const char *href);

/* RFC 3744, 7.1.1: which right is missing where. */
void dav_reply_denied(struct dav_reply *reply, const char *href,
                      const char *privilege);

/* Our status in DAV's words; after the beginning of a streaming body the
 * connection is given up. */
void dav_reply_status(struct dav_reply *reply, enum status status);

struct dav_words {
    int code;
    const char *precondition;
};
const struct dav_words *dav_words(enum status status);

/* "HTTP/1.1 404 Not Found", as it stands in a multistatus, too. */
const char *dav_status_line(int code);

#endif
