/*
 * search_score.c - how well messages fit a fuzzy search
 *
 * Exchange does not tell.  A text that is literally in the subject is thought
 * to be looked for, more than one among the addresses, and that more than one
 * that only Exchange finds in the message.
 */
#include "imap/search_run.h"

#include <string.h>

#include "imap/folder.h"
#include "imap/search_keys.h"
#include "proxy/base/arena.h"
#include "proxy/exchange/mail.h"

#define SCORE_EXACT 100
#define SCORE_FOUND 50

/* Where a text may be, for a key about that field or about all. */
static const struct {
    enum mail_search_field field;
    uint8_t score;
} places[] = {
    { MAIL_SEARCH_CC, 70 },
    { MAIL_SEARCH_TO, 80 },
    { MAIL_SEARCH_FROM, 90 },
    { MAIL_SEARCH_SUBJECT, SCORE_EXACT },
};

struct scoring {
    struct op *op;
    struct account *account;
    const struct imap_folder *folder;
    uint8_t *scores;
};

static enum status raise(struct scoring *scoring, const struct search_key *key,
                         enum mail_search_field field, uint8_t score)
{
    uint32_t *uids, *unknown;
    size_t count, unknown_count;
    enum status status = mail_search_summaries(
        scoring->op, scoring->account, imap_folder_id(scoring->folder), field,
        key->text, &uids, &count, &unknown, &unknown_count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        uint32_t number = imap_folder_number(scoring->folder, uids[i]);
        if (number > 0 && scoring->scores[number - 1] < score)
            scoring->scores[number - 1] = score;
    }
    return status;
}

/* NOT says nothing about how well something fits. */
static enum status score_key(struct scoring *scoring,
                             const struct search_key *key)
{
    enum status status = STATUS_OK;
    for (size_t i = 0;
         key->kind != SEARCH_NOT && i < key->child_count && status == STATUS_OK;
         i++)
        status = score_key(scoring, key->children[i]);
    if (!key->is_fuzzy || *key->text == '\0')
        return status;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        bool all = key->field == MAIL_SEARCH_TEXT;
        if (status == STATUS_OK && (all || key->field == places[i].field))
            status = raise(scoring, key, places[i].field,
                           all ? places[i].score : SCORE_EXACT);
    }
    return status;
}

static bool has_fuzzy_text(const struct search_key *key)
{
    for (size_t i = 0; key->kind != SEARCH_NOT && i < key->child_count; i++) {
        if (has_fuzzy_text(key->children[i]))
            return true;
    }
    return key->is_fuzzy;
}

enum status search_score(struct op *op, struct account *account,
                         const struct imap_folder *folder,
                         const struct search_key *key, uint8_t **scores_out)
{
    size_t count = imap_folder_count(folder);
    struct scoring scoring = { op, account, folder,
                               arena_alloc(op->arena, count + 1) };
    /* Keys without a text are matched exactly. */
    memset(scoring.scores, has_fuzzy_text(key) ? SCORE_FOUND : SCORE_EXACT,
           count);
    *scores_out = scoring.scores;
    return score_key(&scoring, key);
}
