/*
 * mime_transfer.c - Content-Transfer-Encodings: decoding
 */
#include "proxy/format/mime_transfer.h"

#include <string.h>

#include "proxy/base/base64.h"
#include "proxy/base/spool.h"
#include "proxy/base/str.h"

#define PIECE 8192

/* White space at the end of a line may be longer, but is no padding then. */
#define HELD_MAX 1024

/* A text that is decoded piece by piece. */
struct decoder {
    struct base64_decoder base64;
    bool ended;          /* base64's padding has come */
    char held[HELD_MAX]; /* quoted-printable: what the next octets decide */
    size_t held_len;
};

/* Writes at most `len` + HELD_MAX octets to `out`; how many. */
typedef size_t decode(struct decoder *decoder, const char *text, size_t len,
                      char *out);

static size_t decode_nothing(struct decoder *decoder, const char *text,
                             size_t len, char *out)
{
    (void)decoder;
    memcpy(out, text, len);
    return len;
}

static bool is_base64(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') || c == '+' || c == '/';
}

static size_t decode_base64(struct decoder *decoder, const char *text,
                            size_t len, char *out)
{
    char clean[PIECE];
    size_t count = 0;

    for (size_t i = 0; i < len && !decoder->ended; i++) {
        if (is_base64(text[i]))
            clean[count++] = text[i];
        decoder->ended = text[i] == '=';
    }
    base64_decoder_feed(&decoder->base64, clean, count, out, &count);
    return count;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Whether `c` goes with what is held back: blanks that may end a line, "=" and
 * a digit, "=" and what may be the end of a line. */
static bool is_held(const struct decoder *decoder, char c)
{
    const char *held = decoder->held;
    size_t len = decoder->held_len;

    if (len == HELD_MAX)
        return false;
    if (len == 0)
        return is_blank(c) || c == '=';
    if (held[0] != '=')
        return is_blank(c);
    if (len == 1)
        return is_blank(c) || c == '\r' || hex_value(c) >= 0;
    return is_blank(held[len - 1]) && (is_blank(c) || c == '\r');
}

static size_t release(struct decoder *decoder, char *out)
{
    size_t len = decoder->held_len;

    memcpy(out, decoder->held, len);
    decoder->held_len = 0;
    return len;
}

/* What is held back and `c`, which ends it (RFC 2045, 6.7: blanks at the end of
 * a line were added on the way). */
static size_t decide(struct decoder *decoder, char c, char *out)
{
    bool is_escape = decoder->held_len > 0 && decoder->held[0] == '=';
    int high = decoder->held_len == 2 ? hex_value(decoder->held[1]) : -1;
    size_t count = 0;

    if (is_escape && high >= 0 && hex_value(c) >= 0) {
        decoder->held_len = 0;
        out[0] = (char)(high * 16 + hex_value(c));
        return 1;
    }
    if (is_escape && high < 0 && c == '\n') {
        decoder->held_len = 0;
        return 0;
    }
    if (!is_escape && (c == '\r' || c == '\n'))
        decoder->held_len = 0;
    count = release(decoder, out);
    if (is_held(decoder, c))
        decoder->held[decoder->held_len++] = c;
    else
        out[count++] = c;
    return count;
}

static size_t decode_quoted(struct decoder *decoder, const char *text,
                            size_t len, char *out)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++) {
        if (is_held(decoder, text[i]))
            decoder->held[decoder->held_len++] = text[i];
        else
            count += decide(decoder, text[i], out + count);
    }
    return count;
}

/* clang-format off */
static const struct {
    const char *name;
    decode *decode;
} encodings[] = {
    { "7bit",             decode_nothing },
    { "8bit",             decode_nothing },
    { "binary",           decode_nothing },
    { "base64",           decode_base64 },
    { "quoted-printable", decode_quoted },
};
/* clang-format on */

static decode *find_decoder(const char *encoding)
{
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++)
        if (str_equal_nocase(encodings[i].name, encoding))
            return encodings[i].decode;
    return NULL;
}

bool mime_transfer_known(const char *encoding)
{
    return find_decoder(encoding) != NULL;
}

bool mime_transfer_is_identity(const char *encoding)
{
    return find_decoder(encoding) == decode_nothing;
}

bool mime_transfer_decode(const struct spool *from, uint64_t offset,
                          uint64_t len, const char *encoding, struct spool *out)
{
    decode *step = find_decoder(encoding);
    struct decoder decoder = { .ended = false };
    char text[PIECE], plain[PIECE + HELD_MAX];

    while (len > 0) {
        long got =
            spool_read(from, offset, text, len < PIECE ? (size_t)len : PIECE);

        if (got <= 0)
            return false;
        size_t count = step(&decoder, text, (size_t)got, plain);
        if (!spool_write(out, plain, count))
            return false;
        offset += (uint64_t)got;
        len -= (uint64_t)got;
    }
    /* A text that ends within an escape had none; blanks at its end are
     * padding, too. */
    return decoder.held_len == 0 || is_blank(decoder.held[0]) ||
           spool_write(out, decoder.held, decoder.held_len);
}

bool mime_transfer_has_nul(const struct spool *from, uint64_t offset,
                           uint64_t len)
{
    char text[PIECE];
    long got;

    while (len > 0 &&
           (got = spool_read(from, offset, text,
                             len < PIECE ? (size_t)len : PIECE)) > 0) {
        if (memchr(text, '\0', (size_t)got) != NULL)
            return true;
        offset += (uint64_t)got;
        len -= (uint64_t)got;
    }
    return false;
}
