/*
 * utf8.h - RFC 3629, strictly: no surrogates, no overlong forms
 */
#ifndef POSTERN_BASE_UTF8_H
#define POSTERN_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* The next character of `*text`, which moves on; UINT32_MAX and one byte
 * further where there is none.  `*text < end`. */
uint32_t utf8_next(const char **text, const char *end);

/* Writes a character and returns how many bytes (1 to 4) it took. */
size_t utf8_put(uint32_t character, char out[4]);

bool utf8_valid(const char *text, size_t len);

/* A copy in which what is not UTF-8 is replaced by U+FFFD. */
char *utf8_repair(struct arena *arena, const char *text, size_t len);

#endif
