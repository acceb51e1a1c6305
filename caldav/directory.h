/*
 * directory.h - people of the directory as cards (RFC 6352, 7.1.1:
 * addressbook as a gateway)
 *
 * There is no list of all of them: they are found by their names and addresses.
 * A card is called by its address, and its entity tag is a hash of it.
 */
#ifndef POSTERN_CALDAV_DIRECTORY_H
#define POSTERN_CALDAV_DIRECTORY_H

#include "caldav/props.h"
#include "proxy/format/vcard.h"

/* Finds the person a DAV_PERSON names, with its text. */
enum status dav_directory_find(struct dav_call *call,
                               struct dav_resource *resource);

/* The resource that a person is; false for one who has no address. */
bool dav_directory_member(struct dav_call *call, const struct contact *person,
                          enum vcard_version version,
                          struct dav_resource *resource_out);

#endif
