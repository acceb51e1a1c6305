/*
 * letter.c - the header of a message: fields, words, addresses
 */
#include "tests/exchange/letter.h"

#include <iconv.h>
#include <stdint.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"

static size_t line_len(const char *at, const char *end)
{
    const char *newline = memchr(at, '\n', (size_t)(end - at));

    return newline == NULL ? (size_t)(end - at) : (size_t)(newline - at) + 1;
}

static bool is_empty_line(const char *line, size_t len)
{
    return (len == 1 && line[0] == '\n') ||
           (len == 2 && line[0] == '\r' && line[1] == '\n');
}

size_t letter_header_len(const char *data, size_t len)
{
    const char *at = data;
    const char *end = data + len;

    while (at < end) {
        size_t line = line_len(at, end);

        at += line;
        if (is_empty_line(at - line, line))
            break;
    }
    return (size_t)(at - data);
}

/* --- Fields -------------------------------------------------------------- */

struct letter_fields letter_fields(const char *header, size_t len)
{
    return (struct letter_fields){ header, header + len };
}

bool letter_next_field(struct letter_fields *fields, struct letter_field *field)
{
    while (fields->at < fields->end) {
        const char *start = fields->at;
        size_t first = line_len(start, fields->end);
        const char *colon = memchr(start, ':', first);

        if (is_empty_line(start, first))
            return false;
        fields->at += first;
        while (fields->at < fields->end &&
               (*fields->at == ' ' || *fields->at == '\t'))
            fields->at += line_len(fields->at, fields->end);
        if (colon == NULL)
            continue;
        field->start = start;
        field->len = (size_t)(fields->at - start);
        field->name_len = (size_t)(colon - start);
        field->value = colon + 1;
        field->value_len = (size_t)(fields->at - field->value);
        return true;
    }
    return false;
}

static char *unfold(struct arena *arena, const char *value, size_t len)
{
    char *text = arena_alloc(arena, len + 1);
    size_t n = 0;

    for (size_t i = 0; i < len; i++)
        if (value[i] != '\r' && value[i] != '\n')
            text[n++] = value[i] == '\t' ? ' ' : value[i];
    return str_trim(arena, text);
}

char *letter_field(struct arena *arena, const char *header, size_t len,
                   const char *name)
{
    struct letter_fields fields = letter_fields(header, len);
    struct letter_field field;

    while (letter_next_field(&fields, &field))
        if (str_is_nocase(field.start, field.name_len, name))
            return unfold(arena, field.value, field.value_len);
    return NULL;
}

char *letter_field_text(struct arena *arena, const char *header, size_t len,
                        const char *name)
{
    char *value = letter_field(arena, header, len, name);

    return value == NULL ? NULL : letter_decode_words(arena, value);
}

void letter_copy_header(struct buf *out, const char *header, size_t len,
                        const char *const without[])
{
    struct letter_fields fields = letter_fields(header, len);
    struct letter_field field;

    while (letter_next_field(&fields, &field)) {
        bool wanted = true;

        for (size_t i = 0; without[i] != NULL && wanted; i++)
            wanted = !str_is_nocase(field.start, field.name_len, without[i]);
        if (wanted)
            buf_append(out, field.start, field.len);
    }
}

/* --- Words: RFC 2047 ----------------------------------------------------- */

char *letter_to_utf8(struct arena *arena, const char *charset, const char *data,
                     size_t len)
{
    iconv_t converter = (iconv_t)-1;
    struct buf out;

    if (charset != NULL && !str_equal_nocase(charset, "utf-8") &&
        !str_equal_nocase(charset, "us-ascii"))
        converter = iconv_open("UTF-8", charset);
    if (converter == (iconv_t)-1)
        return utf8_repair(arena, data, len);
    buf_init(&out, arena);
    while (len > 0) {
        char *in = (char *)(uintptr_t)data;
        char *to = buf_reserve(&out, len * 4 + 16);
        char *start = to;
        size_t room = len * 4 + 16;
        size_t result = iconv(converter, &in, &len, &to, &room);

        out.len += (size_t)(to - start);
        data = in;
        if (result == (size_t)-1 && len > 0) {
            buf_puts(&out, "\xef\xbf\xbd");
            data++;
            len--;
        }
    }
    iconv_close(converter);
    buf_append(&out, "", 0);
    return utf8_repair(arena, out.data == NULL ? "" : out.data, out.len);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *letter_decode_quoted(struct arena *arena, const char *data, size_t len,
                           bool word, size_t *len_out)
{
    char *out = arena_alloc(arena, len + 1);
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        if (data[i] == '_' && word) {
            out[n++] = ' ';
        } else if (data[i] != '=') {
            out[n++] = data[i];
        } else if (i + 2 < len + 0 && hex_digit(data[i + 1]) >= 0 &&
                   hex_digit(data[i + 2]) >= 0) {
            out[n++] =
                (char)(hex_digit(data[i + 1]) * 16 + hex_digit(data[i + 2]));
            i += 2;
        } else if (!word) {
            while (i + 1 < len && (data[i + 1] == ' ' || data[i + 1] == '\r'))
                i++;
            if (i + 1 < len && data[i + 1] == '\n')
                i++;
        }
    }
    *len_out = n;
    return out;
}

/* One encoded word at `text`: its length there, 0 if it is none, and what it
 * says. */
static size_t decode_word(struct arena *arena, const char *text, char **out)
{
    const char *charset = text + 2;
    const char *encoding = str_starts(text, "=?") ? strchr(charset, '?') : NULL;
    const char *end = NULL;
    char *bytes = NULL;
    size_t len = 0;

    if (encoding == NULL || encoding[1] == '\0' || encoding[2] != '?' ||
        (end = strstr(encoding + 3, "?=")) == NULL)
        return 0;
    len = (size_t)(end - (encoding + 3));
    if (encoding[1] == 'B' || encoding[1] == 'b')
        bytes = base64_decode(arena, encoding + 3, len, &len);
    else if (encoding[1] == 'Q' || encoding[1] == 'q')
        bytes = letter_decode_quoted(arena, encoding + 3, len, true, &len);
    if (bytes == NULL)
        return 0;
    charset = arena_strndup(arena, charset, strcspn(charset, "?*"));
    *out = letter_to_utf8(arena, charset, bytes, len);
    return (size_t)(end + 2 - text);
}

char *letter_decode_words(struct arena *arena, const char *text)
{
    struct buf out;
    bool after_word = false;

    buf_init(&out, arena);
    while (*text != '\0') {
        size_t space = strspn(text, " ");
        char *decoded = NULL;
        size_t word = decode_word(arena, text + space, &decoded);
        size_t plain = space > 0 ? space : 1;

        /* Space between two encoded words does not count. */
        if (word == 0 || (space > 0 && !after_word))
            buf_append(&out, text, plain);
        if (word == 0) {
            after_word = false;
            text += plain;
            continue;
        }
        buf_puts(&out, decoded);
        text += space + word;
        after_word = true;
    }
    return utf8_repair(arena, out.len == 0 ? "" : out.data, out.len);
}

char *letter_encode_words(struct arena *arena, const char *text)
{
    struct buf out;
    size_t len = strlen(text);
    bool plain = true;

    for (size_t i = 0; i < len && plain; i++)
        plain = text[i] >= ' ' && text[i] < 0x7f;
    if (plain)
        return arena_strdup(arena, text);
    buf_init(&out, arena);
    for (size_t i = 0, take; i < len; i += take) {
        char *coded = arena_alloc(arena, 80);

        take = len - i > 42 ? 42 : len - i;
        while (i + take < len && ((unsigned char)text[i + take] & 0xc0) == 0x80)
            take--;
        coded[base64_encode(text + i, take, coded)] = '\0';
        buf_printf(&out, "%s=?utf-8?B?%s?=", i == 0 ? "" : "\r\n ", coded);
    }
    return out.data;
}

/* --- Addresses ----------------------------------------------------------- */

struct address_reader {
    struct arena *arena;
    const char *at;
};

static void skip_comment(struct address_reader *reader)
{
    int depth = 0;

    do {
        if (*reader->at == '(')
            depth++;
        else if (*reader->at == ')')
            depth--;
        else if (*reader->at == '\\' && reader->at[1] != '\0')
            reader->at++;
        reader->at++;
    } while (depth > 0 && *reader->at != '\0');
}

static void read_quoted(struct address_reader *reader, struct buf *out)
{
    for (reader->at++; *reader->at != '\0' && *reader->at != '"';
         reader->at++) {
        if (*reader->at == '\\' && reader->at[1] != '\0')
            reader->at++;
        buf_putc(out, *reader->at);
    }
    if (*reader->at == '"')
        reader->at++;
}

/* Up to the next separator; an address without angle brackets is all phrase. */
static bool read_address(struct address_reader *reader,
                         struct letter_address *address)
{
    struct buf phrase;
    char *angle = NULL;

    buf_init(&phrase, reader->arena);
    while (*reader->at != '\0' && strchr(",;:", *reader->at) == NULL) {
        if (*reader->at == '(') {
            skip_comment(reader);
        } else if (*reader->at == '"') {
            read_quoted(reader, &phrase);
        } else if (*reader->at == '<') {
            size_t len = strcspn(++reader->at, ">");

            angle = arena_strndup(reader->arena, reader->at, len);
            reader->at += len + (reader->at[len] == '>' ? 1 : 0);
        } else {
            buf_putc(&phrase, *reader->at++);
        }
    }
    phrase.data = str_trim(reader->arena, phrase.len == 0 ? "" : phrase.data);
    if (*reader->at == ':')     /* the name of a group */
        return false;
    address->name = angle == NULL
                        ? arena_strdup(reader->arena, "")
                        : letter_decode_words(reader->arena, phrase.data);
    address->address =
        str_trim(reader->arena, angle == NULL ? phrase.data : angle);
    return *address->address != '\0';
}

struct letter_address *letter_parse_addresses(struct arena *arena,
                                              const char *text)
{
    struct address_reader reader = { arena, text };
    size_t capacity = strlen(text) / 2 + 2;
    struct letter_address *addresses =
        arena_array(arena, capacity, sizeof *addresses);
    size_t count = 0;

    while (*reader.at != '\0') {
        if (read_address(&reader, &addresses[count]))
            count++;
        if (*reader.at != '\0')
            reader.at++;
    }
    addresses[count] = (struct letter_address){ NULL, NULL };
    return addresses;
}

struct letter_address *letter_addresses(struct arena *arena, const char *header,
                                        size_t len, const char *name)
{
    struct letter_fields fields = letter_fields(header, len);
    struct letter_field field;
    struct buf all;

    buf_init(&all, arena);
    while (letter_next_field(&fields, &field))
        if (str_is_nocase(field.start, field.name_len, name))
            buf_printf(&all, "%s,",
                       unfold(arena, field.value, field.value_len));
    return letter_parse_addresses(arena, all.len == 0 ? "" : all.data);
}
