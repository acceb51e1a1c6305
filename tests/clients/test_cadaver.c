/*
 * test_cadaver.c - cadaver walks through calendars as through folders
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/clients/harness.h"
#include "tests/clients/outlook.h"
#include "tests/clients/program.h"
#include "tests/clients/web.h"

static const char event[] =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Tests//EN\r\n"
    "BEGIN:VEVENT\r\nUID:%s\r\nDTSTAMP:20261101T080000Z\r\n"
    "DTSTART:20261201T100000Z\r\nDTEND:20261201T110000Z\r\n"
    "SUMMARY:%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

static void begin(struct harness *harness)
{
    harness_start(harness, EXCHANGE_2016, NULL);
    harness_write(harness, ".netrc", "machine localhost login %s password %s\n",
                  ANN, PASSWORD);
    harness_write(harness, "one.ics", event, "one", "One");
    harness_write(harness, "two.ics", event, "two", "Two");
    harness_write(harness, "plain.txt", "This is no event.\n");
}

/* Has cadaver do these things one after the other, from a path on; what it says
 * is to be freed. */
static char *cadaver(const struct harness *harness, const char *path,
                     const char *commands)
{
    char url[128];
    const char *args[] = { "cadaver", url, NULL };

    snprintf(url, sizeof url, "http://localhost:%u%s", harness->caldav, path);
    return program_succeed(harness, args, commands);
}

static void expect_said(const char *output, const char *const texts[])
{
    for (; *texts != NULL; texts++)
        cr_expect(strstr(output, *texts) != NULL, "no \"%s\" in\n%s", *texts,
                  output);
}

#define EXPECT_SAID(output, ...)                                               \
    expect_said(output, (const char *const[]){ __VA_ARGS__, NULL })

Test(cadaver, lists_collections_from_the_root_on, .timeout = SECONDS)
{
    struct harness harness;

    begin(&harness);
    outlook_add(&harness, OUTLOOK_EVENT, "Lunch", NULL);
    char *output = cadaver(&harness, "/", "ls\ncd users\nls\nquit\n");
    EXPECT_SAID(output, "Coll:   principals", "Coll:   users", "Coll:   " ANN);
    free(output);
    /* It takes "@" in a link for something else than in its own paths, where it
     * is quoted: each is a beginning of its own. */
    output = cadaver(&harness, WEB_HOME, "ls\nquit\n");
    EXPECT_SAID(output, "Coll:   calendar", "Coll:   contacts",
                "Coll:   tasks");
    free(output);
    output = cadaver(&harness, WEB_CALENDAR, "ls\nquit\n");
    EXPECT_SAID(output, ".ics");
    cr_expect(strstr(output, "ailed") == NULL, "%s", output);
    free(output);
    harness_stop(&harness);
}

Test(cadaver, puts_gets_moves_and_deletes, .timeout = SECONDS)
{
    struct harness harness;

    begin(&harness);
    char *output = cadaver(
        &harness, WEB_CALENDAR,
        "put one.ics\nput two.ics\nls\nget one.ics copy.ics\n"
        "move one.ics moved.ics\ndelete two.ics\nls\nget one.ics\nquit\n");
    EXPECT_SAID(output, "Uploading one.ics", "Moving", "Deleting `two.ics':",
                "404 Not Found");
    free(output);

    char *copy = harness_read(&harness, "copy.ics");
    cr_assert(copy != NULL);
    cr_expect(strstr(copy, "SUMMARY:One\r\n") != NULL, "%s", copy);
    free(copy);
    free(web_do(&harness, 200, "GET", WEB_CALENDAR "moved.ics", NULL, NULL));
    free(web_do(&harness, 404, "GET", WEB_CALENDAR "one.ics", NULL, NULL));
    cr_expect_eq(outlook_count(&harness, OUTLOOK_EVENT), 1);
    cr_expect(outlook_has(&harness, OUTLOOK_EVENT, "One"));
    harness_stop(&harness);
}

Test(cadaver, is_told_what_cannot_be, .timeout = SECONDS)
{
    struct harness harness;

    begin(&harness);
    char *output = cadaver(&harness, WEB_CALENDAR,
                           "put plain.txt\nmkcol plain\nget nobody.ics\n"
                           "delete nobody.ics\nquit\n");
    EXPECT_SAID(output, "403 Forbidden", "404 Not Found");
    cr_expect(strstr(output, "succeeded") == NULL, "%s", output);
    free(output);
    cr_expect_eq(outlook_count(&harness, OUTLOOK_EVENT), 0);
    harness_stop(&harness);
}

Test(cadaver, sets_and_gets_properties, .timeout = SECONDS)
{
    struct harness harness;

    begin(&harness);
    char *output =
        cadaver(&harness, WEB_CALENDAR,
                "put one.ics\npropset one.ics mood merry\n"
                "propset . season winter\nquit\n");
    cr_expect(strstr(output, "ailed") == NULL, "%s", output);
    free(output);

    /* Another run, with another connection, after a restart. */
    harness_daemon_stop(&harness);
    harness_daemon_start(&harness);
    output = cadaver(&harness, WEB_CALENDAR,
                     "propget one.ics mood\npropget . season\n"
                     "propdel one.ics mood\npropget one.ics mood\nquit\n");
    EXPECT_SAID(output, "merry", "winter");
    cr_expect(strstr(strstr(output, "merry") + 1, "merry") == NULL, "%s",
              output);
    free(output);
    harness_stop(&harness);
}
