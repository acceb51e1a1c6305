/*
 * frame.h - is a whole request here?
 *
 * HTTP/1.1 and 1.0 (RFC 9112).  The header is gathered in memory and the body
 * in a spool, within limits.  What is refused is refused as soon as that is
 * known, and the connection is closed after it: nobody can tell any more where
 * the next request would begin.  Runs on the loop and does not wait.
 *
 * The body of a request without credentials is not kept, since the answer will
 * be 401 whatever it says.
 */
#ifndef POSTERN_CALDAV_FRAME_H
#define POSTERN_CALDAV_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct dav_frame;
struct spool;

struct dav_limits {
    uint64_t target; /* octets of the request's target */
    uint64_t header; /* octets of all header fields */
    uint64_t body;   /* octets of the body */
};

struct dav_header {
    const char *name;
    const char *value;
};

struct dav_request {
    int refusal;        /* the HTTP status of it; 0: it is taken */
    const char *method; /* "PROPFIND" */
    const char *target; /* as it was sent */
    const struct dav_header *headers;
    size_t header_count;
    const struct spool *body; /* NULL: there is none */
    bool keep_alive;
    bool old; /* HTTP/1.0 */
};

enum dav_frame_event {
    DAV_FRAME_MORE,     /* more input is needed */
    DAV_FRAME_CONTINUE, /* the client waits for "100 Continue" */
    DAV_FRAME_REQUEST   /* a request is here, or its refusal is due */
};

/* `directory` is for spools. */
struct dav_frame *dav_frame_new(const struct dav_limits *limits,
                                const char *directory);
void dav_frame_free(struct dav_frame **frame);

/* Takes octets from the front of `data`, up to the next event, and says how
 * many. */
size_t dav_frame_feed(struct dav_frame *frame, const char *data, size_t len,
                      enum dav_frame_event *event_out);

/* Whether a request has begun and is not whole. */
bool dav_frame_is_inside(const struct dav_frame *frame);

/* After DAV_FRAME_REQUEST, until the reset.  The list of headers is in the
 * arena. */
struct dav_request dav_frame_request(const struct dav_frame *frame,
                                     struct arena *arena);

/* Wipes the request and starts with the next one. */
void dav_frame_reset(struct dav_frame *frame);

#endif
