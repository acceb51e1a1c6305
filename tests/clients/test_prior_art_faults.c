/*
 * test_prior_art_faults.c - where others fail: DavMail as it ran, before an
 * Exchange with faults
 *
 * Each test carries the sentence that describes the fault as its description.
 */
#include <criterion/criterion.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/time.h"
#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/script.h"

#define SELECT "C: s SELECT INBOX\nS. s OK *\n"
#define ALWAYS UINT_MAX

/* Nothing is asked by the clock. */
#define QUIET "[exchange]\npoll_interval = 1h\nfolder_interval = 1h\n"

#define SEND                                                                   \
    "C: MAIL FROM:<" ANN ">\nS: 250 *\n"                                       \
    "C: RCPT TO:<" BOB ">\nS: 250 *\n"                                         \
    "C: DATA\nS: 354 *\n"                                                      \
    "C: From: <" ANN ">\nC: To: <" BOB ">\nC: Subject: a\n"                    \
    "C: Message-ID: <sent@postern.example>\nC: \nC: Hello\nC: .\n"

#define APPEND                                                                 \
    "C: ap APPEND Drafts {25+}\nC: Subject: draft\nC: \nC: Hello\nC: \n"

static void start(struct harness *harness, const char *settings, size_t count)
{
    harness_start(harness, EXCHANGE_2016, settings);
    harness_deliver_many(harness, count);
}

Test(prior_art_faults, service_unavailable, .timeout = SECONDS,
     .description = "HTTP 503 was taken for success: SMTP answered 250 and "
                    "nothing was sent, APPEND answered OK and nothing was "
                    "stored, MOVE 1:10 answered OK with one message left "
                    "behind.")
{
    struct harness harness;

    start(&harness, IMPATIENT, 10);
    exchange_add_folder(harness.exchange, ANN, "Target");
    struct link *imap = script_imap_open(&harness);
    struct link *smtp = script_smtp_open(&harness);
    script_play(&harness, imap, SELECT);

    harness_fault(&harness, NULL, FAULT_HTTP_503, ALWAYS, 0);
    script_play(&harness, smtp, SEND "S: 451 *\n");
    script_play(&harness, imap,
                APPEND "S: ap NO *\nC: a MOVE 1:10 Target\nS. a NO *\n");
    harness_recover(&harness);

    cr_expect(exchange_count(harness.exchange, BOB, NULL) == 0);
    cr_expect(exchange_count(harness.exchange, ANN, "Drafts") == 0);
    cr_expect(exchange_count(harness.exchange, ANN, NULL) == 10);
    cr_expect(exchange_count(harness.exchange, ANN, "Target") == 0);

    script_play(&harness, smtp, SEND "S: 250 *\n");
    script_play(&harness, imap,
                APPEND "S. ap OK *\nC: b MOVE 1:10 Target\nS. b OK *\n");
    cr_expect(exchange_count(harness.exchange, BOB, NULL) == 1);
    cr_expect(exchange_count(harness.exchange, ANN, "Drafts") == 1);
    cr_expect(exchange_count(harness.exchange, ANN, NULL) == 0);
    cr_expect(exchange_count(harness.exchange, ANN, "Target") == 10);
    link_close(&imap);
    link_close(&smtp);
    harness_stop(&harness);
}

Test(prior_art_faults, truncated_lists, .timeout = SECONDS,
     .description =
         "Truncated or malformed answers were taken as whole: SELECT "
         "showed 19 of 40 messages and said OK.")
{
    static const enum exchange_fault faults[] = { FAULT_TRUNCATED,
                                                  FAULT_MALFORMED };
    for (size_t i = 0; i < 2; i++) {
        struct harness harness;

        start(&harness, IMPATIENT, 40);
        harness_fault(&harness, "SyncFolderItems", faults[i], ALWAYS, 0);
        script_imap(&harness, "C: a SELECT INBOX\n"
                              "S- a NO * !! *EXISTS*\n"
                              "C: b NOOP\nS: b OK *\n");
        harness_stop(&harness);
        start(&harness, PATIENT, 40);
        harness_fault(&harness, "SyncFolderItems", faults[i], 1, 0);
        script_imap(&harness, "C: a SELECT INBOX\n"
                              "S. * 40 EXISTS\nS. a OK *\n");
        harness_stop(&harness);
    }
}

Test(prior_art_faults, failing_downloads, .timeout = SECONDS,
     .description = "A MIME download that failed (503, 500, 401, busy, "
                    "truncated, malformed, transient) was replaced by a "
                    "message rebuilt from properties and answered OK: wrong "
                    "bytes, silently.")
{
    static const struct {
        const char *name;
        enum exchange_fault fault;
    } faults[] = {
        { "503", FAULT_HTTP_503 },
        { "500", FAULT_HTTP_500 },
        { "401", FAULT_HTTP_401 },
        { "busy", FAULT_SERVER_BUSY },
        { "truncated", FAULT_TRUNCATED },
        { "malformed", FAULT_MALFORMED },
        { "transient", FAULT_RESPONSE_CODE },
    };

    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct exchange_fault_rule rule = {
            .operation = "GetItem",
            .fault = faults[i].fault,
            .times = ALWAYS,
            .parameter = 100,
            .code = "ErrorInternalServerTransientError"
        };
        struct harness harness;
        char *wanted =
            harness_message("Only", "<only@x>", "  Its  very\tbytes \r\n");
        char script[2000];

        harness_start(&harness, EXCHANGE_2016, IMPATIENT);
        harness_deliver(&harness, NULL, wanted);
        struct link *link = script_imap_open(&harness);
        script_play(&harness, link, SELECT);
        exchange_set_fault(harness.exchange, &rule);
        script_play(&harness, link,
                    "C: a FETCH 1 BODY.PEEK[]\nS- a NO * !! *BODY*\n");
        harness_recover(&harness);

        snprintf(script, sizeof script,
                 "C: b FETCH 1 BODY.PEEK[]\nS: * 1 FETCH (BODY[] {%zu}\n",
                 strlen(wanted));
        script_play(&harness, link, script);
        char *got = link_octets(link, strlen(wanted), WAIT_SECONDS);
        cr_expect_str_eq(got, wanted, "%s", faults[i].name);
        script_play(&harness, link, "S: )\nS: b OK *\n");
        free(got);
        free(wanted);
        link_close(&link);
        harness_stop(&harness);
    }
}

Test(prior_art_faults, resets_and_hangs, .timeout = SECONDS,
     .description = "An upstream reset or hang closed the IMAP connection "
                    "without an answer.")
{
    static const enum exchange_fault faults[] = { FAULT_RESET_BEFORE,
                                                  FAULT_HANG };
    struct harness harness;

    start(&harness, HASTY, 3);
    struct link *link = script_imap_open(&harness);
    script_play(&harness, link, SELECT);
    for (size_t i = 0; i < 2; i++) {
        harness_fault(&harness, NULL, faults[i], ALWAYS, 0);
        script_play(&harness, link,
                    "C: a FETCH 1 BODY.PEEK[]\nS. a NO *\n"
                    "C: b STORE 1 +FLAGS (\\Seen)\nS. b NO *\n"
                    "C: c SEARCH ALL\nS: * SEARCH 1 2 3\nS: c OK *\n");
        harness_recover(&harness);
        script_play(&harness, link, "C: d NOOP\nS. d OK *\n");
    }
    script_play(&harness, link,
                "C: e FETCH 1 BODY.PEEK[TEXT]\nS. Hello\nS. e OK *\n");
    link_close(&link);
    harness_stop(&harness);
}

Test(prior_art_faults, short_back_off, .timeout = SECONDS,
     .description = "ErrorServerBusy with 300 ms of back-off: it waited 60 s.")
{
    struct harness harness;

    start(&harness, PATIENT, 3);
    struct link *link = script_imap_open(&harness);
    script_play(&harness, link, SELECT);
    harness_fault(&harness, "GetItem", FAULT_SERVER_BUSY, 1, 300);

    uint64_t before = time_monotonic_ms();
    script_play(&harness, link,
                "C: a FETCH 1:3 BODY.PEEK[]\nS. * 3 FETCH *\nS. a OK *\n");
    uint64_t took = time_monotonic_ms() - before;
    cr_expect(took >= 300 && took < 50000, "%d ms", (int)took);
    link_close(&link);
    harness_stop(&harness);
}

Test(prior_art_faults, lost_answer_to_a_send, .timeout = SECONDS,
     .description = "When only the answer to a send was lost it said 451, so "
                    "that the client sends the mail a second time.")
{
    static const enum exchange_fault faults[] = { FAULT_RESET_AFTER,
                                                  FAULT_TRUNCATED,
                                                  FAULT_MALFORMED };
    for (size_t i = 0; i < 3; i++) {
        struct harness harness;

        start(&harness, PATIENT, 0);
        harness_fault(&harness, "CreateItem", faults[i], 1, 0);
        script_smtp(&harness, SEND "S: 250 *\n");
        cr_expect(exchange_count(harness.exchange, BOB, NULL) == 1);
        cr_expect(exchange_count(harness.exchange, ANN, "Sent Items") == 1);
        harness_stop(&harness);
    }
}

Test(prior_art_faults, credentials_travel_at_once, .timeout = SECONDS,
     .description = "Credentials never travelled with the first request: one "
                    "further round trip (401) for each call.")
{
    struct harness harness;

    start(&harness, PATIENT, 3);
    exchange_reset_calls(harness.exchange);
    script_imap(&harness, SELECT "C: a FETCH 1:* BODY.PEEK[]\nS. a OK *\n"
                                 "C: b STORE 1:* +FLAGS (\\Seen)\nS. b OK *\n");
    cr_expect(exchange_calls(harness.exchange, NULL) > 0);
    cr_expect(exchange_calls(harness.exchange, "HTTP") == 0);
    harness_stop(&harness);
}

/* Plays, and expects no more calls to Exchange than that. */
static void expect_calls(struct harness *harness, struct link *link,
                         const char *script, unsigned most)
{
    exchange_reset_calls(harness->exchange);
    script_play(harness, link, script);
    unsigned calls = exchange_calls(harness->exchange, NULL);
    cr_expect(calls <= most, "%u calls, %u are enough:\n%s", calls, most,
              script);
}

Test(prior_art_faults, calls_for_one_action, .timeout = SECONDS,
     .description = "Calls for one client action: 10,313 for the headers of "
                    "10,000 messages, 482 for flagging 500, 1,010 for deleting "
                    "500.")
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, QUIET);
    exchange_fill(harness.exchange, ANN, NULL, 10000);
    struct link *link = script_imap_open(&harness);
    expect_calls(&harness, link, "C: s SELECT INBOX\nS. s OK *\n", 26);
    expect_calls(&harness, link,
                 "C: a FETCH 1:* (FLAGS UID BODY.PEEK[HEADER.FIELDS (SUBJECT "
                 "FROM DATE)])\nS. a OK *\n",
                 110);
    expect_calls(&harness, link,
                 "C: b FETCH 1:* (FLAGS UID BODY.PEEK[HEADER.FIELDS (SUBJECT "
                 "FROM DATE)])\nS. b OK *\n",
                 2);
    expect_calls(&harness, link,
                 "C: c STORE 1:500 +FLAGS.SILENT (\\Flagged)\nS. c OK *\n", 8);
    expect_calls(&harness, link,
                 "C: d STORE 1:500 +FLAGS.SILENT (\\Deleted)\nS. d OK *\n", 8);
    expect_calls(&harness, link, "C: e EXPUNGE\nS. e OK *\n", 8);
    cr_expect(exchange_count(harness.exchange, ANN, NULL) == 9500);
    link_close(&link);
    harness_stop(&harness);
}

Test(prior_art_faults, idle, .timeout = SECONDS,
     .description = "IDLE noticed a new message after 57 s and re-read the "
                    "whole folder (12 MB) for it.")
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, QUIET);
    exchange_fill(harness.exchange, ANN, NULL, 2000);
    struct link *link = script_imap_open(&harness);
    script_play(&harness, link, SELECT "C: i IDLE\nS: +*\n");
    exchange_reset_calls(harness.exchange);

    harness_deliver_many(&harness, 1);
    script_play(&harness, link, "S. * 2001 EXISTS\n");
    cr_expect(exchange_calls(harness.exchange, NULL) <= 8);
    cr_expect(exchange_calls(harness.exchange, "GetItem") == 0);
    script_play(&harness, link, "C: DONE\nS. i OK *\n");
    link_close(&link);
    harness_stop(&harness);
}

#define SESSIONS 100

Test(prior_art_faults, memory_and_cpu, .timeout = SECONDS,
     .description = "100 sessions that open a folder of 10,000 and read: 4.5 "
                    "GB resident; a 10 MB mail: 11 s of CPU.")
{
    struct harness harness;
    struct link *links[SESSIONS];
    size_t size = 10 * 1024 * 1024;
    char *body = malloc(size + 1);

    harness_start(&harness, EXCHANGE_2016, NULL);
    exchange_fill(harness.exchange, ANN, NULL, 10000);
    for (size_t i = 0; i < SESSIONS; i++) {
        links[i] = script_imap_open(&harness);
        script_play(&harness, links[i],
                    SELECT "C: a FETCH 9000:9010 BODY.PEEK[]\nS. a OK *\n");
    }
    size_t kb = harness_resident_kb(&harness);
    cr_expect(kb < 150 * 1024, "%zu KB", kb);
    for (size_t i = 0; i < SESSIONS; i++)
        link_close(&links[i]);

    for (size_t i = 0; i < size; i++)
        body[i] = "abcdefgh\r\n"[i % 10];
    body[size] = '\0';
    char *mime = harness_message("Big", "<big@x>", body);
    harness_deliver(&harness, NULL, mime);

    struct link *link = script_imap_open(&harness);
    char script[200];
    double before = harness_cpu_seconds(&harness);
    snprintf(script, sizeof script,
             SELECT "C: a FETCH 10001 BODY.PEEK[]\n"
                    "S. * 10001 FETCH (BODY[] {%zu}\n",
             strlen(mime));
    script_play(&harness, link, script);
    char *got = link_octets(link, strlen(mime), WAIT_SECONDS);
    cr_expect(got != NULL && strcmp(got, mime) == 0);
    script_play(&harness, link, "S: )\nS: a OK *\n");
    double cpu = harness_cpu_seconds(&harness) - before;
    cr_expect(cpu < 3, "%.1f s", cpu);
    free(got);
    free(mime);
    free(body);
    link_close(&link);
    harness_stop(&harness);
}

/* A message of many lines whose octets tell where they are. */
static char *odd_message(size_t n)
{
    char *body = malloc(100000);
    char id[40];
    char *at = body;

    for (size_t line = 0; line < n * 40; line++)
        at += sprintf(at, "%zu/%zu\t \x7f trailing  \r\n", n, line);
    *at = '\0';
    snprintf(id, sizeof id, "<odd-%zu@x>", n);
    char *mime = harness_message("Odd =?x?=  ", id, body);
    free(body);
    return mime;
}

#define ODD 20

Test(prior_art_faults, what_is_right, .timeout = SECONDS,
     .description = "Right, and to be matched: bodies byte-equal with exact "
                    "RFC822.SIZE, INTERNALDATE and flags right, nothing lost "
                    "without faults, good messages beside corrupt ones "
                    "readable.")
{
    struct harness harness;
    char *mimes[ODD];
    char script[300];

    harness_start(&harness, EXCHANGE_2016, NULL);
    for (size_t i = 0; i < ODD; i++) {
        mimes[i] = odd_message(i + 1);
        exchange_add_message(harness.exchange, ANN, NULL, mimes[i],
                             strlen(mimes[i]), 1714557600 + (int64_t)i * 60,
                             i % 2 == 0);
    }
    struct link *link = script_imap_open(&harness);
    script_play(&harness, link,
                SELECT "C: a UID FETCH 1:* (FLAGS BODY.PEEK[])\n");
    for (size_t i = 0; i < ODD; i++) {
        snprintf(script, sizeof script,
                 "S: * %zu FETCH (*FLAGS (*%s*BODY[] {%zu}\n", i + 1,
                 i % 2 == 0 ? "\\Seen" : "", strlen(mimes[i]));
        script_play(&harness, link, script);
        char *got = link_octets(link, strlen(mimes[i]), WAIT_SECONDS);
        cr_expect_str_eq(got, mimes[i]);
        free(got);
        script_play(&harness, link, "S: *)\n");
    }
    script_play(&harness, link, "S: a OK *\n");

    for (size_t i = 0; i < ODD; i++) {
        snprintf(script, sizeof script,
                 "C: b FETCH %zu (RFC822.SIZE INTERNALDATE)\n"
                 "S: * %zu FETCH (RFC822.SIZE %zu INTERNALDATE "
                 "\" 1-May-2024 10:%02zu:00 +0000\")\nS: b OK *\n",
                 i + 1, i + 1, strlen(mimes[i]), i);
        script_play(&harness, link, script);
        free(mimes[i]);
    }
    link_close(&link);
    harness_stop(&harness);
}

Test(prior_art_faults, good_beside_corrupt, .timeout = SECONDS,
     .description = "Right, and to be matched: good messages beside corrupt "
                    "ones readable.")
{
    struct harness harness;

    start(&harness, IMPATIENT, 5);
    harness_fault(&harness, "GetItem", FAULT_ITEM_CORRUPT, ALWAYS, 2);
    script_imap(&harness, SELECT "C: a UID FETCH 1:5 BODY.PEEK[]\n"
                                 "S. Subject: Number 1\n"
                                 "S. Subject: Number 2\n"
                                 "S- Subject: Number 4 !! Subject: Number 3\n"
                                 "S. Subject: Number 5\n"
                                 "S. a NO *\n"
                                 "C: b NOOP\nS. b OK *\n");
    harness_stop(&harness);
}
