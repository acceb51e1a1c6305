/*
 * search_content.c - what only Exchange knows: texts of bodies
 *
 * It is asked about the whole folder in one call; what it names counts among the
 * candidates.
 */
#include "imap/search_steps.h"

#include "imap/search_bits.h"
#include "proxy/base/arena.h"
#include "proxy/exchange/mail.h"

/* Keeps of `set` what Exchange names. */
static enum status ask(struct search *search, const struct search_key *key,
                       enum mail_search_field field, uint64_t *set)
{
    uint32_t *uids;
    size_t count;
    if (bits_empty(set, search->count))
        return STATUS_OK;
    enum status status =
        mail_search(search->op, search->account, imap_folder_id(search->folder),
                    field, NULL, key->text, &uids, &count);
    if (status != STATUS_OK)
        return status;
    uint64_t *named = bits_new(search->op->arena, search->count);
    search_add_uids(search, set, uids, count, named);
    bits_keep(set, named, search->count);
    return STATUS_OK;
}

/* Headers are looked at here, as Exchange searches properties that show in no
 * header; then it is asked about the bodies of the others, and about all of the
 * messages whose headers are too many to be read. */
static enum status keep_by_text(struct search *search,
                                const struct search_key *key, uint64_t *set)
{
    struct arena *arena = search->op->arena;
    uint64_t *found = bits_copy(arena, set, search->count);
    uint64_t *unknown = bits_new(arena, search->count);
    enum status status = search_keep_by_reading(search, key, found, unknown);
    bits_drop(found, unknown, search->count);
    bits_drop(set, found, search->count);
    bits_drop(set, unknown, search->count);
    bits_drop(set, search->gone, search->count);
    if (status == STATUS_OK)
        status = ask(search, key, MAIL_SEARCH_BODY, set);
    if (status == STATUS_OK)
        status = ask(search, key, MAIL_SEARCH_TEXT, unknown);
    bits_join(set, found, search->count);
    bits_join(set, unknown, search->count);
    return status;
}

enum status search_keep_by_content(struct search *search,
                                   const struct search_key *key, uint64_t *set)
{
    /* Every text contains the empty one. */
    if (*key->text == '\0')
        return STATUS_OK;
    return key->field == MAIL_SEARCH_TEXT
               ? keep_by_text(search, key, set)
               : ask(search, key, MAIL_SEARCH_BODY, set);
}

/* --- Fuzzy ---------------------------------------------------------------- */

/* The key itself, not in any manner. */
static enum status keep_exactly(struct search *search,
                                const struct search_key *key, uint64_t *set)
{
    return key->field == MAIL_SEARCH_BODY || key->field == MAIL_SEARCH_TEXT
               ? search_keep_by_content(search, key, set)
               : search_keep_by_header(search, key, set);
}

/* What Exchange's own query language finds; where the server has none, or knows
 * no such field, what is exactly so. */
enum status search_keep_by_words(struct search *search,
                                 const struct search_key *key, uint64_t *set)
{
    uint32_t *uids;
    size_t count;
    if (*key->text == '\0' || key->field == MAIL_SEARCH_HEADER)
        return keep_exactly(search, key, set);
    enum status status = mail_search_words(
        search->op, search->account, imap_folder_id(search->folder), key->field,
        key->text, &uids, &count);
    if (status == STATUS_UNSUPPORTED)
        return keep_exactly(search, key, set);
    if (status != STATUS_OK)
        return status;
    uint64_t *named = bits_new(search->op->arena, search->count);
    search_add_uids(search, set, uids, count, named);
    bits_keep(set, named, search->count);
    return STATUS_OK;
}
