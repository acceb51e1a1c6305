/*
 * directory_listed.h - those whom the index lists: one's own, and a book
 */
#ifndef POSTERN_EXCHANGE_DIRECTORY_LISTED_H
#define POSTERN_EXCHANGE_DIRECTORY_LISTED_H

#include "proxy/exchange/directory_private.h"
#include "proxy/exchange/index/people.h"

/* Tells of those in a book of the index whom a question finds. */
enum status listed_find(struct op *op, struct account *account, int64_t book,
                        const struct people_query *query,
                        struct telling *telling);

/* As listed_find, of the one with this id. */
enum status listed_get(struct op *op, struct account *account, int64_t book,
                       const char *id, struct telling *telling);

/* People on their way into the index, some at a time. */
enum { LISTED_BATCH = 128 };

struct listing {
    struct op op; /* with an arena for one batch */
    struct account *account;
    int64_t book;
    struct index_new_person people[LISTED_BATCH];
    size_t count;
    enum status status;
};

void listing_begin(struct listing *listing, struct op *op,
                   struct account *account, int64_t book);

/* Adds a person, who has an id, or (NULL) notes that there is nothing to tell
 * of a contact.  False: the index has failed. */
bool listing_add(struct listing *listing, const struct person *person,
                 int64_t object, uint64_t revision);

/* Writes what is left; STATUS_OK: all are there. */
enum status listing_end(struct listing *listing);

#endif
