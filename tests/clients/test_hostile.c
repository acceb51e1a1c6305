/*
 * test_hostile.c - floods, excesses, sudden death: what is asked of the whole daemon
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/clients/answer.h"
#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/script.h"

/* --- About the daemon ----------------------------------------------------------- */

static size_t open_files(const struct harness *harness)
{
    char path[64];
    size_t count = 0;

    snprintf(path, sizeof path, "/proc/%d/fd", (int)harness->daemon);
    DIR *folder = opendir(path);
    cr_assert(folder != NULL);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

/* --- Who has ended his side ------------------------------------------------------ */

#define BATCH                                                                  \
    "a LOGIN " ANN " " PASSWORD "\r\n"                                         \
    "b SELECT INBOX\r\n"                                                       \
    "c FETCH 1:20 BODY.PEEK[]\r\n"                                             \
    "d APPEND Drafts {14+}\r\nSubject: a\r\n\r\n\r\n"                          \
    "e LOGOUT\r\n"

static void expect_batch_answered(struct harness *harness, struct link *link)
{
    link_send(link, BATCH, sizeof BATCH - 1);
    link_end(link);
    script_play(harness, link,
                "S. a OK *\nS. b OK *\nS. * 20 FETCH *\nS. c OK *\n"
                "S. d OK *\nS. * BYE *\nS: e OK *\nE:\n");
    link_close(&link);
}

Test(hostile, commands_of_who_has_ended_his_side_are_carried_out,
     .timeout = SECONDS)
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    harness_deliver_many(&harness, 20);
    exchange_set_latency(harness.exchange, 20);
    expect_batch_answered(&harness, link_open(harness.imap));

    struct link *link = link_open(harness.imaps);
    link_start_tls(link, harness.ca_file);
    expect_batch_answered(&harness, link);
    cr_expect_eq(exchange_count(harness.exchange, ANN, "Drafts"), 2);
    harness_stop(&harness);
}

Test(hostile, a_message_of_who_has_ended_his_side_is_sent, .timeout = SECONDS)
{
    static const char text[] = "MAIL FROM:<" ANN ">\r\nRCPT TO:<" BOB ">\r\n"
                               "DATA\r\nSubject: a\r\n\r\nHello\r\n.\r\n";
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    exchange_set_latency(harness.exchange, 50);
    struct link *link = script_smtp_open(&harness);
    link_send(link, text, sizeof text - 1);
    link_end(link);
    script_play(&harness, link, "S: 250 *\nS: 250 *\nS: 354 *\nS: 250 *\nE:\n");
    link_close(&link);
    cr_expect_eq(exchange_count(harness.exchange, BOB, NULL), 1);
    harness_stop(&harness);
}

/* --- Long, deep and wide --------------------------------------------------------- */

/* What is repeated between a beginning and an end. */
static const struct {
    const char *name, *begin, *piece, *end;
    size_t times;
    enum said said;
} excesses[] = {
    { "keys in keys", "SEARCH ", "(", "ALL", 20000, SAID_NO },
    { "NOT of NOT", "SEARCH ", "NOT ", "ALL", 15000, SAID_NO },
    { "OR in OR", "SEARCH ", "OR ALL ", "ALL", 9000, SAID_NO },
    { "items in items", "FETCH 1 ", "(", "FLAGS", 20000, SAID_BAD },
    { "stars", "LIST \"\" ", "*", "", 10000, SAID_OK },
    { "stars that miss", "LIST \"\" \"", "*a", "b\"", 5000, SAID_OK },
    { "all kinds of stars", "LIST \"\" \"", "%*", "\"", 5000, SAID_OK },
    { "ranges", "UID FETCH 1", ",1:4", " UID", 15000, SAID_OK },
    { "section numbers", "FETCH 1 BODY[1", ".1", "]", 5000, SAID_BAD },
    { "header fields", "FETCH 1 BODY[HEADER.FIELDS (", "X ", "X)]", 9000,
      SAID_OK },
    { "an endless line", "NOOP ", "xxxxxxxxxxxxxxxx", "", 1000 * 1000,
      SAID_BAD },
};

Test(hostile, excesses_are_answered_soon, .timeout = SECONDS)
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    harness_deliver_many(&harness, 3);
    struct link *link = script_imap_open(&harness);
    script_play(&harness, link, "C: s SELECT INBOX\nS. s OK *\n");
    for (size_t i = 0; i < sizeof excesses / sizeof *excesses; i++) {
        double start = harness_cpu_seconds(&harness);
        size_t before = harness_resident_kb(&harness);
        struct buf command;

        buf_init(&command, NULL);
        buf_puts(&command, excesses[i].begin);
        for (size_t n = 0; n < excesses[i].times; n++)
            buf_puts(&command, excesses[i].piece);
        buf_puts(&command, excesses[i].end);
        struct answer answer = answer_to(link, "%s", command.data);
        cr_expect_eq(answer.said, excesses[i].said, "%s: %s", excesses[i].name,
                     said_name(answer.said));
        cr_expect_lt(harness_cpu_seconds(&harness) - start, 5, "%s",
                     excesses[i].name);
        cr_expect_lt(harness_resident_kb(&harness), before + 16 * 1024, "%s",
                     excesses[i].name);
        answer_fini(&answer);
        buf_fini(&command);
    }
    script_play(&harness, link, "C: z FETCH 1:3 UID\nS. z OK *\n");
    link_close(&link);
    harness_stop(&harness);
}

/* --- Many ------------------------------------------------------------------------ */

#define SESSIONS 200

Test(hostile, two_hundred_sessions_are_served_and_one_more_is_refused,
     .timeout = SECONDS)
{
    struct link *links[SESSIONS];
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    harness_deliver_many(&harness, 3);
    for (size_t i = 0; i < SESSIONS; i++)
        links[i] = script_imap_open(&harness);
    struct link *refused = link_open(harness.imap);
    script_play(&harness, refused, "S: * BYE *\nE:\n");
    link_close(&refused);
    for (size_t i = 0; i < SESSIONS; i++)
        link_send(links[i], "a SELECT INBOX\r\nb FETCH 1:3 BODY[]\r\n", 37);
    for (size_t i = 0; i < SESSIONS; i++) {
        script_play(&harness, links[i], "S. a OK *\nS. b OK *\n");
        link_close(&links[i]);
    }
    harness_stop(&harness);
}

/* The index of a mailbox and the calls to Exchange, whoever comes and goes. */
#define FILES_OF_A_MAILBOX 20

static void expect_forgotten(const struct harness *harness, size_t files)
{
    size_t most = files + FILES_OF_A_MAILBOX;

    for (int i = 0; i < WAIT_SECONDS * 10 && open_files(harness) > most; i++)
        usleep(100 * 1000);
    cr_expect_leq(open_files(harness), most);
}

static void come_and_go(struct harness *harness, int times)
{
    for (int i = 0; i < times; i++) {
        struct link *link =
            i % 3 == 0 ? script_smtp_open(harness) : script_imap_open(harness);

        if (i % 3 == 1)
            script_play(harness, link,
                        "C: s SELECT INBOX\nS. s OK *\n"
                        "C: f FETCH 1:3 (FLAGS BODY[])\nS. f OK *\n");
        link_close(&link);
    }
}

Test(hostile, a_thousand_visits_leave_nothing_behind, .timeout = SECONDS)
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    harness_deliver_many(&harness, 3);
    size_t files = open_files(&harness);
    come_and_go(&harness, 50);
    expect_forgotten(&harness, files);
    size_t memory = harness_resident_kb(&harness);

    come_and_go(&harness, 1000);
    expect_forgotten(&harness, files);
    cr_expect_lt(harness_resident_kb(&harness), memory + 4096);
    harness_stop(&harness);
}

#define LARGE ((size_t)24 * 1024 * 1024)

/* Who does not read is waited for longer than any test lasts: whoever is held up
 * by him never gets an answer. */
#define FOR_EVER "[imap]\ncommand_timeout = 1h\n"

static void deliver_large(struct harness *harness, size_t size)
{
    char *body = malloc(size + 1);

    memset(body, 'x', size);
    for (size_t i = 76; i + 1 < size; i += 78)
        memcpy(body + i, "\r\n", 2);
    body[size] = '\0';
    char *mime = harness_message("Large", "<large@x>", body);
    harness_deliver(harness, NULL, mime);
    free(mime);
    free(body);
}

Test(hostile, who_reads_a_message_slowly_does_not_hold_up_its_other_readers,
     .timeout = SECONDS)
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, FOR_EVER);
    deliver_large(&harness, LARGE);
    struct link *slow = script_imap_open(&harness);
    struct link *quick = script_imap_open(&harness);
    script_play(&harness, quick, "C: s SELECT INBOX\nS. s OK *\n");
    script_play(&harness, slow,
                "C: s SELECT INBOX\nS. s OK *\nC: f FETCH 1 BODY.PEEK[]\n"
                "S: * 1 FETCH *\n");
    script_play(&harness, quick,
                "C: f FETCH 1 BODY.PEEK[]<0.10>\nS: * 1 FETCH *\nS. f OK *\n");
    link_close(&slow);
    link_close(&quick);
    harness_stop(&harness);
}

#define STALLED 100

/* Some wait with all that they have asked for in a file; when there is no room
 * for more, others are closed. */
Test(hostile, a_hundred_clients_who_do_not_read_hold_up_nobody,
     .timeout = SECONDS)
{
    struct link *stalled[STALLED];
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016,
                  FOR_EVER "[service]\noutput_limit = 200M\n");
    deliver_large(&harness, LARGE / 2);
    struct link *warm = script_imap_open(&harness);
    script_play(&harness, warm,
                "C: s SELECT INBOX\nS. s OK *\nC: f FETCH 1 BODY[]<0.10>\n"
                "S. f OK *\n");
    for (size_t i = 0; i < STALLED; i++) {
        stalled[i] = script_imap_open(&harness);
        link_send(stalled[i], "a SELECT INBOX\r\nb FETCH 1 BODY[]\r\n", 36);
    }
    script_play(&harness, warm, "C: g FETCH 1 (FLAGS BODY[]<0.10>)\nS. g OK *\n");
    script_imap(&harness, "C: s SELECT INBOX\nS. s OK *\n");
    cr_expect_lt(harness_resident_kb(&harness), 120 * 1024);
    for (size_t i = 0; i < STALLED; i++)
        link_close(&stalled[i]);
    link_close(&warm);
    harness_stop(&harness);
}

/* --- Sudden death ----------------------------------------------------------------- */

#define DEATHS 10
#define PIPELINED 20

/* All UIDs with their Message-IDs, as the gateway tells them, and UIDVALIDITY. */
static struct answer whole_folder(struct link *link)
{
    struct answer selected = answer_to(link, "SELECT INBOX");
    const char *validity = strstr(selected.text.data, "* OK [UIDVALIDITY ");
    cr_assert(validity != NULL);
    struct answer answer = answer_to(
        link, "UID FETCH 1:* (BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])");

    cr_assert_eq(answer.said, SAID_OK);
    buf_append(&answer.text, validity, strcspn(validity, "\r"));
    answer_fini(&selected);
    return answer;
}

/* Pipelines appended and flagged messages, and counts what is confirmed until death. */
static void work_until_death(struct harness *harness, struct link *link, int round)
{
    for (int i = 0; i < PIPELINED; i++) {
        char message[64], command[200];

        snprintf(message, sizeof message, "Message-ID: <%d.%d@x>\r\n\r\n", round, i);
        snprintf(command, sizeof command,
                 "a%d APPEND INBOX {%zu+}\r\n%s\r\n"
                 "f%d UID STORE %d +FLAGS (k%d)\r\n",
                 i, strlen(message), message, i, i + 1, round);
        link_send(link, command, strlen(command));
    }
    usleep((useconds_t)(rand() % 250) * 1000);
    harness_daemon_kill(harness);
}

/* What was confirmed is there once; nothing is there twice. */
static void expect_appended(const struct answer *folder, struct link *dead, int round)
{
    bool confirmed[PIPELINED] = { false };
    char *line;
    int i;

    while ((line = link_line(dead, WAIT_SECONDS)) != NULL) {
        if (sscanf(line, "a%d OK", &i) == 1 && i >= 0 && i < PIPELINED &&
            strstr(line, " OK ") != NULL)
            confirmed[i] = true;
        free(line);
    }
    for (i = 0; i < PIPELINED; i++) {
        char id[40];

        snprintf(id, sizeof id, "<%d.%d@x>", round, i);
        size_t count = answer_count(folder, id);
        cr_expect(count <= 1 && (count == 1 || !confirmed[i]),
                  "%s is there %zu times", id, count);
    }
}

/* Each line of what was there before is there still: number, UID and Message-ID, as
 * nothing is deleted here. */
static void expect_kept(const struct answer *before, const struct answer *after)
{
    const char *end = strstr(before->text.data, " OK ");
    const char *validity = strstr(before->text.data, "* OK [UIDVALIDITY ");

    while (end > before->text.data && end[-1] != '\n')
        end--;
    cr_expect(strncmp(before->text.data, after->text.data,
                      (size_t)(end - before->text.data)) == 0,
              "UIDs have changed");
    cr_expect(strstr(after->text.data, validity) != NULL, "UIDVALIDITY changed");
}

Test(hostile, sudden_death_changes_no_uids_and_loses_nothing, .timeout = SECONDS)
{
    struct harness harness;

    srand(20261122);
    harness_start(&harness, EXCHANGE_2016, NULL);
    harness_deliver_many(&harness, 20);
    exchange_set_latency(harness.exchange, 3);
    struct link *link = script_imap_open(&harness);
    struct answer before = whole_folder(link);

    for (int round = 0; round < DEATHS; round++) {
        work_until_death(&harness, link, round);
        harness_deliver_many(&harness, 1);
        harness_daemon_start(&harness);
        struct link *next = script_imap_open(&harness);
        struct answer after = whole_folder(next);
        expect_kept(&before, &after);
        expect_appended(&after, link, round);
        answer_fini(&before);
        link_close(&link);
        before = after;
        link = next;
    }
    answer_fini(&before);
    link_close(&link);
    harness_stop(&harness);
}
