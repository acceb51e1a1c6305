/*
 * test_swaks.c - swaks tries SMTP in all its forms
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/clients/harness.h"
#include "tests/clients/program.h"

/* Runs swaks with up to ten more arguments. */
static void swaks(struct harness *harness, struct program *program,
                  uint16_t port, const char *const more[])
{
    const char *args[32] = { "--server", "localhost", "--from",
                             ANN,        "--to",      BOB,
                             "--timeout", "300s",     "--port" };
    char number[8];
    size_t n = 9;

    snprintf(number, sizeof number, "%u", port);
    args[n++] = number;
    for (size_t i = 0; more[i] != NULL; i++)
        args[n++] = more[i];
    *program = (struct program){ .name = "swaks" };
    program_run(program, harness, args);
}

#define AS_ANN "--auth-user", ANN, "--auth-password", PASSWORD
#define VERIFY "--tls-verify", "--tls-ca-path", "ca.pem"

static const struct {
    const char *name;
    bool implicit_tls;
    const char *more[16];
    int status;
    size_t sent;
} cases[] = {
    { "PLAIN", false, { "--auth", "PLAIN", AS_ANN }, 0, 1 },
    { "LOGIN", false, { "--auth", "LOGIN", AS_ANN }, 0, 1 },
    { "STARTTLS", false, { "--tls", VERIFY, "--auth", "PLAIN", AS_ANN }, 0, 1 },
    { "implicit TLS",
      true,
      { "--tls-on-connect", VERIFY, "--auth", "LOGIN", AS_ANN },
      0,
      1 },
    { "pipelining",
      false,
      { "--pipeline", "--auth", "PLAIN", AS_ANN, "--to", BOB "," ANN },
      0,
      1 },
    { "dots at the start of lines",
      false,
      { "--auth", "PLAIN", AS_ANN, "--body", "..\n.\n" },
      0,
      1 },
    { "no login", false, { "--helo", "x" }, 23, 0 },
    { "a wrong password",
      false,
      { "--auth", "PLAIN", "--auth-user", ANN, "--auth-password", "no" },
      28,
      0 },
    { "an unknown mechanism", false, { "--auth", "CRAM-MD5", AS_ANN }, 28, 0 },
};

Test(swaks, sends_or_is_refused, .timeout = SECONDS)
{
    struct harness harness;
    size_t sent = 0;

    harness_start(&harness, EXCHANGE_2016, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct program program;

        swaks(&harness, &program,
              cases[i].implicit_tls ? harness.smtps : harness.smtp,
              cases[i].more);
        sent += cases[i].sent;
        cr_expect(program.status == cases[i].status, "%s: %d\n%s",
                  cases[i].name, program.status, program.output);
        cr_expect(exchange_count(harness.exchange, BOB, NULL) == sent, "%s",
                  cases[i].name);
        program_fini(&program);
    }
    harness_stop(&harness);
}

Test(swaks, sends_a_large_attachment, .timeout = SECONDS)
{
    const char *make[] = { "sh", "-c",
                           "head -c 20000000 /dev/urandom > large.bin", NULL };
    const char *more[] = { "--auth",   "PLAIN",      AS_ANN, "--tls",
                           "--attach", "@large.bin", NULL };
    struct harness harness;
    struct program program;
    size_t len;

    harness_start(&harness, EXCHANGE_2016, NULL);
    free(program_succeed(&harness, make, NULL));
    swaks(&harness, &program, harness.smtp, more);
    cr_expect(program.status == 0, "%s", program.output);
    program_fini(&program);
    cr_assert(exchange_count(harness.exchange, BOB, NULL) == 1);
    char *text = exchange_content(harness.exchange, BOB, NULL, 0, &len);
    cr_expect(len > 26000000, "%zu", len);
    free(text);
    harness_stop(&harness);
}
