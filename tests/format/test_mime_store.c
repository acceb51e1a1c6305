/*
 * test_mime_store.c - a structure as bytes and back
 */
#include "proxy/format/mime.h"

#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"

static const char message[] =
    "From: Ann <a@b>\r\nTo: x: y@z;\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=x\r\nContent-Language: de, "
    "en\r\n\r\n"
    "--x\r\nContent-Type: text/plain; charset=utf-8; format=flowed\r\n"
    "Content-Disposition: inline; filename=a\r\nContent-ID: "
    "<i>\r\n\r\nhello\r\n"
    "--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\nCc: "
    "a@b\r\n\r\nbody\r\n"
    "--x--\r\n";

static void store(struct arena *arena, struct buf *out)
{
    struct mime_scanner *scanner = mime_scanner_new(arena);
    mime_scanner_write(scanner, message, strlen(message));
    buf_init(out, arena);
    mime_part_store(mime_scanner_finish(scanner), out);
}

Test(mime_store, brings_back_what_was_stored)
{
    struct arena *arena = arena_new();
    struct buf first, second;
    store(arena, &first);
    struct mime_part *root = mime_part_load(arena, first.data, first.len);
    cr_assert_not_null(root);
    cr_expect_eq(root->kind, MIME_MULTIPART);
    cr_expect_eq(root->child_count, 2);
    cr_expect_eq(root->language_count, 2);
    cr_expect_str_eq(root->envelope->subject, "s");
    cr_expect_eq(root->envelope->to.count, 3);
    cr_expect_str_eq(root->children[0].params[1].value, "flowed");
    cr_expect_str_eq(root->children[1].children[0].envelope->subject, "in");
    cr_expect_eq(root->children[0].body_size, 5);
    cr_expect_eq(memcmp(message + root->children[0].body_offset, "hello", 5),
                 0);
    buf_init(&second, arena);
    mime_part_store(root, &second);
    cr_expect(first.len == second.len &&
              memcmp(first.data, second.data, first.len) == 0);
    arena_free(&arena);
}

Test(mime_store, takes_no_tree_that_ends_early_or_late)
{
    struct arena *arena = arena_new();
    struct buf bytes;
    store(arena, &bytes);
    for (size_t len = 0; len < bytes.len; len++)
        cr_expect_null(mime_part_load(arena, bytes.data, len), "%zu bytes",
                       len);
    buf_putc(&bytes, 0);
    cr_expect_null(mime_part_load(arena, bytes.data, bytes.len));
    arena_free(&arena);
}

Test(mime_store, takes_no_tree_of_another_version)
{
    struct arena *arena = arena_new();
    struct buf bytes;
    store(arena, &bytes);
    bytes.data[0]++;
    cr_expect_null(mime_part_load(arena, bytes.data, bytes.len));
    arena_free(&arena);
}

/* Whatever comes out of changed bytes can be stored again. */
Test(mime_store, survives_any_changed_byte)
{
    for (int change = 1; change < 256; change += 7) {
        struct arena *arena = arena_new();
        struct buf bytes;
        store(arena, &bytes);
        for (size_t i = 0; i < bytes.len; i++) {
            bytes.data[i] = (char)(bytes.data[i] ^ change);
            struct mime_part *root =
                mime_part_load(arena, bytes.data, bytes.len);
            if (root != NULL) {
                struct buf again;
                buf_init(&again, arena);
                mime_part_store(root, &again);
            }
            bytes.data[i] = (char)(bytes.data[i] ^ change);
        }
        arena_free(&arena);
    }
}
