/*
 * md4.c - RFC 1320, which NTLM makes of a password
 */
#include "tests/exchange/md4.h"

#include <string.h>

static uint32_t rotate(uint32_t value, unsigned bits)
{
    return value << bits | value >> (32 - bits);
}

static uint32_t choose(uint32_t x, uint32_t y, uint32_t z)
{
    return (x & y) | (~x & z);
}

static uint32_t majority(uint32_t x, uint32_t y, uint32_t z)
{
    return (x & y) | (x & z) | (y & z);
}

static uint32_t parity(uint32_t x, uint32_t y, uint32_t z)
{
    return x ^ y ^ z;
}

/* RFC 1320, 3.4: three rounds of sixteen steps. */
static const struct round {
    uint32_t (*mix)(uint32_t x, uint32_t y, uint32_t z);
    uint32_t constant;
    uint8_t word[16];
    uint8_t shift[4];
} rounds[] = {
    { choose, 0,
      { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
      { 3, 7, 11, 19 } },
    { majority, 0x5a827999,
      { 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15 },
      { 3, 5, 9, 13 } },
    { parity, 0x6ed9eba1,
      { 0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15 },
      { 3, 9, 11, 15 } },
};

static uint32_t read_word(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 |
           (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void digest_block(uint32_t state[4], const uint8_t block[64])
{
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];

    for (size_t r = 0; r < sizeof rounds / sizeof *rounds; r++)
        for (size_t i = 0; i < 16; i++) {
            const struct round *round = &rounds[r];
            uint32_t sum = a + round->mix(b, c, d) + round->constant +
                           read_word(block + 4 * round->word[i]);
            a = d;
            d = c;
            c = b;
            b = rotate(sum, round->shift[i % 4]);
        }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

void md4(const void *data, size_t len, uint8_t out[MD4_SIZE])
{
    uint32_t state[4] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 };
    const uint8_t *bytes = data;
    size_t whole = len / 64 * 64, rest = len - whole;

    for (size_t at = 0; at < whole; at += 64)
        digest_block(state, bytes + at);

    /* The padding: a one, zeros, and the length in bits. */
    uint8_t tail[128] = { 0 };
    size_t tail_len = rest < 56 ? 64 : 128;
    if (rest > 0)
        memcpy(tail, bytes + whole, rest);
    tail[rest] = 0x80;
    for (size_t i = 0; i < 8; i++)
        tail[tail_len - 8 + i] = (uint8_t)((uint64_t)len * 8 >> (8 * i));
    for (size_t at = 0; at < tail_len; at += 64)
        digest_block(state, tail + at);

    for (size_t i = 0; i < MD4_SIZE; i++)
        out[i] = (uint8_t)(state[i / 4] >> (8 * (i % 4)));
}
