/*
 * directory_kept.h - questions to the directory whose answers are kept
 *
 * What is fresh is not asked for again, several who have a question at once
 * make one call, and failures are not kept.
 */
#ifndef POSTERN_EXCHANGE_DIRECTORY_KEPT_H
#define POSTERN_EXCHANGE_DIRECTORY_KEPT_H

#include "proxy/exchange/directory_private.h"

struct question {
    struct account *account;
    const char *key;   /* by which the answer is kept */
    const char *text;  /* letters, or an address */
    size_t limit;      /* how many are wanted */
    unsigned pixels;   /* of a picture */
    uint64_t asked_ms; /* since when, of time_monotonic_ms */

    /* Makes the call; the answer's data is in op's arena.  STATUS_NOT_FOUND is
     * an answer, too. */
    enum status (*ask)(struct op *op, struct question *question,
                       struct directory_answer *answer_out);
};

/* A fresh answer to just this question; NULL: there is none. */
const struct directory_answer *question_known(struct op *op,
                                              const struct question *question);

/* An answer, whatever its age. */
const struct directory_answer *question_old(struct op *op,
                                            const struct question *question);

/* Whether an answer is fresh; and whether it tells as much as is wanted. */
bool question_is_fresh(const struct question *question,
                       const struct directory_answer *answer);

/* Asks, or waits for another who does. */
enum status question_ask(struct op *op, struct question *question,
                         const struct directory_answer **answer_out);

/* The answer by any of these means: STATUS_OK with an old one, which is not
 * complete, where a new one cannot be had for now. */
enum status question_answer(struct op *op, struct question *question,
                            const struct directory_answer **answer_out);

/* Whether the same may succeed later, so that something old will do. */
bool directory_is_passing(enum status status);

#endif
