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

/* Shows the object as it is now where the client would have it so (Prefer:
 * return=representation, RFC 8144); false, and nothing said, where it would not
 * or cannot. */
bool dav_show_written(struct dav_call *call,
                      const struct object_written *written, int code);

#endif
