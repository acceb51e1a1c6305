/*
 * ical_lines_change.c - changing content lines and what is in them
 */
#include "proxy/format/ical_lines.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"

/* --- Changing ------------------------------------------------------------ */

static void line_become(struct arena *arena, struct ical_line *line,
                        const char *text)
{
    struct ical_line *parsed = ical_line_parse(arena, text);
    if (parsed == NULL)
        return;
    parsed->next = line->next;
    *line = *parsed;
}

void ical_line_set_value(struct arena *arena, struct ical_line *line,
                         const char *value)
{
    int head = (int)(line->value - line->text);
    line_become(arena, line,
                arena_printf(arena, "%.*s%s", head, line->text, value));
}

/* The parameter's own place in the text, from its ";" to behind its value. */
static bool param_place(const struct ical_line *line, const char *name,
                        size_t *from_out, size_t *to_out)
{
    size_t from = strlen(line->name);
    while (line->text[from] == ';') {
        size_t to = from + 1;
        bool quoted = false;
        while (quoted || (line->text[to] != ';' && line->text[to] != ':')) {
            quoted ^= line->text[to] == '"';
            to++;
        }
        *from_out = from;
        *to_out = to;
        size_t len = strcspn(line->text + from + 1, "=");
        if (str_is_nocase(line->text + from + 1, len, name))
            return true;
        from = to;
    }
    *from_out = *to_out = from;
    return false;
}

void ical_line_set_param(struct arena *arena, struct ical_line *line,
                         const char *name, const char *value)
{
    size_t from, to;
    bool there = param_place(line, name, &from, &to);
    if (!there && value == NULL)
        return;
    const char *set = value == NULL
                          ? ""
                          : arena_printf(arena, ";%s=%s", name,
                                         ical_param_quote(arena, value));
    line_become(arena, line,
                arena_printf(arena, "%.*s%s%s", (int)from, line->text, set,
                             line->text + to));
}

void ical_lines_remove(struct ical_component *component, const char *name)
{
    struct ical_line **at = &component->lines;
    while (*at != NULL)
        if (str_equal_nocase((*at)->name, name))
            *at = (*at)->next;
        else
            at = &(*at)->next;
}

void ical_line_remove(struct ical_component *component,
                      const struct ical_line *line)
{
    struct ical_line **at = &component->lines;
    while (*at != NULL && *at != line)
        at = &(*at)->next;
    if (*at != NULL)
        *at = (*at)->next;
}

void ical_child_remove(struct ical_component *component,
                       const struct ical_component *child)
{
    struct ical_component **at = &component->children;
    while (*at != NULL && *at != child)
        at = &(*at)->next;
    if (*at != NULL)
        *at = (*at)->next;
}

/* What comes from Exchange may hold anything. */
static const char *cleaned(struct arena *arena, const char *text)
{
    char *copy = arena_strdup(arena, text), *to = copy;
    for (const char *from = copy; *from != '\0'; from++)
        if (((unsigned char)*from >= 0x20 && *from != 0x7F) || *from == '\t')
            *to++ = *from;
    *to = '\0';
    size_t len = (size_t)(to - copy);
    return utf8_valid(copy, len) ? copy : utf8_repair(arena, copy, len);
}

void ical_line_add(struct arena *arena, struct ical_component *component,
                   const char *text)
{
    struct ical_line *line = ical_line_parse(arena, cleaned(arena, text));
    if (line == NULL)
        return;
    struct ical_line **end = &component->lines, **behind = NULL;
    for (; *end != NULL; end = &(*end)->next)
        if (str_equal_nocase((*end)->name, line->name))
            behind = &(*end)->next;
    if (behind == NULL)
        behind = end;
    line->next = *behind;
    *behind = line;
}

void ical_child_add(struct ical_component *component,
                    struct ical_component *child)
{
    struct ical_component **end = &component->children;
    while (*end != NULL)
        end = &(*end)->next;
    child->next = NULL;
    *end = child;
}

struct ical_component *ical_component_new(struct arena *arena, const char *name)
{
    struct ical_component *component = arena_alloc(arena, sizeof *component);
    component->name = name;
    return component;
}

struct ical_component *ical_component_copy(struct arena *arena,
                                           const struct ical_component *from)
{
    struct ical_component *copy = ical_component_new(arena, from->name);
    struct ical_line **line_end = &copy->lines;
    for (const struct ical_line *line = from->lines; line != NULL;
         line = line->next) {
        *line_end = arena_memdup(arena, line, sizeof *line);
        (*line_end)->next = NULL;
        line_end = &(*line_end)->next;
    }
    struct ical_component **child_end = &copy->children;
    for (const struct ical_component *child = from->children; child != NULL;
         child = child->next) {
        *child_end = ical_component_copy(arena, child);
        child_end = &(*child_end)->next;
    }
    return copy;
}

/* --- Values -------------------------------------------------------------- */

const char *ical_text_escape(struct arena *arena, const char *text)
{
    struct buf out;
    buf_init(&out, arena);
    buf_puts(&out, "");
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '\n')
            buf_puts(&out, "\\n");
        else if (c == '\\' || c == ';' || c == ',')
            buf_printf(&out, "\\%c", c);
        else if ((c >= 0x20 && c != 0x7F) || c == '\t')
            buf_putc(&out, (char)c);
    }
    return utf8_valid(out.data, out.len)
               ? out.data
               : utf8_repair(arena, out.data, out.len);
}

/* One escaped text up to `stop` or the end; `*at` moves there. */
static const char *unescape_to(struct arena *arena, const char **at, char stop)
{
    const char *end = *at;
    while (*end != '\0' && *end != stop)
        end += *end == '\\' && end[1] != '\0' ? 2 : 1;
    char *text = arena_alloc(arena, (size_t)(end - *at) + 1), *to = text;
    for (const char *from = *at; from < end; from++) {
        if (*from == '\\' && from[1] != '\0') {
            from++;
            *to++ = *from == 'n' || *from == 'N' ? '\n' : *from;
        } else {
            *to++ = *from;
        }
    }
    *at = end;
    return text;
}

const char *ical_text_unescape(struct arena *arena, const char *value)
{
    return unescape_to(arena, &value, '\0');
}

const char *const *ical_text_list(struct arena *arena, const char *value)
{
    size_t most = 2;
    for (const char *c = value; *c != '\0'; c++)
        most += *c == ',';
    const char **list = arena_array(arena, most, sizeof *list);
    size_t count = 0;
    for (;;) {
        const char *text = str_trim(arena, unescape_to(arena, &value, ','));
        if (*text != '\0')
            list[count++] = text;
        if (*value == '\0')
            return list;
        value++;
    }
}

const char *ical_param_quote(struct arena *arena, const char *value)
{
    struct buf out;
    buf_init(&out, arena);
    bool quote = strpbrk(value, ":;,") != NULL;
    buf_puts(&out, quote ? "\"" : "");
    for (; *value != '\0'; value++) {
        unsigned char c = (unsigned char)*value;
        if (c == '"')
            buf_puts(&out, "^'");
        else if (c == '^')
            buf_puts(&out, "^^");
        else if (c == '\n')
            buf_puts(&out, "^n");
        else if (c >= 0x20 && c != 0x7F)
            buf_putc(&out, (char)c);
    }
    buf_puts(&out, quote ? "\"" : "");
    return out.data;
}
