/*
 * card_value.c - the values of lines, and lines as they are written
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/format/card_line.h"
#include "proxy/format/ical_lines.h"

bool card_is_control(char c)
{
    return ((unsigned char)c < ' ' && c != '\t') || c == 0x7f;
}

/* Appends the character that `*at` stands at, which moves on. */
static void take_char(struct buf *out, const char **at)
{
    char c = *(*at)++;

    if (c == '\\' && **at != '\0') {
        c = *(*at)++;
        if (c == 'n' || c == 'N')
            c = '\n';
    }
    if (!card_is_control(c) || c == '\n')
        buf_putc(out, c);
}

char **card_split(struct arena *arena, const char *value, char separator)
{
    size_t count = 1, i = 0;
    struct buf part;

    for (const char *c = value; *c != '\0'; c++)
        if (*c == '\\' && c[1] != '\0')
            c++;
        else if (*c == separator)
            count++;
    char **parts = arena_array(arena, count + 1, sizeof *parts);
    buf_init(&part, arena);
    for (const char *at = value;;) {
        if (*at == '\0' || *at == separator) {
            parts[i++] = arena_strndup(
                arena, part.data != NULL ? part.data : "", part.len);
            buf_clear(&part);
            if (*at++ == '\0')
                return parts;
        } else {
            take_char(&part, &at);
        }
    }
}

char *card_text(struct arena *arena, const char *value)
{
    struct buf out;

    buf_init(&out, arena);
    buf_puts(&out, "");
    for (const char *at = value; *at != '\0';)
        take_char(&out, &at);
    return out.data;
}

char *card_escape(struct arena *arena, const char *text)
{
    struct buf out;

    buf_init(&out, arena);
    buf_puts(&out, "");
    for (const char *c = text == NULL ? "" : text; *c != '\0'; c++)
        if (*c == '\n')
            buf_puts(&out, "\\n");
        else if (*c == '\\' || *c == ',' || *c == ';')
            buf_printf(&out, "\\%c", *c);
        else if (!card_is_control(*c))
            buf_putc(&out, *c);
    return out.data;
}

/* --- Writing ------------------------------------------------------------- */

void card_write(struct buf *out, const struct card_line *line)
{
    struct buf text;

    buf_init(&text, out->arena);
    if (line->group != NULL)
        buf_printf(&text, "%s.", line->group);
    buf_puts(&text, line->name);
    for (size_t i = 0; i < line->param_count; i++) {
        const char *value = line->params[i].value;
        bool quoted = strpbrk(value, ",;:") != NULL;

        buf_printf(&text, quoted ? ";%s=\"%s\"" : ";%s=%s",
                   line->params[i].name, value);
    }
    buf_printf(&text, ":%s", line->value);
    ical_line_fold(out, text.data);
    if (out->arena == NULL)
        buf_fini(&text);
}
