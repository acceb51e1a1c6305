/*
 * search_content.c - texts of bodies
 *
 * Messages that are kept here whole are looked into.  About the others Exchange
 * is asked, in one call for the whole folder; what it names counts among the
 * candidates.  It matches in its own ways, so that what it names is looked into
 * as well where that can be done.  Large folders are asked about first, so that
 * only what is named has to be looked into.
 */
#include "imap/search_steps.h"

#include "imap/search_bits.h"
#include "proxy/base/arena.h"
#include "proxy/exchange/mail.h"
#include "proxy/format/mime_text.h"

/* So many messages are looked into for one key. */
#define LOOK_MAX 200

/* --- Asking --------------------------------------------------------------- */

/* Keeps of `set` what is named by UIDs. */
static void keep_named(struct search *search, uint64_t *set,
                       const uint32_t uids[], size_t count)
{
    uint64_t *named = bits_new(search->op->arena, search->count);

    search_add_uids(search, set, uids, count, named);
    bits_keep(set, named, search->count);
}

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
    if (status == STATUS_OK)
        keep_named(search, set, uids, count);
    return status;
}

/* --- Looking -------------------------------------------------------------- */

static enum mime_found look(struct search *search, const struct search_key *key,
                            uint32_t uid)
{
    struct op op = *search->op;
    struct mail_content content;
    op.arena = search->scratch;
    enum mime_found found = MIME_NOT_KNOWN;
    if (mail_known_content(&op, search->account, imap_folder_id(search->folder),
                           uid, &content))
        found = mime_text_find(search->scratch, content.structure,
                               content.content, key->folded);
    arena_reset(search->scratch);
    return found;
}

/* Takes out of `set` what is known not to match, and notes in `found` what is
 * known to; if there are too many to look into, nothing. */
static void look_at_all(struct search *search, const struct search_key *key,
                        uint64_t *set, uint64_t *found)
{
    struct search_list list = search_list_set(search, set);
    for (size_t i = 0;
         list.count <= LOOK_MAX && i < list.count && !op_cancelled(search->op);
         i++) {
        enum mime_found result = look(search, key, list.uids[i]);
        if (result == MIME_FOUND)
            bits_add(found, list.numbers[i]);
        else if (result == MIME_NOT_FOUND)
            bits_remove(set, list.numbers[i]);
    }
}

static enum status keep_by_body(struct search *search,
                                const struct search_key *key, uint64_t *set)
{
    uint64_t *found = bits_new(search->op->arena, search->count);
    bool many = bits_count(set, search->count) > LOOK_MAX;
    look_at_all(search, key, set, found);
    bits_drop(set, found, search->count);
    enum status status = ask(search, key, MAIL_SEARCH_BODY, set);
    if (many && status == STATUS_OK)
        look_at_all(search, key, set, found);
    bits_join(set, found, search->count);
    return status;
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
        status = keep_by_body(search, key, set);
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
    return key->field == MAIL_SEARCH_TEXT ? keep_by_text(search, key, set)
                                          : keep_by_body(search, key, set);
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
    if (status == STATUS_OK)
        keep_named(search, set, uids, count);
    return status;
}
