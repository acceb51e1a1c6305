/*
 * lzx.h - compresses as files of offline address books are (MS-OXOAB 2.11,
 * MS-PATCH)
 */
#ifndef POSTERN_TESTS_EXCHANGE_LZX_H
#define POSTERN_TESTS_EXCHANGE_LZX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* Writes the whole file of `data`.  Blocks that would not become smaller are
 * stored, and all of them unless `compressed`. */
void lzx_pack(struct buf *out, const unsigned char *data, size_t len,
              bool compressed);

/* Writes the whole file that makes `data` of `before`. */
void lzx_pack_patch(struct buf *out, const unsigned char *before,
                    size_t before_len, const unsigned char *data, size_t len);

/* CRC-32 as Exchange has it, which is not complemented at the end. */
uint32_t lzx_crc(const void *data, size_t len);

#endif
