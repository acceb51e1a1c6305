/*
 * numbers.h - lists of numbers in ascending order, as UIDs come in
 */
#ifndef POSTERN_BASE_NUMBERS_H
#define POSTERN_BASE_NUMBERS_H

#include <stddef.h>
#include <stdint.h>

void numbers_sort(uint32_t numbers[], size_t count);

/* The place of a number in an ascending list, or the place it would have: that
 * of the first one which is not smaller; the count if all are. */
size_t numbers_place(const uint32_t numbers[], size_t count, uint32_t number);

#endif
