/*
 * sort.h - the order in which SORT tells messages
 *
 * RFC 5256, BASE.6.4.SORT; RFC 5957 (display names); RFC 6203, 6 (relevancy)
 */
#ifndef POSTERN_IMAP_SORT_H
#define POSTERN_IMAP_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/op.h"

struct account;
struct imap_args;
struct imap_folder;
struct search_result;

enum sort_key {
    SORT_ARRIVAL,
    SORT_CC,
    SORT_DATE,
    SORT_DISPLAY_FROM,
    SORT_DISPLAY_TO,
    SORT_FROM,
    SORT_RELEVANCY,
    SORT_SIZE,
    SORT_SUBJECT,
    SORT_TO,
    SORT_KEYS
};

/* The most important first, each once: a key that comes again decides
 * nothing. */
struct sort_criteria {
    struct {
        enum sort_key key;
        bool reverse;
    } list[SORT_KEYS];
    size_t count;
};

/* "(REVERSE DATE SUBJECT)", without a space before it. */
bool sort_criteria_read(struct imap_args *args,
                        struct sort_criteria *criteria_out);

bool sort_criteria_have(const struct sort_criteria *criteria,
                        enum sort_key key);

/* Puts what was found into that order; what turns out to be deleted is left
 * out. */
enum status sort_result(struct op *op, struct account *account,
                        const struct imap_folder *folder,
                        const struct sort_criteria *criteria,
                        struct search_result *result);

#endif
