/*
 * test_budgets.c - what clients' wishes cost, in calls to Exchange
 *
 * The budgets of the design: N messages in the folder, M touched.  Calls are counted
 * by the simulated Exchange, so that the numbers are exact on any machine.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/clients/answer.h"
#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/script.h"

#define FOLDERS 50

/* Nothing happens by itself: no timer asks Exchange in between. */
#define SETTINGS                                                               \
    "[exchange]\npoll_interval = 1h\nfolder_interval = 1h\n"

/* One command after the other on one session. */
struct wish {
    const char *name;
    const char *command;
    unsigned budget;         /* calls at most */
};

static void expect_budget(struct harness *harness, const char *name,
                          unsigned budget)
{
    unsigned calls = exchange_calls(harness->exchange, NULL);
    cr_expect(calls <= budget, "%s: %u calls instead of %u", name, calls,
              budget);
    exchange_reset_calls(harness->exchange);
}

static void fulfil(struct harness *harness, struct link *link,
                   const struct wish wishes[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        exchange_reset_calls(harness->exchange);
        struct answer answer = answer_to(link, "%s", wishes[i].command);
        cr_expect(answer.said == SAID_OK, "%s: %s", wishes[i].name,
                  said_name(answer.said));
        answer_fini(&answer);
        expect_budget(harness, wishes[i].name, wishes[i].budget);
    }
}

#define FULFIL(harness, link, wishes)                                          \
    fulfil(harness, link, wishes, sizeof wishes / sizeof *wishes)

/* A mailbox with 1,000 messages in the inbox, and a session. */
static struct link *begin(struct harness *harness)
{
    harness_start(harness, EXCHANGE_2016, SETTINGS);
    exchange_add_folder(harness->exchange, ANN, "Target");
    exchange_fill(harness->exchange, ANN, NULL, 1000);
    return script_imap_open(harness);
}

static void end(struct harness *harness, struct link **link)
{
    link_close(link);
    harness_stop(harness);
}

Test(budgets, logins, .timeout = SECONDS)
{
    struct harness harness;
    harness_start(&harness, EXCHANGE_2016, SETTINGS);
    struct link *first = script_imap_open(&harness);
    expect_budget(&harness, "the first login", 3);
    struct link *second = script_imap_open(&harness);
    struct link *third = script_smtp_open(&harness);
    expect_budget(&harness, "later logins", 0);

    link_close(&third);
    link_close(&second);
    end(&harness, &first);
}

Test(budgets, selecting, .timeout = SECONDS)
{
    /* clang-format off */
    static const struct wish wishes[] = {
        { "the folder tree",             "LIST \"\" *",                 1 },
        { "SELECT of N, cold: N/512",    "SELECT INBOX",                2 },
        { "the flags of all",            "FETCH 1:* (UID FLAGS)",       0 },
        { "NOOP",                        "NOOP",                        1 },
        { "SELECT, unchanged",           "SELECT INBOX",                1 },
        { "EXAMINE, unchanged",          "EXAMINE INBOX",               1 },
    };
    /* clang-format on */
    struct harness harness;
    struct link *link = begin(&harness);

    FULFIL(&harness, link, wishes);
    end(&harness, &link);
}

Test(budgets, fetching, .timeout = SECONDS)
{
    /* clang-format off */
    static const struct wish wishes[] = {
        { "SELECT",                      "SELECT INBOX",                         3 },
        { "envelopes of M: M/100",       "FETCH 1:200 (UID ENVELOPE)",           2 },
        { "envelopes again",             "FETCH 1:200 (UID ENVELOPE)",           0 },
        { "headers of the same",
          "FETCH 1:200 BODY.PEEK[HEADER.FIELDS (SUBJECT FROM LIST-ID)]",         2 },
        { "structures of M: M/100",      "FETCH 201:400 (UID BODYSTRUCTURE)",    2 },
        { "structures again",            "FETCH 201:400 (UID BODYSTRUCTURE)",    0 },
        { "sizes of the same",           "FETCH 201:400 (UID RFC822.SIZE)",      0 },
        { "bodies of M: M/100",          "FETCH 401:600 (UID BODY.PEEK[])",      2 },
        { "all that follows from them",
          "FETCH 401:600 (ENVELOPE BODYSTRUCTURE RFC822.SIZE BODY.PEEK[HEADER])", 0 },
    };
    /* clang-format on */
    struct harness harness;
    struct link *link = begin(&harness);

    FULFIL(&harness, link, wishes);
    end(&harness, &link);
}

Test(budgets, searching, .timeout = SECONDS)
{
    /* clang-format off */
    static const struct wish wishes[] = {
        { "SELECT",                      "SELECT INBOX",                             3 },
        { "what the folder tells",       "SEARCH UNSEEN LARGER 100 SINCE 1-Jan-2000", 0 },
        { "one header of many",          "SEARCH SUBJECT zebra",                     1 },
        { "one header of M: M/100",      "SEARCH 1:200 FROM nobody",                 2 },
        { "another of the same",         "SEARCH 1:200 NOT TO nobody",               0 },
        { "bodies",                      "SEARCH 1:200 BODY zebra",                  1 },
        { "an order by arrival",         "SORT (REVERSE ARRIVAL) UTF-8 ALL",         0 },
        { "an order by header: N/100",   "SORT (SUBJECT) UTF-8 ALL",                 8 },
        { "another order",               "SORT (DISPLAYFROM REVERSE DATE) UTF-8 ALL", 0 },
        { "threads",                     "THREAD REFERENCES UTF-8 ALL",              0 },
        { "headers of all, now known",   "SEARCH OR FROM x (SUBJECT y SENTSINCE 1-Jan-2000)", 0 },
        { "words",                       "SEARCH FUZZY TEXT zebra",                  1 },
    };
    /* clang-format on */
    struct harness harness;
    struct link *link = begin(&harness);

    FULFIL(&harness, link, wishes);
    end(&harness, &link);
}

Test(budgets, changing, .timeout = SECONDS)
{
    /* clang-format off */
    static const struct wish wishes[] = {
        { "SELECT",               "SELECT INBOX",                              3 },
        { "STORE on M: M/100",    "STORE 1:500 +FLAGS (\\Flagged)",            5 },
        { "STORE without effect", "STORE 1:500 +FLAGS (\\Flagged)",            0 },
        { "COPY of M: M/100",     "COPY 1:500 Target",                         5 },
        { "MOVE of M: M/100",     "MOVE 1:300 Target",                         3 },
        { "marking M: M/100",     "STORE 1:400 +FLAGS.SILENT (\\Deleted)",     4 },
        { "EXPUNGE of M: M/100",  "EXPUNGE",                                   4 },
    };
    /* clang-format on */
    struct harness harness;
    struct link *link = begin(&harness);

    FULFIL(&harness, link, wishes);
    cr_expect_eq(exchange_count(harness.exchange, ANN, NULL), 300);
    cr_expect_eq(exchange_count(harness.exchange, ANN, "Target"), 800);
    end(&harness, &link);
}

/* How long counts are good for: longer than it takes to ask for all of them. */
#define GOOD_SECONDS 60
#define GOOD "status_interval = 60\n"

/* Asks for the counts of all folders, one after the other, as clients do. */
static void look_at_all(struct harness *harness, struct link *link)
{
    exchange_reset_calls(harness->exchange);
    for (unsigned i = 0; i < FOLDERS; i++) {
        struct answer answer =
            answer_to(link, "STATUS \"Box %02u\" (MESSAGES UNSEEN)", i);
        cr_expect(answer.said == SAID_OK, "%s", answer.text.data);
        answer_fini(&answer);
    }
}

Test(budgets, looking_at_many_folders, .timeout = SECONDS)
{
    struct harness harness;
    harness_start(&harness, EXCHANGE_2016, SETTINGS GOOD);
    for (unsigned i = 0; i < FOLDERS; i++) {
        char name[16];
        snprintf(name, sizeof name, "Box %02u", i);
        exchange_add_folder(harness.exchange, ANN, name);
    }
    struct link *link = script_imap_open(&harness);

    /* Folders that have just changed are looked at once more. */
    sleep(GOOD_SECONDS + 1);
    look_at_all(&harness, link);
    expect_budget(&harness, "STATUS of F folders, cold: F + 1, and the tree",
                  FOLDERS + 2);
    look_at_all(&harness, link);
    expect_budget(&harness, "STATUS of F folders, at once again", 0);
    sleep(GOOD_SECONDS + 1);
    look_at_all(&harness, link);
    expect_budget(&harness, "STATUS of F folders, later", 1);
    end(&harness, &link);
}

Test(budgets, sending_and_appending, .timeout = SECONDS)
{
    struct harness harness;
    struct link *imap = begin(&harness);
    struct link *smtp = script_smtp_open(&harness);

    exchange_reset_calls(harness.exchange);
    script_play(&harness, smtp,
                "C: MAIL FROM:<" ANN ">\nS: 250 *\n"
                "C: RCPT TO:<" BOB ">\nS: 250 *\nC: DATA\nS: 354 *\n"
                "C: To: <" BOB ">\nC: Message-ID: <one@postern.example>\nC: \n"
                "C: Hello\nC: .\nS: 250 *\n");
    expect_budget(&harness, "sending", 1);
    script_play(&harness, imap,
                "C: a APPEND Target {31+}\nC: Message-ID: <a@example.com>\nC: \nC: \n"
                "S. a *\n");
    cr_expect_eq(exchange_count(harness.exchange, ANN, "Target"), 1);
    expect_budget(&harness, "APPEND", 2);

    link_close(&smtp);
    end(&harness, &imap);
}
