/*
 * shape.h - how a client wants the texts of objects: calendar-data (RFC 4791,
 * 9.6) and address-data (RFC 6352, 10.4)
 */
#ifndef POSTERN_CALDAV_SHAPE_H
#define POSTERN_CALDAV_SHAPE_H

#include <stdbool.h>

#include "caldav/call.h"
#include "proxy/format/ical_expand.h"
#include "proxy/format/vcard.h"

struct dav_shape {
    bool wanted; /* the text is asked for at all */
    struct ical_shape calendar;
    enum vcard_version version;
};

/* Reads what is in the D:prop of a report; false and an answer for a type that
 * we have not, or a shape that is none. */
bool dav_shape_read(struct dav_call *call, const struct dav_node *prop,
                    struct dav_shape *shape_out);

/* The text as wanted, of the object with that href; NULL: it has too many
 * occurrences. */
const char *dav_shaped(struct dav_call *call, const struct dav_shape *shape,
                       const struct object *object, const char *href,
                       const char *text, size_t len);

/* A C:time-range, or what looks like one; false for what is none. */
bool dav_read_range(const struct dav_node *node, struct ical_range *range_out);

#endif
