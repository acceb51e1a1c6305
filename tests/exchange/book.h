/*
 * book.h - the offline address book: an edition of the directory as files
 *
 * An edition is made when exchange_offer_book or exchange_new_book say so; what
 * changes in the directory after that is in the next one.
 */
#ifndef POSTERN_TESTS_EXCHANGE_BOOK_H
#define POSTERN_TESTS_EXCHANGE_BOOK_H

#include <stdint.h>

#include "tests/exchange/exchange.h"

struct arena;
struct buf;

#define BOOK_FOLDER "/OAB/6f1f3a52-5c08-4cda-844a-253ff36b4a6a/"
#define BOOK_ID "c1d0a1b6-0f6e-4f0e-9f52-7a52a0d1c3f4"

/* From the edition before to this one. */
struct sim_patch {
    uint32_t sequence;
    unsigned char *data; /* its file */
    size_t len;
    size_t unpacked; /* the size of the edition that it makes */
};

/* So many of the newest patches can be had. */
#define BOOK_PATCHES 4

struct sim_book {
    uint32_t sequence; /* 0: no book is offered */
    bool compressed;
    enum exchange_book_fault fault;
    unsigned char *data; /* the file with the details */
    size_t len;
    unsigned char *details;                 /* before they were compressed */
    size_t unpacked;                        /* how many octets */
    struct sim_patch patches[BOOK_PATCHES]; /* the newest one first */
};

void sim_book_free(struct exchange *exchange);

/* The details of everybody (MS-OXOAB 2.9, version 4), not compressed. */
void book_write(struct buf *out, const struct exchange *exchange);

/* A file by its path below the server; NULL: there is none.  In the arena. */
const char *book_file(struct exchange *exchange, struct arena *arena,
                      const char *path, const char **type_out, size_t *len_out);

/* A word that changes with each edition. */
const char *book_edition(struct exchange *exchange, struct arena *arena);

/* Where it is, in the words of autodiscover; NULL: nowhere. */
const char *book_url(struct exchange *exchange, struct arena *arena);

#endif
