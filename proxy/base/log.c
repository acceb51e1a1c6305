/*
 * log.c - one line per fact, for the administrator
 *
 * A line leaves in one write, so that lines of several threads do not mix.
 * systemd tells in $JOURNAL_STREAM which device and inode its journal's stream
 * has; where that is our stderr, a line begins with its priority ("<3>",
 * sd-daemon(3)).
 */
#include "proxy/base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

/* Longer lines are cut. */
#define LINE_MAX_LEN 2048

static const struct {
    const char *priority;
    const char *word;
} levels[] = {
    [LOG_LEVEL_ERROR] = { "<3>", "error: " },
    [LOG_LEVEL_WARNING] = { "<4>", "warning: " },
    [LOG_LEVEL_INFO] = { "<6>", "" },
    [LOG_LEVEL_DEBUG] = { "<7>", "debug: " },
};

static atomic_int most = LOG_LEVEL_INFO;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool to_journal;

static void find_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    unsigned long long device, inode;
    struct stat status;

    to_journal = stream != NULL &&
                 sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
                 fstat(STDERR_FILENO, &status) == 0 &&
                 status.st_dev == device && status.st_ino == inode;
}

void log_set_level(enum log_level level)
{
    atomic_store(&most, (int)level);
}

/* A line break inside would let a client write lines of its own. */
static void replace_controls(char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            *text = '?';
}

void log_write(enum log_level level, const char *session, const char *format,
               ...)
{
    char line[LINE_MAX_LEN + 1];
    va_list args;

    if ((int)level > atomic_load(&most))
        return;
    pthread_once(&once, find_journal);

    int head = snprintf(line, LINE_MAX_LEN, "%s%.100s: %s",
                        to_journal ? levels[level].priority : "", session,
                        to_journal ? "" : levels[level].word);
    va_start(args, format);
    vsnprintf(line + head, LINE_MAX_LEN - (size_t)head, format, args);
    va_end(args);

    replace_controls(line);
    size_t len = strlen(line);
    line[len++] = '\n';

    /* A log that cannot be written has nowhere to say so. */
    ssize_t written = write(STDERR_FILENO, line, len);
    (void)written;
}
