/*
 * test_tokens.c - programs that log in with a token instead of a password
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/program.h"
#include "tests/clients/script.h"

/* An answer to a call with an older token is not waited for. */
#define SETTINGS                                                               \
    "[exchange]\ntokens = only\npatience = 0\n"                                \
    "[log]\nlevel = debug\n"

/* XOAUTH2 for ANN with these tokens. */
#define FIRST "first-token"
#define FIRST_MESSAGE                                                          \
    "dXNlcj1hbm5AcG9zdGVybi5leGFtcGxlAWF1dGg9QmVhcmVyIGZpcnN0LXRva2VuAQE="
#define SECOND "second-token"
#define SECOND_MESSAGE                                                         \
    "dXNlcj1hbm5AcG9zdGVybi5leGFtcGxlAWF1dGg9QmVhcmVyIHNlY29uZC10b2tlbgEB"
#define OLD "old-token"

static void start(struct harness *harness)
{
    harness_start(harness, EXCHANGE_2016, SETTINGS);
    exchange_issue_token(harness->exchange, ANN, FIRST);
    exchange_issue_token(harness->exchange, ANN, OLD);
    exchange_end_token(harness->exchange, OLD);
}

/* No token may be in the log, nor what carries it. */
static void stop(struct harness *harness)
{
    static const char *const secrets[] = {
        FIRST, SECOND, OLD, FIRST_MESSAGE, SECOND_MESSAGE, "Bearer "
    };
    char *log = harness_log(harness);

    cr_expect(strstr(log, "login user=") != NULL);
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        cr_expect(strstr(log, secrets[i]) == NULL, "%s: %s", secrets[i], log);
    free(log);
    harness_stop(harness);
}

/* --- curl ----------------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *name, *mechanism, *at_once, *token;
    int status; /* 67: the login was refused */
} logins[] = {
    { "OAUTHBEARER",              "AUTH=OAUTHBEARER", "--sasl-ir",    FIRST, 0 },
    { "XOAUTH2",                  "AUTH=XOAUTH2",     "--sasl-ir",    FIRST, 0 },
    { "OAUTHBEARER when asked",   "AUTH=OAUTHBEARER", "--no-sasl-ir", FIRST, 0 },
    { "XOAUTH2 when asked",       "AUTH=XOAUTH2",     "--no-sasl-ir", FIRST, 0 },
    { "what is offered",          "AUTH=*",           "--sasl-ir",    FIRST, 0 },
    { "OAUTHBEARER, an old one",  "AUTH=OAUTHBEARER", "--sasl-ir",    OLD,   67 },
    { "XOAUTH2, an old one",      "AUTH=XOAUTH2",     "--sasl-ir",    OLD,   67 },
    { "XOAUTH2, old, when asked", "AUTH=XOAUTH2",     "--no-sasl-ir", OLD,   67 },
};
/* clang-format on */

static void run_curl(const struct harness *harness, struct program *program,
                     size_t i, const char *url, const char *const more[])
{
    const char *args[32] = { "-sS",
                             "--max-time",
                             "240",
                             "--cacert",
                             "ca.pem",
                             "--ssl-reqd",
                             "-u",
                             ANN ":",
                             "--oauth2-bearer",
                             logins[i].token,
                             "--login-options",
                             logins[i].mechanism,
                             logins[i].at_once,
                             url };
    size_t n = 14;

    for (; *more != NULL; more++)
        args[n++] = *more;
    *program = (struct program){ .name = "curl" };
    program_run(program, harness, args);
    cr_expect_eq(program->status, logins[i].status, "%s, %s: %d, %s",
                 logins[i].name, url, program->status, program->output);
}

Test(tokens, open_the_inbox_for_curl, .timeout = SECONDS)
{
    static const char *const nothing[] = { NULL };
    struct harness harness;
    struct program program;
    char *mime = harness_message("Hello", "<1@x>", "One\r\n");
    char url[64];

    start(&harness);
    harness_deliver(&harness, NULL, mime);
    snprintf(url, sizeof url, "imap://localhost:%u/INBOX;MAILINDEX=1",
             harness.imap);
    for (size_t i = 0; i < sizeof logins / sizeof *logins; i++) {
        run_curl(&harness, &program, i, url, nothing);
        if (logins[i].status == 0)
            cr_expect_str_eq(program.output, mime, "%s", logins[i].name);
        program_fini(&program);
    }
    free(mime);
    stop(&harness);
}

Test(tokens, let_curl_send, .timeout = SECONDS)
{
    static const char *const mail[] = { "--mail-from", ANN,  "--mail-rcpt",
                                        BOB,           "-T", "mail.txt",
                                        "--crlf",      NULL };
    struct harness harness;
    struct program program;
    size_t sent = 0;
    char url[64];

    start(&harness);
    harness_write(&harness, "mail.txt",
                  "From: <" ANN ">\nTo: <" BOB ">\nSubject: By curl\n\nOne\n");
    snprintf(url, sizeof url, "smtp://localhost:%u", harness.smtp);
    for (size_t i = 0; i < sizeof logins / sizeof *logins; i++) {
        run_curl(&harness, &program, i, url, mail);
        program_fini(&program);
        sent += logins[i].status == 0;
        cr_expect_eq(exchange_count(harness.exchange, BOB, NULL), sent, "%s",
                     logins[i].name);
    }
    stop(&harness);
}

/* --- msmtp ---------------------------------------------------------------- */

Test(tokens, let_msmtp_send, .timeout = SECONDS)
{
    static const struct {
        const char *mechanism, *token;
        int status; /* of sysexits.h */
    } cases[] = {
        { "oauthbearer", FIRST, 0 },
        { "xoauth2", FIRST, 0 },
        { "oauthbearer", OLD, 77 },
        { "xoauth2", OLD, 77 },
    };
    struct harness harness;

    start(&harness);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct program program = { .name = "msmtp",
                                   .input = "To: <" BOB ">\n\nHello\n" };
        const char *args[] = { "-t", NULL };

        harness_write(&harness, ".msmtprc",
                      "account default\nhost localhost\nport %u\n"
                      "from " ANN "\nuser " ANN "\nauth %s\n"
                      "passwordeval echo %s\n"
                      "tls on\ntls_trust_file %s\n",
                      harness.smtp, cases[i].mechanism, cases[i].token,
                      harness.ca_file);
        program_run(&program, &harness, args);
        cr_expect_eq(program.status, cases[i].status, "%s: %d, %s",
                     cases[i].mechanism, program.status, program.output);
        program_fini(&program);
    }
    cr_expect_eq(exchange_count(harness.exchange, BOB, NULL), 2);
    stop(&harness);
}

/* --- An hour later -------------------------------------------------------- */

static struct link *log_in(struct harness *harness, const char *message)
{
    struct link *link = link_open(harness->imap);
    char script[400];

    snprintf(script, sizeof script,
             "S: * OK *\nC: a AUTHENTICATE XOAUTH2 %s\nS: a OK *\n", message);
    script_play(harness, link, script);
    return link;
}

static void deliver(struct harness *harness)
{
    char *mime = harness_message("News", "<1@x>", "One\r\n");

    harness_deliver(harness, NULL, mime);
    free(mime);
}

/* The stream was opened with the first token and is opened again, first with
 * that and then with the second one.  In the end nobody has a good one. */
Test(tokens, come_anew_while_a_client_idles, .timeout = SECONDS)
{
    struct harness harness;

    start(&harness);
    struct link *idle = log_in(&harness, FIRST_MESSAGE);
    script_play(&harness, idle,
                "C: b SELECT INBOX\nS. b OK *\nC: c IDLE\nS: + *\n");
    deliver(&harness);
    script_play(&harness, idle, "S. * 1 EXISTS\n");

    exchange_issue_token(harness.exchange, ANN, SECOND);
    struct link *other = log_in(&harness, SECOND_MESSAGE);
    exchange_end_token(harness.exchange, FIRST);
    exchange_cut_streams(harness.exchange, false);
    deliver(&harness);
    script_play(&harness, idle, "S. * 2 EXISTS\n");
    script_play(&harness, other,
                "C: b STATUS INBOX (MESSAGES)\n"
                "S: * STATUS INBOX (MESSAGES 2)\nS: b OK *\n");

    exchange_end_token(harness.exchange, SECOND);
    exchange_cut_streams(harness.exchange, false);
    script_play(&harness, idle, "S. * BYE The token has expired*\nE:\n");
    script_play(&harness, other,
                "C: c NOOP\nS. * BYE The token has expired*\nE:\n");
    link_close(&idle);
    link_close(&other);
    stop(&harness);
}
