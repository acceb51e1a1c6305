/*
 * publics.h - the mailboxes of the public folders, from 2013 on
 *
 * The first one, EXCHANGE_PUBLIC_TREE, has the tree, and the content of all
 * folders that have not been put elsewhere.  To the model all of them are in
 * one mailbox: these only tell which server a call should arrive at.
 */
#ifndef POSTERN_TESTS_EXCHANGE_PUBLICS_H
#define POSTERN_TESTS_EXCHANGE_PUBLICS_H

#include "tests/exchange/model.h"

struct sim_public {
    char *address;
    char guid[37];
};

/* The one of this address, or of this GUID at any domain; NULL: none. */
const struct sim_public *sim_public_find(const struct exchange *exchange,
                                         const char *address);

/* The one with the tree; the one with what is in a folder.  There are public
 * folders. */
const struct sim_public *sim_public_tree(const struct exchange *exchange);
const struct sim_public *sim_public_of(const struct sim_folder *folder);

/* Makes the first one. */
void sim_publics_begin(struct exchange *exchange);
void sim_publics_free(struct exchange *exchange);

#endif
