/*
 * search_keys.c - what a SEARCH asks for, as a tree
 */
#include "imap/search_keys.h"

#include <string.h>

#include "imap/args.h"
#include "imap/folder.h"
#include "imap/keyword.h"
#include "imap/search_bits.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/format/mime_charset.h"

/* Clients that look for many Message-IDs at once nest one OR per message. */
#define DEPTH_MAX 1000
#define KEYS_MAX 2500

enum argument {
    NO_ARGUMENT,
    KEYWORD,
    DATE,
    NUMBER,
    UID_SET,
    STRING,
    FIELD
};

/* `value` is the kind's own: a flag, a relation or a field. */
/* clang-format off */
#define VIEW     SEARCH_COST_VIEW
#define HEADER   SEARCH_COST_HEADER
#define EXCHANGE SEARCH_COST_EXCHANGE
static const struct entry {
    const char *name;
    enum argument argument;
    bool negated;
    enum search_kind kind;
    unsigned value;
    enum search_cost cost;
    const char *field;
} entries[] = {
    { "ALL",        NO_ARGUMENT, false, SEARCH_ALL,      0,                   VIEW,     NULL },
    { "ANSWERED",   NO_ARGUMENT, false, SEARCH_FLAG,     MAIL_ANSWERED,       VIEW,     NULL },
    { "DELETED",    NO_ARGUMENT, false, SEARCH_FLAG,     MAIL_DELETED,        VIEW,     NULL },
    { "DRAFT",      NO_ARGUMENT, false, SEARCH_FLAG,     MAIL_DRAFT,          VIEW,     NULL },
    { "FLAGGED",    NO_ARGUMENT, false, SEARCH_FLAG,     MAIL_FLAGGED,        VIEW,     NULL },
    { "SEEN",       NO_ARGUMENT, false, SEARCH_FLAG,     MAIL_SEEN,           VIEW,     NULL },
    { "UNANSWERED", NO_ARGUMENT, true,  SEARCH_FLAG,     MAIL_ANSWERED,       VIEW,     NULL },
    { "UNDELETED",  NO_ARGUMENT, true,  SEARCH_FLAG,     MAIL_DELETED,        VIEW,     NULL },
    { "UNDRAFT",    NO_ARGUMENT, true,  SEARCH_FLAG,     MAIL_DRAFT,          VIEW,     NULL },
    { "UNFLAGGED",  NO_ARGUMENT, true,  SEARCH_FLAG,     MAIL_FLAGGED,        VIEW,     NULL },
    { "UNSEEN",     NO_ARGUMENT, true,  SEARCH_FLAG,     MAIL_SEEN,           VIEW,     NULL },
    { "KEYWORD",    KEYWORD,     false, SEARCH_CATEGORY, 0,                   VIEW,     NULL },
    { "UNKEYWORD",  KEYWORD,     true,  SEARCH_CATEGORY, 0,                   VIEW,     NULL },
    { "NEW",        NO_ARGUMENT, false, SEARCH_NEW,      0,                   VIEW,     NULL },
    { "RECENT",     NO_ARGUMENT, false, SEARCH_RECENT,   0,                   VIEW,     NULL },
    { "OLD",        NO_ARGUMENT, true,  SEARCH_RECENT,   0,                   VIEW,     NULL },
    { "UID",        UID_SET,     false, SEARCH_NUMBERS,  0,                   VIEW,     NULL },
    { "LARGER",     NUMBER,      false, SEARCH_LARGER,   0,                   VIEW,     NULL },
    { "SMALLER",    NUMBER,      false, SEARCH_SMALLER,  0,                   VIEW,     NULL },
    { "BEFORE",     DATE,        false, SEARCH_RECEIVED, SEARCH_BEFORE,       VIEW,     NULL },
    { "ON",         DATE,        false, SEARCH_RECEIVED, SEARCH_ON,           VIEW,     NULL },
    { "SINCE",      DATE,        false, SEARCH_RECEIVED, SEARCH_SINCE,        VIEW,     NULL },
    { "SENTBEFORE", DATE,        false, SEARCH_SENT,     SEARCH_BEFORE,       HEADER,   NULL },
    { "SENTON",     DATE,        false, SEARCH_SENT,     SEARCH_ON,           HEADER,   NULL },
    { "SENTSINCE",  DATE,        false, SEARCH_SENT,     SEARCH_SINCE,        HEADER,   NULL },
    { "BCC",        STRING,      false, SEARCH_TEXT,     MAIL_SEARCH_BCC,     HEADER,   "Bcc" },
    { "CC",         STRING,      false, SEARCH_TEXT,     MAIL_SEARCH_CC,      HEADER,   "Cc" },
    { "FROM",       STRING,      false, SEARCH_TEXT,     MAIL_SEARCH_FROM,    HEADER,   "From" },
    { "SUBJECT",    STRING,      false, SEARCH_TEXT,     MAIL_SEARCH_SUBJECT, HEADER,   "Subject" },
    { "TO",         STRING,      false, SEARCH_TEXT,     MAIL_SEARCH_TO,      HEADER,   "To" },
    { "HEADER",     FIELD,       false, SEARCH_TEXT,     MAIL_SEARCH_HEADER,  HEADER,   NULL },
    { "BODY",       STRING,      false, SEARCH_TEXT,     MAIL_SEARCH_BODY,    EXCHANGE, NULL },
    { "TEXT",       STRING,      false, SEARCH_TEXT,     MAIL_SEARCH_TEXT,    EXCHANGE, NULL },
};
/* clang-format on */

struct reader {
    struct imap_args *args;
    const struct imap_folder *folder;
    const char *charset; /* NULL: none was named */
    size_t depth;
    size_t keys;
    bool too_much;
};

static struct search_key *new_key(struct reader *reader,
                                  const struct search_key *from)
{
    if (++reader->keys > KEYS_MAX)
        reader->too_much = true;
    return arena_memdup(reader->args->arena, from, sizeof *from);
}

/* --- Keys with children -------------------------------------------------- */

/* Puts a child where its cost belongs: before the first dearer one. */
static void add_child(struct reader *reader, struct search_key *parent,
                      const struct search_key *child, size_t *capacity)
{
    if (parent->child_count == *capacity) {
        *capacity = *capacity == 0 ? 4 : *capacity * 2;
        const struct search_key **grown =
            arena_array(reader->args->arena, *capacity, sizeof *grown);
        if (parent->child_count > 0)
            memcpy(grown, parent->children,
                   parent->child_count * sizeof *grown);
        parent->children = grown;
    }
    size_t at = parent->child_count++;
    for (; at > 0 && parent->children[at - 1]->cost > child->cost; at--)
        parent->children[at] = parent->children[at - 1];
    parent->children[at] = child;
    if (parent->cost < child->cost)
        parent->cost = child->cost;
}

static const struct search_key *negate(struct reader *reader,
                                       const struct search_key *key)
{
    struct search_key *parent =
        new_key(reader, &(struct search_key){ .kind = SEARCH_NOT });
    size_t capacity = 0;
    add_child(reader, parent, key, &capacity);
    return parent;
}

static const struct search_key *read_key(struct reader *reader);

/* search-key *(SP search-key): a single one stands for itself. */
static const struct search_key *read_and(struct reader *reader)
{
    const struct search_key *key = read_key(reader);
    if (key == NULL || !imap_args_next_is(reader->args, ' '))
        return key;
    struct search_key *parent =
        new_key(reader, &(struct search_key){ .kind = SEARCH_AND });
    size_t capacity = 0;
    add_child(reader, parent, key, &capacity);
    while (imap_args_space(reader->args)) {
        if ((key = read_key(reader)) == NULL)
            return NULL;
        add_child(reader, parent, key, &capacity);
    }
    return parent;
}

static const struct search_key *read_or(struct reader *reader)
{
    struct search_key *parent =
        new_key(reader, &(struct search_key){ .kind = SEARCH_OR });
    size_t capacity = 0;
    for (int i = 0; i < 2; i++) {
        const struct search_key *key =
            imap_args_space(reader->args) ? read_key(reader) : NULL;
        if (key == NULL)
            return NULL;
        add_child(reader, parent, key, &capacity);
    }
    return parent;
}

static const struct search_key *read_not(struct reader *reader)
{
    const struct search_key *key =
        imap_args_space(reader->args) ? read_key(reader) : NULL;
    return key == NULL ? NULL : negate(reader, key);
}

/* --- Arguments ----------------------------------------------------------- */

/* A set becomes bits at once, as its list may be long and there may be many
 * sets. */
static bool read_set(struct reader *reader, bool by_uid, struct search_key *key)
{
    struct imap_set set;
    struct imap_messages messages;
    if (!imap_args_set(reader->args, &set))
        return false;
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

/* Without a charset the text is ASCII by the RFC; clients that send more mean
 * UTF-8. */
static bool read_text(struct reader *reader, struct search_key *key)
{
    struct arena *arena = reader->args->arena;
    const char *text = imap_args_astring(reader->args);
    if (text == NULL)
        return false;
    const char *decoded =
        reader->charset == NULL
            ? NULL
            : mime_charset_decode(arena, reader->charset, text, strlen(text));
    key->text = decoded != NULL ? decoded
                                : mime_charset_guess(arena, text, strlen(text));
    key->folded = mime_fold_case(arena, key->text);
    return true;
}

static bool read_keyword(struct reader *reader, struct search_key *key)
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

static bool read_argument(struct reader *reader, enum argument argument,
                          struct search_key *key)
{
    struct imap_args *args = reader->args;
    if (argument != NO_ARGUMENT && !imap_args_space(args))
        return false;
    switch (argument) {
    case NO_ARGUMENT:
        return true;
    case KEYWORD:
        return read_keyword(reader, key);
    case DATE:
        return imap_args_date(args, &key->day);
    case NUMBER:
        return imap_args_number(args, 0, UINT32_MAX, &key->size);
    case UID_SET:
        return read_set(reader, true, key);
    case FIELD:
        key->name = imap_args_astring(args);
        return key->name != NULL && imap_args_space(args) &&
               read_text(reader, key);
    case STRING:
        return read_text(reader, key);
    }
    return false;
}

/* --- Reading ------------------------------------------------------------- */

static struct search_key *key_of_entry(struct reader *reader,
                                       const struct entry *entry)
{
    return new_key(reader, &(struct search_key){
                               .kind = entry->kind,
                               .cost = entry->cost,
                               .flag = entry->value,
                               .relation = (enum search_relation)entry->value,
                               .field = (enum mail_search_field)entry->value,
                               .name = entry->field,
                           });
}

static const struct search_key *read_named(struct reader *reader)
{
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        if (!imap_args_word(reader->args, entries[i].name))
            continue;
        struct search_key *key = key_of_entry(reader, &entries[i]);
        if (!read_argument(reader, entries[i].argument, key))
            return NULL;
        return entries[i].negated ? negate(reader, key) : key;
    }
    return NULL;
}

static const struct search_key *read_numbers(struct reader *reader)
{
    struct search_key *key =
        new_key(reader, &(struct search_key){ .kind = SEARCH_NUMBERS });
    return read_set(reader, false, key) ? key : NULL;
}

static const struct search_key *read_list(struct reader *reader)
{
    imap_args_char(reader->args, '(');
    const struct search_key *key = read_and(reader);
    return key != NULL && imap_args_char(reader->args, ')') ? key : NULL;
}

static bool at_set(const struct imap_args *args)
{
    return imap_args_next_is(args, '*') ||
           (args->at < args->end && *args->at >= '0' && *args->at <= '9');
}

static const struct search_key *read_any(struct reader *reader)
{
    struct imap_args *args = reader->args;
    if (imap_args_next_is(args, '('))
        return read_list(reader);
    if (at_set(args))
        return read_numbers(reader);
    if (imap_args_word(args, "OR"))
        return read_or(reader);
    if (imap_args_word(args, "NOT"))
        return read_not(reader);
    return read_named(reader);
}

static const struct search_key *read_key(struct reader *reader)
{
    if (reader->depth == DEPTH_MAX || reader->keys >= KEYS_MAX) {
        reader->too_much = true;
        return NULL;
    }
    reader->depth++;
    const struct search_key *key = read_any(reader);
    reader->depth--;
    return key;
}

/* "CHARSET" SP astring SP, or nothing. */
static bool read_charset(struct reader *reader)
{
    if (!imap_args_word(reader->args, "CHARSET"))
        return true;
    if (!imap_args_space(reader->args))
        return false;
    reader->charset = imap_args_astring(reader->args);
    return reader->charset != NULL && imap_args_space(reader->args);
}

enum search_reading search_keys_read(struct imap_args *args,
                                     const struct imap_folder *folder,
                                     const struct search_key **key_out)
{
    struct reader reader = { .args = args, .folder = folder };
    if (!imap_args_space(args) || !read_charset(&reader))
        return SEARCH_BAD;
    *key_out = read_and(&reader);
    if (reader.too_much)
        return SEARCH_TOO_MUCH;
    if (*key_out == NULL || !imap_args_end(args))
        return SEARCH_BAD;
    return reader.charset != NULL && !mime_charset_known(reader.charset)
               ? SEARCH_BAD_CHARSET
               : SEARCH_READ;
}
