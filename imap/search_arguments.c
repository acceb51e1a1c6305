/*
 * search_arguments.c - what stands behind the name of a search key
 */
#include "imap/search_arguments.h"

#include <string.h>

#include "imap/args.h"
#include "imap/folder.h"
#include "imap/keyword.h"
#include "imap/search_bits.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/format/mime_charset.h"

/* RFC 8474, section 7: objectid. */
#define OBJECT_ID_MAX 255

/* Numbers that are not there match nothing: they may have been there when the
 * client wrote them, and nothing comes of it but less found. */
static void leave_out_strange(struct imap_set *set, uint32_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < set->count && count > 0; i++) {
        struct imap_range range = set->ranges[i];
        uint32_t first = range.first == IMAP_STAR ? count : range.first;
        uint32_t last = range.last == IMAP_STAR ? count : range.last;
        uint32_t low = first < last ? first : last;
        uint32_t high = first < last ? last : first;
        if (low <= count)
            set->ranges[kept++] =
                (struct imap_range){ low, high < count ? high : count };
    }
    set->count = kept;
}

/* A set becomes bits at once, as its list may be long and there may be many
 * sets. */
bool search_read_set(struct search_reader *reader, bool by_uid,
                     struct search_key *key)
{
    struct imap_set set;
    struct imap_messages messages;
    if (!imap_args_set(reader->args, &set))
        return false;
    if (!by_uid && set.count > 0)
        reader->query->uses_numbers = true;
    if (!by_uid)
        leave_out_strange(&set, imap_folder_count(reader->folder));
    struct arena *scratch = arena_new();
    bool there =
        imap_folder_resolve(reader->folder, scratch, &set, by_uid, &messages);
    if (there) {
        uint64_t *bits =
            bits_new(reader->args->arena, imap_folder_count(reader->folder));
        for (size_t i = 0; i < messages.count; i++)
            bits_add(bits, messages.numbers[i] - 1);
        key->numbers = bits;
    }
    arena_free(&scratch);
    return there;
}

/* Without a charset the text is ASCII by RFC 3501 and UTF-8 by RFC 9051;
 * clients that send more than ASCII mean UTF-8. */
static bool read_text(struct search_reader *reader, struct search_key *key)
{
    struct arena *arena = reader->args->arena;
    const char *charset = reader->query->charset;
    const char *text = imap_args_astring(reader->args);
    if (text == NULL)
        return false;
    const char *decoded =
        charset == NULL
            ? NULL
            : mime_charset_decode(arena, charset, text, strlen(text));
    key->text = decoded != NULL ? decoded
                                : mime_charset_guess(arena, text, strlen(text));
    key->folded = mime_fold_case(arena, key->text);
    return true;
}

static bool read_field(struct search_reader *reader, struct search_key *key)
{
    key->name = imap_args_astring(reader->args);
    return key->name != NULL && imap_args_space(reader->args) &&
           read_text(reader, key);
}

static bool read_keyword(struct search_reader *reader, struct search_key *key)
{
    const char *keyword = imap_args_atom(reader->args);
    if (keyword == NULL)
        return false;
    if (!imap_keyword_read(reader->args->arena, keyword, &key->flag,
                           &key->category))
        key->kind = SEARCH_NONE;
    else if (key->category == NULL)
        key->kind = SEARCH_FLAG;
    return true;
}

/* RFC 5032: so many seconds before now. */
static bool read_interval(struct search_reader *reader, struct search_key *key)
{
    uint64_t seconds;
    if (!imap_args_number(reader->args, 1, UINT32_MAX, &seconds))
        return false;
    key->moment = time_now() - (int64_t)seconds;
    return true;
}

/* RFC 7162, 3.1.5: as there is one sequence for all that a message has, the
 * entry that may be named is of no account. */
static bool read_modseq(struct search_reader *reader, struct search_key *key)
{
    struct imap_args *args = reader->args;
    reader->query->asks_modseq = true;
    if (imap_args_next_is(args, '"')) {
        const char *entry = imap_args_string(args);
        if (entry == NULL || !str_starts_nocase(entry, "/flags/") ||
            !imap_args_space(args) ||
            (!imap_args_word(args, "all") && !imap_args_word(args, "priv") &&
             !imap_args_word(args, "shared")) ||
            !imap_args_space(args))
            return false;
    }
    return imap_args_number(args, 0, INT64_MAX, &key->number);
}

static bool read_object_id(struct search_reader *reader, struct search_key *key)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz0123456789_-";
    key->text = imap_args_atom(reader->args);
    return key->text != NULL && strlen(key->text) <= OBJECT_ID_MAX &&
           key->text[strspn(key->text, allowed)] == '\0';
}

bool search_read_argument(struct search_reader *reader,
                          enum search_argument argument, struct search_key *key)
{
    struct imap_args *args = reader->args;
    if (argument != NOTHING && !imap_args_space(args))
        return false;
    switch (argument) {
    case NOTHING:
        return true;
    case KEYWORD:
        return read_keyword(reader, key);
    case DATE:
        return imap_args_date(args, &key->day);
    case SIZE:
        reader->query->asks_size = true;
        return imap_args_number(args, 0, INT64_MAX, &key->number);
    case INTERVAL:
        return read_interval(reader, key);
    case MODSEQ:
        return read_modseq(reader, key);
    case OBJECT_ID:
        return read_object_id(reader, key);
    case UID_SET:
        return search_read_set(reader, true, key);
    case STRING:
        return read_text(reader, key);
    case FIELD:
        return read_field(reader, key);
    }
    return false;
}
