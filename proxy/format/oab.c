/*
 * oab.c - see oab.h
 *
 *     0x00000020, serial, how many records           4 octets each
 *     size, properties of the header, of records     a count, and tag and flags
 *                                                    of each
 *     size, presence, values                         the header
 *     size, presence, values                         each record
 *
 * Sizes count themselves.  "Presence" has a bit for each property, the highest
 * of an octet first.  A number takes one octet, or one from 0x81 to 0x84 that
 * says how many follow; a text ends with NUL; octets have their length before
 * them and lists their count, both as numbers.
 */
#include "proxy/format/oab.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/spool.h"
#include "proxy/base/utf8.h"

#define VERSION_4_FULL 0x20u
#define HEAD_SIZE 12

/* Exchange knows some two hundred, and keeps values below 32 KB. */
#define PROPERTIES_MAX 4096u
#define RECORD_MAX (4u << 20)

enum oab_type {
    TYPE_NUMBER = 0x0003,
    TYPE_TRUTH = 0x000b,
    TYPE_TEXT_8 = 0x001e,
    TYPE_TEXT = 0x001f,
    TYPE_OCTETS = 0x0102,
    TYPE_MANY = 0x1000 /* a bit: there may be several */
};

struct oab {
    const struct spool *file;
    uint64_t at;
    uint32_t count;
    uint32_t told;
    uint32_t *tags; /* of records */
    uint32_t tag_count;
    const char *problem;
};

/* What is read from: moves on, and stays `good` as long as there was enough. */
struct cursor {
    const unsigned char *data;
    size_t len;
    size_t at;
    bool good;
};

static bool fail(struct oab *oab, const char *problem)
{
    oab->problem = problem;
    return false;
}

/* --- Parts of a record ---------------------------------------------------- */

static const unsigned char *take(struct cursor *cursor, size_t len)
{
    if (!cursor->good || len > cursor->len - cursor->at) {
        cursor->good = false;
        return NULL;
    }
    const unsigned char *data = cursor->data + cursor->at;
    cursor->at += len;
    return data;
}

static uint32_t little_endian(const unsigned char *data, size_t len)
{
    uint32_t number = 0;

    while (len > 0)
        number = number << 8 | data[--len];
    return number;
}

static uint32_t take_word(struct cursor *cursor)
{
    const unsigned char *data = take(cursor, 4);

    return data != NULL ? little_endian(data, 4) : 0;
}

static uint32_t take_number(struct cursor *cursor)
{
    const unsigned char *first = take(cursor, 1);

    if (first == NULL || *first < 0x80)
        return first != NULL ? *first : 0;
    size_t len = *first - 0x80u;
    if (len < 1 || len > 4)
        cursor->good = false;
    const unsigned char *data = take(cursor, len);
    return data != NULL ? little_endian(data, len) : 0;
}

/* How many follow, none of them smaller than an octet. */
static size_t take_count(struct cursor *cursor)
{
    uint32_t count = take_number(cursor);

    if (count > cursor->len - cursor->at)
        cursor->good = false;
    return cursor->good ? count : 0;
}

static uint32_t take_truth(struct cursor *cursor)
{
    const unsigned char *data = take(cursor, 1);

    return data != NULL && *data != 0;
}

static const char *take_text(struct cursor *cursor, struct arena *arena)
{
    const unsigned char *start = cursor->data + cursor->at;
    const unsigned char *end =
        cursor->good ? memchr(start, '\0', cursor->len - cursor->at) : NULL;

    if (end == NULL) {
        cursor->good = false;
        return "";
    }
    size_t len = (size_t)(end - start);
    take(cursor, len + 1);
    return utf8_repair(arena, (const char *)start, len);
}

static struct oab_data take_octets(struct cursor *cursor)
{
    size_t len = take_count(cursor);

    return (struct oab_data){ take(cursor, len), len };
}

/* --- Values --------------------------------------------------------------- */

static void take_numbers(struct cursor *cursor, struct arena *arena,
                         struct oab_value *value, bool truth)
{
    uint32_t *numbers = arena_array(arena, value->count + 1, sizeof *numbers);

    for (size_t i = 0; i < value->count && cursor->good; i++)
        numbers[i] = truth ? take_truth(cursor) : take_number(cursor);
    value->numbers = numbers;
}

static void take_texts(struct cursor *cursor, struct arena *arena,
                       struct oab_value *value)
{
    const char **texts = arena_array(arena, value->count + 1, sizeof *texts);

    for (size_t i = 0; i < value->count && cursor->good; i++)
        texts[i] = take_text(cursor, arena);
    value->texts = texts;
}

static void take_data(struct cursor *cursor, struct arena *arena,
                      struct oab_value *value)
{
    struct oab_data *data = arena_array(arena, value->count + 1, sizeof *data);

    for (size_t i = 0; i < value->count && cursor->good; i++)
        data[i] = take_octets(cursor);
    value->data = data;
}

/* A value of a type that nobody knows has no end. */
static void take_value(struct cursor *cursor, struct arena *arena, uint32_t tag,
                       struct oab_value *value)
{
    bool many = (tag & TYPE_MANY) != 0;

    *value = (struct oab_value){ .tag = tag };
    value->count = many ? take_count(cursor) : 1;
    switch (tag & 0xffffu & ~(uint32_t)TYPE_MANY) {
    case TYPE_NUMBER:
        take_numbers(cursor, arena, value, false);
        break;
    case TYPE_TRUTH:
        take_numbers(cursor, arena, value, true);
        break;
    case TYPE_TEXT_8:
    case TYPE_TEXT:
        take_texts(cursor, arena, value);
        break;
    case TYPE_OCTETS:
        take_data(cursor, arena, value);
        break;
    default:
        cursor->good = false;
    }
}

static size_t count_bits(const unsigned char *bits, size_t len)
{
    size_t count = 0;

    for (size_t i = 0; i < len * 8; i++)
        count += bits[i / 8] >> (7 - i % 8) & 1;
    return count;
}

static bool take_values(struct oab *oab, struct cursor *cursor,
                        struct arena *arena, struct oab_record *record)
{
    size_t len = (oab->tag_count + 7) / 8;
    const unsigned char *bits = take(cursor, len);

    if (bits == NULL)
        return fail(oab, "a record ends too early");
    record->count = 0;
    record->values =
        arena_array(arena, count_bits(bits, len) + 1, sizeof *record->values);
    for (size_t i = 0; i < oab->tag_count && cursor->good; i++)
        if ((bits[i / 8] >> (7 - i % 8) & 1) != 0)
            take_value(cursor, arena, oab->tags[i],
                       &record->values[record->count++]);
    if (!cursor->good)
        return fail(oab, "a record has a broken value");
    return true;
}

/* --- Records -------------------------------------------------------------- */

static bool read_at(const struct oab *oab, uint64_t offset, void *out,
                    size_t len)
{
    size_t got = 0;

    while (got < len) {
        long part =
            spool_read(oab->file, offset + got, (char *)out + got, len - got);
        if (part <= 0)
            return false;
        got += (size_t)part;
    }
    return true;
}

/* The next thing that has a size: what follows that. */
static bool read_sized(struct oab *oab, struct arena *arena,
                       struct cursor *cursor)
{
    unsigned char size[4];

    if (!read_at(oab, oab->at, size, 4))
        return fail(oab, "the file ends too early");
    uint32_t len = little_endian(size, 4);
    if (len < 4 || len > RECORD_MAX)
        return fail(oab, "a record has an impossible size");
    unsigned char *data = arena_alloc(arena, len);
    if (!read_at(oab, oab->at + 4, data, len - 4))
        return fail(oab, "the file ends too early");
    oab->at += len;
    *cursor = (struct cursor){ .data = data, .len = len - 4, .good = true };
    return true;
}

static uint32_t *take_table(struct cursor *cursor, struct arena *arena,
                            uint32_t *count_out)
{
    uint32_t count = take_word(cursor);

    if (count > PROPERTIES_MAX)
        cursor->good = false;
    *count_out = cursor->good ? count : 0;
    uint32_t *tags = arena_array(arena, *count_out + 1, sizeof *tags);
    for (uint32_t i = 0; i < *count_out && cursor->good; i++) {
        tags[i] = take_word(cursor);
        take_word(cursor); /* how it is indexed */
    }
    return tags;
}

static bool read_schema(struct oab *oab, struct arena *arena)
{
    struct cursor cursor;
    uint32_t header;

    if (!read_sized(oab, arena, &cursor))
        return false;
    take_table(&cursor, arena, &header);
    oab->tags = take_table(&cursor, arena, &oab->tag_count);
    if (!cursor.good || oab->tag_count == 0)
        return fail(oab, "the table of properties is broken");
    /* The header names the list, which its reader knows. */
    return read_sized(oab, arena, &cursor);
}

static bool read_head(struct oab *oab)
{
    unsigned char head[HEAD_SIZE];

    if (!read_at(oab, 0, head, sizeof head))
        return fail(oab, "the file ends too early");
    if (little_endian(head, 4) != VERSION_4_FULL)
        return fail(oab, "it is not an address book of version 4");
    /* The serial is a checksum; whoever has unpacked the file has checked it
     * by better ones. */
    oab->count = little_endian(head + 8, 4);
    oab->at = HEAD_SIZE;
    return true;
}

struct oab *oab_open(struct arena *arena, const struct spool *file,
                     const char **problem_out)
{
    struct oab *oab = arena_alloc(arena, sizeof *oab);

    oab->file = file;
    bool good = read_head(oab) && read_schema(oab, arena);
    *problem_out = oab->problem;
    return good ? oab : NULL;
}

uint32_t oab_count(const struct oab *oab)
{
    return oab->count;
}

bool oab_next(struct oab *oab, struct arena *arena,
              struct oab_record *record_out)
{
    struct cursor cursor;

    if (oab->problem != NULL)
        return false;
    if (oab->told == oab->count) {
        if (oab->at != spool_size(oab->file))
            fail(oab, "the file has more than it says");
        return false;
    }
    if (!read_sized(oab, arena, &cursor) ||
        !take_values(oab, &cursor, arena, record_out))
        return false;
    oab->told++;
    return true;
}

const char *oab_problem(const struct oab *oab)
{
    return oab->problem;
}

/* --- What a record says --------------------------------------------------- */

const struct oab_value *oab_value(const struct oab_record *record, uint32_t id)
{
    for (size_t i = 0; i < record->count; i++)
        if (record->values[i].tag >> 16 == id)
            return &record->values[i];
    return NULL;
}

uint32_t oab_number(const struct oab_record *record, uint32_t id,
                    uint32_t absent)
{
    const struct oab_value *value = oab_value(record, id);

    return value != NULL && value->numbers != NULL && value->count > 0
               ? value->numbers[0]
               : absent;
}

const char *oab_text(const struct oab_record *record, uint32_t id)
{
    const struct oab_value *value = oab_value(record, id);

    return value != NULL && value->texts != NULL && value->count > 0 &&
                   *value->texts[0] != '\0'
               ? value->texts[0]
               : NULL;
}
