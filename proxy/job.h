/*
 * job.h - one request on a worker
 *
 * A worker of libuv's pool runs it as blocking code with an arena of its own;
 * then the loop hears that it has ended.  Why it failed is logged here, once.
 */
#ifndef POSTERN_JOB_H
#define POSTERN_JOB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <uv.h>

#include "proxy/base/op.h"

/* Part of whoever has jobs done; it is filled by job_init. */
struct job {
    uv_loop_t *loop;
    uv_work_t work;
    struct op op;
    const char *session;
    const atomic_bool *cancelled;
    void (*run)(void *subject, struct op *op); /* on a worker */
    void (*done)(void *subject);               /* on the loop */
    void *subject;
    bool running;
};

/* How many workers there are; to be called before the first job. */
void job_set_workers(unsigned count);

/* `session` and `cancelled` outlive the job. */
void job_init(struct job *job, uv_loop_t *loop, const char *session,
              const atomic_bool *cancelled);

/* Loop: starts it; no other may be running. */
void job_start(struct job *job, void (*run)(void *subject, struct op *op),
               void (*done)(void *subject), void *subject);

/* Loop: whether `done` is still to come. */
bool job_running(const struct job *job);

#endif
