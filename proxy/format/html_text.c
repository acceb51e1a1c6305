/*
 * html_text.c - what a page of HTML says, without its markup
 */
#include "proxy/format/html_text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"

/* Elements of which nothing is said. */
static const char *const silent[] = {
    "head", "style", "script", "title", "blockquote", "noscript",
};

/* clang-format off */
static const struct {
    const char *name;
    uint32_t character;
} entities[] = {
    { "amp",   '&' },    { "lt",     '<' },    { "gt",     '>' },
    { "quot",  '"' },    { "apos",   '\'' },   { "nbsp",   0xa0 },
    { "auml",  0xe4 },   { "ouml",   0xf6 },   { "uuml",   0xfc },
    { "Auml",  0xc4 },   { "Ouml",   0xd6 },   { "Uuml",   0xdc },
    { "szlig", 0xdf },   { "eacute", 0xe9 },   { "egrave", 0xe8 },
    { "agrave", 0xe0 },  { "ccedil", 0xe7 },   { "copy",   0xa9 },
    { "euro",  0x20ac }, { "hellip", 0x2026 }, { "ndash",  0x2013 },
    { "mdash", 0x2014 }, { "lsquo",  0x2018 }, { "rsquo",  0x2019 },
    { "ldquo", 0x201c }, { "rdquo",  0x201d }, { "bdquo",  0x201e },
    { "zwnj",  0x200c }, { "shy",    0xad },
};
/* clang-format on */

/* --- Characters ----------------------------------------------------------- */

/* The character of "&name;" or "&#65;" and how long that is; 0 for none. */
static uint32_t read_entity(const char *at, size_t *len_out)
{
    size_t len = 1 + strcspn(at + 1, "; \t\r\n<&");
    uint32_t character = 0;

    if (at[len] != ';' || len < 2 || len > 10)
        return 0;
    *len_out = len + 1;
    if (at[1] == '#') {
        bool hex = at[2] == 'x' || at[2] == 'X';

        character = (uint32_t)strtoul(at + (hex ? 3 : 2), NULL, hex ? 16 : 10);
    }
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (strlen(entities[i].name) == len - 1 &&
            memcmp(entities[i].name, at + 1, len - 1) == 0)
            character = entities[i].character;
    return character < 0x110000 && (character < 0xd800 || character > 0xdfff)
               ? character
               : 0;
}

/* --- Tags ----------------------------------------------------------------- */

/* Behind the tag or comment that begins at `at`. */
static const char *skip_tag(const char *at)
{
    const char *end;

    if (strncmp(at, "<!--", 4) == 0) {
        end = strstr(at + 4, "-->");
        return end != NULL ? end + 3 : at + strlen(at);
    }
    for (char quote = '\0'; *at != '\0'; at++) {
        if (quote == '\0' && *at == '>')
            return at + 1;
        if (*at == '"' || *at == '\'')
            quote = quote == '\0' ? *at : quote == *at ? '\0' : quote;
    }
    return at;
}

static bool is_tag(const char *at, const char *name)
{
    size_t len = strlen(name);

    return str_starts_nocase(at, name) &&
           (at[len] == '>' || at[len] == '/' || (unsigned char)at[len] <= ' ');
}

/* The name of the silent element that a tag opens; NULL for none. */
static const char *opens_silence(const char *at)
{
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++)
        if (is_tag(at + 1, silent[i]))
            return silent[i];
    return NULL;
}

/* Behind the end of an element; of nested ones, behind the outer one's.  What
 * looks like a tag inside of a program or a style is none. */
static const char *skip_element(const char *at, const char *name)
{
    bool raw = str_equal(name, "script") || str_equal(name, "style");
    int depth = 1;

    at = skip_tag(at);
    while (*at != '\0' && depth > 0) {
        bool closes = *at == '<' && at[1] == '/' && is_tag(at + 2, name);
        bool opens = *at == '<' && !raw && is_tag(at + 1, name);

        depth += opens - closes;
        at = closes || (*at == '<' && !raw) ? skip_tag(at) : at + 1;
    }
    return at;
}

/* Whether "<" begins a tag. */
static bool begins_tag(const char *at)
{
    char c = at[1];

    return c == '/' || c == '!' || c == '?' || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

const char *html_text(struct arena *arena, const char *html)
{
    struct buf out;

    buf_init(&out, arena);
    buf_puts(&out, "");
    for (const char *at = html; *at != '\0';) {
        size_t len = 1;
        uint32_t character = *at == '&' ? read_entity(at, &len) : 0;
        char octets[4];

        if (*at == '<' && begins_tag(at)) {
            const char *name = opens_silence(at);

            at = name != NULL ? skip_element(at, name) : skip_tag(at);
            buf_putc(&out, ' ');
        } else if (character != 0) {
            buf_append(&out, octets, utf8_put(character, octets));
            at += len;
        } else {
            buf_putc(&out, *at++);
        }
    }
    return out.data;
}

/* --- Lines ---------------------------------------------------------------- */

/* What a line ends with, and what a paragraph does. */
static const char *const line_ends[] = {
    "br", "div", "li", "tr",  "ul",         "ol",   "table",
    "hr", "dt",  "dd", "pre", "blockquote", "form",
};
static const char *const paragraphs[] = { "p",  "h1", "h2", "h3",
                                          "h4", "h5", "h6" };

/* Text on its way into lines. */
struct lines {
    struct buf out;
    size_t breaks; /* line ends that wait for more text */
    bool space;    /* a space that does */
};

static bool is_one_of(const char *at, const char *const names[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_tag(at, names[i]))
            return true;
    return false;
}

/* Elements that stand by themselves begin and end a line; only <br> makes an
 * empty one where it is alone. */
static void take_tag(struct lines *lines, const char *at)
{
    const char *name = at + 1 + (at[1] == '/');
    size_t breaks = 0;

    if (is_tag(name, "br"))
        breaks = lines->breaks + 1;
    else if (is_one_of(name, paragraphs,
                       sizeof paragraphs / sizeof *paragraphs))
        breaks = at[1] == '/' ? 2 : 1;
    else if (is_one_of(name, line_ends, sizeof line_ends / sizeof *line_ends))
        breaks = 1;
    else if (is_tag(name, "td") || is_tag(name, "th"))
        lines->space = true;
    if (breaks > lines->breaks)
        lines->breaks = breaks < 3 ? breaks : 3;
}

static void take_text(struct lines *lines, const char *text, size_t len)
{
    if (lines->out.len > 0)
        for (size_t i = 0; i < lines->breaks; i++)
            buf_putc(&lines->out, '\n');
    if (lines->out.len > 0 && lines->breaks == 0 && lines->space)
        buf_putc(&lines->out, ' ');
    lines->breaks = 0;
    lines->space = false;
    buf_append(&lines->out, text, len);
}

static bool is_hidden(const char *name)
{
    return name != NULL && !str_equal(name, "blockquote");
}

const char *html_lines(struct arena *arena, const char *html)
{
    struct lines lines = { .breaks = 0 };

    buf_init(&lines.out, arena);
    buf_puts(&lines.out, "");
    for (const char *at = html; *at != '\0';) {
        size_t len = 1;
        uint32_t character = *at == '&' ? read_entity(at, &len) : 0;
        char octets[4];

        if (*at == '<' && begins_tag(at)) {
            const char *name = opens_silence(at);

            take_tag(&lines, at);
            at = is_hidden(name) ? skip_element(at, name) : skip_tag(at);
        } else if (character == 0xa0 || strchr(" \t\r\n", *at) != NULL) {
            lines.space = true;
            at += len;
        } else if (character != 0) {
            take_text(&lines, octets, utf8_put(character, octets));
            at += len;
        } else {
            take_text(&lines, at++, 1);
        }
    }
    return lines.out.data;
}
