/*
 * test_bad_input.c - clients that err, hurry, stall, vanish or speak something
 * else
 *
 * In every test another session is open meanwhile, and notices nothing.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/script.h"

static struct link *other;

static void start(struct harness *harness, const char *settings)
{
    harness_start(harness, EXCHANGE_2016, settings);
    harness_deliver_many(harness, 3);
    other = script_imap_open(harness);
    script_play(harness, other, "C: s SELECT INBOX\nS. s OK *\n");
}

static void stop(struct harness *harness)
{
    script_play(harness, other,
                "C: z FETCH 1:3 (UID BODY.PEEK[])\n"
                "S. * 3 FETCH *\nS. z OK *\n");
    link_close(&other);
    harness_stop(harness);
}

Test(bad_input, a_literal_of_four_gigabytes, .timeout = SECONDS)
{
    struct harness harness;

    start(&harness, NULL);
    struct link *link = script_imap_open(&harness);
    size_t before = harness_resident_kb(&harness);
    script_play(&harness, link,
                "C: a SELECT {4294967295}\nS. a * *\n"
                "C: b NOOP\nS. b OK *\n"
                "C: c APPEND Drafts {4294967295}\nS: c NO *\n"
                "C: d NOOP\nS. d OK *\n"
                "C: e SELECT {99999999999999999999}\nS. e BAD *\n"
                "C: f NOOP\nS. f OK *\n");
    cr_expect(harness_resident_kb(&harness) < before + 8192);
    link_close(&link);
    stop(&harness);
}

#define MANY 10000

Test(bad_input, ten_thousand_commands_at_once, .timeout = SECONDS)
{
    struct harness harness;
    char *commands = malloc(MANY * 20);
    size_t len = 0;
    char last[40];

    start(&harness, NULL);
    struct link *imap = script_imap_open(&harness);
    struct link *smtp = script_smtp_open(&harness);
    for (int i = 0; i < MANY; i++)
        len += (size_t)sprintf(commands + len, "t%d NOOP\r\n", i);
    link_send(imap, commands, len);
    snprintf(last, sizeof last, "S. t%d OK *\n", MANY - 1);
    script_play(&harness, imap, last);

    len = 0;
    for (int i = 0; i < MANY; i++)
        len += (size_t)sprintf(commands + len, "NOOP\r\n");
    link_send(smtp, commands, len);
    for (int i = 0; i < MANY; i++)
        script_play(&harness, smtp, "S: 250 2.0.0 *\n");
    free(commands);
    link_close(&imap);
    link_close(&smtp);
    stop(&harness);
}

static bool is_given_up(const struct harness *harness)
{
    char *log = harness_log(harness);
    bool found = strstr(log, "the client does not read") != NULL;

    free(log);
    return found;
}

Test(bad_input, a_client_that_does_not_read, .timeout = SECONDS)
{
    struct harness harness;
    size_t size = 2 * 1024 * 1024;
    char *body = malloc(size + 1);

    start(&harness, "[imap]\ncommand_timeout = 10\n");
    memset(body, 'x', size);
    for (size_t i = 76; i + 1 < size; i += 78)
        memcpy(body + i, "\r\n", 2);
    body[size] = '\0';
    char *mime = harness_message("Large", "<large@x>", body);
    harness_deliver(&harness, NULL, mime);

    struct link *link = script_imap_open(&harness);
    script_play(&harness, link, "C: s SELECT INBOX\nS. s OK *\n");
    size_t before = harness_resident_kb(&harness);
    for (int i = 0; i < 50; i++)
        link_send(link, "a FETCH 4 BODY.PEEK[]\r\n", 23);
    for (int i = 0; i < WAIT_SECONDS && !is_given_up(&harness); i++) {
        sleep(1);
        cr_expect(harness_resident_kb(&harness) < before + 24 * 1024, "%zu KB",
                  harness_resident_kb(&harness) - before);
    }
    cr_expect(is_given_up(&harness), "waits for ever");
    cr_expect(link_is_closed(link, WAIT_SECONDS));
    link_close(&link);
    free(mime);
    free(body);
    stop(&harness);
}

Test(bad_input, a_client_that_leaves_in_the_middle, .timeout = SECONDS)
{
    static const char *const scripts[] = {
        "C: a APPEND Drafts {1000+}\nC: Subject: a\n",
        "C: a APPEND Drafts (\\Seen) {1000}\nS: +*\nC: Subject: a\n",
        "C: a SELECT {5}\nS: +*\nC+ INB\n",
        "C: a FETCH 1:3 BODY[]\n",
        "C: a IDLE\nS: +*\n",
    };
    struct harness harness;

    start(&harness, NULL);
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
        script_imap(&harness, scripts[i]);

    static const char begin[] = "C: MAIL FROM:<" ANN ">\nS: 250 *\n"
                                "C: RCPT TO:<" BOB ">\nS: 250 *\n";
    static const char *const ends[] = {
        "C: DATA\nS: 354 *\nC: Subject: a\nC: \nC: Hello\nC+ .\\r\n",
        "C: DATA\nS: 354 *\nC: Subject: a\nC: \nC: Hello\nC+ \\n.\\n\n",
        "C: BDAT 10\nC+ abc\n",
        "C: BDAT 3\nC+ abc\nS: 250 *\n",
    };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char script[400];

        snprintf(script, sizeof script, "%s%s", begin, ends[i]);
        script_smtp(&harness, script);
    }
    sleep(1);
    cr_expect(exchange_count(harness.exchange, ANN, "Drafts") == 0);
    cr_expect(exchange_count(harness.exchange, BOB, NULL) == 0);
    stop(&harness);
}

/* A TLS client hello, as far as a line of text could be seen in it. */
#define CLIENT_HELLO                                                           \
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x00\xff\r\n\x80\xfe\r\n"

Test(bad_input, tls_on_the_plain_ports, .timeout = SECONDS)
{
    struct harness harness;

    start(&harness, NULL);
    struct link *imap = link_open(harness.imap);
    struct link *smtp = link_open(harness.smtp);
    script_play(&harness, imap, "S: * OK *\n");
    script_play(&harness, smtp, "S: 220 *\n");
    link_send(imap, CLIENT_HELLO, sizeof CLIENT_HELLO - 1);
    link_send(smtp, CLIENT_HELLO, sizeof CLIENT_HELLO - 1);
    script_play(&harness, imap, "S: * B* *\n");
    script_play(&harness, smtp, "S: 421 *TLS*\nE:\n");
    link_close(&imap);
    link_close(&smtp);
    stop(&harness);
}

Test(bad_input, plain_text_on_the_tls_ports, .timeout = SECONDS)
{
    struct harness harness;

    start(&harness, NULL);
    const uint16_t ports[] = { harness.imaps, harness.smtps };
    for (size_t i = 0; i < 2; i++) {
        struct link *link = link_open(ports[i]);

        link_send(link, "a LOGIN x y\r\n", 13);
        cr_expect(link_is_closed(link, WAIT_SECONDS), "port %zu", i);
        link_close(&link);
    }
    stop(&harness);
}

Test(bad_input, octets_of_any_kind, .timeout = SECONDS)
{
    struct harness harness;
    unsigned seed = 1;

    start(&harness, NULL);
    for (int round = 0; round < 20; round++) {
        struct link *imap = script_imap_open(&harness);
        struct link *smtp = script_smtp_open(&harness);
        char noise[2000];

        for (size_t i = 0; i < sizeof noise; i++) {
            noise[i] = (char)(rand_r(&seed) >> 8);
            if (noise[i] == '{' || noise[i] == '}')
                noise[i] = '\n';
        }
        link_send(imap, noise, sizeof noise);
        link_send(smtp, noise, sizeof noise);
        script_play(&harness, imap, "C: \nC: a NOOP\nS. a OK *\n");
        script_play(&harness, smtp, "C: \nC: RSET\nS. 250 2.0.0 Forgotten\n");
        link_close(&imap);
        link_close(&smtp);
    }
    stop(&harness);
}
