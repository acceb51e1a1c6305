/*
 * validity.h - UIDVALIDITYs that never come twice (RFC 3501, 2.3.1.1)
 */
#ifndef POSTERN_EXCHANGE_INDEX_VALIDITY_H
#define POSTERN_EXCHANGE_INDEX_VALIDITY_H

#include "proxy/exchange/index/db.h"

/* Takes up what earlier indexes of the account have given; `made` when this one
 * is new. */
void validity_open(struct index *index, bool made);

/* One for a new folder, and a folder that is removed; inside db_write. */
int64_t validity_next(struct index *index);
void validity_removed(struct index *index, int64_t folder);

#endif
