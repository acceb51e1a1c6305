/*
 * search_steps.h - how single keys are answered
 *
 * Private to the search files.  Each function is given a key and a set of
 * candidates, and keeps those that match.
 */
#ifndef POSTERN_IMAP_SEARCH_STEPS_H
#define POSTERN_IMAP_SEARCH_STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imap/folder.h"
#include "imap/search_keys.h"
#include "proxy/base/op.h"

/* What the known headers say in the fields of a name, by number - 1; NULL where
 * that has not been looked at. */
#define SEARCH_MEMOS 4
struct search_memo {
    const char *name;
    const char **texts;
};

struct search {
    struct op *op;
    struct account *account;
    const struct imap_folder *folder;
    size_t count;                      /* of messages */
    const struct mail_entry **entries; /* by number - 1; NULL: gone */
    struct arena *arena;               /* what stays until the end */
    struct arena *room;                /* for one key at a time */
    struct arena *scratch;             /* for one header at a time */
    uint64_t *gone; /* found out to be deleted while searching */

    /* Fields that have been looked at, for the keys to come. */
    struct search_memo memos[SEARCH_MEMOS];
    size_t memo_count;
    size_t memo_octets;
};

/* The messages of a set by number - 1, until the key is answered. */
struct search_list {
    size_t *numbers;
    uint32_t *uids;
    size_t count;
};
struct search_list search_list_set(const struct search *search,
                                   const uint64_t *set);

/* Adds to `out` those of `set` that are among these UIDs, in ascending order.
 */
void search_add_uids(const struct search *search, const uint64_t *set,
                     const uint32_t uids[], size_t count, uint64_t *out);

/* Whether a day is before, on or since the key's. */
bool search_matches_day(const struct search_key *key, int64_t day);

/* What the folder's view tells (search_view.c), and what the index does. */
void search_keep_by_view(const struct search *search,
                         const struct search_key *key, uint64_t *set);
enum status search_keep_by_index(const struct search *search,
                                 const struct search_key *key, uint64_t *set);

/* Fields of the header (search_header.c), and the Date. */
enum status search_keep_by_header(struct search *search,
                                  const struct search_key *key, uint64_t *set);
enum status search_keep_by_date(struct search *search,
                                const struct search_key *key, uint64_t *set);

/* The same from headers that are known or can be read in a few calls, for any
 * key that headers answer; `unknown` gets those of `set`, which keeps them,
 * whose headers are too many to be read, or cannot be. */
enum status search_keep_by_reading(struct search *search,
                                   const struct search_key *key, uint64_t *set,
                                   uint64_t *unknown);

/* What Exchange finds (search_content.c): the body, all of the text, and what
 * is like the text. */
enum status search_keep_by_content(struct search *search,
                                   const struct search_key *key, uint64_t *set);
enum status search_keep_by_words(struct search *search,
                                 const struct search_key *key, uint64_t *set);

#endif
