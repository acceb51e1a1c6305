/*
 * filter.h - the filter of calendar-query (RFC 4791, 9.7)
 */
#ifndef POSTERN_CALDAV_FILTER_H
#define POSTERN_CALDAV_FILTER_H

#include <stdbool.h>

#include "caldav/call.h"
#include "proxy/format/ical_filter.h"

/* Reads C:filter; false and an answer for what is none. */
bool dav_filter_read(struct dav_call *call, const struct dav_node *filter,
                     const struct ical_comp_filter **filter_out);

/* Whether it asks for a kind of component and nothing else, so that no text
 * need be looked at. */
bool dav_filter_is_kind_only(const struct ical_comp_filter *filter);

#endif
