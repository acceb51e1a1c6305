/*
 * test_buf.c - bytes that grow, on the heap and in an arena
 */
#include "proxy/base/buf.h"

#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"

static void fill_and_empty(struct arena *arena)
{
    struct buf buf;

    buf_init(&buf, arena);
    cr_expect_str_eq(buf.data, "", "an empty buffer is a text");
    for (unsigned i = 0; i < 1000; i++)
        buf_printf(&buf, "%03u", i);
    cr_assert_eq(buf.len, 3000);
    cr_expect_eq(strlen(buf.data), 3000);
    buf_consume(&buf, 2994);
    cr_expect_str_eq(buf.data, "998999");
    buf_putc(&buf, '!');
    buf_puts(&buf, "");
    buf_append(&buf, NULL, 0);
    cr_expect_str_eq(buf.data, "998999!");
    memcpy(buf_reserve(&buf, 3), "abc", 3);
    cr_expect_eq(buf.len, 7);
    buf_commit(&buf, 2);
    cr_expect_str_eq(buf.data, "998999!ab");
    buf_clear(&buf);
    cr_expect_str_eq(buf.data, "");
    buf_fini(&buf);
    cr_expect_str_eq(buf.data, "");
}

Test(buf, grows_on_the_heap)
{
    fill_and_empty(NULL);
}

Test(buf, grows_in_an_arena)
{
    struct arena *arena = arena_new();

    fill_and_empty(arena);
    arena_free(&arena);
}
