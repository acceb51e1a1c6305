/*
 * test_davmail.c - Debian's DavMail works with the simulated Exchange
 *
 * DavMail is a gateway as ours is, written by others: what its sides can do with
 * the simulation, Exchange can do as well.  Its IMAP and SMTP keep the mail, its
 * CalDAV and CardDAV the calendar, tasks and contacts.
 */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proxy/base/time.h"
#include "tests/clients/harness.h"
#include "tests/clients/program.h"

#define SECONDS 240
#define START_SECONDS 90

static const char settings[] =
    "davmail.server=true\ndavmail.mode=EWS\ndavmail.url=%s\n"
    "davmail.bindAddress=127.0.0.1\ndavmail.allowRemote=false\n"
    "davmail.imapPort=%u\ndavmail.smtpPort=%u\ndavmail.popPort=\n"
    "davmail.caldavPort=%u\ndavmail.ldapPort=\ndavmail.disableUpdateCheck=true\n"
    "davmail.disableGuiNotifications=true\ndavmail.enableProxy=false\n"
    "davmail.logFilePath=%s/davmail.log\n"
    "log4j.rootLogger=WARN\nlog4j.logger.davmail=WARN\n";

static bool listens(uint16_t port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons(port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    bool there = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;

    close(fd);
    return there;
}

static pid_t start_davmail(const struct harness *harness, uint16_t caldav)
{
    char *file = harness_path(harness, "davmail.properties");
    uint64_t start = time_monotonic_ms();
    pid_t pid;

    harness_write(harness, "davmail.properties", settings,
                  exchange_url(harness->exchange), harness->imap, harness->smtp,
                  caldav, harness->directory);
    pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (chdir(harness->directory) == 0 &&
            freopen("output", "w", stdout) != NULL &&
            dup2(STDOUT_FILENO, STDERR_FILENO) >= 0)
            execlp("davmail", "davmail", "-server", file, (char *)NULL);
        _exit(127);
    }
    free(file);
    while (!listens(harness->smtp) || !listens(harness->imap) ||
           !listens(caldav)) {
        cr_assert(waitpid(pid, NULL, WNOHANG) == 0, "DavMail has ended");
        cr_assert(time_monotonic_ms() - start < START_SECONDS * 1000,
                  "DavMail does not listen");
        usleep(50000);
    }
    return pid;
}

static void remove_files(const struct harness *harness)
{
    const char *args[] = { "rm", "-rf", harness->directory, NULL };

    free(program_succeed(harness, args, NULL));
}

static void add_messages(struct exchange *exchange)
{
    for (unsigned n = 1; n <= 3; n++) {
        char mime[512];
        int len = snprintf(
            mime, sizeof mime,
            "From: Carla <carla@example.org>\r\nTo: <" ANN ">\r\n"
            "Subject: Number %u\r\nMessage-ID: <%u@example.org>\r\n"
            "Date: Mon, 1 Jan 2024 10:0%u:00 +0000\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n\r\nBody of %u.\r\n",
            n, n, n, n);

        exchange_add_message(exchange, ANN, NULL, mime, (size_t)len,
                             1704103200 + 60 * n, false);
    }
}

static void add_people(struct exchange *exchange)
{
    exchange_add_user(exchange, ANN, "Ann", PASSWORD, "en");
    exchange_add_user(exchange, BOB, "Bob", PASSWORD, "de");
}

/* Runs a script and looks whether it gets to its end. */
static void run_script(const struct harness *harness, const char *name,
                       const char *port, const char *second, const char *third)
{
    char *script = realpath(name, NULL);
    const char *args[] = { "/usr/bin/python3", "-B", script, port, second,
                           third, NULL };
    char *output;

    cr_assert_not_null(script);
    output = program_succeed(harness, args, NULL);
    cr_expect(strstr(output, "\ndone\n") != NULL, "%s", output);
    free(output);
    free(script);
}

/* The mail, or (`forms`) all else. */
static void use(enum exchange_version version, bool forms)
{
    struct harness harness = { .exchange = exchange_new(version),
                               .directory = "/tmp/postern-davmail-XXXXXX",
                               .imap = harness_free_port(),
                               .smtp = harness_free_port() };
    uint16_t port = harness_free_port();
    char imap[8];
    char smtp[8];
    char caldav[8];
    pid_t davmail;

    cr_assert(mkdtemp(harness.directory) != NULL);
    add_people(harness.exchange);
    add_messages(harness.exchange);
    cr_assert(exchange_serve(harness.exchange, 0, false, EXCHANGE_BASIC) != 0);
    davmail = start_davmail(&harness, port);
    snprintf(imap, sizeof imap, "%u", harness.imap);
    snprintf(smtp, sizeof smtp, "%u", harness.smtp);
    snprintf(caldav, sizeof caldav, "%u", port);
    if (forms)
        run_script(&harness, "tests/clients/davmail_forms.py", caldav, NULL,
                   NULL);
    else
        run_script(&harness, "tests/clients/davmail_client.py", imap, smtp,
                   version == EXCHANGE_2007_SP1 ? "2007" : NULL);
    kill(davmail, SIGKILL);
    waitpid(davmail, NULL, 0);
    exchange_free(&harness.exchange);
    remove_files(&harness);
}

Test(davmail, works_with_exchange_2007, .timeout = SECONDS)
{
    use(EXCHANGE_2007_SP1, false);
}

Test(davmail, works_with_exchange_2013, .timeout = SECONDS)
{
    use(EXCHANGE_2013_SP1, false);
}

Test(davmail, works_with_exchange_2016, .timeout = SECONDS)
{
    use(EXCHANGE_2016, false);
}

Test(davmail, keeps_calendar_and_contacts_of_exchange_2010, .timeout = SECONDS)
{
    use(EXCHANGE_2010_SP1, true);
}

Test(davmail, keeps_calendar_and_contacts_of_exchange_2016, .timeout = SECONDS)
{
    use(EXCHANGE_2016, true);
}
