/*
 * search_run.h - which messages a search finds
 */
#ifndef POSTERN_IMAP_SEARCH_RUN_H
#define POSTERN_IMAP_SEARCH_RUN_H

#include <stdint.h>

#include "proxy/base/op.h"

struct account;
struct imap_folder;
struct search_key;

/* The messages of the folder that match, as bits (search_bits.h) in op's arena.
 * Exchange is asked only for what cannot be known without it. */
enum status search_run(struct op *op, struct account *account,
                       const struct imap_folder *folder,
                       const struct search_key *key, uint64_t **found_out);

/* How well the messages of the folder fit the FUZZY keys, 1 to 100 for message
 * n at n - 1 (RFC 6203, 4), as far as that can be told without asking. */
enum status search_score(struct op *op, struct account *account,
                         const struct imap_folder *folder,
                         const struct search_key *key, uint8_t **scores_out);

#endif
