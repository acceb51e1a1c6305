/*
 * job.c - one request on a worker
 */
#include "proxy/job.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "proxy/base/arena.h"
#include "proxy/base/log.h"

void job_set_workers(unsigned count)
{
    char text[16];

    snprintf(text, sizeof text, "%u", count);
    setenv("UV_THREADPOOL_SIZE", text, 1);
}

void job_init(struct job *job, uv_loop_t *loop, const char *session,
              const atomic_bool *cancelled)
{
    *job = (struct job){ .loop = loop,
                         .session = session,
                         .cancelled = cancelled };
    job->work.data = job;
}

static enum log_level level_of(enum status status)
{
    switch (status) {
    case STATUS_INTERNAL:
        return LOG_LEVEL_ERROR;
    case STATUS_BUSY:
    case STATUS_UNAVAILABLE:
    case STATUS_TIMEOUT:
    case STATUS_UNCERTAIN:
    case STATUS_CORRUPT:
    case STATUS_AUTH_FAILED:
    case STATUS_AUTH_EXPIRED:
    case STATUS_AUTH_REFUSED:
    case STATUS_AUTH_DISABLED:
        return LOG_LEVEL_WARNING;
    case STATUS_CANCELLED:
        return LOG_LEVEL_DEBUG;
    default:
        return LOG_LEVEL_INFO;
    }
}

static void log_reason(const struct op *op)
{
    if (op->reason != NULL)
        log_write(level_of(op->failed), op->session,
                  "failed status=%s reason=\"%s\"", status_name(op->failed),
                  op->reason);
}

static void on_worker(uv_work_t *work)
{
    struct job *job = work->data;
    struct arena *arena = arena_new();

    op_init(&job->op, arena, job->session);
    job->op.cancelled = job->cancelled;
    job->run(job->subject, &job->op);
    log_reason(&job->op);
    arena_free(&arena);
}

static void on_end(uv_work_t *work, int status)
{
    struct job *job = work->data;

    (void)status; /* only a cancelled work has one, and we cancel none */
    job->running = false;
    job->done(job->subject);
}

void job_start(struct job *job, void (*run)(void *subject, struct op *op),
               void (*done)(void *subject), void *subject)
{
    assert(!job->running);
    job->run = run;
    job->done = done;
    job->subject = subject;
    job->running = true;
    uv_queue_work(job->loop, &job->work, on_worker, on_end);
}

bool job_running(const struct job *job)
{
    return job->running;
}
