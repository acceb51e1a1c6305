/*
 * test_log.c - one line per fact
 */
#include "proxy/base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "proxy/base/op.h"
#include "proxy/base/arena.h"

/* Has stderr go into a pipe; whoever calls first decides about the journal. */
static int catch_stderr(bool as_journal)
{
    int ends[2];
    struct stat status;
    char stream[64];

    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(fstat(ends[1], &status), 0);
    snprintf(stream, sizeof stream, "%llu:%llu",
             (unsigned long long)status.st_dev,
             (unsigned long long)status.st_ino);
    if (as_journal)
        setenv("JOURNAL_STREAM", stream, 1);
    else
        unsetenv("JOURNAL_STREAM");
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    return ends[0];
}

static void expect_log(int pipe, const char *expected)
{
    char text[4096];
    ssize_t len = read(pipe, text, sizeof text - 1);

    text[len > 0 ? len : 0] = '\0';
    cr_expect_str_eq(text, expected);
}

Test(log, writes_lines_that_input_cannot_break)
{
    int pipe = catch_stderr(false);

    log_error("imap/1", "failed user=%s", "a\nimap/2: login user=b");
    expect_log(pipe, "imap/1: error: failed user=a?imap/2: login user=b\n");
    log_info("postern", "listening");
    expect_log(pipe, "postern: listening\n");
}

Test(log, gives_the_journal_its_priorities)
{
    int pipe = catch_stderr(true);

    log_warning("imap/1", "slow");
    expect_log(pipe, "<4>imap/1: slow\n");
}

Test(log, keeps_to_its_level)
{
    int pipe = catch_stderr(false);

    log_debug("postern", "not by default");
    log_set_level(LOG_LEVEL_ERROR);
    log_info("postern", "not now");
    log_set_level(LOG_LEVEL_DEBUG);
    log_debug("postern", "now");
    expect_log(pipe, "postern: debug: now\n");
}

Test(log, cuts_what_is_too_long)
{
    int pipe = catch_stderr(false);
    char text[4096];

    memset(text, 'x', sizeof text);
    log_info("postern", "%.*s", 4000, text);
    ssize_t len = read(pipe, text, sizeof text);
    cr_assert(len > 2000 && len < 2100);
    cr_expect_eq(text[len - 1], '\n');
}

Test(op, remembers_why_it_failed)
{
    struct arena *arena = arena_new();
    atomic_bool cancelled = false;
    struct op op;

    op_init(&op, arena, "imap/1");
    cr_expect_not(op_cancelled(&op));
    op.cancelled = &cancelled;
    cr_expect_not(op_cancelled(&op));
    atomic_store(&cancelled, true);
    cr_expect(op_cancelled(&op));
    cr_expect_eq(op_fail(&op, STATUS_BUSY, "wait %d", 7), STATUS_BUSY);
    cr_expect_str_eq(op.reason, "wait 7");
    cr_expect_eq(op.failed, STATUS_BUSY);
    arena_free(&arena);
}

Test(status, has_a_name_for_everything)
{
    for (int i = 0; i < STATUS_COUNT; i++)
        cr_expect_str_neq(status_name((enum status)i), "unknown", "%d", i);
    cr_expect_str_eq(status_name(STATUS_COUNT), "unknown");
}
