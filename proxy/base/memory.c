/*
 * memory.c - memory of long-lived things: zeroed, never NULL
 */
#include "proxy/base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void memory_exhausted(void)
{
    static const char words[] = "postern: out of memory\n";

    ssize_t written = write(STDERR_FILENO, words, sizeof words - 1);
    (void)written;
    abort();
}

void *memory_new(size_t size)
{
    void *memory = calloc(1, size > 0 ? size : 1);

    if (memory == NULL)
        memory_exhausted();
    return memory;
}

void *memory_resize(void *memory, size_t size)
{
    memory = realloc(memory, size > 0 ? size : 1);
    if (memory == NULL)
        memory_exhausted();
    return memory;
}

char *memory_strdup(const char *text)
{
    if (text == NULL)
        return NULL;

    size_t size = strlen(text) + 1;
    return memcpy(memory_new(size), text, size);
}
