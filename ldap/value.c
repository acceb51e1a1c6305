/*
 * value.c - values as they are compared (RFC 4517, 4.2; RFC 4518)
 */
#include "ldap/value.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "ldap/attributes.h"
#include "ldap/classes.h"
#include "ldap/dn.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/format/text_key.h"

int octets_compare(struct octets a, struct octets b)
{
    int order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);

    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

struct octets octets_of(const char *text)
{
    return (struct octets){ text, strlen(text) };
}

const char *octets_text(struct octets value)
{
    return memchr(value.data, '\0', value.len) == NULL ? value.data : NULL;
}

bool value_integer(struct octets value, long long *number_out)
{
    const char *text = octets_text(value);
    int64_t number = 0;

    if (text == NULL || !str_to_i64(text, &number))
        return false;
    *number_out = number;
    return true;
}

/* --- Texts --------------------------------------------------------------- */

/*
 * RFC 4518, 2.6.1: between words there are two spaces, and one at both ends of
 * a value.  Then "x y" is not a part of "x  yz " by its spaces alone.  A part
 * has a space where it began or ended with one.
 */
static struct octets spaced(struct arena *arena, const char *text,
                            enum value_part part)
{
    struct buf out;
    size_t len = strlen(text);
    bool first = part == PART_WHOLE || part == PART_INITIAL || text[0] == ' ';
    bool last = part == PART_WHOLE || part == PART_FINAL ||
                (len > 0 && text[len - 1] == ' ');

    buf_init(&out, arena);
    buf_puts(&out, first ? " " : "");
    text += strspn(text, " ");
    if (*text == '\0')
        return octets_of(part == PART_WHOLE ? "  " : " ");
    while (*text != '\0') {
        size_t word = strcspn(text, " ");

        buf_append(&out, text, word);
        text += word + strspn(text + word, " ");
        buf_puts(&out, *text != '\0' ? "  " : last ? " " : "");
    }
    return (struct octets){ out.data, out.len };
}

static bool text_value(struct arena *arena, struct octets value,
                       enum text_key how, enum value_part part,
                       struct octets *key_out)
{
    const char *text = text_key(arena, value.data, value.len, how);

    if (text != NULL)
        *key_out = spaced(arena, text, part);
    return text != NULL;
}

static bool no_case(struct arena *arena, struct octets value,
                    enum value_part part, struct octets *key_out)
{
    return text_value(arena, value, TEXT_NO_CASE, part, key_out);
}

static bool exact(struct arena *arena, struct octets value,
                  enum value_part part, struct octets *key_out)
{
    return text_value(arena, value, TEXT_EXACT, part, key_out);
}

static bool loose(struct arena *arena, struct octets value,
                  enum value_part part, struct octets *key_out)
{
    return text_value(arena, value, TEXT_LOOSE, part, key_out);
}

/* The text without any of `dropped`, which are characters of UTF-8. */
static bool without(struct arena *arena, struct octets value,
                    const char *const dropped[], struct octets *key_out)
{
    const char *at = text_key(arena, value.data, value.len, TEXT_NO_CASE);
    struct buf out;

    if (at == NULL)
        return false;
    buf_init(&out, arena);
    buf_puts(&out, "");
    while (*at != '\0') {
        size_t i = 0;

        while (dropped[i] != NULL && !str_starts(at, dropped[i]))
            i++;
        if (dropped[i] != NULL)
            at += strlen(dropped[i]);
        else
            buf_putc(&out, *at++);
    }
    *key_out = (struct octets){ out.data, out.len };
    return true;
}

static bool numeric(struct arena *arena, struct octets value,
                    enum value_part part, struct octets *key_out)
{
    static const char *const spaces[] = { " ", NULL };

    (void)part;
    return without(arena, value, spaces, key_out);
}

/* RFC 4518, 2.6.3; the others of its hyphens have become one of these. */
static bool phone(struct arena *arena, struct octets value,
                  enum value_part part, struct octets *key_out)
{
    static const char *const hyphens[] = {
        " ", "-", "\xd6\x8a", "\xe2\x80\x90", "\xe2\x88\x92", NULL
    };

    (void)part;
    return without(arena, value, hyphens, key_out);
}

/* --- Names --------------------------------------------------------------- */

static bool dn_value(struct arena *arena, struct octets value,
                     enum value_part part, struct octets *key_out)
{
    const char *text = octets_text(value);
    struct dn dn;

    (void)part;
    if (text == NULL || !dn_parse(arena, text, &dn))
        return false;
    *key_out = octets_of(dn_key(arena, &dn, 0));
    return true;
}

/* A name that nobody has heard of is no value; a number is. */
static bool oid(struct arena *arena, struct octets value, enum value_part part,
                struct octets *key_out)
{
    const char *text = octets_text(value);
    const struct ldap_class *class = NULL;
    const struct ldap_type *type = NULL;

    (void)part;
    if (text == NULL)
        return false;
    text = str_trim(arena, text);
    class = class_find(text);
    type = attribute_find(text);
    if (class != NULL)
        *key_out = octets_of(class->name);
    else if (type != NULL)
        *key_out = octets_of(type->name);
    else
        *key_out = octets_of(text);
    return class != NULL || type != NULL || isdigit((unsigned char)*text);
}

static bool uuid(struct arena *arena, struct octets value, enum value_part part,
                 struct octets *key_out)
{
    const char *text = octets_text(value);

    (void)part;
    if (text == NULL || value.len != 36 ||
        strspn(text, "0123456789abcdefABCDEF-") != value.len)
        return false;
    *key_out = octets_of(str_lower(arena_strdup(arena, text)));
    return true;
}

/* --- Numbers ------------------------------------------------------------- */

/* Big-endian, the negative ones first, so that octets have the order. */
static void put_number(char out[8], int64_t number)
{
    uint64_t bits = (uint64_t)number ^ ((uint64_t)1 << 63);

    for (int i = 0; i < 8; i++)
        out[i] = (char)(bits >> (56 - 8 * i));
}

static bool integer(struct arena *arena, struct octets value,
                    enum value_part part, struct octets *key_out)
{
    char *key = arena_alloc(arena, 9);
    long long number = 0;

    (void)part;
    if (!value_integer(value, &number))
        return false;
    put_number(key, number);
    *key_out = (struct octets){ key, 8 };
    return true;
}

static bool boolean(struct arena *arena, struct octets value,
                    enum value_part part, struct octets *key_out)
{
    (void)arena;
    (void)part;
    *key_out = octets_of(
        str_is_nocase(value.data, value.len, "TRUE") ? "TRUE" : "FALSE");
    return str_is_nocase(value.data, value.len, key_out->data);
}

/* Two digits within a range; -1: there are none. */
static int two_digits(const char **at, int least, int most)
{
    const unsigned char *c = (const unsigned char *)*at;
    int number = -1;

    if (isdigit(c[0]) && isdigit(c[1])) {
        number = (c[0] - '0') * 10 + c[1] - '0';
        *at += 2;
    }
    return number >= least && number <= most ? number : -1;
}

/* ".5" of `unit` seconds, in nanoseconds; no digit: -1. */
static int64_t fraction(const char **at, int64_t unit)
{
    int64_t weight = unit * 1000000000, sum = 0;
    const char *from = ++*at;

    for (; isdigit((unsigned char)**at); ++*at) {
        weight /= 10;
        sum += weight * (**at - '0');
    }
    return *at > from ? sum : -1;
}

/* "Z" or "+0100": seconds east of UTC; false: neither. */
static bool offset(const char *at, int64_t *seconds_out)
{
    int sign = *at == '-' ? -1 : 1, hours = 0, minutes = 0;

    *seconds_out = 0;
    if (*at == 'Z')
        return at[1] == '\0';
    if (*at != '+' && *at != '-')
        return false;
    at++;
    hours = two_digits(&at, 0, 23);
    if (*at != '\0')
        minutes = two_digits(&at, 0, 59);
    *seconds_out = sign * (hours * 3600 + minutes * 60);
    return *at == '\0' && hours >= 0 && minutes >= 0;
}

/* RFC 4517, 3.3.13: "199412161032Z"; minutes and seconds may be missing. */
static bool generalized_time(const char *at, int64_t *seconds_out,
                             int64_t *nanoseconds_out)
{
    int century = two_digits(&at, 0, 99), year = two_digits(&at, 0, 99);
    int month = two_digits(&at, 1, 12), day = two_digits(&at, 1, 31);
    int hour = two_digits(&at, 0, 23), minute = 0, second = 0;
    int64_t unit = 3600, part = 0, east = 0;

    if (century < 0 || year < 0 || month < 0 || day < 0 || hour < 0)
        return false;
    if (isdigit((unsigned char)*at)) {
        minute = two_digits(&at, 0, 59);
        unit = 60;
    }
    if (unit == 60 && isdigit((unsigned char)*at)) {
        second = two_digits(&at, 0, 60);
        unit = 1;
    }
    if (*at == '.' || *at == ',')
        part = fraction(&at, unit);
    if (minute < 0 || second < 0 || part < 0 || !offset(at, &east))
        return false;
    *seconds_out = time_day_from_civil(century * 100 + year, (unsigned)month,
                                       (unsigned)day) *
                       86400 +
                   hour * 3600 + minute * 60 + second - east +
                   part / 1000000000;
    *nanoseconds_out = part % 1000000000;
    return true;
}

static bool instant(struct arena *arena, struct octets value,
                    enum value_part part, struct octets *key_out)
{
    const char *text = octets_text(value);
    char *key = arena_alloc(arena, 17);
    int64_t seconds = 0, nanoseconds = 0;

    (void)part;
    if (text == NULL || !generalized_time(text, &seconds, &nanoseconds))
        return false;
    put_number(key, seconds);
    put_number(key + 8, nanoseconds);
    *key_out = (struct octets){ key, 16 };
    return true;
}

static bool octets(struct arena *arena, struct octets value,
                   enum value_part part, struct octets *key_out)
{
    (void)arena;
    (void)part;
    *key_out = value;
    return true;
}

/* --- All of them --------------------------------------------------------- */

/* clang-format off */
static bool (*const keys[VALUE_KINDS])(struct arena *arena, struct octets value,
                                       enum value_part part,
                                       struct octets *key_out) = {
    [VALUE_TEXT]       = no_case,
    [VALUE_EXACT_TEXT] = exact,
    [VALUE_LOOSE_TEXT] = loose,
    [VALUE_NUMERIC]    = numeric,
    [VALUE_PHONE]      = phone,
    [VALUE_DN]         = dn_value,
    [VALUE_OID]        = oid,
    [VALUE_INTEGER]    = integer,
    [VALUE_BOOLEAN]    = boolean,
    [VALUE_TIME]       = instant,
    [VALUE_UUID]       = uuid,
    [VALUE_OCTETS]     = octets,
};
/* clang-format on */

bool value_key(struct arena *arena, enum value_kind kind, struct octets value,
               enum value_part part, struct octets *key_out)
{
    return keys[kind](arena, value, part, key_out);
}
