/*
 * test_mime_scanner.c - what the scanner finds in messages
 *
 * A part is compared by the very text that its offsets cut out of the message.
 */
#include "proxy/format/mime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"

static struct mime_part *scan(struct arena *arena, const char *message,
                              size_t len, size_t piece)
{
    struct mime_scanner *scanner = mime_scanner_new(arena);
    for (size_t i = 0; i < len; i += piece)
        mime_scanner_write(scanner, message + i,
                           len - i < piece ? len - i : piece);
    return mime_scanner_finish(scanner);
}

#define TWO_PARTS                                                              \
    "Content-Type: multipart/mixed; boundary=x\r\n\r\n"                        \
    "preamble\r\n--x\r\nContent-Type: text/html\r\n\r\none\r\ntwo\r\n"         \
    "--x\r\n\r\nplain\r\n\r\n--x--\r\nepilogue\r\n"

#define NESTED                                                                 \
    "Subject: outer\r\nContent-Type: multipart/mixed; boundary=\"ab\"\r\n\r\n" \
    "--ab\r\nContent-Type: multipart/alternative; boundary=\"abc\"\r\n\r\n"    \
    "--abc\r\n\r\nfirst\r\n--abc\r\nContent-Type: "                            \
    "text/html\r\n\r\n<b>\r\n--abc--\r\n"                                      \
    "--ab\r\nContent-Type: message/rfc822\r\n\r\n"                             \
    "Subject: inner\r\nFrom: a@b\r\n\r\nhello\r\nworld\r\n--ab--\r\n"

#define DIGEST                                                                 \
    "Content-Type: multipart/digest; boundary=d\r\n\r\n"                       \
    "--d\r\n\r\nSubject: one\r\n\r\nbody one\r\n--d\r\nContent-Type: "         \
    "text/plain\r\n\r\n"                                                       \
    "no message\r\n--d--\r\n"

#define MIXED(boundary, rest)                                                  \
    "Content-Type: multipart/mixed; boundary=" boundary "\r\n\r\n" rest

struct expectation {
    const char *name;
    const char *message;
    uint32_t numbers[4]; /* 0 at the end */
    const char *type;    /* NULL: there is no such part */
    const char *header;
    const char *body;
    uint32_t lines;
};

/* clang-format off */
static const struct expectation expectations[] = {
    { "a plain message", "Subject: x\r\n\r\nhello\r\n", { 0 },
      "text/plain", "Subject: x\r\n\r\n", "hello\r\n", 1 },
    { "part 1 of a plain message is its body", "Subject: x\r\n\r\nhello\r\n", { 1 },
      "text/plain", "Subject: x\r\n\r\n", "hello\r\n", 1 },
    { "a plain message has no part 2", "Subject: x\r\n\r\nhello\r\n", { 2 },
      NULL, NULL, NULL, 0 },
    { "a plain message has no part 1.1", "Subject: x\r\n\r\nhello\r\n", { 1, 1 },
      NULL, NULL, NULL, 0 },
    { "an empty message", "", { 0 }, "text/plain", "", "", 0 },
    { "only a header", "Subject: x\r\n", { 0 }, "text/plain", "Subject: x\r\n", "", 0 },
    { "only a body", "\r\nhello", { 0 }, "text/plain", "\r\n", "hello", 1 },
    { "a last line without its end", "\r\na\r\nb", { 0 }, "text/plain", "\r\n", "a\r\nb", 2 },
    { "line feeds alone", "Subject: x\n\na\nb\n", { 0 },
      "text/plain", "Subject: x\n\n", "a\nb\n", 2 },
    { "a header line that is no field", "Subject: x\r\nrubbish\r\nContent-Type: a/b\r\n\r\nc",
      { 0 }, "a/b", "Subject: x\r\nrubbish\r\nContent-Type: a/b\r\n\r\n", "c", 1 },
    { "a folded type", "Content-Type:\r\n text/\r\n\thtml\r\n\r\nx", { 0 },
      "text/html", "Content-Type:\r\n text/\r\n\thtml\r\n\r\n", "x", 1 },
    { "a broken type is plain text", "Content-Type: rubbish\r\n\r\nx", { 0 },
      "text/plain", "Content-Type: rubbish\r\n\r\n", "x", 1 },
    { "a multipart", TWO_PARTS, { 0 }, "multipart/mixed",
      "Content-Type: multipart/mixed; boundary=x\r\n\r\n",
      "preamble\r\n--x\r\nContent-Type: text/html\r\n\r\none\r\ntwo\r\n"
      "--x\r\n\r\nplain\r\n\r\n--x--\r\nepilogue\r\n", 12 },
    { "the line break before a boundary is the boundary's", TWO_PARTS, { 1 }, "text/html",
      "Content-Type: text/html\r\n\r\n", "one\r\ntwo", 2 },
    { "a part without fields", TWO_PARTS, { 2 }, "text/plain", "\r\n", "plain\r\n", 1 },
    { "the epilogue is no part", TWO_PARTS, { 3 }, NULL, NULL, NULL, 0 },
    { "the longer of two boundaries", NESTED, { 1 }, "multipart/alternative",
      "Content-Type: multipart/alternative; boundary=\"abc\"\r\n\r\n",
      "--abc\r\n\r\nfirst\r\n--abc\r\nContent-Type: text/html\r\n\r\n<b>\r\n--abc--", 8 },
    { "a part of a part", NESTED, { 1, 2 }, "text/html",
      "Content-Type: text/html\r\n\r\n", "<b>", 1 },
    { "an enclosed message", NESTED, { 2 }, "message/rfc822",
      "Content-Type: message/rfc822\r\n\r\n",
      "Subject: inner\r\nFrom: a@b\r\n\r\nhello\r\nworld", 5 },
    { "the body of an enclosed message", NESTED, { 2, 1 }, "text/plain",
      "Subject: inner\r\nFrom: a@b\r\n\r\n", "hello\r\nworld", 2 },
    { "no second part in an enclosed message", NESTED, { 2, 2 }, NULL, NULL, NULL, 0 },
    { "a digest's parts are messages", DIGEST, { 1 }, "message/rfc822",
      "\r\n", "Subject: one\r\n\r\nbody one", 3 },
    { "the body of a digest's message", DIGEST, { 1, 1 }, "text/plain",
      "Subject: one\r\n\r\n", "body one", 1 },
    { "a digest's part that is none", DIGEST, { 2 }, "text/plain",
      "Content-Type: text/plain\r\n\r\n", "no message", 1 },
    { "no closing boundary", MIXED("x", "--x\r\n\r\na\r\n--x\r\n\r\nb\r\n"), { 2 },
      "text/plain", "\r\n", "b\r\n", 1 },
    { "an outer boundary ends the inner multipart",
      MIXED("o", "--o\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n"
                 "--i\r\n\r\na\r\n--o\r\n\r\nb\r\n--o--\r\n"), { 1, 1 },
      "text/plain", "\r\n", "a", 1 },
    { "and goes on after it",
      MIXED("o", "--o\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n"
                 "--i\r\n\r\na\r\n--o\r\n\r\nb\r\n--o--\r\n"), { 2 },
      "text/plain", "\r\n", "b", 1 },
    { "empty parts", MIXED("x", "--x\r\n\r\n--x\r\n--x--"), { 1 },
      "text/plain", "\r\n", "", 0 },
    { "a part without even a header", MIXED("x", "--x\r\n\r\n--x\r\n--x--"), { 2 },
      "text/plain", "", "", 0 },
    { "a body without header and empty line", MIXED("x", "--x\r\nhello world\r\n--x--"), { 1 },
      "text/plain", "", "hello world", 1 },
    { "a header that a boundary breaks off",
      MIXED("x", "--x\r\nContent-Type: text/html\r\n--x--"), { 1 },
      "text/html", "Content-Type: text/html\r\n", "", 0 },
    { "white space after a boundary", MIXED("x", "--x \t\r\n\r\na\r\n--x--  \r\n"), { 1 },
      "text/plain", "\r\n", "a", 1 },
    { "a boundary's beginning is no boundary", MIXED("xy", "--xy\r\n\r\n--x\r\n--xyz\r\n--xy--"),
      { 1 }, "text/plain", "\r\n", "--x\r\n--xyz", 2 },
    { "a boundary in a line", MIXED("x", "--x\r\n\r\na --x\r\n --x\r\n--x--"), { 1 },
      "text/plain", "\r\n", "a --x\r\n --x", 2 },
    { "a multipart without boundary is text", "Content-Type: multipart/mixed\r\n\r\na", { 0 },
      "text/plain", "Content-Type: multipart/mixed\r\n\r\n", "a", 1 },
    { "a multipart without parts is text", MIXED("x", "nothing"), { 0 },
      "text/plain", "Content-Type: multipart/mixed; boundary=x\r\n\r\n", "nothing", 1 },
    { "a boundary with spaces and equals signs",
      MIXED("\"a =b\"", "--a =b\r\n\r\nt\r\n--a =b--"), { 1 }, "text/plain", "\r\n", "t", 1 },
    { "an unquoted boundary that needs quotes",
      MIXED("----=_Part", "------=_Part\r\n\r\nt\r\n------=_Part--"), { 1 },
      "text/plain", "\r\n", "t", 1 },
    { "an encoded message is not looked into",
      "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nU3ViagoK\r\n",
      { 1, 1 }, NULL, NULL, NULL, 0 },
    { "a message whose body is a message",
      "Content-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nx\r\n", { 1, 1 },
      "text/plain", "Subject: in\r\n\r\n", "x\r\n", 1 },
    { "an enclosed multipart",
      "Content-Type: message/rfc822\r\n\r\n" MIXED("x", "--x\r\n\r\nq\r\n--x--\r\n"), { 1, 1 },
      "text/plain", "\r\n", "q", 1 },
    { "NUL, 8-bit and lone carriage returns", "A: \x80\r\n\r\na\rb\xff\r\n", { 0 },
      "text/plain", "A: \x80\r\n\r\n", "a\rb\xff\r\n", 1 },
};
/* clang-format on */

static void check(const struct expectation *expected, size_t piece)
{
    struct arena *arena = arena_new();
    const char *message = expected->message;
    const struct mime_part *root = scan(arena, message, strlen(message), piece);
    size_t count = 0;
    while (expected->numbers[count] != 0)
        count++;
    const struct mime_part *part =
        mime_part_find(root, expected->numbers, count);
    const char *name = expected->name;
    cr_expect((part == NULL) == (expected->type == NULL), "%s: existence",
              name);
    if (part != NULL && expected->type != NULL) {
        cr_expect_str_eq(
            arena_printf(arena, "%s/%s", part->type, part->subtype),
            expected->type, "%s: type", name);
        cr_expect_str_eq(arena_strndup(arena, message + part->header_offset,
                                       part->header_size),
                         expected->header, "%s: header", name);
        cr_expect_eq(part->body_offset, part->header_offset + part->header_size,
                     "%s", name);
        cr_expect_str_eq(
            arena_strndup(arena, message + part->body_offset, part->body_size),
            expected->body, "%s: body", name);
        cr_expect_eq(part->body_lines, expected->lines, "%s: %u lines, not %u",
                     name, part->body_lines, expected->lines);
    }
    arena_free(&arena);
}

Test(mime_scanner, cuts_out_the_parts)
{
    for (size_t i = 0; i < sizeof expectations / sizeof *expectations; i++)
        check(&expectations[i], SIZE_MAX / 2);
}

Test(mime_scanner, finds_the_same_in_any_pieces)
{
    for (size_t i = 0; i < sizeof expectations / sizeof *expectations; i++) {
        for (size_t piece = 1; piece < 8; piece++)
            check(&expectations[i], piece);
    }
}

/* Every stored form is equal, so every member is. */
Test(mime_scanner, gives_the_same_tree_wherever_it_is_cut)
{
    static const char *const messages[] = { TWO_PARTS, NESTED, DIGEST };
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        size_t len = strlen(messages[i]);
        for (size_t cut = 0; cut <= len; cut++) {
            struct arena *arena = arena_new();
            struct buf whole, pieces;
            buf_init(&whole, arena);
            buf_init(&pieces, arena);
            mime_part_store(scan(arena, messages[i], len, len), &whole);
            struct mime_scanner *scanner = mime_scanner_new(arena);
            mime_scanner_write(scanner, messages[i], cut);
            mime_scanner_write(scanner, messages[i] + cut, len - cut);
            mime_part_store(mime_scanner_finish(scanner), &pieces);
            cr_expect(whole.len == pieces.len &&
                          memcmp(whole.data, pieces.data, whole.len) == 0,
                      "message %zu cut at %zu", i, cut);
            arena_free(&arena);
        }
    }
}

/* Pseudo-random messages made of lines that matter. */
static void random_message(unsigned *seed, struct buf *out)
{
    static const char *const lines[] = {
        "--a",
        "--a--",
        "--ab",
        "--ab--",
        "",
        "",
        "text",
        "Subject: x",
        "Content-Type: multipart/mixed; boundary=a",
        "Content-Type: multipart/digest; boundary=ab",
        "Content-Type: message/rfc822",
        "Content-Transfer-Encoding: base64",
        " folded",
        "-",
    };
    static const char *const breaks[] = {
        "\r\n", "\r\n", "\r\n", "\n", "\r", ""
    };
    for (int n = 0; n < 40; n++) {
        *seed = *seed * 1103515245 + 12345;
        buf_puts(out, lines[(*seed >> 16) % (sizeof lines / sizeof *lines)]);
        *seed = *seed * 1103515245 + 12345;
        buf_puts(out, breaks[(*seed >> 16) % (sizeof breaks / sizeof *breaks)]);
    }
}

static void check_ranges(const struct mime_part *part, uint64_t *at)
{
    cr_assert(part->header_offset >= *at);
    cr_assert_eq(part->body_offset, part->header_offset + part->header_size);
    *at = part->body_offset;
    uint64_t end = part->body_offset + part->body_size;
    for (size_t i = 0; i < part->child_count; i++) {
        check_ranges(&part->children[i], at);
        cr_assert(*at <= end);
    }
    *at = end;
}

Test(mime_scanner, keeps_parts_in_order_and_within_each_other)
{
    unsigned seed = 1;
    for (int round = 0; round < 3000; round++) {
        struct arena *arena = arena_new();
        struct buf message, whole, single;
        buf_init(&message, arena);
        buf_init(&whole, arena);
        buf_init(&single, arena);
        random_message(&seed, &message);
        struct mime_part *root =
            scan(arena, message.data, message.len, message.len);
        uint64_t at = 0;
        check_ranges(root, &at);
        cr_expect_eq(at, message.len);
        mime_part_store(root, &whole);
        mime_part_store(scan(arena, message.data, message.len, 1), &single);
        cr_assert(whole.len == single.len &&
                  memcmp(whole.data, single.data, whole.len) == 0);
        cr_assert_not_null(mime_part_load(arena, whole.data, whole.len));
        arena_free(&arena);
    }
}

Test(mime_scanner, stops_at_the_limit_of_parts)
{
    struct arena *arena = arena_new();
    struct buf message;
    buf_init(&message, arena);
    buf_puts(&message, MIXED("x", ""));
    for (int i = 0; i < MIME_PARTS_MAX + 10; i++)
        buf_puts(&message, "--x\r\n\r\na\r\n");
    struct mime_part *root = scan(arena, message.data, message.len, 1000);
    cr_expect_eq(root->child_count, MIME_PARTS_MAX - 1);
    const struct mime_part *last = &root->children[root->child_count - 1];
    cr_expect_eq(last->body_offset + last->body_size, message.len);
    arena_free(&arena);
}

Test(mime_scanner, stops_at_the_limit_of_depth)
{
    struct arena *arena = arena_new();
    struct buf message;
    buf_init(&message, arena);
    for (int i = 0; i < 2 * MIME_DEPTH_MAX; i++)
        buf_puts(&message, "Content-Type: message/rfc822\r\n\r\n");
    const struct mime_part *part = scan(arena, message.data, message.len, 1000);
    size_t depth = 1;
    for (; part->child_count > 0; part = &part->children[0])
        depth++;
    cr_expect_eq(depth, MIME_DEPTH_MAX);
    cr_expect_str_eq(part->subtype, "rfc822");
    arena_free(&arena);
}

Test(mime_scanner, takes_headers_of_any_size)
{
    struct arena *arena = arena_new();
    struct buf message;
    buf_init(&message, arena);
    buf_puts(&message, "Content-Type: text/html\r\n");
    for (int i = 0; i < 40000; i++)
        buf_puts(&message,
                 "X-Long: abcdefghijklmnopqrstuvwxyzabcdefghijklmnop\r\n");
    buf_puts(&message, "\r\nbody");
    const struct mime_part *root = scan(arena, message.data, message.len, 4096);
    cr_expect_str_eq(root->subtype, "html");
    cr_expect_eq(root->body_size, 4);
    arena_free(&arena);
}
