/*
 * stores.h - what lies beside the folders of a mailbox: its archive, the public
 * folders, deleted items that can be recovered, and folders of searches
 *
 * An archive is a mailbox of its own that nobody logs in to.  The public
 * folders are one for all; each user has read other things there.
 */
#ifndef POSTERN_TESTS_EXCHANGE_STORES_H
#define POSTERN_TESTS_EXCHANGE_STORES_H

#include "tests/exchange/model.h"

/* A mailbox by the name that tests give it: an address, an address with
 * "/archive", or EXCHANGE_PUBLIC; NULL if there is none. */
struct sim_mailbox *sim_store_find(struct exchange *exchange, const char *name);

/* The folder of a distinguished id as its owner names it, which may be in his
 * archive or among the public folders; NULL with its code. */
struct sim_folder *sim_store_folder(struct sim_mailbox *owner, const char *use,
                                    const char **code_out);

/* Whether somebody can log in to it. */
bool sim_is_user(const struct sim_mailbox *mailbox);
bool sim_is_public(const struct sim_mailbox *mailbox);

/* The folder that paths begin at. */
struct sim_folder *sim_top(struct sim_mailbox *mailbox);

/* The flags as who asks now sees them, and how much is unread for him. */
uint32_t sim_item_flags(const struct sim_item *item);
size_t sim_folder_unread(const struct sim_folder *folder);

/* Marks a public item as read by who asks now, or not. */
void sim_item_set_read_by_caller(struct sim_item *item, bool read);

/* What a folder shows: its items, or what its search finds. */
size_t sim_folder_total(const struct sim_folder *folder);
struct sim_item **sim_folder_items(struct arena *arena,
                                   const struct sim_folder *folder,
                                   size_t *count_out);

/* Where Exchange 2007 keeps what was deleted softly in a folder; NULL: nothing
 * was.  With `make`, it is made. */
struct sim_folder *sim_dumpster(struct sim_folder *folder, bool make);

#endif
