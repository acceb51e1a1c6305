/*
 * test_stop.c - requests that are taken back, and time that runs out
 */
#include "ldap/lookout.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <semaphore.h>
#include <unistd.h>

#include "ldap/frame.h"
#include "ldap/peek.h"
#include "ldap/request.h"
#include "proxy/base/arena.h"
#include "proxy/base/time.h"
#include "tests/ldap/door.h"
#include "tests/ldap/notation.h"

/* --- What waits ----------------------------------------------------------- */

static const struct {
    const char *name;
    const char *waiting; /* behind a search with the id 7 */
    enum ldap_stop stop;
} cases[] = {
    /* clang-format off */
    { "nothing",                   "",                                    LDAP_GOES_ON },
    { "another search",            SEARCH_ROOT("8"),                      LDAP_GOES_ON },
    { "its abandonment",           ABANDON("8", "7"),                     LDAP_ABANDONED },
    { "that of another",           ABANDON("8", "6"),                     LDAP_GOES_ON },
    { "its abandonment, later",    SEARCH_ROOT("8") ABANDON("9", "7"),    LDAP_ABANDONED },
    { "half of that",              SEARCH_ROOT("8") "*300602010950",      LDAP_GOES_ON },
    { "its cancellation",          CANCEL("8", "7"),                      LDAP_CANCELLED },
    { "that of another",           CANCEL("8", "6"),                      LDAP_GOES_ON },
    { "one of nobody",             "30{02:8 77{80'1.3.6.1.1.8'}}",        LDAP_GOES_ON },
    { "a good-bye",                SEARCH_ROOT("8") UNBIND("9"),          LDAP_ABANDONED },
    { "garbage before it",         "*00 " ABANDON("8", "7"),               LDAP_GOES_ON },
    { "too much before it",        "*3084ffffffff " ABANDON("8", "7"),     LDAP_GOES_ON },
    /* clang-format on */
};

Test(ldap_lookout, sees_what_is_taken_back)
{
    const struct ldap_watched search = { .id = 7, .can_stop = true };
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct octets waiting = notation_code(arena, cases[i].waiting);
        struct ldap_lookout lookout;
        enum ldap_stop stop = LDAP_GOES_ON;

        ldap_lookout_init(&lookout, 1000);
        for (size_t len = 0; len <= waiting.len && stop == LDAP_GOES_ON; len++)
            stop = ldap_lookout_see(&lookout, &search, waiting.data, len);
        cr_expect_eq(stop, cases[i].stop, "%s", cases[i].name);
        ldap_lookout_fini(&lookout);
    }
    arena_free(&arena);
}

Test(ldap_lookout, lets_nobody_stop_a_bind_but_by_leaving)
{
    const struct ldap_watched bind = { .id = 7, .can_stop = false };
    struct arena *arena = arena_new();
    struct octets waiting =
        notation_code(arena, ABANDON("8", "7") CANCEL("9", "7") UNBIND("10"));
    struct ldap_lookout lookout;

    ldap_lookout_init(&lookout, 1000);
    cr_expect_eq(
        ldap_lookout_see(&lookout, &bind, waiting.data, waiting.len - 7),
        LDAP_GOES_ON);
    cr_expect_eq(ldap_lookout_see(&lookout, &bind, waiting.data, waiting.len),
                 LDAP_ABANDONED);
    ldap_lookout_fini(&lookout);
    arena_free(&arena);
}

/* Takes the first message of what waits; whether it had been seen there. */
static bool take(struct ldap_lookout *lookout, struct octets *waiting)
{
    struct ldap_peek peek;
    size_t whole;

    cr_assert_eq(ldap_frame_measure(waiting->data, waiting->len, 1000, &whole),
                 LDAP_FOUND_MESSAGE);
    cr_assert(ldap_peek(waiting->data, whole, &peek));
    bool seen = ldap_lookout_take(lookout, whole, &peek);
    waiting->data += whole;
    waiting->len -= whole;
    return seen;
}

Test(ldap_lookout, remembers_what_takes_back_until_its_turn_comes)
{
    const struct ldap_watched seven = { .id = 7, .can_stop = true };
    const struct ldap_watched eight = { .id = 8, .can_stop = true };
    struct arena *arena = arena_new();
    struct octets waiting =
        notation_code(arena, SEARCH_ROOT("7") SEARCH_ROOT("8") CANCEL("9", "8")
                                 ABANDON("10", "7"));
    struct ldap_lookout lookout;

    ldap_lookout_init(&lookout, 1000);
    cr_expect(!take(&lookout, &waiting));
    cr_expect_eq(ldap_lookout_see(&lookout, &seven, waiting.data, waiting.len),
                 LDAP_ABANDONED);
    cr_expect_eq(lookout.seen, waiting.len);
    cr_expect(take(&lookout, &waiting));
    cr_expect_eq(ldap_lookout_see(&lookout, &eight, waiting.data, waiting.len),
                 LDAP_CANCELLED);
    cr_expect(take(&lookout, &waiting));
    cr_expect_eq(ldap_lookout_see(&lookout, &eight, waiting.data, waiting.len),
                 LDAP_GOES_ON);
    cr_expect(take(&lookout, &waiting));
    cr_expect_eq(ldap_lookout_see(&lookout, &seven, waiting.data, waiting.len),
                 LDAP_GOES_ON);
    cr_expect_eq(lookout.seen, 0);
    ldap_lookout_fini(&lookout);
    arena_free(&arena);
}

Test(ldap_lookout, forgets_what_was_thrown_away)
{
    const struct ldap_watched search = { .id = 7, .can_stop = true };
    struct arena *arena = arena_new();
    struct octets waiting = notation_code(arena, ABANDON("8", "7") UNBIND("9"));
    struct ldap_lookout lookout;

    ldap_lookout_init(&lookout, 1000);
    cr_expect_eq(ldap_lookout_see(&lookout, &search, waiting.data, waiting.len),
                 LDAP_ABANDONED);
    ldap_lookout_reset(&lookout);
    cr_expect_eq(ldap_lookout_see(&lookout, &search, waiting.data, 0),
                 LDAP_GOES_ON);
    ldap_lookout_fini(&lookout);
    arena_free(&arena);
}

Test(ldap_lookout, remembers_who_was_cancelled_once)
{
    struct ldap_lookout lookout;

    ldap_lookout_init(&lookout, 1000);
    ldap_lookout_note_cancelled(&lookout, 5);
    ldap_lookout_note_cancelled(&lookout, 6);
    ldap_lookout_note_cancelled(&lookout, 5);
    cr_expect(!ldap_lookout_take_cancelled(&lookout, 7));
    cr_expect(ldap_lookout_take_cancelled(&lookout, 5));
    cr_expect(!ldap_lookout_take_cancelled(&lookout, 5));
    cr_expect(ldap_lookout_take_cancelled(&lookout, 6));
    cr_expect_eq(lookout.cancelled.len, 0);
    ldap_lookout_fini(&lookout);
}

/* --- Searches that run ---------------------------------------------------- */

#define CANCELLED(ID)                                                          \
    "30{02:" ID " 65{0a:118 04'' 04'Cancelled as was asked for'}}"
#define CANCEL_DONE(ID) "30{02:" ID " 78{0a:0 04'' 04''}}"
#define WHO_IS_ANN(ID) "30{02:" ID " 78{0a:0 04'' 04'' 8b'u:" ANN "'}}"

/* Sooner than a call that hangs is given up, or the time that is set is over. */
#define GIVEN_UP_MS 55000

/* Exchange takes the question and never answers. */
static struct visitor *hang(struct door *door)
{
    static const struct exchange_fault_rule rule = { .fault = FAULT_HANG,
                                                     .times = UINT_MAX };
    struct visitor *visitor = visitor_ann(door);

    exchange_set_fault(door_exchange(door), &rule);
    exchange_reset_calls(door_exchange(door));
    return visitor;
}

static void await_call(struct door *door)
{
    for (int i = 0; i < 36000; i++) {
        if (exchange_calls(door_exchange(door), NULL) > 0)
            return;
        usleep(5000);
    }
    cr_assert(false, "Exchange is not asked");
}

/* A search hangs, this is said, and this is heard. */
static void play(const char *said, const char *const heard[])
{
    struct door *door = door_open(false, NULL);
    struct visitor *visitor = hang(door);
    uint64_t start = time_monotonic_ms();

    visitor_say(visitor, SEARCH_SMITH("1"));
    await_call(door);
    visitor_say(visitor, said);
    for (size_t i = 0; heard[i] != NULL; i++)
        cr_expect_str_eq(visitor_hear(visitor), heard[i]);
    cr_expect_lt(time_monotonic_ms() - start, GIVEN_UP_MS);
    visitor_free(&visitor);
    door_close(&door);
}

Test(ldap_stop, abandons_a_search_that_runs)
{
    const char *heard[] = { WHO_IS_ANN("3"), NULL };

    play(ABANDON("2", "1") WHO_AM_I("3"), heard);
}

Test(ldap_stop, cancels_a_search_that_runs)
{
    const char *heard[] = { CANCELLED("1"), CANCEL_DONE("2"), WHO_IS_ANN("3"),
                            NULL };

    play(CANCEL("2", "1") WHO_AM_I("3"), heard);
}

Test(ldap_stop, ends_at_once_for_who_leaves)
{
    const char *heard[] = { "closed", NULL };

    play(UNBIND("2"), heard);
}

Test(ldap_stop, runs_no_search_that_was_taken_back_before_its_turn)
{
    struct door *door = door_open(false, NULL);
    struct visitor *visitor = hang(door);

    visitor_say(visitor, SEARCH_SMITH("1"));
    await_call(door);
    visitor_say(visitor, SEARCH_SMITH("2") SEARCH_SMITH("3") ABANDON("4", "2")
                             CANCEL("5", "3") CANCEL("6", "1") WHO_AM_I("7"));
    cr_expect_str_eq(visitor_hear(visitor), CANCELLED("1"));
    cr_expect_str_eq(visitor_hear(visitor), CANCELLED("3"));
    cr_expect_str_eq(visitor_hear(visitor), CANCEL_DONE("5"));
    cr_expect_str_eq(visitor_hear(visitor), CANCEL_DONE("6"));
    cr_expect_str_eq(visitor_hear(visitor), WHO_IS_ANN("7"));
    cr_expect_eq(exchange_calls(door_exchange(door), NULL), 1);
    visitor_free(&visitor);
    door_close(&door);
}

Test(ldap_stop, goes_on_with_what_was_not_taken_back)
{
    struct door *door = door_open(false, NULL);
    struct visitor *visitor = hang(door);
    size_t entries;

    visitor_say(visitor, SEARCH_SMITH("1"));
    await_call(door);
    exchange_clear_faults(door_exchange(door));
    visitor_say(visitor, SEARCH_SMITH("2") ABANDON("3", "1"));
    cr_expect_str_eq(visitor_hear_end(visitor, &entries), DONE("2"));
    cr_expect_eq(entries, SMITHS);
    visitor_free(&visitor);
    door_close(&door);
}

static void await_leave(void *context)
{
    sem_wait(context);
}

/* Two who ask the same share a call, which is held up until one has gone on. */
Test(ldap_stop, takes_nothing_away_from_others)
{
    struct door *door = door_open(false, NULL);
    struct visitor *first = visitor_ann(door);
    struct visitor *second = visitor_ann(door);
    size_t entries;
    sem_t leave;

    sem_init(&leave, 0, 0);
    exchange_reset_calls(door_exchange(door));
    exchange_interject(door_exchange(door), "ResolveNames", await_leave,
                       &leave);
    visitor_say(first, SEARCH_SMITH("1"));
    await_call(door);
    visitor_say(second, SEARCH_SMITH("2"));
    usleep(100 * 1000); /* so that it waits for the call, most likely */
    visitor_expect(first, "goes on", ABANDON("3", "1") WHO_AM_I("4"),
                   WHO_IS_ANN("4"));
    sem_post(&leave);
    cr_expect_str_eq(visitor_hear_end(second, &entries), DONE("2"));
    cr_expect_eq(entries, SMITHS);
    visitor_free(&second);
    visitor_free(&first);
    door_close(&door);
}

Test(ldap_stop, knows_what_it_cannot_cancel)
{
    struct door *door = door_open(false, NULL);
    struct visitor *visitor = visitor_ann(door);

    visitor_expect(visitor, "what is over", CANCEL("2", "100"),
                   "30{02:2 78{0a:119 04'' 04'No such operation is "
                   "outstanding'}}");
    visitor_expect(visitor, "itself", CANCEL("3", "3"),
                   "30{02:3 78{0a:121 04'' 04'Cancel cannot be cancelled'}}");
    visitor_expect(visitor, "nothing", "30{02:4 77{80'1.3.6.1.1.8'}}",
                   "30{02:4 78{0a:2 04'' 04'Cancel has the id of a "
                   "message'}}");
    visitor_say(visitor, ABANDON("5", "99") WHO_AM_I("6"));
    cr_expect_str_eq(visitor_hear(visitor), WHO_IS_ANN("6"));
    visitor_free(&visitor);
    door_close(&door);
}

/* --- Time ----------------------------------------------------------------- */

#define SEARCH_IN_TIME(ID, SECONDS)                                            \
    "30{02:" ID " 63{04'ou=people' 0a:2 0a:0 02:0 02:" SECONDS " 01:0 "        \
    "a4{04'cn' 30{80'smith'}} 30{04'mail'}}}"

static void run_late(const char *limit, const char *search)
{
    const char *settings[] = { "ldap.time_limit", limit, NULL };
    struct door *door = door_open(false, settings);
    struct visitor *visitor = hang(door);
    uint64_t start = time_monotonic_ms();

    visitor_say(visitor, search);
    const char *heard = visitor_hear(visitor);
    uint64_t taken = time_monotonic_ms() - start;
    cr_expect(door_says(heard, 1, 3), "%s", heard);
    cr_expect(taken >= 1000 && taken < GIVEN_UP_MS, "%d ms", (int)taken);
    visitor_expect(visitor, "and goes on", WHO_AM_I("2"), WHO_IS_ANN("2"));
    visitor_free(&visitor);
    door_close(&door);
}

Test(ldap_stop, keeps_to_the_time_that_a_client_gives)
{
    run_late("1m", SEARCH_IN_TIME("1", "1"));
}

Test(ldap_stop, keeps_to_the_time_that_is_set)
{
    run_late("1", SEARCH_IN_TIME("1", "0"));
}

Test(ldap_stop, gives_no_client_more_than_is_set)
{
    run_late("1", SEARCH_IN_TIME("1", "1000"));
}

/* --- StartTLS ------------------------------------------------------------- */

#define TLS_ON(ID) "30{02:" ID " 78{0a:0 04'' 04'' 8a'1.3.6.1.4.1.1466.20037'}}"

Test(ldap_tls, starts_and_forgets_who_was_there)
{
    struct door *door = door_open(true, NULL);
    struct visitor *visitor = visitor_ann(door);

    visitor_expect(visitor, "TLS", START_TLS("2"), TLS_ON("2"));
    cr_assert(visitor_start_tls(visitor));
    visitor_expect(visitor, "nobody", WHO_AM_I("3"),
                   "30{02:3 78{0a:0 04'' 04'' 8b''}}");
    visitor_expect(visitor, "a bind", BIND_ANN("4"), BOUND("4"));
    visitor_expect(visitor, "TLS again", START_TLS("5"),
                   "30{02:5 78{0a:1 04'' 04'TLS is on already'}}");
    visitor_expect(visitor, "Ann", WHO_AM_I("6"), WHO_IS_ANN("6"));
    visitor_free(&visitor);
    door_close(&door);
}

Test(ldap_tls, is_there_from_the_beginning_at_its_own_port)
{
    const char *settings[] = { "ldap.listen", "", "ldap.listen_tls",
                               "127.0.0.1:0", NULL };
    struct door *door = door_open(true, settings);
    struct visitor *visitor = visitor_new(door);

    cr_assert(visitor_start_tls(visitor));
    visitor_expect(visitor, "a bind", BIND_ANN("1"), BOUND("1"));
    visitor_free(&visitor);
    door_close(&door);
}

Test(ldap_tls, cannot_start_without_a_certificate)
{
    struct door *door = door_open(false, NULL);
    struct visitor *visitor = visitor_new(door);

    visitor_expect(visitor, "TLS", START_TLS("2"),
                   "30{02:2 78{0a:52 04'' 04'TLS cannot be started here'}}");
    visitor_free(&visitor);
    door_close(&door);
}

/* What was said openly behind it may be from someone on the way. */
Test(ldap_tls, throws_away_what_was_said_openly)
{
    struct door *door = door_open(true, NULL);
    struct visitor *visitor = visitor_new(door);
    size_t entries;

    visitor_say(visitor, START_TLS("1") BIND_ANN("2") ABANDON("3", "4"));
    cr_expect_str_eq(visitor_hear(visitor), TLS_ON("1"));
    cr_assert(visitor_start_tls(visitor));
    visitor_say(visitor, SEARCH_ROOT("4"));
    cr_expect_str_eq(visitor_hear_end(visitor, &entries), DONE("4"));
    cr_expect_eq(entries, 1);
    visitor_expect(visitor, "nobody", WHO_AM_I("5"),
                   "30{02:5 78{0a:0 04'' 04'' 8b''}}");
    visitor_free(&visitor);
    door_close(&door);
}

Test(ldap_tls, waits_for_no_request_that_runs)
{
    struct door *door = door_open(true, NULL);
    struct visitor *visitor = hang(door);

    visitor_say(visitor, SEARCH_SMITH("1"));
    await_call(door);
    visitor_say(visitor, START_TLS("2") CANCEL("3", "1"));
    cr_expect_str_eq(visitor_hear(visitor), CANCELLED("1"));
    cr_expect_str_eq(visitor_hear(visitor),
                     "30{02:2 78{0a:1 04'' 04'Other operations were "
                     "outstanding'}}");
    cr_expect_str_eq(visitor_hear(visitor), CANCEL_DONE("3"));
    visitor_expect(visitor, "TLS", START_TLS("4"), TLS_ON("4"));
    cr_assert(visitor_start_tls(visitor));
    visitor_free(&visitor);
    door_close(&door);
}
