/*
 * test_mime_text.c - looking for a text in what a message says
 */
#include "proxy/format/mime_text.h"

#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/spool.h"
#include "proxy/format/mime.h"
#include "proxy/format/mime_charset.h"

static enum mime_found find(const char *message, size_t len, const char *text)
{
    struct arena *arena = arena_new();
    struct mime_scanner *scanner = mime_scanner_new(arena);
    struct spool *content = spool_new(NULL, 0);
    mime_scanner_write(scanner, message, len);
    spool_write(content, message, len);
    enum mime_found found =
        mime_text_find(arena, mime_scanner_finish(scanner), content,
                       mime_fold_case(arena, text));
    spool_free(&content);
    arena_free(&arena);
    return found;
}

#define TYPE(type) "Content-Type: " type "\r\n"
#define CODE(encoding) "Content-Transfer-Encoding: " encoding "\r\n"

/* clang-format off */
static const struct {
    const char *message;
    const char *text;
    enum mime_found found;
} cases[] = {
    { "Subject: oven\r\n\r\nBread and water", "bREAD",      MIME_FOUND },
    { "Subject: oven\r\n\r\nBread and water", "oven",       MIME_NOT_FOUND },
    { "Subject: oven\r\n\r\n",                "bread",      MIME_NOT_FOUND },
    { CODE("base64") "\r\nQnJlYWQ=\r\n",      "bread",      MIME_FOUND },
    { CODE("base64") "\r\nQnJlYWQ=\r\n",      "QnJl",       MIME_NOT_FOUND },
    { CODE("quoted-printable") "\r\nbr=65a=\r\nd\r\n", "bread", MIME_FOUND },
    { CODE("x-own") "\r\nbread\r\n",          "bread",      MIME_NOT_KNOWN },
    { TYPE("text/plain; charset=utf-8") "\r\nBR\xc3\x96T\r\n", "br\xc3\xb6t", MIME_FOUND },
    { TYPE("text/plain; charset=iso-8859-1") "\r\nBR\xd6T\r\n", "br\xc3\xb6t", MIME_FOUND },
    { TYPE("text/plain; charset=klingon") "\r\nBR\xc3\x96T\r\n", "br\xc3\xb6t", MIME_FOUND },
    { TYPE("text/plain") "\r\nBR\xc3\x96T\r\n", "br\xc3\xb6t", MIME_FOUND },
    { TYPE("application/pdf") "\r\nbread\r\n", "bread",     MIME_NOT_FOUND },
    { TYPE("text/html") "\r\n<p>br<b>ea</b>d\r\n and<br>water", "bread and", MIME_FOUND },
    { TYPE("text/html") "\r\n<p title=\"oven\">bread", "oven", MIME_FOUND },
    { TYPE("text/html") "\r\n<p>br&ouml;t &#38; &#x42;utter", "br\xc3\xb6t & butter", MIME_FOUND },
    { TYPE("text/html") "\r\n<p>bread &amp; butter", "oven",   MIME_NOT_FOUND },
    { TYPE("text/html") "\r\n<p>bread &otimes; butter", "oven", MIME_NOT_KNOWN },
    { TYPE("text/html") "\r\n<p>bread &otimes; butter", "butter", MIME_FOUND },
    { TYPE("text/html") "\r\n<style>x > y</style>a<script >\nb</script>c", "ac", MIME_FOUND },
    { TYPE("text/html") "\r\n<style>never ended", "x", MIME_NOT_FOUND },
    { TYPE("text/html") "\r\n<never ended &amp", "&", MIME_FOUND },
    { TYPE("multipart/mixed; boundary=b") "\r\npreamble\r\n--b\r\n\r\none\r\n--b\r\n"
      TYPE("text/plain") "\r\ntwo\r\n--b--\r\nepilogue\r\n", "two", MIME_FOUND },
    { TYPE("multipart/mixed; boundary=b") "\r\npreamble\r\n--b\r\n\r\none\r\n--b\r\n"
      TYPE("text/plain") "\r\ntwo\r\n--b--\r\nepilogue\r\n", "preamble", MIME_NOT_FOUND },
    { TYPE("multipart/mixed; boundary=b") "\r\n--b\r\n" CODE("x-own") "\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n",
      "two", MIME_FOUND },
    { TYPE("multipart/mixed; boundary=b") "\r\n--b\r\n" CODE("x-own") "\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n",
      "three", MIME_NOT_KNOWN },
    { TYPE("message/rfc822") "\r\nSubject: =?utf-8?Q?br=C3=B6t?=\r\n\r\nwater\r\n", "br\xc3\xb6t", MIME_FOUND },
    { TYPE("message/rfc822") "\r\nSubject: x\r\n\r\nwater\r\n", "water", MIME_FOUND },
};
/* clang-format on */

Test(mime_text, finds_what_a_message_says)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(find(cases[i].message, strlen(cases[i].message),
                          cases[i].text),
                     cases[i].found, "%s in\n%s", cases[i].text,
                     cases[i].message);
}

Test(mime_text, does_not_look_into_endless_texts)
{
    struct buf message;
    buf_init(&message, NULL);
    buf_puts(&message, "\r\n");
    while (message.len < 5u * 1024 * 1024)
        buf_puts(&message, "bread and water for everybody\r\n");
    cr_expect_eq(find(message.data, message.len, "bread"), MIME_NOT_KNOWN);
    buf_fini(&message);
}
