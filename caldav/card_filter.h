/*
 * card_filter.h - the filter of addressbook-query (RFC 6352, 10.5)
 */
#ifndef POSTERN_CALDAV_CARD_FILTER_H
#define POSTERN_CALDAV_CARD_FILTER_H

#include <stdbool.h>

#include "caldav/call.h"
#include "proxy/format/vcard_filter.h"

/* Reads A:filter; false and an answer for what is none. */
bool dav_card_filter_read(struct dav_call *call, const struct dav_node *filter,
                          struct vcard_filter *filter_out);

#endif
