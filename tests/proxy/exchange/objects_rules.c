/*
 * objects_rules.c - recurrences that Exchange cannot hold are refused with a
 * reason, and those that it can come back as they were
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/proxy/exchange/objects.h"

/* An event, or with DUE a task, from the 31st of January of 2027 on. */
static const char *rule_text(struct office *office, const char *component,
                             const char *start, const char *lines)
{
    return arena_printf(office->arena,
                        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
                        "BEGIN:%s\r\nUID:r\r\nDTSTAMP:20260101T000000Z\r\n"
                        "DTSTART;VALUE=DATE:%s\r\nSUMMARY:x\r\n%s"
                        "END:%s\r\nEND:VCALENDAR\r\n",
                        component, start, lines, component);
}

/* clang-format off */
static const struct {
    const char *what;
    const char *start;
    const char *lines;
    const char *reason;
} refused[] = {
    { "more dates",         "20270131", "RDATE;VALUE=DATE:20270301\r\n",                  "one recurrence rule" },
    { "two rules",          "20270131", "RRULE:FREQ=DAILY\r\nRRULE:FREQ=WEEKLY\r\n",      "one recurrence rule" },
    { "a rule taken out",   "20270131", "RRULE:FREQ=DAILY\r\nEXRULE:FREQ=WEEKLY\r\n",     "one recurrence rule" },
    { "the 31st",           "20270131", "RRULE:FREQ=MONTHLY;BYMONTHDAY=31\r\n",           "other days" },
    { "the 31st by itself", "20270131", "RRULE:FREQ=MONTHLY\r\n",                         "other days" },
    { "the 30th",           "20270130", "RRULE:FREQ=MONTHLY\r\n",                         "other days" },
    { "the 29th",           "20270129", "RRULE:FREQ=MONTHLY\r\n",                         "other days" },
    { "29 February",        "20280229", "RRULE:FREQ=YEARLY\r\n",                          "other days" },
    { "hours",              "20270131", "RRULE:FREQ=HOURLY\r\n",                          "recurrence rule" },
    { "weeks of the year",  "20270131", "RRULE:FREQ=YEARLY;BYWEEKNO=4\r\n",               "recurrence rule" },
    { "two days a month",   "20270101", "RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15\r\n",         "recurrence rule" },
    { "the last but one",   "20270130", "RRULE:FREQ=MONTHLY;BYMONTHDAY=-2\r\n",           "recurrence rule" },
};
/* clang-format on */

Test(objects_rules, what_exchange_cannot_hold_is_refused_with_a_reason)
{
    static const char *const components[] = { "VEVENT", "VTODO" };
    struct office office = office_open(EXCHANGE_2016);
    const int64_t folders[] = { office.calendar, office.tasks };

    for (size_t i = 0; i < 2 * sizeof refused / sizeof *refused; i++) {
        size_t nth = i / 2;
        const char *text = rule_text(&office, components[i % 2],
                                     refused[nth].start, refused[nth].lines);

        cr_expect_eq(office_put(&office, folders[i % 2], "r.ics", text),
                     STATUS_BAD_CONTENT, "%s: %s", refused[nth].what,
                     components[i % 2]);
        cr_expect_eq(office.written.problem, OBJECT_RECURRENCE, "%s: %d",
                     refused[nth].what, office.written.problem);
        cr_expect(office.written.reason != NULL &&
                      strstr(office.written.reason, refused[nth].reason),
                  "%s: %s", refused[nth].what, office.written.reason);
    }
    cr_expect_eq(exchange_count(office.exchange, ANN, "calendar"), 0);
    cr_expect_eq(exchange_count(office.exchange, ANN, "tasks"), 0);
    office_close(&office);
}

Test(objects_rules, a_change_of_all_that_follow_is_refused)
{
    struct office office = office_open(EXCHANGE_2016);
    const char *text = office_edit(
        &office,
        rule_text(&office, "VEVENT", "20270101", "RRULE:FREQ=DAILY\r\n"),
        "END:VCALENDAR",
        "BEGIN:VEVENT\r\nUID:r\r\nDTSTAMP:20260101T000000Z\r\n"
        "RECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20270103\r\n"
        "DTSTART;VALUE=DATE:20270103\r\nSUMMARY:y\r\nEND:VEVENT\r\n"
        "END:VCALENDAR");

    cr_expect_eq(office_put(&office, office.calendar, "r.ics", text),
                 STATUS_BAD_CONTENT);
    cr_expect_eq(office.written.problem, OBJECT_RECURRENCE);
    cr_expect_not_null(office.written.reason);
    office_close(&office);
}

Test(objects_rules, the_last_day_of_a_month_comes_back_as_it_was)
{
    static const struct {
        const char *start;
        const char *rule;
    } cases[] = {
        { "20270131", "RRULE:FREQ=MONTHLY;BYMONTHDAY=-1\r\n" },
        { "20270228", "RRULE:FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=7\r\n" },
        { "20280229", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1\r\n" },
        { "20270131", "RRULE:FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1\r\n" },
        { "20270131",
          "RRULE:FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1\r\n" },
    };
    struct office office = office_open(EXCHANGE_2016);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *name = arena_printf(office.arena, "r%zu.ics", i);
        const char *text =
            rule_text(&office, "VEVENT", cases[i].start, cases[i].rule);
        struct office other;

        text = office_edit(&office, text, "UID:r",
                           arena_printf(office.arena, "UID:r%zu", i));
        cr_assert_eq(office_put(&office, office.calendar, name, text),
                     STATUS_OK, "%s", cases[i].rule);
        office_refresh(&office, office.calendar);
        const char *after = office_get(&office, office.calendar, name);
        cr_expect_not_null(strstr(after, cases[i].rule), "%s", after);
        other = office_beside(&office, ANN);
        office_refresh(&other, other.calendar);
        after = office_get(&other, other.calendar, name);
        cr_expect_not_null(strstr(after, cases[i].rule), "%s", after);
        office_close(&other);
    }
    office_close(&office);
}

/* What Outlook has made: the 31st is the last day of short months. */
Test(objects_rules, the_31st_of_outlook_is_the_last_day)
{
    static const struct {
        const char *pattern;
        const char *rule;
    } cases[] = {
        { "<t:AbsoluteMonthlyRecurrence><t:Interval>1</t:Interval>"
          "<t:DayOfMonth>31</t:DayOfMonth></t:AbsoluteMonthlyRecurrence>",
          "RRULE:FREQ=MONTHLY;BYMONTHDAY=-1" },
        { "<t:AbsoluteMonthlyRecurrence><t:Interval>1</t:Interval>"
          "<t:DayOfMonth>30</t:DayOfMonth></t:AbsoluteMonthlyRecurrence>",
          "RRULE:FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1" },
        { "<t:RelativeMonthlyRecurrence><t:Interval>1</t:Interval>"
          "<t:DaysOfWeek>Day</t:DaysOfWeek>"
          "<t:DayOfWeekIndex>Last</t:DayOfWeekIndex>"
          "</t:RelativeMonthlyRecurrence>",
          "RRULE:FREQ=MONTHLY;BYMONTHDAY=-1" },
        { "<t:AbsoluteYearlyRecurrence><t:DayOfMonth>29</t:DayOfMonth>"
          "<t:Month>February</t:Month></t:AbsoluteYearlyRecurrence>",
          "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct office office = office_open(EXCHANGE_2016);
        const char *day = i == 3   ? "2028-02-29"
                          : i == 1 ? "2027-01-30"
                                   : "2027-01-31";

        cr_assert_not_null(exchange_add_object(
            office.exchange, ANN, "calendar",
            arena_printf(office.arena,
                         "<t:CalendarItem><t:Subject>Rent</t:Subject>"
                         "<t:Start>%sT10:00:00Z</t:Start>"
                         "<t:End>%sT11:00:00Z</t:End><t:Recurrence>%s"
                         "<t:NoEndRecurrence><t:StartDate>%s</t:StartDate>"
                         "</t:NoEndRecurrence></t:Recurrence>"
                         "</t:CalendarItem>",
                         day, day, cases[i].pattern, day)));
        office_refresh(&office, office.calendar);
        const char *text = office_get(&office, office.calendar,
                                      office_names(&office, office.calendar));
        cr_expect_not_null(strstr(text, cases[i].rule), "%zu: %s", i, text);
        office_close(&office);
    }
}

/* Exchange 2007 has no FirstDayOfWeek: weeks begin on Sunday. */
Test(objects_rules, weeks_that_begin_otherwise_are_refused_by_2007)
{
    static const struct {
        const char *rule;
        bool taken;
    } cases[] = {
        { "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,SU;WKST=MO\r\n", false },
        { "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,SU;WKST=SU\r\n", true },
        { "RRULE:FREQ=WEEKLY;BYDAY=FR,SU;WKST=MO\r\n", true },
        { "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;WKST=MO\r\n", true },
    };
    static const char *const components[] = { "VEVENT", "VTODO" };

    for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
        struct office office = office_open(EXCHANGE_2007_SP1);
        int64_t folder = i % 2 == 0 ? office.calendar : office.tasks;
        const char *plain =
            rule_text(&office, components[i % 2], "20270101", "");
        const char *text = rule_text(&office, components[i % 2], "20270101",
                                     cases[i / 2].rule);

        for (int changed = 0; changed < 2; changed++) {
            if (changed)
                cr_assert_eq(office_put(&office, folder, "r.ics", plain),
                             STATUS_OK);
            enum status status = office_put(&office, folder, "r.ics", text);
            cr_expect_eq(
                status, cases[i / 2].taken ? STATUS_OK : STATUS_BAD_CONTENT,
                "%s %s %d", components[i % 2], cases[i / 2].rule, changed);
            if (cases[i / 2].taken)
                continue;
            cr_expect_eq(office.written.problem, OBJECT_RECURRENCE);
            cr_expect_not_null(strstr(office.written.reason, "WKST"));
        }
        office_close(&office);
    }
}
