/*
 * test_quiet.c - tests of telling when a loop has nothing to do
 */
#include "proxy/quiet.h"

#include <criterion/criterion.h>

/* What happens to a loop, letter by letter: events, and rests. */
struct scene {
    uv_loop_t loop;
    uv_async_t event;
    struct quiet quiet;
    char story[16];
    size_t len;
};

static void on_event(uv_async_t *event)
{
    struct scene *scene = event->data;

    scene->story[scene->len++] = 'e';
}

static void on_rest(void *subject)
{
    struct scene *scene = subject;

    scene->story[scene->len++] = 'r';
}

static void begin(struct scene *scene)
{
    *scene = (struct scene){ .len = 0 };
    uv_loop_init(&scene->loop);
    uv_async_init(&scene->loop, &scene->event, on_event);
    scene->event.data = scene;
    quiet_init(&scene->quiet, &scene->loop);
}

static void end(struct scene *scene)
{
    quiet_fini(&scene->quiet);
    uv_close((uv_handle_t *)&scene->event, NULL);
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    cr_expect_eq(uv_loop_close(&scene->loop), 0);
}

/* Until so much has happened. */
static void run(struct scene *scene, size_t len)
{
    while (scene->len < len)
        quiet_run(&scene->quiet);
}

static void be_told_each_time(uint64_t after)
{
    struct scene scene;

    begin(&scene);
    quiet_tell(&scene.quiet, after, on_rest, &scene);
    run(&scene, 1);
    for (size_t i = 1; i < 4; i++) {
        /* What waited to be told again would keep the loop alive. */
        cr_expect_eq(uv_is_active((uv_handle_t *)&scene.quiet.timer), 0);
        uv_async_send(&scene.event);
        run(&scene, 1 + 2 * i);
    }
    cr_expect_str_eq(scene.story, "rererer");
    end(&scene);
}

Test(quiet, is_told_once_after_each_time_that_something_happens)
{
    be_told_each_time(1);
}

/* As where a machine stalls between the looks at its clock. */
Test(quiet, is_told_where_the_time_is_over_before_the_loop_runs)
{
    be_told_each_time(0);
}

Test(quiet, is_not_told_when_nobody_asks)
{
    struct scene scene;

    begin(&scene);
    uv_async_send(&scene.event);
    run(&scene, 1);
    cr_expect_eq(uv_is_active((uv_handle_t *)&scene.quiet.timer), 0);
    end(&scene);
}
