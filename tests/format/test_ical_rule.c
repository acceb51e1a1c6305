/*
 * test_ical_rule.c - which rules Exchange can hold, and as what
 */
#include <criterion/criterion.h>
#include <libical/ical.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/format/ical_values.h"
#include "proxy/format/recurrence.h"

static struct when at(struct arena *arena, const char *text)
{
    struct ical_times times = { .arena = arena, .zone = zone_utc() };
    return ical_when_value(&times, text, "Europe/Berlin");
}

static bool read(struct arena *arena, const char *start, const char *rule,
                 struct recurrence *out, const char **reason)
{
    struct ical_times times = { .arena = arena, .zone = zone_utc() };
    struct when when = at(arena, start);
    return ical_rule_read(&times, rule, &when, out, reason);
}

Test(ical_rule, takes_what_exchange_can_hold)
{
    /* clang-format off */
    static const struct {
        const char *start, *rule, *again; /* NULL: the same */
    } cases[] = {
        { "20240506T090000", "FREQ=DAILY", NULL },
        { "20240506T090000", "FREQ=DAILY;INTERVAL=3", NULL },
        { "20240506T090000", "FREQ=DAILY;INTERVAL=1", "FREQ=DAILY" },
        { "20240506T090000", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR" },
        { "20240506T090000", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO" },
        { "20240506T090000", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU", NULL },
        { "20240506T090000", "FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=6" },
        { "20240531T090000", "FREQ=MONTHLY;BYMONTHDAY=-1", NULL },
        { "20240514T090000", "FREQ=MONTHLY;BYDAY=2TU", NULL },
        { "20240514T090000", "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2", "FREQ=MONTHLY;BYDAY=2TU" },
        { "20240514T090000", "FREQ=MONTHLY;BYDAY=TU;BYMONTHDAY=8,9,10,11,12,13,14", "FREQ=MONTHLY;BYDAY=2TU" },
        { "20240531T090000", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", NULL },
        { "20240506T090000", "FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=6" },
        { "20241128T090000", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", NULL },
        { "20240506",        "FREQ=YEARLY;INTERVAL=2;BYMONTH=5;BYMONTHDAY=6", NULL },
        { "20240506T090000", "FREQ=DAILY;COUNT=5", NULL },
        { "20240506T090000", "FREQ=DAILY;UNTIL=20240510T070000Z", NULL },
        { "20240506T090000", "FREQ=DAILY;UNTIL=20240510T065959Z", "FREQ=DAILY;UNTIL=20240509T070000Z" },
        { "20240506T090000", "FREQ=DAILY;UNTIL=20240510T235959", "FREQ=DAILY;UNTIL=20240510T070000Z" },
        { "20240506T090000", "FREQ=DAILY;UNTIL=20240510", "FREQ=DAILY;UNTIL=20240510T070000Z" },
        { "20240506",        "FREQ=DAILY;UNTIL=20240510", NULL },
        { "20240506",        "FREQ=DAILY;UNTIL=20240510T220000Z", "FREQ=DAILY;UNTIL=20240510" },
        { "20240506T010000", "FREQ=DAILY;UNTIL=20240509T230000Z", NULL },
        { "20240506T090000", "FREQ=DAILY;COUNT=5;UNTIL=20240630T070000Z", "FREQ=DAILY;COUNT=5" },
        { "20240506T090000", "FREQ=DAILY;COUNT=500;UNTIL=20240510T070000Z", "FREQ=DAILY;UNTIL=20240510T070000Z" },
        { "20240506T065500", "FREQ=DAILY;BYHOUR=6;BYMINUTE=55", "FREQ=DAILY" },
        { "20240506T065507", "BYSECOND=07;FREQ=WEEKLY;BYDAY=MO;byhour=6,6", "FREQ=WEEKLY;BYDAY=MO" },
        { "20240506",        "FREQ=DAILY;BYHOUR=0;BYMINUTE=0;BYSECOND=0", "FREQ=DAILY" },
        { "20240506T090000", "FREQ=MONTHLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=MO" },
        { "20240506T090000", "FREQ=MONTHLY;COUNT=40;BYDAY=SU,MO,TU,WE,TH,FR,SA", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;COUNT=40" },
        { "20240506T090000", "FREQ=YEARLY;BYDAY=MO,TH", "FREQ=WEEKLY;BYDAY=MO,TH" },
        { "20240101T090000", "FREQ=YEARLY;BYDAY=1MO", "FREQ=YEARLY;BYMONTH=1;BYDAY=1MO" },
        { "20241227T090000", "FREQ=YEARLY;BYDAY=-1FR", "FREQ=YEARLY;BYMONTH=12;BYDAY=-1FR" },
        { "20240415T090000", "FREQ=YEARLY;BYMONTH=1,4,7,10", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15" },
        { "20240115T090000", "FREQ=YEARLY;BYMONTH=7,1;BYDAY=3MO", "FREQ=MONTHLY;INTERVAL=6;BYDAY=3MO" },
        { "20240506T090000", "FREQ=MONTHLY;BYMONTH=5;BYMONTHDAY=6", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=6" },
        { "20240506T090000", "FREQ=MONTHLY;BYMONTH=2,5,8,11", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=6" },
        { "20240506T090000", "FREQ=WEEKLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12", "FREQ=WEEKLY;BYDAY=MO" },
        { "20240506T090000", "FREQ=DAILY;COUNT=999", NULL },
        { "20240506T090000", "FREQ=DAILY;COUNT=1000", "FREQ=DAILY;UNTIL=20270130T080000Z" },
        { "20240506",        "FREQ=WEEKLY;BYDAY=MO;COUNT=1001;UNTIL=20290101", "FREQ=WEEKLY;BYDAY=MO;UNTIL=20290101" },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new();
        struct recurrence rule, again;
        const char *reason = NULL;
        bool good = read(arena, cases[i].start, cases[i].rule, &rule, &reason);
        cr_expect(good, "%s: %s", cases[i].rule, reason);
        struct when start = at(arena, cases[i].start);
        const char *text =
            good ? ical_rule_text(arena, &rule, &start) : "nothing";
        cr_expect_str_eq(text, cases[i].again ? cases[i].again : cases[i].rule,
                         "%s", cases[i].rule);
        if (good && read(arena, cases[i].start, text, &again, &reason))
            cr_expect(recurrence_equal(&rule, &again), "%s", text);
        arena_free(&arena);
    }
}

Test(ical_rule, refuses_what_exchange_would_change)
{
    /* clang-format off */
    static const struct { const char *start, *rule; } cases[] = {
        { "20240506T090000", "FREQ=HOURLY" },
        { "20240506T090000", "FREQ=MINUTELY;INTERVAL=5" },
        { "20240506T090000", "FREQ=SECONDLY" },
        { "20240506T090000", "FREQ=DAILY;BYHOUR=9,17" },
        { "20240506T090000", "FREQ=DAILY;BYHOUR=7" },
        { "20240506T090000", "FREQ=DAILY;BYHOUR=9;BYMINUTE=30" },
        { "20240506T090000", "FREQ=DAILY;BYSECOND=" },
        { "20240506T090000", "FREQ=DAILY;INTERVAL=2;BYDAY=MO,WE" },
        { "20240506T090000", "FREQ=DAILY;BYMONTH=5" },
        { "20240506T090000", "FREQ=MONTHLY;BYMONTHDAY=6,20" },
        { "20240506T090000", "FREQ=MONTHLY;BYMONTHDAY=-26" },
        { "20240530T090000", "FREQ=MONTHLY;BYMONTHDAY=30" },
        { "20240531T090000", "FREQ=MONTHLY" },
        { "20240229T090000", "FREQ=YEARLY" },
        { "20240531T090000", "FREQ=MONTHLY;BYDAY=5FR" },
        { "20240506T090000", "FREQ=MONTHLY;BYDAY=1MO,3MO" },
        { "20240506T090000", "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1" },
        { "20240913T090000", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13" },
        { "20240506T090000", "FREQ=YEARLY;BYMONTH=5,6;BYMONTHDAY=6" },
        { "20240506T090000", "FREQ=YEARLY;BYMONTH=5;BYDAY=MO" },
        { "20240506T090000", "FREQ=YEARLY;INTERVAL=2;BYMONTH=5,11" },
        { "20240506T090000", "FREQ=MONTHLY;INTERVAL=2;BYDAY=MO" },
        { "20240506T090000", "FREQ=MONTHLY;INTERVAL=2;BYMONTH=5,11" },
        { "20240506T090000", "FREQ=WEEKLY;BYMONTH=5" },
        { "20240506T090000", "FREQ=YEARLY;BYMONTH=5,17" },
        { "20240506T090000", "FREQ=YEARLY;BYWEEKNO=19" },
        { "20240506T090000", "FREQ=YEARLY;BYYEARDAY=127" },
        { "20240506T090000", "FREQ=YEARLY;BYDAY=19MO" },
        { "20240506T090000", "FREQ=YEARLY;BYMONTHDAY=6" },
        { "20240506T090000", "FREQ=WEEKLY;BYDAY=TU" },
        { "20240506T090000", "FREQ=MONTHLY;BYMONTHDAY=7" },
        { "20240506T090000", "FREQ=DAILY;UNTIL=20240505" },
        { "20240506T090000", "FREQ=DAILY;COUNT=0" },
        { "20240506T090000", "FREQ=DAILY;INTERVAL=0" },
        { "20240506T090000", "FREQ=DAILY;INTERVAL=4294967297" },
        { "20240506T090000", "FREQ=DAILY;UNTIL=tomorrow" },
        { "20240506T090000", "INTERVAL=2" },
        { "20240506T090000", "FREQ" },
        { "20240506T090000", "" },
        { "20240506T090000", "FREQ=WEEKLY;BYDAY=XX" },
        { "20240506T090000", "RSCALE=HEBREW;FREQ=YEARLY" },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new();
        struct recurrence rule;
        const char *reason = NULL;
        cr_expect(!read(arena, cases[i].start, cases[i].rule, &rule, &reason),
                  "%s", cases[i].rule);
        cr_expect(reason != NULL, "%s", cases[i].rule);
        arena_free(&arena);
    }
}

/* Patterns that only Exchange makes say their days in words of RFC 5545. */
Test(ical_rule, writes_what_means_the_same_days)
{
    static const struct recurrence rules[] = {
        { .pattern = REPEAT_MONTHLY_DAY, .interval = 1, .day = 29 },
        { .pattern = REPEAT_MONTHLY_DAY, .interval = 1, .day = 30 },
        { .pattern = REPEAT_MONTHLY_DAY, .interval = 2, .day = 31 },
        { .pattern = REPEAT_YEARLY_DAY, .interval = 1, .day = 29, .month = 2 },
        { .pattern = REPEAT_YEARLY_DAY, .interval = 1, .day = 31, .month = 4 },
        { .pattern = REPEAT_MONTHLY_WEEKDAY,
          .interval = 1,
          .weekdays = 0x7F,
          .week = 3 },
        { .pattern = REPEAT_MONTHLY_WEEKDAY,
          .interval = 1,
          .weekdays = 0x41,
          .week = -1 },
        { .pattern = REPEAT_YEARLY_WEEKDAY,
          .interval = 1,
          .weekdays = 0x3E,
          .week = 4,
          .month = 7 },
        { .pattern = REPEAT_WEEKLY,
          .interval = 3,
          .weekdays = 0x42,
          .first = 1 },
    };
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct recurrence rule = rules[i];
        rule.begin = at(arena, "20240131");
        struct recurrence_days days;
        int64_t day;
        recurrence_days_begin(&days, &rule);
        cr_assert(recurrence_days_next(&days, &day));
        rule.begin.instant = day * 86400;
        const char *text = ical_rule_text(arena, &rule, &rule.begin);
        struct recurrence again;
        const char *reason = NULL;
        struct ical_times times = { .arena = arena, .zone = zone_utc() };
        cr_expect(ical_rule_read(&times, text, &rule.begin, &again, &reason),
                  "%s: %s", text, reason);
        cr_expect(recurrence_equal(&rule, &again), "%s", text);
    }
    arena_free(&arena);
}
