/*
 * directory_words.h - the words by whose beginnings people are found
 *
 * As Exchange's ambiguous name resolution does: each word that is asked for has
 * to begin a word of a name, an alias, or an address up to its @, wherever it
 * stands, without regard to case and accents.  So "ann ex" and "ex, ann" find
 * "Ann Example <ann.example@example.com>", and so does "ann.ex".
 */
#ifndef POSTERN_EXCHANGE_DIRECTORY_WORDS_H
#define POSTERN_EXCHANGE_DIRECTORY_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "proxy/exchange/directory.h"

struct arena;

/* The words of a question, NULL at the end; in the arena. */
const char *const *words_asked(struct arena *arena, const char *text);

/* What words may begin of a person, each to what stands after the next space:
 * of "O'Brien" these are "o'brien" and "brien".  NULL at the end. */
const char *const *words_of(struct arena *arena, const struct person *person);

/* Whether all that were asked for begin one of his. */
bool words_fit(const char *const *asked, const char *const *words);

#endif
