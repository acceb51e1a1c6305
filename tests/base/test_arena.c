/*
 * test_arena.c - the memory of a request
 */
#include "proxy/base/arena.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>

#include <criterion/criterion.h>

static const size_t sizes[] = { 0, 1, 15, 16, 17, 4000, 8000, 9000, 1000000 };

Test(arena, gives_zeroed_aligned_memory_of_its_own_for_every_size)
{
    enum { COUNT = sizeof sizes / sizeof sizes[0] };
    struct arena *arena = arena_new();

    for (unsigned round = 0; round < 3; round++) {
        unsigned char *pieces[COUNT];

        for (size_t i = 0; i < COUNT; i++) {
            pieces[i] = arena_alloc(arena, sizes[i]);
            cr_expect_eq((uintptr_t)pieces[i] % 16, 0, "%zu", sizes[i]);
            for (size_t k = 0; k < sizes[i]; k++)
                cr_assert_eq(pieces[i][k], 0, "%zu in round %u", sizes[i],
                             round);
            memset(pieces[i], (int)i + 1, sizes[i]);
        }
        for (size_t i = 0; i < COUNT; i++)
            for (size_t k = 0; k < sizes[i]; k++)
                cr_assert_eq(pieces[i][k], i + 1, "%zu", sizes[i]);
        arena_reset(arena);
    }
    arena_free(&arena);
    cr_expect_null(arena);
}

static void note(void *subject)
{
    char *notes = *(char **)subject;

    notes[strlen(notes)] = ((char *)subject)[sizeof(char *)];
}

Test(arena, releases_what_was_deferred_newest_first_and_once)
{
    struct {
        char *notes;
        char letter;
    } subjects[2];
    char notes[8] = "";
    struct arena *arena = arena_new();

    subjects[0].notes = subjects[1].notes = notes;
    subjects[0].letter = 'a';
    subjects[1].letter = 'b';
    arena_defer(arena, note, &subjects[0]);
    arena_defer(arena, note, &subjects[1]);
    arena_reset(arena);
    cr_expect_str_eq(notes, "ba");
    arena_free(&arena);
    cr_expect_str_eq(notes, "ba");
}

Test(arena, copies_and_formats_text)
{
    struct arena *arena = arena_new();

    cr_expect_null(arena_strdup(arena, NULL));
    cr_expect_str_eq(arena_strdup(arena, "abc"), "abc");
    cr_expect_str_eq(arena_strndup(arena, "abc", 2), "ab");
    cr_expect_str_eq(arena_strndup(arena, "abc", 9), "abc");
    cr_expect_str_eq(arena_printf(arena, "%s-%d", "x", 7), "x-7");
    cr_expect_eq(memcmp(arena_memdup(arena, "a\0b", 3), "a\0b", 3), 0);
    arena_free(&arena);
}

Test(arena, ends_the_process_when_a_product_overflows, .signal = SIGABRT)
{
    struct arena *arena = arena_new();

    arena_array(arena, SIZE_MAX / 8, 16);
}
