/*
 * filter_text.c - filters as people write them (RFC 4515)
 */
#include "tests/ldap/filter_text.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"

/* --- Reading -------------------------------------------------------------- */

static void read_filter(struct arena *arena, const char **at,
                        struct ldap_filter *filter);

static void expect(const char **at, char c)
{
    cr_assert(**at == c, "no %c at %s", c, *at);
    ++*at;
}

static struct octets value_of(struct arena *arena, const char *text, size_t len)
{
    struct buf out;

    buf_init(&out, arena);
    buf_puts(&out, "");
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\\') {
            char digits[3] = { text[i + 1], text[i + 2], '\0' };

            buf_putc(&out, (char)strtol(digits, NULL, 16));
            i += 2;
        } else {
            buf_putc(&out, text[i]);
        }
    }
    return (struct octets){ out.data, out.len };
}

static void read_children(struct arena *arena, const char **at,
                          struct ldap_filter *filter)
{
    struct ldap_filter *children =
        arena_array(arena, FILTER_PARTS, sizeof *children);

    ++*at;
    filter->children = children;
    while (**at == '(')
        read_filter(arena, at, &children[filter->child_count++]);
}

/* What stands before the sign: "cn", "cn:dn", "cn:dn:caseExactMatch". */
static void read_type(struct arena *arena, const char *from, size_t len,
                      struct ldap_filter *filter)
{
    const char *text = arena_strndup(arena, from, len);
    size_t type = strcspn(text, ":");

    filter->attribute = type > 0 ? arena_strndup(arena, text, type) : NULL;
    text += type;
    if (str_equal_nocase(text, ":dn") || str_starts_nocase(text, ":dn:")) {
        filter->dn_attributes = true;
        text += 3;
    }
    filter->rule = *text == ':' ? text + 1 : NULL;
}

static void read_parts(struct arena *arena, const char *text, size_t len,
                       struct ldap_filter *filter)
{
    struct octets *any = arena_array(arena, len + 1, sizeof *any);
    const char *end = text + len;
    bool first = true;

    filter->any = any;
    for (;; first = false) {
        const char *star = memchr(text, '*', (size_t)(end - text));
        size_t part = (size_t)((star != NULL ? star : end) - text);
        struct octets value = value_of(arena, text, part);

        if (star == NULL) {
            filter->final = part > 0 ? value : filter->final;
            return;
        }
        if (part > 0 && first)
            filter->initial = value;
        else if (part > 0)
            any[filter->any_count++] = value;
        text = star + 1;
    }
}

static void read_item(struct arena *arena, const char **at,
                      struct ldap_filter *filter)
{
    size_t type = strcspn(*at, "=<>~"), sign = 1;
    const char *value = NULL;
    size_t len = 0;

    filter->kind = FILTER_EQUALITY;
    if ((*at)[type] == '=' && type > 0 && (*at)[type - 1] == ':') {
        filter->kind = FILTER_EXTENSIBLE;
        type--;
        sign = 2;
    } else if ((*at)[type] != '=') {
        filter->kind = (*at)[type] == '<'   ? FILTER_LESS_OR_EQUAL
                       : (*at)[type] == '>' ? FILTER_GREATER_OR_EQUAL
                                            : FILTER_APPROXIMATE;
        sign = 2;
    }
    read_type(arena, *at, type, filter);
    value = *at + type + sign;
    len = strcspn(value, ")");
    *at = value + len;
    filter->value = value_of(arena, value, len);
    if (filter->kind != FILTER_EQUALITY)
        return;
    if (len == 1 && *value == '*') {
        filter->kind = FILTER_PRESENT;
    } else if (memchr(value, '*', len) != NULL) {
        filter->kind = FILTER_SUBSTRINGS;
        read_parts(arena, value, len, filter);
    }
}

static void read_filter(struct arena *arena, const char **at,
                        struct ldap_filter *filter)
{
    expect(at, '(');
    filter->kind = **at == '&'   ? FILTER_AND
                   : **at == '|' ? FILTER_OR
                                 : FILTER_NOT;
    if (strchr("&|!", **at) != NULL)
        read_children(arena, at, filter);
    else
        read_item(arena, at, filter);
    expect(at, ')');
}

const struct ldap_filter *filter_of(struct arena *arena, const char *text)
{
    struct ldap_filter *filter = arena_alloc(arena, sizeof *filter);

    read_filter(arena, &text, filter);
    cr_assert(*text == '\0', "something behind a filter: %s", text);
    return filter;
}

/* --- Writing -------------------------------------------------------------- */

static void put(struct buf *out, const struct ldap_filter *filter)
{
    static const char *const signs[] = {
        [FILTER_EQUALITY] = "=",       [FILTER_GREATER_OR_EQUAL] = ">=",
        [FILTER_LESS_OR_EQUAL] = "<=", [FILTER_APPROXIMATE] = "~=",
        [FILTER_EXTENSIBLE] = ":=",    [FILTER_SUBSTRINGS] = "=",
        [FILTER_PRESENT] = "=*",
    };

    buf_putc(out, '(');
    if (filter->kind <= FILTER_NOT) {
        buf_putc(out, "&|!"[filter->kind]);
        for (size_t i = 0; i < filter->child_count; i++)
            put(out, &filter->children[i]);
    } else {
        buf_printf(out, "%s%s", filter->attribute, signs[filter->kind]);
    }
    if (filter->kind == FILTER_SUBSTRINGS) {
        buf_printf(out, "%s*",
                   filter->initial.data != NULL ? filter->initial.data : "");
        for (size_t i = 0; i < filter->any_count; i++)
            buf_printf(out, "%s*", filter->any[i].data);
        buf_puts(out, filter->final.data != NULL ? filter->final.data : "");
    } else if (filter->kind > FILTER_NOT && filter->kind != FILTER_PRESENT) {
        buf_puts(out, filter->value.data);
    }
    buf_putc(out, ')');
}

const char *filter_to_text(struct arena *arena,
                           const struct ldap_filter *filter)
{
    struct buf out;

    buf_init(&out, arena);
    put(&out, filter);
    return out.data;
}
