/*
 * test_html_text.c - what a page of HTML says
 */
#include "proxy/format/html_text.h"

#include <criterion/criterion.h>

#include "proxy/base/arena.h"

/* clang-format off */
static const struct {
    const char *name, *html, *text;
} cases[] = {
    { "text", "Hello", "Hello" },
    { "nothing", "<html><head><title>No</title></head><body>&nbsp;\r\n</body></html>", "" },
    { "one space for all white space", "a \r\n\t b", "a b" },
    { "words in tags", "a<b>b</b> <i>c</i>", "ab c" },
    { "line ends", "a<br>b<br/>c", "a\nb\nc" },
    { "an empty line", "a<br><br>b", "a\n\nb" },
    { "paragraphs", "<p>a</p>\r\n<p>b</p>", "a\n\nb" },
    { "blocks", "<div>a</div><div>b</div>", "a\nb" },
    { "blocks in blocks", "<div><div>a</div></div><ul><li>b</li><li>c</li></ul>", "a\nb\nc" },
    { "cells", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc" },
    { "quotations", "a<blockquote>b</blockquote>c", "a\nb\nc" },
    { "no style and no script", "<style>p { x: '<' }</style>a<script>if (1 < 2) b</script>", "a" },
    { "characters by name and number", "&lt;&amp;&#65;&#x42;&unknown;", "<&AB&unknown;" },
    { "what is no tag", "1 < 2 && 3 <4", "1 < 2 && 3 <4" },
    { "a tag without an end", "a<b", "a" },
};
/* clang-format on */

Test(html_text, says_pages_in_lines)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *text = html_lines(arena, cases[i].html);
        cr_expect_str_eq(text, cases[i].text, "%s: \"%s\"", cases[i].name,
                         text);
    }
    arena_free(&arena);
}
