/*
 * fuzz_fetch.c - any bytes as a FETCH's items, and the sections in a message
 *
 * Before the first NUL byte are the items, after it is the message, whose
 * preview is made as well.  What is made portable stays so, and keeps what its
 * parts say.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "imap/args.h"
#include "imap/fetch_items.h"
#include "imap/fetch_section.h"
#include "imap/fetch_structure.h"
#include "imap/reply.h"
#include "proxy/base/arena.h"
#include "proxy/base/spool.h"
#include "proxy/base/utf8.h"
#include "proxy/format/mime.h"
#include "proxy/format/mime_preview.h"
#include "proxy/format/mime_transfer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool forget(void *context, const char *data, size_t len)
{
    (void)context;
    (void)data;
    (void)len;
    return true;
}

static void preview(struct arena *arena, const struct spool *message,
                    const struct mime_part *structure)
{
    const char *text = mime_preview(arena, message, structure);
    size_t count = 0;
    for (const char *at = text, *end = at + strlen(at); at < end; count++)
        assert(utf8_next(&at, end) != UINT32_MAX);
    assert(count <= MIME_PREVIEW_MAX);
}

static void make_portable(struct arena *arena, const struct spool *message)
{
    struct spool *out = spool_new(NULL, 0);
    if (mime_transfer_portable(arena, message) == MIME_PORTABLE_ENCODED) {
        mime_transfer_encode(arena, message, out);
        assert(mime_transfer_portable(arena, out) != MIME_NOT_PORTABLE);
    }
    spool_free(&out);
}

static void show(struct arena *arena, const struct fetch_items *items,
                 const char *message, size_t len)
{
    struct mime_scanner *scanner = mime_scanner_new(arena);
    struct spool *spool = spool_new(NULL, 0);
    struct imap_out out;
    imap_out_init(&out, forget, NULL);
    mime_scanner_write(scanner, message, len);
    spool_write(spool, message, len);
    const struct mime_part *structure = mime_scanner_finish(scanner);
    struct mail_content content = {
        .header = message,
        .header_len = (size_t)structure->header_size,
        .size = len,
        .structure = structure,
        .content = spool,
    };
    fetch_write_structure(&out, structure, true);
    fetch_write_envelope(&out, structure->envelope);
    for (size_t i = 0; i < items->count; i++) {
        struct fetch_octets octets;
        fetch_item_write_name(&out, &items->list[i]);
        bool binary = items->list[i].kind == FETCH_BINARY;
        if (items->list[i].kind != FETCH_SECTION && !binary)
            continue;
        enum status status =
            (binary ? fetch_binary_find : fetch_section_find)(
                arena, &items->list[i].section, &content, &octets);
        assert(status == STATUS_OK ||
               (binary && status == STATUS_UNSUPPORTED));
        if (status != STATUS_OK)
            continue;
        assert(octets.data != NULL || octets.decoded != NULL ||
               octets.offset + octets.len <= len);
        bool written = fetch_octets_write(&out, &octets, &content);
        assert(written);
    }
    preview(arena, spool, structure);
    make_portable(arena, spool);
    imap_out_fini(&out);
    spool_free(&spool);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const char *nul = size == 0 ? NULL : memchr(text, '\0', size);
    size_t len = nul == NULL ? size : (size_t)(nul - text);
    struct arena *arena = arena_new();
    struct imap_args args;
    struct fetch_items items;
    imap_args_init(&args, arena, text, len);
    if (fetch_items_read(&args, &items) && nul != NULL)
        show(arena, &items, nul + 1, size - len - 1);
    arena_free(&arena);
    return 0;
}
