/*
 * objects_done.c - series of tasks of which one after the other is done
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/proxy/exchange/objects.h"

#define SERIES                                                                 \
    "DTSTART;VALUE=DATE:20380301\r\nDUE;VALUE=DATE:20380301\r\n"               \
    "RRULE:FREQ=WEEKLY;BYDAY=MO\r\n"
#define DONE                                                                   \
    "STATUS:COMPLETED\r\nPERCENT-COMPLETE:100\r\n"                             \
    "COMPLETED:20260101T100000Z\r\n"

/* As Thunderbird says that a day is done. */
static const char *ticked(struct office *office, const char *series,
                          const char *day, const char *due)
{
    return office_edit(
        office, series, "END:VCALENDAR",
        arena_printf(office->arena,
                     "BEGIN:VTODO\r\nUID:w\r\nDTSTAMP:20380101T000000Z\r\n"
                     "RECURRENCE-ID;VALUE=DATE:%s\r\nSUMMARY:Water\r\n"
                     "DTSTART;VALUE=DATE:%s\r\nDUE;VALUE=DATE:%s\r\n" DONE
                     "END:VTODO\r\nEND:VCALENDAR",
                     day, day, due));
}

static const char *text_with(struct office *office, const char *part)
{
    return office_get(office, office->tasks,
                      office_name_of(office, office->tasks, part));
}

static void check_moved_on(struct office *office, const char *more)
{
    const char *series = text_with(office, "UID:w\r\n");
    const char *done = text_with(office, "UID:w-2038-03-01\r\n");

    cr_assert(series != NULL && done != NULL, "%s",
              office_names(office, office->tasks));
    cr_expect(strstr(series, "RRULE:") &&
                  strstr(series, "VALUE=DATE:20380308") &&
                  !strstr(series, "STATUS:COMPLETED") &&
                  !strstr(series, "RECURRENCE-ID"),
              "%s", series);
    cr_expect(!strstr(done, "RRULE:") && strstr(done, "VALUE=DATE:20380301") &&
                  strstr(done, "STATUS:COMPLETED") &&
                  !strstr(done, "RECURRENCE-ID") && strstr(done, more),
              "%s", done);
}

Test(objects_done, the_next_of_a_series_is_done_and_the_series_goes_on)
{
    static const struct {
        const char *lines;
        bool by_exception;
    } cases[] = { { "", true },
                  { "", false },
                  { "X-KEPT:yes\r\n", true },
                  { "X-KEPT:yes\r\n", false } };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct office office = office_open(EXCHANGE_2016), other;
        const char *lines =
            arena_printf(office.arena, SERIES "%s", cases[i].lines);
        const char *series = office_task(&office, "w", "Water", lines);
        const char *done = office_edit(&office, series, "RRULE", DONE "RRULE");

        cr_assert_eq(office_put(&office, office.tasks, "w.ics", series),
                     STATUS_OK);
        if (cases[i].by_exception)
            done = ticked(&office, series, "20380301", "20380301");
        cr_assert_eq(office_put(&office, office.tasks, "w.ics", done),
                     STATUS_OK, "%s", office.written.reason);
        office_refresh(&office, office.tasks);
        check_moved_on(&office, cases[i].lines);
        cr_expect_str_eq(office_name_of(&office, office.tasks, "UID:w\r\n"),
                         "w.ics");
        other = office_beside(&office, ANN);
        office_refresh(&other, other.tasks);
        check_moved_on(&other, cases[i].lines);
        office_close(&other);
        office_close(&office);
    }
}

Test(objects_done, what_is_done_is_a_task_of_its_own)
{
    struct office office = office_open(EXCHANGE_2016);
    const char *series = office_task(&office, "w", "Water", SERIES);

    office_put(&office, office.tasks, "w.ics", series);
    office_put(&office, office.tasks, "w.ics",
               ticked(&office, series, "20380301", "20380301"));
    office_refresh(&office, office.tasks);
    const char *name =
        office_name_of(&office, office.tasks, "STATUS:COMPLETED");
    const char *text = office_get(&office, office.tasks, name);
    text = office_edit(&office, text, "SUMMARY:Water", "SUMMARY:Watered");
    cr_assert_eq(office_put(&office, office.tasks, name, text), STATUS_OK);
    office_restart(&office, true);
    office_refresh(&office, office.tasks);
    text = text_with(&office, "SUMMARY:Watered");
    cr_expect(strstr(text, "UID:w-2038-03-01\r\n") != NULL, "%s", text);
    text = text_with(&office, "SUMMARY:Water\r");
    cr_expect(strstr(text, "UID:w\r\n") != NULL, "%s", text);
    office_close(&office);
}

Test(objects_done, no_other_day_can_be_done)
{
    struct office office = office_open(EXCHANGE_2016);
    const char *series = office_task(&office, "w", "Water", SERIES);
    const char *later = ticked(&office, series, "20380308", "20380308");
    const char *renamed =
        office_edit(&office, ticked(&office, series, "20380301", "20380301"),
                    "20380301\r\nSUMMARY:Water", "20380301\r\nSUMMARY:Watered");

    office_put(&office, office.tasks, "w.ics", series);
    cr_expect_eq(office_put(&office, office.tasks, "w.ics", later),
                 STATUS_BAD_CONTENT);
    cr_expect_eq(office.written.problem, OBJECT_RECURRENCE);
    cr_expect_eq(office_put(&office, office.tasks, "w.ics", renamed),
                 STATUS_BAD_CONTENT);
    cr_expect_str_eq(office_names(&office, office.tasks), "w.ics");
    office_close(&office);
}
