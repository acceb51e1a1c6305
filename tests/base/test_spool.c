/*
 * test_spool.c - messages in memory and in files
 */
#include "proxy/base/spool.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"

static const size_t sizes[] = { 0, 1, SPOOL_MEMORY, SPOOL_MEMORY + 1, 1000003 };

static char octet_at(uint64_t offset)
{
    return (char)(offset * 31 + offset / 251);
}

/* Writes `size` octets in pieces. */
static bool fill(struct spool *spool, size_t size)
{
    char piece[997];

    for (size_t at = 0; at < size;) {
        size_t len = size - at < sizeof piece ? size - at : sizeof piece;

        for (size_t i = 0; i < len; i++)
            piece[i] = octet_at(at + i);
        if (!spool_write(spool, piece, len))
            return false;
        at += len;
    }
    return true;
}

Test(spool, gives_back_what_was_written_at_any_offset)
{
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct spool *spool = spool_new(NULL, 0);
        char piece[1500];
        uint64_t at = 0;
        long got;

        cr_assert(fill(spool, sizes[i]));
        cr_expect_eq(spool_size(spool), sizes[i]);
        while ((got = spool_read(spool, at, piece, sizeof piece)) > 0) {
            for (long k = 0; k < got; k++)
                cr_assert_eq(piece[k], octet_at(at + (uint64_t)k));
            at += (uint64_t)got;
        }
        cr_expect_eq(got, 0);
        cr_expect_eq(at, sizes[i]);
        cr_expect_eq(spool_read(spool, sizes[i] + 5, piece, 1), 0);
        spool_free(&spool);
    }
}

Test(spool, refuses_what_passes_its_limit)
{
    struct spool *spool = spool_new(NULL, 10);

    cr_expect(spool_write(spool, "0123456789", 10));
    cr_expect_eq(spool_failed(spool), SPOOL_GOOD);
    cr_expect_not(spool_write(spool, "x", 1));
    cr_expect_eq(spool_failed(spool), SPOOL_OVER_LIMIT);
    cr_expect_not(spool_write(spool, "", 0), "a failure stays");
    cr_expect_eq(spool_size(spool), 10);
    spool_free(&spool);
}

Test(spool, says_when_the_disk_refuses)
{
    struct spool *spool = spool_new("/nonexistent", 0);

    cr_expect_not(fill(spool, SPOOL_MEMORY + 1));
    cr_expect_eq(spool_failed(spool), SPOOL_DISK_FAILED);
    spool_free(&spool);
}

Test(spool, leaves_no_file_behind)
{
    char directory[] = "/tmp/postern-test-XXXXXX";

    cr_assert_not_null(mkdtemp(directory));
    struct spool *spool = spool_new(directory, 0);
    cr_assert(fill(spool, SPOOL_MEMORY * 2));
    /* Only an empty directory can be removed, also while the spool is there. */
    cr_expect_eq(rmdir(directory), 0);
    spool_free(&spool);
}

Test(spool, gives_out_parts_of_itself)
{
    static const struct {
        uint64_t offset, size;
        const char *part;
    } cases[] = {
        { 0, 10, "0123456789" }, { 0, 0, "" },   { 3, 4, "3456" },
        { 3, 100, "3456789" },   { 10, 1, "" },  { 11, 1, "" },
        { UINT64_MAX, 5, "" },   { 9, 1, "9" },
    };
    struct spool *whole = spool_new(NULL, 0);

    spool_write(whole, "0123456789", 10);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct spool *part = spool_slice(whole, cases[i].offset, cases[i].size);
        char text[20] = "";

        cr_expect_eq(spool_size(part), strlen(cases[i].part));
        cr_expect_eq(spool_read(part, 0, text, sizeof text),
                     (long)strlen(cases[i].part));
        cr_expect_str_eq(text, cases[i].part);
        spool_free(&part);
    }
    spool_free(&whole);
}

Test(spool, copies_a_stretch_that_is_all_there)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct spool *spool = spool_new(NULL, 0);
        size_t from = sizes[i] / 3, len = sizes[i] - from;

        cr_assert(fill(spool, sizes[i]));
        const char *copy = spool_copy(arena, spool, from, len);
        cr_assert_not_null(copy);
        for (size_t k = 0; k < len; k++)
            cr_assert_eq(copy[k], octet_at(from + k));
        cr_expect_eq(copy[len], '\0');
        cr_expect_null(spool_copy(arena, spool, from, len + 1));
        cr_expect_null(spool_copy(arena, spool, sizes[i] + 1, 0));
        cr_expect_null(spool_copy(arena, spool, 1, SIZE_MAX));
        spool_free(&spool);
    }
    arena_free(&arena);
}
