/*
 * test_frame.c - when is a command whole?
 */
#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imap/frame.h"
#include "proxy/base/arena.h"
#include "proxy/base/spool.h"

static const struct imap_limits limits = { .line = 100,
                                           .literal = 50,
                                           .message = 1000,
                                           .messages = 2000 };

/* Notes an event and, for a request, what it holds. */
static void note(struct buf *log, struct imap_frame *frame,
                 enum imap_frame_event event)
{
    static const char *const refusals[] = { "", "LINE", "LITERAL", "MESSAGE",
                                            "MESSAGES", "NUL", "SPACE" };

    if (event == IMAP_FRAME_CONTINUE)
        buf_puts(log, "+");
    if (event != IMAP_FRAME_REQUEST)
        return;

    struct imap_request request = imap_frame_request(frame);
    if (request.refusal != IMAP_TAKEN)
        buf_printf(log, "<%s>", refusals[request.refusal]);
    else
        buf_printf(log, "[%.*s]", (int)request.len, request.text);
    for (size_t i = 0;
         i < request.literal_count && request.refusal == IMAP_TAKEN; i++)
        buf_printf(log, "%s%llu@%zu", i > 0 ? "," : "",
                   (unsigned long long)request.literals[i].size,
                   request.literals[i].at);
    imap_frame_reset(frame);
}

/* What the framer makes of input that comes in pieces of `step` bytes. */
static const char *frame_in_steps(struct arena *arena, const char *input,
                                  size_t len, size_t step)
{
    struct imap_frame frame;
    struct buf log;

    buf_init(&log, arena);
    imap_frame_init(&frame, &limits);
    for (size_t at = 0; at < len;) {
        enum imap_frame_event event;
        size_t piece = len - at < step ? len - at : step;

        at += imap_frame_feed(&frame, input + at, piece, &event);
        note(&log, &frame, event);
    }
    imap_frame_fini(&frame);
    return log.data;
}

#define LONG "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

/* clang-format off */
static const struct {
    const char *name;
    const char *input;
    const char *log;
} cases[] = {
    { "a line is a command", "a NOOP\r\n", "[a NOOP]" },
    { "a bare line feed ends a line", "a NOOP\nb NOOP\n", "[a NOOP][b NOOP]" },
    { "pipelined commands come one by one", "a 1\r\nb 2\r\nc 3\r\n", "[a 1][b 2][c 3]" },
    { "an empty line is a request", "\r\n\r\na\r\n", "[][][a]" },
    { "half a line is nothing yet", "a NOOP", "" },
    { "a literal is waited for", "a LOGIN {3}\r\nx\r\n {2}\r\nyz\r\n",
      "++[a LOGIN {3}\r\nx\r\n {2}\r\nyz]" },
    { "a literal without waiting", "a LOGIN {3+}\r\nann pw\r\n", "[a LOGIN {3+}\r\nann pw]" },
    { "an empty literal", "a LOGIN {0}\r\n {0+}\r\n\r\n", "+[a LOGIN {0}\r\n {0+}\r\n]" },
    { "braces inside a line are no literal", "a X {3} y\r\nb {3 }\r\nc {}\r\nd {+}\r\ne {3-}\r\n",
      "[a X {3} y][b {3 }][c {}][d {+}][e {3-}]" },
    { "a number beyond all bounds is no literal", "a {99999999999999999999999}\r\n",
      "[a {99999999999999999999999}]" },

    { "a message is spooled", "a APPEND in {5}\r\nhello\r\n", "+[a APPEND in {5}\r\n]5@12" },
    { "a message is spooled without waiting", "a append in (\\Seen) {5+}\r\nhello\r\nb\r\n",
      "[a append in (\\Seen) {5+}\r\n]5@20[b]" },
    { "a mailbox literal is no message", "a APPEND {2+}\r\nin {5}\r\nhello\r\n",
      "+[a APPEND {2+}\r\nin {5}\r\n]5@18" },
    { "all messages are spooled", "a APPEND in {1+}\r\nx (\\Seen) {2}\r\nyz {0+}\r\n\r\n",
      "+[a APPEND in {1+}\r\n (\\Seen) {2}\r\n {0+}\r\n]1@12,2@27,0@33" },
    { "so are the texts of CATENATE, and its URLs are not",
      "a APPEND in CATENATE (TEXT {1+}\r\nx URL {2+}\r\n/y TEXT {1+}\r\nz)\r\n",
      "[a APPEND in CATENATE (TEXT {1+}\r\n URL {2+}\r\n/y TEXT {1+}\r\n)]1@27,1@52" },
    { "a mailbox may be called URL", "a APPEND URL {1+}\r\nx\r\n",
      "[a APPEND URL {1+}\r\n]1@13" },
    { "binary literals begin with a tilde", "a APPEND in ~{1+}\r\nx\r\n",
      "[a APPEND in ~{1+}\r\n]1@12" },
    { "REPLACE brings one after its mailbox", "a REPLACE 1 {2+}\r\nin {1+}\r\nx\r\n",
      "[a REPLACE 1 {2+}\r\nin {1+}\r\n]1@21" },
    { "so it does by UID", "a UID replace 1:2 {2+}\r\nin {1+}\r\nx\r\n",
      "[a UID replace 1:2 {2+}\r\nin {1+}\r\n]1@27" },
    { "what has no words has no messages", "a REPLACE {1+}\r\nx {1+}\r\ny\r\nb APPEND\r\n",
      "[a REPLACE {1+}\r\nx {1+}\r\ny][b APPEND]" },
    { "no other command has messages", "a APPENDIX in {1+}\r\nx\r\nb UID APPEND in {1+}\r\nx\r\n",
      "[a APPENDIX in {1+}\r\nx][b UID APPEND in {1+}\r\nx]" },

    { "a big message is refused before it comes", "a APPEND in {1001}\r\nb NOOP\r\n",
      "<MESSAGE>[b NOOP]" },
    { "a big message on its way is skipped", "a APPEND in {51+}\r\n" LONG "\r\nb NOOP\r\n",
      "[a APPEND in {51+}\r\n" "xxxxxxxxxxxxx]51@12[b NOOP]" },
    { "a literal of 4 GiB is refused before it comes", "a LOGIN {4294967296}\r\nb NOOP\r\n",
      "<LITERAL>[b NOOP]" },
    { "a message of 4 GiB is refused before it comes", "a APPEND x {4294967296}\r\nb\r\n",
      "<MESSAGE>[b]" },
    { "a big literal on its way is skipped with its command",
      "a LOGIN {64+}\r\n" LONG " {2+}\r\nx\n\r\nb NOOP\r\n", "<LITERAL>[b NOOP]" },
    { "a refused command does not wait for more", "a LOGIN {64+}\r\n" LONG " {2}\r\nb\r\n",
      "<LITERAL>[b]" },
    { "all literals together have the limit", "a X {30}\r\n123456789012345678901234567890 {30}\r\nb\r\n",
      "+<LITERAL>[b]" },
    { "an endless line is refused at its end", "a " LONG LONG "\r\nb NOOP\r\n", "<LINE>[b NOOP]" },
    { "a long line may end in a literal", "a " LONG LONG " {2+}\r\n\r\n x\r\nb\r\n", "<LINE>[b]" },
    { "a long line that waits is refused", "a " LONG LONG " {2}\r\nb\r\n", "<LINE>[b]" },
};
/* clang-format on */

Test(imap_frame, gathers_commands_however_they_are_cut)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t step = 1; step < 40; step += 6) {
            const char *log = frame_in_steps(arena, cases[i].input,
                                             strlen(cases[i].input), step);

            cr_expect_str_eq(log, cases[i].log, "%s, in steps of %zu: %s",
                             cases[i].name, step, log);
        }
    arena_free(&arena);
}

/* Gives so many octets to the framer; what it says at the end. */
static enum imap_frame_event feed_many(struct imap_frame *frame, size_t count)
{
    enum imap_frame_event event = IMAP_FRAME_MORE;

    for (size_t i = 0; i < count; i++)
        imap_frame_feed(frame, "x", 1, &event);
    return event;
}

Test(imap_frame, refuses_too_many_messages_before_they_come)
{
    struct imap_frame frame;
    enum imap_frame_event event;

    imap_frame_init(&frame, &limits);
    imap_frame_feed(&frame, "a APPEND in {1000+}\r\n", 21, &event);
    feed_many(&frame, 1000);
    imap_frame_feed(&frame, " {1000+}\r\n", 10, &event);
    feed_many(&frame, 1000);
    imap_frame_feed(&frame, " {0+}\r\n", 7, &event);
    cr_expect_eq(frame.refusal, IMAP_TAKEN);
    imap_frame_feed(&frame, " {1}\r\n", 6, &event);
    cr_expect_eq(event, IMAP_FRAME_REQUEST);
    cr_expect_eq(imap_frame_request(&frame).refusal, IMAP_MESSAGES_TOO_BIG);
    imap_frame_fini(&frame);
}

Test(imap_frame, takes_nul_only_where_it_is_announced)
{
    static const struct {
        const char *line;
        enum imap_refusal refusal;
    } cases_of_nul[] = {
        { "a APPEND in {1+}\r\n", IMAP_MESSAGE_HAS_NUL },
        { "a APPEND in ~{1+}\r\n", IMAP_TAKEN },
        { "a APPEND in (UTF8 (~{1+}\r\n", IMAP_TAKEN },
        { "a APPEND in CATENATE (TEXT {1+}\r\n", IMAP_MESSAGE_HAS_NUL },
    };

    for (size_t i = 0; i < sizeof cases_of_nul / sizeof *cases_of_nul; i++) {
        const char *line = cases_of_nul[i].line;
        struct imap_frame frame;
        enum imap_frame_event event;

        imap_frame_init(&frame, &limits);
        imap_frame_feed(&frame, line, strlen(line), &event);
        imap_frame_feed(&frame, "\0", 1, &event);
        imap_frame_feed(&frame, "\r\n", 2, &event);
        cr_expect_eq(event, IMAP_FRAME_REQUEST);
        cr_expect_eq(imap_frame_request(&frame).refusal,
                     cases_of_nul[i].refusal, "%s", line);
        imap_frame_fini(&frame);
    }
}

Test(imap_frame, keeps_a_message_byte_by_byte)
{
    static const char input[] = "a APPEND in ~{6+}\r\n\0\r\n{3}\r\n";
    char content[8];
    struct imap_frame frame;
    enum imap_frame_event event;

    imap_frame_init(&frame, &limits);
    cr_assert_eq(imap_frame_feed(&frame, input, sizeof input - 1, &event),
                 sizeof input - 1);
    cr_assert_eq(event, IMAP_FRAME_REQUEST);

    struct imap_request request = imap_frame_request(&frame);
    cr_expect_eq(spool_read(request.messages, 0, content, sizeof content), 6);
    cr_expect_arr_eq(content, "\0\r\n{3}", 6);
    imap_frame_fini(&frame);
}

Test(imap_frame, takes_lines_as_they_are_in_a_dialogue)
{
    struct imap_frame frame;
    enum imap_frame_event event;

    imap_frame_init(&frame, &limits);
    frame.plain = true;
    imap_frame_feed(&frame, "abc{3}\r\n", 8, &event);
    cr_expect_eq(event, IMAP_FRAME_REQUEST);
    cr_expect_str_eq(imap_frame_request(&frame).text, "abc{3}");
    imap_frame_fini(&frame);
}

Test(imap_frame, takes_messages_for_literals_before_the_login)
{
    struct imap_limits nobody = limits;
    struct imap_frame frame;
    enum imap_frame_event event;

    nobody.message = 0;
    imap_frame_init(&frame, &nobody);
    imap_frame_feed(&frame, "a APPEND in {500}\r\n", 19, &event);
    cr_expect_eq(event, IMAP_FRAME_REQUEST);
    cr_expect_eq(imap_frame_request(&frame).refusal, IMAP_LITERAL_TOO_BIG);
    imap_frame_fini(&frame);
}

Test(imap_frame, keeps_no_more_of_an_endless_line_than_the_limit)
{
    struct imap_frame frame;
    enum imap_frame_event event;
    char piece[1000];

    memset(piece, 'x', sizeof piece);
    imap_frame_init(&frame, &limits);
    for (int i = 0; i < 1000; i++) {
        imap_frame_feed(&frame, piece, sizeof piece, &event);
        cr_assert_eq(event, IMAP_FRAME_MORE);
    }
    cr_expect_leq(frame.text.capacity, 256);
    imap_frame_fini(&frame);
}
