/*
 * memory.h - memory of long-lived things: zeroed, never NULL
 *
 * Running out of memory ends the process.  Free with free(3).
 */
#ifndef POSTERN_BASE_MEMORY_H
#define POSTERN_BASE_MEMORY_H

#include <stddef.h>

void *memory_new(size_t size);

/* As realloc(3); what is added is not zeroed. */
void *memory_resize(void *memory, size_t size);

char *memory_strdup(const char *text); /* NULL stays NULL */

/* Says so and ends the process. */
void memory_exhausted(void) __attribute__((noreturn));

#endif
