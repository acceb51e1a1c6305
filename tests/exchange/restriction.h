/*
 * restriction.h - which items a search finds, in which order, and which page of
 * them
 */
#ifndef POSTERN_TESTS_EXCHANGE_RESTRICTION_H
#define POSTERN_TESTS_EXCHANGE_RESTRICTION_H

#include "tests/exchange/call.h"

/* Whether an expression can be asked: the code of what cannot. */
const char *restriction_check(struct call *call, const struct node *expression);

/* Whether an item or a folder fits an expression. */
bool restriction_fits(struct call *call, const struct node *expression,
                      struct sim_item *item);
bool restriction_fits_folder(struct call *call, const struct node *expression,
                             struct sim_folder *folder);

/* Sorts by SortOrder; a stable order by arrival, newest first, without one. */
void sort_items(struct call *call, const struct node *order,
                struct sim_item *items[], size_t count);

/* What a view (NULL: all) shows of so many rows: at most a thousand. */
struct page {
    size_t start;
    size_t end;
    bool last;
};

struct page page_of(struct call *call, const struct node *view, size_t count);

/* Why a Find cannot be answered now: too much is looked for at once. */
const char *page_refused(struct call *call, const struct node *view);

#endif
