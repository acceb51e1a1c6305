/*
 * base64.h - RFC 4648, section 4, in pieces of any size
 */
#ifndef POSTERN_BASE_BASE64_H
#define POSTERN_BASE_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* The characters that `len` bytes become, padding included. */
uint64_t base64_encoded_size(uint64_t len);

/* Writes base64_encoded_size(len) characters, no NUL, and returns how many. */
size_t base64_encode(const void *data, size_t len, char *out);

/* Decodes a whole text.  White space is skipped; anything else that does not
 * belong makes it NULL.  The result is in the arena and NUL-terminated. */
char *base64_decode(struct arena *arena, const char *text, size_t len,
                    size_t *len_out);

/* Decodes a text that comes in pieces.  Start with all zeros. */
struct base64_decoder {
    uint32_t bits;
    int count;
    bool padded;
};

/* Decodes one piece into `out` (room for len / 4 * 3 + 3 bytes) and says how
 * many bytes came out; false for characters that do not belong. */
bool base64_decoder_feed(struct base64_decoder *decoder, const char *text,
                         size_t len, char *out, size_t *len_out);

/* Whether the text ended where a base64 text may end. */
bool base64_decoder_end(const struct base64_decoder *decoder);

#endif
