/*
 * objects_watch.c - looking at calendars again and again, and what it costs
 *
 * Whoever looks every few minutes has Exchange tell of news in between.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

#include "proxy/base/str.h"
#include "proxy/exchange/changes.h"
#include "proxy/exchange/watcher.h"
#include "tests/proxy/exchange/objects.h"

/* How long it is watched after a look, at first; looks that are a tenth of it
 * apart are not of one synchronisation. */
#define LINGER_SECONDS 3
#define APART_US (LINGER_SECONDS * 1000 * 1000 / 8)

/* How long anything may take; nothing waits for so long unless it fails. */
#define MOMENTS 6000
#define MOMENT_US (20 * 1000)

static void set(struct office *office, const char *key, const char *value)
{
    char *error = NULL;

    cr_assert(settings_set(office->settings, key, value, &error), "%s", error);
}

static void linger(struct office *office, int seconds)
{
    set(office, "exchange.push_linger",
        arena_printf(office->arena, "%d", seconds));
}

static struct office open_known(enum exchange_version version)
{
    struct office office = office_open(version);

    linger(&office, LINGER_SECONDS);
    EXPECT_OK(office_put(&office, office.calendar, "e1.ics",
                         office_event(&office, "e1", "Lunch", "")));
    office_refresh(&office, office.calendar);
    office_calls(&office);
    return office;
}

static unsigned cost(struct office *office, int64_t folder)
{
    office_calls(office);
    office_refresh(office, folder);
    return office_calls(office);
}

static unsigned subscriptions(const struct office *office)
{
    return exchange_subscriptions(office->exchange, NULL);
}

/* Whether Exchange tells of anything, or still has a connection for it. */
static bool is_told(const struct office *office)
{
    return subscriptions(office) > 0 ||
           exchange_streams(office->exchange, NULL) > 0;
}

/* Looks as a client does, until a look costs nothing. */
static bool becomes_free(struct office *office, int64_t folder)
{
    for (int i = 0; i < MOMENTS * MOMENT_US / APART_US; i++) {
        if (cost(office, folder) == 0)
            return true;
        usleep(APART_US);
    }
    return false;
}

/* The same, and once it is watched it is for longer than a test takes. */
static bool stays_free(struct office *office, int64_t folder)
{
    bool is_free;

    do {
        linger(office, LINGER_SECONDS);
        is_free = becomes_free(office, folder);
        linger(office, 3600);
    } while (is_free && cost(office, folder) > 0);
    return is_free;
}

static struct office open_watched(enum exchange_version version)
{
    struct office office = open_known(version);

    cr_assert(stays_free(&office, office.calendar));
    return office;
}

static bool comes_to_have(struct office *office, int64_t folder,
                          const char *names)
{
    for (int i = 0; i < MOMENTS; i++) {
        office_refresh(office, folder);
        if (str_equal(office_names(office, folder), names))
            return true;
        usleep(MOMENT_US);
    }
    return false;
}

Test(objects_watch, looks_cost_nothing_while_somebody_looks_again_and_again)
{
    static const enum exchange_version versions[] = { EXCHANGE_2010_SP2,
                                                      EXCHANGE_2016 };

    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        struct office office = open_watched(versions[i]);

        for (int k = 0; k < 10; k++)
            cr_expect_eq(cost(&office, office.calendar), 0);
        cr_expect_eq(subscriptions(&office), 1);
        office_close(&office);
    }
}

Test(objects_watch, nor_do_those_at_a_calendar_with_tasks)
{
    struct office office = open_known(EXCHANGE_2016);

    set(&office, "caldav.tasks", "calendar");
    cr_expect(stays_free(&office, office.calendar));
    EXPECT_OK(office_put(&office, office.calendar, "t1.ics",
                         office_task(&office, "t1", "Buy bread", "")));
    cr_expect(stays_free(&office, office.calendar));
    cr_expect_str_eq(office_names(&office, office.calendar), "e1.ics t1.ics");
    cr_expect_eq(subscriptions(&office), 1);
    office_close(&office);
}

Test(objects_watch, what_one_synchronisation_asks_is_no_reason_to_watch)
{
    struct office office = open_known(EXCHANGE_2016);

    set(&office, "exchange.push_linger", "10m");
    for (int i = 0; i < 5; i++)
        cr_expect_eq(cost(&office, office.calendar), 1);
    usleep(200 * 1000);
    cr_expect_eq(office_calls(&office), 0);
    cr_expect_eq(subscriptions(&office), 0);
    office_close(&office);
}

Test(objects_watch, a_change_of_another_is_seen_with_one_call)
{
    struct office office = open_watched(EXCHANGE_2016);
    struct office outlook = office_beside(&office, ANN);

    EXPECT_OK(office_put(&outlook, outlook.calendar, "e2.ics",
                         office_event(&outlook, "e2", "Theirs", "")));
    office_calls(&office);
    cr_expect(comes_to_have(&office, office.calendar, "e1.ics e2.ics"));
    cr_expect_eq(office_calls(&office), 1);
    cr_expect(stays_free(&office, office.calendar));
    EXPECT_OK(office_delete(&outlook, outlook.calendar, "e1.ics"));
    cr_expect(comes_to_have(&office, office.calendar, "e2.ics"));
    office_close(&outlook);
    office_close(&office);
}

Test(objects_watch, nothing_is_lost_when_the_stream_dies)
{
    struct office office = open_watched(EXCHANGE_2016);
    struct office outlook = office_beside(&office, ANN);

    for (int i = 0; i < 4; i++) {
        const char *name = arena_printf(office.arena, "n%d.ics", i);

        if (i % 2 == 0)
            exchange_cut_streams(office.exchange, i == 0);
        else
            exchange_lose_subscriptions(office.exchange, NULL);
        EXPECT_OK(office_put(&outlook, outlook.calendar, name,
                             office_event(&outlook, name, "Theirs", "")));
        for (int k = 0;
             k < MOMENTS &&
             office_find(&office, office.calendar, name).name == NULL;
             k++) {
            office_refresh(&office, office.calendar);
            usleep(MOMENT_US);
        }
        cr_expect_not_null(office_find(&office, office.calendar, name).name,
                           "%s", name);
        cr_expect(stays_free(&office, office.calendar), "after %s", name);
    }
    office_close(&outlook);
    office_close(&office);
}

Test(objects_watch, nothing_goes_on_when_nobody_looks_any_more)
{
    struct office office = open_known(EXCHANGE_2016);
    unsigned before, wakes = 0;
    int left = 60;

    cr_assert(becomes_free(&office, office.calendar));
    for (int i = 0; i < MOMENTS && is_told(&office); i++)
        usleep(MOMENT_US);
    cr_expect_eq(subscriptions(&office), 0);
    cr_expect_eq(exchange_streams(office.exchange, NULL), 0);
    do {
        before = wakes;
        office_calls(&office);
        usleep(1000 * 1000);
        wakes = watcher_wakes(office.accounts);
    } while ((wakes != before || office_calls(&office) > 0) && --left > 0);
    cr_expect_gt(left, 0);
    cr_expect_eq(cost(&office, office.calendar), 1, "it is asked again");
    office_close(&office);
}

static void pass_over(void *context)
{
    (void)context;
}

Test(objects_watch, shares_the_subscription_of_mail)
{
    struct office office = open_known(EXCHANGE_2016);
    struct changes_listener *listener =
        changes_listen(office.account, 0, true, pass_over, NULL);

    linger(&office, 3600);
    cr_expect(becomes_free(&office, office.calendar));
    cr_expect(becomes_free(&office, office.tasks));
    cr_expect_eq(subscriptions(&office), 1);
    changes_unlisten(&listener);
    cr_expect_eq(cost(&office, office.calendar), 0);
    cr_expect_eq(subscriptions(&office), 1);
    office_close(&office);
}

Test(objects_watch, exchange_2007_is_asked_at_each_look_and_not_between)
{
    struct office office = open_known(EXCHANGE_2007_SP1);

    for (int i = 0; i < 5; i++) {
        cr_expect_eq(cost(&office, office.calendar), 1);
        usleep(APART_US);
    }
    cr_expect_eq(subscriptions(&office), 0);
    struct changes_listener *listener =
        changes_listen(office.account, 0, true, pass_over, NULL);
    for (int i = 0; i < MOMENTS && subscriptions(&office) == 0; i++)
        usleep(MOMENT_US);
    cr_expect_eq(subscriptions(&office), 1, "who listens is told all the same");
    changes_unlisten(&listener);
    office_close(&office);
}
