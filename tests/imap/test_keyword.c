/*
 * test_keyword.c - categories and keywords, back and forth
 */
#include <criterion/criterion.h>

#include <string.h>

#include "imap/keyword.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/exchange/mail.h"

/* clang-format off */
static const struct {
    const char *category;
    const char *keyword;
} pairs[] = {
    { "Blue", "Blue" },
    { "Blue Category", "Blue=20Category" },
    { "Büro", "B=C3=BCro" },
    { "(alt) [neu] {x}", "=28alt=29=20[neu=5D=20=7Bx}" },
    { "100%", "100=25" },
    { "a*b\\c\"d", "a=2Ab=5Cc=22d" },
    { "a=b", "a=b" },
    { "a=20b", "a=3D20b" },
    { "a=3D20b", "a=3D3D20b" },
    { "a=3Db", "a=3Db" },
    { "E=MC2", "E=MC2" },
    { " lead and trail ", "=20lead=20and=20trail=20" },
    { "\xf0\x9f\x98\x80", "=F0=9F=98=80" },
    { "Important", "$label1" },
    { "To Do", "$label4" },
    { "$label1", "$label1=" },
    { "$label1=", "$label1==" },
    { "$Forwarded", "$Forwarded=" },
    { "NonJunk", "NonJunk=" },
    { "=", "=" },
    { "nil", "nil" },
};
/* clang-format on */

Test(imap_keyword, writes_any_category_as_an_atom_and_reads_it_back)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct buf keyword;
        const char *category = NULL;
        uint32_t flag = 0;

        buf_init(&keyword, arena);
        imap_keyword_write(&keyword, pairs[i].category);
        cr_expect_str_eq(keyword.data, pairs[i].keyword);
        cr_expect(imap_keyword_read(arena, pairs[i].keyword, &flag, &category));
        cr_expect_eq(flag, 0);
        cr_expect_str_eq(category != NULL ? category : "(null)",
                         pairs[i].category);
    }
    arena_free(&arena);
}

Test(imap_keyword, knows_flags_and_labels_in_any_case)
{
    struct arena *arena = arena_new();
    const char *category;
    uint32_t flag;

    cr_expect(imap_keyword_read(arena, "$FORWARDED", &flag, &category));
    cr_expect_eq(flag, MAIL_FORWARDED);
    cr_expect_null(category);
    cr_expect(imap_keyword_read(arena, "junk", &flag, &category));
    cr_expect_eq(flag, MAIL_JUNK);
    cr_expect(imap_keyword_read(arena, "$LABEL2", &flag, &category));
    cr_expect_str_eq(category, "Work");
    arena_free(&arena);
}

Test(imap_keyword, refuses_what_is_no_text)
{
    struct arena *arena = arena_new();
    const char *category;
    uint32_t flag;

    cr_expect_not(imap_keyword_read(arena, NULL, &flag, &category));
    cr_expect_not(imap_keyword_read(arena, "a=FFb", &flag, &category));
    arena_free(&arena);
}
