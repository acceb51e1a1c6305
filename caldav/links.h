/*
 * links.h - the URLs of attachments, and the lines that have them
 *
 * A text in the index is for everybody who may read it, whatever he calls this
 * host.  So its attachments (ATTACH with a MANAGED-ID, RFC 8607) get their URLs
 * when it goes out: that of the object, the id, and the file's name, which is
 * only there to be read.
 *
 *     http://localhost:1080/users/ann@example.com/calendar/1.ics/AAMk.../a.txt
 *
 * An object has nothing below it, so that nothing else can be called so.
 */
#ifndef POSTERN_CALDAV_LINKS_H
#define POSTERN_CALDAV_LINKS_H

#include "caldav/call.h"

struct buf;
struct ical_line;

/* What this host is called by the client: "https://example.com"; "" where it
 * does not say. */
const char *dav_host(const struct dav_call *call);

/* The URL of an attachment of the object with that href. */
const char *dav_link(struct dav_call *call, const char *href, const char *id,
                     const char *file);

/* The same text where it has none; `href` is that of the object. */
const char *dav_links(struct dav_call *call, const char *href, const char *text,
                      size_t len);

/* Takes a line with all that is folded into it; where the next one begins. */
const char *dav_links_take(const char *at, const char *end, struct buf *line);

/* A line that is an ATTACH with a MANAGED-ID; NULL for any other. */
struct ical_line *dav_links_read(struct arena *arena, const char *line);

/* The line of a text with the attachment of this id, Exchange's or as a URL has
 * it; NULL for none. */
const char *dav_links_find(struct arena *arena, const char *text,
                           const char *id);

#endif
