/*
 * tag.h - entity tags as clients send them (RFC 9110, 8.8.3)
 */
#ifndef POSTERN_CALDAV_TAG_H
#define POSTERN_CALDAV_TAG_H

#include <stdbool.h>

struct arena;

/* Takes one tag with its quotes, or a word without them, which some programs
 * send.  `*weak_out` tells that W/ stood before it.  NULL: there is none. */
const char *dav_tag_take(struct arena *arena, const char **at, bool *weak_out);

/* Whether a list has this tag, or is "*".  A weak one is the same only where
 * the comparison is weak, too (RFC 9110, 8.8.3.2); our own are all strong. */
bool dav_tag_is_in(struct arena *arena, const char *list, const char *tag,
                   bool weakly);

#endif
