/*
 * body.h - what a call sends: text, with a spool's content in base64 in its
 * midst
 *
 * The base64 is computed while it is sent and never kept.  The length is known
 * before, and NTLM may have it all sent again from the start.
 */
#ifndef POSTERN_EXCHANGE_HTTP_BODY_H
#define POSTERN_EXCHANGE_HTTP_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct spool;

struct http_body {
    const char *text;
    size_t len;
    const struct spool *content;
    size_t content_at;
    uint64_t position;
};

uint64_t http_body_size(const struct http_body *body);

/* Gives up to `len` octets (at least 4), 0 at the end, -1 when the disk fails.
 */
long http_body_read(struct http_body *body, char *out, size_t len);

#endif
