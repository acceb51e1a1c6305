/*
 * fuzz_mime.c - any bytes as a message
 *
 * However a message is cut into pieces, the same tree comes out; its parts lie
 * within each other and in order; stored and loaded it is the same tree.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/format/mime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct mime_part *scan(struct arena *arena, const char *data, size_t len,
                              size_t piece)
{
    struct mime_scanner *scanner = mime_scanner_new(arena);
    for (size_t i = 0; i < len; i += piece)
        mime_scanner_write(scanner, data + i,
                           len - i < piece ? len - i : piece);
    return mime_scanner_finish(scanner);
}

static void check(const struct mime_part *part, uint64_t *at)
{
    assert(part->header_offset >= *at);
    assert(part->body_offset == part->header_offset + part->header_size);
    assert(part->type != NULL && part->subtype != NULL);
    assert((part->child_count > 0) == (part->kind != MIME_LEAF));
    *at = part->body_offset;
    uint64_t end = part->body_offset + part->body_size;
    for (size_t i = 0; i < part->child_count; i++)
        check(&part->children[i], at);
    assert(*at <= end);
    *at = end;
}

static void decode(struct arena *arena, const char *data, size_t len)
{
    struct mime_field field;
    for (size_t offset = 0; mime_field_next(data, len, &offset, &field);) {
        const char *name = arena_strndup(arena, field.name, field.name_len);
        const char *value =
            mime_header_value(arena, field.raw, field.raw_len, name);
        mime_decode_words(arena, value);
        mime_addresses_parse(arena, value);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct arena *arena = arena_new();
    const char *text = (const char *)data + 1;
    size_t len = size - 1;
    struct buf whole, pieces, again;
    buf_init(&whole, arena);
    buf_init(&pieces, arena);
    buf_init(&again, arena);

    struct mime_part *root = scan(arena, text, len, len == 0 ? 1 : len);
    uint64_t at = 0;
    check(root, &at);
    assert(at == len);
    mime_part_store(root, &whole);
    mime_part_store(scan(arena, text, len, data[0] % 32 + 1), &pieces);
    assert(whole.len == pieces.len &&
           memcmp(whole.data, pieces.data, whole.len) == 0);

    root = mime_part_load(arena, whole.data, whole.len);
    assert(root != NULL);
    mime_part_store(root, &again);
    assert(whole.len == again.len &&
           memcmp(whole.data, again.data, whole.len) == 0);

    decode(arena, text, len);
    arena_free(&arena);
    return 0;
}
