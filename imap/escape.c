/*
 * escape.c - writing any text with fewer characters, reversibly
 *
 * What is read as an escape is "=" and the digits of a special byte.  "=3D"
 * stands for "=" itself, but only in front of digits that would otherwise be
 * misread: any number of "3D", then those of a special byte.
 */
#include "imap/escape.h"

#include <stddef.h>

#include "proxy/base/buf.h"

/* The value of a digit; upper case only, so that there is one spelling. */
static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte that two digits stand for; -1 if they are none. */
static int code(const char *text)
{
    int high = digit(text[0]);
    int low = high < 0 ? -1 : digit(text[1]);

    return low < 0 ? -1 : high * 16 + low;
}

/* Whether these would be read as digits after an "=". */
static bool misleads(const char *text, imap_special *special)
{
    while (code(text) == '=')
        text += 2;

    int c = code(text);
    return c > 0 && special((unsigned char)c);
}

void imap_escape(struct buf *out, const char *text, imap_special *special)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (special(c) || (c == '=' && misleads(text + 1, special)))
            buf_printf(out, "=%02X", c);
        else
            buf_putc(out, *text);
    }
}

void imap_unescape(struct buf *out, const char *text, imap_special *special)
{
    while (*text != '\0') {
        if (*text == '=' && misleads(text + 1, special)) {
            buf_putc(out, (char)code(text + 1));
            text += 3;
        } else {
            buf_putc(out, *text++);
        }
    }
}
