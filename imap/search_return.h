/*
 * search_return.h - what a search tells of its results, and in which words
 *
 * RFC 4731 (ESEARCH), 5182 (SAVE), 9394 (PARTIAL), 6203 (RELEVANCY), 5267
 * (the same for SORT); RFC 4466, 2.6.2:
 *
 *     SEARCH RETURN (<option> ...) <key> ...
 *     * ESEARCH (TAG "a1") UID MIN 7 MAX 3800 COUNT 15
 */
#ifndef POSTERN_IMAP_SEARCH_RETURN_H
#define POSTERN_IMAP_SEARCH_RETURN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imap/command.h"
#include "imap/partial.h"

struct search_query;

enum search_option {
    RETURN_MIN = 1 << 0,
    RETURN_MAX = 1 << 1,
    RETURN_ALL = 1 << 2,
    RETURN_COUNT = 1 << 3,
    RETURN_PARTIAL = 1 << 4,
    RETURN_RELEVANCY = 1 << 5,
    RETURN_SAVE = 1 << 6,
};

struct search_return {
    bool extended;    /* answer with ESEARCH */
    unsigned options; /* of enum search_option */
    struct imap_partial partial;
};

/* " RETURN (...)" if it is there; false when it is no such thing.  Without any
 * option that returns something ALL is one, but SAVE alone returns nothing. */
bool search_return_read(struct imap_args *args,
                        struct search_return *returns_out);

struct search_result {
    const uint32_t *numbers; /* of messages, in the order to be told */
    size_t count;
    bool is_sorted;        /* in another order than the folder's */
    bool tells_modseq;     /* MODSEQ was among the keys */
    const uint8_t *scores; /* of message n at n - 1; NULL: none were asked
                              for */
};

/* Tells and saves the result.  `name` is what an answer without ESEARCH begins
 * with. */
void search_return_write(struct imap_command *command,
                         const struct search_return *returns,
                         const struct search_result *result, const char *name);

/* After a search that is answered with NO, nothing is saved (RFC 5182, 2.1). */
struct imap_answer search_return_fail(struct imap_command *command,
                                      const struct search_return *returns,
                                      struct imap_answer answer);

#endif
