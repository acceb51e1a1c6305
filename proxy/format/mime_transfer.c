/*
 * mime_transfer.c - Content-Transfer-Encodings: decoding
 */
#include "proxy/format/mime_transfer.h"

#include <string.h>

#include "proxy/base/base64.h"
#include "proxy/base/spool.h"
#include "proxy/base/str.h"

#define PIECE 8192

/* A text that is decoded piece by piece. */
struct decoder {
    struct base64_decoder base64;
    bool ended;     /* base64's padding has come */
    char escape[2]; /* quoted-printable: "=" and what has come after it */
    size_t escaped;
};

/* Writes at most `len` + 2 octets to `out`; how many. */
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

/* What "=" and two more have become; nothing for the end of a line. */
static size_t end_escape(struct decoder *decoder, char last, char *out)
{
    int high = hex_value(decoder->escape[1]), low = hex_value(last);

    decoder->escaped = 0;
    if (decoder->escape[1] == '\r' && last == '\n')
        return 0;
    if (high >= 0 && low >= 0) {
        out[0] = (char)(high * 16 + low);
        return 1;
    }
    memcpy(out, decoder->escape, 2);
    out[2] = last;
    return 3;
}

static size_t decode_quoted(struct decoder *decoder, const char *text,
                            size_t len, char *out)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++) {
        if (decoder->escaped == 1 && text[i] == '\n')
            decoder->escaped = 0;
        else if (decoder->escaped == 2)
            count += end_escape(decoder, text[i], out + count);
        else if (decoder->escaped == 1 || text[i] == '=')
            decoder->escape[decoder->escaped++] = text[i];
        else
            out[count++] = text[i];
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
    char text[PIECE], plain[PIECE + 4];

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
    /* A text that ends within an escape had none. */
    return spool_write(out, decoder.escape, decoder.escaped);
}

bool mime_transfer_has_nul(const struct spool *from, uint64_t offset,
                           uint64_t len)
{
    char text[PIECE];
    long got;

    while (len > 0 && (got = spool_read(from, offset, text,
                                        len < PIECE ? (size_t)len : PIECE)) > 0) {
        if (memchr(text, '\0', (size_t)got) != NULL)
            return true;
        offset += (uint64_t)got;
        len -= (uint64_t)got;
    }
    return false;
}
