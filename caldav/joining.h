/*
 * joining.h - many texts as one: a calendar as one VCALENDAR, cards one after
 * the other
 *
 * Each text of a calendar has a VCALENDAR of its own with the VTIMEZONEs that
 * it needs.  In one file there is one VCALENDAR, and each zone once: the first
 * of a TZID is taken.
 */
#ifndef POSTERN_CALDAV_JOINING_H
#define POSTERN_CALDAV_JOINING_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;

struct dav_joining {
    struct arena *arena;
    struct buf *out;
    bool calendar;
    const char **zones; /* those that are in already */
    size_t zone_count;
};

void dav_joining_init(struct dav_joining *joining, struct arena *arena,
                      struct buf *out, bool calendar);
void dav_joining_add(struct dav_joining *joining, const char *text, size_t len);
void dav_joining_end(struct dav_joining *joining);

#endif
