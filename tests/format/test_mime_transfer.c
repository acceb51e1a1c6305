/*
 * test_mime_transfer.c - transfer encodings, off and on
 */
#include "proxy/format/mime_transfer.h"

#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/spool.h"

static struct spool *spool_of(const char *data, size_t len)
{
    struct spool *spool = spool_new(NULL, 0);

    spool_write(spool, data, len);
    return spool;
}

static const char *text_of(struct arena *arena, const struct spool *spool)
{
    char *text = arena_alloc(arena, (size_t)spool_size(spool) + 1);

    spool_read(spool, 0, text, (size_t)spool_size(spool));
    return text;
}

/* clang-format off */
static const struct {
    const char *encoding, *text, *plain;
} cases[] = {
    { "7bit", "a=3D\r\n", "a=3D\r\n" },
    { "8BIT", "\xc3\xa4", "\xc3\xa4" },
    { "binary", "", "" },
    { "BASE64", "SGVs\r\nbG8=", "Hello" },
    { "base64", "SGVsbG8", "Hello" },
    { "base64", "S*G V-s\tbG8=\r\nrest", "Hello" },
    { "base64", "====", "" },
    { "quoted-printable", "a=3Db=3d\r\nc=\r\nd", "a=b=\r\ncd" },
    { "quoted-printable", "a=\nb", "ab" },
    { "quoted-printable", "a=zzb=4", "a=zzb=4" },
    { "quoted-printable", "=", "=" },
    { "quoted-printable", "a \t\r\nb c \nd ", "a\r\nb c\nd" },
    { "quoted-printable", "a = \t\r\nb= c=\r=\r\n=20\r\n",
      "a b= c=\r \r\n" },
    { "quoted-printable", "a==3D=A=3D= ", "a===A== " },
};
/* clang-format on */

Test(mime_transfer, takes_encodings_off)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct spool *from = spool_of(cases[i].text, strlen(cases[i].text));
        struct spool *out = spool_new(NULL, 0);

        cr_expect(mime_transfer_known(cases[i].encoding));
        cr_expect(mime_transfer_decode(from, 0, spool_size(from),
                                       cases[i].encoding, out));
        cr_expect_str_eq(text_of(arena, out), cases[i].plain, "%s: %s",
                         cases[i].text, text_of(arena, out));
        spool_free(&from);
        spool_free(&out);
    }
    cr_expect_not(mime_transfer_known("x-uuencode"));
    cr_expect_not(mime_transfer_known(""));
    arena_free(&arena);
}

/* Pieces end within an escape and within a group of four. */
Test(mime_transfer, takes_them_off_large_texts)
{
    static const char *const encodings[] = { "base64", "quoted-printable" };
    static const char *const pieces[] = { "SGVsbG8h\r\n", "Hel= \r\nlo=\r\n=21" };
    struct arena *arena = arena_new();

    for (size_t e = 0; e < 2; e++) {
        struct spool *from = spool_new(NULL, 0), *out = spool_new(NULL, 0);

        for (int i = 0; i < 20000; i++)
            spool_write(from, pieces[e], strlen(pieces[e]));
        mime_transfer_decode(from, 0, spool_size(from), encodings[e], out);
        cr_assert_eq(spool_size(out), 6 * 20000);
        const char *text = text_of(arena, out);
        for (int i = 0; i < 20000; i++)
            cr_assert_eq(memcmp(text + i * 6, "Hello!", 6), 0, "%d", i);
        spool_free(&from);
        spool_free(&out);
    }
    arena_free(&arena);
}

#define BINARY                                                                 \
    "Content-Type: multipart/mixed; boundary=b\r\n"                            \
    "content-transfer-encoding: binary\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n"      \
    "Content-Type: a/b\r\nContent-Transfer-Encoding:\r\n binary\r\n"           \
    "X: y\r\n\r\n\0\1\2\r\n--b--\r\n"

#define PORTABLE                                                               \
    "Content-Type: multipart/mixed; boundary=b\r\n"                            \
    "Content-Transfer-Encoding: 8bit\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n"        \
    "Content-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n"               \
    "X: y\r\n\r\nAAEC\r\n--b--\r\n"

Test(mime_transfer, puts_binary_parts_into_base64)
{
    struct arena *arena = arena_new();
    struct spool *message = spool_of(BINARY, sizeof BINARY - 1);
    struct spool *out = spool_new(NULL, 0);

    cr_expect_eq(mime_transfer_portable(arena, message), MIME_PORTABLE_ENCODED);
    mime_transfer_encode(arena, message, out);
    cr_expect_str_eq(text_of(arena, out), PORTABLE);
    cr_expect_eq(mime_transfer_portable(arena, out), MIME_PORTABLE);
    spool_free(&message);
    spool_free(&out);
    arena_free(&arena);
}

Test(mime_transfer, leaves_nul_alone_where_nothing_is_binary)
{
    static const char text[] = "Subject: x\r\n\r\na\0b";
    struct arena *arena = arena_new();
    struct spool *message = spool_of(text, sizeof text - 1);

    cr_expect_eq(mime_transfer_portable(arena, message), MIME_NOT_PORTABLE);
    cr_expect(mime_transfer_has_nul(message, 0, spool_size(message)));
    cr_expect_not(mime_transfer_has_nul(message, 0, 15));
    spool_free(&message);
    arena_free(&arena);
}
