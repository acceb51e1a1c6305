/*
 * folders.h - single folders, for the files that take in trees of them
 *
 * Within a transaction that has begun.
 */
#ifndef POSTERN_EXCHANGE_INDEX_FOLDERS_H
#define POSTERN_EXCHANGE_INDEX_FOLDERS_H

#include <stdint.h>

struct index;
struct remote_folder;

/* `reading` is the number of the reading of the tree that has brought it. */
int64_t index_insert_folder(struct index *index,
                            const struct remote_folder *folder, int64_t store,
                            int64_t reading);

/* With all that is in it; its UIDVALIDITY is never given again. */
void index_remove_folder(struct index *index, int64_t id);

/* Takes back what a folder is subscribed by itself. */
void index_unsubscribe_new(struct index *index, int64_t id);

/* The folder and what is below it get other names, to which nobody has
 * subscribed; those that they had stay as they are. */
void index_leave_names(struct index *index, int64_t id);

#endif
