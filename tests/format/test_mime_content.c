/*
 * test_mime_content.c - what the Content-* fields tell
 */
#include "proxy/format/mime.h"

#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"

static struct mime_part *parse(struct arena *arena, const char *header)
{
    struct mime_scanner *scanner = mime_scanner_new(arena);
    mime_scanner_write(scanner, header, strlen(header));
    return mime_scanner_finish(scanner);
}

static char *show_params(struct arena *arena, const struct mime_param *params,
                         size_t count)
{
    struct buf out;
    buf_init(&out, arena);
    buf_puts(&out, "");
    for (size_t i = 0; i < count; i++)
        buf_printf(&out, "%s[%s=%s]", i == 0 ? "" : " ", params[i].name,
                   params[i].value);
    return out.data;
}

/* clang-format off */
static const struct {
    const char *value;
    const char *type;
    const char *params;
} types[] = {
    { "text/plain", "text/plain", "" },
    { "TEXT/Plain; CHARSET=UTF-8", "TEXT/Plain", "[CHARSET=UTF-8]" },
    { "text/plain; charset=us-ascii (Plain text)", "text/plain", "[charset=us-ascii]" },
    { "text/plain; charset=\"us-ascii\"", "text/plain", "[charset=us-ascii]" },
    { "(a) text (b) / (c) plain (d); (e) a (f) = (g) b (h)", "text/plain", "[a=b]" },
    { "text/plain;", "text/plain", "" },
    { "text/plain;; a=b; ;c=d;", "text/plain", "[a=b] [c=d]" },
    { "text/plain a=b", "text/plain", "" },
    { "application/pdf; name=\"a \\\"b\\\" c.pdf\"", "application/pdf", "[name=a \"b\" c.pdf]" },
    { "application/pdf; name=my file.pdf; x=y", "application/pdf", "[name=my file.pdf] [x=y]" },
    { "application/pdf; name=\"no end", "application/pdf", "[name=no end]" },
    { "application/pdf; name=\"a;b\"; x=y", "application/pdf", "[name=a;b] [x=y]" },
    { "application/pdf; name=J\xf6rg.pdf", "application/pdf", "[name=J\xf6rg.pdf]" },
    { "application/pdf; name=", "application/pdf", "[name=]" },
    { "a/b; t*0=\"one \"; t*1=\"two\"", "a/b", "[t=one two]" },
    { "a/b; t*1=two; t*0=one; u=v", "a/b", "[t=onetwo] [u=v]" },
    { "a/b; t*=utf-8'en'%e2%82%ac", "a/b", "[t*=utf-8'en'%e2%82%ac]" },
    { "a/b; t*0*=utf-8''%e2%82%ac; t*1=\" 5%\"", "a/b", "[t*=utf-8''%e2%82%ac%205%25]" },
    { "a/b; t*1=alone", "a/b", "[t*1=alone]" },
    { "text", "text/plain", "[charset=us-ascii]" },
    { "/plain", "text/plain", "[charset=us-ascii]" },
    { "", "text/plain", "[charset=us-ascii]" },
};
/* clang-format on */

Test(mime_content, reads_types_and_parameters)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct arena *arena = arena_new();
        struct mime_part *part =
            parse(arena, arena_printf(arena, "Content-Type: %s\r\n\r\n",
                                      types[i].value));
        cr_expect_str_eq(
            arena_printf(arena, "%s/%s", part->type, part->subtype),
            types[i].type, "%s", types[i].value);
        cr_expect_str_eq(show_params(arena, part->params, part->param_count),
                         types[i].params, "%s", types[i].value);
        arena_free(&arena);
    }
}

Test(mime_content, reads_the_other_fields)
{
    struct arena *arena = arena_new();
    struct mime_part *part = parse(
        arena,
        "Content-Disposition: attachment; filename=\"a b.pdf\"; size=12\r\n"
        "Content-Language: de, en-GB (British)\r\n"
        "Content-ID: <a@b>\r\nContent-MD5: Q2hlY2s=\r\n"
        "Content-Location: http://x/\r\n y\r\n"
        "Content-Description: A\r\n\tthing \r\n"
        "content-transfer-encoding: Base64\r\n\r\n");
    cr_expect_str_eq(part->disposition, "attachment");
    cr_expect_str_eq(show_params(arena, part->disposition_params,
                                 part->disposition_param_count),
                     "[filename=a b.pdf] [size=12]");
    cr_assert_eq(part->language_count, 2);
    cr_expect_str_eq(part->languages[0], "de");
    cr_expect_str_eq(part->languages[1], "en-GB");
    cr_expect_str_eq(part->id, "<a@b>");
    cr_expect_str_eq(part->md5, "Q2hlY2s=");
    cr_expect_str_eq(part->location, "http://x/ y");
    cr_expect_str_eq(part->description, "A\tthing");
    cr_expect_str_eq(part->encoding, "Base64");
    arena_free(&arena);
}

Test(mime_content, says_what_is_absent)
{
    struct arena *arena = arena_new();
    struct mime_part *part = parse(arena, "Subject: x\r\n\r\n");
    cr_expect_str_eq(part->encoding, "7bit");
    cr_expect_null(part->disposition);
    cr_expect_null(part->languages);
    cr_expect_null(part->id);
    cr_expect_null(part->md5);
    cr_expect_null(part->location);
    cr_expect_null(part->description);
    arena_free(&arena);
}
