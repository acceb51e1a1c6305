/*
 * numbers.c - lists of numbers in ascending order, as UIDs come in
 */
#include "proxy/base/numbers.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

    return (left > right) - (left < right);
}

void numbers_sort(uint32_t numbers[], size_t count)
{
    if (count > 1)
        qsort(numbers, count, sizeof *numbers, compare);
}

size_t numbers_place(const uint32_t numbers[], size_t count, uint32_t number)
{
    size_t first = 0, end = count;

    while (first < end) {
        size_t middle = first + (end - first) / 2;

        if (numbers[middle] < number)
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}
