/*
 * search_arguments.h - what stands behind the name of a search key
 *
 * Private to the search files.
 */
#ifndef POSTERN_IMAP_SEARCH_ARGUMENTS_H
#define POSTERN_IMAP_SEARCH_ARGUMENTS_H

#include "imap/search_keys.h"

struct search_reader {
    struct imap_args *args;
    const struct imap_folder *folder;
    struct search_query *query; /* what is noted about it while reading */
    bool is_fuzzy;              /* inside of FUZZY */
    size_t depth;
    size_t keys;
    bool too_much;
};

enum search_argument {
    NOTHING,
    KEYWORD,
    DATE,
    SIZE,
    INTERVAL,
    MODSEQ,
    OBJECT_ID,
    UID_SET,
    STRING,
    FIELD
};

/* Reads it, from the space on, into `key`. */
bool search_read_argument(struct search_reader *reader,
                          enum search_argument argument,
                          struct search_key *key);

/* A set of messages, without a space before it. */
bool search_read_set(struct search_reader *reader, bool by_uid,
                     struct search_key *key);

#endif
