/*
 * disposition.h - what a file is called: Content-Disposition (RFC 6266)
 */
#ifndef POSTERN_CALDAV_DISPOSITION_H
#define POSTERN_CALDAV_DISPOSITION_H

struct arena;

/* "attachment" with the name of a file (NULL or "": none), for programs that
 * know RFC 8187 and for those that do not. */
const char *dav_disposition(struct arena *arena, const char *file);

/* The name in a field (NULL: it is not there), without folders; "attachment"
 * where it has none. */
const char *dav_disposition_file(struct arena *arena, const char *field);

#endif
