/*
 * mime_charset.h - text in any charset as UTF-8, and text without its case
 */
#ifndef POSTERN_FORMAT_MIME_CHARSET_H
#define POSTERN_FORMAT_MIME_CHARSET_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Whether text in that charset can be read. */
bool mime_charset_known(const char *charset);

/* The text as UTF-8, in the arena; what is broken becomes U+FFFD.  NULL when
 * the charset is not known.  NUL characters are left out. */
char *mime_charset_decode(struct arena *arena, const char *charset,
                          const char *data, size_t len);

/* Whatever the bytes are: UTF-8 where they are that, Latin-1 where not. */
char *mime_charset_guess(struct arena *arena, const char *data, size_t len);

/* UTF-8 text for comparing without regard to case: equal for texts that differ
 * in case only, whatever the language.  What is not UTF-8 becomes U+FFFD. */
char *mime_fold_case(struct arena *arena, const char *text);

/* UTF-8 text as i;unicode-casemap compares it (RFC 5051): the order of such
 * keys is that of strcmp. */
char *mime_casemap(struct arena *arena, const char *text);

#endif
