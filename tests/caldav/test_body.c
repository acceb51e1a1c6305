/*
 * test_body.c - the XML of requests, and names of elements
 */
#include "caldav/body.h"

#include <criterion/criterion.h>
#include <string.h>

#include "caldav/names.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"

static struct arena *arena;

static void begin(void)
{
    arena = arena_new();
}

static void end(void)
{
    arena_free(&arena);
}

TestSuite(caldav_body, .init = begin, .fini = end);

static const struct dav_node *read_good(const char *text)
{
    const struct dav_node *root = NULL;

    cr_assert(dav_body_read(arena, text, strlen(text), &root) == DAV_BODY_GOOD,
              "%s", text);
    return root;
}

/* clang-format off */
static const struct {
    const char *text;
    enum dav_body_state state;
} bodies[] = {
    { "<a/>",                                                      DAV_BODY_GOOD },
    { "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<a/>\n",        DAV_BODY_GOOD },
    { "",                                                          DAV_BODY_EMPTY },
    { " \r\n\t",                                                   DAV_BODY_EMPTY },
    { "x",                                                         DAV_BODY_BROKEN },
    { "<a>",                                                       DAV_BODY_BROKEN },
    { "<a></b>",                                                   DAV_BODY_BROKEN },
    { "<D:a xmlns:D=\"DAV:\"><x:b xmlns:x=\"\"/></D:a>",           DAV_BODY_BROKEN },
    { "<D:a/>",                                                    DAV_BODY_BROKEN },
    { "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",                DAV_BODY_BROKEN },
    { "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",            DAV_BODY_BROKEN },
    { "<a>&nbsp;</a>",                                             DAV_BODY_BROKEN },
    { "<a>b\x01c</a>",                                             DAV_BODY_BROKEN },
    { "<a>b&#1;c</a>",                                             DAV_BODY_BROKEN },
    { "<a>b&#0;c</a>",                                             DAV_BODY_BROKEN },
    { "<a>b\xffz</a>",                                             DAV_BODY_BROKEN },
    { "<a>b\xef\xbf\xbe" "c</a>",                                  DAV_BODY_BROKEN },
    { "<a>\xed\xa0\xbd\xed\xb8\x80</a>",                          DAV_BODY_BROKEN },
    { "\xef\xbb\xbf<a>\xf0\x9f\x98\x80 &#x1F600;\t\r\n</a>",         DAV_BODY_GOOD },
};
/* clang-format on */

Test(caldav_body, takes_only_well_formed_documents)
{
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        const struct dav_node *root;

        cr_expect(dav_body_read(arena, bodies[i].text, strlen(bodies[i].text),
                                &root) == bodies[i].state,
                  "%s", bodies[i].text);
    }
}

Test(caldav_body, refuses_a_nul_wherever_it_is)
{
    static const char text[] = "<a>b\0c</a>\n\0";
    const struct dav_node *root;

    for (size_t len = strlen("<a>b") + 1; len < sizeof text; len++)
        cr_expect(dav_body_read(arena, text, len, &root) == DAV_BODY_BROKEN);
    cr_expect(dav_body_read(arena, "<a/>\n", sizeof "<a/>\n", &root) ==
              DAV_BODY_BROKEN);
}

Test(caldav_body, refuses_more_elements_than_anyone_needs)
{
    const struct dav_node *root;
    struct buf text;

    buf_init(&text, arena);
    buf_puts(&text, "<a>");
    for (size_t i = 0; i < DAV_NODES_MAX + 1; i++)
        buf_puts(&text, "<b/>");
    buf_puts(&text, "</a>");
    cr_expect(dav_body_read(arena, text.data, text.len, &root) ==
              DAV_BODY_LIMIT);
}

Test(caldav_body, refuses_documents_that_are_too_deep)
{
    const struct dav_node *root;
    struct buf text;

    buf_init(&text, arena);
    for (size_t i = 0; i < 1000; i++)
        buf_puts(&text, "<a>");
    for (size_t i = 0; i < 1000; i++)
        buf_puts(&text, "</a>");
    cr_expect(dav_body_read(arena, text.data, text.len, &root) ==
              DAV_BODY_BROKEN);
}

Test(caldav_body, knows_elements_by_namespace_and_name_whatever_the_prefix)
{
    const struct dav_node *root = read_good(
        "<x:propfind xmlns:x=\"DAV:\" xmlns:D=\"urn:other\"><x:prop>"
        "<calendar-data xmlns=\"urn:ietf:params:xml:ns:caldav\"/><D:prop/>"
        "<none/></x:prop></x:propfind>");
    const struct dav_node *node = dav_child(root, "D:prop");

    cr_expect_str_eq(root->name, "D:propfind");
    cr_assert(node != NULL);
    node = dav_child(node, NULL);
    cr_expect_str_eq(node->name, "C:calendar-data");
    node = dav_sibling(node, NULL);
    cr_expect_str_eq(node->name, "{urn:other}prop");
    node = dav_sibling(node, NULL);
    cr_expect_str_eq(node->name, "{}none");
    cr_expect(dav_sibling(node, NULL) == NULL);
}

Test(caldav_body, takes_namespaces_as_they_are_meant)
{
    const struct dav_node *root = read_good("<a xmlns=\"urn:x?y&amp;z\"/>");

    cr_expect_str_eq(root->name, "{urn:x?y&z}a");
}

Test(caldav_body, gives_text_with_references_and_sections_resolved)
{
    const struct dav_node *root = read_good(
        "<a l=\"1&amp;2\"> x &lt;&#228; <b>y</b><![CDATA[<z>]]> </a>");

    cr_expect_str_eq(dav_text(arena, root), "x <\xc3\xa4 y<z>");
    cr_expect_str_eq(dav_attribute(root, "l"), "1&2");
    cr_expect(dav_attribute(root, "m") == NULL);
}

Test(caldav_body, keeps_values_as_xml_that_stands_for_itself)
{
    const struct dav_node *root = read_good(
        "<v xmlns:p=\"urn:p\">t&amp;<p:x xml:lang=\"de\" k=\"&quot;\">"
        "a<y xmlns=\"DAV:\"/>b</p:x>c</v>");
    const char *content = dav_content(arena, root);

    cr_expect_str_eq(content, "t&amp;<x xmlns=\"urn:p\" xml:lang=\"de\" "
                              "k=\"&quot;\">a<y xmlns=\"DAV:\"/>b</x>c");
    const struct dav_node *again =
        read_good(arena_printf(arena, "<v>%s</v>", content));
    cr_expect_str_eq(dav_content(arena, again), content);
}

Test(caldav_body, writes_namespaces_out_for_what_is_kept)
{
    cr_expect_str_eq(dav_name_long(arena, "D:displayname"),
                     "{DAV:}displayname");
    cr_expect_str_eq(dav_name_short(arena, "{DAV:}displayname"),
                     "D:displayname");
    cr_expect_str_eq(dav_name_short(arena, "{urn:x}y"), "{urn:x}y");
    cr_expect_str_eq(dav_name_long(arena, "{}y"), "{}y");
}
