/*
 * test_xml.c - writing, filtering and reading XML
 */
#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/format/xml.h"
#include "proxy/format/xml_filter.h"

/* --- The filter ----------------------------------------------------------- */

static bool append(void *context, const char *data, size_t len)
{
    buf_append(context, data, len);
    return true;
}

/* clang-format off */
static const struct {
    const char *name, *in, *out;
} filtered[] = {
    { "plain text passes",           "<a b='c'>d\t\r\n</a>",      "<a b='c'>d\t\r\n</a>" },
    { "legal references pass",       "&#65;&#x1F600;&amp;&lt;",   "&#65;&#x1F600;&amp;&lt;" },
    { "illegal references go",       "a&#x1;&#0;&#31;&#xFFFF;b",  "ab" },
    { "control bytes go",            "a\x01\x1f" "b",             "ab" },
    { "pairs of halves are joined",  "a&#xD83D;&#xDE00;b",        "a\xf0\x9f\x98\x80" "b" },
    { "decimal halves as well",      "&#55357;&#56832;",          "\xf0\x9f\x98\x80" },
    { "single halves go",            "a&#xD83D;b&#xDE00;c",       "abc" },
    { "halves apart are no pair",    "&#xD83D; &#xDE00;",         " " },
    { "halves in bytes are joined",  "\xed\xa0\xbd\xed\xb8\x80",  "\xf0\x9f\x98\x80" },
    { "UTF-8 passes",                "\xc3\xa4\xe2\x82\xac",      "\xc3\xa4\xe2\x82\xac" },
    { "bad bytes are shown",         "a\xff" "b\xc3" "c\x80",     "a\xef\xbf\xbd" "b\xef\xbf\xbd" "c\xef\xbf\xbd" },
    { "overlong forms are bad",      "\xe0\x80\xaf",              "\xef\xbf\xbd" },
    { "noncharacters go",            "a\xef\xbf\xbf" "b",         "ab" },
    { "a byte order mark goes",      "\xef\xbb\xbf<a/>",          "<a/>" },
    { "but not from the middle",     "<a>\xef\xbb\xbf</a>",       "<a>\xef\xbb\xbf</a>" },
    { "broken references stay",      "&#;&#x;&#xZ;& &",           "&#;&#x;&#xZ;& &" },
    { "endless references stay",     "&#000000000000000000000000000065;", "&#000000000000000000000000000065;" },
};
/* clang-format on */

Test(xml_filter, gives_the_same_whatever_the_pieces)
{
    for (size_t i = 0; i < sizeof filtered / sizeof *filtered; i++) {
        size_t len = strlen(filtered[i].in);
        for (size_t first = 0; first <= len; first++)
            for (size_t second = first; second <= len; second++) {
                struct buf out;
                buf_init(&out, NULL);
                struct xml_filter filter = { .out = append, .context = &out };
                xml_filter_feed(&filter, filtered[i].in, first);
                xml_filter_feed(&filter, filtered[i].in + first,
                                second - first);
                xml_filter_feed(&filter, filtered[i].in + second, len - second);
                xml_filter_finish(&filter);
                buf_putc(&out, '\0');
                cr_expect_str_eq(out.data, filtered[i].out, "%s (%zu, %zu)",
                                 filtered[i].name, first, second);
                buf_fini(&out);
            }
    }
}

/* --- The writer ----------------------------------------------------------- */

Test(xml_writer, escapes_everything)
{
    struct buf out;
    struct xml_writer writer;

    buf_init(&out, NULL);
    xml_writer_init(&writer, &out);
    xml_open(&writer, "a");
    xml_attribute(&writer, "b", "\"<&>'\n\t\r\x01");
    xml_element(&writer, "c", "]]></c><d>&\x02\xff\xef\xbf\xbf\xc3\xa4");
    xml_element(&writer, "e", NULL);
    xml_element(&writer, "f", "");
    xml_close(&writer);
    cr_expect_str_eq(out.data,
                     "<a b=\"&quot;&lt;&amp;&gt;'&#10;&#9;&#13;\">"
                     "<c>]]&gt;&lt;/c&gt;&lt;d&gt;&amp;\xef\xbf\xbd\xc3\xa4</c>"
                     "<e/><f></f></a>");
    buf_fini(&out);
}

/* --- The reader ----------------------------------------------------------- */

struct seen {
    struct buf events;
    struct xml_reader *reader;
    const char *forgive;
    const char *stop;
    bool forgiving;
};

static bool seen_open(void *context, const char *name,
                      const struct xml_attribute *attributes, size_t count)
{
    struct seen *seen = context;

    buf_printf(&seen->events, "<%s", name);
    for (size_t i = 0; i < count; i++)
        buf_printf(&seen->events, " %s=%s", attributes[i].name,
                   attributes[i].value);
    buf_puts(&seen->events, ">");
    seen->forgiving = seen->forgive != NULL && strcmp(name, seen->forgive) == 0;
    return seen->stop == NULL || strcmp(name, seen->stop) != 0;
}

static bool seen_text(void *context, const char *text, size_t len)
{
    struct seen *seen = context;

    if (seen->forgiving)
        xml_reader_forgive(seen->reader, len);
    else
        buf_append(&seen->events, text, len);
    return true;
}

static bool seen_close(void *context, const char *name)
{
    struct seen *seen = context;

    buf_printf(&seen->events, "</%s>", name);
    seen->forgiving = false;
    return true;
}

static const struct xml_handler seeing = { .open = seen_open,
                                           .text = seen_text,
                                           .close = seen_close };

static enum xml_state see(struct seen *seen, const char *text, size_t piece,
                          uint64_t limit)
{
    size_t len = strlen(text);

    buf_clear(&seen->events);
    seen->reader = xml_reader_new(&seeing, seen, limit);
    for (size_t at = 0; at < len; at += piece)
        xml_reader_feed(seen->reader, text + at,
                        len - at < piece ? len - at : piece);
    enum xml_state state = xml_reader_finish(seen->reader);
    xml_reader_free(&seen->reader);
    return state;
}

/* clang-format off */
static const struct {
    const char *name, *in;
    enum xml_state state;
    const char *events; /* NULL: whatever */
} documents[] = {
    { "an element",              "<a/>",                              XML_WHOLE,  "<a></a>" },
    { "a declaration",           "<?xml version='1.0' encoding='utf-8'?>\n<a>x</a>\n", XML_WHOLE, "<a>x</a>" },
    { "namespaces",              "<s:a xmlns:s='urn:x'><s:b c='d'/></s:a>", XML_WHOLE, "<a><b c=d></b></a>" },
    { "an undeclared prefix",    "<s:a>x</s:a>",                      XML_WHOLE,  NULL },
    { "references",              "<a b='&#65;&lt;'>&amp;&#x41;</a>",  XML_WHOLE,  "<a b=A<>&A</a>" },
    { "a character section",     "<a><![CDATA[<x>&]]></a>",           XML_WHOLE,  "<a><x>&</a>" },
    { "illegal characters",      "<a>x&#x1;y\x02z</a>",               XML_WHOLE,  "<a>xyz</a>" },
    { "a comment",               "<a><!-- b --></a>",                 XML_WHOLE,  "<a></a>" },
    { "nothing",                 "",                                  XML_BROKEN, NULL },
    { "white space",             "  \n",                              XML_BROKEN, NULL },
    { "text",                    "Service Unavailable",               XML_BROKEN, NULL },
    { "an open element",         "<a><b></b>",                        XML_BROKEN, NULL },
    { "an open tag",             "<a><b",                             XML_BROKEN, NULL },
    { "crossed elements",        "<a><b></a></b>",                    XML_BROKEN, NULL },
    { "two roots",               "<a/><b/>",                          XML_BROKEN, NULL },
    { "text after the root",     "<a/>HTTP/1.1 200 OK",               XML_BROKEN, NULL },
    { "an unknown entity",       "<a>&nbsp;</a>",                     XML_BROKEN, NULL },
    { "an open reference",       "<a>&#65</a>",                       XML_BROKEN, NULL },
    { "a document type",         "<!DOCTYPE a><a/>",                  XML_BROKEN, NULL },
    { "an entity of its own",    "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", XML_BROKEN, NULL },
    { "a file to be read",       "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", XML_BROKEN, NULL },
};
/* clang-format on */

Test(xml_reader, tells_whole_documents_from_others)
{
    struct seen seen = { 0 };

    buf_init(&seen.events, NULL);
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++)
        for (size_t piece = 1; piece < 12; piece++) {
            enum xml_state state = see(&seen, documents[i].in, piece, 10000);
            cr_expect_eq(state, documents[i].state, "%s (by %zu): %d",
                         documents[i].name, piece, state);
            if (documents[i].events != NULL)
                cr_expect_str_eq(seen.events.data, documents[i].events,
                                 "%s (by %zu)", documents[i].name, piece);
        }
    buf_fini(&seen.events);
}

Test(xml_reader, never_takes_a_beginning_for_the_whole)
{
    static const char text[] = "<?xml version='1.0'?><a xmlns='u' b='c'>"
                               "x&amp;<d>\xc3\xa4&#xD83D;&#xDE00;</d><e/></a>";
    struct seen seen = { 0 };

    buf_init(&seen.events, NULL);
    for (size_t len = 0; len < sizeof text - 1; len++) {
        char part[sizeof text] = { 0 };
        memcpy(part, text, len);
        cr_expect_eq(see(&seen, part, 7, 10000), XML_BROKEN, "%zu octets", len);
    }
    cr_expect_eq(see(&seen, text, 7, 10000), XML_WHOLE);
    buf_fini(&seen.events);
}

Test(xml_reader, keeps_to_its_limits)
{
    struct seen seen = { 0 };
    struct buf text;

    buf_init(&seen.events, NULL);
    buf_init(&text, NULL);
    buf_puts(&text, "<a><m>");
    for (size_t i = 0; i < 10000; i++)
        buf_puts(&text, "0123456789");
    buf_puts(&text, "</m></a>");
    cr_expect_eq(see(&seen, text.data, 4096, 200000), XML_WHOLE);
    cr_expect_eq(see(&seen, text.data, 4096, 50000), XML_OVER_LIMIT);
    seen.forgive = "m";
    cr_expect_eq(see(&seen, text.data, 4096, 50000), XML_WHOLE,
                 "forgiven text");

    buf_clear(&text);
    for (size_t i = 0; i <= XML_DEPTH_MAX; i++)
        buf_puts(&text, "<a>");
    for (size_t i = 0; i <= XML_DEPTH_MAX; i++)
        buf_puts(&text, "</a>");
    cr_expect_eq(see(&seen, text.data, 4096, 50000), XML_BROKEN, "too deep");
    buf_fini(&text);
    buf_fini(&seen.events);
}

Test(xml_reader, stops_when_told)
{
    struct seen seen = { .stop = "b" };

    buf_init(&seen.events, NULL);
    cr_expect_eq(see(&seen, "<a><b/><c/></a>", 3, 1000), XML_STOPPED);
    cr_expect_str_eq(seen.events.data, "<a><b>");
    buf_fini(&seen.events);
}

/* --- Trees ---------------------------------------------------------------- */

static bool tree_open(void *context, const char *name,
                      const struct xml_attribute *attributes, size_t count)
{
    xml_tree_open(context, name, attributes, count);
    return true;
}

static bool tree_text(void *context, const char *text, size_t len)
{
    xml_tree_text(context, text, len);
    return true;
}

static bool tree_close(void *context, const char *name)
{
    (void)name;
    xml_tree_close(context);
    return true;
}

Test(xml_tree, finds_what_is_in_it)
{
    static const struct xml_handler growing = { .open = tree_open,
                                                .text = tree_text,
                                                .close = tree_close };
    static const char text[] =
        "<a>\n <b k='1'> x </b><c/><b k='2'><d>y</d></b>\n</a>";
    struct arena *arena = arena_new();
    struct xml_tree tree;

    xml_tree_init(&tree, arena);
    struct xml_reader *reader = xml_reader_new(&growing, &tree, 1000);
    xml_reader_feed(reader, text, strlen(text));
    cr_assert_eq(xml_reader_finish(reader), XML_WHOLE);
    cr_expect_str_eq(tree.root->name, "a");
    cr_expect_str_eq(tree.root->text, "");
    cr_expect_str_eq(xml_child_text(tree.root, "b"), " x ");
    cr_expect_str_eq(xml_value(xml_child(tree.root, "b"), "k"), "1");
    cr_expect_null(xml_value(xml_child(tree.root, "b"), "l"));
    cr_expect_str_eq(xml_child_text(tree.root, "c"), "");
    cr_expect_null(xml_child_text(tree.root, "d"));
    cr_expect_str_eq(xml_descendant(tree.root, "d")->text, "y");
    cr_expect_null(xml_child_text(xml_child(tree.root, "zz"), "d"));
    xml_reader_free(&reader);
    xml_tree_fini(&tree);
    arena_free(&arena);
}
