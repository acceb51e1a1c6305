/*
 * str.h - ASCII text: comparing, numbers, lists
 *
 * Protocol words are ASCII, whatever the locale says.
 */
#ifndef POSTERN_BASE_STR_H
#define POSTERN_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

bool str_equal(const char *a, const char *b);        /* NULL equals NULL */
bool str_equal_nocase(const char *a, const char *b); /* ASCII only */
int str_compare_nocase(const char *a, const char *b);
bool str_starts(const char *text, const char *prefix);
bool str_starts_nocase(const char *text, const char *prefix);
bool str_ends_nocase(const char *text, const char *suffix);

/* Whether `len` bytes of `data` are `word`, whatever the case. */
bool str_is_nocase(const char *data, size_t len, const char *word);

/* The whole of `text` as a decimal number of at most `max`; false otherwise. */
bool str_to_u64(const char *text, uint64_t max, uint64_t *value_out);
bool str_to_i64(const char *text, int64_t *value_out);

/* The parts of `text` between any of `separators`, trimmed, empty ones left
 * out; NULL-terminated, in the arena. */
char **str_split(struct arena *arena, const char *text, const char *separators);

/* A copy without white space at both ends. */
char *str_trim(struct arena *arena, const char *text);

/* What a URL says between "//" and the path: the host, with a port and with
 * whatever stands before an "@". */
const char *str_authority(const char *url, size_t *len_out);

/* Whether a URL brings a user's name or a password of its own. */
bool str_has_login(const char *url);

/* Lower-cases ASCII letters in place and returns `text`. */
char *str_lower(char *text);

/* A quoted form of anything for the log: control characters are shown as \xNN
 * and at most `max` bytes are kept. */
char *str_printable(struct arena *arena, const char *data, size_t len,
                    size_t max);

#endif
