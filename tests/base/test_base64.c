/*
 * test_base64.c - RFC 4648, section 4, in pieces of any size
 */
#include "proxy/base/base64.h"

#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"

/* clang-format off */
static const struct {
    const char *plain;
    const char *encoded;
} pairs[] = { /* RFC 4648, section 10 */
    { "",       "" },
    { "f",      "Zg==" },
    { "fo",     "Zm8=" },
    { "foo",    "Zm9v" },
    { "foob",   "Zm9vYg==" },
    { "fooba",  "Zm9vYmE=" },
    { "foobar", "Zm9vYmFy" },
    { "\xff\xfe\xfd", "//79" },
};

static const char *const bad[] = {
    "Z", "Zg", "Zg=", "Zm9", "=", "Zg===", "Zg==Zg==", "Zm9v-", "Zm9vYg==x", "Z=g=",
};
/* clang-format on */

Test(base64, encodes_and_decodes_the_examples)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        size_t len = strlen(pairs[i].plain),
               encoded_len = strlen(pairs[i].encoded);
        char encoded[16] = "";
        size_t decoded_len;

        cr_expect_eq(base64_encoded_size(len), encoded_len);
        cr_expect_eq(base64_encode(pairs[i].plain, len, encoded), encoded_len);
        cr_expect_str_eq(encoded, pairs[i].encoded);
        char *decoded =
            base64_decode(arena, encoded, encoded_len, &decoded_len);
        cr_assert_not_null(decoded, "%s", pairs[i].encoded);
        cr_expect_str_eq(decoded, pairs[i].plain);
        cr_expect_eq(decoded_len, len);
    }
    arena_free(&arena);
}

Test(base64, refuses_what_is_none)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        size_t len;

        cr_expect_null(base64_decode(arena, bad[i], strlen(bad[i]), &len), "%s",
                       bad[i]);
    }
    arena_free(&arena);
}

Test(base64, decodes_pieces_of_any_size_with_line_breaks)
{
    const char *text = "Zm9v\r\nYmFy\n Zm9vYg==\r\n";
    size_t whole = strlen(text);

    for (size_t piece = 1; piece <= whole; piece++) {
        struct base64_decoder decoder = { 0 };
        char out[64] = "";
        size_t total = 0;

        for (size_t at = 0; at < whole; at += piece) {
            size_t len = whole - at < piece ? whole - at : piece, got;

            cr_assert(base64_decoder_feed(&decoder, text + at, len, out + total,
                                          &got));
            cr_assert_leq(got, len / 4 * 3 + 3);
            total += got;
        }
        cr_expect(base64_decoder_end(&decoder));
        cr_expect_str_eq(out, "foobarfoob", "in pieces of %zu", piece);
    }
}
