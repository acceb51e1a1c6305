/*
 * lzx.c - compresses as files of offline address books are (MS-OXOAB 2.11,
 * MS-PATCH)
 *
 * A file is a header and blocks of up to 256 KB, each compressed by itself.
 * Within a block, 32 KB are a frame, which begins with its length and ends on a
 * word.  A frame holds literals and matches of what came before it; the first
 * one tells the lengths of their codes.
 *
 * What real encoders choose for each block is fixed here: all codes of a tree
 * have the shortest two lengths that make it complete, so that a tree is told
 * in a bit for each of its symbols.
 */
#include "tests/exchange/lzx.h"

#include <stdlib.h>

#include <zlib.h>

#include "proxy/base/buf.h"
#include "proxy/base/memory.h"

#define BLOCK 0x40000
#define FRAME 0x8000
#define LITERALS 256
#define LENGTHS 249
#define SHORTEST 3
#define LONGEST 256
#define HASHES 0x8000
#define SLOTS 50

uint32_t lzx_crc(const void *data, size_t len)
{
    uLong crc = crc32(0, Z_NULL, 0);

    while (len > 0) {
        uInt piece = len < 0x40000000 ? (uInt)len : 0x40000000;

        crc = crc32(crc, data, piece);
        data = (const char *)data + piece;
        len -= piece;
    }
    return ~(uint32_t)crc;
}

/* --- Bits ---------------------------------------------------------------- */

/* Bits fill 16-bit words from the top; words are written low octet first. */
struct bits {
    struct buf *out;
    uint32_t word;
    unsigned count;
};

static void put_word(struct buf *out, uint32_t word)
{
    buf_putc(out, (char)(word & 0xff));
    buf_putc(out, (char)(word >> 8 & 0xff));
}

static void put_bits(struct bits *bits, uint32_t value, unsigned count)
{
    while (count-- > 0) {
        bits->word = bits->word << 1 | (value >> count & 1);
        if (++bits->count == 16) {
            put_word(bits->out, bits->word);
            bits->word = bits->count = 0;
        }
    }
}

static void end_word(struct bits *bits)
{
    while (bits->count != 0)
        put_bits(bits, 0, 1);
}

/* --- Trees --------------------------------------------------------------- */

/* A complete code in which the first symbols have `bits` bits and the others
 * one more. */
struct tree {
    unsigned symbols;
    unsigned bits;
    unsigned first; /* how many of the shorter ones */
};

static struct tree tree_of(unsigned symbols)
{
    struct tree tree = { .symbols = symbols };

    while (2u << tree.bits <= symbols)
        tree.bits++;
    tree.first = (2u << tree.bits) - symbols;
    return tree;
}

static void put_symbol(struct bits *bits, const struct tree *tree,
                       unsigned symbol)
{
    if (symbol < tree->first)
        put_bits(bits, symbol, tree->bits);
    else
        put_bits(bits, tree->first + symbol, tree->bits + 1);
}

/* The lengths of some symbols, each as the difference to what it was before,
 * which is 0, and that by a tree of two: its own lengths come first. */
static void put_lengths(struct bits *bits, const struct tree *tree,
                        unsigned from, unsigned to)
{
    unsigned shorter = 17 - tree->bits, longer = shorter - 1;

    for (unsigned i = 0; i < 20; i++)
        put_bits(bits, i == shorter || i == longer, 4);
    for (unsigned i = from; i < to; i++)
        put_bits(bits, i < tree->first, 1);
}

/* --- Matches ------------------------------------------------------------- */

struct encoder {
    struct bits bits;
    const unsigned char *data;
    size_t len;
    struct tree main;
    struct tree lengths;
    uint32_t slots[SLOTS]; /* where each begins */
    unsigned extra[SLOTS]; /* how many bits follow it */
    uint32_t last[HASHES]; /* where such octets were, and 1 */
};

/* 2^17 octets have 34 slots, 2^18 have 36. */
static unsigned slots_for(size_t len)
{
    return len > 0x20000 ? 36 : 34;
}

static void find_slots(struct encoder *encoder)
{
    uint32_t base = 0;

    for (unsigned i = 0; i < SLOTS; i++) {
        encoder->slots[i] = base;
        encoder->extra[i] = i < 4 ? 0 : i / 2 - 1;
        base += 1u << encoder->extra[i];
    }
}

static unsigned hash_of(const unsigned char *at)
{
    return ((unsigned)at[0] << 7 ^ (unsigned)at[1] << 4 ^
            (unsigned)at[2] * 37) %
           HASHES;
}

/* How long the match is with what last had the same hash, up to a limit. */
static size_t match(struct encoder *encoder, size_t at, size_t end,
                    size_t *offset)
{
    size_t limit = end - at < LONGEST ? end - at : LONGEST;
    size_t from, len = 0;

    if (limit < SHORTEST)
        return 0;
    uint32_t *last = &encoder->last[hash_of(encoder->data + at)];
    from = *last;
    *last = (uint32_t)at + 1;
    if (from == 0)
        return 0;
    *offset = at - (from - 1);
    while (len < limit &&
           encoder->data[from - 1 + len] == encoder->data[at + len])
        len++;
    return len;
}

/* The three last offsets have slots of their own, which are not used. */
static void put_match(struct encoder *encoder, size_t len, size_t offset)
{
    uint32_t place = (uint32_t)offset + 2;
    unsigned header = len - 2 < 7 ? (unsigned)len - 2 : 7;
    unsigned slot = 3;

    while (slot + 1 < SLOTS && encoder->slots[slot + 1] <= place)
        slot++;
    put_symbol(&encoder->bits, &encoder->main, LITERALS + slot * 8 + header);
    if (header == 7)
        put_symbol(&encoder->bits, &encoder->lengths, (unsigned)len - 2 - 7);
    put_bits(&encoder->bits, place - encoder->slots[slot],
             encoder->extra[slot]);
}

/* --- Frames and blocks --------------------------------------------------- */

/* No translation of calls, one verbatim block of everything, its trees. */
static void begin_block(struct encoder *encoder)
{
    struct bits *bits = &encoder->bits;

    put_bits(bits, 0, 1);
    put_bits(bits, 1, 3);
    put_bits(bits, (uint32_t)encoder->len, 24);
    put_lengths(bits, &encoder->main, 0, LITERALS);
    put_lengths(bits, &encoder->main, LITERALS, encoder->main.symbols);
    put_lengths(bits, &encoder->lengths, 0, LENGTHS);
}

static void put_frame(struct encoder *encoder, size_t from, size_t to)
{
    for (size_t at = from; at < to;) {
        size_t offset = 0;
        size_t len = match(encoder, at, to, &offset);

        if (len < SHORTEST) {
            put_symbol(&encoder->bits, &encoder->main, encoder->data[at++]);
            continue;
        }
        put_match(encoder, len, offset);
        at += len;
    }
    end_word(&encoder->bits);
}

static void compress_block(struct buf *out, const unsigned char *data,
                           size_t len)
{
    struct encoder *encoder = memory_new(sizeof *encoder);
    struct buf frame;

    buf_init(&frame, NULL);
    encoder->bits.out = &frame;
    encoder->data = data;
    encoder->len = len;
    encoder->main = tree_of(LITERALS + slots_for(len) * 8);
    encoder->lengths = tree_of(LENGTHS);
    find_slots(encoder);
    for (size_t at = 0; at < len; at += FRAME) {
        if (at == 0)
            begin_block(encoder);
        put_frame(encoder, at, len - at < FRAME ? len : at + FRAME);
        put_word(out, (uint32_t)frame.len);
        buf_append(out, frame.data, frame.len);
        buf_clear(&frame);
    }
    buf_fini(&frame);
    free(encoder);
}

static void put_number(struct buf *out, size_t value)
{
    put_word(out, (uint32_t)value & 0xffff);
    put_word(out, (uint32_t)value >> 16);
}

static void pack_block(struct buf *out, const unsigned char *data, size_t len,
                       bool compressed)
{
    struct buf packed;

    buf_init(&packed, NULL);
    if (compressed)
        compress_block(&packed, data, len);
    compressed = compressed && packed.len < len;
    put_number(out, compressed);
    put_number(out, compressed ? packed.len : len);
    put_number(out, len);
    put_number(out, lzx_crc(data, len));
    if (compressed)
        buf_append(out, packed.data, packed.len);
    else
        buf_append(out, data, len);
    buf_fini(&packed);
}

void lzx_pack(struct buf *out, const unsigned char *data, size_t len,
              bool compressed)
{
    put_number(out, 3);
    put_number(out, 1);
    put_number(out, BLOCK);
    put_number(out, len);
    for (size_t at = 0; at < len; at += BLOCK)
        pack_block(out, data + at, len - at < BLOCK ? len - at : BLOCK,
                   compressed);
}
