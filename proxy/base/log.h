/*
 * log.h - one line per fact, for the administrator
 *
 *     imap/12: login user=ann@example.com client=127.0.0.1
 *
 * An error is something he can act on.  Lines go to stderr, or to the journal
 * with their priority when stderr is connected to it.  Thread-safe.
 */
#ifndef POSTERN_BASE_LOG_H
#define POSTERN_BASE_LOG_H

enum log_level {
    LOG_LEVEL_ERROR,
    LOG_LEVEL_WARNING,
    LOG_LEVEL_INFO,
    LOG_LEVEL_DEBUG
};

/* May be called again at a reload. */
void log_set_level(enum log_level level);

/* `session` is who it is about, such as "imap/12", or "postern" for
 * ourselves. */
void log_write(enum log_level level, const char *session, const char *format,
               ...) __attribute__((format(printf, 3, 4)));

#define log_error(...) log_write(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_write(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_info(...) log_write(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_write(LOG_LEVEL_DEBUG, __VA_ARGS__)

#endif
