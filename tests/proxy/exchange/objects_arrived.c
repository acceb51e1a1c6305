/*
 * objects_arrived.c - the scheduling inbox
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proxy/exchange/schedule.h"
#include "tests/proxy/exchange/party.h"

/* The number of somebody's scheduling inbox. */
static int64_t inbox_of(struct office *office)
{
    struct folder folder;

    cr_assert_eq(schedule_inbox(&office->op, office->account, &folder),
                 STATUS_OK);
    return folder.id;
}

/* The names of what waits in it. */
static const char *waiting(struct office *office)
{
    int64_t inbox = inbox_of(office);

    office_refresh(office, inbox);
    return office_names(office, inbox);
}

static size_t count_waiting(struct office *office)
{
    const char *names = waiting(office);
    size_t count = *names != '\0';

    for (; *names != '\0'; names++)
        count += *names == ' ';
    return count;
}

static const char *text_of(struct office *office, const char *name)
{
    const char *text = office_get(office, inbox_of(office), name);

    cr_assert_not_null(text, "%s", name);
    return office_plain(office, text);
}

/* Ann invites Bob. */
static void invite(struct party *party, const char *uid, const char *lines)
{
    struct office *ann = &party->ann;
    const char *text =
        office_event(ann, uid, "Plan",
                     arena_printf(ann->arena, ORGANIZER ASKS_BOB "%s", lines));

    cr_assert_eq(party_put(ann, arena_printf(ann->arena, "%s.ics", uid), text),
                 STATUS_OK);
}

static const char *event_of(struct office *office)
{
    return office_name_of(office, office->calendar, "Plan");
}

/* Bob's client answers by a PUT. */
static void answer(struct party *party, const char *partstat)
{
    struct office *bob = &party->bob;
    const char *name = event_of(bob);

    cr_assert_eq(
        party_put(
            bob, name,
            office_edit(bob, party_fetch(bob, name), "PARTSTAT=NEEDS-ACTION",
                        arena_printf(bob->arena, "PARTSTAT=%s", partstat))),
        STATUS_OK);
}

Test(objects_arrived, an_invitation_waits_and_is_in_the_calendar)
{
    struct party party = party_open();
    struct office *bob = &party.bob;

    cr_expect_str_eq(waiting(bob), "");
    invite(&party, "m1", "");
    const char *name = waiting(bob);
    cr_expect_eq(count_waiting(bob), 1, "%s", name);
    const char *text = text_of(bob, name);
    cr_expect_not_null(strstr(text, "METHOD:REQUEST"), "%s", text);
    cr_expect_not_null(strstr(text, "UID:m1"), "%s", text);
    cr_expect_not_null(strstr(party_get(bob, event_of(bob)), "UID:m1"));
    struct object object = office_find(bob, inbox_of(bob), name);
    cr_expect_str_eq(object.uid, "m1");
    cr_expect(object.from > INT64_MIN && object.to < INT64_MAX);
    party_close(&party);
}

Test(objects_arrived, whatever_is_answered_waits_no_more)
{
    static const char *const answers[] = { "ACCEPTED", "TENTATIVE",
                                           "DECLINED" };

    for (size_t i = 0; i < 3; i++) {
        struct party party = party_open();

        invite(&party, "m1", "");
        cr_expect_eq(count_waiting(&party.bob), 1, "%s", answers[i]);
        answer(&party, answers[i]);
        party_expect_mails(&party, answers[i], 1, 1, 0);
        cr_expect_eq(count_waiting(&party.bob), 0, "%s", answers[i]);
        /* The message is where it was, for who reads mail. */
        cr_expect_eq(exchange_count(party.ann.exchange, BOB, "inbox"), 1);
        cr_expect_eq(count_waiting(&party.ann), 1, "the answer");
        const char *text = text_of(&party.ann, waiting(&party.ann));
        cr_expect_not_null(strstr(text, "METHOD:REPLY"), "%s", text);
        party_close(&party);
    }
}

Test(objects_arrived, what_is_answered_at_another_gateway_waits_no_more)
{
    struct party party = party_open();
    struct office other = office_beside(&party.ann, BOB);

    invite(&party, "m1", "");
    cr_expect_eq(count_waiting(&other), 1);
    answer(&party, "ACCEPTED");
    office_refresh(&other, other.calendar);
    cr_expect_eq(count_waiting(&other), 0);
    office_close(&other);
    party_close(&party);
}

Test(objects_arrived, deleting_one_takes_the_message_away_and_answers_nobody)
{
    struct party party = party_open();
    struct office *bob = &party.bob;

    invite(&party, "m1", "");
    const char *name = waiting(bob);
    party_expect_mails(&party, "the invitation", 0, 1, 0);
    cr_expect_eq(
        object_delete(&bob->op, bob->account, inbox_of(bob), name, true, NULL),
        STATUS_OK);
    cr_expect_eq(exchange_count(bob->exchange, BOB, "inbox"), 0);
    cr_expect_eq(exchange_count(bob->exchange, BOB, "deleteditems"), 1);
    cr_expect_eq(office_mails(bob, ANN), 0, "nobody is told");
    cr_expect_eq(count_waiting(bob), 0);
    cr_expect_not_null(
        strstr(party_get(bob, event_of(bob)), "PARTSTAT=NEEDS-ACTION"));
    party_close(&party);
}

Test(objects_arrived, takes_nothing_from_clients)
{
    struct party party = party_open();
    struct office *bob = &party.bob;
    int64_t inbox = inbox_of(bob);
    struct object_written written;

    invite(&party, "m1", "");
    const char *name = waiting(bob);
    cr_expect_eq(
        office_put(bob, inbox, "x.ics", office_event(bob, "x", "X", "")),
        STATUS_DENIED);
    cr_expect_neq(
        office_put(bob, inbox, name, office_event(bob, "m1", "Plan", "")),
        STATUS_OK);
    cr_expect_eq(object_transfer(&bob->op, bob->account, inbox, name,
                                 bob->calendar, "y.ics", true, false, NULL,
                                 &written),
                 STATUS_DENIED);
    cr_expect_eq(count_waiting(bob), 1);
    party_close(&party);
}

Test(objects_arrived, a_cancellation_takes_the_place_of_its_invitation)
{
    struct party party = party_open();
    struct office *bob = &party.bob;

    invite(&party, "m1", "");
    cr_expect_eq(count_waiting(bob), 1);
    cr_assert_eq(office_delete(&party.ann, party.ann.calendar, "m1.ics"),
                 STATUS_OK);
    cr_assert_eq(count_waiting(bob), 1);
    const char *text = text_of(bob, waiting(bob));
    cr_expect_not_null(strstr(text, "METHOD:CANCEL"), "%s", text);
    cr_assert_eq(office_delete(bob, bob->calendar, event_of(bob)), STATUS_OK);
    cr_expect_eq(count_waiting(bob), 0, "it is out of the calendar");
    party_close(&party);
}

Test(objects_arrived, of_updates_the_newest_waits)
{
    struct party party = party_open();
    struct office *ann = &party.ann;

    invite(&party, "m1", "");
    const char *first = waiting(&party.bob);
    invite(&party, "m1", "LOCATION:Hall\r\n");
    const char *second = waiting(&party.bob);
    cr_expect_eq(count_waiting(&party.bob), 1, "%s", second);
    cr_expect_str_neq(first, second);
    cr_expect_not_null(strstr(text_of(&party.bob, second), ":Hall"));
    invite(&party, "m2", "");
    cr_expect_eq(count_waiting(&party.bob), 2);
    cr_expect_eq(exchange_count(ann->exchange, BOB, "inbox"), 3);
    party_close(&party);
}

Test(objects_arrived, what_an_update_has_overtaken_does_not_come_back)
{
    struct party party = party_open();
    struct office *bob = &party.bob;

    invite(&party, "m1", "");
    invite(&party, "m1", "LOCATION:Hall\r\n");
    cr_expect_eq(count_waiting(bob), 1);
    cr_expect_eq(object_delete(&bob->op, bob->account, inbox_of(bob),
                               waiting(bob), true, NULL),
                 STATUS_OK);
    cr_expect_eq(count_waiting(bob), 0);
    cr_expect_eq(exchange_count(bob->exchange, BOB, "inbox"), 1);
    invite(&party, "m1", "LOCATION:Garden\r\n");
    cr_expect_eq(count_waiting(bob), 1);
    party_close(&party);
}

Test(objects_arrived, keeps_names_and_revisions_whatever_becomes_of_the_message)
{
    struct party party = party_open();
    struct office *bob = &party.bob;

    invite(&party, "m1", "");
    const char *name = waiting(bob);
    text_of(bob, name);
    struct object before = office_find(bob, inbox_of(bob), name);
    struct object_marks marks = office_refresh(bob, inbox_of(bob));
    exchange_mark_read(bob->exchange, BOB, "inbox", 0, true);
    struct object_marks after = office_refresh(bob, inbox_of(bob));
    cr_expect_str_eq(office_names(bob, inbox_of(bob)), name);
    cr_expect_eq(office_find(bob, inbox_of(bob), name).revision,
                 before.revision);
    cr_expect_eq(after.revision, marks.revision);
    cr_expect_eq(after.validity, marks.validity);
    party_close(&party);
}

Test(objects_arrived, a_look_costs_one_call_and_reading_marks_nothing)
{
    struct party party = party_open();
    struct office *bob = &party.bob;

    invite(&party, "m1", "");
    text_of(bob, waiting(bob));
    invite(&party, "m2", "");
    waiting(bob);
    answer(&party, "DECLINED");
    waiting(bob);
    office_calls(bob);
    waiting(bob);
    cr_expect_eq(office_calls(bob), 1, "nothing new");
    text_of(bob, waiting(bob));
    office_calls(bob);
    text_of(bob, office_names(bob, inbox_of(bob)));
    cr_expect_eq(office_calls(bob), 0, "what has been read is known");
    char *list = exchange_list(bob->exchange, BOB, "inbox");
    cr_expect_null(strstr(list, "seen"), "%s", list);
    free(list);
    party_close(&party);
}

Test(objects_arrived, all_versions_tell_what_waits)
{
    static const enum exchange_version versions[] = {
        EXCHANGE_2007_SP1, EXCHANGE_2010_SP2, EXCHANGE_2016, EXCHANGE_2019
    };

    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        struct party party = { .ann = office_open(versions[i]) };

        party.bob = office_beside(&party.ann, BOB);
        office_refresh(&party.ann, party.ann.calendar);
        office_refresh(&party.bob, party.bob.calendar);
        invite(&party, "m1", "");
        cr_expect_eq(count_waiting(&party.bob), 1, "%zu", i);
        const char *text = text_of(&party.bob, waiting(&party.bob));
        cr_expect_not_null(strstr(text, "METHOD:REQUEST"), "%s", text);
        answer(&party, "ACCEPTED");
        cr_expect_eq(count_waiting(&party.bob), 0, "%zu", i);
        party_close(&party);
    }
}

/* --- Again and again ------------------------------------------------------ */

/* What a look costs. */
static unsigned cost(struct office *office)
{
    office_calls(office);
    waiting(office);
    return office_calls(office);
}

static void linger(struct office *office, const char *time)
{
    char *error = NULL;

    cr_assert(settings_set(office->settings, "exchange.push_linger", time,
                           &error));
}

/* How long anything may take; nothing waits for so long unless it fails. */
#define MOMENTS 6000

Test(objects_arrived, a_look_costs_nothing_while_somebody_looks_again_and_again)
{
    struct party party = party_open();
    struct office *bob = &party.bob;
    int left = MOMENTS;

    /* Looks that are more than a tenth of that apart are not of one
     * synchronisation; then it is for longer than a test takes. */
    do {
        linger(bob, "3");
        while (cost(bob) != 0 && left-- > 0)
            usleep(400 * 1000);
        linger(bob, "1h");
    } while (cost(bob) != 0 && left > 0);
    cr_assert(left > 0, "it is never watched");
    for (int i = 0; i < 5; i++)
        cr_expect_eq(cost(bob), 0);
    invite(&party, "m1", "");
    for (left = MOMENTS; count_waiting(bob) == 0 && left > 0; left--)
        usleep(20 * 1000);
    cr_expect(left > 0, "the invitation never comes");
    for (left = MOMENTS; cost(bob) != 0 && left > 0; left--)
        usleep(20 * 1000);
    cr_expect(left > 0, "a look costs calls for ever");
    answer(&party, "ACCEPTED");
    cr_expect_eq(count_waiting(bob), 0, "at once");
    party_close(&party);
}
