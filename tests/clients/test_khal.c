/*
 * test_khal.c - khal shows, makes and edits events that vdirsyncer carries
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/clients/harness.h"
#include "tests/clients/outlook.h"
#include "tests/clients/program.h"
#include "tests/clients/vdirsyncer.h"

static const char settings[] =
    "[calendars]\n[[all]]\npath = ~/calendars/*\ntype = discover\n"
    "[locale]\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\n"
    "longdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\n"
    "longdatetimeformat = %Y-%m-%d %H:%M\n"
    "local_timezone = Europe/Berlin\ndefault_timezone = Europe/Berlin\n"
    "[default]\ndefault_calendar = Calendar\n"
    "[sqlite]\npath = ~/khal.db\n";

static void begin(struct harness *harness)
{
    /* khal writes times of no zone where it edits them. */
    harness_start(harness, EXCHANGE_2016, "[caldav]\nzone = Europe/Berlin\n");
    vdirsyncer_discover(harness, "/", "b wins");
    harness_write(harness, "khal.conf", "%s", settings);
}

/* Runs khal with up to eight more words, which end with NULL. */
static char *khal(const struct harness *harness, const char *input,
                  const char *const words[])
{
    const char *args[16] = { "khal", "-c", "khal.conf" };

    for (size_t i = 0; words[i] != NULL; i++)
        args[i + 3] = words[i];
    return program_succeed(harness, args, input);
}

#define KHAL(harness, input, ...)                                              \
    khal(harness, input, (const char *const[]){ __VA_ARGS__, NULL })

/* What has been sent is read again the next time. */
static void sync_all(const struct harness *harness)
{
    free(vdirsyncer_sync(harness));
    free(vdirsyncer_sync(harness));
}

/* What khal shows of December, in Berlin. */
static void expect_list(const struct harness *harness, const char *expected)
{
    char *output = KHAL(harness, NULL, "list", "--notstarted", "--day-format",
                        "", "--format", "{start-date} {start-time} {title}",
                        "2026-12-01", "30d");
    const char *start = output + strspn(output, "\n");

    cr_expect_str_eq(start, expected);
    free(output);
}

Test(khal, shows_what_is_at_exchange, .timeout = SECONDS)
{
    struct harness harness;

    begin(&harness);
    outlook_add(&harness, OUTLOOK_EVENT, "Lunch", NULL);
    outlook_add(&harness, OUTLOOK_EVENT, "Gr\xc3\xbc\xc3\x9f" "e",
                "<t:IsAllDayEvent>false</t:IsAllDayEvent>"
                "<t:Recurrence><t:WeeklyRecurrence><t:Interval>2</t:Interval>"
                "<t:DaysOfWeek>Tuesday</t:DaysOfWeek></t:WeeklyRecurrence>"
                "<t:EndDateRecurrence><t:StartDate>2026-12-01</t:StartDate>"
                "<t:EndDate>2026-12-20</t:EndDate></t:EndDateRecurrence>"
                "</t:Recurrence>");
    sync_all(&harness);
    expect_list(&harness, "2026-12-01 11:00 Gr\xc3\xbc\xc3\x9f" "e\n"
                          "2026-12-01 11:00 Lunch\n"
                          "2026-12-15 11:00 Gr\xc3\xbc\xc3\x9f" "e\n");
    harness_stop(&harness);
}

Test(khal, makes_and_edits_events, .timeout = SECONDS)
{
    struct harness harness;

    begin(&harness);
    free(KHAL(&harness, NULL, "new", "2026-12-01", "10:00", "11:00",
              "Breakfast :: with bread"));
    free(KHAL(&harness, NULL, "new", "2026-12-24", "Holiday"));
    sync_all(&harness);
    outlook_expect(&harness, OUTLOOK_EVENT, "Breakfast",
                   "<t:Start>2026-12-01T09:00:00Z</t:Start>");
    outlook_expect(&harness, OUTLOOK_EVENT, "Breakfast", ">with bread");
    outlook_expect(&harness, OUTLOOK_EVENT, "Holiday",
                   "<t:IsAllDayEvent>true</t:IsAllDayEvent>");

    free(KHAL(&harness, "s\nBrunch\nt\n2026-12-01 12:00 2026-12-01 14:00\nq\n",
              "edit", "--show-past", "Breakfast"));
    sync_all(&harness);
    cr_expect(!outlook_has(&harness, OUTLOOK_EVENT, "Breakfast"));
    outlook_expect(&harness, OUTLOOK_EVENT, "Brunch",
                   "<t:Start>2026-12-01T11:00:00Z</t:Start>");
    outlook_expect(&harness, OUTLOOK_EVENT, "Brunch", ">with bread");
    expect_list(&harness, "2026-12-01 12:00 Brunch\n2026-12-24  Holiday\n");
    harness_stop(&harness);
}

Test(khal, makes_and_edits_series, .timeout = SECONDS)
{
    struct harness harness;

    begin(&harness);
    outlook_add(&harness, OUTLOOK_EVENT, "Lunch", NULL);
    free(KHAL(&harness, NULL, "new", "-r", "weekly", "-u", "2026-12-20",
              "2026-12-02", "09:00", "10:00", "Choir"));
    sync_all(&harness);
    outlook_expect(&harness, OUTLOOK_EVENT, "Choir",
                   "<t:Start>2026-12-16T08:00:00Z</t:Start>");

    free(KHAL(&harness, "s\nBig choir\np\nweekly\n2026-12-28\nq\n", "edit",
              "--show-past", "Choir"));
    sync_all(&harness);
    outlook_expect(&harness, OUTLOOK_EVENT, "Big choir",
                   "<t:Start>2026-12-23T08:00:00Z</t:Start>");
    expect_list(&harness,
                "2026-12-01 11:00 Lunch\n2026-12-02 09:00 Big choir\n"
                "2026-12-09 09:00 Big choir\n2026-12-16 09:00 Big choir\n"
                "2026-12-23 09:00 Big choir\n");

    free(KHAL(&harness, "D\ny\nq\n", "edit", "--show-past", "Big choir"));
    sync_all(&harness);
    cr_expect(!outlook_has(&harness, OUTLOOK_EVENT, "Big choir"));
    cr_expect_eq(outlook_count(&harness, OUTLOOK_EVENT), 1);
    harness_stop(&harness);
}
