/*
 * search_keys.c - what a SEARCH asks for, as a tree
 */
#include "imap/search_keys.h"

#include <string.h>

#include "imap/args.h"
#include "imap/search_arguments.h"
#include "proxy/base/arena.h"
#include "proxy/format/mime_charset.h"

/* Clients that look for many Message-IDs at once nest one OR per message. */
#define DEPTH_MAX 1000
#define KEYS_MAX 2500

/* `value` is the kind's own: a flag, a relation or a field. */
/* clang-format off */
#define VIEW     SEARCH_COST_VIEW
#define INDEX    SEARCH_COST_INDEX
#define HEADER   SEARCH_COST_HEADER
#define EXCHANGE SEARCH_COST_EXCHANGE
static const struct entry {
    const char *name;
    enum search_argument argument;
    bool negated;
    enum search_kind kind;
    unsigned value;
    enum search_cost cost;
} entries[] = {
    { "ALL",               NOTHING,   false, SEARCH_ALL,       0,                   VIEW },
    { "ANSWERED",          NOTHING,   false, SEARCH_FLAG,      MAIL_ANSWERED,       VIEW },
    { "DELETED",           NOTHING,   false, SEARCH_FLAG,      MAIL_DELETED,        VIEW },
    { "DRAFT",             NOTHING,   false, SEARCH_FLAG,      MAIL_DRAFT,          VIEW },
    { "FLAGGED",           NOTHING,   false, SEARCH_FLAG,      MAIL_FLAGGED,        VIEW },
    { "SEEN",              NOTHING,   false, SEARCH_FLAG,      MAIL_SEEN,           VIEW },
    { "UNANSWERED",        NOTHING,   true,  SEARCH_FLAG,      MAIL_ANSWERED,       VIEW },
    { "UNDELETED",         NOTHING,   true,  SEARCH_FLAG,      MAIL_DELETED,        VIEW },
    { "UNDRAFT",           NOTHING,   true,  SEARCH_FLAG,      MAIL_DRAFT,          VIEW },
    { "UNFLAGGED",         NOTHING,   true,  SEARCH_FLAG,      MAIL_FLAGGED,        VIEW },
    { "UNSEEN",            NOTHING,   true,  SEARCH_FLAG,      MAIL_SEEN,           VIEW },
    { "KEYWORD",           KEYWORD,   false, SEARCH_CATEGORY,  0,                   VIEW },
    { "UNKEYWORD",         KEYWORD,   true,  SEARCH_CATEGORY,  0,                   VIEW },
    { "NEW",               NOTHING,   false, SEARCH_NEW,       0,                   VIEW },
    { "RECENT",            NOTHING,   false, SEARCH_RECENT,    0,                   VIEW },
    { "OLD",               NOTHING,   true,  SEARCH_RECENT,    0,                   VIEW },
    { "UID",               UID_SET,   false, SEARCH_NUMBERS,   0,                   VIEW },
    { "LARGER",            SIZE,      false, SEARCH_LARGER,    0,                   VIEW },
    { "SMALLER",           SIZE,      false, SEARCH_SMALLER,   0,                   VIEW },
    { "BEFORE",            DATE,      false, SEARCH_RECEIVED,  SEARCH_BEFORE,       VIEW },
    { "ON",                DATE,      false, SEARCH_RECEIVED,  SEARCH_ON,           VIEW },
    { "SINCE",             DATE,      false, SEARCH_RECEIVED,  SEARCH_SINCE,        VIEW },
    { "OLDER",             INTERVAL,  false, SEARCH_OLDER,     0,                   VIEW },
    { "YOUNGER",           INTERVAL,  false, SEARCH_YOUNGER,   0,                   VIEW },
    { "MODSEQ",            MODSEQ,    false, SEARCH_MODSEQ,    0,                   VIEW },
    { "EMAILID",           OBJECT_ID, false, SEARCH_EMAIL_ID,  0,                   INDEX },
    { "THREADID",          OBJECT_ID, false, SEARCH_THREAD_ID, 0,                   INDEX },
    { "SAVEDATESUPPORTED", NOTHING,   false, SEARCH_ALL,       0,                   VIEW },
    { "SAVEDBEFORE",       DATE,      false, SEARCH_SAVED,     SEARCH_BEFORE,       INDEX },
    { "SAVEDON",           DATE,      false, SEARCH_SAVED,     SEARCH_ON,           INDEX },
    { "SAVEDSINCE",        DATE,      false, SEARCH_SAVED,     SEARCH_SINCE,        INDEX },
    { "SENTBEFORE",        DATE,      false, SEARCH_SENT,      SEARCH_BEFORE,       HEADER },
    { "SENTON",            DATE,      false, SEARCH_SENT,      SEARCH_ON,           HEADER },
    { "SENTSINCE",         DATE,      false, SEARCH_SENT,      SEARCH_SINCE,        HEADER },
    { "BCC",               STRING,    false, SEARCH_TEXT,      MAIL_SEARCH_BCC,     HEADER },
    { "CC",                STRING,    false, SEARCH_TEXT,      MAIL_SEARCH_CC,      HEADER },
    { "FROM",              STRING,    false, SEARCH_TEXT,      MAIL_SEARCH_FROM,    HEADER },
    { "SUBJECT",           STRING,    false, SEARCH_TEXT,      MAIL_SEARCH_SUBJECT, HEADER },
    { "TO",                STRING,    false, SEARCH_TEXT,      MAIL_SEARCH_TO,      HEADER },
    { "HEADER",            FIELD,     false, SEARCH_TEXT,      MAIL_SEARCH_HEADER,  HEADER },
    { "BODY",              STRING,    false, SEARCH_TEXT,      MAIL_SEARCH_BODY,    EXCHANGE },
    { "TEXT",              STRING,    false, SEARCH_TEXT,      MAIL_SEARCH_TEXT,    EXCHANGE },
};
/* clang-format on */

/* What header key a field's key is short for. */
static const char *const field_names[] = {
    [MAIL_SEARCH_SUBJECT] = "Subject", [MAIL_SEARCH_FROM] = "From",
    [MAIL_SEARCH_TO] = "To",           [MAIL_SEARCH_CC] = "Cc",
    [MAIL_SEARCH_BCC] = "Bcc",         [MAIL_SEARCH_HEADER] = NULL,
};

static struct search_key *new_key(struct search_reader *reader,
                                  const struct search_key *from)
{
    if (++reader->keys > KEYS_MAX)
        reader->too_much = true;
    return arena_memdup(reader->args->arena, from, sizeof *from);
}

/* --- Keys with children -------------------------------------------------- */

/* Puts a child where its cost belongs: before the first dearer one. */
static void add_child(struct search_reader *reader, struct search_key *parent,
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

static const struct search_key *negate(struct search_reader *reader,
                                       const struct search_key *key)
{
    struct search_key *parent =
        new_key(reader, &(struct search_key){ .kind = SEARCH_NOT });
    size_t capacity = 0;
    add_child(reader, parent, key, &capacity);
    return parent;
}

static const struct search_key *read_key(struct search_reader *reader);

/* search-key *(SP search-key): a single one stands for itself. */
static const struct search_key *read_and(struct search_reader *reader)
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

static const struct search_key *read_or(struct search_reader *reader)
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

static const struct search_key *read_not(struct search_reader *reader)
{
    const struct search_key *key =
        imap_args_space(reader->args) ? read_key(reader) : NULL;
    return key == NULL ? NULL : negate(reader, key);
}

/* RFC 6203: what is inside may be matched in any manner. */
static const struct search_key *read_fuzzy(struct search_reader *reader)
{
    bool outside = reader->is_fuzzy;
    reader->is_fuzzy = true;
    reader->query->is_fuzzy = true;
    const struct search_key *key =
        imap_args_space(reader->args) ? read_key(reader) : NULL;
    reader->is_fuzzy = outside;
    return key;
}

/* --- Reading ------------------------------------------------------------- */

static struct search_key *key_of_entry(struct search_reader *reader,
                                       const struct entry *entry)
{
    bool is_text = entry->kind == SEARCH_TEXT;
    bool is_fuzzy = is_text && reader->is_fuzzy;
    return new_key(reader,
                   &(struct search_key){
                       .kind = entry->kind,
                       .cost = is_fuzzy ? EXCHANGE : entry->cost,
                       .flag = entry->value,
                       .relation = (enum search_relation)entry->value,
                       .field = (enum mail_search_field)entry->value,
                       .is_fuzzy = is_fuzzy,
                       .name = is_text ? field_names[entry->value] : NULL,
                   });
}

static const struct search_key *read_named(struct search_reader *reader)
{
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        if (!imap_args_word(reader->args, entries[i].name))
            continue;
        struct search_key *key = key_of_entry(reader, &entries[i]);
        if (!search_read_argument(reader, entries[i].argument, key))
            return NULL;
        return entries[i].negated ? negate(reader, key) : key;
    }
    return NULL;
}

static const struct search_key *read_numbers(struct search_reader *reader)
{
    struct search_key *key =
        new_key(reader, &(struct search_key){ .kind = SEARCH_NUMBERS });
    return search_read_set(reader, false, key) ? key : NULL;
}

static const struct search_key *read_list(struct search_reader *reader)
{
    imap_args_char(reader->args, '(');
    const struct search_key *key = read_and(reader);
    return key != NULL && imap_args_char(reader->args, ')') ? key : NULL;
}

static bool at_set(const struct imap_args *args)
{
    return imap_args_next_is(args, '*') || imap_args_next_is(args, '$') ||
           (args->at < args->end && *args->at >= '0' && *args->at <= '9');
}

static const struct search_key *read_any(struct search_reader *reader)
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
    if (imap_args_word(args, "FUZZY"))
        return read_fuzzy(reader);
    return read_named(reader);
}

static const struct search_key *read_key(struct search_reader *reader)
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

static enum search_reading read_keys(struct imap_args *args,
                                     const struct imap_folder *folder,
                                     struct search_query *query)
{
    struct search_reader reader = { .args = args,
                                    .folder = folder,
                                    .query = query };
    query->key = read_and(&reader);
    if (reader.too_much)
        return SEARCH_TOO_MUCH;
    if (query->key == NULL || !imap_args_end(args))
        return SEARCH_BAD;
    return query->charset != NULL && !mime_charset_known(query->charset)
               ? SEARCH_BAD_CHARSET
               : SEARCH_READ;
}

/* astring SP */
static bool read_charset(struct imap_args *args, struct search_query *query)
{
    query->charset = imap_args_astring(args);
    return query->charset != NULL && imap_args_space(args);
}

enum search_reading search_keys_read(struct imap_args *args,
                                     const struct imap_folder *folder,
                                     struct search_query *query_out)
{
    *query_out = (struct search_query){ .key = NULL };
    if (!imap_args_space(args))
        return SEARCH_BAD;
    if (imap_args_word(args, "CHARSET") &&
        (!imap_args_space(args) || !read_charset(args, query_out)))
        return SEARCH_BAD;
    return read_keys(args, folder, query_out);
}

enum search_reading search_keys_read_in_charset(
    struct imap_args *args, const struct imap_folder *folder,
    struct search_query *query_out)
{
    *query_out = (struct search_query){ .key = NULL };
    if (!imap_args_space(args) || !read_charset(args, query_out))
        return SEARCH_BAD;
    return read_keys(args, folder, query_out);
}
