/*
 * harness.c - the real gateway before a simulated Exchange, for real programs
 */
#include "tests/clients/harness.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/pem.h>

#include "proxy/base/time.h"
#include "tests/clients/answer.h"
#include "tests/clients/link.h"
#include "tests/clients/program.h"
#include "tests/exchange/certificate.h"
#include "tests/ports.h"

/* --- Files ---------------------------------------------------------------- */

char *harness_path(const struct harness *harness, const char *name)
{
    char *path;

    cr_assert(asprintf(&path, "%s/%s", harness->directory, name) > 0);
    return path;
}

void harness_write(const struct harness *harness, const char *name,
                   const char *format, ...)
{
    char *path = harness_path(harness, name);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *out = file >= 0 ? fdopen(file, "w") : NULL;
    va_list args;

    cr_assert(out != NULL, "%s: %s", path, strerror(errno));
    va_start(args, format);
    vfprintf(out, format, args);
    va_end(args);
    cr_assert(fclose(out) == 0);
    free(path);
}

static char *read_all(const char *path)
{
    FILE *in = fopen(path, "re");
    char *text = NULL;
    size_t len = 0;

    if (in == NULL)
        return NULL;
    for (;;) {
        text = realloc(text, len + 65537);
        size_t got = fread(text + len, 1, 65536, in);
        len += got;
        if (got == 0)
            break;
    }
    text[len] = '\0';
    fclose(in);
    return text;
}

char *harness_read(const struct harness *harness, const char *name)
{
    char *path = harness_path(harness, name);
    char *text = read_all(path);

    free(path);
    return text;
}

char *harness_log(const struct harness *harness)
{
    char *log = harness_read(harness, "log");

    return log != NULL ? log : strdup("");
}

/* --- Certificate and settings --------------------------------------------- */

static void write_certificate(struct harness *harness)
{
    char *ca_file = NULL;
    SSL_CTX *context = certificate_context(&ca_file);
    char *path = harness_path(harness, "server.pem");
    FILE *out = fopen(path, "we");

    cr_assert(context != NULL && out != NULL);
    cr_assert(PEM_write_X509(out, SSL_CTX_get0_certificate(context)) == 1);
    cr_assert(PEM_write_PrivateKey(out, SSL_CTX_get0_privatekey(context), NULL,
                                   NULL, 0, NULL, NULL) == 1);
    cr_assert(fclose(out) == 0);

    char *ca = read_all(ca_file);
    harness_write(harness, "ca.pem", "%s", ca);
    snprintf(harness->ca_file, sizeof harness->ca_file, "%s/ca.pem",
             harness->directory);
    unlink(ca_file);
    free(ca_file);
    free(ca);
    free(path);
    SSL_CTX_free(context);
}

static void write_settings(struct harness *harness)
{
    harness->imap = ports_take();
    harness->imaps = ports_take();
    harness->smtp = ports_take();
    harness->smtps = ports_take();
    harness->caldav = ports_take();
    harness->caldavs = ports_take();
    harness->ldap = ports_take();
    harness->ldaps = ports_take();
    harness_write(harness, "postern.conf",
                  "[exchange]\n"
                  "url = %s\n"
                  "ca = %s\n"
                  "[imap]\n"
                  "listen = 127.0.0.1:%u\n"
                  "listen_tls = 127.0.0.1:%u\n"
                  "[smtp]\n"
                  "listen = 127.0.0.1:%u\n"
                  "listen_tls = 127.0.0.1:%u\n"
                  "[caldav]\n"
                  "listen = 127.0.0.1:%u\n"
                  "listen_tls = 127.0.0.1:%u\n"
                  "[ldap]\n"
                  "listen = 127.0.0.1:%u\n"
                  "listen_tls = 127.0.0.1:%u\n"
                  "[tls]\n"
                  "certificate = %s/server.pem\n"
                  "[store]\n"
                  "path = %s/state\n"
                  "%s\n",
                  exchange_url(harness->exchange),
                  exchange_ca_file(harness->exchange), harness->imap,
                  harness->imaps, harness->smtp, harness->smtps,
                  harness->caldav, harness->caldavs, harness->ldap,
                  harness->ldaps, harness->directory, harness->directory,
                  harness->settings != NULL ? harness->settings : "");
}

/* --- The daemon ----------------------------------------------------------- */

static const char *daemon_program(void)
{
    const char *program = getenv("POSTERN");

    return program != NULL ? program : "build/postern";
}

/* In the child: nothing but calls that are safe after a fork with threads. */
static void become_daemon(const char *program, const char *settings, int log,
                          int nothing)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(nothing, STDIN_FILENO);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    execl(program, program, "run", "-c", settings, (char *)NULL);
    _exit(127);
}

/* Its exit status once it has ended within the time; -1 if it has not. */
static int wait_for_end(pid_t child, double seconds)
{
    uint64_t end = time_monotonic_ms() + (uint64_t)(seconds * 1000);
    int status;

    while (time_monotonic_ms() < end) {
        if (waitpid(child, &status, WNOHANG) == child)
            return status;
        usleep(5000);
    }
    return -1;
}

/* In the log of one that has not come to listen. */
#define CANNOT_LISTEN "cannot listen on"

static pid_t begin_daemon(const struct harness *harness)
{
    const char *program = daemon_program();
    char *settings = harness_path(harness, "postern.conf");
    char *log_path = harness_path(harness, "log");
    int log = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

    cr_assert(access(program, X_OK) == 0, "%s is not built", program);
    cr_assert(log >= 0 && nothing >= 0);
    pid_t pid = fork();
    if (pid == 0)
        become_daemon(program, settings, log, nothing);
    cr_assert(pid > 0);
    close(log);
    close(nothing);
    free(settings);
    free(log_path);
    return pid;
}

static bool is_listening(const struct harness *harness)
{
    return ports_is_open(harness->imap) && ports_is_open(harness->smtps) &&
           ports_is_open(harness->caldavs) && ports_is_open(harness->ldaps);
}

/* False when somebody else has one of its ports. */
static bool launch(struct harness *harness)
{
    harness->daemon = begin_daemon(harness);
    for (int i = 0; i < WAIT_SECONDS * 100; i++) {
        if (is_listening(harness))
            return true;
        int status = wait_for_end(harness->daemon, 0.01);
        if (status != -1) {
            char *log = harness_log(harness);
            bool taken = strstr(log, CANNOT_LISTEN) != NULL;

            harness->daemon = 0;
            cr_assert(taken, "the daemon ended with %d:\n%s",
                      WEXITSTATUS(status), log);
            free(log);
            return false;
        }
    }
    cr_assert(false, "the daemon does not listen:\n%s", harness_log(harness));
    return false;
}

void harness_daemon_start(struct harness *harness)
{
    cr_assert(launch(harness), "%s", harness_log(harness));
}

void harness_daemon_stop(struct harness *harness)
{
    if (harness->daemon == 0)
        return;
    kill(harness->daemon, SIGTERM);

    int status = wait_for_end(harness->daemon, WAIT_SECONDS);
    if (status == -1)
        harness_daemon_kill(harness);
    cr_expect(status != -1, "the daemon does not end");
    cr_expect(status == -1 || (WIFEXITED(status) && WEXITSTATUS(status) == 0),
              "the daemon ended with status %d:\n%s", status,
              harness_log(harness));
    harness->daemon = 0;
}

void harness_daemon_kill(struct harness *harness)
{
    kill(harness->daemon, SIGKILL);
    waitpid(harness->daemon, NULL, 0);
    harness->daemon = 0;
    for (int i = 0; i < WAIT_SECONDS * 100; i++) {
        if (exchange_guests(harness->exchange) == 0)
            return;
        usleep(10000);
    }
    cr_assert(false, "Exchange does not notice that the daemon is dead");
}

static size_t memory_kb(const struct harness *harness, const char *name)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/status", (int)harness->daemon);
    char *text = read_all(path);
    const char *line = text != NULL ? strstr(text, name) : NULL;
    cr_assert(line != NULL);
    size_t kb = strtoul(line + strlen(name), NULL, 10);
    free(text);
    return kb;
}

size_t harness_resident_kb(const struct harness *harness)
{
    return memory_kb(harness, "VmRSS:");
}

size_t harness_peak_kb(const struct harness *harness)
{
    return memory_kb(harness, "VmHWM:");
}

double harness_cpu_seconds(const struct harness *harness)
{
    char path[64];
    unsigned long user = 0;
    unsigned long system = 0;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)harness->daemon);
    char *text = read_all(path);
    const char *fields = text != NULL ? strrchr(text, ')') : NULL;
    cr_assert(fields != NULL);
    cr_assert(sscanf(fields + 2,
                     "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
                     &user, &system) == 2);
    free(text);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

/* --- All of it ------------------------------------------------------------ */

static void remove_log(const struct harness *harness)
{
    char *path = harness_path(harness, "log");

    unlink(path);
    free(path);
}

void harness_start(struct harness *harness, enum exchange_version version,
                   const char *settings)
{
    *harness = (struct harness){ .directory = "/tmp/postern-test-XXXXXX" };
    signal(SIGPIPE, SIG_IGN);
    setenv("TZ", "UTC", 1); /* whatever the machine's zone is */
    cr_assert(mkdtemp(harness->directory) != NULL);
    harness->settings = settings != NULL ? strdup(settings) : NULL;

    harness->exchange = exchange_new(version);
    exchange_add_user(harness->exchange, ANN, "Ann Example", PASSWORD, "en");
    exchange_add_user(harness->exchange, BOB, "Bob Example", PASSWORD, "en");
    cr_assert(exchange_serve(harness->exchange, 0, true,
                             EXCHANGE_BASIC | EXCHANGE_BEARER) != 0);

    write_certificate(harness);
    for (write_settings(harness); !launch(harness); write_settings(harness))
        remove_log(harness);
}

void harness_stop(struct harness *harness)
{
    struct program remove = { .name = "rm" };
    const char *args[] = { "-rf", harness->directory, NULL };

    harness_daemon_stop(harness);
    exchange_stop(harness->exchange);
    exchange_free(&harness->exchange);
    program_run(&remove, harness, args);
    program_fini(&remove);
    free(harness->settings);
}

/* --- Messages ------------------------------------------------------------- */

char *harness_message(const char *subject, const char *message_id,
                      const char *body)
{
    char *text;

    cr_assert(asprintf(&text,
                       "From: Bob Example <" BOB ">\r\n"
                       "To: Ann Example <" ANN ">\r\n"
                       "Subject: %s\r\n"
                       "Message-ID: %s\r\n"
                       "Date: Sat, 21 Nov 2026 10:00:00 +0000\r\n"
                       "MIME-Version: 1.0\r\n"
                       "Content-Type: text/plain; charset=utf-8\r\n"
                       "\r\n"
                       "%s",
                       subject, message_id, body) > 0);
    return text;
}

void harness_deliver(struct harness *harness, const char *folder,
                     const char *mime)
{
    exchange_add_message(harness->exchange, ANN, folder, mime, strlen(mime),
                         time_now(), false);
}

void harness_deliver_many(struct harness *harness, size_t count)
{
    for (size_t i = 1; i <= count; i++) {
        char subject[32];
        char id[64];

        snprintf(subject, sizeof subject, "Number %zu", i);
        snprintf(id, sizeof id, "<number-%zu@postern.example>", i);
        char *mime = harness_message(subject, id, "Hello\r\n");
        exchange_add_message(harness->exchange, ANN, NULL, mime, strlen(mime),
                             time_now() - (int64_t)(count - i), false);
        free(mime);
    }
}

bool harness_wait_count(struct harness *harness, const char *user,
                        const char *folder, size_t count, double seconds)
{
    uint64_t end = time_monotonic_ms() + (uint64_t)(seconds * 1000);

    while (exchange_count(harness->exchange, user, folder) != count) {
        if (time_monotonic_ms() >= end)
            return false;
        usleep(10000);
    }
    return true;
}

void harness_fault(struct harness *harness, const char *operation,
                   enum exchange_fault fault, unsigned times, long parameter)
{
    struct exchange_fault_rule rule = { .operation = operation,
                                        .fault = fault,
                                        .times = times,
                                        .parameter = parameter };

    exchange_set_fault(harness->exchange, &rule);
}

/* Asks for what nobody but Exchange can tell. */
static bool is_answered(const struct harness *harness)
{
    struct link *link = link_open(harness->imap);
    struct answer login = answer_to(link, "LOGIN " ANN " " PASSWORD);
    struct answer answer = answer_to(link, "GETACL INBOX");
    bool answered = answer.said == SAID_OK;

    answer_fini(&login);
    answer_fini(&answer);
    link_close(&link);
    return answered;
}

void harness_recover(struct harness *harness)
{
    uint64_t end = time_monotonic_ms() + WAIT_SECONDS * 1000;

    exchange_clear_faults(harness->exchange);
    while (!is_answered(harness)) {
        cr_assert(time_monotonic_ms() < end, "Exchange is not asked:\n%s",
                  harness_log(harness));
        usleep(200 * 1000);
    }
}
