/*
 * test_text_key.c - texts that are to be compared
 */
#include "proxy/format/text_key.h"

#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* clang-format off */
static const struct {
    const char *text;
    const char *exact; /* NULL: it is not UTF-8 */
    const char *no_case;
    const char *loose;
} cases[] = {
    { "", "", "", "" },
    { "Ann Smith", "Ann Smith", "ann smith", "ann smith" },
    { "a\tb\r\nc", "a b  c", "a b  c", "a b  c" },
    { "a\x01\x7f" "b", "ab", "ab", "ab" },
    { "Ren\xc3\x89", "Ren\xc3\x89", "ren\xc3\xa9", "rene" },
    { "Ren\x45\xcc\x81", "Ren\xc3\x89", "ren\xc3\xa9", "rene" },
    { "\xc5\x81\xc3\xb3" "d\xc5\xba", "\xc5\x81\xc3\xb3" "d\xc5\xba",
      "\xc5\x82\xc3\xb3" "d\xc5\xba", "lodz" },
    { "S\xc3\x98REN", "S\xc3\x98REN", "s\xc3\xb8ren", "soren" },
    { "STRA\xc3\x9f" "E", "STRA\xc3\x9f" "E", "strasse", "strasse" },
    { "\xef\xac\x81sh", "fish", "fish", "fish" },
    { "\xef\xbc\xa1", "A", "a", "a" },
    { "a\xc2\xa0" "b\xe3\x80\x80" "c", "a b c", "a b c", "a b c" },
    { "a\xc2\xad" "b\xe2\x80\x8b" "c", "abc", "abc", "abc" },
    { "\xce\xa3\xce\xaf\xcf\x82", "\xce\xa3\xce\xaf\xcf\x82", "\xcf\x83\xce\xaf\xcf\x83", "\xcf\x83\xce\xb9\xcf\x83" },
    { "\xed\x95\x9c", "\xed\x95\x9c", "\xed\x95\x9c", "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab" },
    { "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" },
    { "\xff", NULL, NULL, NULL },
    { "a\xc3", NULL, NULL, NULL },
    { "\xed\xa0\x80", NULL, NULL, NULL },
};
/* clang-format on */

Test(text_key, is_the_same_for_texts_that_are_equal)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const expected[] = { cases[i].exact, cases[i].no_case,
                                         cases[i].loose };

        for (int how = TEXT_EXACT; how <= TEXT_LOOSE; how++) {
            const char *key =
                text_key(arena, cases[i].text, strlen(cases[i].text),
                         (enum text_key)how);

            cr_expect(str_equal(key, expected[how]), "%s (%d): %s",
                      cases[i].text, how, key);
        }
    }
    arena_free(&arena);
}
