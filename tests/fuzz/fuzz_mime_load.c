/*
 * fuzz_mime_load.c - any bytes as a stored structure
 *
 * What is taken for a tree is one: it can be walked and stored, and then loads
 * as the same.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/format/mime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct mime_part *part)
{
    uint64_t end = part->body_offset + part->body_size;
    assert((part->child_count > 0) == (part->kind != MIME_LEAF));
    for (size_t i = 0; i < part->child_count; i++) {
        const struct mime_part *child = &part->children[i];
        assert(child->header_offset >= part->body_offset);
        assert(child->body_offset + child->body_size <= end);
        assert(part->kind != MIME_MESSAGE || child->envelope != NULL);
        check(child);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct mime_part *root = mime_part_load(arena, (const char *)data, size);
    if (root != NULL) {
        struct buf stored, again;
        buf_init(&stored, arena);
        buf_init(&again, arena);
        check(root);
        mime_part_store(root, &stored);
        root = mime_part_load(arena, stored.data, stored.len);
        assert(root != NULL);
        mime_part_store(root, &again);
        assert(stored.len == again.len &&
               memcmp(stored.data, again.data, stored.len) == 0);
    }
    arena_free(&arena);
    return 0;
}
