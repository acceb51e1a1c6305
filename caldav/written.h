/*
 * written.h - the answer to a write: what has become of an object
 */
#ifndef POSTERN_CALDAV_WRITTEN_H
#define POSTERN_CALDAV_WRITTEN_H

#include "caldav/call.h"

/* Schedule-Tag (RFC 6638, 8.2), where the text is an event that others are
 * invited to; NULL: an event may be one. */
void dav_put_schedule_tag(struct dav_call *call, const struct object *object,
                          const char *text);

/* ETag and Schedule-Tag of an object in the call's folder. */
void dav_put_tags(struct dav_call *call, const struct object *object,
                  const char *text);

/* Shows an object as it is now, with the tags of that, where the client would
 * have it so (Prefer: return=representation, RFC 8144, 3); false, and nothing
 * said, where it would not or cannot.  The second shows that of the call, as it
 * has been written. */
bool dav_show(struct dav_call *call, const struct dav_place *place, int code);
bool dav_show_written(struct dav_call *call,
                      const struct object_written *written, int code);

#endif
