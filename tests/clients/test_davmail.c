/*
 * test_davmail.c - Debian's DavMail works with the simulated Exchange
 *
 * DavMail is a gateway as ours is, written by others: what its sides can do with
 * the simulation, Exchange can do as well.  Its IMAP and SMTP keep the mail, its
 * CalDAV and CardDAV the calendar, tasks and contacts, its LDAP finds people.
 */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proxy/base/time.h"
#include "tests/clients/harness.h"
#include "tests/clients/program.h"
#include "tests/ports.h"

#define START_SECONDS 300 /* a Java machine */

static const char settings[] =
    "davmail.server=true\ndavmail.mode=EWS\ndavmail.url=%s\n"
    "davmail.bindAddress=127.0.0.1\ndavmail.allowRemote=false\n"
    "davmail.imapPort=%u\ndavmail.smtpPort=%u\ndavmail.popPort=\n"
    "davmail.caldavPort=%u\ndavmail.ldapPort=%u\n"
    "davmail.disableUpdateCheck=true\n"
    "davmail.disableGuiNotifications=true\ndavmail.enableProxy=false\n"
    "davmail.logFilePath=%s/davmail.log\n"
    "log4j.rootLogger=WARN\nlog4j.logger.davmail=WARN\n";

static pid_t start_davmail(const struct harness *harness, uint16_t caldav,
                           uint16_t ldap)
{
    char *file = harness_path(harness, "davmail.properties");
    uint64_t start = time_monotonic_ms();
    pid_t pid;

    harness_write(harness, "davmail.properties", settings,
                  exchange_url(harness->exchange), harness->imap, harness->smtp,
                  caldav, ldap, harness->directory);
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
    while (!ports_is_open(harness->smtp) || !ports_is_open(harness->imap) ||
           !ports_is_open(caldav) || !ports_is_open(ldap)) {
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
    static const char zoe[] = "zoe@postern.example";

    exchange_add_user(exchange, ANN, "Ann", PASSWORD, "en");
    exchange_add_user(exchange, BOB, "Bob", PASSWORD, "de");
    exchange_add_person(exchange, zoe, "Zoë Zwölf");
    exchange_describe(exchange, zoe, "JobTitle", "Miller");
    exchange_describe(exchange, zoe, "Department", "Mill");
    exchange_describe(exchange, zoe, "BusinessPhone", "+49 1");
    exchange_describe(exchange, zoe, "OfficeLocation", "Tower 9");
    exchange_fill_directory(exchange, 500);
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

enum part { MAIL, FORMS, PEOPLE };

static void run_part(const struct harness *harness, enum part part,
                     const uint16_t ports[4], bool old)
{
    static const char *const scripts[] = { "tests/clients/davmail_client.py",
                                           "tests/clients/davmail_forms.py",
                                           "tests/clients/davmail_people.py" };
    char texts[4][8];

    for (size_t i = 0; i < 4; i++)
        snprintf(texts[i], sizeof texts[i], "%u", ports[i]);
    if (part == MAIL)
        run_script(harness, scripts[part], texts[0], texts[1],
                   old ? "2007" : NULL);
    else
        run_script(harness, scripts[part], texts[part == FORMS ? 2 : 3], NULL,
                   NULL);
}

static void use(enum exchange_version version, enum part part)
{
    struct harness harness = { .exchange = exchange_new(version),
                               .directory = "/tmp/postern-davmail-XXXXXX",
                               .imap = ports_take(),
                               .smtp = ports_take() };
    const uint16_t ports[] = { harness.imap, harness.smtp, ports_take(),
                               ports_take() };
    pid_t davmail;

    cr_assert(mkdtemp(harness.directory) != NULL);
    add_people(harness.exchange);
    add_messages(harness.exchange);
    cr_assert(exchange_serve(harness.exchange, 0, false, EXCHANGE_BASIC) != 0);
    davmail = start_davmail(&harness, ports[2], ports[3]);
    run_part(&harness, part, ports, version == EXCHANGE_2007_SP1);
    kill(davmail, SIGKILL);
    waitpid(davmail, NULL, 0);
    exchange_free(&harness.exchange);
    remove_files(&harness);
}

Test(davmail, works_with_exchange_2007, .timeout = SECONDS)
{
    use(EXCHANGE_2007_SP1, MAIL);
}

Test(davmail, works_with_exchange_2013, .timeout = SECONDS)
{
    use(EXCHANGE_2013_SP1, MAIL);
}

Test(davmail, works_with_exchange_2016, .timeout = SECONDS)
{
    use(EXCHANGE_2016, MAIL);
}

Test(davmail, keeps_calendar_and_contacts_of_exchange_2010, .timeout = SECONDS)
{
    use(EXCHANGE_2010_SP1, FORMS);
}

Test(davmail, keeps_calendar_and_contacts_of_exchange_2016, .timeout = SECONDS)
{
    use(EXCHANGE_2016, FORMS);
}

Test(davmail, finds_people_of_exchange_2010, .timeout = SECONDS)
{
    use(EXCHANGE_2010_SP2, PEOPLE);
}

Test(davmail, finds_people_of_exchange_2016, .timeout = SECONDS)
{
    use(EXCHANGE_2016, PEOPLE);
}
