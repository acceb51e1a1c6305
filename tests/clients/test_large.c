/*
 * test_large.c - a message of 150 MB comes and goes through little memory
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/script.h"

#define LINE 78
#define LINES (150 * 1024 * 1024 / LINE)
#define PEAK_KB (40 * 1024)
#define LINES_AT_ONCE 1000

/* The nth line of the body, which tells where it is. */
static void write_line(char out[LINE + 1], size_t n)
{
    snprintf(out, LINE + 1, "%-76zu\r\n", n);
}

static void send_body(struct link *link)
{
    static char block[LINES_AT_ONCE * LINE + 1];
    size_t in_block = 0;

    for (size_t n = 0; n < LINES; n++) {
        write_line(block + in_block * LINE, n);
        if (++in_block == LINES_AT_ONCE || n + 1 == LINES) {
            link_send(link, block, in_block * LINE);
            in_block = 0;
        }
    }
}

static void expect_body(struct link *link)
{
    char wanted[LINE + 1];

    for (size_t n = 0; n < LINES; n++) {
        char *line = link_line(link, WAIT_SECONDS);

        write_line(wanted, n);
        wanted[LINE - 2] = '\0';
        cr_assert(line != NULL && strcmp(line, wanted) == 0, "line %zu", n);
        free(line);
    }
}

Test(large, a_message_of_150_mb_needs_less_than_40_mb, .timeout = SECONDS)
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, "[mail]\nmessage_limit = 200M\n");
    exchange_set_message_limit(harness.exchange, 200 * 1024 * 1024);
    struct link *smtp = script_smtp_open(&harness);
    script_play(&harness, smtp,
                "C: MAIL FROM:<" ANN ">\nS: 250 *\n"
                "C: RCPT TO:<" ANN ">\nS: 250 *\nC: DATA\nS: 354 *\n"
                "C: From: <" ANN ">\nC: To: <" ANN ">\nC: Subject: large\n"
                "C: MIME-Version: 1.0\nC: Content-Type: text/plain\nC: \n");
    send_body(smtp);
    script_play(&harness, smtp, "C: .\nS: 250 2.0.0 *\n");
    link_close(&smtp);
    cr_expect(harness_peak_kb(&harness) < PEAK_KB, "sending: %zu KB",
              harness_peak_kb(&harness));

    struct link *imap = script_imap_open(&harness);
    script_play(&harness, imap,
                "C: s SELECT INBOX\nS. * 1 EXISTS\nS. s OK *\n"
                "C: a FETCH 1 BODY.PEEK[TEXT]\n"
                "S. * 1 FETCH (BODY[TEXT] {*}\n");
    expect_body(imap);
    script_play(&harness, imap, "S: )\nS: a OK *\n");
    link_close(&imap);
    cr_expect(harness_peak_kb(&harness) < PEAK_KB, "reading: %zu KB",
              harness_peak_kb(&harness));
    harness_stop(&harness);
}
