/*
 * test_fetch.c - FETCH and UID FETCH in a conversation
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "tests/exchange/exchange.h"
#include "tests/imap/ann.h"

/* clang-format off */
#define FIRST \
    "From: Bert <bert@example.com>\r\nTo: ann@example.com\r\nSubject: Bread\r\n" \
    "Date: Thu, 6 Sep 2001 10:00:00 +0200\r\nMessage-ID: <one@example.com>\r\n" \
    "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n" \
    "Flour and water.\r\n"
#define SECOND \
    "From: Cleo <cleo@example.com>\r\nTo: ann@example.com\r\nSubject: Pictures\r\n" \
    "Date: Fri, 7 Sep 2001 10:00:00 +0000\r\nMessage-ID: <two@example.com>\r\n" \
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" \
    "--b\r\nContent-Type: text/plain\r\n\r\nHere.\r\n" \
    "--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD\r\n--b--\r\n"
/* clang-format on */

/* 6 September 2001, 08:00:10 UTC, and a day later. */
#define FIRST_TIME 999763210
#define SECOND_TIME (FIRST_TIME + 86400 + 7200)

#define USER "ann@example.com"

static struct exchange *exchange;

static void begin(void)
{
    world = imap_world_new();
    exchange = imap_world_exchange(world);
    ann = imap_client_ann(world);
}

static const char *say(const char *command)
{
    return imap_client_say(ann, "a %s\n", command);
}

static void add(const char *message, int64_t received)
{
    exchange_add_message(exchange, USER, NULL, message, strlen(message),
                         received, false);
}

static void open_with_two(const char *select)
{
    begin();
    add(FIRST, FIRST_TIME);
    add(SECOND, SECOND_TIME);
    cr_assert(strstr(say(select), "OK ["), "%s", select);
}

/* clang-format off */
static const struct {
    const char *command;
    const char *answer;
} cases[] = {
    { "FETCH 1 FLAGS", "* 1 FETCH (FLAGS (\\Recent))\na OK FETCH completed\n" },
    { "UID FETCH 1 FLAGS", "* 1 FETCH (UID 1 FLAGS (\\Recent))\na OK UID FETCH completed\n" },
    { "UID FETCH 1:* (FLAGS UID)",
      "* 1 FETCH (FLAGS (\\Recent) UID 1)\n* 2 FETCH (FLAGS (\\Recent) UID 2)\n"
      "a OK UID FETCH completed\n" },
    { "UID FETCH 7:9 FLAGS", "a OK UID FETCH completed\n" },
    { "UID FETCH 9:* UID", "* 2 FETCH (UID 2)\na OK UID FETCH completed\n" },
    { "FETCH 2,1 UID", "* 1 FETCH (UID 1)\n* 2 FETCH (UID 2)\na OK FETCH completed\n" },
    { "FETCH 1,1:1 UID", "* 1 FETCH (UID 1)\na OK FETCH completed\n" },
    { "FETCH 1:2 INTERNALDATE",
      "* 1 FETCH (INTERNALDATE \" 6-Sep-2001 08:00:10 +0000\")\n"
      "* 2 FETCH (INTERNALDATE \" 7-Sep-2001 10:00:10 +0000\")\na OK FETCH completed\n" },
    { "FETCH 1 ENVELOPE",
      "* 1 FETCH (ENVELOPE (\"Thu, 6 Sep 2001 10:00:00 +0200\" \"Bread\" "
      "((\"Bert\" NIL \"bert\" \"example.com\")) ((\"Bert\" NIL \"bert\" \"example.com\")) "
      "((\"Bert\" NIL \"bert\" \"example.com\")) ((NIL NIL \"ann\" \"example.com\")) "
      "NIL NIL NIL \"<one@example.com>\"))\na OK FETCH completed\n" },
    { "FETCH 1 BODY",
      "* 1 FETCH (BODY (\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 18 1))\n"
      "a OK FETCH completed\n" },
    { "FETCH 2 (BODYSTRUCTURE UID)",
      "* 2 FETCH (BODYSTRUCTURE ((\"text\" \"plain\" NIL NIL NIL \"7bit\" 5 1 NIL NIL NIL NIL)"
      "(\"image\" \"png\" NIL NIL NIL \"base64\" 4 NIL NIL NIL NIL) \"mixed\" "
      "(\"boundary\" \"b\") NIL NIL NIL) UID 2)\na OK FETCH completed\n" },
    { "FETCH 1 (BODY.PEEK[HEADER.FIELDS (Subject X-None)] FLAGS)",
      "* 1 FETCH (BODY[HEADER.FIELDS (Subject X-None)] {18}\nSubject: Bread\n\n "
      "FLAGS (\\Recent))\na OK FETCH completed\n" },
    { "FETCH 1 BODY.PEEK[TEXT]", "* 1 FETCH (BODY[TEXT] {18}\nFlour and water.\n)\na OK FETCH completed\n" },
    { "FETCH 1 BODY.PEEK[TEXT]<6.3>", "* 1 FETCH (BODY[TEXT]<6> {3}\nand)\na OK FETCH completed\n" },
    { "FETCH 1 BODY.PEEK[]<9999.3>", "* 1 FETCH (BODY[]<9999> \"\")\na OK FETCH completed\n" },
    { "FETCH 1:2 BODY.PEEK[2.MIME]",
      "* 1 FETCH (BODY[2.MIME] NIL)\n* 2 FETCH (BODY[2.MIME] {62}\nContent-Type: image/png\n"
      "Content-Transfer-Encoding: base64\n\n)\na OK FETCH completed\n" },
    { "FETCH 2 (BODY.PEEK[1] BODY.PEEK[2])",
      "* 2 FETCH (BODY[1] {5}\nHere. BODY[2] {4}\nQUJD)\na OK FETCH completed\n" },
    { "FETCH 3 FLAGS", "a BAD There is no message of that number\n" },
    { "FETCH 0 FLAGS", "a BAD FETCH takes a message set, and items or a list of them\n" },
    { "FETCH 1 NONSENSE", "a BAD FETCH takes a message set, and items or a list of them\n" },
    { "FETCH 1", "a BAD FETCH takes a message set, and items or a list of them\n" },
    { "FETCH", "a BAD FETCH takes a message set, and items or a list of them\n" },
    { "FETCH 1 FLAGS ", "a BAD FETCH takes a message set, and items or a list of them\n" },
    { "FETCH 1 FLAGS", "* 1 FETCH (FLAGS (\\Recent))\na OK FETCH completed\n" },
};
/* clang-format on */

Test(imap_fetch, answers_to_the_letter)
{
    open_with_two("SELECT INBOX");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *answer = say(cases[i].command);
        cr_expect_str_eq(answer, cases[i].answer, "%s: %s", cases[i].command,
                         answer);
    }
    ann_end();
}

Test(imap_fetch, shows_every_octet_of_a_message)
{
    open_with_two("SELECT INBOX");
    const char *answer = say("FETCH 2 (BODY.PEEK[] RFC822.SIZE)");
    size_t size = strlen(SECOND);
    struct arena *arena = arena_new();
    cr_expect(strstr(answer, arena_printf(arena, "BODY[] {%zu}\n", size)), "%s",
              answer);
    cr_expect(strstr(answer, arena_printf(arena, "RFC822.SIZE %zu)", size)),
              "%s", answer);
    arena_free(&arena);
    ann_end();
}

Test(imap_fetch, marks_as_seen_and_tells_the_flags)
{
    static const char *const items[] = {
        "BODY[]", "BODY[TEXT]",  "BODY[1]",
        "RFC822", "RFC822.TEXT", "BODY[HEADER.FIELDS (TO)]"
    };
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        open_with_two("SELECT INBOX");
        char command[100];
        snprintf(command, sizeof command, "FETCH 1:2 %s", items[i]);
        exchange_reset_calls(exchange);
        const char *answer = say(command);
        cr_expect(strstr(answer, "* 1 FETCH (UID 1 FLAGS (\\Seen \\Recent))\n"),
                  "%s: %s", items[i], answer);
        cr_expect(strstr(answer, "* 2 FETCH (UID 2 FLAGS (\\Seen \\Recent))\n"),
                  "%s: %s", items[i], answer);
        cr_expect_eq(exchange_calls(exchange, "UpdateItem"), 1, "%s", items[i]);
        ann_end();
    }
}

Test(imap_fetch, marks_nothing_as_seen_by_a_peek_or_in_an_examined_folder)
{
    static const char *const commands[][2] = {
        { "SELECT INBOX",
          "FETCH 1:2 (BODY.PEEK[] RFC822.HEADER ENVELOPE BODY)" },
        { "EXAMINE INBOX", "FETCH 1:2 (BODY[] RFC822)" },
    };
    for (size_t i = 0; i < 2; i++) {
        open_with_two(commands[i][0]);
        const char *answer = say(commands[i][1]);
        cr_expect(strstr(answer, "a OK FETCH"), "%s", answer);
        cr_expect_eq(exchange_calls(exchange, "UpdateItem"), 0);
        cr_expect_null(strstr(say("FETCH 1:2 FLAGS"), "Seen"));
        ann_end();
    }
}

Test(imap_fetch, marks_nothing_as_seen_that_the_client_has_not_got)
{
    open_with_two("SELECT INBOX");
    exchange_reset_calls(exchange);
    imap_client_hang_up(ann);
    say("FETCH 1:2 BODY[]");
    cr_expect_eq(exchange_calls(exchange, "UpdateItem"), 0);
    ann_end();
}

Test(imap_fetch, asks_exchange_nothing_for_what_the_index_knows)
{
    open_with_two("SELECT INBOX");
    exchange_reset_calls(exchange);
    const char *answer = say("FETCH 1:2 (UID FLAGS INTERNALDATE RFC822.SIZE)");
    cr_expect(strstr(answer, "a OK FETCH"), "%s", answer);
    cr_expect_eq(exchange_calls(exchange, NULL), 0);
    ann_end();
}

Test(imap_fetch, costs_one_call_per_hundred_headers_and_none_the_second_time)
{
    begin();
    exchange_fill(exchange, USER, NULL, 250);
    say("SELECT INBOX");
    exchange_reset_calls(exchange);
    const char *answer =
        say("FETCH 1:* (ENVELOPE BODY.PEEK[HEADER.FIELDS (FROM)])");
    cr_expect(strstr(answer, "\n* 250 FETCH (ENVELOPE ("));
    cr_expect(strstr(answer, "\na OK FETCH completed\n"));
    cr_expect_leq(exchange_calls(exchange, NULL), 3);
    exchange_reset_calls(exchange);
    say("FETCH 1:* ENVELOPE");
    cr_expect_eq(exchange_calls(exchange, NULL), 0);
    ann_end();
}

Test(imap_fetch, tells_exact_sizes_where_the_setting_wants_them)
{
    open_with_two("SELECT INBOX");
    imap_world_set(world, "imap.exact_sizes", "yes");
    char expected[200];
    snprintf(expected, sizeof expected,
             "* 1 FETCH (RFC822.SIZE %zu)\n* 2 FETCH (RFC822.SIZE %zu)\na OK "
             "FETCH completed\n",
             strlen(FIRST), strlen(SECOND));
    cr_expect_str_eq(say("FETCH 1:2 RFC822.SIZE"), expected);
    ann_end();
}

/* Exchange is asked for bodies again and again, so that nothing comes from a
 * cache. */
static void check_corrupt(const char *command, const char *good)
{
    open_with_two("SELECT INBOX");
    exchange_set_fault(
        exchange, &(struct exchange_fault_rule){ .operation = "GetItem",
                                                 .fault = FAULT_ITEM_CORRUPT,
                                                 .times = UINT_MAX,
                                                 .parameter = 1 });
    const char *answer = say(command);
    size_t shown = strlen(good);
    cr_expect(strncmp(answer, good, shown) == 0, "%s: %s", command, answer);
    cr_expect(strstr(answer, "\na NO [CORRUPTION] ") ||
                  strncmp(answer, "a NO [", 6) == 0,
              "%s", answer);
    cr_expect(strstr(answer, "(UID "), "%s", answer);
    ann_end();
}

Test(imap_fetch, shows_the_others_when_one_is_corrupt)
{
    check_corrupt("FETCH 1:2 BODY.PEEK[TEXT]<0.5>",
                  "* 1 FETCH (BODY[TEXT]<0> {5}\nFlour)\na NO [CORRUPTION]");
    check_corrupt("FETCH 1:2 (UID BODY)",
                  "* 1 FETCH (UID 1 BODY (\"text\" \"plain\"");
}

Test(imap_fetch, says_no_when_exchange_is_down_and_yes_to_what_is_known)
{
    open_with_two("SELECT INBOX");
    imap_world_set(world, "exchange.patience", "1");
    say("FETCH 1 BODY.PEEK[]");
    exchange_set_fault(exchange,
                       &(struct exchange_fault_rule){ .fault = FAULT_HTTP_503,
                                                      .times = UINT_MAX });
    const char *answer = say("FETCH 1:2 FLAGS");
    cr_expect(strstr(answer, "\na OK FETCH"), "%s", answer);
    answer = say("FETCH 1 BODY.PEEK[TEXT]");
    cr_expect(strstr(answer, "Flour and water.\n)\na OK FETCH"), "%s", answer);
    answer = say("FETCH 2 BODY.PEEK[TEXT]");
    cr_expect(strncmp(answer, "a NO [UNAVAILABLE] ", 19) == 0, "%s", answer);
    exchange_clear_faults(exchange);
    ann_end();
}

Test(imap_fetch, shows_the_rest_when_one_has_been_expunged)
{
    open_with_two("SELECT INBOX");
    exchange_remove(exchange, USER, NULL, 0);
    const char *answer = say("FETCH 1:2 (UID BODY.PEEK[TEXT]<0.3>)");
    cr_expect(strstr(answer, "* 2 FETCH (UID 2 BODY[TEXT]<0> {3}\n--b)\n"),
              "%s", answer);
    cr_expect(strstr(answer, "\na NO [EXPUNGEISSUED] "), "%s", answer);
    cr_expect(strstr(answer, "(UID 1)\n"), "%s", answer);
    cr_expect_null(strstr(answer, "* 1 FETCH"));
    ann_end();
}
