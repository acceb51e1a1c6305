/*
 * bell.c - how other threads get the loop's attention
 */
#include "proxy/bell.h"

#include <pthread.h>
#include <stdlib.h>

#include "proxy/base/memory.h"

struct bell {
    uv_async_t handle;
    pthread_mutex_t mutex;
    STAILQ_HEAD(, bell_rope) ropes; /* those that were rung */
};

static struct bell_rope *next_rope(struct bell *bell)
{
    pthread_mutex_lock(&bell->mutex);

    struct bell_rope *rope = STAILQ_FIRST(&bell->ropes);
    if (rope != NULL) {
        STAILQ_REMOVE_HEAD(&bell->ropes, link);
        rope->rung = false;
    }
    pthread_mutex_unlock(&bell->mutex);
    return rope;
}

static void on_ring(uv_async_t *handle)
{
    struct bell *bell = handle->data;
    struct bell_rope *rope;

    /* Answering may forget any rope, so each is looked up anew. */
    while ((rope = next_rope(bell)) != NULL)
        rope->answer(rope->subject);
}

struct bell *bell_new(uv_loop_t *loop)
{
    struct bell *bell = memory_new(sizeof *bell);

    pthread_mutex_init(&bell->mutex, NULL);
    STAILQ_INIT(&bell->ropes);
    if (uv_async_init(loop, &bell->handle, on_ring) != 0)
        memory_exhausted();
    bell->handle.data = bell;
    return bell;
}

static void on_close(uv_handle_t *handle)
{
    struct bell *bell = handle->data;

    pthread_mutex_destroy(&bell->mutex);
    free(bell);
}

void bell_free(struct bell **bell)
{
    if (*bell == NULL)
        return;
    uv_close((uv_handle_t *)&(*bell)->handle, on_close);
    *bell = NULL;
}

void bell_ring(struct bell *bell, struct bell_rope *rope)
{
    pthread_mutex_lock(&bell->mutex);
    if (!rope->rung) {
        rope->rung = true;
        STAILQ_INSERT_TAIL(&bell->ropes, rope, link);
        uv_async_send(&bell->handle);
    }
    pthread_mutex_unlock(&bell->mutex);
}

void bell_forget(struct bell *bell, struct bell_rope *rope)
{
    pthread_mutex_lock(&bell->mutex);
    if (rope->rung) {
        rope->rung = false;
        STAILQ_REMOVE(&bell->ropes, rope, bell_rope, link);
    }
    pthread_mutex_unlock(&bell->mutex);
}
