/*
 * search_view.c - what a folder's view and the index tell about messages
 */
#include "imap/search_steps.h"

#include "imap/search_bits.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/mail.h"

#define DAY 86400

static int64_t day_of(int64_t time)
{
    return time / DAY - (time % DAY < 0);
}

bool search_matches_day(const struct search_key *key, int64_t day)
{
    switch (key->relation) {
    case SEARCH_BEFORE:
        return day < key->day;
    case SEARCH_ON:
        return day == key->day;
    case SEARCH_SINCE:
        return day >= key->day;
    }
    return false;
}

/* --- The view ------------------------------------------------------------- */

static bool has_category(const struct mail_entry *entry, const char *category)
{
    for (size_t i = 0;
         entry->categories != NULL && entry->categories[i] != NULL; i++) {
        if (str_equal_nocase(entry->categories[i], category))
            return true;
    }
    return false;
}

static bool matches_entry(const struct search *search,
                          const struct search_key *key, size_t n)
{
    const struct mail_entry *entry = search->entries[n];
    switch (key->kind) {
    case SEARCH_ALL:
        return true;
    case SEARCH_FLAG:
        return (entry->flags & key->flag) != 0;
    case SEARCH_CATEGORY:
        return has_category(entry, key->category);
    case SEARCH_RECENT:
        return imap_folder_is_recent(search->folder, entry->uid);
    case SEARCH_NEW:
        return (entry->flags & MAIL_SEEN) == 0 &&
               imap_folder_is_recent(search->folder, entry->uid);
    case SEARCH_NUMBERS:
        return bits_has(key->numbers, n);
    case SEARCH_LARGER:
        return entry->size > key->number;
    case SEARCH_SMALLER:
        return entry->size < key->number;
    case SEARCH_RECEIVED:
        return search_matches_day(key, day_of(entry->received));
    case SEARCH_OLDER:
        return entry->received <= key->moment;
    case SEARCH_YOUNGER:
        return entry->received >= key->moment;
    case SEARCH_MODSEQ:
        return entry->modseq >= key->number;
    default:
        return false;
    }
}

void search_keep_by_view(const struct search *search,
                         const struct search_key *key, uint64_t *set)
{
    for (size_t n = 0; n < search->count; n++) {
        if (bits_has(set, n) && !matches_entry(search, key, n))
            bits_remove(set, n);
    }
}

/* --- The index ------------------------------------------------------------ */

/* RFC 8514, 4.3: where no date is known, the internal date takes its place. */
static bool matches_identity(const struct search_key *key,
                             const struct mail_entry *entry,
                             const struct mail_identity *identity)
{
    bool known = identity->status == STATUS_OK;
    switch (key->kind) {
    case SEARCH_EMAIL_ID:
        return known && str_equal(identity->email_id, key->text);
    case SEARCH_THREAD_ID:
        return known && str_equal(identity->thread_id, key->text);
    case SEARCH_SAVED:
        return search_matches_day(key,
                                  day_of(known && identity->saved != TIME_NONE
                                             ? identity->saved
                                             : entry->received));
    default:
        return false;
    }
}

enum status search_keep_by_index(const struct search *search,
                                 const struct search_key *key, uint64_t *set)
{
    struct search_list list = search_list_set(search, set);
    struct mail_identity *identities =
        arena_array(search->op->arena, list.count, sizeof *identities);
    enum status status = mail_identify(search->op, search->account,
                                       imap_folder_id(search->folder),
                                       list.uids, list.count, identities);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    for (size_t i = 0; i < list.count; i++) {
        size_t n = list.numbers[i];
        if (!matches_identity(key, search->entries[n], &identities[i]))
            bits_remove(set, n);
    }
    return STATUS_OK;
}
