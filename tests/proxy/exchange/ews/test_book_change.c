/*
 * test_book_change.c - new editions of the offline address book, made of the
 * one that is kept
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proxy/base/buf.h"
#include "proxy/base/spool.h"
#include "proxy/exchange/ews/book.h"
#include "tests/exchange/lzx.h"
#include "tests/proxy/exchange/ews/stage.h"

/* --- Patches ---------------------------------------------------------------
 */

static struct spool *spool_of(const void *data, size_t len)
{
    struct spool *spool = spool_new(NULL, 0);

    cr_assert(spool_write(spool, data, len));
    return spool;
}

/* Words of some letters, so that much is found again. */
static void fill(struct buf *out, size_t len)
{
    buf_init(out, NULL);
    while (out->len < len)
        buf_printf(out, "%x %d\n", rand() % 50000, rand() % 7);
    out->len = len;
}

/* The same with a few words more, fewer and others. */
static void change(struct buf *out, const struct buf *before, unsigned times)
{
    buf_init(out, NULL);
    buf_append(out, before->data, before->len);
    for (unsigned i = 0; i < times && out->len > 100; i++) {
        size_t at = (size_t)rand() % (out->len - 50), len = (size_t)rand() % 40;
        struct buf rest;

        buf_init(&rest, NULL);
        buf_append(&rest, out->data + at + (rand() % 2 ? len : 0),
                   out->len - at - len);
        out->len = at;
        buf_printf(out, "<%d>", rand());
        buf_append(out, rest.data, rest.len);
        buf_fini(&rest);
    }
}

static void expect_patched(struct op *op, const struct buf *before,
                           const struct buf *after)
{
    struct buf patch;
    struct spool *known = spool_of(before->data, before->len);
    struct spool *packed, *made = NULL;

    buf_init(&patch, NULL);
    lzx_pack_patch(&patch, (unsigned char *)before->data, before->len,
                   (unsigned char *)after->data, after->len);
    packed = spool_of(patch.data, patch.len);
    cr_assert_eq(book_patch(op, packed, known, after->len, NULL, &made),
                 STATUS_OK, "%zu to %zu: %s", before->len, after->len,
                 op->reason);
    char *data = spool_copy(op->arena, made, 0, after->len);
    cr_expect_eq(memcmp(data, after->data, after->len), 0, "%zu to %zu",
                 before->len, after->len);
    cr_expect_lt(patch.len, after->len / 4 + 3000, "%zu to %zu: %zu",
                 before->len, after->len, patch.len);
    spool_free(&made);
    spool_free(&packed);
    spool_free(&known);
    buf_fini(&patch);
}

Test(ews_book_change, makes_of_what_was_known_what_there_is_now)
{
    static const size_t sizes[] = { 200,    5000,   32768,  32769,  65536,
                                    524288, 524289, 700000, 1500000 };
    struct stage stage;

    stage_begin(&stage, EXCHANGE_2016);
    srand(7);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct buf before, after;

        fill(&before, sizes[i]);
        change(&after, &before, 10);
        expect_patched(stage.op, &before, &after);
        buf_fini(&before);
        buf_fini(&after);
    }
    stage_end(&stage);
}

Test(ews_book_change, makes_nothing_of_another_edition)
{
    struct spool *packed, *other, *made = NULL;
    struct buf before, after, patch;
    struct stage stage;

    stage_begin(&stage, EXCHANGE_2016);
    fill(&before, 100000);
    change(&after, &before, 10);
    buf_init(&patch, NULL);
    lzx_pack_patch(&patch, (unsigned char *)before.data, before.len,
                   (unsigned char *)after.data, after.len);
    packed = spool_of(patch.data, patch.len);
    before.data[50000] ^= 1;
    other = spool_of(before.data, before.len);
    cr_expect_eq(book_patch(stage.op, packed, other, after.len, NULL, &made),
                 STATUS_CORRUPT);
    cr_expect_null(made);
    spool_free(&other);
    other = spool_of(before.data, before.len / 2);
    cr_expect_eq(book_patch(stage.op, packed, other, after.len, NULL, &made),
                 STATUS_CORRUPT);
    cr_expect_null(made);
    spool_free(&other);
    spool_free(&packed);
    buf_fini(&before);
    buf_fini(&after);
    buf_fini(&patch);
    stage_end(&stage);
}

/* --- Editions --------------------------------------------------------------
 */

/* Somebody who reads each edition, and keeps it. */
struct reader {
    struct stage stage;
    char folder[32];
    const char *kept; /* NULL: he keeps nothing */
    struct remote_book_edition known;
    struct buf people; /* of the newest that he has read */
};

static bool take(void *context, const struct person *person)
{
    const char *name = person->contact.text[CONTACT_DISPLAY_NAME];

    buf_printf(context, "%s %s\n", person->addresses[0], name ? name : "");
    return true;
}

static void reader_open(struct reader *reader)
{
    *reader = (struct reader){ .folder = "/tmp/postern-book-XXXXXX",
                               .known = { .id = "" } };
    stage_begin(&reader->stage, EXCHANGE_2016);
    cr_assert_not_null(mkdtemp(reader->folder));
    reader->kept =
        arena_printf(reader->stage.op->arena, "%s/kept", reader->folder);
    buf_init(&reader->people, reader->stage.op->arena);
    ews_of(reader->stage.remote)->book_kept = 64u << 20;
    exchange_fill_directory(reader->stage.exchange, 2000);
    exchange_offer_book(reader->stage.exchange, true);
}

static void reader_close(struct reader *reader)
{
    unlink(reader->kept);
    cr_expect_eq(rmdir(reader->folder), 0, "files are left in %s",
                 reader->folder);
    stage_end(&reader->stage);
}

static enum status read_as(struct reader *reader,
                           const struct remote_book_edition *known)
{
    struct remote_book book;

    buf_clear(&reader->people);
    enum status status = ews_backend.directory->book(
        reader->stage.op, reader->stage.remote, STAGE_USER, reader->folder,
        known, take, &reader->people, &book);
    if (status == STATUS_OK)
        reader->known = book.edition;
    return status;
}

static enum status read_next(struct reader *reader)
{
    struct remote_book_edition known = reader->known;

    known.kept = reader->kept;
    return read_as(reader, &known);
}

/* One more edition, in which somebody is called otherwise. */
static void publish(struct reader *reader, const char *name,
                    enum exchange_book_fault fault)
{
    exchange_rename_person(reader->stage.exchange, STAGE_USER, name);
    exchange_break_book(reader->stage.exchange, fault);
}

Test(ews_book_change, takes_changes_where_the_edition_before_is_kept)
{
    static const struct remote_book_edition none = { .id = "" };
    struct reader reader;
    struct stat about;

    reader_open(&reader);
    cr_assert_eq(read_next(&reader), STATUS_OK);
    cr_assert_eq(stat(reader.kept, &about), 0);
    cr_expect_eq(about.st_mode & 07777, 0600);

    /* The whole edition cannot be had. */
    publish(&reader, "Ann the First", BOOK_MISSING);
    exchange_reset_calls(reader.stage.exchange);
    cr_assert_eq(read_next(&reader), STATUS_OK, "%s", reader.stage.op->reason);
    cr_expect_not_null(strstr(reader.people.data, " Ann the First\n"));
    cr_expect_eq(exchange_calls(reader.stage.exchange, "OAB"), 2);

    publish(&reader, "Ann the Second", BOOK_MISSING);
    publish(&reader, "Ann the Third", BOOK_MISSING);
    exchange_add_person(reader.stage.exchange, "new@example.com", "New");
    publish(&reader, "Ann the Last", BOOK_MISSING);
    exchange_reset_calls(reader.stage.exchange);
    cr_assert_eq(read_next(&reader), STATUS_OK, "%s", reader.stage.op->reason);
    cr_expect_eq(exchange_calls(reader.stage.exchange, "OAB"), 4);
    cr_expect_not_null(strstr(reader.people.data, "new@example.com New\n"));

    /* It tells the same as the whole one. */
    const char *changed =
        arena_strdup(reader.stage.op->arena, reader.people.data);
    exchange_break_book(reader.stage.exchange, BOOK_WHOLE);
    cr_assert_eq(read_as(&reader, &none), STATUS_OK);
    cr_expect_str_eq(reader.people.data, changed);
    reader_close(&reader);
}

static void spoil(const char *name)
{
    FILE *file = fopen(name, "r+");

    cr_assert_not_null(file);
    fseek(file, 5000, SEEK_SET);
    fputs("#####", file);
    fclose(file);
}

static void shorten(const char *name)
{
    cr_assert_eq(truncate(name, 5000), 0);
}

static void lose(const char *name)
{
    cr_assert_eq(unlink(name), 0);
}

static void replace(const char *name)
{
    lose(name);
    cr_assert_eq(symlink("/dev/zero", name), 0);
}

/* clang-format off */
static const struct {
    const char *name;
    void (*harm)(const char *name); /* what is kept; NULL: nothing */
    unsigned editions;              /* that were passed over */
} troubles[] = {
    { "another file",      spoil,   1 },
    { "half a file",       shorten, 1 },
    { "no file",           lose,    1 },
    { "a link",            replace, 1 },
    { "too long away",     NULL,    5 },
};
/* clang-format on */

Test(ews_book_change, takes_the_whole_where_changes_do_not_lead_there)
{
    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++) {
        struct reader reader;

        reader_open(&reader);
        cr_assert_eq(read_next(&reader), STATUS_OK);
        if (troubles[i].harm != NULL)
            troubles[i].harm(reader.kept);
        for (unsigned k = 0; k < troubles[i].editions; k++)
            publish(&reader, "Ann Changed", BOOK_WHOLE);
        cr_expect_eq(read_next(&reader), STATUS_OK, "%s: %s", troubles[i].name,
                     reader.stage.op->reason);
        cr_expect_not_null(strstr(reader.people.data, " Ann Changed\n"), "%s",
                           troubles[i].name);

        /* The whole one is kept, so that the next one is made of it. */
        publish(&reader, "Ann Again", BOOK_MISSING);
        cr_expect_eq(read_next(&reader), STATUS_OK, "%s: %s", troubles[i].name,
                     reader.stage.op->reason);
        cr_expect_not_null(strstr(reader.people.data, " Ann Again\n"));
        reader_close(&reader);
    }
}

Test(ews_book_change, keeps_no_more_than_it_may)
{
    struct reader reader;

    reader_open(&reader);
    cr_assert_eq(read_next(&reader), STATUS_OK);
    cr_expect_eq(access(reader.kept, F_OK), 0);
    ews_of(reader.stage.remote)->book_kept = 10000;
    publish(&reader, "Ann Changed", BOOK_WHOLE);
    cr_assert_eq(read_next(&reader), STATUS_OK);
    cr_expect_neq(access(reader.kept, F_OK), 0);
    reader_close(&reader);
}
