/*
 * search_run.c - which messages a search finds
 *
 * A key is asked about a set of candidates and keeps those that match, so that
 * of
 *
 *     UNSEEN FROM "ann" BODY "bread"
 *
 * FROM is asked about the unseen messages only, and BODY about what is then
 * left: if that is nothing, Exchange is not asked at all.  Keys come with the
 * cheapest first.
 */
#include "imap/search_run.h"

#include "imap/folder.h"
#include "imap/search_bits.h"
#include "imap/search_keys.h"
#include "imap/search_steps.h"
#include "proxy/base/arena.h"
#include "proxy/exchange/mail.h"

/* --- Sets and lists ------------------------------------------------------- */

struct search_list search_list_set(const struct search *search,
                                   const uint64_t *set)
{
    struct arena *arena = search->op->arena;
    struct search_list list = { .count = 0 };
    size_t count = bits_count(set, search->count);
    list.numbers = arena_array(arena, count, sizeof *list.numbers);
    list.uids = arena_array(arena, count, sizeof *list.uids);
    for (size_t n = 0; n < search->count; n++) {
        if (!bits_has(set, n))
            continue;
        list.numbers[list.count] = n;
        list.uids[list.count++] = search->entries[n]->uid;
    }
    return list;
}

void search_add_uids(const struct search *search, const uint64_t *set,
                     const uint32_t uids[], size_t count, uint64_t *out)
{
    size_t at = 0;
    for (size_t n = 0; n < search->count && at < count; n++) {
        if (!bits_has(set, n))
            continue;
        uint32_t uid = search->entries[n]->uid;
        while (at < count && uids[at] < uid)
            at++;
        if (at < count && uids[at] == uid)
            bits_add(out, n);
    }
}

/* --- The tree ------------------------------------------------------------ */

/* Keeps of the candidates in `set` those that match. */
static enum status keep(struct search *search, const struct search_key *key,
                        uint64_t *set);

static enum status keep_by_all(struct search *search,
                               const struct search_key *key, uint64_t *set)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < key->child_count && status == STATUS_OK; i++)
        status = keep(search, key->children[i], set);
    return status;
}

/* The dearer key is asked only about what the cheaper one did not find. */
static enum status keep_by_any(struct search *search,
                               const struct search_key *key, uint64_t *set)
{
    struct arena *arena = search->op->arena;
    uint64_t *found = bits_copy(arena, set, search->count);
    enum status status = keep(search, key->children[0], found);
    if (status != STATUS_OK)
        return status;
    bits_drop(set, found, search->count);
    status = keep(search, key->children[1], set);
    bits_join(set, found, search->count);
    return status;
}

static enum status keep_by_none(struct search *search,
                                const struct search_key *key, uint64_t *set)
{
    uint64_t *found = bits_copy(search->op->arena, set, search->count);
    enum status status = keep(search, key->children[0], found);
    bits_drop(set, found, search->count);
    return status;
}

static enum status keep_by_content(struct search *search,
                                   const struct search_key *key, uint64_t *set)
{
    if (key->is_fuzzy)
        return search_keep_by_words(search, key, set);
    return key->cost == SEARCH_COST_HEADER
               ? search_keep_by_header(search, key, set)
               : search_keep_by_content(search, key, set);
}

static enum status keep_by_single(struct search *search,
                                  const struct search_key *key, uint64_t *set)
{
    switch (key->kind) {
    case SEARCH_EMAIL_ID:
    case SEARCH_THREAD_ID:
    case SEARCH_SAVED:
        return search_keep_by_index(search, key, set);
    case SEARCH_SENT:
        return search_keep_by_date(search, key, set);
    case SEARCH_TEXT:
        return keep_by_content(search, key, set);
    default:
        search_keep_by_view(search, key, set);
        return STATUS_OK;
    }
}

/* There may be many keys: what one has needed goes before the next. */
static enum status keep_in_room(struct search *search,
                                const struct search_key *key, uint64_t *set)
{
    struct op *op = search->op;
    op->arena = search->room;
    enum status status = keep_by_single(search, key, set);
    op->arena = search->arena;
    op->reason = arena_strdup(op->arena, op->reason);
    arena_reset(search->room);
    return status;
}

static enum status keep(struct search *search, const struct search_key *key,
                        uint64_t *set)
{
    if (bits_empty(set, search->count))
        return STATUS_OK;
    switch (key->kind) {
    case SEARCH_AND:
        return keep_by_all(search, key, set);
    case SEARCH_OR:
        return keep_by_any(search, key, set);
    case SEARCH_NOT:
        return keep_by_none(search, key, set);
    default:
        return keep_in_room(search, key, set);
    }
}

enum status search_run(struct op *op, struct account *account,
                       const struct imap_folder *folder,
                       const struct search_key *key, uint64_t **found_out)
{
    size_t count = imap_folder_count(folder);
    struct search search = {
        .op = op,
        .account = account,
        .folder = folder,
        .count = count,
        .entries = arena_array(op->arena, count, sizeof *search.entries),
        .arena = op->arena,
        .room = arena_new(),
        .scratch = arena_new(),
        .gone = bits_new(op->arena, count),
    };
    uint64_t *set = bits_new(op->arena, count);
    for (size_t n = 0; n < count; n++) {
        uint32_t uid = imap_folder_uid(folder, (uint32_t)n + 1);
        search.entries[n] = imap_folder_entry(folder, uid);
        if (search.entries[n] != NULL)
            bits_add(set, n);
    }
    enum status status = keep(&search, key, set);
    bits_drop(set, search.gone, count);
    arena_free(&search.scratch);
    arena_free(&search.room);
    *found_out = set;
    return op_cancelled(op) ? STATUS_CANCELLED : status;
}
