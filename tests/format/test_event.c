/*
 * test_event.c - what is different, and what only looks so
 */
#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/format/ical_values.h"
#include "proxy/format/recurrence.h"

static const struct when begin = { .kind = WHEN_DATE,
                                   .instant = 19844 * 86400LL };

static struct when day(int64_t number)
{
    return (struct when){ .kind = WHEN_DATE, .instant = number * 86400 };
}

Test(event, knows_rules_that_mean_the_same_days)
{
    /* clang-format off */
    static const struct { bool equal; struct recurrence a, b; } cases[] = {
        { true,  { .pattern = REPEAT_DAILY, .interval = 1 },
                 { .pattern = REPEAT_WEEKLY, .interval = 1, .weekdays = 0x7F } },
        { true,  { .pattern = REPEAT_MONTHLY_DAY, .interval = 1, .day = 31 },
                 { .pattern = REPEAT_MONTHLY_WEEKDAY, .interval = 1, .weekdays = 0x7F, .week = -1 } },
        { true,  { .pattern = REPEAT_YEARLY_DAY, .interval = 2, .day = 6, .month = 5 },
                 { .pattern = REPEAT_MONTHLY_DAY, .interval = 24, .day = 6 } },
        { true,  { .pattern = REPEAT_WEEKLY, .interval = 1, .weekdays = 2, .first = 0 },
                 { .pattern = REPEAT_WEEKLY, .interval = 1, .weekdays = 2, .first = 1 } },
        { false, { .pattern = REPEAT_WEEKLY, .interval = 2, .weekdays = 3, .first = 0 },
                 { .pattern = REPEAT_WEEKLY, .interval = 2, .weekdays = 3, .first = 1 } },
        { false, { .pattern = REPEAT_DAILY, .interval = 1, .count = 3 },
                 { .pattern = REPEAT_DAILY, .interval = 1 } },
        { true,  { .pattern = REPEAT_WEEKLY, .interval = 1, .weekdays = 2, .until = { WHEN_DATE, 19851 * 86400LL, NULL } },
                 { .pattern = REPEAT_WEEKLY, .interval = 1, .weekdays = 2, .until = { WHEN_DATE, 19855 * 86400LL, NULL } } },
        { false, { .pattern = REPEAT_WEEKLY, .interval = 1, .weekdays = 2, .until = { WHEN_DATE, 19851 * 86400LL, NULL } },
                 { .pattern = REPEAT_WEEKLY, .interval = 1, .weekdays = 2, .until = { WHEN_DATE, 19858 * 86400LL, NULL } } },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct recurrence a = cases[i].a, b = cases[i].b;
        a.begin = b.begin = begin;
        cr_expect(recurrence_equal(&a, &b) == cases[i].equal, "%zu", i);
        b.begin = day(19845);
        cr_expect(!recurrence_equal(&a, &b), "%zu", i);
    }
    cr_expect(recurrence_equal(NULL, NULL));
}

Test(event, sees_no_difference_in_what_exchange_cannot_tell_apart)
{
    static const char *const ab[] = { "a", "b", NULL };
    static const char *const ba[] = { "b", "a", NULL };
    struct event a = { .summary = "x",
                       .description = "one\r\ntwo\r\n",
                       .html = "<p>one</p>",
                       .categories = ab,
                       .busy = BUSY_BUSY,
                       .answer = ANSWER_ORGANIZER };
    struct event b = { .summary = "x\x01",
                       .description = "one\ntwo",
                       .location = "",
                       .categories = ba,
                       .busy = BUSY_UNKNOWN,
                       .reminder_minutes = 15 };
    a.start = (struct when){ WHEN_ZONED, 0, zone_iana("Europe/Amsterdam") };
    b.start = (struct when){ WHEN_ZONED, 0, zone_iana("Europe/Berlin") };
    a.end = a.start;
    b.end = b.start;
    cr_expect(event_differences(&a, &b) == 0, "%x", event_differences(&a, &b));
    b.start.zone = zone_iana("Europe/Paris");
    cr_expect(event_differences(&a, &b) == 1u << EVENT_TIME);
    b.start = a.start;
    b.html = "<p>two</p>";
    cr_expect(event_differences(&a, &b) == 1u << EVENT_BODY);
    b.html = NULL;
    b.reminder = true;
    cr_expect(event_differences(&a, &b) == 1u << EVENT_REMINDER);
}

Test(event, compares_attendees_by_who_they_are)
{
    struct attendee people[] = { { .address = "a@x.y", .name = "A" },
                                 { .address = "B@x.y" } };
    struct attendee others[] = {
        { .address = "b@x.y", .name = "B", .answer = ANSWER_ACCEPTED },
        { .address = "a@x.y" }
    };
    struct event a = { .attendees = people, .attendee_count = 2 };
    struct event b = { .attendees = others, .attendee_count = 2 };
    cr_expect(event_differences(&a, &b) == 0);
    others[0].role = ROLE_OPTIONAL;
    cr_expect(event_differences(&a, &b) == 1u << EVENT_ATTENDEES);
    b.attendee_count = 0;
    cr_expect(event_differences(&a, &b) == 1u << EVENT_ATTENDEES);
}

Test(event, numbers_occurrences_as_exchange_does)
{
    struct recurrence rule = {
        .pattern = REPEAT_WEEKLY, .interval = 1, .weekdays = 8, .begin = begin
    };
    struct when deleted = day(19851);
    struct series series = { .has_master = true,
                             .recurrence = &rule,
                             .deleted = &deleted,
                             .deleted_count = 1 };
    series.master.start = begin;
    series.master.end = day(19845);
    struct when third = day(19858), none = day(19859);
    cr_expect(series_instance_index(&series, &begin) == 1);
    cr_expect(series_instance_index(&series, &deleted) == 2);
    cr_expect(series_instance_index(&series, &third) == 3);
    cr_expect(series_instance_index(&series, &none) == 0);
    struct event event = series_occurrence(&series, &third);
    cr_expect(event.start.instant == third.instant &&
              event.end.instant == third.instant + 86400);
}

/* What cannot be read again could never be changed again. */
Test(event, writes_no_rule_that_cannot_be_read_again)
{
    struct arena *arena = arena_new();
    struct ical_times times = { .arena = arena, .zone = zone_utc() };
    static const uint32_t intervals[] = { 1, 2, 3, 12, 24, 99 };
    static const unsigned weekdays[] = { 1,  2,  4,    8,    16,
                                         32, 64, 0x3E, 0x41, 0x7F };
    static const int weeks[] = { 1, 2, 3, 4, -1 };
    size_t count = 0;
    for (int pattern = REPEAT_MONTHLY_DAY; pattern <= REPEAT_YEARLY_WEEKDAY;
         pattern++)
        for (size_t i = 0; i < 6 * 12 * 50; i++) {
            struct recurrence rule = {
                .pattern = (enum recurrence_pattern)pattern,
                .interval = intervals[i % 6],
                .month = (unsigned)(i / 6 % 12 + 1),
                .day = (unsigned)(i / 72 % 31 + 1),
                .weekdays = weekdays[i / 72 % 10],
                .week = weeks[i / 720 % 5],
                .begin = begin,
            };
            struct recurrence_days days;
            int64_t first;
            /* What a pattern does not look at need not be tried again. */
            bool monthly = pattern == REPEAT_MONTHLY_DAY ||
                           pattern == REPEAT_MONTHLY_WEEKDAY;
            bool by_day =
                pattern == REPEAT_MONTHLY_DAY || pattern == REPEAT_YEARLY_DAY;
            if ((monthly && rule.month > 1) || (by_day && i / 72 >= 31))
                continue;
            recurrence_days_begin(&days, &rule);
            if (!recurrence_days_next(&days, &first))
                continue;
            rule.begin = day(first);
            const char *text = ical_rule_text(arena, &rule, &rule.begin);
            const char *reason = NULL;
            struct recurrence again;
            /* Each assertion is a message to the runner: failures only. */
            if (!ical_rule_read(&times, text, &rule.begin, &again, &reason) ||
                !recurrence_equal(&rule, &again))
                cr_expect(false, "%s: %s", text, reason);
            count++;
        }
    cr_expect(count > 6000, "%zu", count);
    arena_free(&arena);
}
