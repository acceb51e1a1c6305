/*
 * dn.c - distinguished names (RFC 4514)
 */
#include "ldap/dn.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "ldap/attributes.h"
#include "ldap/value.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"

/* --- Reading ------------------------------------------------------------- */

static int hex(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at =
        c == '\0' ? NULL : strchr(digits, tolower((unsigned char)c));

    return at == NULL ? -1 : (int)(at - digits);
}

/* Two hexadecimal digits; -1: there are none. */
static int hex_pair(const char *at)
{
    int high = hex(at[0]), low = high < 0 ? -1 : hex(at[1]);

    return low < 0 ? -1 : high * 16 + low;
}

static const char *skip_spaces(const char *at)
{
    return at + strspn(at, " ");
}

static const char *read_type(struct arena *arena, const char **at)
{
    const char *from = skip_spaces(*at), *end = from;
    const char *type = NULL;

    while (isalnum((unsigned char)*end) || *end == '-' || *end == '.' ||
           *end == ';' || *end == '_')
        end++;
    *at = skip_spaces(end);
    if (end == from || **at != '=')
        return NULL;
    ++*at;
    type = arena_strndup(arena, from, (size_t)(end - from));
    return str_starts_nocase(type, "oid.") ? type + 4 : type;
}

/* "#04024869": the BER of a value with a short length; the tag and the length
 * are left out. */
static bool read_ber(const char **at, struct buf *out)
{
    int byte = 0;

    for (++*at; (byte = hex_pair(*at)) >= 0; *at += 2)
        buf_putc(out, (char)byte);
    if (out->len < 2 || (unsigned char)out->data[1] != out->len - 2)
        return false;
    buf_consume(out, 2);
    return true;
}

/* An escaped character, or two digits of one octet. */
static bool read_escape(const char **at, struct buf *out)
{
    int byte = hex_pair(*at + 1);

    if (byte >= 0) {
        buf_putc(out, (char)byte);
        *at += 3;
        return true;
    }
    if ((*at)[1] == '\0' || strchr("\\\"+,;<>=# ", (*at)[1]) == NULL)
        return false;
    buf_putc(out, (*at)[1]);
    *at += 2;
    return true;
}

static bool read_quoted(const char **at, struct buf *out)
{
    ++*at;
    while (**at != '"') {
        if (**at == '\0' || (**at == '\\' && !read_escape(at, out)))
            return false;
        if (**at != '"' && **at != '\\' && **at != '\0')
            buf_putc(out, *(*at)++);
    }
    ++*at;
    return true;
}

/* Spaces at the end do not belong to it, unless they are escaped. */
static bool read_plain(const char **at, struct buf *out)
{
    size_t kept = 0;

    while (**at != '\0' && strchr(",;+", **at) == NULL) {
        bool space = **at == ' ';

        if (strchr("\"<>", **at) != NULL)
            return false;
        if (**at == '\\') {
            if (!read_escape(at, out))
                return false;
        } else {
            buf_putc(out, *(*at)++);
        }
        if (!space)
            kept = out->len;
    }
    out->len = kept;
    out->data[kept] = '\0';
    return true;
}

static bool read_value(struct arena *arena, const char **at,
                       struct octets *value_out)
{
    struct buf out;
    bool read = false;

    buf_init(&out, arena);
    buf_puts(&out, "");
    *at = skip_spaces(*at);
    if (**at == '#')
        read = read_ber(at, &out);
    else if (**at == '"')
        read = read_quoted(at, &out);
    else
        read = read_plain(at, &out);
    *at = skip_spaces(*at);
    *value_out = (struct octets){ out.data, out.len };
    return read && (**at == '\0' || strchr(",;+", **at) != NULL);
}

/* Its values go to `values`, which has room for all that are still to come. */
static bool read_rdn(struct arena *arena, const char **at,
                     struct dn_value *values, struct dn_rdn *rdn)
{
    rdn->values = values;
    do {
        struct dn_value *value = &rdn->values[rdn->count++];

        if (rdn->count > 1)
            ++*at;
        value->type = read_type(arena, at);
        if (value->type == NULL || !read_value(arena, at, &value->value))
            return false;
    } while (**at == '+');
    return true;
}

/* As many values as there are signs between them, at most. */
bool dn_parse(struct arena *arena, const char *text, struct dn *dn_out)
{
    const char *at = skip_spaces(text);
    struct dn_value *values = NULL;
    size_t room = 1;

    *dn_out = (struct dn){ 0 };
    if (*at == '\0')
        return true;
    for (const char *c = at; *c != '\0'; c++)
        room += strchr(",;+", *c) != NULL;
    dn_out->rdns = arena_array(arena, room, sizeof *dn_out->rdns);
    values = arena_array(arena, room, sizeof *values);
    for (;;) {
        struct dn_rdn *rdn = &dn_out->rdns[dn_out->count++];

        if (!read_rdn(arena, &at, values, rdn))
            return false;
        if (*at == '\0')
            return true;
        values += rdn->count;
        at++;
    }
}

/* --- Writing ------------------------------------------------------------- */

static void put_value(struct buf *out, struct octets value)
{
    for (size_t i = 0; i < value.len; i++) {
        char c = value.data[i];
        bool edge = (c == ' ' && (i == 0 || i + 1 == value.len)) ||
                    (c == '#' && i == 0);

        if (c == '\0')
            buf_puts(out, "\\00");
        else if (edge || strchr("\\\"+,;<>", c) != NULL)
            buf_printf(out, "\\%c", c);
        else
            buf_putc(out, c);
    }
}

const char *dn_text(struct arena *arena, const struct dn *dn, size_t from)
{
    struct buf out;

    buf_init(&out, arena);
    buf_puts(&out, "");
    for (size_t i = from; i < dn->count; i++) {
        for (size_t j = 0; j < dn->rdns[i].count; j++) {
            const struct dn_value *value = &dn->rdns[i].values[j];

            buf_printf(&out, "%s%s=",
                       j > 0      ? "+"
                       : i > from ? ","
                                  : "",
                       value->type);
            put_value(&out, value->value);
        }
    }
    return out.data;
}

const char *dn_child(struct arena *arena, const char *type, const char *value,
                     const char *parent)
{
    struct buf out;

    buf_init(&out, arena);
    buf_printf(&out, "%s=", type);
    put_value(&out, octets_of(value));
    buf_printf(&out, ",%s", parent);
    return out.data;
}

/* --- Comparing ----------------------------------------------------------- */

/* The name as a DN writes it, so that nothing in a value looks like what stands
 * between values. */
static const char *value_text_key(struct arena *arena,
                                  const struct dn_value *value)
{
    const struct ldap_type *type = attribute_find(value->type);
    enum value_kind kind = type == NULL ? VALUE_TEXT : attribute_kind(type);
    struct octets key = value->value;
    struct buf out;

    /* A DN in a DN would be read without end. */
    if (kind == VALUE_DN)
        kind = VALUE_TEXT;
    value_key(arena, kind, value->value, PART_WHOLE, &key);
    buf_init(&out, arena);
    buf_printf(&out, "%s=",
               type == NULL ? str_lower(arena_strdup(arena, value->type))
                            : type->name);
    put_value(&out, key);
    return out.data;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void put_rdn_key(struct arena *arena, struct buf *out,
                        const struct dn_rdn *rdn)
{
    const char **texts = arena_array(arena, rdn->count, sizeof *texts);

    for (size_t i = 0; i < rdn->count; i++)
        texts[i] = value_text_key(arena, &rdn->values[i]);
    qsort(texts, rdn->count, sizeof *texts, compare_texts);
    for (size_t i = 0; i < rdn->count; i++)
        buf_printf(out, "%s%s", i > 0 ? "+" : "", texts[i]);
}

const char *dn_key(struct arena *arena, const struct dn *dn, size_t from)
{
    struct buf out;

    buf_init(&out, arena);
    buf_puts(&out, "");
    for (size_t i = from; i < dn->count; i++) {
        buf_puts(&out, i > from ? "," : "");
        put_rdn_key(arena, &out, &dn->rdns[i]);
    }
    return out.data;
}
