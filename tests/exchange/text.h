/*
 * text.h - looking for text in text, whatever the case
 */
#ifndef POSTERN_TESTS_EXCHANGE_TEXT_H
#define POSTERN_TESTS_EXCHANGE_TEXT_H

#include <stdbool.h>

struct arena;

/* In lower case, as far as simple rules go. */
char *text_fold(struct arena *arena, const char *text);

/* Whether `wanted` stands in `text` (NULL: nothing does), whatever the case. */
bool text_contains(struct arena *arena, const char *text, const char *wanted);

#endif
