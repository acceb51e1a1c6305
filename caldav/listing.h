/*
 * listing.h - resources and their members
 */
#ifndef POSTERN_CALDAV_LISTING_H
#define POSTERN_CALDAV_LISTING_H

#include "caldav/props.h"

/* What is at a place: brought up to date where it is a folder or in one.
 * STATUS_NOT_FOUND. */
enum status dav_resource_find(struct dav_call *call,
                              const struct dav_place *place,
                              struct dav_resource *resource_out);

/* A member of a folder. */
struct dav_resource dav_resource_member(const struct dav_resource *folder,
                                        const struct object *object);

/* Shows a collection and its members, one after the other, until `each` returns
 * false.  All that can fail has been done before the first one is shown. */
enum status dav_list(struct dav_call *call, struct dav_resource *collection,
                     bool (*each)(void *context, struct dav_resource *resource),
                     void *context);

#endif
