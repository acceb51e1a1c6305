/*
 * change.h - one transaction's change of a folder's messages
 *
 * Whatever a transaction does to a folder, its counters grow once and every row
 * that it touches gets their new values.
 */
#ifndef POSTERN_EXCHANGE_INDEX_CHANGE_H
#define POSTERN_EXCHANGE_INDEX_CHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "proxy/exchange/backend.h"
#include "proxy/exchange/index/db.h"

struct change {
    struct index *index;
    int64_t folder;
    int64_t uid_next;
    int64_t modseq; /* what changed rows get */
    int64_t revision;
    int64_t sweep;
    bool sweeping;
    bool visible; /* clients see a change */
    bool revised; /* views show a change */
    int64_t buried; /* new tombstones */
};

/* Inside db_write.  False when there is no such folder. */
bool change_begin(struct index *index, int64_t folder, struct change *change);

/* Writes the counters; the second ends the transaction with them. */
void change_end(struct change *change);
enum status change_finish(struct op *op, struct change *change);

/* The row that a sync has made of an arrival already, and its UID if it has
 * one; 0. */
int64_t change_arrived(struct change *change, const char *remote,
                       int64_t *uid_out);

/* Gives a row the next UID and returns it. */
uint32_t change_give_uid(struct change *change, int64_t row);

/* Gives a message a new row and UID, as what was told of the old one is not
 * true any more.  Returns the new row, 0 if there is no such message. */
int64_t change_renew(struct change *change, int64_t row);

/* Takes a row away; its UID leaves a tombstone. */
void change_remove(struct change *change, int64_t row, int64_t uid);

/* Leaves the tombstone only: the row has gone to another folder. */
void change_bury(struct change *change, int64_t uid);

/* Forgets the tombstones beyond the limits, by number after a change that has
 * buried some, and by age every now and then. */
void tombstones_bound(struct change *change);

/* Summaries of the index, inside db_write: summaries.c. */
struct mime_summary;
void summary_store(struct index *index, int64_t row,
                   const struct mime_summary *summary);
void summary_copy(struct index *index, int64_t to, int64_t from);

/* Names as one text, each ended by \x01, which no text from Exchange can hold;
 * NULL for none.  In the arena. */
const char *categories_pack(struct op *op, const char *const *names);
const char *const *categories_unpack(struct op *op, const char *packed);

#endif
