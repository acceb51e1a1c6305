/*
 * test_http.c - the EWS door as curl sees it
 */
#include "tests/exchange/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "proxy/base/buf.h"

#define USER "ann@example.com"

static const char request[] =
    "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" "
    "xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\" "
    "xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/messages\">"
    "<soap:Header><t:RequestServerVersion Version=\"Exchange2007_SP1\"/>"
    "</soap:Header><soap:Body><m:GetFolder><m:FolderShape>"
    "<t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>"
    "<t:DistinguishedFolderId Id=\"inbox\"/></m:FolderIds></m:GetFolder>"
    "</soap:Body></soap:Envelope>";

/* A server with one user, and a file with a request. */
struct setup {
    struct exchange *exchange;
    char file[64];
};

static struct setup set_up(enum exchange_version version, bool tls, unsigned auth)
{
    struct setup setup = { exchange_new(version), "" };
    exchange_add_user(setup.exchange, USER, "Ann", "secret", "en");
    exchange_issue_token(setup.exchange, USER, "good");
    exchange_issue_token(setup.exchange, USER, "old");
    exchange_end_token(setup.exchange, "old");
    cr_assert(exchange_serve(setup.exchange, 0, tls, auth) != 0);

    strcpy(setup.file, "/tmp/postern-request-XXXXXX");
    int fd = mkstemp(setup.file);
    cr_assert(fd >= 0);
    cr_assert_eq(write(fd, request, sizeof request - 1),
                 (ssize_t)sizeof request - 1);
    close(fd);
    return setup;
}

static void tear_down(struct setup *setup)
{
    unlink(setup->file);
    exchange_stop(setup->exchange);
    exchange_free(&setup->exchange);
}

/* Runs curl and gives its output, after which its exit status is written. */
static char *run_curl(const struct setup *setup, const char *arguments,
                      const char *post)
{
    char command[1024];
    struct buf out;
    buf_init(&out, NULL);
    snprintf(command, sizeof command,
             "curl -s -m 5 -H 'Content-Type: text/xml; charset=utf-8' %s %s%s %s; "
             "echo \" exit $?\"",
             arguments, post, post[0] != '\0' ? setup->file : "",
             exchange_url(setup->exchange));
    FILE *pipe = popen(command, "r");
    cr_assert_not_null(pipe);
    for (int c; (c = getc(pipe)) != EOF;)
        buf_putc(&out, (char)c);
    pclose(pipe);
    return out.data;
}

#define CODE "-o /dev/null -w '%{http_code}' "
#define POST "--data-binary @"

/* clang-format off */
static const struct login_case {
    const char *name;
    unsigned auth;
    const char *arguments;
    const char *output;
    unsigned calls, refusals;
} login_cases[] = {
    { "Basic goes with the request", EXCHANGE_BASIC,
      CODE "-u " USER ":secret", "200 exit 0", 1, 0 },
    { "the alias logs in, too", EXCHANGE_BASIC,
      CODE "-u 'EXAMPLE\\ann:secret'", "200 exit 0", 1, 0 },
    { "a wrong password is refused", EXCHANGE_BASIC,
      CODE "-u " USER ":wrong", "401 exit 0", 0, 1 },
    { "no login is refused", EXCHANGE_BASIC | EXCHANGE_NTLM,
      CODE, "401 exit 0", 0, 1 },
    { "NTLM takes one refusal", EXCHANGE_NTLM,
      CODE "--ntlm -u " USER ":secret", "200 exit 0", 1, 1 },
    { "NTLM with a domain", EXCHANGE_NTLM,
      CODE "--ntlm -u 'EXAMPLE\\ann:secret'", "200 exit 0", 1, 1 },
    { "NTLM with a wrong password", EXCHANGE_NTLM,
      CODE "--ntlm -u " USER ":wrong", "401 exit 0", 0, 2 },
    { "Basic is refused where only NTLM is spoken", EXCHANGE_NTLM,
      CODE "-u " USER ":secret", "401 exit 0", 0, 1 },
    { "a token goes with the request", EXCHANGE_BEARER,
      CODE "--oauth2-bearer good", "200 exit 0", 1, 0 },
    { "a token that has ended is refused", EXCHANGE_BEARER,
      CODE "--oauth2-bearer old", "401 exit 0", 0, 1 },
    { "a token that was never issued is refused", EXCHANGE_BEARER,
      CODE "--oauth2-bearer new", "401 exit 0", 0, 1 },
    { "a token is refused where none are taken", EXCHANGE_BASIC,
      CODE "--oauth2-bearer good", "401 exit 0", 0, 1 },
    { "gzip is unpacked", EXCHANGE_BASIC,
      CODE "--compressed -u " USER ":secret", "200 exit 0", 1, 0 },
    { "chunks are put together", EXCHANGE_BASIC,
      CODE "-H 'Transfer-Encoding: chunked' -u " USER ":secret", "200 exit 0", 1, 0 },
};
/* clang-format on */

static void check_login(const struct login_case *c, bool tls)
{
    struct setup setup = set_up(EXCHANGE_2016, tls, c->auth);
    char arguments[512];
    snprintf(arguments, sizeof arguments, "%s%s %s", tls ? "--cacert " : "",
             tls ? exchange_ca_file(setup.exchange) : "", c->arguments);
    char *output = run_curl(&setup, arguments, POST);

    cr_expect(strncmp(output, c->output, strlen(c->output)) == 0, "%s: %s",
              c->name, output);
    cr_expect_eq(exchange_calls(setup.exchange, "GetFolder"), c->calls, "%s",
                 c->name);
    cr_expect_eq(exchange_calls(setup.exchange, "HTTP"), c->refusals, "%s",
                 c->name);
    free(output);
    tear_down(&setup);
}

Test(http_door, knows_who_asks)
{
    for (size_t i = 0; i < sizeof login_cases / sizeof *login_cases; i++)
        check_login(&login_cases[i], false);
}

Test(http_door, tells_what_is_wrong_with_a_token)
{
    struct setup setup = set_up(EXCHANGE_2016, false, EXCHANGE_BEARER);
    char *none = run_curl(&setup, "-i", POST);
    char *old = run_curl(&setup, "-i --oauth2-bearer old", POST);

    cr_expect(strstr(none, "WWW-Authenticate: Bearer client_id=") != NULL);
    cr_expect(strstr(none, "authorization_uri=\"https://") != NULL);
    cr_expect(strstr(none, "invalid_token") == NULL);
    cr_expect(strstr(old, ", error=\"invalid_token\"\r\n") != NULL, "%s", old);
    free(none);
    free(old);
    tear_down(&setup);
}

Test(http_door, knows_who_asks_over_tls)
{
    for (size_t i = 0; i < sizeof login_cases / sizeof *login_cases; i++)
        check_login(&login_cases[i], true);
}

Test(http_door, is_not_trusted_without_its_authority)
{
    struct setup setup = set_up(EXCHANGE_2016, true, EXCHANGE_BASIC);
    char *output = run_curl(&setup, CODE "-u " USER ":secret", POST);

    cr_expect_str_eq(output, "000 exit 60\n");
    cr_expect_eq(exchange_calls(setup.exchange, NULL), 0);
    free(output);
    tear_down(&setup);
}

/* clang-format off */
static const struct fault_case {
    const char *name;
    enum exchange_fault fault;
    long parameter;
    const char *output;
} fault_cases[] = {
    { "none",         FAULT_NONE,         0, "200 exit 0\n" },
    { "401",          FAULT_HTTP_401,     0, "401 exit 0\n" },
    { "429",          FAULT_HTTP_429,     0, "429 exit 0\n" },
    { "500",          FAULT_HTTP_500,     0, "500 exit 0\n" },
    { "503",          FAULT_HTTP_503,     0, "503 exit 0\n" },
    { "busy",         FAULT_SERVER_BUSY,  9, "500 exit 0\n" },
    { "reset before", FAULT_RESET_BEFORE, 0, "000 exit 56\n" },
    { "reset after",  FAULT_RESET_AFTER,  0, "000 exit 56\n" },
    { "truncated",    FAULT_TRUNCATED,    0, "200 exit 18\n" },
    { "malformed",    FAULT_MALFORMED,    0, "200 exit 0\n" },
    { "slow",         FAULT_SLOW,         9, "200 exit 0\n" },
    { "hang",         FAULT_HANG,         0, "000 exit 28\n" },
    { "login page",   FAULT_LOGIN_PAGE,   0, "200 exit 0\n" },
};
/* clang-format on */

Test(http_door, fails_as_it_is_told)
{
    struct setup setup = set_up(EXCHANGE_2010_SP2, false, EXCHANGE_BASIC);

    for (size_t i = 0; i < sizeof fault_cases / sizeof *fault_cases; i++) {
        const struct fault_case *c = &fault_cases[i];
        const struct exchange_fault_rule rule = { .operation = "GetFolder",
                                                  .fault = c->fault,
                                                  .times = 1,
                                                  .parameter = c->parameter };
        exchange_set_fault(setup.exchange, &rule);
        char *output = run_curl(&setup,
                                c->fault == FAULT_HANG
                                    ? "-m 2 " CODE "-u " USER ":secret"
                                    : CODE "-u " USER ":secret",
                                POST);
        cr_expect_str_eq(output, c->output, "%s: %s", c->name, output);
        exchange_clear_faults(setup.exchange);
        free(output);
    }
    tear_down(&setup);
}

Test(http_door, refuses_what_is_not_its_business)
{
    static const struct {
        const char *arguments;
        const char *output;
    } cases[] = {
        { CODE "-u " USER ":secret -X DELETE", "405 exit 0\n" },
        { CODE "-u " USER ":secret -H 'Content-Type: text/plain' -d x",
          "415 exit 0\n" },
        { CODE "-u " USER ":secret", "302 exit 0\n" },
        { CODE "--path-as-is --request-target /owa/", "404 exit 0\n" },
    };
    struct setup setup = set_up(EXCHANGE_2007_SP1, false, EXCHANGE_BASIC);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *output = run_curl(&setup, cases[i].arguments, "");
        cr_expect_str_eq(output, cases[i].output, "%s: %s", cases[i].arguments,
                         output);
        free(output);
    }
    tear_down(&setup);
}

Test(http_door, refuses_a_request_that_is_too_large)
{
    struct setup setup = set_up(EXCHANGE_2007_SP1, false, EXCHANGE_BASIC);
    cr_assert_eq(truncate(setup.file, 30000001), 0);
    char *output = run_curl(&setup, CODE "-u " USER ":secret", POST);

    cr_expect_str_eq(output, "413 exit 0\n");
    free(output);
    tear_down(&setup);
}

Test(http_door, stops_while_someone_waits)
{
    struct setup setup = set_up(EXCHANGE_2016, false, EXCHANGE_BASIC);
    const struct exchange_fault_rule rule = { .fault = FAULT_HANG, .times = 1 };
    char command[512];

    exchange_set_fault(setup.exchange, &rule);
    snprintf(command, sizeof command,
             "curl -s -m 300 -u " USER ":secret -H 'Content-Type: text/xml' "
             "--data-binary @%s %s",
             setup.file, exchange_url(setup.exchange));
    FILE *pipe = popen(command, "r");
    cr_assert_not_null(pipe);
    while (exchange_calls(setup.exchange, NULL) == 0)
        usleep(1000);
    exchange_stop(setup.exchange);
    int status = pclose(pipe);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 52,
              "an empty answer, not a time-out: %d", status);
    tear_down(&setup);
}
