/*
 * directory_personal.h - the people in an account's own contact folders
 */
#ifndef POSTERN_EXCHANGE_DIRECTORY_PERSONAL_H
#define POSTERN_EXCHANGE_DIRECTORY_PERSONAL_H

#include "proxy/exchange/directory_private.h"

/* Tells of those whom a question finds.  The folders are looked at first,
 * unless that was done a few seconds ago (setting exchange.status_interval);
 * where it cannot be done, those who are known are told, which is not complete.
 */
enum status personal_find(struct op *op, struct account *account,
                          const struct people_query *query,
                          struct telling *telling, bool *complete_out);

/* The same of the one with this id. */
enum status personal_get(struct op *op, struct account *account, const char *id,
                         struct telling *telling);

/* His picture; STATUS_NOT_FOUND: there is none. */
enum status personal_photo(struct op *op, struct account *account,
                           const char *id, const void **data_out,
                           size_t *len_out, const char **type_out);

#endif
