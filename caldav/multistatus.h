/*
 * multistatus.h - answers about many resources at once (RFC 4918, 13)
 *
 * It streams: each response goes out when enough have come together.
 */
#ifndef POSTERN_CALDAV_MULTISTATUS_H
#define POSTERN_CALDAV_MULTISTATUS_H

#include <stdbool.h>

#include "caldav/call.h"
#include "proxy/format/xml.h"

struct dav_multistatus {
    struct dav_call *call;
    struct xml_writer writer;
    bool begun;
    bool minimal; /* what is missing is not told (RFC 8144, 2.1) */
};

/* Minimal where the client would have it so. */
void dav_multistatus_init(struct dav_multistatus *out, struct dav_call *call);

/* Opens and closes the response for one resource; it begins the answer where
 * nothing has been said.  What is between is the caller's, on out->writer.
 * dav_response_end is false once the client has gone. */
void dav_response_begin(struct dav_multistatus *out, const char *href);
bool dav_response_end(struct dav_multistatus *out);

/* A whole response that is a status only, with a precondition (NULL: none). */
bool dav_response_status(struct dav_multistatus *out, const char *href,
                         int code, const char *precondition);

/* "D:status" within a response or a propstat. */
void dav_put_status(struct xml_writer *writer, int code);

/* "D:error" with a precondition. */
void dav_put_error(struct xml_writer *writer, const char *precondition);

/* Ends the answer; `token` is what comes last in that to sync-collection (NULL:
 * it is none). */
enum status dav_multistatus_end(struct dav_multistatus *out, const char *token);

#endif
