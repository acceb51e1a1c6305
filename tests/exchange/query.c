/*
 * query.c - searching in the language of the content index (AQS)
 *
 * What the index holds: sender, recipients, subject, texts and the names and
 * texts of attachments.  A property that it does not know is a word as any
 * other.
 */
#include "tests/exchange/query.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/letter.h"
#include "tests/exchange/path.h"
#include "tests/exchange/stores.h"
#include "tests/exchange/text.h"

enum kind { TERM_AND, TERM_OR, TERM_NOT, TERM_WORD };

struct query {
    enum kind kind;
    const struct query *left, *right;      /* AND, OR; NOT has the left one */
    const struct index_property *property; /* NULL: everything that is indexed */
    const char *value;                     /* folded */
    bool phrase;
};

/* --- What is there ------------------------------------------------------- */

static const char *field(struct arena *arena, struct sim_item *item,
                         const char *name)
{
    const char *text = letter_field_text(arena, item->content->data,
                                         item->content->header_len, name);

    return text == NULL ? "" : text;
}

static const char *texts_of(struct arena *arena, struct sim_item *item)
{
    struct letter_part *parts;
    size_t count =
        letter_parts(arena, item->content->data, item->content->len, &parts);
    struct buf all;

    buf_init(&all, arena);
    for (size_t i = 0; i < count; i++) {
        if (parts[i].name != NULL)
            buf_printf(&all, "%s ", parts[i].name);
        if (str_starts(parts[i].type, "text/"))
            buf_printf(&all, "%s\n", letter_part_text(arena, &parts[i]));
    }
    return all.len == 0 ? "" : all.data;
}

static const char *read_subject(struct arena *arena, struct sim_item *item)
{
    return field(arena, item, "Subject");
}

static const char *read_from(struct arena *arena, struct sim_item *item)
{
    return field(arena, item, "From");
}

static const char *read_to(struct arena *arena, struct sim_item *item)
{
    return field(arena, item, "To");
}

static const char *read_cc(struct arena *arena, struct sim_item *item)
{
    return field(arena, item, "Cc");
}

static const char *read_bcc(struct arena *arena, struct sim_item *item)
{
    return field(arena, item, "Bcc");
}

static const char *read_participants(struct arena *arena, struct sim_item *item)
{
    return arena_printf(arena, "%s %s %s %s", read_from(arena, item),
                        read_to(arena, item), read_cc(arena, item),
                        read_bcc(arena, item));
}

static const char *read_categories(struct arena *arena, struct sim_item *item)
{
    struct buf all;

    buf_init(&all, arena);
    for (size_t i = 0; item->categories != NULL && item->categories[i] != NULL;
         i++)
        buf_printf(&all, "%s\n", item->categories[i]);
    return all.len == 0 ? "" : all.data;
}

static const char *read_attachments(struct arena *arena, struct sim_item *item)
{
    struct letter_part *parts;
    size_t count =
        letter_parts(arena, item->content->data, item->content->len, &parts);
    struct buf names;

    buf_init(&names, arena);
    for (size_t i = 0; i < count; i++)
        if (parts[i].attachment && parts[i].name != NULL)
            buf_printf(&names, "%s\n", parts[i].name);
    return names.len == 0 ? "" : names.data;
}

static const char *read_all(struct arena *arena, struct sim_item *item)
{
    return arena_printf(arena, "%s %s %s %s", read_participants(arena, item),
                        read_subject(arena, item), texts_of(arena, item),
                        read_attachments(arena, item));
}

static const char *truth(bool is)
{
    return is ? "true" : "false";
}

static const char *read_is_read(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return truth(sim_item_flags(item) & FLAG_READ);
}

static const char *read_has_attachment(struct arena *arena,
                                       struct sim_item *item)
{
    (void)arena;
    return truth(item->flags & FLAG_HAS_ATTACHMENT);
}

static const char *read_is_flagged(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return truth(bag_number(&item->bag, NULL, 0x1090, 0) == 2);
}

static const char *read_kind(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return str_starts_nocase(item->class, "IPM.Schedule") ? "meetings"
                                                          : "email";
}

static int64_t received_of(const struct sim_item *item)
{
    return item->received;
}

static int64_t sent_of(const struct sim_item *item)
{
    return item->submitted;
}

static int64_t size_of(const struct sim_item *item)
{
    return sim_item_size(item);
}

struct index_property {
    const char *name;
    const char *(*read)(struct arena *arena, struct sim_item *item);
    int64_t (*number)(const struct sim_item *item);
    bool day;                 /* the number is an instant; days are compared */
};

/* clang-format off */
static const struct index_property properties[] = {
    { "subject",       read_subject,        NULL,        false },
    { "from",          read_from,           NULL,        false },
    { "to",            read_to,             NULL,        false },
    { "cc",            read_cc,             NULL,        false },
    { "bcc",           read_bcc,            NULL,        false },
    { "participants",  read_participants,   NULL,        false },
    { "body",          texts_of,            NULL,        false },
    { "attachment",    read_attachments,    NULL,        false },
    { "category",      read_categories,     NULL,        false },
    { "kind",          read_kind,           NULL,        false },
    { "isread",        read_is_read,        NULL,        false },
    { "isflagged",     read_is_flagged,     NULL,        false },
    { "hasattachment", read_has_attachment, NULL,        false },
    { "received",      NULL,                received_of, true },
    { "sent",          NULL,                sent_of,     true },
    { "size",          NULL,                size_of,     false },
};
/* clang-format on */

/* --- Reading ------------------------------------------------------------- */

struct reader {
    struct arena *arena;
    const char *at;
};

static const struct query *read_or(struct reader *reader);

static void skip_spaces(struct reader *reader)
{
    reader->at += strspn(reader->at, " \t\r\n");
}

static bool take_word(struct reader *reader, const char *word)
{
    size_t len = strlen(word);

    skip_spaces(reader);
    if (strncmp(reader->at, word, len) != 0 ||
        strchr(" \t\r\n(\"", reader->at[len]) == NULL || reader->at[len] == '\0')
        return false;
    reader->at += len;
    return true;
}

static const struct query *join(struct reader *reader, enum kind kind,
                                const struct query *left,
                                const struct query *right)
{
    struct query *query = arena_alloc(reader->arena, sizeof *query);

    *query = (struct query){ .kind = kind, .left = left, .right = right };
    return query;
}

static const struct index_property *take_property(struct reader *reader)
{
    size_t len = strcspn(reader->at, ": \t\r\n\"()");

    for (size_t i = 0;
         reader->at[len] == ':' && i < sizeof properties / sizeof *properties;
         i++)
        if (str_is_nocase(reader->at, len, properties[i].name)) {
            reader->at += len + 1;
            return &properties[i];
        }
    return NULL;
}

static const struct query *read_word(struct reader *reader)
{
    struct query *query = arena_alloc(reader->arena, sizeof *query);
    const char *start;
    size_t len;

    *query = (struct query){ .kind = TERM_WORD,
                             .property = take_property(reader) };
    query->phrase = *reader->at == '"';
    reader->at += query->phrase;
    start = reader->at;
    len = strcspn(start, query->phrase ? "\"" : " \t\r\n()\"");
    reader->at += len;
    if (query->phrase && *reader->at == '"')
        reader->at++;
    query->value =
        text_fold(reader->arena, arena_strndup(reader->arena, start, len));
    return query;
}

static const struct query *read_term(struct reader *reader)
{
    const struct query *inner;

    if (take_word(reader, "NOT"))
        return join(reader, TERM_NOT, read_term(reader), NULL);
    skip_spaces(reader);
    if (*reader->at == '-' && reader->at[1] != '\0' && reader->at[1] != ' ') {
        reader->at++;
        return join(reader, TERM_NOT, read_term(reader), NULL);
    }
    if (*reader->at != '(')
        return read_word(reader);
    reader->at++;
    inner = read_or(reader);
    skip_spaces(reader);
    reader->at += *reader->at == ')';
    return inner;
}

static bool is_before_or(struct reader *reader)
{
    struct reader ahead = *reader;

    return take_word(&ahead, "OR");
}

static const struct query *read_and(struct reader *reader)
{
    const struct query *query = read_term(reader);

    for (;;) {
        take_word(reader, "AND");
        skip_spaces(reader);
        if (*reader->at == '\0' || *reader->at == ')' || is_before_or(reader))
            return query;
        query = join(reader, TERM_AND, query, read_term(reader));
    }
}

static const struct query *read_or(struct reader *reader)
{
    const struct query *query = read_and(reader);

    while (take_word(reader, "OR"))
        query = join(reader, TERM_OR, query, read_and(reader));
    return query;
}

struct query *query_read(struct arena *arena, const char *text)
{
    struct reader reader = { arena, text };
    struct query *query = arena_alloc(arena, sizeof *query);
    const struct query *all = read_or(&reader);

    /* What a parenthesis too many leaves is one more term. */
    while (*reader.at != '\0') {
        reader.at += *reader.at == ')';
        skip_spaces(&reader);
        if (*reader.at != '\0')
            all = join(&reader, TERM_AND, all, read_or(&reader));
    }
    *query = *all;
    return query;
}

/* --- Fitting ------------------------------------------------------------- */

static bool is_part_of_word(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 || c == '_';
}

/* Whether it stands at the beginning of a word; a phrase has to end one. */
static bool fits_text(const char *text, const char *wanted, bool phrase)
{
    size_t len = strlen(wanted);
    bool prefix = !phrase || (len > 0 && wanted[len - 1] == '*');

    len -= len > 0 && wanted[len - 1] == '*';
    for (const char *at = text; len > 0 && *at != '\0'; at++)
        if (strncmp(at, wanted, len) == 0 &&
            (at == text || !is_part_of_word(at[-1])) &&
            (prefix || !is_part_of_word(at[len])))
            return true;
    return len == 0;
}

/* "10", ">10KB", "2024-05-01", ">=2024-05-01": an instant by its day. */
static bool fits_number(const struct query *query, const struct sim_item *item)
{
    size_t signs = strspn(query->value, "<>=");
    const char *text = query->value + signs;
    int64_t number = query->property->number(item);
    char *unit;
    int64_t wanted = strtoll(text, &unit, 10);

    if (query->property->day) {
        char iso[40];

        snprintf(iso, sizeof iso, "%.10sT00:00:00Z", text);
        wanted = time_from_iso(iso);
        if (number == TIME_NONE || wanted == TIME_NONE)
            return false;
        number -= number % 86400;
    } else {
        wanted *= *unit == 'k' ? 1024 : *unit == 'm' ? 1024 * 1024 : 1;
    }
    if (signs == 0 || query->value[signs - 1] == '=') {
        if (number == wanted)
            return true;
    }
    return (*query->value == '>' && number > wanted) ||
           (*query->value == '<' && number < wanted);
}

static bool fits_word(struct arena *arena, const struct query *query,
                      struct sim_item *item)
{
    if (query->property != NULL && query->property->number != NULL)
        return fits_number(query, item);
    return fits_text(text_fold(arena, query->property == NULL
                                          ? read_all(arena, item)
                                          : query->property->read(arena, item)),
                     query->value, query->phrase);
}

static bool fits(struct arena *arena, const struct query *query,
                 struct sim_item *item)
{
    switch (query->kind) {
    case TERM_AND:
        return fits(arena, query->left, item) &&
               fits(arena, query->right, item);
    case TERM_OR:
        return fits(arena, query->left, item) ||
               fits(arena, query->right, item);
    case TERM_NOT:
        return !fits(arena, query->left, item);
    default:
        return fits_word(arena, query, item);
    }
}

bool query_fits(const struct query *query, struct sim_item *item)
{
    struct arena *arena = arena_new();
    bool fit = fits(arena, query, item);

    arena_free(&arena);
    return fit;
}
