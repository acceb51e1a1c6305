/*
 * metadata.h - the names of what is noted of mailboxes
 */
#ifndef POSTERN_IMAP_METADATA_H
#define POSTERN_IMAP_METADATA_H

struct arena;

#define METADATA_COMMENT "/shared/comment"

/* The entry that holds a category's colour, in the arena. */
const char *imap_color_entry(struct arena *arena, const char *category);

#endif
