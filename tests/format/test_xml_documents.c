/*
 * test_xml_documents.c - where one document ends and the next begins
 */
#include "proxy/format/xml_documents.h"

#include <criterion/criterion.h>
#include <string.h>

/* The documents of a text, with "|" after each, fed in pieces of this size. */
static void split(const char *text, size_t piece, char *out)
{
    struct xml_documents documents = { 0 };
    size_t len = strlen(text);

    for (size_t at = 0; at < len;) {
        size_t size = len - at < piece ? len - at : piece;
        bool whole;
        size_t taken = xml_documents_next(&documents, text + at, size, &whole);

        cr_assert(taken > 0 && taken <= size);
        memcpy(out, text + at, taken);
        out += taken;
        at += taken;
        if (whole)
            *out++ = '|';
    }
    *out = '\0';
}

/* clang-format off */
static const struct {
    const char *name;
    const char *text; /* without the bars */
    const char *documents;
} cases[] = {
    { "one",                  "<a>x</a>",                   "<a>x</a>|" },
    { "two",                  "<a>x</a><b/>",               "<a>x</a>|<b/>|" },
    { "nothing but a tag",    "<a/><a/>",                   "<a/>|<a/>|" },
    { "nested",               "<a><a/><b></b></a><c/>",     "<a><a/><b></b></a>|<c/>|" },
    { "declarations",         "<?xml version='1.0'?><a/><?xml version='1.0'?><b/>",
                              "<?xml version='1.0'?><a/>|<?xml version='1.0'?><b/>|" },
    { "a mark in a PI",       "<?x a>b?c? ?><a/>",           "<?x a>b?c? ?><a/>|" },
    { "a mark in an attribute", "<a b='/>' c=\">'\"><d/></a><e/>",
                              "<a b='/>' c=\">'\"><d/></a>|<e/>|" },
    { "a slash in a value",   "<a b='/'></a><e/>",          "<a b='/'></a>|<e/>|" },
    { "an end tag as text",   "<a><![CDATA[</a>]]]></a><b/>", "<a><![CDATA[</a>]]]></a>|<b/>|" },
    { "a comment",            "<a><!-- </a> - -- --></a><b/>", "<a><!-- </a> - -- --></a>|<b/>|" },
    { "a comment before",     "<!-- <x/> --><a/>",          "<!-- <x/> --><a/>|" },
    { "something like one",   "<!-a><a/>",                  "<!-a><a/>|" },
    { "white space after",    "<a/>\r\n<b/>\n",             "<a/>|\r\n<b/>|\n" },
    { "only the beginning",   "<a><b>",                     "<a><b>" },
    { "an end without a beginning", "</a><b/>",             "</a>|<b/>|" },
};
/* clang-format on */

Test(xml_documents, end_where_their_first_element_does)
{
    char out[256];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t piece = 1; piece <= strlen(cases[i].text); piece++) {
            split(cases[i].text, piece, out);
            cr_expect_str_eq(out, cases[i].documents, "%s, pieces of %zu",
                             cases[i].name, piece);
        }
}
