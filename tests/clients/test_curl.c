/*
 * test_curl.c - curl reads and sends mail
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/clients/harness.h"
#include "tests/clients/program.h"

#define LOGIN ANN ":" PASSWORD

/* Runs curl on a URL of one of the doors with up to six more arguments. */
static char *curl(const struct harness *harness, const char *scheme,
                  uint16_t port, const char *path, const char *const more[])
{
    const char *args[24] = { "curl",     "-sS",    "--max-time", "240",
                             "--cacert", "ca.pem", "-u",         LOGIN };
    char url[256];
    size_t n = 8;

    snprintf(url, sizeof url, "%s://localhost:%u/%s", scheme, port, path);
    args[n++] = url;
    for (size_t i = 0; more != NULL && more[i] != NULL; i++)
        args[n++] = more[i];
    return program_succeed(harness, args, NULL);
}

Test(curl, reads_over_every_door, .timeout = SECONDS)
{
    static const char *const tls_only[] = { "--ssl-reqd", NULL };
    struct harness harness;
    char *mime = harness_message("Hello", "<1@x>", "One\r\n.\r\nTwo\r\n");

    harness_start(&harness, EXCHANGE_2016, NULL);
    harness_deliver(&harness, NULL, mime);
    const struct {
        const char *scheme;
        uint16_t port;
        const char *const *more;
    } doors[] = {
        { "imap", harness.imap, NULL },
        { "imap", harness.imap, tls_only },
        { "imaps", harness.imaps, NULL },
    };

    for (size_t i = 0; i < 3; i++) {
        char *output = curl(&harness, doors[i].scheme, doors[i].port,
                            "INBOX;MAILINDEX=1", doors[i].more);
        cr_expect_str_eq(output, mime);
        free(output);
    }
    free(mime);
    harness_stop(&harness);
}

Test(curl, lists_searches_and_looks, .timeout = SECONDS)
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    harness_deliver_many(&harness, 12);
    static const struct {
        const char *path;
        const char *more[3];
        const char *expected;
    } cases[] = {
        { "", { NULL }, "INBOX" },
        { "", { "-X", "LSUB \"\" *", NULL }, "INBOX" },
        { "INBOX", { "-X", "EXAMINE INBOX", NULL }, "* 12 EXISTS" },
        { "INBOX?SUBJECT%20%22Number%207%22", { NULL }, "* SEARCH 7" },
        { "INBOX;UID=3;SECTION=HEADER.FIELDS%20(SUBJECT)",
          { NULL },
          "Subject: Number 3" },
        { "INBOX", { "-X", "FETCH 1:3 FLAGS", NULL }, "* 3 FETCH (" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *output =
            curl(&harness, "imap", harness.imap, cases[i].path, cases[i].more);
        cr_expect(strstr(output, cases[i].expected) != NULL, "%s: %s",
                  cases[i].path, output);
        free(output);
    }
    harness_stop(&harness);
}

Test(curl, appends, .timeout = SECONDS)
{
    static const char *const upload[] = { "-T", "mail.txt", NULL };
    struct harness harness;
    size_t len;
    char *mime = harness_message("Draft", "<1@x>", "Hello\r\n");

    harness_start(&harness, EXCHANGE_2016, NULL);
    harness_write(&harness, "mail.txt", "%s", mime);
    free(curl(&harness, "imap", harness.imap, "Drafts", upload));
    cr_expect(exchange_count(harness.exchange, ANN, "Drafts") == 1);
    char *kept = exchange_content(harness.exchange, ANN, "Drafts", 0, &len);
    cr_expect(len == strlen(mime) && memcmp(kept, mime, len) == 0);
    free(kept);
    free(mime);
    harness_stop(&harness);
}

Test(curl, sends_over_every_door, .timeout = SECONDS)
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    const struct {
        const char *scheme;
        uint16_t port;
        const char *how;
    } doors[] = {
        { "smtp", harness.smtp, "--crlf" },
        { "smtp", harness.smtp, "--ssl-reqd" },
        { "smtps", harness.smtps, "--crlf" },
    };

    /* The second time without --crlf: curl then sends bare line feeds. */
    harness_write(&harness, "mail.txt",
                  "From: <" ANN ">\nTo: <" BOB ">\nSubject: By curl\n\n"
                  "One\n.\n..\nTwo\n");
    for (size_t i = 0; i < 3; i++) {
        const char *more[] = { "--mail-from", ANN,        "--mail-rcpt", BOB,
                               "-T",          "mail.txt", doors[i].how,  NULL };
        size_t len;

        free(curl(&harness, doors[i].scheme, doors[i].port, "", more));
        cr_assert(exchange_count(harness.exchange, BOB, NULL) == i + 1);
        char *text = exchange_content(harness.exchange, BOB, NULL, i, &len);
        cr_expect(strstr(text, "Subject: By curl\r\n") != NULL);
        cr_expect(strstr(text, "\r\n\r\nOne\r\n.\r\n..\r\nTwo\r\n") != NULL,
                  "%s", text);
        free(text);
    }
    harness_stop(&harness);
}

Test(curl, is_told_that_the_password_is_wrong, .timeout = SECONDS)
{
    struct harness harness;
    struct program program = { .name = "curl" };
    char url[64];

    harness_start(&harness, EXCHANGE_2016, NULL);
    snprintf(url, sizeof url, "smtp://localhost:%u", harness.smtp);
    const char *args[] = { "-sS",         url,      "-u",          ANN ":wrong",
                           "--mail-from", ANN,      "--mail-rcpt", BOB,
                           "-T",          "ca.pem", NULL };
    program_run(&program, &harness, args);
    cr_expect(program.status == 67, "%d: %s", program.status, program.output);
    program_fini(&program);
    harness_stop(&harness);
}
