/*
 * objects_shut.c - calendars of which only the busy times are shown
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "proxy/base/time.h"
#include "proxy/exchange/schedule.h"
#include "tests/proxy/exchange/party.h"

#define DAY 86400

/* "20270301T100000Z" so many days from now. */
static const char *stamp(struct office *office, int days, unsigned hour)
{
    int64_t year;
    unsigned month, day;

    time_civil_from_day(time_now() / DAY + days, &year, &month, &day);
    return arena_printf(office->arena, "%04d%02u%02uT%02u0000Z", (int)year,
                        month, day, hour);
}

/* Something in Bob's calendar. */
static void bob_does(struct office *office, const char *what, int days,
                     const char *lines)
{
    const char *text = arena_printf(
        office->arena,
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\n"
        "UID:%s%d\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:%s\r\nDTEND:%s\r\n"
        "SUMMARY:%s\r\n%sEND:VEVENT\r\nEND:VCALENDAR\r\n",
        what, days, stamp(office, days, 10), stamp(office, days, 11), what,
        lines);

    cr_assert_not_null(exchange_add_event(office->exchange, BOB, text));
}

static struct folder calendar_of_bob(struct office *office)
{
    struct folder folder;

    cr_assert_eq(
        schedule_shut_calendar(&office->op, office->account, BOB, &folder),
        STATUS_OK);
    return folder;
}

/* All texts that there are. */
static const char *texts(struct office *office, int64_t folder)
{
    struct object *objects;
    size_t count;
    const char *all = "";

    cr_assert_eq(
        objects_list(&office->op, office->account, folder, &objects, &count),
        STATUS_OK);
    for (size_t i = 0; i < count; i++)
        all = arena_printf(
            office->arena, "%s%s", all,
            office_plain(office, office_get(office, folder, objects[i].name)));
    return all;
}

Test(objects_shut, shows_as_much_as_its_owner_lets_one_see)
{
    static const struct {
        const char *level;
        const char *has;
        const char *lacks;
    } cases[] = {
        { NULL, "SUMMARY:Busy", "Lunch" },
        { "FreeBusyTimeOnly", "SUMMARY:Busy", "Lunch" },
        { "FreeBusyTimeAndSubjectAndLocation", "SUMMARY:Lunch", "Secret" },
        { "FreeBusyTimeAndSubjectAndLocation", "LOCATION:Inn", "Secret" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct office ann = office_open(EXCHANGE_2016);

        bob_does(&ann, "Lunch", 3, "LOCATION:Inn\r\n");
        bob_does(&ann, "Secret", 4, "CLASS:PRIVATE\r\n");
        if (cases[i].level != NULL)
            exchange_grant(ann.exchange, BOB, "calendar", ANN, cases[i].level);
        struct folder folder = calendar_of_bob(&ann);
        const char *all = texts(&ann, folder.id);
        cr_expect_not_null(strstr(all, cases[i].has), "%zu: %s", i, all);
        cr_expect_null(strstr(all, cases[i].lacks), "%zu: %s", i, all);
        cr_expect_not_null(strstr(all, stamp(&ann, 3, 10)), "%s", all);
        cr_expect(folder.read_only);
        office_close(&ann);
    }
}

Test(objects_shut, says_how_somebody_is_busy)
{
    static const struct {
        const char *lines;
        const char *has;
    } cases[] = {
        { "X-MICROSOFT-CDO-BUSYSTATUS:OOF\r\n", "BUSYSTATUS:OOF" },
        { "X-MICROSOFT-CDO-BUSYSTATUS:OOF\r\n", "SUMMARY:Away" },
        { "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE\r\n", "SUMMARY:Tentative" },
        { "", "SUMMARY:Busy" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct office ann = office_open(EXCHANGE_2016);

        bob_does(&ann, "Lunch", 3, cases[i].lines);
        const char *all = texts(&ann, calendar_of_bob(&ann).id);
        cr_expect_not_null(strstr(all, cases[i].has), "%zu: %s", i, all);
        cr_expect_null(strstr(all, "TRANSP:TRANSPARENT"));
        office_close(&ann);
    }
    struct office ann = office_open(EXCHANGE_2016);
    bob_does(&ann, "Lunch", 3, "TRANSP:TRANSPARENT\r\n");
    cr_expect_str_eq(texts(&ann, calendar_of_bob(&ann).id), "");
    office_close(&ann);
}

Test(objects_shut, has_five_windows_of_42_days_and_asks_again_after_minutes)
{
    struct office ann = office_open(EXCHANGE_2016);

    bob_does(&ann, "Past", -30, "");
    bob_does(&ann, "Long", 10, "RRULE:FREQ=DAILY;INTERVAL=30;COUNT=20\r\n");
    bob_does(&ann, "Recent", -20, "");
    exchange_grant(ann.exchange, BOB, "calendar", ANN,
                   "FreeBusyTimeAndSubjectAndLocation");
    exchange_reset_calls(ann.exchange);
    struct folder folder = calendar_of_bob(&ann);
    cr_expect_eq(exchange_calls(ann.exchange, "GetUserAvailabilityRequest"), 5);
    cr_expect_eq(exchange_calls(ann.exchange, NULL), 5);
    const char *all = texts(&ann, folder.id);
    cr_expect_null(strstr(all, "Past"), "%s", all);
    cr_expect_not_null(strstr(all, "Recent"), "%s", all);
    cr_expect_not_null(strstr(all, stamp(&ann, 160, 10)), "%s", all);
    cr_expect_null(strstr(all, stamp(&ann, 190, 10)), "%s", all);
    exchange_reset_calls(ann.exchange);
    calendar_of_bob(&ann);
    texts(&ann, folder.id);
    cr_expect_eq(exchange_calls(ann.exchange, NULL), 0);
    office_close(&ann);
}

Test(objects_shut, the_same_time_keeps_its_name_and_tag)
{
    struct office ann = office_open_on_disk(EXCHANGE_2016);
    struct object_change *changes;
    size_t count;

    bob_does(&ann, "One", 3, "");
    bob_does(&ann, "Two", 5, "");
    bob_does(&ann, "Two", 5, "X-TWICE:1\r\n");
    struct folder folder = calendar_of_bob(&ann);
    const char *names = office_names(&ann, folder.id);
    const char *all = texts(&ann, folder.id);
    struct object_marks marks = office_refresh(&ann, folder.id);
    bob_does(&ann, "Three", 7, "");
    office_restart(&ann, false);
    folder = calendar_of_bob(&ann);
    struct object_marks now = office_refresh(&ann, folder.id);
    cr_assert_eq(objects_changes(&ann.op, ann.account, folder.id,
                                 marks.validity, marks.revision, &changes,
                                 &count, &now),
                 STATUS_OK);
    cr_expect_eq(count, 1, "%zu changes", count);
    cr_expect_null(strstr(names, changes[0].object.name));
    cr_expect_eq(strlen(texts(&ann, folder.id)) > strlen(all), 1);
    office_close(&ann);
}

Test(objects_shut, nobody_and_who_hides_it_are_refused)
{
    struct office ann = office_open(EXCHANGE_2016);
    struct folder folder;

    exchange_grant(ann.exchange, BOB, "calendar", ANN, "None");
    cr_expect_eq(schedule_shut_calendar(&ann.op, ann.account, BOB, &folder),
                 STATUS_DENIED);
    cr_expect_eq(schedule_shut_calendar(&ann.op, ann.account,
                                        "nobody@example.com", &folder),
                 STATUS_NO_FOLDER);
    office_close(&ann);
}

Test(objects_shut, nothing_can_be_written_there)
{
    struct office ann = office_open(EXCHANGE_2016);

    bob_does(&ann, "One", 3, "");
    struct folder folder = calendar_of_bob(&ann);
    const char *name = office_names(&ann, folder.id);
    cr_expect_eq(
        office_put(&ann, folder.id, "x.ics", office_event(&ann, "x", "X", "")),
        STATUS_DENIED);
    cr_expect_eq(office_delete(&ann, folder.id, name), STATUS_DENIED);
    cr_expect_eq(exchange_count(ann.exchange, BOB, "calendar"), 1);
    office_close(&ann);
}
