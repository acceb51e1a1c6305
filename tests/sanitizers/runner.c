/*
 * runner.c - runs the tests under a sanitizer
 *
 * Criterion shares memory with the processes of its tests at addresses that
 * ThreadSanitizer keeps for itself, and does not hear of leaks that
 * AddressSanitizer finds when such a process ends.  So this stands in for its
 * library there: it runs each test in a child, one after the other, with the
 * same report.  A name such as "conn" or "conn::answers" as argument runs the
 * tests that begin with it.
 */
#include <setjmp.h>
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

/* No test takes longer, in seconds. */
#define PATIENCE 300

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

static void run_in_child(const struct criterion_test *test)
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

/* Whether the test's process ended as the test says that it does. */
static bool ended_well(const struct criterion_test *test, int status)
{
    if (WIFSIGNALED(status))
        return test->data->signal == WTERMSIG(status);
    return test->data->signal == 0 &&
           WEXITSTATUS(status) == test->data->exit_code;
}

static bool is_chosen(const struct criterion_test *test, int argc, char *argv[])
{
    char name[512];

    snprintf(name, sizeof name, "%s::%s", test->category, test->name);
    for (int i = 1; i < argc; i++)
        if (strncmp(name, argv[i], strlen(argv[i])) == 0)
            return true;
    return argc < 2;
}

int main(int argc, char *argv[])
{
    unsigned tested = 0, passing = 0, crashing = 0, skipped = 0;

    for (struct criterion_test **at = __start_cr_tst; at < __stop_cr_tst;
         at++) {
        int status;

        if (*at == NULL || (*at)->data->disabled || !is_chosen(*at, argc, argv))
            continue;
        fflush(NULL);
        pid_t child = fork();
        if (child == 0)
            run_in_child(*at);
        waitpid(child, &status, 0);

        bool skip = WIFEXITED(status) && WEXITSTATUS(status) == SKIPPED;
        bool good = ended_well(*at, status);
        skipped += skip;
        tested += !skip;
        passing += good;
        crashing += !good && WIFSIGNALED(status);
        if (!good && !skip)
            fprintf(stderr, "[FAIL] %s::%s\n", (*at)->category, (*at)->name);
    }
    fprintf(stderr,
            "[====] Synthesis: Tested: %u | Passing: %u | Failing: %u | "
            "Crashing: %u | Skipped: %u\n",
            tested, passing, tested - passing, crashing, skipped);
    return passing == tested ? 0 : 1;
}
