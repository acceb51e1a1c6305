/*
 * test_search.c - SEARCH and UID SEARCH in a conversation
 */
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "tests/exchange/exchange.h"
#include "tests/imap/ann.h"

/* 10 September 2001, 00:00:00 UTC. */
#define MIDNIGHT 1000080000
#define DAY 86400

/* clang-format off */
#define TEN(text) text text text text text text text text text text

/* Message 4's Date is of the 14th where it was written, and of the 13th in UTC. */
static const struct {
    const char *message;
    int64_t received;
} messages[] = {
    { "From: Bert <bert@example.com>\r\nTo: ann@example.com\r\nSubject: Bread\r\n"
      "Date: Mon, 10 Sep 2001 10:00:00 +0000\r\nMessage-ID: <one@x>\r\n\r\nFlour and water.\r\n",
      MIDNIGHT + 10 * 3600 },
    { "From: Cleo <cleo@example.com>\r\nTo: ann@example.com\r\nCc: Bert <bert@example.com>\r\n"
      "Subject: =?utf-8?Q?Br=C3=B6tchen?=\r\nDate: Tue, 11 Sep 2001 10:00:00 +0000\r\n"
      "Message-ID: <two@x>\r\n\r\nSeeds and salt.\r\n", MIDNIGHT + DAY },
    { "From: Dora <dora@example.com>\r\nTo: team@example.com\r\nSubject: re: BREAD\r\n"
      "X-Tag:\r\nMessage-ID: <three@x>\r\n\r\nMore flour.\r\n", MIDNIGHT + 3 * DAY - 1 },
    { "From: Bert <bert@example.com>\r\nTo: ann@example.com\r\nSubject: oven\r\n"
      "Date: Fri, 14 Sep 2001 01:00:00 +0900\r\nX-Tag: hot\r\nMessage-ID: <four@x>\r\n\r\n"
      TEN(TEN("A long text about ovens, which are hot, and what is in them.\r\n")),
      MIDNIGHT + 5 * DAY },
};

static const struct {
    const char *keys;
    const char *found;      /* NULL: BAD */
} cases[] = {
    { "ALL", "1 2 3 4" },
    { "1", "1" },
    { "2:3", "2 3" },
    { "4,1", "1 4" },
    { "*", "4" },
    { "5", "" },
    { "UID 2:*", "2 3 4" },
    { "UID 9:10", "" },
    { "UID", NULL },
    { "SEEN", "2" },
    { "UNSEEN", "1 3 4" },
    { "FLAGGED", "2 3" },
    { "UNFLAGGED", "1 4" },
    { "ANSWERED", "3" },
    { "UNANSWERED", "1 2 4" },
    { "DELETED", "4" },
    { "UNDELETED", "1 2 3" },
    { "DRAFT", "" },
    { "UNDRAFT", "1 2 3 4" },
    { "RECENT", "1 2 3 4" },
    { "OLD", "" },
    { "NEW", "1 3 4" },
    { "KEYWORD work", "1" },
    { "UNKEYWORD Work", "2 3 4" },
    { "KEYWORD $Forwarded", "" },
    { "UNKEYWORD nothing", "1 2 3 4" },
    { "KEYWORD \\Seen", NULL },
    { "ON 10-Sep-2001", "1" },
    { "ON \"11-Sep-2001\"", "2" },
    { "ON 12-Sep-2001", "3" },
    { "BEFORE 11-Sep-2001", "1" },
    { "SINCE 12-Sep-2001", "3 4" },
    { "SINCE 31-Feb-2001", NULL },
    { "SENTON 14-Sep-2001", "4" },
    { "SENTON 13-Sep-2001", "" },
    { "SENTBEFORE 11-Sep-2001", "1" },
    { "SENTSINCE 11-sep-2001", "2 4" },
    { "LARGER 6000", "4" },
    { "SMALLER 6000", "1 2 3" },
    { "LARGER 0 SMALLER 4294967295", "1 2 3 4" },
    { "LARGER", NULL },
    { "LARGER -1", NULL },
    { "FROM bert", "1 4" },
    { "FROM \"BERT@EXAMPLE\"", "1 4" },
    { "TO team", "3" },
    { "CC bert", "2" },
    { "BCC bert", "" },
    { "SUBJECT bread", "1 3" },
    { "SUBJECT {5+}\nbread", "1 3" },
    { "CHARSET UTF-8 SUBJECT {4+}\nbr\xc3\xb6", "2" },
    { "CHARSET UTF-8 SUBJECT \"BR\xc3\x96TCHEN\"", "2" },
    { "CHARSET ISO-8859-1 SUBJECT {3+}\nbr\xf6", "2" },
    { "CHARSET US-ASCII SUBJECT oven", "4" },
    { "HEADER X-Tag \"\"", "3 4" },
    { "HEADER X-Tag hot", "4" },
    { "HEADER Message-ID <two@x>", "2" },
    { "HEADER X-None \"\"", "" },
    { "HEADER X-Tag", NULL },
    { "BODY flour", "1 3" },
    { "BODY dora", "" },
    { "BODY \"\"", "1 2 3 4" },
    { "TEXT dora", "3" },
    { "TEXT flour", "1 3" },
    { "NOT SEEN", "1 3 4" },
    { "NOT NOT SEEN", "2" },
    { "OR SEEN DELETED", "2 4" },
    { "OR 1 OR 2 3", "1 2 3" },
    { "OR (FLAGGED UNSEEN) (1:2 SUBJECT bread)", "1 3" },
    { "NOT (FLAGGED UNSEEN)", "1 2 4" },
    { "NOT OR FROM bert SUBJECT br", "" },
    { "FLAGGED UNSEEN", "3" },
    { "(FLAGGED)", "2 3" },
    { "((FLAGGED) (UNSEEN))", "3" },
    { "BODY flour UNSEEN FLAGGED", "3" },
    { "OR BODY flour FROM cleo", "1 2 3" },
    { "NOT BODY flour", "2 4" },
    { "UNSEEN NOT (BODY flour SUBJECT re:)", "1 4" },
    { "", NULL },
    { "NONSENSE", NULL },
    { "ALLES", NULL },
    { "NOT", NULL },
    { "OR SEEN", NULL },
    { "OR SEEN ", NULL },
    { "()", NULL },
    { "(SEEN", NULL },
    { "SEEN)", NULL },
    { "SEEN  FLAGGED", NULL },
    { "SUBJECT", NULL },
    { "CHARSET UTF-8", NULL },
    { "ALL", "1 2 3 4" },
};
/* clang-format on */

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

static void open_with_four(void)
{
    begin();
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        add(messages[i].message, messages[i].received);
    cr_assert(strstr(say("SELECT INBOX"), "OK ["));
    say("STORE 2 +FLAGS (\\Seen \\Flagged)");
    say("STORE 3 +FLAGS (\\Answered \\Flagged)");
    say("STORE 4 +FLAGS (\\Deleted)");
    say("STORE 1 +FLAGS (Work)");
}

static void check(const char *keys, const char *found)
{
    struct arena *arena = arena_new();
    const char *answer =
        say(arena_printf(arena, "SEARCH%s%s", *keys == '\0' ? "" : " ", keys));
    if (found == NULL)
        cr_expect(strncmp(answer, "a BAD ", 6) == 0, "%s: %s", keys, answer);
    else
        cr_expect_str_eq(answer,
                         arena_printf(arena,
                                      "* SEARCH%s%s\na OK SEARCH completed\n",
                                      *found == '\0' ? "" : " ", found),
                         "%s: %s", keys, answer);
    arena_free(&arena);
}

Test(imap_search, finds_what_every_key_means)
{
    open_with_four();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(cases[i].keys, cases[i].found);
    ann_end();
}

Test(imap_search, gives_uids_when_asked_by_uid)
{
    open_with_four();
    say("EXPUNGE");
    exchange_remove(exchange, USER, NULL, 0);
    say("NOOP");
    cr_expect_str_eq(say("UID SEARCH ALL"),
                     "* SEARCH 2 3\na OK UID SEARCH completed\n");
    cr_expect_str_eq(say("SEARCH UID 2"),
                     "* SEARCH 1\na OK SEARCH completed\n");
    ann_end();
}

Test(imap_search, names_the_charsets_when_it_knows_none_of_that_name)
{
    open_with_four();
    const char *answer = say("SEARCH CHARSET KLINGON SUBJECT x");
    cr_expect(strncmp(answer, "a NO [BADCHARSET (US-ASCII UTF-8)] ", 35) == 0,
              "%s", answer);
    ann_end();
}

static unsigned calls(const char *command)
{
    exchange_reset_calls(exchange);
    const char *answer = say(command);
    cr_expect(strstr(answer, "\na OK SEARCH"), "%s: %s", command, answer);
    return exchange_calls(exchange, NULL);
}

Test(imap_search, asks_exchange_only_what_it_has_to)
{
    open_with_four();
    cr_expect_eq(calls("SEARCH UNSEEN SINCE 1-Jan-2000 LARGER 10"), 0);
    cr_expect_eq(calls("SEARCH BODY flour DRAFT"), 0);
    cr_expect_eq(calls("SEARCH BODY flour BODY water"), 2);
    cr_expect_eq(calls("SEARCH OR ALL BODY flour"), 0);
    cr_expect_eq(calls("SEARCH FROM bert"), 1);
    cr_expect_eq(calls("SEARCH OR FROM bert SUBJECT bread"), 0);
    ann_end();
}

Test(imap_search, looks_into_what_is_kept_instead_of_asking)
{
    open_with_four();
    say("FETCH 1:3 BODY.PEEK[]");
    cr_expect_eq(calls("SEARCH 1:3 BODY flour"), 0);
    cr_expect_eq(calls("SEARCH NOT BODY flour 1:3"), 0);
    cr_expect_eq(calls("SEARCH OR TEXT bert BODY flour 1:3"), 0);
    cr_expect_eq(calls("SEARCH BODY flour"), 1);
    check("BODY flour", "1 3");
    check("NOT TEXT flour", "2 4");
    ann_end();
}

/* Exchange's estimates are off; FETCH shows exact sizes with this setting. */
Test(imap_search, goes_by_exact_sizes_where_these_are_wanted)
{
    open_with_four();
    imap_world_set(world, "imap.exact_sizes", "yes");
    const char *answer = say("FETCH 1 RFC822.SIZE");
    unsigned long long size = imap_number_after(answer, "RFC822.SIZE ");
    struct arena *arena = arena_new();
    cr_expect_eq(calls("SEARCH LARGER 1"), 1);
    cr_expect_eq(calls("SEARCH NOT SMALLER 1"), 0);
    check(arena_printf(arena, "1 LARGER %llu", size - 1), "1");
    check(arena_printf(arena, "1 LARGER %llu", size), "");
    check(arena_printf(arena, "1 SMALLER %llu", size), "");
    check(arena_printf(arena, "1 SMALLER %llu", size + 1), "1");
    cr_expect_eq(calls("SEARCH LARGER 1"), 0);
    arena_free(&arena);
    ann_end();
}

Test(imap_search, reads_headers_once_whatever_the_key)
{
    open_with_four();
    cr_expect_eq(calls("SEARCH HEADER X-Tag hot"), 1);
    cr_expect_eq(calls("SEARCH OR FROM bert CC bert"), 0);
    cr_expect_eq(calls("SEARCH SENTSINCE 1-Jan-2000 NOT SUBJECT bread"), 0);
    cr_expect_eq(calls("SEARCH OR HEADER X-Tag \"\" TO team"), 0);
    cr_expect_eq(calls("SEARCH TEXT cleo"), 1);
    ann_end();
}

Test(imap_search, finds_what_is_like_a_text)
{
    open_with_four();
    check("FUZZY SUBJECT brea", "1 3");
    check("FUZZY SUBJECT read", "");
    check("FUZZY TEXT \"water flou\"", "1");
    check("FUZZY (TEXT \"bert oven\" UNSEEN)", "4");
    check("FUZZY FROM bert NOT FUZZY SUBJECT oven", "1");
    check("FUZZY HEADER X-Tag hot", "4");
    check("FUZZY BODY \"...\"", "");
    check("FUZZY SEEN", "2");
    check("FUZZY", NULL);
    cr_expect_eq(calls("SEARCH FUZZY BODY flour"), 1);
    ann_end();
}

Test(imap_search, finds_exactly_where_there_is_no_index)
{
    open_with_four();
    exchange_set_indexed(exchange, false);
    check("FUZZY SUBJECT brea", "1 3");
    check("FUZZY SUBJECT read", "1 3");
    check("FUZZY BODY \"and water\"", "1");
    check("FUZZY TEXT dora", "3");
    ann_end();
}

Test(imap_search, asks_about_many_messages_in_one_call)
{
    begin();
    exchange_fill(exchange, USER, NULL, 300);
    say("SELECT INBOX");
    cr_expect_eq(calls("SEARCH SUBJECT zebra"), 1);
    cr_expect_eq(exchange_calls(exchange, "FindItem"), 1);
    ann_end();
}

Test(imap_search, takes_many_keys_but_not_any_number)
{
    open_with_four();
    struct buf command;
    buf_init(&command, NULL);
    buf_puts(&command, "SEARCH");
    for (int i = 0; i < 900; i++)
        buf_puts(&command, " OR 1");
    buf_puts(&command, " 2");
    cr_expect_str_eq(say(command.data),
                     "* SEARCH 1 2\na OK SEARCH completed\n");
    buf_clear(&command);
    buf_puts(&command, "SEARCH ");
    for (int i = 0; i < 20000; i++)
        buf_puts(&command, "(");
    const char *answer = say(command.data);
    cr_expect(strncmp(answer, "a NO [LIMIT] ", 13) == 0, "%s", answer);
    buf_fini(&command);
    ann_end();
}

/* As clients ask that look for what they have stored. */
Test(imap_search, looks_for_many_messages_by_their_ids)
{
    begin();
    exchange_fill(exchange, USER, NULL, 300);
    say("SELECT INBOX");
    say("SORT (SUBJECT) UTF-8 ALL");
    const char *answer = say("FETCH 7 BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]");
    const char *id = strchr(answer, '<');
    cr_assert_not_null(id, "%s", answer);
    struct buf command;
    buf_init(&command, NULL);
    buf_puts(&command, "SEARCH");
    for (int i = 0; i < 400; i++)
        buf_printf(&command, " OR HEADER Message-ID <none.%d@example.com>", i);
    buf_printf(&command, " HEADER MESSAGE-ID %.*s", (int)strcspn(id, "\n"), id);
    cr_expect_eq(calls(command.data), 0);
    cr_expect_str_eq(say(command.data), "* SEARCH 7\na OK SEARCH completed\n");
    buf_fini(&command);
    ann_end();
}

Test(imap_search, says_no_when_exchange_cannot_answer)
{
    open_with_four();
    imap_world_set(world, "exchange.patience", "1");
    exchange_set_fault(exchange, &(struct exchange_fault_rule){
                                     .fault = FAULT_HTTP_503, .times = 1000 });
    const char *answer = say("SEARCH BODY flour");
    cr_expect(strncmp(answer, "a NO [UNAVAILABLE] ", 19) == 0, "%s", answer);
    cr_expect_str_eq(say("SEARCH SEEN"), "* SEARCH 2\na OK SEARCH completed\n");
    ann_end();
}
