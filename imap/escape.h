/*
 * escape.h - writing any text with fewer characters, reversibly
 *
 * A byte that the other side cannot hold becomes "=" and two hexadecimal
 * digits: "Rechnungen/2024" is "Rechnungen=2F2024".  An "=" stays as it is
 * unless it would then be read as such an escape, so that both directions are
 * exact: every text has one escaped form, and every escaped form stands for one
 * text.
 */
#ifndef POSTERN_IMAP_ESCAPE_H
#define POSTERN_IMAP_ESCAPE_H

#include <stdbool.h>

struct buf;

/* Whether a byte has to be escaped.  Never true for "=" and the hexadecimal
 * digits. */
typedef bool imap_special(unsigned char c);

void imap_escape(struct buf *out, const char *text, imap_special *special);
void imap_unescape(struct buf *out, const char *text, imap_special *special);

#endif
