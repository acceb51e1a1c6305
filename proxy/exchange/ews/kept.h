/*
 * kept.h - a client's text as it is kept in a property of an item
 *
 * Deflated and in base64, as properties hold texts; those of public strings
 * have 32 KB at most.
 */
#ifndef POSTERN_EXCHANGE_EWS_KEPT_H
#define POSTERN_EXCHANGE_EWS_KEPT_H

struct arena;

/* The value of the property; NULL for a text too long to be kept there. */
char *kept_pack(struct arena *arena, const char *text);

/* The text again; NULL for what kept_pack cannot have made. */
char *kept_unpack(struct arena *arena, const char *value);

#endif
