/*
 * op.h - one operation on its way: its memory, who asked, whether to go on
 *
 * Every function that may wait takes an op first.
 */
#ifndef POSTERN_BASE_OP_H
#define POSTERN_BASE_OP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "proxy/base/status.h"

struct arena;

struct op {
    struct arena *arena;
    const char *session; /* who asks, for the log: "imap/12" */
    bool background;     /* lets interactive work go first */

    /* Set once the client has gone or wants no answer any more; NULL where
     * nobody can go. */
    const atomic_bool *cancelled;

    /* When to give up (of time_monotonic_ms); 0: never. */
    uint64_t deadline;

    /* Why it failed and how, for the log; NULL before that. */
    const char *reason;
    enum status failed;

    /* Since when Exchange has failed it without a good answer in between (of
     * time_monotonic_ms), so that all its retries share one patience; 0: it has
     * not. */
    uint64_t failing_since;

    /* Called about every `progress_interval_ms` while Exchange is awaited, on
     * the thread of the operation, so that a protocol can show a sign of
     * life. */
    void (*progress)(struct op *op);
    void *progress_context;
};

void op_init(struct op *op, struct arena *arena, const char *session);

/* Whether to give up: the client has gone, he wants no answer any more, the
 * gateway stops, or the deadline has passed. */
bool op_cancelled(const struct op *op);

/* Whether the deadline has passed. */
bool op_is_late(const struct op *op);

/* Notes why the operation fails, for the log, and returns `status`.  The text
 * must not hold secrets; what comes from outside is passed through
 * str_printable. */
enum status op_fail(struct op *op, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
