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
    SEARCH_SENT,     /* by the Date field */
    SEARCH_TEXT,     /* in header or body, as `field` says */
    SEARCH_AND,
    SEARCH_OR,
    SEARCH_NOT
};

enum search_relation { SEARCH_BEFORE, SEARCH_ON, SEARCH_SINCE };

/* What a key costs to answer, the cheapest first. */
enum search_cost {
    SEARCH_COST_VIEW,    /* the folder's view tells */
    SEARCH_COST_HEADER,  /* headers tell, most of which may be known */
    SEARCH_COST_EXCHANGE /* Exchange has to be asked */
};

struct search_key {
    enum search_kind kind;
    enum search_cost cost;
    uint32_t flag;
    const char *category;
    const uint64_t *numbers; /* see search_bits.h */
    uint64_t size;
    enum search_relation relation;
    int64_t day; /* since 1970-01-01 */
    enum mail_search_field field;
    const char *name;                   /* of the header field */
    const char *text;                   /* UTF-8 */
    const char *folded;                 /* without regard to case */
    const struct search_key **children; /* the cheapest first */
    size_t child_count;
};

enum search_reading {
    SEARCH_READ,
    SEARCH_BAD, /* not the grammar, or a number that is not there */
    SEARCH_BAD_CHARSET,
    SEARCH_TOO_MUCH /* more keys or levels than we take */
};

/* Reads the arguments of SEARCH, the charset included; all keys make one AND.
 */
enum search_reading search_keys_read(struct imap_args *args,
                                     const struct imap_folder *folder,
                                     const struct search_key **key_out);

#endif
