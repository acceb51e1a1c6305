/*
 * condition.h - what has to be true before a request is run
 *
 * RFC 9110, 13: If-Match and If-None-Match; RFC 6638, 8.3:
 * If-Schedule-Tag-Match; RFC 4918, 10.4: If.  Nothing here has a date of its
 * last change, so that If-Modified-Since and If-Unmodified-Since do not count
 * (RFC 9110, 13.1.3), and nothing is given out in parts, so that If-Range does
 * not either.
 */
#ifndef POSTERN_CALDAV_CONDITION_H
#define POSTERN_CALDAV_CONDITION_H

#include "caldav/call.h"

/* Whether If holds, of the call's place and of the others it names; an answer
 * (412; 400 for what is no list of conditions) where it does not. */
bool dav_check_if(struct dav_call *call);

/* What the other fields ask for; false and an answer (412, 304) where it is not
 * so.  What holds now has to hold still when the object is written: that is
 * `condition_out`. */
bool dav_check_conditions(struct dav_call *call,
                          const struct object_marks *marks,
                          const struct object *object,
                          struct object_condition *condition_out);

#endif
