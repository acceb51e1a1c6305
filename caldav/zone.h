/*
 * zone.h - time zones that clients send: as a VTIMEZONE or by a name (RFC 7809)
 */
#ifndef POSTERN_CALDAV_ZONE_H
#define POSTERN_CALDAV_ZONE_H

#include <stdbool.h>

#include "caldav/call.h"

struct zone;

/* Whether a text is a VCALENDAR with one whole VTIMEZONE and nothing else
 * (RFC 4791, 5.2.2). */
bool dav_zone_is_whole(struct arena *arena, const char *text);

/* The zone that a query names for floating times (C:timezone, C:timezone-id);
 * the user's own if it names none that is known.  False and an answer for what
 * is no zone. */
bool dav_zone_read(struct dav_call *call, const struct dav_node *root,
                   const struct zone **zone_out);

#endif
