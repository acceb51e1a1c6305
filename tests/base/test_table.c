/*
 * test_table.c - tests of table.c
 */
#include "proxy/base/table.h"

#include <criterion/criterion.h>

#include "proxy/base/arena.h"

Test(table, finds_all_of_many_and_nothing_else)
{
    struct arena *arena = arena_new();
    struct table *table = table_new(arena);
    int *things = arena_array(arena, 20000, sizeof *things);

    for (int i = 0; i < 20000; i++)
        cr_assert_eq(table_add(table, i % 3, arena_printf(arena, "%d", i),
                               &things[i]),
                     &things[i]);
    for (int i = 0; i < 20000; i++) {
        const char *text = arena_printf(arena, "%d", i);

        cr_assert_eq(table_find(table, i % 3, text), &things[i]);
        cr_assert_null(table_find(table, (i + 1) % 3, text));
    }
    cr_expect_null(table_find(table, 0, "20000"));
    arena_free(&arena);
}

Test(table, keeps_the_first_of_two_and_takes_no_text_for_an_empty_one)
{
    struct arena *arena = arena_new();
    struct table *table = table_new(arena);
    int first, second;

    cr_expect_eq(table_add(table, 7, NULL, &first), &first);
    cr_expect_eq(table_add(table, 7, "", &second), &first);
    cr_expect_eq(table_find(table, 7, NULL), &first);
    cr_expect_null(table_find(table, -7, NULL));
    arena_free(&arena);
}
