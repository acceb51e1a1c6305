/*
 * base64.c - RFC 4648, section 4, in pieces of any size
 */
#include "proxy/base/base64.h"

#include "proxy/base/arena.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

uint64_t base64_encoded_size(uint64_t len)
{
    return len / 3 * 4 + (len % 3 > 0 ? 4 : 0);
}

size_t base64_encode(const void *data, size_t len, char *out)
{
    const unsigned char *in = data;
    char *start = out;

    for (; len >= 3; len -= 3, in += 3) {
        *out++ = alphabet[in[0] >> 2];
        *out++ = alphabet[(in[0] & 3) << 4 | in[1] >> 4];
        *out++ = alphabet[(in[1] & 15) << 2 | in[2] >> 6];
        *out++ = alphabet[in[2] & 63];
    }
    if (len > 0) {
        unsigned second = len > 1 ? in[1] : 0;

        *out++ = alphabet[in[0] >> 2];
        *out++ = alphabet[(in[0] & 3u) << 4 | second >> 4];
        *out++ = len > 1 ? alphabet[(second & 15) << 2] : '=';
        *out++ = '=';
    }
    return (size_t)(out - start);
}

/* What a character stands for; the classes below for those that stand for
 * none. */
enum { WHITE = 64, PADDING, BAD };

static unsigned value_of(unsigned char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26u;
    if (c >= '0' && c <= '9')
        return c - '0' + 52u;
    switch (c) {
    case '+':
        return 62;
    case '/':
        return 63;
    case '=':
        return PADDING;
    case ' ':
    case '\t':
    case '\r':
    case '\n':
        return WHITE;
    default:
        return BAD;
    }
}

/* Takes one '='; there may be as many as are missing from a group of four. */
static bool take_padding(struct base64_decoder *decoder)
{
    if (decoder->count < 2)
        return false;
    decoder->padded = true;
    decoder->count = (decoder->count + 1) % 4;
    return true;
}

bool base64_decoder_feed(struct base64_decoder *decoder, const char *text,
                         size_t len, char *out, size_t *len_out)
{
    char *start = out;

    for (size_t i = 0; i < len; i++) {
        unsigned value = value_of((unsigned char)text[i]);

        if (value == WHITE)
            continue;
        if (value == PADDING && take_padding(decoder))
            continue;
        if (value > 63 || decoder->padded)
            return false;

        decoder->bits = decoder->bits << 6 | value;
        if (decoder->count > 0)
            *out++ = (char)(decoder->bits >> (6 - 2 * decoder->count));
        decoder->count = (decoder->count + 1) % 4;
    }
    *len_out = (size_t)(out - start);
    return true;
}

bool base64_decoder_end(const struct base64_decoder *decoder)
{
    return decoder->count == 0;
}

char *base64_decode(struct arena *arena, const char *text, size_t len,
                    size_t *len_out)
{
    struct base64_decoder decoder = { 0 };
    char *out = arena_alloc(arena, len / 4 * 3 + 4);

    if (!base64_decoder_feed(&decoder, text, len, out, len_out) ||
        !base64_decoder_end(&decoder))
        return NULL;
    out[*len_out] = '\0';
    return out;
}
