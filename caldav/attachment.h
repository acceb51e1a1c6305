/*
 * attachment.h - managed attachments (RFC 8607)
 *
 * Their URLs are links.h's.  Those that were given out before had "?attachment="
 * and the id behind the event's URL, and are still in files that have been sent.
 */
#ifndef POSTERN_CALDAV_ATTACHMENT_H
#define POSTERN_CALDAV_ATTACHMENT_H

#include "caldav/call.h"

#define DAV_ATTACHMENT_QUERY "attachment="

/* GET of one, by its id. */
enum status dav_attachment_get(struct dav_call *call, const char *id);

/* The id in such a query, unquoted; NULL if there is none. */
const char *dav_attachment_of_query(struct arena *arena, const char *query);

/* POST with an action: attachment-add, -update, -remove. */
enum status dav_attachment_post(struct dav_call *call, const char *query);

/*
 * RFC 8607, 3.7 and 3.12: an attachment that a text has by its MANAGED-ID, or by
 * its URL, is one that the event has already: what the text says of it is put
 * right.  Or it is one of another event: then its content comes along, and the
 * event gets a file of its own.  Any other would be lost without a word:
 * `fits` is false.
 */
struct dav_adoption {
    const char *text; /* what is to be put */
    size_t len;
    bool fits;
    bool same; /* that is what the client has sent, but for the URLs */
};

/* `object` is what is there by now. */
enum status dav_attachments_adopt(struct dav_call *call,
                                  const struct object *object, const char *text,
                                  size_t len,
                                  struct dav_adoption *adoption_out);

#endif
