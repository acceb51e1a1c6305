/*
 * ical_lines.c - reading and writing components of content lines
 */
#include "proxy/format/ical_lines.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"

enum { FOLD = 75 };

/* --- Reading ------------------------------------------------------------- */

/* Without control characters, and with lines that end with \n alone.  Lines are
 * put together byte by byte, as a fold may cut a character (RFC 5545, 3.1). */
static char *unfold(struct arena *arena, const char *text, size_t len,
                    size_t *len_out)
{
    char *copy = arena_alloc(arena, len + 1), *to = copy;
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        len -= 3;
    }
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '\n' && i + 1 < len &&
            (text[i + 1] == ' ' || text[i + 1] == '\t'))
            i++;
        else if ((c >= 0x20 && c != 0x7F) || c == '\t' || c == '\n')
            *to++ = text[i];
    }
    *len_out = (size_t)(to - copy);
    return copy;
}

static char *clean(struct arena *arena, const char *text, size_t len)
{
    char *copy = unfold(arena, text, len, &len);
    return utf8_valid(copy, len) ? copy : utf8_repair(arena, copy, len);
}

bool ical_lines_are_utf8(struct arena *arena, const char *text, size_t len)
{
    const char *copy = unfold(arena, text, len, &len);
    return utf8_valid(copy, len);
}

bool ical_lines_have_controls(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        bool ends =
            c == '\n' || (c == '\r' && (i + 1 == len || text[i + 1] == '\n'));
        if (c == 0x7F || (c < 0x20 && c != '\t' && !ends))
            return true;
    }
    return false;
}

/* The next line, in place; NULL at the end. */
static char *next_line(char **at)
{
    char *line = *at;
    if (*line == '\0')
        return NULL;
    char *end = line + strcspn(line, "\n");
    *at = *end == '\0' ? end : end + 1;
    *end = '\0';
    return line;
}

/* RFC 6868: ^n, ^' and ^^ stand for a line end, a quote and ^. */
static void undo_carets(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        const char *found = strchr("n'^", from[1]);
        if (*from == '^' && from[1] != '\0' && found != NULL)
            *to++ = "\n\"^"[*++from == 'n' ? 0 : *from == '\'' ? 1 : 2];
        else
            *to++ = *from;
    }
    *to = '\0';
}

static bool name_char(char c)
{
    return isalnum((unsigned char)c) || c == '-' || c == '_' || c == '.';
}

/* One parameter from behind its ";"; NULL where it is none. */
static const char *read_param(struct arena *arena, const char *at,
                              struct ical_param *param)
{
    const char *name = at;
    while (name_char(*at))
        at++;
    if (at == name || *at != '=')
        return NULL;
    param->name = arena_strndup(arena, name, (size_t)(at - name));
    const char *from = ++at;
    bool quoted = false;
    for (; *at != '\0' && (quoted || (*at != ';' && *at != ':')); at++)
        quoted ^= *at == '"';
    if (quoted || *at == '\0')
        return NULL;
    char *value = arena_alloc(arena, (size_t)(at - from) + 1), *to = value;
    for (; from < at; from++)
        if (*from != '"')
            *to++ = *from;
    undo_carets(value);
    param->value = value;
    return at;
}

static size_t count_params(const char *at)
{
    size_t count = 0;
    bool quoted = false;
    for (; *at != '\0' && (quoted || *at != ':'); at++) {
        quoted ^= *at == '"';
        count += !quoted && *at == ';';
    }
    return count;
}

struct ical_line *ical_line_parse(struct arena *arena, const char *text)
{
    const char *at = text;
    while (name_char(*at))
        at++;
    if (at == text || (*at != ';' && *at != ':'))
        return NULL;
    struct ical_line *line = arena_alloc(arena, sizeof *line);
    line->text = text;
    line->name = arena_strndup(arena, text, (size_t)(at - text));
    struct ical_param *params =
        arena_array(arena, count_params(at) + 1, sizeof *params);
    line->params = params;
    while (*at == ';') {
        at = read_param(arena, at + 1, &params[line->param_count]);
        if (at == NULL)
            return NULL;
        line->param_count++;
    }
    line->value = at + 1;
    return line;
}

struct reader {
    struct arena *arena;
    char *at;
    size_t components;
    size_t lines;
    const char *reason;
    bool limit;
};

static bool stop(struct reader *reader, const char *reason, bool limit)
{
    reader->reason = reason;
    reader->limit = limit;
    return false;
}

static bool read_content(struct reader *reader, struct ical_component *into,
                         const char *name, int depth);

static bool read_child(struct reader *reader, const char *name, int depth,
                       struct ical_component **child_out)
{
    if (depth >= ICAL_MAX_DEPTH || ++reader->components > ICAL_MAX_COMPONENTS)
        return stop(reader, "There are too many components.", true);
    *child_out =
        ical_component_new(reader->arena, str_trim(reader->arena, name));
    return read_content(reader, *child_out, (*child_out)->name, depth + 1);
}

/* What is up to END:name, or (`name` NULL) everything. */
static bool read_content(struct reader *reader, struct ical_component *into,
                         const char *name, int depth)
{
    struct ical_line **line_end = &into->lines;
    struct ical_component **child_end = &into->children;
    char *text;
    while ((text = next_line(&reader->at)) != NULL) {
        if (text[strspn(text, " \t")] == '\0')
            continue;
        struct ical_line *line = ical_line_parse(reader->arena, text);
        if (line == NULL)
            return stop(reader, "A line is no content line.", false);
        if (++reader->lines > ICAL_MAX_LINES)
            return stop(reader, "There are too many lines.", true);
        if (str_equal_nocase(line->name, "BEGIN")) {
            if (!read_child(reader, line->value, depth, child_end))
                return false;
            child_end = &(*child_end)->next;
        } else if (str_equal_nocase(line->name, "END")) {
            if (name != NULL &&
                str_equal_nocase(str_trim(reader->arena, line->value), name))
                return true;
            return stop(reader, "An END does not belong to its BEGIN.", false);
        } else if (name == NULL) {
            return stop(reader, "A line is outside of all components.", false);
        } else {
            *line_end = line;
            line_end = &line->next;
        }
    }
    return name == NULL || stop(reader, "An END is missing.", false);
}

struct ical_component *ical_lines_read(struct arena *arena, const char *text,
                                       size_t len, const char **reason_out,
                                       bool *limit_out)
{
    struct reader reader = { .arena = arena, .at = clean(arena, text, len) };
    struct ical_component all = { .name = "" };
    bool good = read_content(&reader, &all, NULL, 0);
    if (good && all.children == NULL)
        good = stop(&reader, "There is nothing in it.", false);
    if (reason_out != NULL)
        *reason_out = reader.reason;
    if (limit_out != NULL)
        *limit_out = reader.limit;
    return good ? all.children : NULL;
}

/* --- Writing ------------------------------------------------------------- */

/* A line of 75 octets at most, cut between characters. */
void ical_line_fold(struct buf *out, const char *text)
{
    size_t len = strlen(text), room = FOLD;
    while (len > room) {
        size_t cut = room;
        while (cut > 1 && ((unsigned char)text[cut] & 0xC0) == 0x80)
            cut--;
        buf_append(out, text, cut);
        buf_puts(out, "\r\n ");
        text += cut;
        len -= cut;
        room = FOLD - 1;
    }
    buf_append(out, text, len);
    buf_puts(out, "\r\n");
}

void ical_lines_write(struct buf *out, const struct ical_component *component)
{
    buf_printf(out, "BEGIN:%s\r\n", component->name);
    for (const struct ical_line *line = component->lines; line != NULL;
         line = line->next)
        ical_line_fold(out, line->text);
    for (const struct ical_component *child = component->children;
         child != NULL; child = child->next)
        ical_lines_write(out, child);
    buf_printf(out, "END:%s\r\n", component->name);
}

const char *ical_lines_text(struct arena *arena,
                            const struct ical_component *component)
{
    struct buf out;
    buf_init(&out, arena);
    ical_lines_write(&out, component);
    return out.data;
}

/* --- Finding ------------------------------------------------------------- */

struct ical_line *ical_line_find(const struct ical_component *component,
                                 const char *name)
{
    struct ical_line *line = component->lines;
    while (line != NULL && !str_equal_nocase(line->name, name))
        line = line->next;
    return line;
}

struct ical_line *ical_line_next(const struct ical_line *line, const char *name)
{
    struct ical_line *next = line->next;
    while (next != NULL && !str_equal_nocase(next->name, name))
        next = next->next;
    return next;
}

struct ical_component *ical_child_find(const struct ical_component *component,
                                       const char *name)
{
    struct ical_component *child = component->children;
    while (child != NULL && !str_equal_nocase(child->name, name))
        child = child->next;
    return child;
}

const char *ical_value(const struct ical_component *component, const char *name)
{
    const struct ical_line *line = ical_line_find(component, name);
    return line != NULL ? line->value : NULL;
}

const char *ical_param(const struct ical_line *line, const char *name)
{
    for (size_t i = 0; i < line->param_count; i++)
        if (str_equal_nocase(line->params[i].name, name))
            return line->params[i].value;
    return NULL;
}
