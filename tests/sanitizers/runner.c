/*
 * runner.c - runs the tests under a sanitizer
 *
 * Criterion shares memory with the processes of its tests at addresses that
 * ThreadSanitizer keeps for itself, and does not hear of leaks that
 * AddressSanitizer finds when such a process ends.  So this stands in for its
 * library there: it runs each test in a child, several at once, with the same
 * report.
 *
 *     check [-jN] [conn] [conn::answers]
 *
 * N is how many run at once, the number of processors if not given; a name runs
 * the tests that begin with it.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/logging.h>

/* How a child ends whose test was skipped. */
#define SKIPPED 77

/* No test takes longer, in seconds, however busy the machine is. */
#define PATIENCE 1200

/* More run at no time. */
#define AT_ONCE_MAX 64

/* The linker puts all tests of the program between these two. */
extern struct criterion_test *__start_cr_tst[];
extern struct criterion_test *__stop_cr_tst[];

/* And all suites between these, where there are any. */
extern struct criterion_suite *__start_cr_sts[] __attribute__((weak));
extern struct criterion_suite *__stop_cr_sts[] __attribute__((weak));

struct criterion_options criterion_options;

static bool failed;
static jmp_buf end_of_test;

/* --- What the assertions call --- */

void criterion_send_assert(struct criterion_assert_stats *stats)
{
    if (stats->passed)
        return;
    failed = true;
    fprintf(stderr, "[----] %s:%u: Assertion failed\n[----]   %s\n",
            stats->file, stats->line, stats->message);
}

void criterion_abort_test(void)
{
    longjmp(end_of_test, 1);
}

void criterion_continue_test(void)
{
}

void cri_asserts_passed_incr(void)
{
}

void criterion_skip_test(const char *format, ...)
{
    (void)format;
    fflush(NULL);
    exit(SKIPPED);
}

void cr_log(enum criterion_severity severity, const char *format, ...)
{
    va_list args;

    (void)severity;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

int cr_asprintf(char **text, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int len = vasprintf(text, format, args);
    va_end(args);
    return len;
}

void cr_asprintf_free(char *text)
{
    free(text);
}

char *cr_translate_assert_msg(int number, ...)
{
    va_list args;

    va_start(args, number);
    const char *expression = va_arg(args, const char *);
    va_end(args);
    return strdup(expression != NULL ? expression : "");
}

void criterion_internal_test_setup(void)
{
}

void criterion_internal_test_main(void (*test)(void))
{
    if (setjmp(end_of_test) == 0)
        test();
}

void criterion_internal_test_teardown(void)
{
}

/* --- Running --- */

/* What a test says itself, or else its suite says for all. */
static struct criterion_test_extra_data frame_of(const struct criterion_test *test)
{
    struct criterion_test_extra_data frame = *test->data;

    for (struct criterion_suite **at = __start_cr_sts; at < __stop_cr_sts; at++) {
        if (*at == NULL || strcmp((*at)->name, test->category) != 0)
            continue;
        if (frame.init == NULL)
            frame.init = (*at)->data->init;
        if (frame.fini == NULL)
            frame.fini = (*at)->data->fini;
    }
    return frame;
}

static void run_test(const struct criterion_test *test)
{
    struct criterion_test_extra_data frame = frame_of(test);

    alarm(PATIENCE);
    if (frame.init != NULL)
        frame.init();
    test->test();
    if (frame.fini != NULL)
        frame.fini();
    /* exit runs the sanitizer's last look; its findings have a code of their
     * own. */
    exit(failed ? 1 : 0);
}

/* A test that runs, and a file for what it says: two that speak at the same
 * time would not be understood. */
static struct run {
    const struct criterion_test *test;
    pid_t child;
    FILE *said;
} runs[AT_ONCE_MAX];
static unsigned running;

static void start(const struct criterion_test *test)
{
    struct run *run = &runs[running++];

    *run = (struct run){ .test = test, .said = tmpfile() };
    fflush(NULL);
    run->child = run->said != NULL ? fork() : -1;
    if (run->child < 0) {
        perror("cannot run a test");
        exit(2);
    }
    if (run->child > 0)
        return;
    dup2(fileno(run->said), STDOUT_FILENO);
    dup2(fileno(run->said), STDERR_FILENO);
    for (unsigned i = 0; i < running; i++)
        close(fileno(runs[i].said));
    run_test(test);
}

/* Whether the test's process ended as the test says that it does. */
static bool ended_well(const struct criterion_test *test, int status)
{
    if (WIFSIGNALED(status))
        return test->data->signal == WTERMSIG(status);
    return test->data->signal == 0 &&
           WEXITSTATUS(status) == test->data->exit_code;
}

/* Names a test that has failed or has said anything, and tells what. */
static void report(const struct run *run, int status, bool good)
{
    bool late = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
    char part[4096];
    size_t len;

    if (good && lseek(fileno(run->said), 0, SEEK_END) == 0)
        return;
    fprintf(stderr, "[%s] %s::%s%s\n", good ? "----" : "FAIL",
            run->test->category, run->test->name,
            late ? " did not end" : "");
    rewind(run->said);
    while ((len = fread(part, 1, sizeof part, run->said)) > 0)
        fwrite(part, 1, len, stderr);
}

static struct tally {
    unsigned tested, passing, crashing, skipped;
} tally;

static void wait_for_one(void)
{
    int status;
    pid_t child = wait(&status);
    struct run *run = runs;

    while (run->child != child)
        run++;
    bool skip = WIFEXITED(status) && WEXITSTATUS(status) == SKIPPED;
    bool good = ended_well(run->test, status);
    tally.skipped += skip;
    tally.tested += !skip;
    tally.passing += good;
    tally.crashing += !good && WIFSIGNALED(status);
    report(run, status, good || skip);
    fclose(run->said);
    *run = runs[--running];
}

static bool is_chosen(const struct criterion_test *test, char *names[])
{
    char name[512];

    snprintf(name, sizeof name, "%s::%s", test->category, test->name);
    for (char **at = names; *at != NULL; at++)
        if (strncmp(name, *at, strlen(*at)) == 0)
            return true;
    return *names == NULL;
}

static unsigned at_once(int argc, char *argv[])
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);

    for (int option; (option = getopt(argc, argv, "j:")) != -1;)
        count = option == 'j' ? atol(optarg) : 0;
    if (count < 1 || count > AT_ONCE_MAX) {
        fprintf(stderr, "usage: check [-jN] [suite[::test]]...\n");
        exit(2);
    }
    return (unsigned)count;
}

int main(int argc, char *argv[])
{
    unsigned most = at_once(argc, argv);

    for (struct criterion_test **at = __start_cr_tst; at < __stop_cr_tst;
         at++) {
        if (*at == NULL || (*at)->data->disabled ||
            !is_chosen(*at, argv + optind))
            continue;
        if (running == most)
            wait_for_one();
        start(*at);
    }
    while (running > 0)
        wait_for_one();
    fprintf(stderr,
            "[====] Synthesis: Tested: %u | Passing: %u | Failing: %u | "
            "Crashing: %u | Skipped: %u\n",
            tally.tested, tally.passing, tally.tested - tally.passing,
            tally.crashing, tally.skipped);
    return tally.passing == tally.tested ? 0 : 1;
}
