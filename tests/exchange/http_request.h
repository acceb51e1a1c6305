/*
 * http_request.h - reads HTTP/1.1 requests from a wire
 */
#ifndef POSTERN_TESTS_HTTP_REQUEST_H
#define POSTERN_TESTS_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "proxy/base/buf.h"

struct arena;
struct wire;

/* Texts are in the arena of the request; "" for a header that is absent. */
struct http_request {
    const char *method;
    const char *path;            /* without the query */
    const char *query;           /* what follows "?" */
    const char *authorization;
    const char *accept_encoding;
    const char *content_type;
    const char *if_none_match;
    const char *anchor;          /* X-AnchorMailbox */
    const char *public_mailbox;  /* X-PublicFolderMailbox */
    bool keep_alive;
    struct buf body;             /* on the heap: http_request_fini frees it */
};

void http_request_fini(struct http_request *request);

/* A connection's requests; `rest` is what was read beyond the last one. */
struct http_reader {
    struct wire *wire;
    struct buf rest;
    size_t body_limit;
};

void http_reader_init(struct http_reader *reader, struct wire *wire,
                      size_t body_limit);
void http_reader_fini(struct http_reader *reader);

enum http_read {
    HTTP_READ_REQUEST,     /* a whole request; call http_request_fini */
    HTTP_READ_CLOSED,      /* the client has gone */
    HTTP_READ_BAD,         /* no HTTP: 400 and close */
    HTTP_READ_TOO_LARGE    /* the body passes the limit: 413 and close */
};

/* Reads the next request, with a Content-Length or in chunks; tells the client to go
 * on if it expects that. */
enum http_read http_reader_next(struct http_reader *reader, struct arena *arena,
                                struct http_request *request_out);

#endif
