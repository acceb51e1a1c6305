/*
 * lookup.h - many messages by their UIDs, neighbours with one query
 */
#ifndef POSTERN_EXCHANGE_INDEX_LOOKUP_H
#define POSTERN_EXCHANGE_INDEX_LOOKUP_H

#include "proxy/exchange/index/db.h"

struct lookup {
    struct index *index;
    const char *sql;
    int64_t folder;
    const uint32_t *uids;
    size_t count;
    size_t end; /* of the stretch being looked up */
    size_t at;  /* the position in `uids` of what was found */
    sqlite3_stmt *row;
};

/* The statement selects the UID first, of folder ?1 and UIDs from ?2 to ?3, in
 * ascending order.  Inside db_read or db_write. */
struct lookup lookup_begin(struct index *index, const char *sql, int64_t folder,
                           const uint32_t uids[], size_t count);

/* The next one that is there; false at the end and after a failure. */
bool lookup_next(struct lookup *lookup);

#endif
