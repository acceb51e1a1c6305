/*
 * words.h - reads the words of what the gateway has said
 *
 * Whoever reads takes one thing after the other; what is not there is not
 * taken.  Texts are in the arena.
 */
#ifndef POSTERN_TESTS_CLIENTS_WORDS_H
#define POSTERN_TESTS_CLIENTS_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct words {
    struct arena *arena;
    const char *at;
    const char *end;
};

/* Takes an atom (in any case), a number, one character. */
bool words_take(struct words *words, const char *atom);
bool words_number(struct words *words, uint64_t *number_out);
bool words_mark(struct words *words, char mark);

/* An atom, a quoted string or a literal; NULL where a list or nothing is.
 * `len_out` may be NULL. */
char *words_text(struct words *words, size_t *len_out);

/* Passes over one value, be it a list. */
void words_skip(struct words *words);

/* Passes over what is left of this response, literals included. */
void words_next_response(struct words *words);

/* The next range of a set such as "1:4,7"; false when it is at its end. */
bool words_range(struct words *words, uint32_t *first_out, uint32_t *last_out);

/* The number behind `name` in a response code "[NAME number" of this response,
 * which is not moved on; 0 if there is none. */
uint64_t words_code(const struct words *words, const char *name);

#endif
