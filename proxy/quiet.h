/*
 * quiet.h - telling when a loop has had nothing to do for a while
 *
 * It is told once, and not again before something has happened, so that a
 * gateway at rest is not woken.
 */
#ifndef POSTERN_QUIET_H
#define POSTERN_QUIET_H

#include <stdbool.h>
#include <stdint.h>

#include <uv.h>

/* Part of whoever runs the loop. */
struct quiet {
    uv_timer_t timer;
    uint64_t after;
    void (*rest)(void *subject);
    void *subject;
    bool told;
};

void quiet_init(struct quiet *quiet, uv_loop_t *loop);

/* Before the loop is closed. */
void quiet_fini(struct quiet *quiet);

/* Has rest(subject) called whenever nothing has happened for so many
 * milliseconds. */
void quiet_tell(struct quiet *quiet, uint64_t after,
                void (*rest)(void *subject), void *subject);

/* Runs the loop until something has happened, or was told. */
void quiet_run(struct quiet *quiet);

#endif
