/*
 * notation.c - BER as text, so that tests can be read
 */
#include "tests/ldap/notation.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"

/* --- Coding --------------------------------------------------------------- */

static unsigned digit(char c)
{
    cr_assert(isxdigit((unsigned char)c), "no digit: %c", c);
    return (unsigned)(isdigit((unsigned char)c) ? c - '0'
                                                : tolower(c) - 'a' + 10);
}

static char octet(const char **at)
{
    char c = (char)(digit((*at)[0]) << 4 | digit((*at)[1]));

    *at += 2;
    return c;
}

static void code_octets(const char **at, struct buf *out)
{
    while (isxdigit((unsigned char)**at))
        buf_putc(out, octet(at));
}

static void code_text(const char **at, struct buf *out)
{
    while (**at != '\'') {
        cr_assert(**at != '\0', "a text without an end");
        if (**at == '~') {
            ++*at;
            buf_putc(out, octet(at));
        } else {
            buf_putc(out, *(*at)++);
        }
    }
    ++*at;
}

static void code_number(const char **at, struct buf *out)
{
    char *end;
    long long number = strtoll(*at, &end, 10);
    unsigned len = 1;

    while (number >> (8 * len - 1) != 0 && number >> (8 * len - 1) != -1)
        len++;
    while (len-- > 0)
        buf_putc(out, (char)(number >> (8 * len)));
    *at = end;
}

static void add_element(struct buf *out, char tag, const struct buf *content)
{
    buf_putc(out, tag);
    if (content->len < 0x80) {
        buf_putc(out, (char)content->len);
    } else {
        buf_putc(out, (char)0x84);
        for (int shift = 24; shift >= 0; shift -= 8)
            buf_putc(out, (char)(content->len >> shift));
    }
    buf_append(out, content->data, content->len);
}

static void code_elements(struct arena *arena, const char **at,
                          struct buf *out);

static void code_element(struct arena *arena, const char **at, struct buf *out)
{
    struct buf content;
    char tag = octet(at);
    char form = *(*at)++;

    buf_init(&content, arena);
    buf_puts(&content, "");
    switch (form) {
    case '{':
        code_elements(arena, at, &content);
        cr_assert(*(*at)++ == '}', "an element without an end");
        break;
    case '\'':
        code_text(at, &content);
        break;
    case ':':
        code_number(at, &content);
        break;
    case '=':
        code_octets(at, &content);
        break;
    default:
        cr_assert(false, "no element: %s", *at - 3);
    }
    add_element(out, tag, &content);
}

static void code_elements(struct arena *arena, const char **at, struct buf *out)
{
    while (**at != '\0' && **at != '}') {
        if (**at == ' ') {
            ++*at;
        } else if (**at == '*') {
            ++*at;
            code_octets(at, out);
        } else {
            code_element(arena, at, out);
        }
    }
}

struct octets notation_code(struct arena *arena, const char *text)
{
    struct buf out;

    buf_init(&out, arena);
    buf_puts(&out, "");
    code_elements(arena, &text, &out);
    cr_assert(*text == '\0', "more than elements: %s", text);
    return (struct octets){ out.data, out.len };
}

/* --- Showing -------------------------------------------------------------- */

static void show_text(struct buf *out, const unsigned char *data, size_t len)
{
    buf_putc(out, '\'');
    for (size_t i = 0; i < len; i++) {
        if (data[i] >= ' ' && data[i] < 0x7f && data[i] != '~')
            buf_putc(out, (char)data[i]);
        else
            buf_printf(out, "~%02x", data[i]);
    }
    buf_putc(out, '\'');
}

static void show_number(struct buf *out, const unsigned char *data, size_t len)
{
    int64_t number = len > 0 && data[0] >= 0x80 ? -1 : 0;

    for (size_t i = 0; i < len; i++)
        number = (int64_t)((uint64_t)number << 8 | data[i]);
    buf_printf(out, ":%lld", (long long)number);
}

static void show_elements(struct buf *out, const unsigned char *data,
                          size_t len)
{
    const unsigned char *end = data + len;

    for (const char *gap = ""; data < end; gap = " ") {
        unsigned tag = *data++;
        size_t size = *data++;

        if (size >= 0x80) {
            size_t count = size & 0x7f;

            for (size = 0; count > 0; count--)
                size = size << 8 | *data++;
        }
        cr_assert(size <= (size_t)(end - data));
        buf_printf(out, "%s%02x", gap, tag);
        if ((tag & 0x20) != 0) {
            buf_putc(out, '{');
            show_elements(out, data, size);
            buf_putc(out, '}');
        } else if (tag == 0x02 || tag == 0x0a || tag == 0x01) {
            show_number(out, data, size);
        } else {
            show_text(out, data, size);
        }
        data += size;
    }
}

const char *notation_show(struct arena *arena, const char *data, size_t len)
{
    struct buf out;

    buf_init(&out, arena);
    buf_puts(&out, "");
    show_elements(&out, (const unsigned char *)data, len);
    return out.data;
}
