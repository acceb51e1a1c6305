/*
 * calendar_view.h - what happens in a calendar between two instants
 */
#ifndef POSTERN_TESTS_EXCHANGE_CALENDAR_VIEW_H
#define POSTERN_TESTS_EXCHANGE_CALENDAR_VIEW_H

#include "tests/exchange/show.h"

/* Single events and occurrences that are at least partly within, by start. */
struct sim_item **calendar_between(struct arena *arena,
                                   const struct sim_folder *folder,
                                   int64_t from, int64_t to, size_t *count_out);

/* Why a view (which may be of another kind) cannot be; and its answer. */
const char *calendar_view_refused(struct call *call, const struct node *view);
void calendar_view(struct call *call, struct sim_folder *folder,
                   const struct node *view, const struct shape *shape);

#endif
