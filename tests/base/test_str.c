/*
 * test_str.c - ASCII text: comparing, numbers, lists
 */
#include "proxy/base/str.h"

#include <inttypes.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"

/* clang-format off */
static const struct {
    const char *text;
    uint64_t max;
    bool good;
    uint64_t value;
} numbers[] = {
    { "0",                    UINT64_MAX, true,  0 },
    { "007",                  UINT64_MAX, true,  7 },
    { "18446744073709551615", UINT64_MAX, true,  UINT64_MAX },
    { "18446744073709551616", UINT64_MAX, false, 0 },
    { "99999999999999999999", UINT64_MAX, false, 0 },
    { "256",                  255,        false, 0 },
    { "255",                  255,        true,  255 },
    { "",                     UINT64_MAX, false, 0 },
    { "-1",                   UINT64_MAX, false, 0 },
    { "+1",                   UINT64_MAX, false, 0 },
    { " 1",                   UINT64_MAX, false, 0 },
    { "1x",                   UINT64_MAX, false, 0 },
};

static const struct {
    const char *text;
    bool good;
    int64_t value;
} signed_numbers[] = {
    { "-9223372036854775808", true,  INT64_MIN },
    { "-9223372036854775809", false, 0 },
    { "9223372036854775807",  true,  INT64_MAX },
    { "9223372036854775808",  false, 0 },
    { "-0",                   true,  0 },
    { "-",                    false, 0 },
    { "--1",                  false, 0 },
};

static const struct {
    const char *text;
    const char *joined;
} lists[] = {
    { "a b,c",           "a|b|c|" },
    { "  a , b  ",       "a|b|" },
    { ",,  ,",           "" },
    { "",                "" },
    { "one",             "one|" },
};

static const struct {
    const char *data;
    size_t len, max;
    const char *shown;
} printables[] = {
    { "plain",     5, 99, "\"plain\"" },
    { "a\r\nb",    4, 99, "\"a\\x0d\\x0ab\"" },
    { "\"\\",      2, 99, "\"\\\"\\\\\"" },
    { "a\0b",      3, 99, "\"a\\x00b\"" },
    { "long text", 9, 4,  "\"long...\"" },
};
/* clang-format on */

Test(str, reads_whole_numbers_in_range_only)
{
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        uint64_t value = 0;

        cr_expect_eq(str_to_u64(numbers[i].text, numbers[i].max, &value),
                     numbers[i].good, "\"%s\"", numbers[i].text);
        cr_expect_eq(value, numbers[i].value, "\"%s\"", numbers[i].text);
    }
    for (size_t i = 0; i < sizeof signed_numbers / sizeof signed_numbers[0];
         i++) {
        int64_t value = 0;

        cr_expect_eq(str_to_i64(signed_numbers[i].text, &value),
                     signed_numbers[i].good, "\"%s\"", signed_numbers[i].text);
        cr_expect_eq(value, signed_numbers[i].value, "\"%s\"",
                     signed_numbers[i].text);
    }
}

Test(str, splits_lists_and_trims)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        char joined[64] = "";

        for (char **part = str_split(arena, lists[i].text, " ,"); *part != NULL;
             part++)
            strcat(strcat(joined, *part), "|");
        cr_expect_str_eq(joined, lists[i].joined, "\"%s\"", lists[i].text);
    }
    cr_expect_str_eq(str_trim(arena, " \t a b\r\n"), "a b");
    cr_expect_str_eq(str_trim(arena, " \t "), "");
    arena_free(&arena);
}

Test(str, compares_ascii_letters_only_whatever_their_case)
{
    char text[] = "ABC-\xc3\x84";

    cr_expect(str_equal_nocase("Subject", "sUBJECT"));
    cr_expect_not(str_equal_nocase("\xc3\x84", "\xc3\xa4"));
    cr_expect_not(str_equal_nocase("a", "ab"));
    cr_expect_not(str_equal_nocase("[", "{"),
                  "neighbours of letters are no letters");
    cr_expect(str_equal(NULL, NULL));
    cr_expect_not(str_equal("", NULL));
    cr_expect(str_starts_nocase("BODY[1]", "body["));
    cr_expect_not(str_starts_nocase("BOD", "body"));
    cr_expect(str_ends_nocase("a@Example.COM", ".com"));
    cr_expect_not(str_ends_nocase("m", "com"));
    cr_expect(str_is_nocase("INBOXES", 5, "inbox"));
    cr_expect_not(str_is_nocase("INBO", 4, "inbox"));
    cr_expect(str_compare_nocase("a", "B") < 0);
    cr_expect_str_eq(str_lower(text), "abc-\xc3\x84");
}

Test(str, shows_anything_in_a_log)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof printables / sizeof printables[0]; i++)
        cr_expect_str_eq(str_printable(arena, printables[i].data,
                                       printables[i].len, printables[i].max),
                         printables[i].shown);
    arena_free(&arena);
}

/* clang-format off */
static const struct {
    const char *url;
    const char *authority;
    bool has_login;
} urls[] = {
    { "https://mail.example.com/EWS",          "mail.example.com",       false },
    { "https://mail.example.com:443/a@b",      "mail.example.com:443",   false },
    { "http://[::1]:80",                       "[::1]:80",               false },
    { "https://ann:secret@mail.example.com/",  "ann:secret@mail.example.com", true },
    { "https://mail.example.com?a@b",          "mail.example.com",       false },
    { "https://mail.example.com#a@b",          "mail.example.com",       false },
    { "mail.example.com/EWS",                  "mail.example.com",       false },
    { "",                                      "",                       false },
};
/* clang-format on */

Test(str, finds_the_host_of_a_url_and_a_login_before_it)
{
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        size_t len;
        const char *authority = str_authority(urls[i].url, &len);

        cr_expect(len == strlen(urls[i].authority) &&
                      memcmp(authority, urls[i].authority, len) == 0,
                  "%s: %.*s", urls[i].url, (int)len, authority);
        cr_expect_eq(str_has_login(urls[i].url), urls[i].has_login, "%s",
                     urls[i].url);
    }
}
