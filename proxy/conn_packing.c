/*
 * conn_packing.c - compressing what a client and we say to each other
 */
#include "proxy/conn_packing.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>

#include <zlib.h>

#include "proxy/base/buf.h"
#include "proxy/base/memory.h"

/* The client may refer to what he has said so long ago. */
#define HISTORY 32768

/* Ours is smaller: 2^(14+2) and 2^(7+9) octets for zlib. */
#define OUR_WINDOW 14
#define OUR_MEMORY 7

struct packing {
    z_stream *packer;   /* NULL while it rests */
    z_stream *unpacker; /* NULL while it rests */
    struct buf history; /* what a new unpacker has to know */
    struct buf received;
    bool failed;
    bool more; /* the unpacker may hold what had no room */
};

struct packing *packing_new(void)
{
    struct packing *packing = memory_new(sizeof *packing);

    buf_init(&packing->received, NULL);
    buf_init(&packing->history, NULL);
    return packing;
}

static void end_packer(struct packing *packing)
{
    if (packing->packer != NULL)
        deflateEnd(packing->packer);
    free(packing->packer);
    packing->packer = NULL;
}

static void end_unpacker(struct packing *packing)
{
    if (packing->unpacker != NULL)
        inflateEnd(packing->unpacker);
    free(packing->unpacker);
    packing->unpacker = NULL;
}

void packing_free(struct packing **packing)
{
    if (*packing == NULL)
        return;
    end_packer(*packing);
    end_unpacker(*packing);
    buf_fini(&(*packing)->received);
    buf_fini(&(*packing)->history);
    free(*packing);
    *packing = NULL;
}

/* --- In ------------------------------------------------------------------ */

static void begin_unpacker(struct packing *packing)
{
    struct buf *history = &packing->history;

    packing->unpacker = memory_new(sizeof *packing->unpacker);
    if (inflateInit2(packing->unpacker, -MAX_WBITS) != Z_OK)
        memory_exhausted();
    if (history->len > 0)
        inflateSetDictionary(packing->unpacker, (const Bytef *)history->data,
                             (uInt)history->len);
    buf_fini(history);
}

void packing_receive(struct packing *packing, const char *data, size_t len)
{
    if (len > 0 && !packing->failed)
        buf_append(&packing->received, data, len);
}

bool packing_has_input(const struct packing *packing)
{
    return !packing->failed && (packing->received.len > 0 || packing->more);
}

bool packing_failed(const struct packing *packing)
{
    return packing->failed;
}

size_t packing_read(struct packing *packing, char *out, size_t len)
{
    struct buf *received = &packing->received;

    if (len == 0 || !packing_has_input(packing))
        return 0;
    if (packing->unpacker == NULL)
        begin_unpacker(packing);

    z_stream *stream = packing->unpacker;
    stream->next_in = (Bytef *)received->data;
    stream->avail_in = (uInt)received->len;
    stream->next_out = (Bytef *)out;
    stream->avail_out = (uInt)len;
    int result = inflate(stream, Z_SYNC_FLUSH);
    buf_consume(received, received->len - stream->avail_in);
    if (received->len == 0)
        buf_fini(received);
    packing->more = stream->avail_out == 0;
    packing->failed = result != Z_OK && result != Z_BUF_ERROR;
    return len - stream->avail_out;
}

/* Keeps what the client may refer to, where a block has ended at the end of an
 * octet; elsewhere zlib alone knows where it is. */
static void rest_unpacker(struct packing *packing)
{
    static const int block_ended = 128, bits_unused = 7;
    uInt len = HISTORY;

    if (packing->unpacker == NULL || packing_has_input(packing) ||
        (packing->unpacker->data_type & block_ended) == 0 ||
        (packing->unpacker->data_type & bits_unused) != 0)
        return;
    inflateGetDictionary(packing->unpacker, NULL, &len);
    inflateGetDictionary(packing->unpacker,
                         (Bytef *)buf_reserve(&packing->history, len), &len);
    buf_commit(&packing->history, len);
    end_unpacker(packing);
}

/* --- Out ----------------------------------------------------------------- */

static void begin_packer(struct packing *packing)
{
    packing->packer = memory_new(sizeof *packing->packer);
    if (deflateInit2(packing->packer, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
                     -OUR_WINDOW, OUR_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        memory_exhausted();
}

void packing_write(struct packing *packing, const char *data, size_t len,
                   struct buf *out)
{
    assert(len <= UINT_MAX);
    if (packing->packer == NULL)
        begin_packer(packing);

    z_stream *stream = packing->packer;
    stream->next_in = (Bytef *)data;
    stream->avail_in = (uInt)len;
    do {
        size_t room = len / 2 + 256;

        stream->next_out = (Bytef *)buf_reserve(out, room);
        stream->avail_out = (uInt)room;
        int result = deflate(stream, Z_SYNC_FLUSH);
        assert(result == Z_OK || result == Z_BUF_ERROR);
        (void)result;
        buf_commit(out, room - stream->avail_out);
    } while (stream->avail_out == 0);
}

void packing_rest(struct packing *packing)
{
    /* After a flush a new block begins, and one that refers to nothing before
     * it may be any compressor's. */
    end_packer(packing);
    rest_unpacker(packing);
}
