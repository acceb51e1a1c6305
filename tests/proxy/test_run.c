/*
 * test_run.c - the gateway's life: signals, reloading, exit codes
 */
#include "proxy/run.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "config/settings.h"
#include "proxy/exchange/backend.h"
#include "proxy/options.h"
#include "tests/proxy/echo.h"

static const struct protocol *const doors[] = { &echo_protocol, NULL };
static const struct backend no_backend;
static const struct parts parts = { .doors = doors, .backend = &no_backend };

/* How long anything may take; nothing waits for so long unless it fails. */
#define PATIENCE_SECONDS 120
#define MOMENTS (PATIENCE_SECONDS * 1000 / 5)

/* A gateway at a Unix socket, running in a thread. */
struct gate {
    char directory[32];
    char file[64];
    struct sockaddr_un address;
    struct options options;
    pthread_t thread;
    int code;
};

static void write_settings(const struct gate *gate, const char *more)
{
    FILE *out = fopen(gate->file, "w");

    fprintf(out,
            "[exchange]\nurl = https://localhost/\n[store]\npath = memory\n");
    fprintf(out, "[log]\nlevel = error\n[imap]\nlisten = unix:%s\n%s\n",
            gate->address.sun_path, more);
    fclose(out);
}

static int connect_to(const struct gate *gate)
{
    int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval patience = { .tv_sec = PATIENCE_SECONDS };

    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(client, (const struct sockaddr *)&gate->address,
                sizeof gate->address) == 0)
        return client;
    close(client);
    return -1;
}

static void rest(void)
{
    struct timespec time = { .tv_nsec = 5 * 1000 * 1000 };

    nanosleep(&time, NULL);
}

static void *run(void *context)
{
    struct gate *gate = context;

    gate->code = run_gateway(&gate->options, &parts, NULL);
    return NULL;
}

static void open_gate(struct gate *gate, const char *more)
{
    int client = -1;

    memset(gate, 0, sizeof *gate);
    strcpy(gate->directory, "/tmp/postern-test-XXXXXX");
    cr_assert_not_null(mkdtemp(gate->directory));
    snprintf(gate->file, sizeof gate->file, "%s/conf", gate->directory);
    gate->address.sun_family = AF_UNIX;
    snprintf(gate->address.sun_path, sizeof gate->address.sun_path, "%s/imap",
             gate->directory);
    gate->options.file = gate->file;
    write_settings(gate, more);

    pthread_create(&gate->thread, NULL, run, gate);
    for (unsigned i = 0; i < MOMENTS && client < 0; i++, rest())
        client = connect_to(gate);
    cr_assert(client >= 0, "the gateway listens");
    close(client);
}

/* To its own thread, as ThreadSanitizer does not see how libuv keeps others
 * off. */
static void tell(const struct gate *gate, int number)
{
    pthread_kill(gate->thread, number);
}

static void close_gate(struct gate *gate)
{
    tell(gate, SIGTERM);
    pthread_join(gate->thread, NULL);
    cr_expect_eq(gate->code, EXIT_GOOD);
    unlink(gate->file);
    cr_expect_eq(rmdir(gate->directory), 0, "nothing is left behind");
}

/* The first line that a new client gets. */
static char *first_line(const struct gate *gate)
{
    int client = connect_to(gate);
    char *line = echo_line(client);

    close(client);
    return line;
}

/* Waits until new clients get this line. */
static bool becomes(const struct gate *gate, const char *expected)
{
    for (unsigned i = 0; i < MOMENTS; i++, rest()) {
        char *line = first_line(gate);
        bool is = strcmp(line, expected) == 0;

        free(line);
        if (is)
            return true;
    }
    return false;
}

Test(run, takes_over_settings_with_sighup_and_keeps_its_clients)
{
    struct gate gate;

    open_gate(&gate, "max_connections = 5");
    int client = connect_to(&gate);
    free(echo_line(client));

    write_settings(&gate, "max_connections = 1");
    tell(&gate, SIGHUP);
    cr_expect(becomes(&gate, "full\n"));
    cr_expect(echo_put(client, "echo still here\n"));
    char *line = echo_line(client);
    cr_expect_str_eq(line, "still here\n");
    free(line);

    write_settings(&gate, "max_connections = 5");
    tell(&gate, SIGHUP);
    cr_expect(becomes(&gate, "hello\n"));
    close(client);
    close_gate(&gate);
}

Test(run, keeps_its_settings_when_the_new_ones_are_bad)
{
    struct gate gate;

    open_gate(&gate, "max_connections = 5");
    write_settings(&gate, "max_connections = many");
    tell(&gate, SIGHUP);
    /* What can be seen of it is that it serves on; the next is taken again. */
    cr_expect(becomes(&gate, "hello\n"));
    write_settings(&gate, "max_connections = 1");
    tell(&gate, SIGHUP);
    int client = -1;
    bool full = false;
    for (unsigned i = 0; i < MOMENTS && !full; i++, rest()) {
        int other = connect_to(&gate);
        char *line = echo_line(other);

        full = strcmp(line, "full\n") == 0;
        free(line);
        if (client < 0)
            client = other;
        else
            close(other);
    }
    cr_expect(full);
    close(client);
    close_gate(&gate);
}

/* clang-format off */
static const struct {
    const char *name;
    const char *key, *value;
    int code;
} bad_starts[] = {
    { "a bad value",              "imap.max_connections", "many",                 EXIT_SETTINGS },
    { "a certificate that is none", "tls.certificate",    "/dev/null",            EXIT_SETTINGS },
    { "an address of others",     "imap.listen",          "192.0.2.1:1143",       EXIT_TROUBLE },
    { "a socket in no directory", "imap.listen",          "unix:/nonexistent/x",  EXIT_TROUBLE },
};
/* clang-format on */

Test(run, ends_with_the_right_code_when_it_cannot_start)
{
    for (size_t i = 0; i < sizeof bad_starts / sizeof bad_starts[0]; i++) {
        struct options options = { .command = "run", .file = "/dev/null" };

        options_override(&options, "exchange.url", "https://localhost/");
        options_override(&options, "store.path", "memory");
        options_override(&options, bad_starts[i].key, bad_starts[i].value);
        cr_expect_eq(run_gateway(&options, &parts, NULL), bad_starts[i].code,
                     "%s", bad_starts[i].name);
        options_fini(&options);
    }
}
