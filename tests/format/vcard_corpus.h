/*
 * vcard_corpus.h - some two hundred vCards as programs write them
 *
 * Made of tables: how each program writes a card, and whose card it is: with
 * names of one part and of five, in other scripts, with more numbers and
 * addresses than Exchange has places, groups, photos.
 */
#ifndef POSTERN_TESTS_VCARD_CORPUS_H
#define POSTERN_TESTS_VCARD_CORPUS_H

#include <stddef.h>

struct arena;

size_t vcards_count(void);

/* One of them, with CRLF, and what it is, for messages. */
const char *vcards_text(struct arena *arena, size_t index,
                        const char **name_out);

#endif
