/*
 * letter_parts.c - the body of a message: its parts and what they say
 */
#include "tests/exchange/letter.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/str.h"

#define MAX_DEPTH 20
#define MAX_PARTS 200

char *letter_media_type(struct arena *arena, const char *value)
{
    return str_lower(
        str_trim(arena, arena_strndup(arena, value, strcspn(value, ";"))));
}

/* Past one parameter's value, minding quotes. */
static const char *skip_value(const char *at)
{
    bool quoted = false;

    for (; *at != '\0' && (quoted || *at != ';'); at++) {
        if (*at == '"')
            quoted = !quoted;
        else if (*at == '\\' && quoted && at[1] != '\0')
            at++;
    }
    return at;
}

static char *unquoted(struct arena *arena, const char *at)
{
    char *out = arena_alloc(arena, strlen(at) + 1);
    size_t n = 0;

    if (*at != '"')
        return str_trim(arena, arena_strndup(arena, at, strcspn(at, ";")));
    for (at++; *at != '\0' && *at != '"'; at++) {
        if (*at == '\\' && at[1] != '\0')
            at++;
        out[n++] = *at;
    }
    return out;
}

/* RFC 2231: charset'language'percent-coded. */
static char *extended(struct arena *arena, const char *value)
{
    const char *language = strchr(value, '\'');
    const char *text = language == NULL ? NULL : strchr(language + 1, '\'');
    char *coded;
    size_t len;

    if (text == NULL)
        return arena_strdup(arena, value);
    coded = arena_strdup(arena, text + 1);
    for (char *at = coded; *at != '\0'; at++)
        if (*at == '%')
            *at = '=';
    coded = letter_decode_quoted(arena, coded, strlen(coded), false, &len);
    return letter_to_utf8(
        arena, arena_strndup(arena, value, (size_t)(language - value)), coded,
        len);
}

char *letter_parameter(struct arena *arena, const char *value, const char *name)
{
    size_t len = strlen(name);

    for (const char *at = skip_value(value); *at == ';'; at = skip_value(at)) {
        at++;
        at += strspn(at, " ");
        if (!str_starts_nocase(at, name))
            continue;
        if (str_starts(at + len, "*="))
            return extended(arena, unquoted(arena, at + len + 2));
        if (at[len] == '=')
            return letter_decode_words(arena, unquoted(arena, at + len + 1));
    }
    return NULL;
}

struct part_list {
    struct arena *arena;
    struct letter_part *parts;
    size_t count;
};

static void add_leaf(struct part_list *list, const char *type_value,
                     const char *header, size_t header_len, const char *body,
                     size_t body_len)
{
    struct arena *arena = list->arena;
    char *disposition =
        letter_field(arena, header, header_len, "Content-Disposition");
    char *id = letter_field(arena, header, header_len, "Content-ID");
    struct letter_part *part = &list->parts[list->count++];

    part->type = letter_media_type(arena, type_value);
    part->charset = letter_parameter(arena, type_value, "charset");
    part->method = letter_parameter(arena, type_value, "method");
    part->name = disposition == NULL
                     ? NULL
                     : letter_parameter(arena, disposition, "filename");
    if (part->name == NULL)
        part->name = letter_parameter(arena, type_value, "name");
    if (id != NULL && id[0] == '<' && strlen(id) > 2)
        part->content_id = arena_strndup(arena, id + 1, strlen(id) - 2);
    part->attachment =
        (disposition != NULL && str_starts_nocase(disposition, "attachment")) ||
        part->name != NULL ||
        !(str_starts(part->type, "text/") ||
          str_starts(part->type, "multipart/"));
    part->header = header;
    part->header_len = header_len;
    part->body = body;
    part->body_len = body_len;
}

static void split(struct part_list *list, const char *data, size_t len,
                  int depth);

/* The parts between the boundary's lines. */
static void split_multipart(struct part_list *list, const char *boundary,
                            const char *body, size_t len, int depth)
{
    const char *end = body + len;
    const char *start = NULL;
    size_t boundary_len = strlen(boundary);

    for (const char *line = body; line < end;) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const char *next = newline == NULL ? end : newline + 1;
        size_t line_len = (size_t)(next - line);

        if (line_len >= boundary_len + 2 && line[0] == '-' && line[1] == '-' &&
            memcmp(line + 2, boundary, boundary_len) == 0) {
            if (start != NULL) {
                size_t part = (size_t)(line - start);

                if (part > 0 && start[part - 1] == '\n')
                    part--;
                if (part > 0 && start[part - 1] == '\r')
                    part--;
                split(list, start, part, depth + 1);
            }
            start = next;
            if (line_len >= boundary_len + 4 && line[boundary_len + 2] == '-' &&
                line[boundary_len + 3] == '-')
                return;
        }
        line = next;
    }
    if (start != NULL)
        split(list, start, (size_t)(end - start), depth + 1);
}

static void split(struct part_list *list, const char *data, size_t len,
                  int depth)
{
    size_t header_len = letter_header_len(data, len);
    char *type = letter_field(list->arena, data, header_len, "Content-Type");
    char *boundary = type != NULL && str_starts_nocase(type, "multipart/")
                         ? letter_parameter(list->arena, type, "boundary")
                         : NULL;

    if (list->count == MAX_PARTS)
        return;
    if (boundary != NULL && *boundary != '\0' && depth < MAX_DEPTH)
        split_multipart(list, boundary, data + header_len, len - header_len,
                        depth);
    else
        add_leaf(list, type == NULL ? "text/plain" : type, data, header_len,
                 data + header_len, len - header_len);
}

size_t letter_parts(struct arena *arena, const char *data, size_t len,
                    struct letter_part **parts_out)
{
    struct part_list list = { .arena = arena };

    list.parts = arena_array(arena, MAX_PARTS, sizeof *list.parts);
    split(&list, data, len, 0);
    *parts_out = list.parts;
    return list.count;
}

char *letter_part_data(struct arena *arena, const struct letter_part *part,
                       size_t *len_out)
{
    char *encoding = letter_field(arena, part->header, part->header_len,
                                  "Content-Transfer-Encoding");
    char *data = NULL;

    if (encoding != NULL && str_equal_nocase(encoding, "base64"))
        data = base64_decode(arena, part->body, part->body_len, len_out);
    if (encoding != NULL && str_equal_nocase(encoding, "quoted-printable"))
        data = letter_decode_quoted(arena, part->body, part->body_len, false,
                                    len_out);
    if (data == NULL) {
        data = arena_strndup(arena, part->body, part->body_len);
        *len_out = part->body_len;
    }
    return data;
}

char *letter_part_text(struct arena *arena, const struct letter_part *part)
{
    size_t len;
    char *data = letter_part_data(arena, part, &len);

    return letter_to_utf8(arena, part->charset, data, len);
}
