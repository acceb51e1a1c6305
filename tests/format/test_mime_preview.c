/*
 * test_mime_preview.c - how messages begin
 */
#include "proxy/format/mime_preview.h"

#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/spool.h"
#include "proxy/base/utf8.h"
#include "proxy/format/html_text.h"
#include "proxy/format/mime.h"

/* clang-format off */
static const struct {
    const char *name, *message, *preview;
} cases[] = {
    { "plain text", "\r\nHello  there,\r\n\r\n\thow are you?\r\n", "Hello there, how are you?" },
    { "no text", "Subject: x\r\n\r\n", "" },
    { "nothing but an image", "Content-Type: image/png\r\n\r\nxxxx", "" },
    { "base64", "Content-Transfer-Encoding: base64\r\n\r\nSGVs\r\nbG8=\r\n", "Hello" },
    { "quoted-printable of a charset",
      "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n"
      "\r\nGr=FC=DFe=\r\n aus K=F6ln", "Grüße aus Köln" },
    { "an encoding nobody knows", "Content-Transfer-Encoding: x-y\r\n\r\nabc", "" },
    { "a charset nobody knows", "Content-Type: text/plain; charset=nothing\r\n\r\nabc\xe4", "abcä" },
    { "an answer above what it answers",
      "\r\nYes.\r\n\r\nOn Monday, Bob wrote:\r\n> Will you?\r\n> Bob\r\n", "Yes." },
    { "an answer below", "\r\nOn Monday, Bob wrote:\r\n> Will you?\r\n\r\nYes.\r\n", "Yes." },
    { "nothing but what is quoted", "\r\n> Will you?\r\n", "> Will you?" },
    { "a signature's beginning", "\r\nYes.\r\n-- \r\nBob\r\n", "Yes. Bob" },
    { "plain text before HTML",
      "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n"
      "<p>one</p>\r\n--b\r\n\r\ntwo\r\n--b--\r\n", "two" },
    { "HTML where the plain text is empty",
      "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\n \r\n--b\r\n"
      "Content-Type: text/html\r\n\r\n<p>one</p>\r\n--b--\r\n", "one" },
    { "no attachment",
      "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Disposition: attachment\r\n\r\n"
      "one\r\n--b\r\n\r\ntwo\r\n--b--\r\n", "two" },
};

static const struct {
    const char *html, *text;
} pages[] = {
    { "<html><head><title>x</title><style>p { color: red }</style></head><body>Hi <b>you</b></body>",
      "Hi you" },
    { "a<br>b<!-- > <p> -->c", "a b c" },
    { "1 &lt; 2 &amp;&#38; 3 &#x3E; 2 &nosuch; & x", "1 < 2 && 3 > 2 &nosuch; & x" },
    { "<a title=\"a > b\">c</a> <", "c <" },
    { "1 < 2", "1 < 2" },
    { "Yes.<blockquote>No<blockquote>Yes</blockquote>No</blockquote> Sure.", "Yes. Sure." },
    { "<script>if (a < b) x('</p>')</script>y", "y" },
    { "&nbsp;&zwnj;&#8203;x&shy;y", "x y" },
    { "<style>", "" },
    { "&#0;&#xd800;&#99999999;x", "&#0;&#xd800;&#99999999;x" },
};
/* clang-format on */

static const char *preview(struct arena *arena, const char *message)
{
    struct mime_scanner *scanner = mime_scanner_new(arena);
    struct spool *spool = spool_new(NULL, 0);

    mime_scanner_write(scanner, message, strlen(message));
    spool_write(spool, message, strlen(message));
    const char *text =
        mime_preview(arena, spool, mime_scanner_finish(scanner));
    spool_free(&spool);
    return text;
}

Test(mime_preview, says_how_messages_begin)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_str_eq(preview(arena, cases[i].message), cases[i].preview,
                         "%s: %s", cases[i].name,
                         preview(arena, cases[i].message));
    arena_free(&arena);
}

Test(mime_preview, leaves_the_markup_out)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        cr_expect_str_eq(
            mime_preview_shorten(arena, html_text(arena, pages[i].html)),
            pages[i].text, "%s: %s", pages[i].html,
            mime_preview_shorten(arena, html_text(arena, pages[i].html)));
    arena_free(&arena);
}

Test(mime_preview, has_two_hundred_characters_at_most)
{
    struct arena *arena = arena_new();
    struct buf text;

    buf_init(&text, arena);
    for (int i = 0; i < 1000; i++)
        buf_puts(&text, i % 3 == 0 ? " " : "\xe2\x82\xac");
    const char *shortened = mime_preview_shorten(arena, text.data);
    size_t count = 0;
    for (const char *at = shortened, *end = at + strlen(at); at < end; count++)
        utf8_next(&at, end);
    cr_expect_geq(count, 199);
    cr_expect_leq(count, 200);
    arena_free(&arena);
}
