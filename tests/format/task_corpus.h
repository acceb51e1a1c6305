/*
 * task_corpus.h - VTODOs as programs write them
 */
#ifndef POSTERN_TESTS_TASK_CORPUS_H
#define POSTERN_TESTS_TASK_CORPUS_H

#include <stddef.h>

struct arena;

size_t tasks_count(void);

/* One of them, with CRLF, and what it is, for messages. */
const char *tasks_text(struct arena *arena, size_t index,
                       const char **name_out);

#endif
