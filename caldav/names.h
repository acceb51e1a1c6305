/*
 * names.h - names of elements: one text for namespace and name
 *
 * An element of a namespace that is known here is called by our prefix for it,
 * "D:prop"; all others are called "{urn:other}name", or "{}name" without a
 * namespace.  So a name is compared, and looked up in a table, as one text.
 */
#ifndef POSTERN_CALDAV_NAMES_H
#define POSTERN_CALDAV_NAMES_H

#include <stdbool.h>

struct arena;
struct xml_writer;

/* What this element is called here. */
const char *dav_name(struct arena *arena, const char *space, const char *local);

/* The same with the namespace written out, for what is kept: no prefix of ours
 * is for ever. */
const char *dav_name_long(struct arena *arena, const char *name);
const char *dav_name_short(struct arena *arena, const char *name);

/* Opens an element of that name; the document's root declares our prefixes. */
void dav_open(struct xml_writer *writer, struct arena *arena, const char *name);

/* Opens the root of a document. */
void dav_open_root(struct xml_writer *writer, const char *name);

#endif
