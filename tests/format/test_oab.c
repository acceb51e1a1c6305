/*
 * test_oab.c - reading offline address books, whole ones and broken ones
 */
#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/spool.h"
#include "proxy/format/oab.h"

/* A file whose parts are bad where a test says so: sizes and counts are what
 * they are, and that much more. */
struct form {
    uint32_t version;
    int count;      /* of records */
    int schema;     /* the size of the schema */
    int properties; /* the count of them */
    int record;     /* the size of the first record */
    int rest;       /* octets behind all of it */
};

/* clang-format off */
static const uint32_t tags[] = {
    0x39fe001f, 0x3001001f, 0x0ffe0003, 0x3a40000b, 0x800f101f, 0x8c6a1102,
    0x68051003, 0x3a00001e, 0x8009000d, 0x3a700102,
};
/* clang-format on */

#define TAGS (sizeof tags / sizeof *tags)

static void put_word(struct buf *out, uint32_t word)
{
    for (int i = 0; i < 4; i++)
        buf_putc(out, (char)(word >> 8 * i));
}

static void put_sized(struct buf *out, const void *data, size_t len, int more)
{
    put_word(out, (uint32_t)((int)len + 4 + more));
    buf_append(out, data, len);
}

static void put_table(struct buf *out, const uint32_t *list, size_t count,
                      int more)
{
    put_word(out, (uint32_t)((int)count + more));
    for (size_t i = 0; i < count; i++) {
        put_word(out, list[i]);
        put_word(out, 2);
    }
}

/* One record: what is present, highest bit first, and the values. */
struct record {
    const char *data;
    size_t len;
};

#define RECORD(text)                                                           \
    {                                                                          \
        text, sizeof text - 1                                                  \
    }

/* All but the object, which no file has a value for. */
static const struct record full = RECORD("\xff\x40"
                                         "ann@example.com\0"
                                         "Ann L\xc3\xa9"
                                         "e\0"
                                         "\6"
                                         "\1"
                                         "\2"
                                         "SMTP:ann@example.com\0"
                                         "smtp:lee@example.com\0"
                                         "\1"
                                         "\3"
                                         "\x30\1\2"
                                         "\x81\2"
                                         "\x84\x1f\0\1\x30"
                                         "\x82\5\1"
                                         "ann\0"
                                         "\4"
                                         "\0\1\2\3");

static const struct record small = RECORD("\x40\0"
                                          "Bob \xff\0");

static struct spool *file_of(const struct form *form,
                             const struct record records[], size_t count)
{
    static const uint32_t header[] = { 0x6800001f };
    struct spool *file = spool_new(NULL, 0);
    struct buf out, schema;

    buf_init(&out, NULL);
    buf_init(&schema, NULL);
    put_word(&out, form->version);
    put_word(&out, 0x12345678);
    put_word(&out, (uint32_t)((int)count + form->count));
    put_table(&schema, header, 1, 0);
    put_table(&schema, tags, TAGS, form->properties);
    put_sized(&out, schema.data, schema.len, form->schema);
    put_sized(&out, "\x80List", 6, 0);
    for (size_t i = 0; i < count; i++)
        put_sized(&out, records[i].data, records[i].len,
                  i == 0 ? form->record : 0);
    for (int i = 0; i < form->rest; i++)
        buf_putc(&out, 0);
    spool_write(file, out.data, out.len);
    buf_fini(&out);
    buf_fini(&schema);
    return file;
}

/* How many records there are before it ends; -1: not even a beginning. */
static int read_all(const struct spool *file, const char **problem)
{
    struct arena *arena = arena_new();
    struct oab *oab = oab_open(arena, file, problem);
    struct oab_record record;
    int count = oab != NULL ? 0 : -1;

    while (oab != NULL && oab_next(oab, arena, &record))
        count++;
    if (oab != NULL)
        *problem = oab_problem(oab);
    arena_free(&arena);
    return count;
}

Test(oab, tells_every_kind_of_value)
{
    const struct form form = { .version = 0x20 };
    const struct record records[] = { full, small };
    struct spool *file = file_of(&form, records, 2);
    struct arena *arena = arena_new();
    const char *problem;
    struct oab *oab = oab_open(arena, file, &problem);
    struct oab_record record;

    cr_assert_not_null(oab, "%s", problem);
    cr_expect_eq(oab_count(oab), 2);
    cr_assert(oab_next(oab, arena, &record));
    cr_expect_eq(record.count, 9);
    cr_expect_str_eq(oab_text(&record, 0x39fe), "ann@example.com");
    cr_expect_str_eq(oab_text(&record, 0x3001), "Ann L\xc3\xa9"
                                                "e");
    cr_expect_str_eq(oab_text(&record, 0x3a00), "ann");
    cr_expect_eq(oab_number(&record, 0x0ffe, 0), 6);
    cr_expect_eq(oab_number(&record, 0x3a40, 7), 1);
    cr_expect_eq(oab_number(&record, 0x3900, 7), 7);
    cr_expect_null(oab_text(&record, 0x0ffe));
    cr_expect_null(oab_value(&record, 0x8009));
    const struct oab_value *value = oab_value(&record, 0x800f);
    cr_assert_eq(value->count, 2);
    cr_expect_str_eq(value->texts[1], "smtp:lee@example.com");
    value = oab_value(&record, 0x8c6a);
    cr_assert_eq(value->count, 1);
    cr_assert_eq(value->data[0].len, 3);
    cr_expect_arr_eq(value->data[0].data, "\x30\1\2", 3);
    value = oab_value(&record, 0x6805);
    cr_assert_eq(value->count, 2);
    cr_expect_eq(value->numbers[0], 0x3001001f);
    cr_expect_eq(value->numbers[1], 0x105);
    value = oab_value(&record, 0x3a70);
    cr_expect_eq(value->data[0].len, 4);

    cr_assert(oab_next(oab, arena, &record));
    cr_expect_eq(record.count, 1);
    cr_expect_str_eq(oab_text(&record, 0x3001), "Bob \xef\xbf\xbd");
    cr_expect_not(oab_next(oab, arena, &record));
    cr_expect_null(oab_problem(oab));
    cr_expect_not(oab_next(oab, arena, &record));
    arena_free(&arena);
    spool_free(&file);
}

/* clang-format off */
static const struct {
    const char *name;
    struct form form;
    int told;        /* records; -1: it is refused at once */
    bool good;
} files[] = {
    { "a good one",                { 0x20, 0, 0, 0, 0, 0 },         2,  true },
    { "another version",           { 0x07, 0, 0, 0, 0, 0 },         -1, false },
    { "more records than said",    { 0x20, -1, 0, 0, 0, 0 },        1,  false },
    { "fewer records than said",   { 0x20, 1, 0, 0, 0, 0 },         2,  false },
    { "something behind them",     { 0x20, 0, 0, 0, 0, 3 },         2,  false },
    { "a short schema",            { 0x20, 0, -20, 0, 0, 0 },       -1, false },
    { "a schema without a size",   { 0x20, 0, -200, 0, 0, 0 },      -1, false },
    { "a schema without an end",   { 0x20, 0, 100000, 0, 0, 0 },    -1, false },
    { "more properties than said", { 0x20, 0, 0, 1, 0, 0 },         -1, false },
    { "no properties",             { 0x20, 0, 0, -10, 0, 0 },       -1, false },
    { "thousands of properties",   { 0x20, 0, 0, 5000, 0, 0 },      -1, false },
    { "millions of them",          { 0x20, 0, 0, 0x20000000, 0, 0 }, -1, false },
    { "a record of no size",       { 0x20, 0, 0, 0, -200, 0 },      0,  false },
    { "a short record",            { 0x20, 0, 0, 0, -1, 0 },        0,  false },
    { "a record that is too long", { 0x20, 0, 0, 0, 1000, 0 },      0,  false },
    { "one of a gigabyte",         { 0x20, 0, 0, 0, 1 << 30, 0 },   0,  false },
};

static const struct {
    const char *name;
    struct record record;
    bool good;
} records[] = {
    { "nothing is present",        RECORD("\0\0"),                        true },
    { "half of what is present",   RECORD("\x40"),                        false },
    { "an octet more than said",   RECORD("\x40\0" "Bob\0" "x"),          true },
    { "a bit without a property",  RECORD("\x40\x3f" "Bob\0"),            true },
    { "a text without an end",     RECORD("\x40\0" "Bob"),                false },
    { "an empty text",             RECORD("\x40\0" "\0"),                 true },
    { "an object",                 RECORD("\0\x80" "\1"),                 false },
    { "a number of one octet",     RECORD("\x20\0" "\x7f"),               true },
    { "none where a number is",    RECORD("\x20\0"),                      false },
    { "a number of no octets",     RECORD("\x20\0" "\x80"),               false },
    { "a number of five",          RECORD("\x20\0" "\x85\1\1\1\1\1"),     false },
    { "half a number",             RECORD("\x20\0" "\x84\1\1\1"),         false },
    { "no truth value",            RECORD("\x10\0"),                      false },
    { "an empty list",             RECORD("\x08\0" "\0"),                 true },
    { "a list that is too short",  RECORD("\x08\0" "\2" "a\0"),           false },
    { "a list of four thousand million", RECORD("\x08\0" "\x84\xff\xff\xff\xff" "a\0"), false },
    { "octets that are missing",   RECORD("\x04\0" "\1" "\5abcd"),        false },
    { "very many of them",         RECORD("\0\x40" "\x84\xff\xff\xff\xffx"), false },
    { "no octets",                 RECORD("\0\x40" "\0"),                 true },
    { "numbers that are missing",  RECORD("\x02\0" "\3\1\1"),             false },
};
/* clang-format on */

Test(oab, refuses_files_that_are_not_what_they_say)
{
    const struct record pair[] = { full, small };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct spool *file = file_of(&files[i].form, pair, 2);
        const char *problem;

        cr_expect_eq(read_all(file, &problem), files[i].told, "%s",
                     files[i].name);
        cr_expect_eq(problem == NULL, files[i].good, "%s", files[i].name);
        spool_free(&file);
    }
}

Test(oab, refuses_broken_values)
{
    const struct form form = { .version = 0x20 };

    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        struct spool *file = file_of(&form, &records[i].record, 1);
        const char *problem;

        cr_expect_eq(read_all(file, &problem), records[i].good, "%s",
                     records[i].name);
        cr_expect_eq(problem == NULL, records[i].good, "%s", records[i].name);
        spool_free(&file);
    }
}

Test(oab, refuses_every_beginning_of_a_file)
{
    const struct form form = { .version = 0x20 };
    const struct record pair[] = { full, small };
    struct spool *file = file_of(&form, pair, 2);

    for (uint64_t len = 0; len < spool_size(file); len++) {
        struct spool *part = spool_slice(file, 0, len);
        const char *problem;

        cr_expect_lt(read_all(part, &problem), 2);
        cr_expect_not_null(problem, "of %llu octets", (unsigned long long)len);
        spool_free(&part);
    }
    spool_free(&file);
}
