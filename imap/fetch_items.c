/*
 * fetch_items.c - what a FETCH asks for
 */
#include "imap/fetch_items.h"

#include <inttypes.h>
#include <string.h>

#include "imap/args.h"
#include "imap/reply.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* Structures are not deeper than half of this. */
#define NUMBERS_MAX 200

/* clang-format off */
static const struct fetch_item plain_items[] = {
    { .kind = FETCH_UID,           .name = "UID" },
    { .kind = FETCH_FLAGS,         .name = "FLAGS" },
    { .kind = FETCH_DATE,          .name = "INTERNALDATE" },
    { .kind = FETCH_SIZE,          .name = "RFC822.SIZE" },
    { .kind = FETCH_MODSEQ,        .name = "MODSEQ" },
    { .kind = FETCH_EMAILID,       .name = "EMAILID" },
    { .kind = FETCH_THREADID,      .name = "THREADID" },
    { .kind = FETCH_SAVEDATE,      .name = "SAVEDATE" },
    { .kind = FETCH_ENVELOPE,      .name = "ENVELOPE" },
    { .kind = FETCH_BODYSTRUCTURE, .name = "BODYSTRUCTURE" },
    { .kind = FETCH_SECTION,       .name = "RFC822",        .sets_seen = true },
    { .kind = FETCH_SECTION,       .name = "RFC822.HEADER", .section = { .part = FETCH_HEADER } },
    { .kind = FETCH_SECTION,       .name = "RFC822.TEXT",   .section = { .part = FETCH_TEXT },
                                                            .sets_seen = true },
};

static const struct {
    const char *name;
    enum fetch_kind kinds[6];
    size_t count;
} macros[] = {
    { "FAST", { FETCH_FLAGS, FETCH_DATE, FETCH_SIZE }, 3 },
    { "ALL",  { FETCH_FLAGS, FETCH_DATE, FETCH_SIZE, FETCH_ENVELOPE }, 4 },
    { "FULL", { FETCH_FLAGS, FETCH_DATE, FETCH_SIZE, FETCH_ENVELOPE, FETCH_BODY }, 5 },
};

/* HEADER comes after those that begin with it, and those of MIME need a number. */
static const struct {
    const char *name;
    enum fetch_part part;
} parts[] = {
    { "HEADER.FIELDS.NOT", FETCH_FIELDS_NOT },
    { "HEADER.FIELDS",     FETCH_FIELDS },
    { "HEADER",            FETCH_HEADER },
    { "TEXT",              FETCH_TEXT },
    { "MIME",              FETCH_MIME },
};
/* clang-format on */

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* --- The list ------------------------------------------------------------ */

static bool same_names(const struct fetch_section *a,
                       const struct fetch_section *b)
{
    if (a->field_count != b->field_count)
        return false;
    for (size_t i = 0; i < a->field_count; i++) {
        if (!str_equal_nocase(a->fields[i], b->fields[i]))
            return false;
    }
    return true;
}

/* Whether two items have the same answer, name and all. */
static bool same_answer(const struct fetch_item *a, const struct fetch_item *b)
{
    const struct fetch_section *x = &a->section;
    const struct fetch_section *y = &b->section;
    return a->kind == b->kind && a->bracketed == b->bracketed &&
           strcmp(a->name, b->name) == 0 && x->part == y->part &&
           x->number_count == y->number_count &&
           (x->number_count == 0 ||
            memcmp(x->numbers, y->numbers,
                   x->number_count * sizeof *x->numbers) == 0) &&
           x->partial == y->partial && x->first == y->first &&
           x->count == y->count && same_names(x, y);
}

struct reader {
    struct imap_args *args;
    struct fetch_items items;
    size_t capacity;
};

static void add(struct reader *reader, const struct fetch_item *item)
{
    struct fetch_items *items = &reader->items;
    for (size_t i = 0; i < items->count; i++) {
        if (same_answer(&items->list[i], item)) {
            items->list[i].sets_seen |= item->sets_seen;
            items->list[i].lazy &= item->lazy;
            return;
        }
    }
    if (items->count == reader->capacity) {
        reader->capacity = reader->capacity == 0 ? 8 : reader->capacity * 2;
        struct fetch_item *grown =
            arena_array(reader->args->arena, reader->capacity, sizeof *grown);
        if (items->count > 0)
            memcpy(grown, items->list, items->count * sizeof *grown);
        items->list = grown;
    }
    items->list[items->count++] = *item;
}

static void add_kind(struct reader *reader, enum fetch_kind kind)
{
    struct fetch_item body = { .kind = FETCH_BODY, .name = "BODY" };
    for (size_t i = 0; i < COUNT(plain_items); i++) {
        if (plain_items[i].kind == kind)
            add(reader, &plain_items[i]);
    }
    if (kind == FETCH_BODY)
        add(reader, &body);
}

bool fetch_items_have(const struct fetch_items *items, enum fetch_kind kind)
{
    for (size_t i = 0; i < items->count; i++) {
        if (items->list[i].kind == kind)
            return true;
    }
    return false;
}

void fetch_items_add(struct imap_args *args, struct fetch_items *items,
                     enum fetch_kind kind)
{
    size_t i = 0;

    if (fetch_items_have(items, kind))
        return;
    while (plain_items[i].kind != kind)
        i++;
    struct fetch_item *grown =
        arena_array(args->arena, items->count + 1, sizeof *grown);
    if (items->count > 0)
        memcpy(grown + 1, items->list, items->count * sizeof *grown);
    grown[0] = plain_items[i];
    items->list = grown;
    items->count++;
}

/* --- Sections ------------------------------------------------------------ */

static bool at_digit(const struct imap_args *args)
{
    return args->at < args->end && *args->at >= '0' && *args->at <= '9';
}

/* section-part: "1.2.3", and the dot before what follows. */
static bool read_numbers(struct imap_args *args, struct fetch_section *section,
                         bool *more_out)
{
    uint32_t numbers[NUMBERS_MAX];
    size_t count = 0;
    *more_out = true;
    while (*more_out && at_digit(args)) {
        uint64_t number;
        if (count == NUMBERS_MAX ||
            !imap_args_number(args, 1, UINT32_MAX, &number))
            return false;
        numbers[count++] = (uint32_t)number;
        *more_out = imap_args_char(args, '.');
    }
    if (count > 0)
        section->numbers =
            arena_memdup(args->arena, numbers, count * sizeof *numbers);
    section->number_count = count;
    return true;
}

/* header-list: "(FROM TO)" */
static bool read_fields(struct imap_args *args, struct fetch_section *section)
{
    size_t capacity = 0;
    if (!imap_args_space(args) || !imap_args_char(args, '('))
        return false;
    do {
        if (section->field_count == capacity) {
            capacity = capacity == 0 ? 16 : capacity * 2;
            const char **grown =
                arena_array(args->arena, capacity, sizeof *grown);
            if (section->field_count > 0)
                memcpy(grown, section->fields,
                       section->field_count * sizeof *grown);
            section->fields = grown;
        }
        const char *name = imap_args_astring(args);
        if (name == NULL)
            return false;
        section->fields[section->field_count++] = name;
    } while (imap_args_space(args));
    return imap_args_char(args, ')');
}

static bool read_part(struct imap_args *args, struct fetch_section *section)
{
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (!imap_args_word(args, parts[i].name))
            continue;
        section->part = parts[i].part;
        if (section->part == FETCH_MIME)
            return section->number_count > 0;
        return (section->part != FETCH_FIELDS &&
                section->part != FETCH_FIELDS_NOT) ||
               read_fields(args, section);
    }
    return false;
}

/* section: from the opening to the closing bracket. */
bool fetch_section_read(struct imap_args *args, struct fetch_section *section)
{
    bool more;
    if (!imap_args_char(args, '[') || !read_numbers(args, section, &more))
        return false;
    bool empty = section->number_count == 0 && imap_args_next_is(args, ']');
    if (more && !empty && !read_part(args, section))
        return false;
    return imap_args_char(args, ']');
}

/* "<0.1024>", or nothing.  RFC 3501 has 32 bits, which RFC 9051 has made 63;
 * who knows the old rule only cannot tell the difference. */
static bool read_partial(struct imap_args *args, struct fetch_section *section)
{
    uint64_t first, count;
    if (!imap_args_char(args, '<'))
        return true;
    if (!imap_args_number(args, 0, INT64_MAX, &first) ||
        !imap_args_char(args, '.') ||
        !imap_args_number(args, 1, INT64_MAX, &count) ||
        !imap_args_char(args, '>'))
        return false;
    section->partial = true;
    section->first = first;
    section->count = count;
    return true;
}

/* --- Items --------------------------------------------------------------- */

/* "[1.2]<0.1024>" behind a name; RFC 3516 knows whole parts only. */
static bool read_stretch(struct reader *reader, struct fetch_item *item)
{
    struct fetch_section *section = &item->section;
    item->bracketed = true;
    if (!fetch_section_read(reader->args, section) ||
        (item->kind != FETCH_SECTION && section->part != FETCH_WHOLE) ||
        (item->kind != FETCH_BINARY_SIZE &&
         !read_partial(reader->args, section)))
        return false;
    add(reader, item);
    return true;
}

/* "(LAZY)", or nothing. */
static bool read_preview(struct reader *reader)
{
    struct fetch_item item = { .kind = FETCH_PREVIEW, .name = "PREVIEW" };
    struct imap_args *args = reader->args;
    static const char begin[] = " (LAZY";
    size_t len = strlen(begin);
    if ((size_t)(args->end - args->at) > len &&
        str_is_nocase(args->at, len, begin)) {
        args->at += 2;
        do {
            item.lazy = imap_args_word(args, "LAZY");
        } while (item.lazy && imap_args_space(args));
        if (!item.lazy || !imap_args_char(args, ')'))
            return false;
    }
    add(reader, &item);
    return true;
}

/* clang-format off */
static const struct fetch_item stretches[] = {
    { .kind = FETCH_SECTION,     .name = "BODY",        .sets_seen = true },
    { .kind = FETCH_SECTION,     .name = "BODY.PEEK" },
    { .kind = FETCH_BINARY,      .name = "BINARY",      .sets_seen = true },
    { .kind = FETCH_BINARY,      .name = "BINARY.PEEK" },
    { .kind = FETCH_BINARY_SIZE, .name = "BINARY.SIZE" },
};
/* clang-format on */

/* What has brackets is content; BODY without them is a structure. */
static bool read_content(struct reader *reader)
{
    struct imap_args *args = reader->args;
    size_t i = 0;
    while (i < COUNT(stretches) && !imap_args_word(args, stretches[i].name))
        i++;
    if (i == COUNT(stretches))
        return false;
    if (i == 0 && !imap_args_next_is(args, '[')) {
        add_kind(reader, FETCH_BODY);
        return true;
    }
    struct fetch_item item = stretches[i];
    /* PEEK is not in the answer. */
    if (str_ends_nocase(item.name, ".PEEK"))
        item.name = stretches[i - 1].name;
    return read_stretch(reader, &item);
}

static bool read_item(struct reader *reader)
{
    for (size_t i = 0; i < COUNT(plain_items); i++) {
        if (imap_args_word(reader->args, plain_items[i].name)) {
            add(reader, &plain_items[i]);
            return true;
        }
    }
    if (imap_args_word(reader->args, "PREVIEW"))
        return read_preview(reader);
    return read_content(reader);
}

bool fetch_items_read(struct imap_args *args, struct fetch_items *items_out)
{
    struct reader reader = { .args = args };
    bool read = true;
    size_t macro = 0;
    while (macro < COUNT(macros) && !imap_args_word(args, macros[macro].name))
        macro++;
    if (macro < COUNT(macros)) {
        for (size_t i = 0; i < macros[macro].count; i++)
            add_kind(&reader, macros[macro].kinds[i]);
    } else if (imap_args_char(args, '(')) {
        do {
            read = read_item(&reader);
        } while (read && imap_args_space(args));
        read = read && imap_args_char(args, ')');
    } else {
        read = read_item(&reader);
    }
    *items_out = reader.items;
    return read;
}

/* --- Names --------------------------------------------------------------- */

static void write_part(struct imap_out *out,
                       const struct fetch_section *section)
{
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (parts[i].part == section->part)
            imap_out_printf(out, "%s%s", section->number_count > 0 ? "." : "",
                            parts[i].name);
    }
    for (size_t i = 0; i < section->field_count; i++) {
        imap_out_puts(out, i == 0 ? " (" : " ");
        imap_out_astring(out, section->fields[i]);
    }
    if (section->field_count > 0)
        imap_out_puts(out, ")");
}

void fetch_item_write_name(struct imap_out *out, const struct fetch_item *item)
{
    const struct fetch_section *section = &item->section;
    imap_out_puts(out, item->name);
    if (!item->bracketed)
        return;
    imap_out_puts(out, "[");
    for (size_t i = 0; i < section->number_count; i++)
        imap_out_printf(out, "%s%u", i == 0 ? "" : ".", section->numbers[i]);
    write_part(out, section);
    imap_out_puts(out, "]");
    if (section->partial)
        imap_out_printf(out, "<%" PRIu64 ">", section->first);
}
