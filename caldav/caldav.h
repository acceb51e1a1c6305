/*
 * caldav.h - the front end for calendars, tasks and contacts (RFC 4791, RFC
 * 6352)
 */
#ifndef POSTERN_CALDAV_CALDAV_H
#define POSTERN_CALDAV_CALDAV_H

#include "proxy/protocol.h"

extern const struct protocol caldav_protocol;

#endif
