/*
 * people.h - people in the index, and what they are found by
 *
 * A part of index.h, whose rules hold here.  Book 0 are one's own, made of the
 * contacts, with which they go; others are editions of the offline address
 * book.  How a person is packed is the caller's.
 */
#ifndef POSTERN_EXCHANGE_INDEX_PEOPLE_H
#define POSTERN_EXCHANGE_INDEX_PEOPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/op.h"

struct index;

struct index_person {
    int64_t row; /* grows in the order in which they came */
    const char *id;
    const char *data;
    size_t len; /* 0: there is nothing to tell of him */
};

/* The next ones of a book behind a row, `*count` at most, which says then how
 * many there are: those with a word that begins so (NULL: all of them). */
enum status index_people(struct op *op, struct index *index, int64_t book,
                         const char *beginning, int64_t behind,
                         struct index_person people_out[], size_t *count);

/* The one of that id; row 0: there is none. */
enum status index_person(struct op *op, struct index *index, int64_t book,
                         const char *id, struct index_person *person_out);

struct index_new_person {
    int64_t object; /* the row of his contact; 0: of a book */
    uint64_t revision;
    const char *id;
    const char *data;
    size_t len;
    const char *const *words; /* NULL at the end */
};

/* Adds people, or replaces those of the same contacts; of contacts that have
 * gone there are none. */
enum status index_people_put(struct op *op, struct index *index, int64_t book,
                             const struct index_new_person people[],
                             size_t count);

/* Contacts of a folder that people are to be made of (again). */
struct index_due_person {
    int64_t object;
    const char *name;
    bool group;
};

/* Where any are, all groups are among them: their members may be others. */
enum status index_people_due(struct op *op, struct index *index, int64_t folder,
                             struct index_due_person **due_out,
                             size_t *count_out);

/* The contact that a person is made of; folder 0: there is none. */
enum status index_person_contact(struct op *op, struct index *index,
                                 const char *id, int64_t *folder_out,
                                 const char **name_out);

/* Takes some of the people away that are of another edition than this one;
 * `*left_out` tells whether there are others. */
enum status index_people_drop(struct op *op, struct index *index, int64_t book,
                              bool *left_out);

#endif
