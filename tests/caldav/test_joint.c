/*
 * test_joint.c - a calendar that shows tasks as well, as clients see it
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/caldav/client.h"

static struct dav_world *world;

static void begin(void)
{
    world = dav_world_new();
    dav_world_set(world, "caldav.tasks", "calendar");
}

static void end(void)
{
    dav_world_free(&world);
}

TestSuite(caldav_joint, .init = begin, .fini = end);

#define CALENDAR HOME "calendar/"
#define TASKS HOME "tasks/"
#define ICS "Content-Type: text/calendar\r\n"
#define EVENT(UID)                                                             \
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T//EN\r\nBEGIN:VEVENT\r\n"    \
    "UID:" UID "\r\nDTSTAMP:20270101T000000Z\r\nSUMMARY:Lunch\r\n"             \
    "DTSTART:20270301T100000Z\r\nDTEND:20270301T110000Z\r\nEND:VEVENT\r\n"     \
    "END:VCALENDAR\r\n"
#define TASK(UID)                                                              \
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T//EN\r\nBEGIN:VTODO\r\n"     \
    "UID:" UID "\r\nDTSTAMP:20270101T000000Z\r\nSUMMARY:Bread\r\n"             \
    "DUE;VALUE=DATE:20270301\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"
#define QUERY(FILTER)                                                          \
    "<C:calendar-query" NS "><prop><getetag/><C:calendar-data/></prop>"        \
    "<C:filter><C:comp-filter name=\"VCALENDAR\">" FILTER                      \
    "</C:comp-filter></C:filter></C:calendar-query>"
#define GONE(HREF)                                                             \
    "<D:href>" HREF "</D:href><D:status>HTTP/1.1 404 Not Found</D:status>"

/* clang-format off */
static const struct dav_step using[] = {
    { "it says that it takes both", "PROPFIND", CALENDAR, DEPTH_0,
      PROPFIND("<C:supported-calendar-component-set/>"), 207,
      { "<C:comp name=\"VEVENT\"/>", "<C:comp name=\"VTODO\"/>" }, NULL },
    { "the tasks are not shown twice", "PROPFIND", HOME, DEPTH_1, PROPFIND("<resourcetype/>"),
      207, { "<D:href>" CALENDAR "</D:href>", NULL }, "<D:href>" TASKS },
    { "an event", "PUT", CALENDAR "e.ics", ICS, EVENT("e"), 201, { NULL }, NULL },
    { "a task", "PUT", CALENDAR "t.ics", ICS, TASK("t"), 201, { NULL }, NULL },
    { "both are there", "PROPFIND", CALENDAR, DEPTH_1, PROPFIND("<getcontenttype/>"),
      207, { CALENDAR "e.ics", CALENDAR "t.ics", "component=vtodo" }, NULL },
    { "and the task where it is at Exchange", "GET", TASKS "t.ics", NULL, NULL, 200,
      { "SUMMARY:Bread" }, NULL },
    { "events only", "REPORT", CALENDAR, DEPTH_1, QUERY("<C:comp-filter name=\"VEVENT\"/>"),
      207, { CALENDAR "e.ics" }, "t.ics" },
    { "tasks only", "REPORT", CALENDAR, DEPTH_1, QUERY("<C:comp-filter name=\"VTODO\"/>"),
      207, { CALENDAR "t.ics" }, "e.ics" },
    { "whatever it is", "REPORT", CALENDAR, DEPTH_1, QUERY(""),
      207, { CALENDAR "e.ics", CALENDAR "t.ics" }, NULL },
    { "some by name", "REPORT", CALENDAR, DEPTH_0,
      "<C:calendar-multiget" NS "><prop><getetag/><C:calendar-data/></prop><href>" CALENDAR "t.ics"
      "</href><href>" CALENDAR "e.ics</href><href>" CALENDAR "x.ics</href></C:calendar-multiget>",
      207, { "SUMMARY:Bread", "SUMMARY:Lunch", "404" }, NULL },
    { "all as one", "GET", CALENDAR, NULL, NULL, 200, { "BEGIN:VTODO", "BEGIN:VEVENT" }, NULL },
    { "tasks keep nobody busy", "REPORT", CALENDAR, DEPTH_1,
      "<C:free-busy-query" NS "><C:time-range start=\"20270228T000000Z\" end=\"20270303T000000Z\"/>"
      "</C:free-busy-query>", 200, { "BUSY:20270301T100000Z/" }, "20270301T000000Z" },
    { "what is a task stays one", "PUT", CALENDAR "t.ics", ICS, EVENT("t"), 403,
      { "<C:no-uid-conflict>", CALENDAR "t.ics" }, NULL },
    { "a UID is there once", "PUT", CALENDAR "x.ics", ICS, TASK("e"), 403,
      { "<C:no-uid-conflict>", CALENDAR "e.ics" }, NULL },
    { "a name of one's own", "MOVE", CALENDAR "t.ics", "Destination: " CALENDAR "u.ics\r\n", NULL,
      201, { NULL }, NULL },
    { "the name is gone", "GET", CALENDAR "t.ics", NULL, NULL, 404, { NULL }, NULL },
    { "a list of tasks", "MKCALENDAR", HOME "list/", NULL,
      "<C:mkcalendar" NS "><set><prop><C:supported-calendar-component-set><C:comp name=\"VTODO\"/>"
      "</C:supported-calendar-component-set></prop></set></C:mkcalendar>", 201, { NULL }, NULL },
    { "takes a copy of the task", "COPY", CALENDAR "u.ics", "Destination: " HOME "list/u.ics\r\n",
      NULL, 201, { NULL }, NULL },
    { "and none of the event", "COPY", CALENDAR "e.ics", "Destination: " HOME "list/e.ics\r\n",
      NULL, 403, { "<C:supported-calendar-component/>" }, NULL },
    { "a task goes", "DELETE", CALENDAR "u.ics", NULL, NULL, 204, { NULL }, NULL },
    { "and only it", "PROPFIND", CALENDAR, DEPTH_1, PROPFIND("<getetag/>"),
      207, { CALENDAR "e.ics" }, "u.ics" },
};
/* clang-format on */

Test(caldav_joint, is_one_collection_of_events_and_tasks)
{
    DAV_PLAY(world, using);
}

struct token {
    char text[200];
};

static struct token token_of(const struct dav_answer *answer)
{
    struct token token;
    const char *start = strstr(answer->body, "<D:sync-token>");

    cr_assert_not_null(start, "%s", answer->body);
    start += strlen("<D:sync-token>");
    snprintf(token.text, sizeof token.text, "%.*s", (int)strcspn(start, "<"),
             start);
    return token;
}

static struct dav_answer sync(const char *token)
{
    char body[512];

    snprintf(body, sizeof body,
             "<sync-collection" NS "><sync-token>%s</sync-token><sync-level>1"
             "</sync-level><prop><getetag/></prop></sync-collection>",
             token);
    return dav_do(world, "REPORT", CALENDAR, DEPTH_0, body);
}

Test(caldav_joint, one_token_follows_both)
{
    struct dav_answer answer = sync("");
    struct token first = token_of(&answer);

    dav_do(world, "PUT", CALENDAR "e.ics", ICS, EVENT("e"));
    dav_do(world, "PUT", CALENDAR "t.ics", ICS, TASK("t"));
    answer = sync(first.text);
    cr_expect(dav_has(&answer, CALENDAR "e.ics"));
    cr_expect(dav_has(&answer, CALENDAR "t.ics"));
    struct token second = token_of(&answer);
    dav_do(world, "DELETE", CALENDAR "t.ics", NULL, NULL);
    answer = sync(second.text);
    cr_expect(dav_has(&answer, GONE(CALENDAR "t.ics")), "%s", answer.body);
    cr_expect_not(dav_has(&answer, "e.ics"));
    struct token third = token_of(&answer);

    dav_do(world, "PUT", CALENDAR "t.ics", ICS, EVENT("t"));
    answer = sync(second.text);
    cr_expect(dav_has(&answer, CALENDAR "t.ics"));
    cr_expect_not(dav_has(&answer, "404"), "what is there again has not gone");
    dav_world_set(world, "caldav.tasks", "apart");
    answer = sync(third.text);
    cr_expect_eq(answer.code, 403);
    cr_expect(dav_has(&answer, "<D:valid-sync-token/>"));
}
