/*
 * test_frame.c - what the framer finds, wherever the pieces of its input meet
 */
#include "smtp/frame.h"

#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/spool.h"
#include "smtp/content.h"

struct frame_case {
    const char *name;
    const char *input; /* after DATA */
    const char *content;
    enum smtp_content_fault fault;
    const char *rest; /* what belongs to the next command */
};

/* clang-format off */
static const struct frame_case cases[] = {
    { "an end", "a\r\n.\r\nNOOP\r\n", "a\r\n", SMTP_CONTENT_GOOD, "NOOP\r\n" },
    { "an end at once", ".\r\nQUIT\r\n", "", SMTP_CONTENT_GOOD, "QUIT\r\n" },
    { "two dots", "..\r\n.\r\n", ".\r\n", SMTP_CONTENT_GOOD, "" },
    { "LF dot LF", "a\n.\nb\r\n.\r\n", "a\r\n.\r\nb\r\n", SMTP_CONTENT_GOOD, "" },
    { "LF dot CRLF", "a\n.\r\nb\r\n.\r\n", "a\r\n.\r\nb\r\n", SMTP_CONTENT_GOOD, "" },
    { "CRLF dot LF", "a\r\n.\nb\r\n.\r\n", "a\r\n\r\nb\r\n", SMTP_CONTENT_GOOD, "" },
    { "CR dot CR", "a\r.\rb\r\n.\r\n", NULL, SMTP_CONTENT_BARE_CR, "" },
    { "CRLF dot CR", "a\r\n.\rb\r\n.\r\n", NULL, SMTP_CONTENT_BARE_CR, "" },
    { "CRLF dot CR CR LF", "a\r\n.\r\r\n.\r\n", NULL, SMTP_CONTENT_BARE_CR, "" },
    { "CR CRLF dot CRLF", "a\r\r\n.\r\nx", NULL, SMTP_CONTENT_BARE_CR, "x" },
    { "CRLF dot dot CRLF", "a\r\n..\r\n.\r\n.", "a\r\n.\r\n", SMTP_CONTENT_GOOD, "." },
    { "CRLF dot CRLF twice", "a\r\n.\r\n.\r\n", "a\r\n", SMTP_CONTENT_GOOD, ".\r\n" },
};
/* clang-format on */

/* Feeds pieces of `step` as a connection does, and returns what it took. */
static size_t feed(struct smtp_frame *frame, const char *input, size_t step)
{
    size_t len = strlen(input);
    size_t at = 0;
    enum smtp_frame_found found = SMTP_FOUND_NOTHING;

    while (at < len && found == SMTP_FOUND_NOTHING) {
        size_t piece = len - at < step ? len - at : step;
        size_t taken = smtp_frame_take(frame, input + at, piece, &found);

        cr_assert(taken <= piece);
        cr_assert(taken > 0);
        at += taken;
    }
    cr_assert(found == SMTP_FOUND_DATA_END);
    return at;
}

Test(smtp_frame, finds_the_end_of_content)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct frame_case *c = &cases[i];

        for (size_t step = 1; step <= strlen(c->input); step++) {
            struct smtp_content *content = smtp_content_new(NULL, 0);
            struct smtp_frame frame;
            char text[100] = "";

            smtp_frame_init(&frame, 512);
            smtp_frame_begin_data(&frame, content);
            size_t taken = feed(&frame, c->input, step);
            cr_expect_str_eq(c->input + taken, c->rest, "%s", c->name);
            cr_expect(smtp_content_end(content) == c->fault, "%s", c->name);
            if (c->content != NULL) {
                spool_read(smtp_content_spool(content), 0, text, sizeof text);
                cr_expect_str_eq(text, c->content, "%s, step %zu", c->name,
                                 step);
            }
            smtp_content_free(&content);
        }
    }
}

Test(smtp_frame, counts_the_octets_of_a_chunk)
{
    static const char input[] = "ab.\r\n.\r\ncdNOOP";

    for (size_t step = 1; step < sizeof input; step++) {
        struct smtp_content *content = smtp_content_new(NULL, 0);
        enum smtp_frame_found found = SMTP_FOUND_NOTHING;
        struct smtp_frame frame;
        char text[20] = "";
        size_t at = 0;

        smtp_frame_init(&frame, 512);
        smtp_frame_begin_chunk(&frame, content, 10);
        while (found == SMTP_FOUND_NOTHING) {
            size_t left = sizeof input - 1 - at;

            at += smtp_frame_take(&frame, input + at, left < step ? left : step,
                                  &found);
        }
        cr_expect(found == SMTP_FOUND_CHUNK_END);
        cr_expect_str_eq(input + at, "NOOP");
        spool_read(smtp_content_spool(content), 0, text, sizeof text);
        cr_expect_str_eq(text, "ab.\r\n.\r\ncd");
        smtp_content_free(&content);
    }
}

Test(smtp_frame, throws_away_what_nobody_wants)
{
    enum smtp_frame_found found;
    struct smtp_frame frame;

    smtp_frame_init(&frame, 512);
    smtp_frame_begin_data(&frame, NULL);
    cr_expect(smtp_frame_take(&frame, "..\r\n.\r\nx", 8, &found) == 7);
    cr_expect(found == SMTP_FOUND_DATA_END);
    smtp_frame_begin_chunk(&frame, NULL, 3);
    cr_expect(smtp_frame_take(&frame, "abcd", 4, &found) == 3);
    cr_expect(found == SMTP_FOUND_CHUNK_END);
}
