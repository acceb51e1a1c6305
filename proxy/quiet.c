/*
 * quiet.c - see quiet.h
 */
#include "proxy/quiet.h"

void quiet_init(struct quiet *quiet, uv_loop_t *loop)
{
    *quiet = (struct quiet){ 0 };
    uv_timer_init(loop, &quiet->timer);
    quiet->timer.data = quiet;
}

void quiet_fini(struct quiet *quiet)
{
    uv_close((uv_handle_t *)&quiet->timer, NULL);
}

void quiet_tell(struct quiet *quiet, uint64_t after,
                void (*rest)(void *subject), void *subject)
{
    quiet->after = after;
    quiet->rest = rest;
    quiet->subject = subject;
}

static void on_time(uv_timer_t *timer)
{
    struct quiet *quiet = timer->data;

    quiet->told = true;
    quiet->rest(quiet->subject);
    /* A time that was over before the loop looked is told of before it waits,
     * and then nothing else might ever wake it. */
    uv_stop(timer->loop);
}

void quiet_run(struct quiet *quiet)
{
    /* That it was told is no event that ends the quiet. */
    if (quiet->rest != NULL && !quiet->told)
        uv_timer_start(&quiet->timer, on_time, quiet->after, 0);
    quiet->told = false;
    uv_run(quiet->timer.loop, UV_RUN_ONCE);
}
