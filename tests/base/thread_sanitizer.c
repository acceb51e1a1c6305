/*
 * thread_sanitizer.c - lets Criterion run under ThreadSanitizer
 *
 * Criterion shares an arena with its children at an address that it draws with
 * rand_r: somewhere from 0x200000000000 on, in steps of 16 MB.  ThreadSanitizer
 * allows programs only a part of that (0x550000000000 to 0x568000000000, where
 * it expects their code); elsewhere the arena "could not be initialized".  A
 * rand_r of our own draws from there.
 */
#if defined(__SANITIZE_THREAD__)
#include <stdlib.h>

#define FIRST 0x350000u
#define COUNT 0x18000u

int rand_r(unsigned *seed)
{
    *seed = *seed * 1103515245u + 12345u;
    return (int)(FIRST + (*seed >> 8) % COUNT);
}
#else
/* ISO C wants something in every file. */
typedef int nothing_to_do_without_thread_sanitizer;
#endif
