/*
 * search_bits.h - a set of messages, one bit for each number
 *
 * Bit n is the message of number n + 1.
 */
#ifndef POSTERN_IMAP_SEARCH_BITS_H
#define POSTERN_IMAP_SEARCH_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/arena.h"

static inline size_t bits_words(size_t count)
{
    return (count + 63) / 64;
}

static inline uint64_t *bits_new(struct arena *arena, size_t count)
{
    return arena_array(arena, bits_words(count), sizeof(uint64_t));
}

static inline bool bits_has(const uint64_t *bits, size_t n)
{
    return (bits[n / 64] >> (n % 64) & 1) != 0;
}

static inline void bits_add(uint64_t *bits, size_t n)
{
    bits[n / 64] |= UINT64_C(1) << (n % 64);
}

static inline void bits_remove(uint64_t *bits, size_t n)
{
    bits[n / 64] &= ~(UINT64_C(1) << (n % 64));
}

static inline uint64_t *bits_copy(struct arena *arena, const uint64_t *bits,
                                  size_t count)
{
    return arena_memdup(arena, bits, bits_words(count) * sizeof(uint64_t));
}

static inline void bits_keep(uint64_t *bits, const uint64_t *others,
                             size_t count)
{
    for (size_t i = 0; i < bits_words(count); i++)
        bits[i] &= others[i];
}

static inline void bits_drop(uint64_t *bits, const uint64_t *others,
                             size_t count)
{
    for (size_t i = 0; i < bits_words(count); i++)
        bits[i] &= ~others[i];
}

static inline void bits_join(uint64_t *bits, const uint64_t *others,
                             size_t count)
{
    for (size_t i = 0; i < bits_words(count); i++)
        bits[i] |= others[i];
}

static inline size_t bits_count(const uint64_t *bits, size_t count)
{
    size_t total = 0;
    for (size_t i = 0; i < bits_words(count); i++) {
        for (uint64_t word = bits[i]; word != 0; word &= word - 1)
            total++;
    }
    return total;
}

static inline bool bits_empty(const uint64_t *bits, size_t count)
{
    for (size_t i = 0; i < bits_words(count); i++) {
        if (bits[i] != 0)
            return false;
    }
    return true;
}

#endif
