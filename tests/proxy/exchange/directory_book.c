/*
 * directory_book.c - tests of the offline address book in the index
 *
 * The backend is the real one but for the book, of which these tests say what
 * it brings.
 */
#include <criterion/criterion.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "proxy/base/arena.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/backend.h"
#include "proxy/exchange/ews/ews.h"
#include "tests/proxy/exchange/directory.h"

/* --- A book --------------------------------------------------------------- */

/* How long anything may take; nothing waits for so long unless it fails. */
#define PATIENCE_MS (120 * 1000)

/* Person n is "First<n> Last<n>", firstn@book.example, with a second address;
 * those of later editions are others. */
static struct {
    size_t count;
    uint32_t sequence;
    size_t fails_after; /* 0: it does not */
    atomic_uint asked;
    atomic_bool asleep; /* the download does not go on */
    char known[8][32];  /* the editions that were known */
} book;

static enum status read_book(struct op *op, struct remote *remote,
                             const char *address, const char *folder,
                             const struct remote_book_edition *known,
                             bool (*each)(void *context,
                                          const struct person *person),
                             void *context, struct remote_book *book_out)
{
    (void)remote;
    cr_assert(*address != '\0' && access(folder, W_OK) == 0);
    snprintf(book.known[atomic_load(&book.asked) % 8], sizeof book.known[0],
             "%s/%u", known->id, (unsigned)known->sequence);
    atomic_fetch_add(&book.asked, 1);
    while (atomic_load(&book.asleep) && !op_cancelled(op))
        usleep(1000);
    *book_out = (struct remote_book){
        .edition = { "list 1", book.sequence },
        .unchanged = known->sequence == book.sequence,
    };
    for (size_t i = 0; i < book.count && !book_out->unchanged; i++) {
        char name[64], first[64], second[64];
        const char *const addresses[] = { first, second, NULL };
        struct person person = { .kind = PERSON_USER, .addresses = addresses };

        snprintf(name, sizeof name, "First%zu Last%zu.%u", i, i,
                 (unsigned)book.sequence);
        snprintf(first, sizeof first, "First%zu@book.example", i);
        snprintf(second, sizeof second, "other%zu@book.example", i);
        person.contact.text[CONTACT_DISPLAY_NAME] = name;
        if (book.fails_after != 0 && i == book.fails_after)
            return op_fail(op, STATUS_CORRUPT, "the file is damaged");
        if (!each(context, &person))
            return STATUS_CANCELLED;
    }
    return STATUS_OK;
}

static struct backend backend;
static struct remote_directory directory;

static enum status open_with_book(struct op *op,
                                  const struct settings *settings,
                                  const char *user, const char *mailbox,
                                  const struct secret *password,
                                  struct remote **remote_out,
                                  struct remote_account *about_out)
{
    enum status status = ews_backend.open(op, settings, user, mailbox, password,
                                          remote_out, about_out);

    if (status == STATUS_OK)
        (*remote_out)->backend = &backend;
    return status;
}

static void log_in(struct office *office)
{
    struct secret *secret = secret_new(PASSWORD, strlen(PASSWORD));

    account_unref(&office->account);
    accounts_free(&office->accounts);
    office->accounts = accounts_new(office->settings, &backend);
    cr_assert_eq(account_login(&office->op, office->accounts, office->user,
                               secret, &office->account),
                 STATUS_OK);
    secret_free(&secret);
}

static struct office open_office(size_t people)
{
    struct office office = office_open_on_disk(EXCHANGE_2016);

    directory = *ews_backend.directory;
    directory.book = read_book;
    backend = ews_backend;
    backend.open = open_with_book;
    backend.directory = &directory;
    book.count = people;
    book.sequence = 1;
    lookup_set(&office, "directory.offline", "yes");
    log_in(&office);
    return office;
}

static struct found find(struct office *office, const char *text)
{
    struct found found = lookup_global(office, text);

    cr_expect_eq(found.status, STATUS_OK, "%s: %s", text,
                 status_name(found.status));
    return found;
}

/* Waits until a text finds somebody, or (false) nobody. */
static void wait_for(struct office *office, const char *text, bool somebody)
{
    uint64_t end = time_monotonic_ms() + PATIENCE_MS;

    while ((find(office, text).count > 0) != somebody) {
        cr_assert(time_monotonic_ms() < end, "%s", text);
        usleep(20000);
    }
}

/* Waits until the book has been asked for so often, and that has ended. */
static void wait_asked(struct office *office, unsigned times)
{
    uint64_t end = time_monotonic_ms() + PATIENCE_MS;

    while (atomic_load(&book.asked) < times) {
        cr_assert(time_monotonic_ms() < end);
        find(office, "first1");
        usleep(5000);
    }
}

/* --- Tests ---------------------------------------------------------------- */

Test(directory_book, is_searched_without_a_call_once_it_is_there)
{
    struct office office = open_office(20000);
    const struct person *person;

    find(&office, "first17");
    wait_for(&office, "first17", true);
    office_calls(&office);
    struct found found = find(&office, "first19999");
    cr_expect_str_eq(found.names, "First19999 Last19999.1");
    cr_expect_str_eq(found.ids, "first19999@book.example");
    cr_expect(found.complete);

    found = lookup(&office, PEOPLE_GLOBAL, PEOPLE_BY_BEGINNING, "first1999", 0);
    cr_expect_eq(found.count, 11);
    cr_expect_eq(find(&office, "last1999 first").count, 11);
    cr_expect_eq(find(&office, "zzz").count, 0);
    cr_expect(find(&office, "zzz").complete);
    cr_expect_str_eq(lookup(&office, PEOPLE_GLOBAL, PEOPLE_BY_ADDRESS,
                            "OTHER7@book.example", 0)
                         .names,
                     "First7 Last7.1");
    EXPECT_OK(
        people_get(&office.op, office.account, "first8@book.example", &person));
    cr_expect_str_eq(person->addresses[0], "First8@book.example");

    found = lookup(&office, PEOPLE_GLOBAL, PEOPLE_ALL, NULL, 0);
    cr_expect_eq(found.count, 20000);
    cr_expect(found.complete);
    cr_expect_eq(office_calls(&office), 0);
    cr_expect_eq(atomic_load(&book.asked), 1);
    office_close(&office);
}

Test(directory_book, is_in_nobodys_way_while_it_is_downloaded)
{
    struct office office = open_office(10);

    exchange_add_user(office.exchange, KIM, "Kim Example", PASSWORD, "en");
    atomic_store(&book.asleep, true);
    cr_expect_str_eq(find(&office, "kim").names, "Kim Example");
    wait_asked(&office, 1);
    cr_expect_str_eq(find(&office, "kim").names, "Kim Example");
    cr_expect_eq(atomic_load(&book.asked), 1);

    /* It does not keep the gateway from ending, either. */
    office_close(&office);
}

Test(directory_book, a_new_edition_replaces_the_old_one)
{
    struct office office = open_office(300);

    find(&office, "first1");
    wait_for(&office, "last299.1", true);
    cr_expect_str_eq(book.known[0], "/0");
    book.sequence = 2;
    book.count = 200;
    office.settings->directory.book_interval = 0;
    wait_for(&office, "last199.2", true);
    office.settings->directory.book_interval = 86400;
    cr_expect_eq(lookup(&office, PEOPLE_GLOBAL, PEOPLE_ALL, NULL, 0).count,
                 200);
    cr_expect_eq(find(&office, "last199.1").count, 0);
    cr_expect_str_eq(book.known[1], "list 1/1",
                     "the next is asked for by what is known");
    office_close(&office);
}

Test(directory_book, is_left_alone_while_there_is_no_newer_one)
{
    struct office office = open_office(300);

    find(&office, "first1");
    wait_for(&office, "last299.1", true);
    find(&office, "first1");
    cr_expect_eq(atomic_load(&book.asked), 1);
    office.settings->directory.book_interval = 0;
    wait_asked(&office, 3);
    cr_expect_str_eq(book.known[1], "list 1/1");
    cr_expect_eq(lookup(&office, PEOPLE_GLOBAL, PEOPLE_ALL, NULL, 0).count,
                 300);
    office_close(&office);
}

Test(directory_book, stays_as_it_is_when_a_newer_one_is_damaged)
{
    struct office office = open_office(300);

    find(&office, "first1");
    wait_for(&office, "last299.1", true);
    book.sequence = 2;
    book.fails_after = 250;
    office.settings->directory.book_interval = 0;
    wait_asked(&office, 2);
    for (int i = 0; i < 20; i++) {
        struct found found =
            lookup(&office, PEOPLE_GLOBAL, PEOPLE_ALL, NULL, 0);
        cr_expect_eq(found.count, 300);
        cr_expect_eq(find(&office, "last7.1").count, 1);
        cr_expect_eq(find(&office, "last7.2").count, 0);
        usleep(5000);
    }
    cr_expect_eq(atomic_load(&book.asked), 2, "it is not tried all the time");

    /* What it has left is taken away by the next, after a restart too. */
    book.fails_after = 0;
    log_in(&office);
    wait_for(&office, "last299.2", true);
    cr_expect_eq(lookup(&office, PEOPLE_GLOBAL, PEOPLE_ALL, NULL, 0).count,
                 300);
    office_close(&office);
}

Test(directory_book, answers_while_exchange_is_away_after_a_restart_as_well)
{
    office_patience = "2";
    struct office office = open_office(300);

    find(&office, "first1");
    wait_for(&office, "last299.1", true);
    office_fault(&office, NULL, FAULT_HTTP_503, 100000);
    log_in(&office);
    office_calls(&office);
    struct found found = find(&office, "first299");
    cr_expect_str_eq(found.names, "First299 Last299.1");
    cr_expect(found.complete);
    cr_expect_eq(office_calls(&office), 0);
    office_close(&office);
}

Test(directory_book, is_not_asked_for_unless_the_setting_wants_it)
{
    struct office office = open_office(300);

    lookup_set(&office, "directory.offline", "no");
    find(&office, "first1");
    usleep(50000);
    cr_expect_eq(atomic_load(&book.asked), 0);
    office_close(&office);
}

/* --- The book of the simulated Exchange ----------------------------------- */

Test(directory_book, comes_from_exchange_and_stays_when_it_is_broken)
{
    static const enum exchange_book_fault faults[] = {
        BOOK_CORRUPT, BOOK_WRONG_HASH, BOOK_TRUNCATED, BOOK_NONSENSE
    };
    struct office office = office_open_on_disk(EXCHANGE_2016);

    backend = ews_backend;
    exchange_add_user(office.exchange, KIM, "Kim Example", PASSWORD, "en");
    exchange_fill_directory(office.exchange, 3000);
    exchange_offer_book(office.exchange, true);
    lookup_set(&office, "directory.offline", "yes");
    lookup_set(&office, "directory.book_kept", "0");
    log_in(&office);
    uint64_t end = time_monotonic_ms() + PATIENCE_MS;
    struct found all;
    do {
        cr_assert(time_monotonic_ms() < end);
        usleep(20000);
        all = lookup(&office, PEOPLE_GLOBAL, PEOPLE_ALL, NULL, 0);
    } while (!all.complete);
    cr_expect(all.count > 3000);
    office_calls(&office);
    struct found found = find(&office, "kim ex");
    cr_expect_str_eq(found.ids, KIM);
    cr_expect(found.complete);
    cr_expect_eq(office_calls(&office), 0);

    /* A newer one that is broken, in whatever way, changes nothing. */
    office.settings->directory.book_interval = 0;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        exchange_new_book(office.exchange);
        exchange_break_book(office.exchange, faults[i]);
        log_in(&office);
        exchange_reset_calls(office.exchange);
        find(&office, "kim");
        end = time_monotonic_ms() + PATIENCE_MS;
        while (exchange_calls(office.exchange, "OAB") < 2)
            cr_assert(usleep(5000) == 0 && time_monotonic_ms() < end);
        usleep(100 * 1000);
        cr_expect_str_eq(find(&office, "kim ex").ids, KIM);
        cr_expect_eq(lookup(&office, PEOPLE_GLOBAL, PEOPLE_ALL, NULL, 0).count,
                     all.count);
    }

    exchange_add_user(office.exchange, "nils@example.com", "Nils New", PASSWORD,
                      "en");
    exchange_new_book(office.exchange);
    exchange_break_book(office.exchange, BOOK_WHOLE);
    log_in(&office);
    wait_for(&office, "nils", true);
    office_close(&office);
}

Test(directory_book, is_changed_where_the_edition_before_is_kept)
{
    struct office office = office_open_on_disk(EXCHANGE_2016);

    backend = ews_backend;
    exchange_add_user(office.exchange, KIM, "Kim Example", PASSWORD, "en");
    exchange_offer_book(office.exchange, true);
    lookup_set(&office, "directory.offline", "yes");
    log_in(&office);
    uint64_t end = time_monotonic_ms() + PATIENCE_MS;
    while (!lookup(&office, PEOPLE_GLOBAL, PEOPLE_ALL, NULL, 0).complete)
        cr_assert(usleep(5000) == 0 && time_monotonic_ms() < end);

    /* Of the next edition only the changes can be had. */
    office.settings->directory.book_interval = 0;
    log_in(&office);
    exchange_add_user(office.exchange, "nils@example.com", "Nils New", PASSWORD,
                      "en");
    exchange_break_book(office.exchange, BOOK_MISSING);
    wait_for(&office, "nils", true);
    cr_expect_str_eq(find(&office, "kim").ids, KIM);
    office_close(&office);
}
