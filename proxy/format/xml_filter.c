/*
 * xml_filter.c - see xml_filter.h
 *
 * Plain runs pass as they are.  What begins with '&' or with a byte above 0x7f
 * is held until it is whole, and then judged.
 */
#include "proxy/format/xml_filter.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/utf8.h"

#define BYTE_ORDER_MARK 0xfeff

static bool is_plain(unsigned char c)
{
    return (c >= 0x20 && c < 0x80 && c != '&') || c == '\t' || c == '\n' ||
           c == '\r';
}

/* XML 1.0, 2.2: Char */
static bool is_legal(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0xd800) ||
           (c >= 0xe000 && c < 0xfffe) || (c >= 0x10000 && c < 0x110000);
}

/* Whatever follows half of a surrogate pair, the half has lost its partner. */
static bool put(struct xml_filter *filter, const char *data, size_t len)
{
    filter->high = 0;
    filter->begun = true;
    return len == 0 || filter->out(filter->context, data, len);
}

static bool put_character(struct xml_filter *filter, uint32_t character)
{
    char bytes[4];

    return put(filter, bytes, utf8_put(character, bytes));
}

/* One half of a pair: the second one makes a character of both. */
static bool put_surrogate(struct xml_filter *filter, uint32_t half)
{
    uint32_t high = filter->high;

    if (half < 0xdc00) {
        filter->high = half;
        return true;
    }
    if (high == 0)
        return true;
    return put_character(filter,
                         0x10000 + ((high - 0xd800) << 10) + (half - 0xdc00));
}

static bool put_reference(struct xml_filter *filter)
{
    char number[XML_FILTER_HELD];
    size_t len = filter->held_len - 3;
    bool hex = filter->held[2] == 'x';
    char *end;

    memcpy(number, filter->held + 2, len);
    number[len] = '\0';
    unsigned long value = strtoul(number + hex, &end, hex ? 16 : 10);

    if (end == number + hex || *end != '\0')
        return put(filter, filter->held, filter->held_len);
    if (value >= 0xd800 && value < 0xe000)
        return put_surrogate(filter, (uint32_t)value);
    if (value > 0x10ffff || !is_legal((uint32_t)value))
        return true;
    return put(filter, filter->held, filter->held_len);
}

static bool put_multibyte(struct xml_filter *filter)
{
    const unsigned char *held = (const unsigned char *)filter->held;
    const char *text = filter->held;
    uint32_t character = utf8_next(&text, filter->held + filter->held_len);

    if (character == BYTE_ORDER_MARK && !filter->begun) {
        filter->begun = true;
        return true;
    }
    if (character != UINT32_MAX)
        return !is_legal(character) ||
               put(filter, filter->held, filter->held_len);
    if (filter->held_len == 3 && held[0] == 0xed && held[1] >= 0xa0)
        return put_surrogate(filter, 0xd000u | (held[1] & 0x3fu) << 6 |
                                         (held[2] & 0x3fu));
    return put_character(filter, 0xfffd);
}

static size_t multibyte_length(unsigned char first)
{
    if (first >= 0xf0 && first < 0xf8)
        return 4;
    if (first >= 0xe0)
        return first < 0xf0 ? 3 : 1;
    return first >= 0xc0 ? 2 : 1;
}

/* Adds `c` to a character's bytes.  `*used` tells whether it belongs to them.
 */
static bool hold_multibyte(struct xml_filter *filter, unsigned char c,
                           bool *used)
{
    *used = (c & 0xc0) == 0x80;
    if (*used)
        filter->held[filter->held_len++] = (char)c;
    if (*used &&
        filter->held_len < multibyte_length((unsigned char)filter->held[0]))
        return true;
    bool go_on = put_multibyte(filter);
    filter->held_len = 0;
    return go_on;
}

static bool is_reference_character(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
           (c >= 'A' && c <= 'F') || c == 'x';
}

/* The same for a reference by number. */
static bool hold_reference(struct xml_filter *filter, unsigned char c,
                           bool *used)
{
    bool go_on;

    *used = true;
    if (filter->held_len == 1 ? c == '#' : is_reference_character(c)) {
        filter->held[filter->held_len++] = (char)c;
        if (filter->held_len < XML_FILTER_HELD)
            return true;
        go_on = put(filter, filter->held, filter->held_len);
    } else if (c == ';' && filter->held_len > 2) {
        filter->held[filter->held_len++] = ';';
        go_on = put_reference(filter);
    } else {
        *used = false;
        go_on = put(filter, filter->held, filter->held_len);
    }
    filter->held_len = 0;
    return go_on;
}

static bool hold(struct xml_filter *filter, unsigned char c, bool *used)
{
    if (filter->held[0] == '&')
        return hold_reference(filter, c, used);
    return hold_multibyte(filter, c, used);
}

/* The first byte of what is not plain. */
static bool begin(struct xml_filter *filter, unsigned char c)
{
    if (c < 0x20)
        return true;
    if (c >= 0x80 && multibyte_length(c) == 1)
        return put_character(filter, 0xfffd);
    filter->held[0] = (char)c;
    filter->held_len = 1;
    return true;
}

bool xml_filter_feed(struct xml_filter *filter, const char *data, size_t len)
{
    const char *end = data + len;
    bool go_on = true;

    while (go_on && data < end) {
        if (filter->held_len > 0) {
            bool used;
            go_on = hold(filter, (unsigned char)*data, &used);
            data += used;
            continue;
        }
        const char *start = data;
        while (data < end && is_plain((unsigned char)*data))
            data++;
        if (data > start)
            go_on = put(filter, start, (size_t)(data - start));
        if (go_on && data < end)
            go_on = begin(filter, (unsigned char)*data++);
    }
    return go_on;
}

bool xml_filter_finish(struct xml_filter *filter)
{
    size_t len = filter->held_len;

    filter->held_len = 0;
    return len == 0 || put(filter, filter->held, len);
}
