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
 *
 * Header keys are answered from the headers that are known.  Where these are
 * not enough, few messages are read, and about many Exchange is asked.
 */
#include "imap/search_run.h"

#include <string.h>

#include "imap/folder.h"
#include "imap/search_bits.h"
#include "imap/search_keys.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/mail.h"
#include "proxy/format/mime.h"
#include "proxy/format/mime_charset.h"

/* Up to so many headers are read rather than asked about: two calls, which also
 * make them known for the next search. */
#define READ_MAX 200

#define DAY 86400

struct search {
    struct op *op;
    struct account *account;
    const struct imap_folder *folder;
    size_t count;                      /* of messages */
    const struct mail_entry **entries; /* by number - 1; NULL: gone */
    struct arena *scratch;             /* for one header at a time */
    size_t *numbers; /* room for a list of messages, for one key
                        at a time */
    uint64_t *gone;  /* found out to be deleted while searching */
};

/* --- By the view --------------------------------------------------------- */

static int64_t day_of(int64_t time)
{
    return time / DAY - (time % DAY < 0);
}

static bool compare_days(int64_t day, const struct search_key *key)
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
        return entry->size > key->size;
    case SEARCH_SMALLER:
        return entry->size < key->size;
    case SEARCH_RECEIVED:
        return compare_days(day_of(entry->received), key);
    default:
        return false;
    }
}

static void keep_by_view(const struct search *search,
                         const struct search_key *key, uint64_t *set)
{
    for (size_t n = 0; n < search->count; n++) {
        if (bits_has(set, n) && !matches_entry(search, key, n))
            bits_remove(set, n);
    }
}

/* --- By headers ---------------------------------------------------------- */

/* RFC 3501, 6.4.4: SENTON and its relatives disregard time and zone, so the
 * date is read as it is written. */
static bool matches_date(struct arena *arena, const struct search_key *key,
                         const char *header, size_t len)
{
    const char *date = mime_header_value(arena, header, len, "Date");
    if (date == NULL)
        return false;
    const char *colon = strchr(date, ':');
    if (colon != NULL) {
        size_t kept = (size_t)(colon - date) + strspn(colon, "0123456789:");
        date = arena_printf(arena, "%.*s +0000", (int)kept, date);
    }
    int64_t time = time_from_rfc5322(date);
    return time != TIME_NONE && compare_days(day_of(time), key);
}

/* An empty text asks whether there is such a field. */
static bool matches_field(struct arena *arena, const struct search_key *key,
                          const char *header, size_t len)
{
    struct mime_field field;
    for (size_t offset = 0; mime_field_next(header, len, &offset, &field);) {
        if (!str_is_nocase(field.name, field.name_len, key->name))
            continue;
        const char *value =
            mime_header_value(arena, field.raw, field.raw_len, key->name);
        const char *text =
            mime_fold_case(arena, mime_decode_words(arena, value));
        if (strstr(text, key->folded) != NULL)
            return true;
    }
    return false;
}

static bool matches_header(struct search *search, const struct search_key *key,
                           const char *header, size_t len)
{
    return key->kind == SEARCH_SENT
               ? matches_date(search->scratch, key, header, len)
               : matches_field(search->scratch, key, header, len);
}

/* Decides by the headers that are known, and lists the other messages. */
static size_t keep_by_known(struct search *search, const struct search_key *key,
                            uint64_t *set, size_t unknown[])
{
    struct op op = *search->op;
    op.arena = search->scratch;
    int64_t folder = imap_folder_id(search->folder);
    size_t count = 0;
    for (size_t n = 0; n < search->count && !op_cancelled(search->op); n++) {
        const char *header;
        size_t len;
        if (!bits_has(set, n))
            continue;
        if (!mail_known_header(&op, search->account, folder,
                               search->entries[n]->uid, &header, &len))
            unknown[count++] = n;
        else if (!matches_header(search, key, header, len))
            bits_remove(set, n);
        arena_reset(search->scratch);
    }
    return count;
}

struct reading {
    struct search *search;
    const struct search_key *key;
    uint64_t *set;
    const size_t *numbers;
    size_t next;
    size_t *unreadable; /* those that Exchange cannot give out */
    size_t unreadable_count;
    enum status failure;
};

static bool take_header(void *context, const struct mail_content *content)
{
    struct reading *reading = context;
    struct search *search = reading->search;
    size_t n = reading->numbers[reading->next++];
    switch (content->status) {
    case STATUS_OK:
        if (!matches_header(search, reading->key, content->header,
                            content->header_len))
            bits_remove(reading->set, n);
        break;
    case STATUS_NOT_FOUND:
        bits_add(search->gone, n);
        bits_remove(reading->set, n);
        break;
    case STATUS_CORRUPT:
        reading->unreadable[reading->unreadable_count++] = n;
        break;
    default:
        reading->failure = content->status;
        break;
    }
    arena_reset(search->scratch);
    return reading->failure == STATUS_OK;
}

/* Reads the headers of `numbers` and decides by them; what cannot be read is
 * moved to the front of the list, and counted. */
static enum status keep_by_reading(struct search *search,
                                   const struct search_key *key, uint64_t *set,
                                   size_t numbers[], size_t *count)
{
    uint32_t *uids = arena_array(search->op->arena, *count, sizeof *uids);
    for (size_t i = 0; i < *count; i++)
        uids[i] = search->entries[numbers[i]]->uid;
    struct reading reading = {
        .search = search,
        .key = key,
        .set = set,
        .numbers = numbers,
        .unreadable = arena_array(search->op->arena, *count, sizeof *numbers),
    };
    enum status status =
        mail_read(search->op, search->account, imap_folder_id(search->folder),
                  uids, *count, MAIL_NEED_HEADER, take_header, &reading);
    if (reading.failure != STATUS_OK)
        return reading.failure;
    if (reading.next < *count)
        return status == STATUS_OK ? STATUS_INTERNAL : status;
    *count = reading.unreadable_count;
    if (*count > 0)
        memcpy(numbers, reading.unreadable, *count * sizeof *numbers);
    return STATUS_OK;
}

/* --- By Exchange --------------------------------------------------------- */

/* Asks about the messages of `numbers` only; what is known otherwise stays. */
static enum status keep_by_exchange(struct search *search,
                                    const struct search_key *key, uint64_t *set,
                                    const size_t numbers[], size_t count)
{
    uint32_t *uids;
    size_t found;
    enum mail_search_field field =
        *key->text == '\0' ? MAIL_SEARCH_HEADER : key->field;
    enum status status =
        mail_search(search->op, search->account, imap_folder_id(search->folder),
                    field, key->name, key->text, &uids, &found);
    if (status != STATUS_OK)
        return status;
    /* Both are in ascending order. */
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t uid = search->entries[numbers[i]]->uid;
        while (at < found && uids[at] < uid)
            at++;
        if (at == found || uids[at] != uid)
            bits_remove(set, numbers[i]);
    }
    return STATUS_OK;
}

static size_t list_set(const struct search *search, const uint64_t *set,
                       size_t numbers[])
{
    size_t count = 0;
    for (size_t n = 0; n < search->count; n++) {
        if (bits_has(set, n))
            numbers[count++] = n;
    }
    return count;
}

static enum status keep_by_content(struct search *search,
                                   const struct search_key *key, uint64_t *set)
{
    /* Every text contains the empty one. */
    if (*key->text == '\0')
        return STATUS_OK;
    size_t count = list_set(search, set, search->numbers);
    return keep_by_exchange(search, key, set, search->numbers, count);
}

static enum status keep_by_header(struct search *search,
                                  const struct search_key *key, uint64_t *set)
{
    size_t *unknown = search->numbers;
    size_t count = keep_by_known(search, key, set, unknown);
    /* Exchange is not asked for dates: it compares instants, not what is
     * written. */
    bool read = count > 0 && (count <= READ_MAX || key->kind == SEARCH_SENT);
    if (read) {
        enum status status = keep_by_reading(search, key, set, unknown, &count);
        if (status != STATUS_OK)
            return status;
    }
    if (count > 0 && key->kind != SEARCH_SENT)
        return keep_by_exchange(search, key, set, unknown, count);
    for (size_t i = 0; i < count; i++)
        bits_remove(set, unknown[i]);
    return STATUS_OK;
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
    case SEARCH_SENT:
        return keep_by_header(search, key, set);
    case SEARCH_TEXT:
        return key->cost == SEARCH_COST_HEADER
                   ? keep_by_header(search, key, set)
                   : keep_by_content(search, key, set);
    default:
        keep_by_view(search, key, set);
        return STATUS_OK;
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
        .scratch = arena_new(),
        .numbers = arena_array(op->arena, count, sizeof *search.numbers),
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
    *found_out = set;
    return op_cancelled(op) ? STATUS_CANCELLED : status;
}
