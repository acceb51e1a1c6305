/*
 * href.h - paths of URLs: segments, quoting, names of folders as segments
 *
 * A path is cut at its slashes first and unquoted (RFC 3986, 2.1) after that,
 * so that a name may hold anything, a slash as well.  Many programs take "%2F"
 * for a slash all the same; hence a folder whose name has one, or would be read
 * as something else ("..", or a word of ours), is called with "=" and two
 * digits in its place.
 */
#ifndef POSTERN_CALDAV_HREF_H
#define POSTERN_CALDAV_HREF_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;

/* Appends a text as (a part of) one segment. */
void dav_href_quote(struct buf *out, const char *text);

/* The unquoted segments of a path, NULL at the end; "//" is as "/".  NULL for
 * what is no path: a wrong quote, a NUL, no UTF-8, "." and "..".  A query is
 * passed over.  An absolute URL is taken by its path. */
char **dav_href_split(struct arena *arena, const char *href, size_t *count_out,
                      bool *slash_out);

/* Whether a URL is of this host ("example.com:1080", as Host has it); a path
 * is.  Whether TLS ends here or before us is not for a client to know: http and
 * https are the same, each with its own standard port. */
bool dav_href_is_at(const char *href, const char *host);

/* The text after "?" as it was sent; NULL if there is none. */
const char *dav_href_query(const char *href);

/* A folder's name as a segment that is not quoted yet, and back.  `word` tells
 * that it would be read as something else. */
const char *dav_href_from_name(struct arena *arena, const char *name,
                               bool word);
const char *dav_href_to_name(struct arena *arena, const char *segment);

#endif
