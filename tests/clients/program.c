/*
 * program.c - runs a program and keeps what it says
 */
#include "tests/clients/program.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proxy/base/time.h"
#include "tests/clients/harness.h"

#define ARGS_MAX 60
#define DEFAULT_SECONDS 300
#define NOT_THERE 127

/* Pipes of a running program. */
struct running {
    pid_t pid;
    int in; /* what it reads; -1 once all is written */
    int out;
};

/* In the child: nothing but calls that are safe after a fork with threads. */
static void become(char *const argv[], char *const environment[],
                   const char *directory, int in, int out)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpgid(0, 0);
    signal(SIGPIPE, SIG_DFL);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    if (chdir(directory) == 0)
        execvpe(argv[0], argv, environment);
    _exit(errno == ENOENT ? NOT_THERE : 126);
}

static struct running begin(const struct program *program,
                            const struct harness *harness,
                            const char *const args[])
{
    char *argv[ARGS_MAX + 2] = { (char *)program->name };
    char home[128];
    char path[] = "PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
    char locale[] = "LC_ALL=C.UTF-8";
    char terminal[] = "TERM=xterm";
    char zone[] = "TZ=UTC";
    char *environment[] = { home, path, locale, terminal, zone, NULL };
    int in[2];
    int out[2];

    for (size_t i = 0; args[i] != NULL; i++) {
        cr_assert(i < ARGS_MAX);
        argv[i + 1] = (char *)args[i];
    }
    snprintf(home, sizeof home, "HOME=%s", harness->directory);
    cr_assert(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);

    pid_t pid = fork();
    if (pid == 0)
        become(argv, environment, harness->directory, in[0], out[1]);
    cr_assert(pid > 0);
    close(in[0]);
    close(out[1]);
    fcntl(in[1], F_SETFL, O_NONBLOCK);
    return (struct running){ .pid = pid, .in = in[1], .out = out[0] };
}

static void feed(struct running *running, const char **input)
{
    ssize_t written = write(running->in, *input, strlen(*input));

    if (written > 0)
        *input += written;
    if ((written < 0 && errno != EAGAIN) || **input == '\0') {
        close(running->in);
        running->in = -1;
    }
}

/* False once it has closed its output. */
static bool listen_to(struct program *program, const struct running *running)
{
    program->output = realloc(program->output, program->output_len + 65537);
    ssize_t got =
        read(running->out, program->output + program->output_len, 65536);

    if (got > 0)
        program->output_len += (size_t)got;
    program->output[program->output_len] = '\0';
    return got > 0;
}

/* False when its time has passed. */
static bool talk(struct program *program, struct running *running)
{
    double seconds = program->seconds > 0 ? program->seconds : DEFAULT_SECONDS;
    uint64_t end = time_monotonic_ms() + (uint64_t)(seconds * 1000);
    const char *input = program->input != NULL ? program->input : "";

    feed(running, &input);
    for (;;) {
        struct pollfd files[] = { { .fd = running->out, .events = POLLIN },
                                  { .fd = running->in, .events = POLLOUT } };
        uint64_t now = time_monotonic_ms();

        if (now >= end)
            return false;
        poll(files, 2, (int)(end - now));
        if (files[1].revents != 0)
            feed(running, &input);
        if (files[0].revents != 0 && !listen_to(program, running))
            return true;
    }
}

void program_run(struct program *program, const struct harness *harness,
                 const char *const args[])
{
    struct running running = begin(program, harness, args);
    bool ended = talk(program, &running);
    int status;

    if (!ended)
        kill(-running.pid, SIGKILL);
    waitpid(running.pid, &status, 0);
    if (running.in >= 0)
        close(running.in);
    close(running.out);

    program->status = ended && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    cr_assert(program->status != NOT_THERE, "%s is not installed",
              program->name);
    cr_expect(ended, "%s does not end; it said:\n%s", program->name,
              program->output);
}

void program_fini(struct program *program)
{
    free(program->output);
    program->output = NULL;
}

char *program_succeed(const struct harness *harness, const char *const args[],
                      const char *input)
{
    struct program program = { .name = args[0], .input = input };

    program_run(&program, harness, args + 1);
    if (program.status != 0) {
        char *log = harness_log(harness);

        cr_expect(false, "%s ended with %d:\n%s\nThe daemon said:\n%s",
                  program.name, program.status, program.output, log);
        free(log);
    }
    return program.output;
}
