/*
 * losses.h - what Exchange cannot hold, and whether all else is there
 *
 * Compares two texts line by line.  What of the first is not in the second has
 * to be in the table, which is the one in the manual (postern-calendars.7).
 */
#ifndef POSTERN_TESTS_LOSSES_H
#define POSTERN_TESTS_LOSSES_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* What differs between many texts, each kind of difference once. */
struct losses;

/* `lossless`: only what Exchange decides may be different; `older`: and what
 * older versions do not hold. */
struct losses *losses_new(struct arena *arena, bool lossless, bool older);

/* Compares what was written with what is read; `name` says which text it is. */
void losses_in_calendar(struct losses *losses, const char *name,
                        const char *written, const char *read);
void losses_in_card(struct losses *losses, const char *name,
                    const char *written, const char *read);

/* Expects that there were no others than those of the table and that each row
 * for these components ("VEVENT"; NULL at the end) was met. */
void losses_expect(const struct losses *losses, const char *const *components);

#endif
