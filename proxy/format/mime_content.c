/*
 * mime_content.c - the fields that say what a part is
 *
 * libetpan's reader of these fields is not used: it forgets how a type was
 * written, stops without a word at the first parameter that is not to the
 * letter (file names with spaces and no quotes are common), and knows no RFC
 * 2231 pieces.
 */
#include "proxy/format/mime_content.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/format/mime.h"

/* More parameters than this in one field are nobody's but an attacker's. */
#define PARAMS_MAX 100

/* --- Tokens -------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* RFC 2045, 5.1; bytes above ASCII are let through as some senders write them.
 */
static bool is_token(char c)
{
    return (unsigned char)c > ' ' && c != 0x7f &&
           strchr("()<>@,;:\\\"/[]?=", c) == NULL;
}

/* Skips white space and comments, which may be nested. */
static void skip_space(const char **at)
{
    int depth = 0;
    for (; **at != '\0'; (*at)++) {
        if (**at == '(')
            depth++;
        else if (depth > 0 && **at == ')')
            depth--;
        else if (depth > 0 && **at == '\\' && (*at)[1] != '\0')
            (*at)++;
        else if (depth == 0 && !is_blank(**at))
            return;
    }
}

/* The token here in the arena, or NULL. */
static char *read_token(struct arena *arena, const char **at)
{
    skip_space(at);
    const char *start = *at;
    while (is_token(**at))
        (*at)++;
    return *at == start ? NULL
                        : arena_strndup(arena, start, (size_t)(*at - start));
}

/* A quoted string without its quotes; one that is not closed ends with the
 * text. */
static char *read_quoted(struct arena *arena, const char **at)
{
    struct buf text;
    buf_init(&text, arena);
    buf_puts(&text, "");
    for ((*at)++; **at != '\0' && **at != '"'; (*at)++) {
        if (**at == '\\' && (*at)[1] != '\0')
            (*at)++;
        buf_putc(&text, **at);
    }
    if (**at == '"')
        (*at)++;
    return text.data;
}

/* Moves to the next semicolon outside of quotes, or to the end. */
static void skip_to_semicolon(const char **at)
{
    bool quoted = false;
    for (; **at != '\0' && (quoted || **at != ';'); (*at)++) {
        if (**at == '"')
            quoted = !quoted;
        else if (quoted && **at == '\\' && (*at)[1] != '\0')
            (*at)++;
    }
}

/* --- Parameters ---------------------------------------------------------- */

/* A value that is no token and has no quotes reaches to the next semicolon. */
static char *read_param_value(struct arena *arena, const char **at)
{
    skip_space(at);
    if (**at == '"') {
        char *value = read_quoted(arena, at);
        skip_to_semicolon(at);
        return value;
    }
    const char *start = *at;
    char *token = read_token(arena, at);
    skip_space(at);
    if (**at == ';' || **at == '\0')
        return token == NULL ? arena_strdup(arena, "") : token;
    skip_to_semicolon(at);
    return str_trim(arena, arena_strndup(arena, start, (size_t)(*at - start)));
}

static size_t read_params(struct arena *arena, const char *at,
                          struct mime_param *params)
{
    size_t count = 0;
    while (count < PARAMS_MAX) {
        skip_to_semicolon(&at);
        if (*at == '\0')
            break;
        at++;
        char *name = read_token(arena, &at);
        skip_space(&at);
        if (name == NULL || *at != '=')
            continue;
        at++;
        params[count].name = name;
        params[count++].value = read_param_value(arena, &at);
    }
    return count;
}

/* RFC 2231, 3: "title*1*" is piece 1 of "title", percent-encoded. */
struct piece {
    size_t base_len;
    unsigned long number;
    bool encoded;
};

static bool piece_parse(const char *name, struct piece *piece)
{
    const char *star = strchr(name, '*');
    if (star == NULL || star == name || star[1] < '0' || star[1] > '9')
        return false;
    piece->base_len = (size_t)(star - name);
    piece->number = 0;
    const char *at = star + 1;
    for (; *at >= '0' && *at <= '9' && piece->number <= PARAMS_MAX; at++)
        piece->number = piece->number * 10 + (unsigned long)(*at - '0');
    piece->encoded = at[0] == '*' && at[1] == '\0';
    return piece->encoded || *at == '\0';
}

/* The index of piece `number` of the parameter whose name starts `name`, or -1.
 */
static int find_piece(const struct mime_param *params, size_t count,
                      const char *name, size_t base_len, unsigned long number)
{
    struct piece piece;
    for (size_t i = 0; i < count; i++) {
        if (piece_parse(params[i].name, &piece) && piece.number == number &&
            piece.base_len == base_len &&
            strncmp(params[i].name, name, base_len) == 0)
            return (int)i;
    }
    return -1;
}

static void append_percent_encoded(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (is_token(*text) && strchr("*'%", *text) == NULL &&
            (unsigned char)*text < 0x80)
            buf_putc(out, *text);
        else
            buf_printf(out, "%%%02X", (unsigned char)*text);
    }
}

/* The pieces of the parameter that `first` (piece 0) begins, as one.  Plain
 * pieces among encoded ones are encoded, so that the whole is of one kind. */
static struct mime_param join_pieces(struct arena *arena,
                                     const struct mime_param *params,
                                     size_t count, size_t first)
{
    const char *name = params[first].name;
    struct piece head, piece;
    piece_parse(name, &head);
    struct buf value;
    buf_init(&value, arena);
    buf_puts(&value, "");
    unsigned long number = 0;
    for (int i = (int)first; i >= 0;
         i = find_piece(params, count, name, head.base_len, ++number)) {
        piece_parse(params[i].name, &piece);
        if (head.encoded && !piece.encoded)
            append_percent_encoded(&value, params[i].value);
        else
            buf_puts(&value, params[i].value);
    }
    return (struct mime_param){
        .name = arena_printf(arena, "%.*s%s", (int)head.base_len, name,
                             head.encoded ? "*" : ""),
        .value = value.data,
    };
}

/* Reads the parameters from the first semicolon on. */
static struct mime_param *parse_params(struct arena *arena, const char *at,
                                       size_t *count_out)
{
    struct mime_param read[PARAMS_MAX];
    size_t count = read_params(arena, at, read);
    struct mime_param *params = arena_array(arena, count, sizeof *params);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct piece piece;
        if (!piece_parse(read[i].name, &piece) ||
            find_piece(read, count, read[i].name, piece.base_len, 0) < 0)
            params[kept++] = read[i];
        else if (piece.number == 0)
            params[kept++] = join_pieces(arena, read, count, i);
    }
    *count_out = kept;
    return kept == 0 ? NULL : params;
}

const char *mime_param_value(const struct mime_param *params, size_t count,
                             const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal_nocase(params[i].name, name))
            return params[i].value;
    }
    return NULL;
}

/* --- Fields -------------------------------------------------------------- */

void mime_content_default(struct arena *arena, struct mime_part *part)
{
    part->kind = MIME_LEAF;
    part->type = "text";
    part->subtype = "plain";
    part->params = arena_array(arena, 1, sizeof *part->params);
    part->params[0] = (struct mime_param){ "charset", "us-ascii" };
    part->param_count = 1;
}

static void read_type(struct arena *arena, const char *value, bool in_digest,
                      struct mime_part *part)
{
    if (value == NULL && in_digest) {
        part->type = "message";
        part->subtype = "rfc822";
        return;
    }
    const char *at = value == NULL ? "" : value;
    part->type = read_token(arena, &at);
    skip_space(&at);
    if (part->type != NULL && *at == '/') {
        at++;
        part->subtype = read_token(arena, &at);
    }
    if (part->subtype == NULL)
        mime_content_default(arena, part);
    else
        part->params = parse_params(arena, at, &part->param_count);
}

static void read_encoding(struct arena *arena, const char *value,
                          struct mime_part *part)
{
    const char *at = value == NULL ? "" : value;
    char *token = read_token(arena, &at);
    part->encoding = token == NULL ? "7bit" : token;
}

static void read_disposition(struct arena *arena, const char *value,
                             struct mime_part *part)
{
    const char *at = value == NULL ? "" : value;
    part->disposition = read_token(arena, &at);
    if (part->disposition != NULL)
        part->disposition_params =
            parse_params(arena, at, &part->disposition_param_count);
}

/* RFC 3282: a list of tags, with comments. */
static void read_languages(struct arena *arena, const char *value,
                           struct mime_part *part)
{
    if (value == NULL)
        return;
    part->languages = arena_array(arena, PARAMS_MAX, sizeof *part->languages);
    while (part->language_count < PARAMS_MAX) {
        const char *language = read_token(arena, &value);
        if (language != NULL)
            part->languages[part->language_count++] = language;
        value += strcspn(value, ",");
        if (*value == '\0')
            break;
        value++;
    }
    if (part->language_count == 0)
        part->languages = NULL;
}

void mime_content_parse(struct arena *arena, const char *header, size_t len,
                        bool in_digest, struct mime_part *part)
{
    part->id = mime_header_value(arena, header, len, "Content-ID");
    part->description =
        mime_header_value(arena, header, len, "Content-Description");
    part->md5 = mime_header_value(arena, header, len, "Content-MD5");
    part->location = mime_header_value(arena, header, len, "Content-Location");
    read_type(arena, mime_header_value(arena, header, len, "Content-Type"),
              in_digest, part);
    read_encoding(
        arena,
        mime_header_value(arena, header, len, "Content-Transfer-Encoding"),
        part);
    read_disposition(
        arena, mime_header_value(arena, header, len, "Content-Disposition"),
        part);
    read_languages(
        arena, mime_header_value(arena, header, len, "Content-Language"), part);
}
