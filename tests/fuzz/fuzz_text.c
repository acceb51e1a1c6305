/*
 * fuzz_text.c - any bytes as a message that is searched
 *
 * A text that is found in a message is found in any case of it, and the empty
 * one wherever there is a text at all.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/spool.h"
#include "proxy/format/mime.h"
#include "proxy/format/mime_charset.h"
#include "proxy/format/mime_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3)
        return 0;
    struct arena *arena = arena_new();
    struct mime_scanner *scanner = mime_scanner_new(arena);
    struct spool *content = spool_new(NULL, 0);
    const char *text = arena_strndup(arena, (const char *)data, 3);
    mime_scanner_write(scanner, (const char *)data + 3, size - 3);
    spool_write(content, data + 3, size - 3);
    const struct mime_part *root = mime_scanner_finish(scanner);
    enum mime_found found =
        mime_text_find(arena, root, content, mime_fold_case(arena, text));
    if (found == MIME_FOUND)
        assert(mime_text_find(arena, root, content, "") == MIME_FOUND);
    spool_free(&content);
    arena_free(&arena);
    return 0;
}
