/*
 * directory_book.h - the offline address book in the index
 *
 * Where the setting directory.offline wants it, an account's book is downloaded
 * in the background once it is asked for people, and looked after again each
 * directory.book_interval.  An edition replaces the one before in one step,
 * once all of it is there.
 */
#ifndef POSTERN_EXCHANGE_DIRECTORY_BOOK_H
#define POSTERN_EXCHANGE_DIRECTORY_BOOK_H

#include "proxy/exchange/directory_private.h"

/* Tells of those in the book whom a question finds, and of nobody else there
 * is.  False: there is no book (yet). */
bool book_find(struct op *op, struct account *account,
               const struct people_query *query, struct telling *telling,
               bool *complete_out, enum status *status_out);

#endif
