/*
 * test_href.c - paths of URLs, and names of folders in them
 */
#include "caldav/href.h"

#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"

/* clang-format off */
static const struct {
    const char *href;
    const char *segments; /* with "|" after each; NULL: it is no path */
    bool slash;
} paths[] = {
    { "/",                             "",                   true },
    { "/a",                            "a|",                 false },
    { "/a/",                           "a|",                 true },
    { "//a///b",                       "a|b|",               false },
    { "/a%20b/c",                      "a b|c|",             false },
    { "/a%2Fb/c",                      "a/b|c|",             false },
    { "/%C3%A4/%e4%bd%a0",             "\xc3\xa4|\xe4\xbd\xa0|", false },
    { "/\xc3\xa4",                     "\xc3\xa4|",          false },
    { "/a?b=/c",                       "a|",                 false },
    { "/a/?b",                         "a|",                 true },
    { "/users/a@b.example/",           "users|a@b.example|", true },
    { "/users/a%40b.example/",         "users|a@b.example|", true },
    { "http://localhost:1080/a/b",     "a|b|",               false },
    { "HTTPS://[::1]/a/",              "a|",                 true },
    { "http://localhost",              "",                   true },
    { "a/b",                           NULL,                 false },
    { "",                              NULL,                 false },
    { "*",                             NULL,                 false },
    { "/a/../b",                       NULL,                 false },
    { "/a/%2e%2E/b",                   NULL,                 false },
    { "/./a",                          NULL,                 false },
    { "/a%00b",                        NULL,                 false },
    { "/a%0",                          NULL,                 false },
    { "/a%zz",                         NULL,                 false },
    { "/%ff",                          NULL,                 false },
};

static const char *const names[] = {
    "Calendar", "", "=", "==", "a/b", "a>b", "/", ">", "//", ".", "..", "...", "a=2Fb",
    "=2F", "=3D2F", "=41", "=4", "a b", "100%", "%2F", "a?b#c", "&<>\"'", "calendar", "inbox",
    "\xc3\xa4\xc3\xb6", "\xf0\x9f\x93\x85", "tab\there", "=\x01", "a=/=2F=", "+", ";:,",
};
/* clang-format on */

Test(caldav_href, cuts_paths_at_their_slashes)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        size_t count = 0;
        bool slash = false;
        char **segments = dav_href_split(arena, paths[i].href, &count, &slash);
        struct buf all;

        cr_expect((segments != NULL) == (paths[i].segments != NULL), "%s",
                  paths[i].href);
        if (segments == NULL || paths[i].segments == NULL)
            continue;
        buf_init(&all, arena);
        for (size_t k = 0; k < count; k++)
            buf_printf(&all, "%s|", segments[k]);
        cr_expect_str_eq(all.len > 0 ? all.data : "", paths[i].segments, "%s",
                         paths[i].href);
        cr_expect(slash == paths[i].slash, "%s", paths[i].href);
    }
    arena_free(&arena);
}

/* clang-format off */
static const struct {
    const char *href;
    const char *host;
    bool is_at;
} hosts[] = {
    { "/a",                       "example.com",      true },
    { "http://example.com/a",     "example.com",      true },
    { "http://EXAMPLE.com",       "example.COM",      true },
    { "http://example.com:80/",   "example.com",      true },
    { "http://example.com/",      "example.com:80",   true },
    { "https://example.com/",     "example.com:443",  true },
    { "https://example.com/",     "example.com",      true },
    { "http://example.com:443/",  "example.com",      false },
    { "http://example.com:1080/", "example.com:1080", true },
    { "http://example.com:1080/", "example.com",      false },
    { "http://example.com/",      "example.com:1080", false },
    { "http://example.co/",       "example.com",      false },
    { "http://example.community", "example.com",      false },
    { "http://me@example.com/a",  "example.com",      true },
    { "http://example.com@else/", "example.com",      false },
    { "http://else/@example.com", "example.com",      false },
    { "http://[::1]:1080/",       "[::1]:1080",       true },
    { "http://[::80]/",           "[::80]:80",        true },
    { "http:///a",                "example.com",      false },
    { "ftp://example.com/a",      "example.com",      false },
};
/* clang-format on */

Test(caldav_href, knows_whether_a_url_is_of_this_host)
{
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        cr_expect(dav_href_is_at(hosts[i].href, hosts[i].host) ==
                      hosts[i].is_at,
                  "%s at %s", hosts[i].href, hosts[i].host);
}

/* Quotes a segment into a path and takes it out again. */
static const char *there_and_back(struct arena *arena, const char *segment)
{
    struct buf path;
    size_t count;
    bool slash;

    buf_init(&path, arena);
    buf_puts(&path, "/x/");
    dav_href_quote(&path, segment);
    buf_puts(&path, "/y");
    for (size_t i = 0; i < path.len; i++)
        cr_expect(path.data[i] > ' ' && path.data[i] < 0x7f, "%s", path.data);
    char **segments = dav_href_split(arena, path.data, &count, &slash);
    cr_assert(segments != NULL && count == 3, "%s", path.data);
    return segments[1];
}

Test(caldav_href, brings_folder_names_with_both_slash_and_greater_than_back)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (int word = 0; word < (names[i][0] < 0 ? 1 : 2); word++) {
            const char *segment = dav_href_from_name(arena, names[i], word);
            const char *back = there_and_back(arena, segment);

            cr_expect(strchr(segment, '/') == NULL, "%s", segment);
            cr_expect_str_eq(back, segment);
            cr_expect_str_eq(dav_href_to_name(arena, back), names[i], "%s",
                             segment);
        }
    arena_free(&arena);
}

Test(caldav_href, gives_names_that_are_words_another_form)
{
    struct arena *arena = arena_new();

    cr_expect_str_eq(dav_href_from_name(arena, "Team", false), "Team");
    cr_expect_str_eq(dav_href_from_name(arena, "inbox", true), "=69nbox");
    cr_expect_str_eq(dav_href_from_name(arena, "a/b", false), "a=2Fb");
    cr_expect_str_eq(dav_href_from_name(arena, "..", false), "=2E.");
    arena_free(&arena);
}
