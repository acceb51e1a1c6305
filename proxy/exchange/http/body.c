/*
 * body.c - see body.h
 */
#include "proxy/exchange/http/body.h"

#include <string.h>

#include "proxy/base/base64.h"
#include "proxy/base/spool.h"

/* As much of a spool as is encoded at one time; a multiple of three. */
#define PIECE 12288

static uint64_t encoded_size(const struct http_body *body)
{
    return body->content != NULL
               ? base64_encoded_size(spool_size(body->content))
               : 0;
}

uint64_t http_body_size(const struct http_body *body)
{
    return body->len + encoded_size(body);
}

static long read_text(const struct http_body *body, uint64_t from, uint64_t to,
                      char *out, size_t len)
{
    if (to - from < len)
        len = (size_t)(to - from);
    memcpy(out, body->text + from, len);
    return (long)len;
}

/* Fills `out` with the base64 characters from `position` on.  A group of four
 * that does not fit whole is computed again for its rest. */
static long read_content(const struct http_body *body, uint64_t position,
                         char *out, size_t len)
{
    char plain[PIECE], encoded[PIECE / 3 * 4];
    size_t skip = (size_t)(position % 4);
    size_t groups = (len + skip + 3) / 4;

    if (groups > PIECE / 3)
        groups = PIECE / 3;
    long got = spool_read(body->content, position / 4 * 3, plain, groups * 3);
    if (got <= 0)
        return -1;
    size_t size = base64_encode(plain, (size_t)got, encoded) - skip;
    if (size > len)
        size = len;
    memcpy(out, encoded + skip, size);
    return (long)size;
}

long http_body_read(struct http_body *body, char *out, size_t len)
{
    uint64_t encoded = encoded_size(body);
    uint64_t start = encoded > 0 ? body->content_at : body->len;
    uint64_t position = body->position;
    long got;

    if (position < start)
        got = read_text(body, position, start, out, len);
    else if (position < start + encoded)
        got = read_content(body, position - start, out, len);
    else
        got = read_text(body, position - encoded, body->len, out, len);
    if (got > 0)
        body->position += (uint64_t)got;
    return got;
}
