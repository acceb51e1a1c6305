/*
 * test_courtesy.c - many clients of one user stay below what Exchange allows
 * him
 *
 * Four ordinary calls at once, two of them lists (searches, syncs), and one
 * stream of news: less than the strictest policy that Exchange is installed
 * with.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/script.h"

#define CLIENTS 16
#define MESSAGES 120

/* Reading, searching where Exchange has to be asked, looking after folders,
 * changing, and waiting for news, all at the same time. */
static void say_all(struct link *link, unsigned client)
{
    char text[512];

    snprintf(text, sizeof text,
             "a SELECT F%u\r\n"
             "b UID SEARCH BODY lorem%u\r\n"
             "c STATUS F%u (MESSAGES)\r\n"
             "d UID FETCH 1:* (BODY.PEEK[])\r\n"
             "e UID STORE 1:* +FLAGS (k%u)\r\n"
             "f UID COPY 1:5 INBOX\r\n"
             "g SELECT INBOX\r\n"
             "h UID SEARCH TEXT ipsum%u\r\n"
             "i IDLE\r\n",
             client, client, (client + 1) % CLIENTS, client, client);
    link_send(link, text, strlen(text));
}

/* Each command is answered by OK. */
static void hear_all(struct link *link)
{
    char tag = 'a';

    while (tag < 'i') {
        char *line = link_line(link, WAIT_SECONDS);

        cr_assert_not_null(line, "no answer to %c", tag);
        if (line[0] == tag && line[1] == ' ') {
            cr_expect(strncmp(line + 2, "OK ", 3) == 0, "%s", line);
            tag++;
        }
        free(line);
    }
}

Test(courtesy, many_clients_ask_no_more_at_once_than_one_user_may,
     .timeout = SECONDS)
{
    struct harness harness;
    struct link *links[CLIENTS];

    harness_start(&harness, EXCHANGE_2016, "[store]\ncache = off\n");
    const struct exchange_policy policy =
        exchange_installed_policy(EXCHANGE_2010_SP1);
    exchange_set_policy(harness.exchange, &policy);
    for (unsigned i = 0; i < CLIENTS; i++) {
        char name[8];

        snprintf(name, sizeof name, "F%u", i);
        exchange_add_folder(harness.exchange, ANN, name);
        exchange_fill(harness.exchange, ANN, name, MESSAGES);
        links[i] = script_imap_open(&harness);
    }
    exchange_set_latency(harness.exchange, 10);
    exchange_reset_calls(harness.exchange);
    for (unsigned i = 0; i < CLIENTS; i++)
        say_all(links[i], i);
    for (unsigned i = 0; i < CLIENTS; i++)
        hear_all(links[i]);

    /* The stream of news is a call of its own until it is open. */
    unsigned calls = exchange_load_peak(harness.exchange, ANN, LOAD_CALLS);
    cr_expect(calls == 4 || calls == 5, "%u calls at once", calls);
    cr_expect_eq(exchange_load_peak(harness.exchange, ANN, LOAD_LISTS), 2);
    cr_expect_leq(exchange_load_peak(harness.exchange, ANN, LOAD_STREAMS), 1);
    for (unsigned i = 0; i < CLIENTS; i++)
        link_close(&links[i]);
    harness_stop(&harness);
}
