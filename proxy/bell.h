/*
 * bell.h - how other threads get the loop's attention
 *
 * One handle serves everybody: who rings is put on a list, and the loop answers
 * the whole list.  Ringing twice before the answer counts once.
 */
#ifndef POSTERN_BELL_H
#define POSTERN_BELL_H

#include <stdbool.h>
#include <sys/queue.h>
#include <uv.h>

struct bell;

/* Part of whoever rings; all but `answer` and `subject` belongs to the bell. */
struct bell_rope {
    void (*answer)(void *subject); /* on the loop */
    void *subject;
    bool rung;
    STAILQ_ENTRY(bell_rope) link;
};

struct bell *bell_new(uv_loop_t *loop);

/* Closes the handle; the memory goes when the loop has run once more. */
void bell_free(struct bell **bell);

/* Any thread: has the rope answered soon. */
void bell_ring(struct bell *bell, struct bell_rope *rope);

/* Loop: the rope is answered no more and may be freed. */
void bell_forget(struct bell *bell, struct bell_rope *rope);

#endif
