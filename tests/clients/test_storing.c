/*
 * test_storing.c - several messages at once, and one instead of another, when
 * the gateway dies in the middle
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proxy/base/buf.h"
#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/script.h"

#define MESSAGES 6

/* How long Exchange takes for a call, and how often the gateway is killed. */
#define LATENCY_MS 60
#define DEATHS 6

/* An APPEND of messages "<round.0@x>" and so on. */
static void append_many(struct link *link, int round)
{
    struct buf command;

    buf_init(&command, NULL);
    buf_puts(&command, "m APPEND Drafts");
    for (int i = 0; i < MESSAGES; i++) {
        char message[64];
        int len = snprintf(message, sizeof message,
                           "Message-ID: <%d.%d@x>\r\n\r\nx\r\n", round, i);

        buf_printf(&command, " {%d+}\r\n%s", len, message);
    }
    buf_puts(&command, "\r\n");
    link_send(link, command.data, command.len);
    buf_fini(&command);
}

Test(storing, a_death_in_the_middle_of_several_messages_doubles_none,
     .timeout = SECONDS)
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    for (int round = 0; round < DEATHS; round++) {
        struct link *link = script_imap_open(&harness);

        exchange_set_latency(harness.exchange, LATENCY_MS);
        append_many(link, round);
        usleep((useconds_t)(LATENCY_MS * (round + 1) * 1000));
        harness_daemon_kill(&harness);
        link_close(&link);
        exchange_set_latency(harness.exchange, 0);
        harness_daemon_start(&harness);
        link = script_imap_open(&harness);
        append_many(link, round);
        script_play(&harness, link, "S. m OK *\n");
        link_close(&link);
        cr_expect_eq(exchange_count(harness.exchange, ANN, "Drafts"),
                     (size_t)(round + 1) * MESSAGES, "round %d: %zu", round,
                     exchange_count(harness.exchange, ANN, "Drafts"));
    }
    harness_stop(&harness);
}

Test(storing, a_death_in_the_middle_of_a_replacement_loses_nothing,
     .timeout = SECONDS)
{
    static const char replace[] =
        "r REPLACE 1 INBOX {26+}\r\nMessage-ID: <new@x>\r\n\r\nx\r\n\r\n";
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    harness_deliver_many(&harness, 1);
    for (int round = 0; round < DEATHS; round++) {
        struct link *link = script_imap_open(&harness);

        script_play(&harness, link, "C: s SELECT INBOX\nS. s OK *\n");
        exchange_set_latency(harness.exchange, LATENCY_MS);
        link_send(link, replace, sizeof replace - 1);
        usleep((useconds_t)(LATENCY_MS * (round + 1) * 500));
        harness_daemon_kill(&harness);
        link_close(&link);
        exchange_set_latency(harness.exchange, 0);
        cr_expect_geq(exchange_count(harness.exchange, ANN, NULL), 1,
                      "round %d", round);
        harness_daemon_start(&harness);
    }
    struct link *link = script_imap_open(&harness);
    script_play(&harness, link, "C: s SELECT INBOX\nS. s OK *\n");
    link_send(link, replace, sizeof replace - 1);
    script_play(&harness, link, "S. r OK *\n");
    link_close(&link);
    cr_expect_geq(
        exchange_count_message_id(harness.exchange, ANN, NULL, "<new@x>"), 1);
    harness_stop(&harness);
}
