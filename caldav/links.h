/*
 * links.h - the URLs of attachments in the texts that are given out
 *
 * A text in the index is for everybody who may read it, whatever he calls this
 * host.  So its attachments (ATTACH with a MANAGED-ID, RFC 8607) get their URLs
 * when it goes out.
 */
#ifndef POSTERN_CALDAV_LINKS_H
#define POSTERN_CALDAV_LINKS_H

#include "caldav/call.h"

/* The same text where it has none; `href` is that of the object. */
const char *dav_links(struct dav_call *call, const char *href, const char *text,
                      size_t len);

/* Whether all attachments that a text has by their MANAGED-ID are in another
 * text, too (NULL: there is none). */
bool dav_links_are_in(struct arena *arena, const char *text, size_t len,
                      const char *other);

#endif
