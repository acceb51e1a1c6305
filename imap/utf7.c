/*
 * utf7.c - mailbox names on the wire: modified UTF-7
 */
#include "imap/utf7.h"

#include <stdint.h>
#include <string.h>

#include "proxy/base/buf.h"
#include "proxy/base/utf8.h"

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

static bool is_direct(uint32_t c)
{
    return c >= 0x20 && c <= 0x7e;
}

/* Bits that wait to become digits. */
struct writer {
    struct buf *out;
    uint32_t bits;
    unsigned count;
};

static void put_unit(struct writer *writer, uint32_t unit)
{
    writer->bits = writer->bits << 16 | unit;
    writer->count += 16;
    while (writer->count >= 6) {
        writer->count -= 6;
        buf_putc(writer->out, digits[writer->bits >> writer->count & 0x3f]);
    }
    writer->bits &= (1u << writer->count) - 1;
}

static void put_character(struct writer *writer, uint32_t c)
{
    if (c > 0xffff) {
        put_unit(writer, 0xd800 + ((c - 0x10000) >> 10));
        put_unit(writer, 0xdc00 + ((c - 0x10000) & 0x3ff));
    } else {
        put_unit(writer, c);
    }
}

/* Encodes characters up to the next that stands for itself. */
static const char *encode_run(struct buf *out, const char *text,
                              const char *end)
{
    struct writer writer = { .out = out };

    buf_putc(out, '&');
    while (text < end && !is_direct((unsigned char)*text)) {
        uint32_t c = utf8_next(&text, end);

        put_character(&writer, c == UINT32_MAX ? 0xfffd : c);
    }
    if (writer.count > 0)
        buf_putc(out, digits[writer.bits << (6 - writer.count) & 0x3f]);
    buf_putc(out, '-');
    return text;
}

void imap_utf7_encode(struct buf *out, const char *text)
{
    const char *end = text + strlen(text);

    while (text < end) {
        if (!is_direct((unsigned char)*text)) {
            text = encode_run(out, text, end);
            continue;
        }
        buf_putc(out, *text);
        if (*text++ == '&')
            buf_putc(out, '-');
    }
}

static void put_utf8(struct buf *out, uint32_t c)
{
    char bytes[4];

    buf_append(out, bytes, utf8_put(c, bytes));
}

/* Takes one UTF-16 unit; *high keeps a surrogate that waits for its half. */
static bool take_unit(struct buf *out, uint32_t unit, uint32_t *high)
{
    bool low = unit >= 0xdc00 && unit <= 0xdfff;

    if (unit == 0 || low != (*high != 0))
        return false;
    if (unit >= 0xd800 && unit <= 0xdbff) {
        *high = unit;
        return true;
    }
    put_utf8(out,
             low ? 0x10000 + ((*high - 0xd800) << 10) + (unit - 0xdc00) : unit);
    *high = 0;
    return low || !is_direct(unit);
}

/* Decodes from behind the "&"; returns what is behind the "-", or NULL. */
static const char *decode_run(struct buf *out, const char *name)
{
    uint32_t bits = 0;
    uint32_t high = 0;
    unsigned count = 0;

    for (; *name != '-'; name++) {
        const char *digit = *name != '\0' ? strchr(digits, *name) : NULL;

        if (digit == NULL)
            return NULL;
        bits = bits << 6 | (uint32_t)(digit - digits);
        count += 6;
        if (count >= 16) {
            count -= 16;
            if (!take_unit(out, bits >> count & 0xffff, &high))
                return NULL;
            bits &= (1u << count) - 1;
        }
    }
    /* Left-over bits are fewer than a digit, and zero. */
    return count < 6 && bits == 0 && high == 0 ? name + 1 : NULL;
}

bool imap_utf7_decode(struct buf *out, const char *name)
{
    bool after_run = false;

    while (*name != '\0') {
        if (!is_direct((unsigned char)*name))
            return false;
        if (*name != '&') {
            buf_putc(out, *name++);
            after_run = false;
        } else if (name[1] == '-') {
            buf_putc(out, '&');
            name += 2;
            after_run = false;
        } else {
            /* Two runs in a row would be one. */
            name = after_run ? NULL : decode_run(out, name + 1);
            if (name == NULL)
                return false;
            after_run = true;
        }
    }
    return true;
}
