/*
 * test_preview.c - how messages begin, and what they are by
 */
#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "tests/exchange/exchange.h"
#include "tests/imap/ann.h"

static void begin(void)
{
    world = imap_world_new();
    for (int i = 0; i < 3; i++)
        imap_world_add(world, NULL, "x");
    ann = imap_client_ann(world);
    imap_client_say(ann, "a SELECT INBOX\n");
}

TestSuite(imap_preview, .init = begin, .fini = ann_end);

static void expect(const char *said, const char *answer)
{
    const char *heard = imap_client_say(ann, "%s", said);

    cr_expect_str_eq(heard, answer, "%s: %s", said, heard);
}

Test(imap_preview, is_told_at_once_only_if_it_is_known)
{
    expect("a FETCH 1 (UID PREVIEW (LAZY))\n",
           "* 1 FETCH (UID 1 PREVIEW NIL)\na OK FETCH completed\n");
    expect("a FETCH 1 PREVIEW\n",
           "* 1 FETCH (PREVIEW \"Hello.\")\na OK FETCH completed\n");
    expect("a FETCH 1:2 PREVIEW (LAZY)\n",
           "* 1 FETCH (PREVIEW \"Hello.\")\n* 2 FETCH (PREVIEW NIL)\n"
           "a OK FETCH completed\n");
    expect("a FETCH 2 (PREVIEW (LAZY) PREVIEW)\n",
           "* 2 FETCH (PREVIEW \"Hello.\")\na OK FETCH completed\n");
    expect("a FETCH 1 PREVIEW (EAGER)\n",
           "a BAD FETCH takes a message set, and items or a list of them\n");
}

Test(imap_preview, costs_one_call_for_many_and_none_for_known_ones)
{
    struct exchange *exchange = imap_world_exchange(world);

    exchange_reset_calls(exchange);
    imap_client_say(ann, "a FETCH 1:3 PREVIEW\n");
    cr_expect_eq(exchange_calls(exchange, "GetItem"), 1);
    imap_client_say(ann, "a FETCH 1:3 PREVIEW\n");
    cr_expect_eq(exchange_calls(exchange, NULL), 1);
}

Test(imap_preview, says_for_which_messages_it_cannot_be_had)
{
    const struct exchange_fault_rule fault = { "GetItem", FAULT_RESPONSE_CODE,
                                               0, 1, 0, "ErrorItemCorrupt" };

    exchange_set_fault(imap_world_exchange(world), &fault);
    const char *heard = imap_client_say(ann, "a FETCH 1:3 PREVIEW\n");
    cr_expect_eq(strncmp(heard, "a NO ", 5), 0, "%s", heard);
}

/* --- Large folders -------------------------------------------------------- */

/* More than two blocks, and a part of one. */
#define MANY 2100

static struct exchange *begin_large(void)
{
    world = imap_world_new();
    struct exchange *exchange = imap_world_exchange(world);

    exchange_fill(exchange, "ann@example.com", NULL, MANY);
    ann = imap_client_ann(world);
    imap_client_say(ann, "a SELECT INBOX\n");
    exchange_reset_calls(exchange);
    return exchange;
}

static size_t count_of(const char *text, const char *word)
{
    size_t count = 0;

    for (; (text = strstr(text, word)) != NULL; text++)
        count++;
    return count;
}

TestSuite(imap_preview_large, .fini = ann_end);

Test(imap_preview_large, costs_as_many_calls_as_it_must)
{
    struct exchange *exchange = begin_large();
    const char *heard = imap_client_say(ann, "a FETCH 1:* PREVIEW\n");

    cr_expect_eq(count_of(heard, " FETCH (PREVIEW \""), MANY);
    cr_expect(strstr(heard, "\na OK "));
    cr_expect_eq(exchange_calls(exchange, "GetItem"), MANY / 100);
    heard = imap_client_say(ann, "a FETCH 1:* (EMAILID PREVIEW)\n");
    cr_expect_eq(count_of(heard, " FETCH (EMAILID (M"), MANY);
    cr_expect_eq(exchange_calls(exchange, "GetItem"), MANY / 100);
}

/* The first header call comes after the previews of the first block: the
 * messages that it cannot give are of this block. */
Test(imap_preview_large, is_had_of_a_block_when_its_messages_are_shown)
{
    const struct exchange_fault_rule fault = { "GetItem", FAULT_RESPONSE_CODE,
                                               10, 1, 0, "ErrorItemCorrupt" };
    struct exchange *exchange = begin_large();

    exchange_set_fault(exchange, &fault);
    const char *heard =
        imap_client_say(ann, "a FETCH 1:* (PREVIEW BODY.PEEK[HEADER])\n");
    cr_expect_eq(count_of(heard, " FETCH (PREVIEW \""), MANY - 100);
    const char *block = strstr(heard, "* 1001 FETCH (");
    cr_assert_not_null(block);
    cr_expect_eq(count_of(block, " FETCH (PREVIEW \""), MANY - 1000);
    cr_expect(strstr(heard, "\na NO "));
}

Test(imap_preview_large, ends_with_the_client)
{
    struct exchange *exchange = begin_large();

    imap_client_hang_up(ann);
    imap_client_say(ann, "a FETCH 1:* PREVIEW\n");
    cr_expect_eq(exchange_calls(exchange, "GetItem"), 10);
}

Test(imap_preview_large, is_not_asked_for_again_after_a_trouble)
{
    const struct exchange_fault_rule fault = { "GetItem", FAULT_HTTP_500, 10,
                                               1000, 0, NULL };
    struct exchange *exchange = begin_large();

    exchange_set_fault(exchange, &fault);
    const char *heard = imap_client_say(ann, "a FETCH 1:* PREVIEW\n");
    cr_expect_eq(count_of(heard, " FETCH (PREVIEW \""), 1000);
    cr_expect(strstr(heard, "\na NO "));
    unsigned calls = exchange_calls(exchange, "GetItem");
    cr_expect_eq(calls, 11);
    exchange_clear_faults(exchange);
    heard = imap_client_say(ann, "a FETCH 1:* PREVIEW\n");
    cr_expect_eq(count_of(heard, " FETCH (PREVIEW \""), MANY);
    cr_expect_eq(exchange_calls(exchange, "GetItem") - calls, 11);
}

/* --- Identities ----------------------------------------------------------- */

Test(imap_identity, of_messages_is_told_and_stays)
{
    world = imap_world_new();
    imap_world_add(world, NULL, "x");
    ann = imap_client_ann(world);
    imap_client_say(ann, "a SELECT INBOX\n");
    char first[500];
    const char *heard = imap_client_say(
        ann, "a FETCH 1 (EMAILID THREADID SAVEDATE)\n");

    snprintf(first, sizeof first, "%s", heard);
    cr_expect_eq(strncmp(heard, "* 1 FETCH (EMAILID (M", 21), 0, "%s", heard);
    cr_expect(strstr(heard, ") THREADID (T"), "%s", heard);
    cr_expect(strstr(heard, ") SAVEDATE \""), "%s", heard);
    imap_client_say(ann, "b NOOP\n");
    cr_expect_str_eq(
        imap_client_say(ann, "a FETCH 1 (EMAILID THREADID SAVEDATE)\n"), first);
    ann_end();
}
