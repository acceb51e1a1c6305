/*
 * content.c - see content.h
 */
#include "proxy/exchange/ews/content.h"

#include <string.h>

#include "proxy/base/spool.h"

/* Base64 is decoded in pieces of this many characters. */
#define PIECE 16384

/* Attributes and headers of Exchange count messages in 31 bits: nothing larger
 * is. */
#define LARGEST_MESSAGE (UINT64_C(1) << 31)

void content_begin(struct content *content, const char *directory)
{
    content_drop(content);
    *content =
        (struct content){ .spool = spool_new(directory, LARGEST_MESSAGE) };
}

void content_drop(struct content *content)
{
    spool_free(&content->spool);
}

/* Writes octets with CRLF for each line end, whatever it was; no NULs. */
static void write_lines(struct content *content, const char *data, size_t len)
{
    const char *end = data + len;

    while (data < end && !content->broken) {
        const char *start = data;
        if (content->after_cr) {
            content->after_cr = false;
            content->broken = !spool_write(content->spool, "\r\n", 2);
            data += *data == '\n';
            continue;
        }
        while (data < end && *data != '\r' && *data != '\n' && *data != '\0')
            data++;
        if (data > start)
            content->broken =
                !spool_write(content->spool, start, (size_t)(data - start));
        if (data < end && *data != '\0')
            content->after_cr = true;
        /* A LF is looked at again, as the second half of its line end. */
        data += data < end && *data != '\n';
    }
}

void content_write(struct content *content, const char *text, size_t len)
{
    char plain[PIECE / 4 * 3 + 3];

    while (len > 0 && !content->broken) {
        size_t piece = len < PIECE ? len : PIECE;
        size_t got;
        if (base64_decoder_feed(&content->decoder, text, piece, plain, &got))
            write_lines(content, plain, got);
        else
            content->broken = true;
        text += piece;
        len -= piece;
    }
}

enum status content_end(struct content *content)
{
    if (content->spool == NULL)
        return STATUS_CORRUPT;
    if (content->after_cr && !content->broken)
        content->broken = !spool_write(content->spool, "\r\n", 2);
    content->after_cr = false;
    if (spool_failed(content->spool) != SPOOL_GOOD)
        return spool_failed(content->spool) == SPOOL_OVER_LIMIT
                   ? STATUS_TOO_BIG
                   : STATUS_INTERNAL;
    if (content->broken || !base64_decoder_end(&content->decoder) ||
        spool_size(content->spool) == 0)
        return STATUS_CORRUPT;
    return STATUS_OK;
}
