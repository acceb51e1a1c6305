/*
 * text_key.h - text prepared for comparing (RFC 4518)
 *
 * Characters that look alike become one (NFKC), those that nobody sees go, and
 * every kind of white space becomes a space.  What to make of spaces is left to
 * the caller.
 */
#ifndef POSTERN_FORMAT_TEXT_KEY_H
#define POSTERN_FORMAT_TEXT_KEY_H

#include <stddef.h>

struct arena;

enum text_key {
    TEXT_EXACT,   /* "Ren\u00e9" is itself alone */
    TEXT_NO_CASE, /* is "REN\u00c9" as well */
    TEXT_LOOSE    /* and "rene", too */
};

/* Texts are equal, for what was asked, when their keys are.  NULL: it is not
 * UTF-8. */
char *text_key(struct arena *arena, const char *text, size_t len,
               enum text_key how);

#endif
