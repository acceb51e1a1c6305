/*
 * test_msmtp.c - msmtp sends mail
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/clients/harness.h"
#include "tests/clients/program.h"

static void start(struct harness *harness)
{
    harness_start(harness, EXCHANGE_2016, NULL);
    harness_write(harness, ".msmtprc",
                  "defaults\n"
                  "host localhost\n"
                  "auth on\n"
                  "user " ANN "\n"
                  "password " PASSWORD "\n"
                  "from " ANN "\n"
                  "tls_trust_file %s\n"
                  "account plain\nport %u\ntls off\nauth plain\n"
                  "account starttls\nport %u\ntls on\ntls_starttls on\n"
                  "account smtps\nport %u\ntls on\ntls_starttls off\n"
                  "account login\nport %u\ntls on\nauth login\n",
                  harness->ca_file, harness->smtp, harness->smtp,
                  harness->smtps, harness->smtp);
}

Test(msmtp, sends_over_every_door, .timeout = SECONDS)
{
    static const char *const accounts[] = { "plain", "starttls", "smtps",
                                            "login" };
    struct harness harness;

    start(&harness);
    for (size_t i = 0; i < 4; i++) {
        const char *args[] = { "msmtp", "-a", accounts[i], "-t", NULL };

        free(program_succeed(&harness, args,
                             "To: <" BOB ">\nBcc: <" ANN ">\n"
                             "Subject: By msmtp\n\n.\nHello\n"));
        cr_expect(exchange_count(harness.exchange, BOB, NULL) == i + 1, "%s",
                  accounts[i]);
        cr_expect(exchange_count(harness.exchange, ANN, NULL) == i + 1, "%s",
                  accounts[i]);
    }
    size_t len;
    char *text = exchange_content(harness.exchange, BOB, NULL, 0, &len);
    cr_expect(strstr(text, "Bcc") == NULL);
    cr_expect(strstr(text, "\r\n\r\n.\r\nHello\r\n") != NULL, "%s", text);
    free(text);
    harness_stop(&harness);
}

Test(msmtp, is_told_why_a_message_is_refused, .timeout = SECONDS)
{
    static const struct {
        const char *code;
        const char *said;
        int status; /* of sysexits.h */
    } cases[] = {
        { "ErrorSendAsDenied", "550 5.7.60", 69 },
        { "ErrorMessageSizeExceeded", "552 5.3.4", 69 },
    };
    struct harness harness;

    start(&harness);
    for (size_t i = 0; i < 2; i++) {
        struct exchange_fault_rule rule = { .operation = "CreateItem",
                                            .fault = FAULT_RESPONSE_CODE,
                                            .times = 1,
                                            .code = cases[i].code };
        struct program program = { .name = "msmtp",
                                   .input = "To: <" BOB ">\n\nHello\n" };
        const char *args[] = { "-a", "smtps", "-t", NULL };

        exchange_set_fault(harness.exchange, &rule);
        program_run(&program, &harness, args);
        cr_expect(program.status == cases[i].status, "%d", program.status);
        cr_expect(strstr(program.output, cases[i].said) != NULL, "%s",
                  program.output);
        program_fini(&program);
    }
    cr_expect(exchange_count(harness.exchange, BOB, NULL) == 0);
    harness_stop(&harness);
}

Test(msmtp, asks_for_a_receipt, .timeout = SECONDS)
{
    const char *args[] = {
        "msmtp", "-a", "smtps", "--dsn-notify=success", "--dsn-return=headers",
        BOB,     NULL
    };
    struct harness harness;

    start(&harness);
    free(program_succeed(&harness, args, "Subject: a\n\nHello\n"));
    cr_expect(exchange_count(harness.exchange, BOB, NULL) == 1);
    harness_stop(&harness);
}
