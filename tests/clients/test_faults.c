/*
 * test_faults.c - each fault of Exchange under each action of a client
 *
 * Whatever happens: the client gets an answer, OK means that it is done,
 * nothing is lost, nothing is done twice, and the session goes on.  After a
 * failure the same action succeeds.
 */
#include <criterion/criterion.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/script.h"

/* One action on one message. */
struct trial {
    struct harness *harness;
    const char *fault;
    bool for_ever;
    bool is_noticed; /* the fault does not pass by in silence */
    char id[64];     /* of its message */
    struct link *imap;
    struct link *smtp;
    bool ok; /* what the client was told */
};

struct action {
    const char *name;
    const char *operation; /* that fails */
    void (*prepare)(struct trial *trial);
    bool (*act)(struct trial *trial);
    void (*check)(const struct trial *trial);
};

static size_t count_in(const struct trial *trial, const char *user,
                       const char *folder)
{
    return exchange_count_message_id(trial->harness->exchange, user, folder,
                                     trial->id);
}

static void play(const struct trial *trial, const char *script)
{
    script_play(trial->harness, trial->imap, script);
}

/* Sends a command and tells whether its tagged answer is OK. */
static bool ask(const struct trial *trial, const char *command)
{
    char script[600];

    snprintf(script, sizeof script, "C: x %s\n", command);
    play(trial, script);
    char *line = script_line(trial->harness, trial->imap, "x *");
    bool ok = strncmp(line, "x OK", 4) == 0;
    cr_expect(ok || strncmp(line, "x NO", 4) == 0, "%s", line);
    free(line);
    return ok;
}

/* --- The actions ---------------------------------------------------------- */

static void prepare_message(struct trial *trial)
{
    char *mime = harness_message("Case", trial->id, "Its body\r\n");

    harness_deliver(trial->harness, NULL, mime);
    free(mime);
    play(trial, "C: s SELECT INBOX\nS. s OK *\n");
}

static void prepare_deleted(struct trial *trial)
{
    prepare_message(trial);
    play(trial, "C: d STORE * +FLAGS.SILENT (\\Deleted)\nS. d OK *\n");
}

static void prepare_nothing(struct trial *trial)
{
    (void)trial;
}

/* Remembers whether the body has been seen by the line behind its header. */
static bool fetch(struct trial *trial)
{
    play(trial, "C: x FETCH * BODY.PEEK[]\n");
    for (bool seen = false;;) {
        char *line = script_line(trial->harness, trial->imap, "*");
        bool ends = strncmp(line, "x ", 2) == 0;
        bool ok = strncmp(line, "x OK", 4) == 0;

        seen |= strcmp(line, "Its body") == 0;
        free(line);
        if (ends) {
            cr_expect(seen == ok, "%s: a body and %s", trial->fault,
                      ok ? "OK" : "NO");
            return ok;
        }
    }
}

/* While Exchange is away, what is known may be shown. */
static bool select_folder(struct trial *trial)
{
    size_t there = exchange_count(trial->harness->exchange, ANN, NULL) + 1;
    char *mime = harness_message("Case", trial->id, "Its body\r\n");
    char exists[40];

    harness_deliver(trial->harness, NULL, mime);
    free(mime);
    snprintf(exists, sizeof exists, "* %zu EXISTS", there);
    play(trial, "C: x SELECT INBOX\n");
    for (bool seen = false;;) {
        char *line = script_line(trial->harness, trial->imap, "*");
        bool ends = strncmp(line, "x ", 2) == 0;
        bool ok = strncmp(line, "x OK", 4) == 0;

        seen |= strcmp(line, exists) == 0;
        free(line);
        if (ends) {
            cr_expect(!ok || seen || trial->is_noticed, "%s: OK without %s",
                      trial->fault, exists);
            return ok;
        }
    }
}

static bool store(struct trial *trial)
{
    return ask(trial, "STORE * +FLAGS (\\Flagged)");
}

static bool move(struct trial *trial)
{
    return ask(trial, "MOVE * Target");
}

static bool expunge(struct trial *trial)
{
    return ask(trial, "EXPUNGE");
}

static bool append(struct trial *trial)
{
    char command[300];
    size_t len = strlen("Message-ID: \r\n\r\nHello\r\n") + strlen(trial->id);

    snprintf(command, sizeof command,
             "APPEND Target {%zu+}\nC: Message-ID: %s\nC: \nC: Hello\nC: ", len,
             trial->id);
    return ask(trial, command);
}

static bool submit(struct trial *trial)
{
    char script[600];

    snprintf(script, sizeof script,
             "C: MAIL FROM:<" ANN ">\nS: 250 *\n"
             "C: RCPT TO:<" BOB ">\nS: 250 *\nC: DATA\nS: 354 *\n"
             "C: To: <" BOB ">\nC: Message-ID: %s\nC: \nC: Hello\nC: .\n",
             trial->id);
    script_play(trial->harness, trial->smtp, script);
    char *line = script_line(trial->harness, trial->smtp, "*");
    bool ok = strncmp(line, "250 2.0.0 ", 10) == 0;
    cr_expect(ok || strncmp(line, "451 4.", 6) == 0 ||
                  strncmp(line, "535 5.7.8", 9) == 0,
              "%s: %s", trial->fault, line);
    free(line);
    return ok;
}

/* --- What must be so ------------------------------------------------------ */

static void check_nothing(const struct trial *trial)
{
    cr_expect(count_in(trial, ANN, NULL) == 1, "%s", trial->fault);
}

static void check_store(const struct trial *trial)
{
    cr_expect(count_in(trial, ANN, NULL) == 1, "%s", trial->fault);
    if (trial->ok)
        play(trial, "C: f SEARCH FLAGGED *\nS: * SEARCH *\nS. f OK *\n");
}

static void check_move(const struct trial *trial)
{
    size_t from = count_in(trial, ANN, NULL);
    size_t to = count_in(trial, ANN, "Target");

    cr_expect(from + to == 1, "%s: %zu + %zu", trial->fault, from, to);
    cr_expect(!trial->ok || to == 1, "%s: OK, not moved", trial->fault);
}

static void check_expunge(const struct trial *trial)
{
    cr_expect(!trial->ok || count_in(trial, ANN, NULL) == 0,
              "%s: OK, not deleted", trial->fault);
}

static void check_append(const struct trial *trial)
{
    size_t there = count_in(trial, ANN, "Target");

    cr_expect(there == 1 || (there == 0 && !trial->ok), "%s: %zu copies",
              trial->fault, there);
}

static void check_submit(const struct trial *trial)
{
    size_t there = count_in(trial, BOB, NULL);

    cr_expect(there == 1 || (there == 0 && !trial->ok), "%s: sent %zu times",
              trial->fault, there);
    cr_expect(count_in(trial, ANN, "Sent Items") == there, "%s: copies",
              trial->fault);
}

/* clang-format off */
static const struct action actions[] = {
    { "FETCH",   "GetItem",         prepare_message, fetch,         check_nothing },
    { "SELECT",  "SyncFolderItems", prepare_nothing, select_folder, check_nothing },
    { "STORE",   "UpdateItem",      prepare_message, store,         check_store },
    { "MOVE",    "MoveItem",        prepare_message, move,          check_move },
    { "EXPUNGE", "DeleteItem",      prepare_deleted, expunge,       check_expunge },
    { "APPEND",  "CreateItem",      prepare_nothing, append,        check_append },
    { "send",    "CreateItem",      prepare_nothing, submit,        check_submit },
};
/* clang-format on */

#define ACTION_COUNT (sizeof actions / sizeof actions[0])

/* --- Each with each ------------------------------------------------------- */

struct trouble {
    enum exchange_fault fault;
    long parameter;
    bool passes; /* when it happens once, nobody notices */
};

static void begin_sessions(struct trial *trial)
{
    trial->imap = script_imap_open(trial->harness);
    trial->smtp = script_smtp_open(trial->harness);
}

static void try(struct trial *trial, const struct action *action,
                const struct trouble *trouble)
{
    action->prepare(trial);
    harness_fault(trial->harness, action->operation, trouble->fault,
                  trial->for_ever ? UINT_MAX : 1, trouble->parameter);
    trial->ok = action->act(trial);
    if (trial->ok && !trial->for_ever)
        exchange_clear_faults(trial->harness->exchange);
    else
        harness_recover(trial->harness);
    action->check(trial);
    cr_expect(trial->ok || trial->is_noticed, "%s once: %s failed",
              trial->fault, action->name);

    play(trial, "C: n NOOP\nS. n OK *\n");
    script_play(trial->harness, trial->smtp, "C: NOOP\nS: 250 *\n");
    if (!trial->ok && action->act != select_folder) {
        trial->ok = action->act(trial);
        cr_expect(trial->ok, "%s is over and %s fails", trial->fault,
                  action->name);
        action->check(trial);
    }
}

/* What passes when it happens once is waited for; the rest is given up soon. */
static void try_all(const char *name, const struct trouble *trouble,
                    bool for_ever)
{
    struct harness harness;
    struct trial trial = { .harness = &harness,
                           .fault = name,
                           .for_ever = for_ever,
                           .is_noticed = for_ever || !trouble->passes };

    harness_start(&harness, EXCHANGE_2016,
                  trouble->fault == FAULT_HANG ? HASTY
                  : trial.is_noticed           ? IMPATIENT
                                               : PATIENT);
    exchange_add_folder(harness.exchange, ANN, "Target");
    harness_deliver_many(&harness, 3);
    begin_sessions(&trial);
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        snprintf(trial.id, sizeof trial.id, "<case-%zu@postern.example>", i);
        try(&trial, &actions[i], trouble);
    }
    link_close(&trial.imap);
    link_close(&trial.smtp);
    harness_stop(&harness);
}

#define FAULT(name, fault, parameter, passes)                                  \
    static const struct trouble name = { fault, parameter, passes };           \
    Test(faults, name##_once, .timeout = SECONDS)                              \
    {                                                                          \
        try_all(#name, &name, false);                                          \
    }                                                                          \
    Test(faults, name##_always, .timeout = SECONDS)                            \
    {                                                                          \
        try_all(#name, &name, true);                                           \
    }

FAULT(http_401, FAULT_HTTP_401, 0, false)
FAULT(http_429, FAULT_HTTP_429, 0, true)
FAULT(http_500, FAULT_HTTP_500, 0, false)
FAULT(http_503, FAULT_HTTP_503, 0, true)
FAULT(server_busy, FAULT_SERVER_BUSY, 100, true)
FAULT(server_busy_inner, FAULT_SERVER_BUSY_INNER, 100, true)
FAULT(transient_items, FAULT_ITEM_TRANSIENT, 0, false)
FAULT(reset_before, FAULT_RESET_BEFORE, 0, true)
FAULT(reset_after, FAULT_RESET_AFTER, 0, true)
FAULT(truncated, FAULT_TRUNCATED, 0, true)
FAULT(malformed, FAULT_MALFORMED, 0, true)
FAULT(slow, FAULT_SLOW, 20, true)
FAULT(hanging, FAULT_HANG, 0, false)
FAULT(login_page, FAULT_LOGIN_PAGE, 0, false)

Test(faults, server_down_at_start, .timeout = SECONDS)
{
    struct harness harness;
    struct link *imap;
    struct link *smtp;

    harness_start(&harness, EXCHANGE_2016, IMPATIENT);
    harness_daemon_stop(&harness);
    harness_fault(&harness, NULL, FAULT_RESET_BEFORE, UINT_MAX, 0);
    harness_daemon_start(&harness);

    imap = link_open(harness.imap);
    smtp = link_open(harness.smtp);
    script_play(&harness, imap,
                "S: * OK *\nC: a LOGIN " ANN " " PASSWORD "\n"
                "S: a NO [UNAVAILABLE]*\n");
    script_play(&harness, smtp,
                "S: 220 *\nC: EHLO x\nS. 250 *\n"
                "C: AUTH PLAIN AGFubkBwb3N0ZXJuLmV4YW1wbGUAc2VjcmV0\n"
                "S: 454 4.7.0 *\n");
    harness_recover(&harness);
    script_play(&harness, imap, "C: b LOGIN " ANN " " PASSWORD "\nS. b OK *\n");
    script_play(&harness, smtp,
                "C: AUTH PLAIN AGFubkBwb3N0ZXJuLmV4YW1wbGUAc2VjcmV0\n"
                "S: 235 *\n");
    link_close(&imap);
    link_close(&smtp);
    harness_stop(&harness);
}
