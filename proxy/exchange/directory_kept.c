/*
 * directory_kept.c - questions to the directory whose answers are kept
 */
#include "proxy/exchange/directory_kept.h"

#include "proxy/base/arena.h"
#include "proxy/base/time.h"

bool directory_is_passing(enum status status)
{
    return status == STATUS_BUSY || status == STATUS_UNAVAILABLE ||
           status == STATUS_TIMEOUT || status == STATUS_IN_USE;
}

bool question_is_fresh(const struct question *question,
                       const struct directory_answer *answer)
{
    uint64_t seconds =
        account_settings(question->account)->directory.cache_seconds;

    /* What has come since is as good as an answer of one's own. */
    return answer->told_ms > question->asked_ms ||
           time_monotonic_ms() - answer->told_ms < seconds * 1000;
}

const struct directory_answer *question_old(struct op *op,
                                            const struct question *question)
{
    return directory_cache_find(op, account_directory_cache(question->account),
                                question->account->key, question->key);
}

const struct directory_answer *question_known(struct op *op,
                                              const struct question *question)
{
    const struct directory_answer *answer = question_old(op, question);
    bool enough = answer != NULL &&
                  (answer->complete || answer->limit >= question->limit);

    return enough && question_is_fresh(question, answer) ? answer : NULL;
}

/* It is the caller's turn. */
static enum status ask_now(struct op *op, struct question *question,
                           const struct directory_answer **answer_out)
{
    struct account *account = question->account;
    struct directory_answer told = { .limit = question->limit };

    *answer_out = question_known(op, question);
    if (*answer_out != NULL)
        return STATUS_OK;
    enum status status = question->ask(op, question, &told);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    told.none = status == STATUS_NOT_FOUND;
    told.told_ms = time_monotonic_ms();
    *answer_out = directory_cache_put(
        op, account_directory_cache(account), account->key, question->key,
        &told, account_settings(account)->directory.cache_limit);
    return STATUS_OK;
}

enum status question_ask(struct op *op, struct question *question,
                         const struct directory_answer **answer_out)
{
    struct directory_cache *cache = account_directory_cache(question->account);
    struct directory_turn *turn;
    enum status status;
    bool mine;

    do {
        mine = directory_turn_begin(op, cache, question->account->key,
                                    question->key, &turn, &status);
        if (mine)
            status = ask_now(op, question, answer_out);
        else
            *answer_out = question_known(op, question);
        directory_turn_end(cache, &turn, mine, status);
        /* Somebody else's answer may have been for fewer people, or too large
         * to be kept. */
    } while (!mine && status == STATUS_OK && *answer_out == NULL);
    return status;
}

enum status question_answer(struct op *op, struct question *question,
                            const struct directory_answer **answer_out)
{
    *answer_out = question_known(op, question);
    if (*answer_out != NULL)
        return STATUS_OK;
    enum status status = question_ask(op, question, answer_out);
    if (!directory_is_passing(status))
        return status;
    const struct directory_answer *old = question_old(op, question);
    if (old == NULL)
        return status;
    struct directory_answer *copy = arena_memdup(op->arena, old, sizeof *old);
    copy->complete = false;
    *answer_out = copy;
    return STATUS_OK;
}
