/*
 * lzx.c - compresses as files of offline address books are (MS-OXOAB 2.11,
 * MS-PATCH)
 *
 * A file is a header and blocks of up to 256 KB, each compressed by itself.
 * Within a block, 32 KB are a frame, which begins with its length and ends on a
 * word.  A frame holds literals and matches of what came before it; the first
 * one tells the lengths of their codes.
 *
 * A patch says the same of one edition after another: each of its blocks may
 * match what stands in the same block of the edition before, as if that stood
 * in front of it.
 *
 * What real encoders choose for each block is fixed here: all codes of a tree
 * have the shortest two lengths that make it complete, so that a tree is told
 * in a bit for each of its symbols.
 */
#include "tests/exchange/lzx.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "proxy/base/buf.h"
#include "proxy/base/memory.h"

#define BLOCK 0x40000
#define PATCH_BLOCK 0x80000
#define FRAME 0x8000
#define LITERALS 256
#define LENGTHS 249
#define SHORTEST 3
#define LONGEST 256
#define HASHES 0x80000
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
    size_t before;   /* how much of it is known already */
    size_t len;      /* how much is not */
    size_t distance; /* to the last match; 0: none yet */
    size_t hashed;   /* octets of which a hash is made */
    struct tree main;
    struct tree lengths;
    uint32_t slots[SLOTS]; /* where each begins */
    unsigned extra[SLOTS]; /* how many bits follow it */
    uint32_t last[HASHES]; /* where such octets were, and 1 */
};

/* By the size of the window; what stands in front takes whole frames of it. */
static unsigned slots_for(const struct encoder *encoder)
{
    static const unsigned slots[] = { 34, 36, 38, 42, SLOTS };
    size_t window =
        (encoder->before + FRAME - 1) / FRAME * FRAME + encoder->len;
    unsigned i = 0;

    while (window > (size_t)0x20000 << i)
        i++;
    return slots[i];
}

static void find_slots(struct encoder *encoder)
{
    uint32_t base = 0;

    for (unsigned i = 0; i < SLOTS; i++) {
        encoder->slots[i] = base;
        encoder->extra[i] = i < 4 ? 0 : i < 36 ? i / 2 - 1 : 17;
        base += 1u << encoder->extra[i];
    }
}

/* Where octets of the same hash were last, and 1. */
static uint32_t *last_of(struct encoder *encoder, size_t at)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < encoder->hashed; i++)
        hash = (hash ^ encoder->data[at + i]) * 16777619u;
    return &encoder->last[(hash ^ hash >> 15) % HASHES];
}

static size_t match_at(const struct encoder *encoder, size_t at, size_t limit,
                       size_t distance)
{
    size_t len = 0;

    while (len < limit &&
           encoder->data[at - distance + len] == encoder->data[at + len])
        len++;
    return len;
}

/* How long the match is, up to a limit, with what last had the same hash or is
 * as far away as the last one. */
static size_t match(struct encoder *encoder, size_t at, size_t end,
                    size_t *offset)
{
    size_t limit = end - at < LONGEST ? end - at : LONGEST;
    size_t longest = 0, len = 0;

    if (encoder->distance > 0 && encoder->distance <= at) {
        *offset = encoder->distance;
        longest = match_at(encoder, at, limit, *offset);
    }
    if (limit < encoder->hashed)
        return longest;
    uint32_t *last = last_of(encoder, at);
    size_t distance = at + 1 - *last;
    bool known = *last != 0;
    *last = (uint32_t)at + 1;
    if (known)
        len = match_at(encoder, at, limit, distance);
    if (len <= longest)
        return longest;
    *offset = distance;
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
        encoder->distance = offset;
        at += len;
    }
    end_word(&encoder->bits);
}

static void learn(struct encoder *encoder)
{
    for (size_t at = 0; at + encoder->hashed <= encoder->before; at++)
        *last_of(encoder, at) = (uint32_t)at + 1;
    encoder->distance = encoder->before;
}

/* Of `data`, so many octets are known already, and so many come behind them. */
static void compress_block(struct buf *out, const unsigned char *data,
                           size_t before, size_t len)
{
    struct encoder *encoder = memory_new(sizeof *encoder);
    struct buf frame;

    buf_init(&frame, NULL);
    encoder->bits.out = &frame;
    encoder->data = data;
    encoder->before = before;
    encoder->len = len;
    encoder->hashed = before > 0 ? 8 : SHORTEST;
    encoder->main = tree_of(LITERALS + slots_for(encoder) * 8);
    encoder->lengths = tree_of(LENGTHS);
    find_slots(encoder);
    learn(encoder);
    for (size_t at = 0; at < len; at += FRAME) {
        size_t end = len - at < FRAME ? len : at + FRAME;

        if (at == 0)
            begin_block(encoder);
        put_frame(encoder, before + at, before + end);
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
        compress_block(&packed, data, 0, len);
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

/* --- Patches ------------------------------------------------------------- */

static void pack_change(struct buf *out, const unsigned char *before,
                        size_t before_len, const unsigned char *data,
                        size_t len)
{
    unsigned char *both = memory_new(before_len + len);
    struct buf packed;

    buf_init(&packed, NULL);
    if (before_len > 0)
        memcpy(both, before, before_len);
    memcpy(both + before_len, data, len);
    compress_block(&packed, both, before_len, len);
    put_number(out, packed.len);
    put_number(out, len);
    put_number(out, before_len);
    put_number(out, lzx_crc(data, len));
    buf_append(out, packed.data, packed.len);
    buf_fini(&packed);
    free(both);
}

static size_t piece(size_t len, size_t at)
{
    size_t left = at < len ? len - at : 0;

    return left < PATCH_BLOCK ? left : PATCH_BLOCK;
}

void lzx_pack_patch(struct buf *out, const unsigned char *before,
                    size_t before_len, const unsigned char *data, size_t len)
{
    put_number(out, 3);
    put_number(out, 2);
    put_number(out, PATCH_BLOCK);
    put_number(out, before_len);
    put_number(out, len);
    put_number(out, lzx_crc(before, before_len));
    put_number(out, lzx_crc(data, len));
    for (size_t at = 0; at < len; at += PATCH_BLOCK)
        pack_change(out, before + (at < before_len ? at : 0),
                    piece(before_len, at), data + at, piece(len, at));
}
