/*
 * search_keys.h - what a SEARCH asks for, as a tree
 */
#ifndef POSTERN_IMAP_SEARCH_KEYS_H
#define POSTERN_IMAP_SEARCH_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/exchange/mail.h"

struct imap_args;
struct imap_folder;

enum search_kind {
    SEARCH_ALL,
    SEARCH_NONE, /* a keyword that no message can have */
    SEARCH_FLAG,
    SEARCH_CATEGORY,
    SEARCH_RECENT,
    SEARCH_NEW,
    SEARCH_NUMBERS, /* a set of numbers or UIDs */
    SEARCH_LARGER,
    SEARCH_SMALLER,
    SEARCH_RECEIVED, /* by INTERNALDATE */
    SEARCH_OLDER,    /* than `moment`, or of then */
    SEARCH_YOUNGER,
    SEARCH_MODSEQ,   /* at least `number` */
    SEARCH_EMAIL_ID, /* RFC 8474 */
    SEARCH_THREAD_ID,
    SEARCH_SAVED, /* by SAVEDATE */
    SEARCH_SENT,  /* by the Date field */
    SEARCH_TEXT,  /* in header or body, as `field` says */
    SEARCH_AND,
    SEARCH_OR,
    SEARCH_NOT
};

enum search_relation { SEARCH_BEFORE, SEARCH_ON, SEARCH_SINCE };

/* What a key costs to answer, the cheapest first. */
enum search_cost {
    SEARCH_COST_VIEW,    /* the folder's view tells */
    SEARCH_COST_INDEX,   /* the index does */
    SEARCH_COST_HEADER,  /* headers tell, most of which may be known */
    SEARCH_COST_EXCHANGE /* Exchange has to be asked */
};

struct search_key {
    enum search_kind kind;
    enum search_cost cost;
    uint32_t flag;
    const char *category;
    const uint64_t *numbers; /* see search_bits.h */
    uint64_t number;         /* a size, or a modification sequence */
    enum search_relation relation;
    int64_t day;    /* since 1970-01-01 */
    int64_t moment; /* seconds since then */
    enum mail_search_field field;
    bool is_fuzzy;                      /* RFC 6203: matched in any manner */
    const char *name;                   /* of the header field */
    const char *text;                   /* UTF-8 */
    const char *folded;                 /* without regard to case */
    const struct search_key **children; /* the cheapest first */
    size_t child_count;
};

/* What is to be found. */
struct search_query {
    const struct search_key *key; /* all keys make one AND */
    const char *charset;          /* NULL: none was named */
    bool uses_numbers;            /* a key was a set of message numbers */
    bool asks_size;               /* a key was LARGER or SMALLER */
    bool asks_modseq;             /* a key was MODSEQ (RFC 7162, 3.1.5) */
    bool is_fuzzy;                /* a key was FUZZY */
};

enum search_reading {
    SEARCH_READ,
    SEARCH_BAD, /* not the grammar, or a number that is not there */
    SEARCH_BAD_CHARSET,
    SEARCH_TOO_MUCH /* more keys or levels than we take */
};

/* Reads the arguments of SEARCH from the space before them on: a charset if
 * there is one, and keys. */
enum search_reading search_keys_read(struct imap_args *args,
                                     const struct imap_folder *folder,
                                     struct search_query *query_out);

/* Those of SORT and THREAD, which have to name their charset (RFC 5256, 3). */
enum search_reading search_keys_read_in_charset(
    struct imap_args *args, const struct imap_folder *folder,
    struct search_query *query_out);

#endif
