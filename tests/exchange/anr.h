/*
 * anr.h - ambiguous name resolution: whom a few letters may mean
 *
 * The directory finds an entry by the beginning of its display name, given
 * name, surname, alias, office or one of its addresses, whatever the case and
 * the accents; it does not look at the words within a name.  Two words are also
 * tried as given name and surname, in either order.  "=" before the text asks
 * for all of a value, "smtp:" for just that address.
 */
#ifndef POSTERN_TESTS_EXCHANGE_ANR_H
#define POSTERN_TESTS_EXCHANGE_ANR_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct exchange;
struct sim_entry;

struct anr {
    const char *text;     /* folded, with what stands before a value */
    const char *first[2]; /* of two words: as given name, as surname */
    const char *last[2];
    const char *address; /* of "smtp:"; NULL: none was asked for */
};

void anr_init(struct anr *anr, struct arena *arena, const char *entry);

bool anr_fits(const struct anr *anr, struct sim_entry *entry);

/* The same for what is no entry of the directory. */
bool anr_fits_names(const struct anr *anr, struct arena *arena,
                    const char *name, const char *given, const char *surname,
                    const char *address);

/* All whom it may mean, by their names; in the arena. */
struct sim_entry **anr_find(const struct anr *anr, struct arena *arena,
                            const struct exchange *exchange, size_t *count_out);

/* In lower case and without accents. */
char *anr_fold(struct arena *arena, const char *text);

#endif
