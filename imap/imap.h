/*
 * imap.h - the IMAP front end
 */
#ifndef POSTERN_IMAP_IMAP_H
#define POSTERN_IMAP_IMAP_H

struct protocol;

/* RFC 3501 and its companions, for listeners. */
extern const struct protocol imap_protocol;

#endif
