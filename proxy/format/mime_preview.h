/*
 * mime_preview.h - how a message begins, for lists of messages (RFC 8970)
 *
 * The first words that the sender has written himself: plain text before HTML,
 * without markup, without what is quoted from other messages, each white space
 * one space.
 */
#ifndef POSTERN_FORMAT_MIME_PREVIEW_H
#define POSTERN_FORMAT_MIME_PREVIEW_H

#include <stddef.h>

struct arena;
struct mime_part;
struct spool;

/* Characters, not octets. */
#define MIME_PREVIEW_MAX 200

/* Of a whole message; "" when it has no text.  In the arena, never NULL. */
const char *mime_preview(struct arena *arena, const struct spool *message,
                         const struct mime_part *root);

/* Of a text that somebody else has made for the purpose. */
const char *mime_preview_shorten(struct arena *arena, const char *text);

#endif
