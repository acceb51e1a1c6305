/*
 * test_numbers.c - lists of numbers in ascending order
 */
#include "proxy/base/numbers.h"

#include <criterion/criterion.h>

static const struct {
    size_t count;
    uint32_t number;
    size_t place;
} cases[] = {
    { 0, 5, 0 }, { 1, 0, 0 }, { 1, 1, 0 }, { 1, 2, 1 },          { 4, 3, 2 },
    { 4, 4, 2 }, { 4, 5, 3 }, { 4, 9, 3 }, { 4, UINT32_MAX, 4 },
};

Test(numbers, have_a_place_in_a_list)
{
    const uint32_t list[] = { 1, 2, 4, 9 };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(numbers_place(list, cases[i].count, cases[i].number),
                     cases[i].place, "%zu: %u", cases[i].count,
                     cases[i].number);
}

Test(numbers, are_sorted_as_unsigned_ones)
{
    uint32_t list[] = { 7, UINT32_MAX, 0, 7, 0x80000000u };

    numbers_sort(list, 5);
    cr_expect(list[0] == 0 && list[1] == 7 && list[2] == 7 &&
              list[3] == 0x80000000u && list[4] == UINT32_MAX);
    numbers_sort(NULL, 0);
}
