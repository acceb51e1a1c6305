/*
 * directory_kept.c - tests of what the directory is asked, and what is not
 * asked again
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/secret.h"
#include "tests/proxy/exchange/directory.h"

/* --- Calls ---------------------------------------------------------------- */

Test(directory_kept, a_keystroke_costs_one_call_and_a_longer_one_none)
{
    struct office office = lookup_office();
    struct found found = lookup_global(&office, "k");

    cr_expect_eq(found.status, STATUS_OK);
    cr_expect_str_eq(found.names, "Kim Example");
    cr_expect_str_eq(found.ids, KIM);
    cr_expect(found.complete);
    cr_expect_eq(office_calls(&office), 1);

    /* clang-format off */
    static const struct { const char *text, *names; } cases[] = {
        { "k",            "Kim Example" },
        { "K",            "Kim Example" },
        { " ki ",         "Kim Example" },
        { "kim ex",       "Kim Example" },
        { "kim, example", "Kim Example" },
        { "kim@exam",     "Kim Example" },
        { "kim ann",      "" },
        { "kx",           "" },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        found = lookup_global(&office, cases[i].text);
        cr_expect_str_eq(found.names, cases[i].names, "%s", cases[i].text);
        cr_expect(found.complete, "%s", cases[i].text);
        cr_expect_eq(office_calls(&office), 0, "%s", cases[i].text);
    }
    office_close(&office);
}

/* A text as long as a message holds. */
static const char *long_text(struct arena *arena, const char *word, size_t len)
{
    struct buf text;

    buf_init(&text, arena);
    while (text.len < len)
        buf_puts(&text, word);
    return text.data;
}

Test(directory_kept, a_long_text_costs_no_more_than_a_name)
{
    struct office office = lookup_office();
    clock_t before = clock();
    static const char *const words[] = { "xyz", "x yz ", "\xc3\xbc" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *text = long_text(office.op.arena, words[i], 200 * 1000);
        struct found found = lookup_global(&office, text);

        cr_expect_eq(found.status, STATUS_OK, "%s", words[i]);
        cr_expect_eq(found.count, 0, "%s", words[i]);
        cr_expect_eq(office_calls(&office), 1, "%s", words[i]);
    }
    cr_expect_lt((clock() - before) / CLOCKS_PER_SEC, 15);
    office_close(&office);
}

Test(directory_kept, nobody_is_an_answer_too)
{
    struct office office = lookup_office();

    for (int i = 0; i < 2; i++) {
        struct found found = lookup_global(&office, "zzz");
        cr_expect_eq(found.status, STATUS_OK);
        cr_expect_eq(found.count, 0);
        cr_expect(found.complete);
        cr_expect_eq(office_calls(&office), i == 0 ? 1 : 0);
    }
    office_close(&office);
}

Test(directory_kept, what_is_too_old_is_asked_for_again)
{
    struct office office = lookup_office();

    lookup_global(&office, "kim");
    exchange_add_user(office.exchange, "kimberly@example.com", "Kimberly",
                      PASSWORD, "en");
    cr_expect_str_eq(lookup_global(&office, "kim").names, "Kim Example");
    cr_expect_eq(office_calls(&office), 1);
    lookup_set(&office, "directory.cache_seconds", "1");
    usleep(1100 * 1000);
    cr_expect_eq(lookup_global(&office, "kim").count, 2);
    cr_expect_eq(office_calls(&office), 1);
    office_close(&office);
}

Test(directory_kept, each_account_has_answers_of_its_own)
{
    struct office office = lookup_office();
    struct account *bob;
    struct secret *secret = secret_new(PASSWORD, sizeof PASSWORD - 1);

    lookup_global(&office, "kim");
    cr_assert_eq(account_login(&office.op, office.accounts, BOB, secret, &bob),
                 STATUS_OK);
    office_calls(&office);
    cr_expect_eq(lookup_in(&office.op, bob, PEOPLE_GLOBAL, PEOPLE_BY_BEGINNING,
                           "kim", 100)
                     .count,
                 1);
    cr_expect_eq(office_calls(&office), 1);
    account_unref(&bob);
    secret_free(&secret);
    office_close(&office);
}

Test(directory_kept, the_first_hundred_of_many_is_one_call)
{
    struct office office = lookup_office();

    exchange_fill_directory(office.exchange, 1500);
    struct found found = lookup_global(&office, "a");
    cr_expect_eq(found.count, 100);
    cr_expect_not(found.complete);
    cr_expect_eq(office_calls(&office), 1);

    /* Not all are known, so that longer letters are another question. */
    lookup_global(&office, "an");
    cr_expect_eq(office_calls(&office), 1);

    /* More of the same are more calls, and then they are known. */
    found = lookup(&office, PEOPLE_GLOBAL, PEOPLE_BY_BEGINNING, "a", 1000);
    cr_expect(found.count > 100);
    cr_expect(office_calls(&office) > 1);
    cr_expect_eq(
        lookup(&office, PEOPLE_GLOBAL, PEOPLE_BY_BEGINNING, "a", 1000).count,
        found.count);
    cr_expect_eq(office_calls(&office), 0);
    office_close(&office);
}

Test(directory_kept, answers_beyond_the_limit_make_room)
{
    struct office office = lookup_office();
    static const char *const texts[] = { KIM, ANN, BOB, CAROL };

    lookup_set(&office, "directory.cache_limit", "1K");
    for (size_t i = 0; i < 4; i++)
        cr_expect_eq(lookup_global(&office, texts[i]).count, 1);
    office_calls(&office);
    cr_expect_eq(lookup_global(&office, CAROL).count, 1);
    cr_expect_eq(office_calls(&office), 0);
    cr_expect_eq(lookup_global(&office, KIM).count, 1);
    cr_expect_eq(office_calls(&office), 1);
    office_close(&office);
}

/* --- Single people -------------------------------------------------------- */

Test(directory_kept, who_has_just_been_told_of_is_read_without_a_call)
{
    struct office office = lookup_office();
    const struct person *person;

    lookup_global(&office, "ki");
    office_calls(&office);
    EXPECT_OK(people_get(&office.op, office.account, KIM, &person));
    cr_assert_not_null(person);
    cr_expect_str_eq(person->contact.text[CONTACT_DISPLAY_NAME], "Kim Example");
    cr_expect_eq(
        lookup(&office, PEOPLE_GLOBAL, PEOPLE_BY_ADDRESS, "Kim@Example.com", 1)
            .count,
        1);
    cr_expect_eq(office_calls(&office), 0);

    /* Somebody else is asked for, once. */
    EXPECT_OK(people_get(&office.op, office.account, BOB, &person));
    EXPECT_OK(people_get(&office.op, office.account, BOB, &person));
    cr_expect_eq(office_calls(&office), 1);
    cr_expect_eq(
        people_get(&office.op, office.account, "no@example.com", &person),
        STATUS_NOT_FOUND);
    cr_expect_null(person);
    office_close(&office);
}

Test(directory_kept, members_and_pictures_are_asked_for_once)
{
    struct office office = lookup_office();
    static const char *const list[] = { ANN, BOB, NULL };
    static const unsigned char jpeg[] = { 0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3 };
    struct person_link *members;
    const struct person *group, *kim, *bob;
    const void *data;
    const char *type;
    size_t count, len;
    bool complete;

    exchange_add_group(office.exchange, "all@example.com", "Everyone", list);
    exchange_set_photo(office.exchange, KIM, jpeg, sizeof jpeg);
    EXPECT_OK(
        people_get(&office.op, office.account, "all@example.com", &group));
    EXPECT_OK(people_get(&office.op, office.account, KIM, &kim));
    EXPECT_OK(people_get(&office.op, office.account, BOB, &bob));
    cr_assert(group != NULL && kim != NULL && bob != NULL);
    cr_expect_eq(group->kind, PERSON_GROUP);
    office_calls(&office);
    for (int i = 0; i < 2; i++) {
        EXPECT_OK(people_members(&office.op, office.account, group, &members,
                                 &count, &complete));
        cr_expect(complete);
        cr_assert_eq(count, 2);
        cr_expect_str_eq(members[0].address, ANN);
        cr_expect_str_eq(members[1].address, BOB);
        EXPECT_OK(people_photo(&office.op, office.account, kim, 48, &data, &len,
                               &type));
        cr_expect_eq(len, sizeof jpeg);
        cr_expect_arr_eq(data, jpeg, sizeof jpeg);
        cr_expect_str_eq(type, "image/jpeg");
        cr_expect_eq(people_photo(&office.op, office.account, bob, 48, &data,
                                  &len, &type),
                     STATUS_NOT_FOUND);
        cr_expect_eq(office_calls(&office), i == 0 ? 3 : 0);
    }
    exchange_hide_members(office.exchange, "all@example.com", true);
    lookup_set(&office, "directory.cache_seconds", "0");
    cr_expect_eq(people_members(&office.op, office.account, group, &members,
                                &count, &complete),
                 STATUS_NOT_FOUND);
    office_close(&office);
}

/* --- Troubles ------------------------------------------------------------- */

Test(directory_kept, an_old_answer_is_better_than_none)
{
    office_patience = "2";
    struct office office = lookup_office();

    lookup_set(&office, "directory.cache_seconds", "0");
    lookup_global(&office, "ki");
    office_fault(&office, "ResolveNames", FAULT_HTTP_503, 1000);
    struct found found = lookup_global(&office, "ki");
    cr_expect_eq(found.status, STATUS_OK);
    cr_expect_str_eq(found.names, "Kim Example");
    cr_expect_not(found.complete);
    found = lookup_global(&office, "kim");
    cr_expect_str_eq(found.names, "Kim Example");
    cr_expect_not(found.complete);
    cr_expect_neq(lookup_global(&office, "b").status, STATUS_OK);
    office_close(&office);
}

Test(directory_kept, failures_are_not_kept)
{
    office_patience = "2";
    struct office office = lookup_office();

    office_fault(&office, "ResolveNames", FAULT_MALFORMED, 1000);
    cr_expect_neq(lookup_global(&office, "kim").status, STATUS_OK);
    exchange_clear_faults(office.exchange);
    op_init(&office.op, office.arena, "test/2");
    cr_expect_eq(lookup_global(&office, "kim").count, 1);
    office_close(&office);
}

/* --- Many at once --------------------------------------------------------- */

#define SEARCHERS 50

struct searcher {
    struct office *office;
    pthread_t thread;
    atomic_bool cancelled;
    atomic_bool waits; /* for another's answer */
    struct found found;
};

static void note_waiting(struct op *op)
{
    atomic_store((atomic_bool *)op->progress_context, true);
}

static void *search(void *context)
{
    struct searcher *searcher = context;
    struct arena *arena = arena_new();
    struct op op;

    op_init(&op, arena, "searcher/1");
    op.cancelled = &searcher->cancelled;
    op.progress = note_waiting;
    op.progress_context = &searcher->waits;
    searcher->found = lookup_in(&op, searcher->office->account, PEOPLE_GLOBAL,
                                PEOPLE_BY_BEGINNING, "kim", 100);
    searcher->found.ids = searcher->found.names = NULL;
    arena_free(&arena);
    return NULL;
}

static void start(struct searcher *searcher, struct office *office)
{
    searcher->office = office;
    pthread_create(&searcher->thread, NULL, search, searcher);
}

Test(directory_kept, fifty_who_ask_the_same_at_once_make_one_call)
{
    struct office office = lookup_office();
    static struct searcher searchers[SEARCHERS];

    exchange_set_latency(office.exchange, 300);
    for (size_t i = 0; i < SEARCHERS; i++)
        start(&searchers[i], &office);
    for (size_t i = 0; i < SEARCHERS; i++) {
        pthread_join(searchers[i].thread, NULL);
        cr_expect_eq(searchers[i].found.status, STATUS_OK);
        cr_expect_eq(searchers[i].found.count, 1);
    }
    cr_expect_eq(office_calls(&office), 1);
    office_close(&office);
}

static void wait_until(atomic_bool *what)
{
    while (!atomic_load(what))
        usleep(5000);
}

/* Keeps Exchange from answering. */
static void hold(void *context)
{
    wait_until(context);
}

Test(directory_kept, who_goes_away_does_not_take_the_answer_from_the_others)
{
    struct office office = lookup_office();
    static struct searcher searchers[3];
    atomic_bool gone = false;

    exchange_interject(office.exchange, "ResolveNames", hold, &gone);
    start(&searchers[0], &office);
    while (exchange_calls(office.exchange, "ResolveNames") == 0)
        usleep(5000);
    start(&searchers[1], &office);
    start(&searchers[2], &office);
    wait_until(&searchers[1].waits);
    wait_until(&searchers[2].waits);
    atomic_store(&searchers[0].cancelled, true);
    atomic_store(&gone, true);
    for (size_t i = 0; i < 3; i++)
        pthread_join(searchers[i].thread, NULL);
    cr_expect_eq(searchers[0].found.status, STATUS_CANCELLED);
    cr_expect_eq(searchers[1].found.count, 1);
    cr_expect_eq(searchers[2].found.count, 1);
    cr_expect(office_calls(&office) <= 2);
    office_close(&office);
}
