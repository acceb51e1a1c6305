/*
 * test_book_contract.c - the offline address book of the simulated Exchange
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/proxy/exchange/ews/stage.h"

struct reading {
    size_t count;
    size_t most; /* 0: all of them */
    bool ann;
    enum person_kind room, group, far;
};

static bool take(void *context, const struct person *person)
{
    struct reading *reading = context;

    reading->count++;
    if (strcmp(person->id, STAGE_USER) == 0) {
        reading->ann = true;
        stage_expect_ann(person, true);
    }
    if (strcmp(person->id, "room1@example.com") == 0)
        reading->room = person->kind;
    if (strcmp(person->id, "team@example.com") == 0)
        reading->group = person->kind;
    if (strcmp(person->id, "far@elsewhere.example") == 0)
        reading->far = person->kind;
    return reading->count != reading->most;
}

static enum status read_book(struct stage *stage,
                             const struct remote_book_edition *known,
                             struct reading *reading, struct remote_book *book)
{
    static const struct remote_book_edition none = { .id = "" };

    return ews_backend.directory->book(stage->op, stage->remote, STAGE_USER,
                                       "/tmp", known != NULL ? known : &none,
                                       take, reading, book);
}

static void read_editions(enum exchange_version version, bool compressed)
{
    struct reading reading = { 0 };
    struct remote_book book, next;
    struct stage stage;

    stage_begin(&stage, version);
    exchange_fill_directory(stage.exchange, 3000);
    exchange_offer_book(stage.exchange, compressed);
    cr_assert_eq(read_book(&stage, NULL, &reading, &book), STATUS_OK, "%d: %s",
                 version, stage.op->reason);
    cr_expect_gt(reading.count, 3000);
    cr_expect(reading.ann);
    cr_expect_eq(reading.room, PERSON_ROOM);
    cr_expect_eq(reading.group, PERSON_GROUP);
    cr_expect_eq(reading.far, PERSON_FOREIGN);
    cr_expect_not(book.unchanged);
    cr_expect_eq(exchange_calls(stage.exchange, "Autodiscover"), 1);
    cr_expect_eq(exchange_calls(stage.exchange, "OAB"), 2);

    exchange_reset_calls(stage.exchange);
    reading.count = 0;
    cr_expect_eq(read_book(&stage, &book.edition, &reading, &next), STATUS_OK);
    cr_expect(next.unchanged);
    cr_expect_str_eq(next.edition.id, book.edition.id);
    cr_expect_eq(reading.count, 0);
    cr_expect_eq(exchange_calls(stage.exchange, NULL), 1);

    exchange_new_book(stage.exchange);
    cr_expect_eq(read_book(&stage, &book.edition, &reading, &next), STATUS_OK);
    cr_expect_not(next.unchanged);
    cr_expect_gt(next.edition.sequence, book.edition.sequence);
    cr_expect_gt(reading.count, 3000);
    stage_end(&stage);
}

Test(ews_book_contract, reads_each_edition_of_the_book_once, .timeout = 600)
{
    read_editions(EXCHANGE_2010_SP2, false);
    read_editions(EXCHANGE_2013_SP1, true);
    read_editions(EXCHANGE_2019, true);
}

Test(ews_book_contract, knows_servers_without_a_book)
{
    struct reading reading = { 0 };
    struct remote_book book;
    struct stage stage;

    stage_begin(&stage, EXCHANGE_2016);
    cr_expect_eq(read_book(&stage, NULL, &reading, &book), STATUS_UNSUPPORTED);
    cr_expect_eq(exchange_calls(stage.exchange, "OAB"), 0);
    exchange_offer_book(stage.exchange, false);
    cr_expect_eq(read_book(&stage, NULL, &reading, &book), STATUS_OK);
    stage_end(&stage);
}

/* clang-format off */
static const struct {
    enum exchange_book_fault fault;
    enum status status;
} faults[] = {
    { BOOK_WHOLE,      STATUS_OK },
    { BOOK_CORRUPT,    STATUS_CORRUPT },
    { BOOK_WRONG_HASH, STATUS_CORRUPT },
    { BOOK_TRUNCATED,  STATUS_CORRUPT },
    { BOOK_MISSING,    STATUS_UNSUPPORTED },
    { BOOK_NONSENSE,   STATUS_CORRUPT },
};
/* clang-format on */

Test(ews_book_contract, takes_no_broken_book, .timeout = 600)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        for (int compressed = 0; compressed < 2; compressed++) {
            struct reading reading = { 0 };
            struct remote_book book;
            struct stage stage;

            stage_begin(&stage, EXCHANGE_2016);
            exchange_offer_book(stage.exchange, compressed);
            exchange_break_book(stage.exchange, faults[i].fault);
            enum status status = read_book(&stage, NULL, &reading, &book);
            cr_expect_eq(status, faults[i].status, "fault %zu: %s: %s", i,
                         status_name(status), stage.op->reason);
            stage_end(&stage);
        }
    }
}

Test(ews_book_contract, stops_when_nobody_wants_more)
{
    struct reading reading = { .most = 3 };
    struct remote_book book;
    struct stage stage;

    stage_begin(&stage, EXCHANGE_2016);
    exchange_offer_book(stage.exchange, true);
    cr_expect_eq(read_book(&stage, NULL, &reading, &book), STATUS_CANCELLED);
    cr_expect_eq(reading.count, 3);
    stage_end(&stage);
}

/* --- Files ---------------------------------------------------------------- */

static size_t count_files(const char *folder)
{
    DIR *directory = opendir(folder);
    size_t count = 0;

    cr_assert_not_null(directory);
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count - 2;
}

struct looking {
    const char *folder;
    size_t seen;
};

static bool look(void *context, const struct person *person)
{
    struct looking *looking = context;

    (void)person;
    looking->seen += count_files(looking->folder);
    return true;
}

Test(ews_book_contract, leaves_no_files_behind)
{
    static const struct remote_book_edition none = { .id = "" };
    char folder[] = "/tmp/postern-book-XXXXXX";
    struct looking looking = { .folder = mkdtemp(folder) };
    struct remote_book book;
    struct stage stage;

    stage_begin(&stage, EXCHANGE_2016);
    exchange_fill_directory(stage.exchange, 4000);
    exchange_offer_book(stage.exchange, false);
    cr_expect_eq(ews_backend.directory->book(stage.op, stage.remote, STAGE_USER,
                                             folder, &none, look, &looking,
                                             &book),
                 STATUS_OK);
    cr_expect_eq(looking.seen, 0);
    cr_expect_eq(count_files(folder), 0);
    rmdir(folder);
    stage_end(&stage);
}
