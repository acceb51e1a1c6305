/*
 * card_line.c - the lines of a vCard
 */
#include "proxy/format/card_line.h"

#include <ctype.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"

#define LINES_MAX 5000
#define PARAMS_MAX 64

/* --- Characters ---------------------------------------------------------- */

static bool has_controls(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool ends = text[i] == '\n' ||
                    (text[i] == '\r' && (i + 1 == len || text[i + 1] == '\n'));

        if (card_is_control(text[i]) && !ends)
            return true;
    }
    return false;
}

/* --- Unfolding ----------------------------------------------------------- */

/* Where a line ends, without its CR; `*next` is where the next one begins. */
static const char *line_end(const char *at, const char *end, const char **next)
{
    const char *lf = memchr(at, '\n', (size_t)(end - at));
    const char *stop = lf != NULL ? lf : end;

    *next = lf != NULL ? lf + 1 : end;
    return stop > at && stop[-1] == '\r' ? stop - 1 : stop;
}

/* A quoted-printable value of version 2.1 goes on after a "=" at its end. */
static bool is_soft(const struct buf *line)
{
    return line->len > 0 && line->data[line->len - 1] == '=' &&
           strcasestr(line->data, "QUOTED-PRINTABLE") != NULL &&
           strcasestr(line->data, "QUOTED-PRINTABLE") < strchr(line->data, ':');
}

/* The next line without its folds; false at the end. */
static bool next_line(const char **at, const char *end, struct buf *line)
{
    const char *next;

    buf_clear(line);
    if (*at >= end)
        return false;
    const char *stop = line_end(*at, end, &next);
    buf_append(line, *at, (size_t)(stop - *at));
    *at = next;
    while (*at < end && (**at == ' ' || **at == '\t' || is_soft(line))) {
        bool soft = is_soft(line);

        if (soft)
            line->data[--line->len] = '\0';
        stop = line_end(*at, end, &next);
        const char *from = soft ? *at : *at + 1;
        if (stop > from)
            buf_append(line, from, (size_t)(stop - from));
        *at = next;
    }
    return true;
}

/* --- One line ------------------------------------------------------------ */

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '-' || c == '_';
}

static char *upper(struct arena *arena, const char *text, size_t len)
{
    char *copy = arena_strndup(arena, text, len);

    for (char *c = copy; *c != '\0'; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    return copy;
}

/* A parameter's value: quoted or not, up to one of ,;: */
static const char *read_param_value(struct arena *arena, const char **at)
{
    const char *from = *at;

    if (*from == '"') {
        const char *close = strchr(from + 1, '"');
        if (close == NULL)
            return NULL;
        *at = close + 1;
        return arena_strndup(arena, from + 1, (size_t)(close - from - 1));
    }
    *at += strcspn(from, ",;:");
    return arena_strndup(arena, from, (size_t)(*at - from));
}

static const char *bare_name(const char *value)
{
    return str_equal_nocase(value, "QUOTED-PRINTABLE") ||
                   str_equal_nocase(value, "BASE64") ||
                   str_equal_nocase(value, "8BIT")
               ? "ENCODING"
               : "TYPE";
}

/* ";TYPE=home,work;PREF=1;HOME": each value becomes a parameter of its own. */
static bool read_params(struct arena *arena, const char **at,
                        struct card_line *line)
{
    struct card_param params[PARAMS_MAX];
    size_t count = 0;

    while (**at == ';') {
        const char *from = ++*at;
        const char *name = NULL;
        size_t len = 0;

        while (is_name_char(from[len]))
            len++;
        if (from[len] == '=') {
            name = upper(arena, from, len);
            *at = from + len + 1;
        }
        do {
            if (**at == ',')
                ++*at;
            const char *value = read_param_value(arena, at);
            if (value == NULL || count == PARAMS_MAX)
                return false;
            if (name == NULL && *value == '\0')
                continue;
            params[count++] =
                (struct card_param){ name != NULL ? name : bare_name(value),
                                     value };
        } while (**at == ',');
    }
    line->params = arena_memdup(arena, params, count * sizeof *params);
    line->param_count = count;
    return **at == ':';
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)toupper((unsigned char)c);
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Version 2.1: what is encoded becomes text as the later ones have it. */
static char *undo_quoted_printable(struct arena *arena, const char *value)
{
    struct buf out;

    buf_init(&out, arena);
    for (const char *c = value; *c != '\0'; c++) {
        int high = *c == '=' ? hex_digit(c[1]) : -1;
        int low = high >= 0 ? hex_digit(c[2]) : -1;

        if (low < 0) {
            buf_putc(&out, *c);
            continue;
        }
        char decoded = (char)(high * 16 + low);
        if (decoded == '\n')
            buf_puts(&out, "\\n");
        else if (!card_is_control(decoded))
            buf_putc(&out, decoded);
        c += 2;
    }
    return utf8_repair(arena, out.data != NULL ? out.data : "", out.len);
}

static void undo_encoding(struct arena *arena, struct card_line *line)
{
    struct card_param *params = (struct card_param *)line->params;
    size_t kept = 0;
    bool quoted =
        str_equal_nocase(card_param(line, "ENCODING"), "QUOTED-PRINTABLE");

    if (quoted)
        line->value = undo_quoted_printable(arena, line->value);
    for (size_t i = 0; i < line->param_count; i++)
        if (strcmp(params[i].name, "CHARSET") != 0 &&
            (!quoted || strcmp(params[i].name, "ENCODING") != 0))
            params[kept++] = params[i];
    line->param_count = kept;
}

static bool read_line(struct arena *arena, const char *text,
                      struct card_line *line)
{
    size_t len = 0;

    *line = (struct card_line){ 0 };
    /* Only now: a fold may cut a character. */
    if (!utf8_valid(text, strlen(text)))
        return false;
    while (is_name_char(text[len]))
        len++;
    if (text[len] == '.' && len > 0) {
        line->group = arena_strndup(arena, text, len);
        text += len + 1;
        len = 0;
        while (is_name_char(text[len]))
            len++;
    }
    if (len == 0)
        return false;
    line->name = upper(arena, text, len);
    const char *at = text + len;
    if (!read_params(arena, &at, line))
        return false;
    line->value = arena_strdup(arena, at + 1);
    undo_encoding(arena, line);
    return true;
}

/* --- Cards --------------------------------------------------------------- */

static bool is_line(const struct card_line *line, const char *name,
                    const char *value)
{
    return strcmp(line->name, name) == 0 &&
           str_is_nocase(line->value, strcspn(line->value, " \t"), value);
}

/* Reads lines up to the card's end. */
static enum card_verdict read_lines(struct arena *arena, const char **at,
                                    const char *end, struct card *card)
{
    struct buf text;
    struct card_line line;
    size_t room = 64;

    buf_init(&text, arena);
    card->lines = arena_array(arena, room, sizeof *card->lines);
    while (next_line(at, end, &text)) {
        if (text.len == 0)
            continue;
        if (!read_line(arena, text.data, &line))
            return CARD_BROKEN;
        if (is_line(&line, "END", "VCARD"))
            return CARD_FINE;
        if (strcmp(line.name, "BEGIN") == 0)
            return CARD_BROKEN;
        if (card->count == LINES_MAX)
            return CARD_TOO_LONG;
        if (card->count == room) {
            struct card_line *more = arena_array(arena, 2 * room, sizeof *more);
            memcpy(more, card->lines, room * sizeof *more);
            card->lines = more;
            room *= 2;
        }
        card->lines[card->count++] = line;
    }
    return CARD_BROKEN;
}

enum card_verdict card_read(struct arena *arena, const char *text, size_t len,
                            struct card *card_out)
{
    const char *at = text, *end = text + len;
    struct buf first;
    struct card_line line;

    *card_out = (struct card){ 0 };
    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        at += 3;
    if (has_controls(at, (size_t)(end - at)))
        return CARD_BROKEN;
    buf_init(&first, arena);
    do {
        if (!next_line(&at, end, &first))
            return CARD_BROKEN;
    } while (first.len == 0);
    if (!read_line(arena, first.data, &line) ||
        !is_line(&line, "BEGIN", "VCARD"))
        return CARD_BROKEN;
    enum card_verdict verdict = read_lines(arena, &at, end, card_out);
    if (verdict != CARD_FINE)
        return verdict;
    while (next_line(&at, end, &first))
        if (first.len > 0)
            return read_line(arena, first.data, &line) &&
                           is_line(&line, "BEGIN", "VCARD")
                       ? CARD_SEVERAL
                       : CARD_BROKEN;
    return CARD_FINE;
}

const char *card_param(const struct card_line *line, const char *name)
{
    for (size_t i = 0; i < line->param_count; i++)
        if (strcmp(line->params[i].name, name) == 0)
            return line->params[i].value;
    return NULL;
}

bool card_has_type(const struct card_line *line, const char *type)
{
    for (size_t i = 0; i < line->param_count; i++) {
        const struct card_param *param = &line->params[i];

        if (strcmp(param->name, "TYPE") != 0)
            continue;
        /* "home,voice" within quotes is a list as well (RFC 6350, 5.6). */
        for (const char *at = param->value; *at != '\0';) {
            size_t len = strcspn(at, ",");
            if (str_is_nocase(at, len, type))
                return true;
            at += len + (at[len] == ',');
        }
    }
    return false;
}
