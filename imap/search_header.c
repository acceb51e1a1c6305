/*
 * search_header.c - what headers tell about messages
 *
 * The common fields are looked up in the index, where a full-text search finds
 * them among any number of messages.  For other fields the headers that are
 * known are looked at one by one.  Of the rest, a few hundred are read; about
 * more Exchange is asked, and what it names is read to see whether that is so,
 * as it looks into other properties than those a client sees.
 */
#include "imap/search_steps.h"

#include <string.h>

#include "imap/search_bits.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/mail.h"
#include "proxy/format/mime.h"
#include "proxy/format/mime_charset.h"
#include "proxy/format/mime_summary.h"

/* Up to so many headers are read rather than asked about: two calls, which also
 * make them known for the next search. */
#define READ_MAX 200

/* --- One header ----------------------------------------------------------- */

/* The fields of a name, or all with their names, decoded and without regard to
 * case, each after a line feed. */
static const char *field_text(struct arena *arena, const char *name,
                              const char *header, size_t len)
{
    struct mime_field field;
    struct buf texts;
    buf_init(&texts, arena);
    buf_puts(&texts, "");
    for (size_t offset = 0; mime_field_next(header, len, &offset, &field);) {
        const char *own = arena_strndup(arena, field.name, field.name_len);
        if (name != NULL && !str_equal_nocase(own, name))
            continue;
        const char *text = mime_search_text(
            arena, own,
            mime_header_value(arena, field.raw, field.raw_len, own));
        if (name == NULL)
            text = arena_printf(arena, "%s: %s", own, text);
        buf_printf(&texts, "\n%s", mime_fold_case(arena, text));
    }
    return texts.data;
}

/* An empty text asks whether there is such a field. */
static bool matches_text(const struct search_key *key, const char *text)
{
    return *key->folded == '\0' ? *text != '\0'
                                : strstr(text, key->folded) != NULL;
}

/* --- Remembering fields --------------------------------------------------- */

/* All of them together, in one search. */
#define MEMO_OCTETS (16u * 1024 * 1024)

/* Those of the key's field; NULL if there are none, and no more are made. */
static struct search_memo *memo_of(struct search *search,
                                   const struct search_key *key)
{
    if (key->name == NULL)
        return NULL;
    for (size_t i = 0; i < search->memo_count; i++) {
        if (str_equal_nocase(search->memos[i].name, key->name))
            return &search->memos[i];
    }
    if (search->memo_count == SEARCH_MEMOS)
        return NULL;
    struct search_memo *memo = &search->memos[search->memo_count++];
    memo->name = key->name;
    memo->texts =
        arena_array(search->arena, search->count, sizeof *memo->texts);
    return memo;
}

/* What a header says about a key; remembered if there is space. */
static bool matches_header(struct search *search, const struct search_key *key,
                           size_t n, const char *header, size_t len)
{
    struct search_memo *memo = memo_of(search, key);
    const char *text = field_text(search->scratch, key->name, header, len);
    size_t octets = strlen(text);
    if (memo != NULL && octets <= MEMO_OCTETS - search->memo_octets) {
        search->memo_octets += octets;
        memo->texts[n] = arena_strdup(search->arena, text);
    }
    return matches_text(key, text);
}

/* --- Reading headers ------------------------------------------------------ */

/* Decides about a message if its header is known. */
static bool decide_by_known(struct search *search, const struct search_key *key,
                            size_t n, bool *matches_out)
{
    const struct search_memo *memo = memo_of(search, key);
    if (memo != NULL && memo->texts[n] != NULL) {
        *matches_out = matches_text(key, memo->texts[n]);
        return true;
    }
    struct op op = *search->op;
    const char *header;
    size_t len;
    op.arena = search->scratch;
    bool known =
        mail_known_header(&op, search->account, imap_folder_id(search->folder),
                          search->entries[n]->uid, &header, &len);
    *matches_out = known && matches_header(search, key, n, header, len);
    arena_reset(search->scratch);
    return known;
}

/* Decides by the headers that are known, and notes the others. */
static void keep_by_known(struct search *search, const struct search_key *key,
                          uint64_t *set, uint64_t *unknown)
{
    for (size_t n = 0; n < search->count && !op_cancelled(search->op); n++) {
        bool matches;
        if (!bits_has(set, n))
            continue;
        if (!decide_by_known(search, key, n, &matches))
            bits_add(unknown, n);
        else if (!matches)
            bits_remove(set, n);
    }
}

struct reading {
    struct search *search;
    const struct search_key *key;
    uint64_t *set;
    uint64_t *unreadable; /* those that Exchange cannot give out */
    const size_t *numbers;
    size_t next;
    enum status failure;
};

static bool take_header(void *context, const struct mail_content *content)
{
    struct reading *reading = context;
    struct search *search = reading->search;
    size_t n = reading->numbers[reading->next++];
    switch (content->status) {
    case STATUS_OK:
        if (!matches_header(search, reading->key, n, content->header,
                            content->header_len))
            bits_remove(reading->set, n);
        break;
    case STATUS_NOT_FOUND:
        bits_add(search->gone, n);
        bits_remove(reading->set, n);
        break;
    case STATUS_CORRUPT:
        bits_add(reading->unreadable, n);
        break;
    default:
        reading->failure = content->status;
        break;
    }
    arena_reset(search->scratch);
    return reading->failure == STATUS_OK;
}

/* Reads the headers of `wanted`, and decides by them. */
static enum status read_headers(struct search *search,
                                const struct search_key *key,
                                struct search_list wanted, uint64_t *set,
                                uint64_t *unreadable)
{
    struct reading reading = {
        .search = search,
        .key = key,
        .set = set,
        .unreadable = unreadable,
        .numbers = wanted.numbers,
    };
    if (wanted.count == 0)
        return STATUS_OK;
    enum status status = mail_read(
        search->op, search->account, imap_folder_id(search->folder),
        wanted.uids, wanted.count, MAIL_NEED_HEADER, take_header, &reading);
    if (reading.failure != STATUS_OK)
        return reading.failure;
    if (reading.next < wanted.count)
        return status == STATUS_OK ? STATUS_INTERNAL : status;
    return STATUS_OK;
}

/* Reads those of `unknown` if they are few, which leaves there what cannot be
 * read. */
static enum status read_few(struct search *search, const struct search_key *key,
                            uint64_t *set, uint64_t *unknown)
{
    struct search_list wanted = search_list_set(search, unknown);
    if (wanted.count > READ_MAX)
        return STATUS_OK;
    memset(unknown, 0, bits_words(search->count) * sizeof *unknown);
    return read_headers(search, key, wanted, set, unknown);
}

enum status search_keep_by_reading(struct search *search,
                                   const struct search_key *key, uint64_t *set,
                                   uint64_t *unknown)
{
    keep_by_known(search, key, set, unknown);
    return read_few(search, key, set, unknown);
}

/* --- The index ------------------------------------------------------------ */

/* The field of the summaries that answers a key; false if there is none.  A
 * summary does not tell an empty field from a missing one, and has line feeds
 * between fields. */
static bool summary_field(const struct search_key *key,
                          enum mail_search_field *field_out)
{
    static const struct {
        const char *name;
        enum mail_search_field field;
    } fields[] = {
        { "Subject", MAIL_SEARCH_SUBJECT }, { "From", MAIL_SEARCH_FROM },
        { "To", MAIL_SEARCH_TO },           { "Cc", MAIL_SEARCH_CC },
        { "Bcc", MAIL_SEARCH_BCC },
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (str_equal_nocase(key->name, fields[i].name)) {
            *field_out = fields[i].field;
            return *key->text != '\0' && strchr(key->text, '\n') == NULL;
        }
    }
    return false;
}

/* Decides by the summaries, and notes the messages that have none. */
static enum status keep_by_summaries(struct search *search,
                                     const struct search_key *key,
                                     enum mail_search_field field,
                                     uint64_t *set, uint64_t *unknown)
{
    uint32_t *found, *missing;
    size_t found_count, missing_count;
    enum status status = mail_search_summaries(
        search->op, search->account, imap_folder_id(search->folder), field,
        key->text, &found, &found_count, &missing, &missing_count);
    if (status != STATUS_OK)
        return status;
    uint64_t *kept = bits_new(search->op->arena, search->count);
    search_add_uids(search, set, found, found_count, kept);
    search_add_uids(search, set, missing, missing_count, unknown);
    bits_join(kept, unknown, search->count);
    bits_keep(set, kept, search->count);
    return STATUS_OK;
}

/* --- Exchange ------------------------------------------------------------- */

/* Keeps of `unknown` what Exchange names and, if that is not too much, what is
 * so; of the rest of the set all. */
static enum status ask(struct search *search, const struct search_key *key,
                       uint64_t *set, const uint64_t *unknown)
{
    uint32_t *uids;
    size_t count;
    enum status status =
        mail_search(search->op, search->account, imap_folder_id(search->folder),
                    *key->text == '\0' ? MAIL_SEARCH_HEADER : key->field,
                    key->name, key->text, &uids, &count);
    if (status != STATUS_OK)
        return status;
    uint64_t *named = bits_new(search->op->arena, search->count);
    search_add_uids(search, unknown, uids, count, named);
    bits_drop(set, unknown, search->count);
    bits_join(set, named, search->count);
    return read_few(search, key, set, named);
}

/* --- Keys ----------------------------------------------------------------- */

enum status search_keep_by_header(struct search *search,
                                  const struct search_key *key, uint64_t *set)
{
    uint64_t *unknown = bits_new(search->op->arena, search->count);
    enum mail_search_field field;
    enum status status = STATUS_OK;
    if (summary_field(key, &field))
        status = keep_by_summaries(search, key, field, set, unknown);
    else
        keep_by_known(search, key, set, unknown);
    if (status == STATUS_OK)
        status = read_few(search, key, set, unknown);
    if (status == STATUS_OK && !bits_empty(unknown, search->count))
        status = ask(search, key, set, unknown);
    return status;
}

struct dating {
    struct search *search;
    const struct search_key *key;
    uint64_t *set;
    const size_t *numbers;
    size_t next;
    enum status failure;
};

static bool take_summary(void *context, uint32_t uid, enum status status,
                         const struct mime_summary *summary)
{
    struct dating *dating = context;
    size_t n = dating->numbers[dating->next++];
    (void)uid;
    if (status != STATUS_OK && status != STATUS_CORRUPT &&
        status != STATUS_NOT_FOUND) {
        dating->failure = status;
        return false;
    }
    if (status == STATUS_NOT_FOUND)
        bits_add(dating->search->gone, n);
    if (status != STATUS_OK || summary->sent_day == TIME_NONE ||
        !search_matches_day(dating->key, summary->sent_day))
        bits_remove(dating->set, n);
    return true;
}

/* RFC 3501, 6.4.4: time and zone of the Date are disregarded.  Exchange is not
 * asked: it compares instants, not what is written. */
enum status search_keep_by_date(struct search *search,
                                const struct search_key *key, uint64_t *set)
{
    struct search_list list = search_list_set(search, set);
    struct dating dating = {
        .search = search, .key = key, .set = set, .numbers = list.numbers
    };
    enum status status = mail_summarize(
        search->op, search->account, imap_folder_id(search->folder), list.uids,
        list.count, take_summary, &dating);
    if (dating.failure != STATUS_OK)
        return dating.failure;
    if (dating.next < list.count)
        return status == STATUS_OK ? STATUS_INTERNAL : status;
    return STATUS_OK;
}
