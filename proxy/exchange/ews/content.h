/*
 * content.h - a message's MIME on its way out of an answer
 *
 * Exchange gives base64 of what its converter makes: usually with CRLF line
 * ends, now and then with bare LF or CR or with NUL bytes in between.  What
 * comes out has CRLF and no NUL; all else is as Exchange gave it.
 */
#ifndef POSTERN_EXCHANGE_EWS_CONTENT_H
#define POSTERN_EXCHANGE_EWS_CONTENT_H

#include <stdbool.h>
#include <stddef.h>

#include "proxy/base/base64.h"
#include "proxy/base/status.h"

struct spool;

struct content {
    struct spool *spool; /* the taker sets it to NULL */
    struct base64_decoder decoder;
    bool after_cr; /* the last octet was a CR */
    bool broken;   /* no base64, or no room for it */
};

/* Begins anew, with a spool in `directory`. */
void content_begin(struct content *content, const char *directory);
void content_drop(struct content *content);

/* Takes a piece of base64. */
void content_write(struct content *content, const char *text, size_t len);

/* STATUS_OK for a whole, non-empty message. */
enum status content_end(struct content *content);

#endif
