/*
 * query.h - searching in the language of the content index (AQS)
 *
 *     expression   = disjunction, disjunctions joined by OR
 *     disjunction  = terms, joined by AND or nothing; NOT negates one
 *     term         = word | "words" | property:value | (expression)
 *
 * A word fits the beginning of any word there is, whatever the case; words
 * between quotes fit as they stand.  AND, OR and NOT are only that in capitals.
 */
#ifndef POSTERN_TESTS_EXCHANGE_QUERY_H
#define POSTERN_TESTS_EXCHANGE_QUERY_H

#include "tests/exchange/model.h"

struct query;

/* Reads a query. */
struct query *query_read(struct arena *arena, const char *text);

bool query_fits(const struct query *query, struct sim_item *item);

#endif
