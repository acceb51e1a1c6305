/*
 * test_utf8.c - RFC 3629, strictly
 */
#include "proxy/base/utf8.h"

#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"

/* clang-format off */
static const struct {
    const char *text;
    bool valid;
    const char *repaired;
} texts[] = {
    { "plain",                    true,  "plain" },
    { "\xc3\xa4\xe2\x82\xac",     true,  "\xc3\xa4\xe2\x82\xac" },
    { "\xf0\x9f\x98\x80",         true,  "\xf0\x9f\x98\x80" },
    { "\xf4\x8f\xbf\xbf",         true,  "\xf4\x8f\xbf\xbf" },             /* U+10FFFF */
    { "\xf4\x90\x80\x80",         false, NULL },                           /* beyond it */
    { "\xed\xa0\x80",             false, NULL },                           /* a surrogate */
    { "\xc0\xaf",                 false, "\xef\xbf\xbd\xef\xbf\xbd" },     /* overlong */
    { "\xe0\x80\xaf",             false, NULL },
    { "a\x80z",                   false, "a\xef\xbf\xbdz" },
    { "a\xff",                    false, "a\xef\xbf\xbd" },
    { "a\xe2\x82",                false, NULL },                           /* cut */
    { "caf\xe9!",                 false, "caf\xef\xbf\xbd!" },             /* ISO 8859-1 */
};
/* clang-format on */

Test(utf8, knows_what_is_valid_and_repairs_the_rest)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t len = strlen(texts[i].text);
        char *repaired = utf8_repair(arena, texts[i].text, len);

        cr_expect_eq(utf8_valid(texts[i].text, len), texts[i].valid, "line %zu",
                     i);
        cr_expect(utf8_valid(repaired, strlen(repaired)), "line %zu", i);
        if (texts[i].repaired != NULL)
            cr_expect_str_eq(repaired, texts[i].repaired, "line %zu", i);
    }
    arena_free(&arena);
}

Test(utf8, writes_what_it_reads_for_every_character)
{
    for (uint32_t character = 0; character <= 0x10ffff; character++) {
        char out[4];
        const char *at = out;

        if (character >= 0xd800 && character <= 0xdfff)
            continue;
        size_t len = utf8_put(character, out);
        uint32_t read = utf8_next(&at, out + len);
        cr_assert(read == character && at == out + len, "U+%04X", character);
    }
}
