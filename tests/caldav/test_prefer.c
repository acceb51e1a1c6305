/*
 * test_prefer.c - what clients would like to have (RFC 7240, RFC 8144), and
 * members that are added (RFC 5995)
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/caldav/client.h"
#include "tests/caldav/texts.h"

static struct dav_world *world;

static void begin(void)
{
    world = dav_world_new();
}

static void end(void)
{
    dav_world_free(&world);
}

TestSuite(caldav_prefer, .init = begin, .fini = end);

#define SHORT "Prefer: return=minimal\r\n"
#define SHOWN "Prefer: return=representation\r\n"
#define IS_SHORT "Preference-Applied: return=minimal"
#define IS_SHOWN "Preference-Applied: return=representation"
#define VCARD "Content-Type: text/vcard\r\n"
#define PATCH(VALUE)                                                           \
    "<propertyupdate" NS "><set><prop>" VALUE "</prop></set></propertyupdate>"

/* clang-format off */
static const struct dav_step short_answers[] = {
    { "an event", "PUT", HOME "calendar/a.ics", CALENDAR, EVENT("one", "Lunch"), 201, { NULL }, NULL },
    { "and a card", "PUT", HOME "contacts/a.vcf", VCARD, CARD("c", "Cara"), 201, { NULL }, NULL },
    { "what is missing is told", "PROPFIND", HOME "calendar/", DEPTH_0, PROPFIND("<resourcetype/><x/>"),
      207, { "404 Not Found" }, "Preference-Applied" },
    { "or not", "PROPFIND", HOME "calendar/", DEPTH_0 SHORT, PROPFIND("<resourcetype/><x/>"),
      207, { IS_SHORT, "Vary: Prefer", "<C:calendar/>" }, "404" },
    { "in quotes", "PROPFIND", HOME "calendar/", DEPTH_0 "Prefer: wait=5, return=\"minimal\"\r\n",
      PROPFIND("<resourcetype/><x/>"), 207, { IS_SHORT }, "404" },
    { "some other wish", "PROPFIND", HOME "calendar/", DEPTH_0 "Prefer: return=minimally\r\n",
      PROPFIND("<x/>"), 207, { "404" }, "Preference-Applied" },
    { "some events", "REPORT", HOME "calendar/", DEPTH_1 SHORT,
      "<C:calendar-multiget" NS "><prop><getetag/><x/></prop><href>" HOME "calendar/a.ics</href>"
      "</C:calendar-multiget>", 207, { IS_SHORT, "<D:getetag>" }, "404" },
    { "events that fit", "REPORT", HOME "calendar/", DEPTH_1 SHORT,
      "<C:calendar-query" NS "><prop><getetag/><x/></prop><C:filter><C:comp-filter"
      " name=\"VCALENDAR\"/></C:filter></C:calendar-query>", 207, { IS_SHORT, "<D:getetag>" }, "404" },
    { "what has changed", "REPORT", HOME "calendar/", DEPTH_0 SHORT,
      "<sync-collection" NS "><sync-token/><sync-level>1</sync-level><prop><getetag/><x/></prop>"
      "</sync-collection>", 207, { IS_SHORT, "<D:getetag>" }, "404" },
    { "some cards", "REPORT", HOME "contacts/", DEPTH_1 SHORT,
      "<A:addressbook-multiget" NS "><prop><getetag/><x/></prop><href>" HOME "contacts/a.vcf</href>"
      "</A:addressbook-multiget>", 207, { IS_SHORT, "<D:getetag>" }, "404" },
    { "cards that fit", "REPORT", HOME "contacts/", DEPTH_1 SHORT,
      "<A:addressbook-query" NS "><prop><getetag/><x/></prop><A:filter/></A:addressbook-query>",
      207, { IS_SHORT, "<D:getetag>" }, "404" },
    { "what a property leads to", "REPORT", HOME, DEPTH_0 SHORT,
      "<expand-property" NS "><property name=\"owner\"/><property name=\"x\"/></expand-property>",
      207, { IS_SHORT, "<D:owner>" }, "404" },
    { "properties that are set", "PROPPATCH", HOME "calendar/", SHORT, PATCH("<y>1</y>"),
      200, { IS_SHORT, "Content-Length: 0" }, NULL },
    { "and are not", "PROPPATCH", HOME "calendar/", SHORT, PATCH("<getetag>1</getetag>"),
      207, { "403" }, "Preference-Applied" },
    { "a calendar", "MKCALENDAR", HOME "one/", SHORT, NULL, 201, { IS_SHORT, "Content-Length: 0" }, NULL },
    { "an address book", "MKCOL", HOME "two/", SHORT,
      "<mkcol" NS "><set><prop><resourcetype><collection/><A:addressbook/></resourcetype></prop></set>"
      "</mkcol>", 201, { IS_SHORT, "Content-Length: 0" }, NULL },
    { "members without what they are in", "PROPFIND", HOME "calendar/",
      DEPTH_1 "Prefer: depth-noroot, return=minimal\r\n", PROPFIND("<getetag/>"), 207,
      { "Preference-Applied: depth-noroot", IS_SHORT, "calendar/a.ics</D:href>" }, "calendar/</D:href>" },
    { "what is not there", "PROPFIND", HOME "calendar/none.ics", DEPTH_0 SHORT, PROPFIND("<getetag/>"),
      404, { NULL }, "Preference-Applied" },
};

static const struct dav_step shown[] = {
    { "a new event", "PUT", HOME "calendar/a.ics", CALENDAR SHOWN, EVENT("one", "Lunch"), 201,
      { IS_SHOWN, "ETag: \"", "SUMMARY:Lunch" }, NULL },
    { "where it is", "PUT", HOME "calendar/a.ics", CALENDAR SHOWN, EVENT("one", "Dinner"), 200,
      { "Content-Location: " HOME "calendar/a.ics\r\n", "Vary: Prefer", "SUMMARY:Dinner" }, NULL },
    { "a tag that is wrong", "PUT", HOME "calendar/a.ics", CALENDAR SHOWN "If-Match: \"x\"\r\n",
      EVENT("one", "Tea"), 412, { IS_SHOWN, "ETag: \"", "SUMMARY:Dinner" }, NULL },
    { "something that is there", "PUT", HOME "calendar/a.ics", CALENDAR SHOWN "If-None-Match: *\r\n",
      EVENT("one", "Tea"), 412, { IS_SHOWN, "Content-Location: ", "SUMMARY:Dinner" }, NULL },
    { "nobody asks", "PUT", HOME "calendar/a.ics", CALENDAR "If-None-Match: *\r\n",
      EVENT("one", "Tea"), 412, { "ETag: \"" }, "SUMMARY" },
    { "nothing is there", "PUT", HOME "calendar/b.ics", CALENDAR SHOWN "If-Match: *\r\n",
      EVENT("two", "Tea"), 412, { NULL }, "SUMMARY" },
    { "a look", "GET", HOME "calendar/a.ics", SHOWN "If-Match: \"x\"\r\n", NULL, 412, { NULL }, "SUMMARY" },
    { "another calendar", "MKCALENDAR", HOME "trips/", NULL, NULL, 201, { NULL }, NULL },
    { "a copy in it", "COPY", HOME "calendar/a.ics", SHOWN "Destination: " HOME "trips/c.ics\r\n", NULL,
      201, { IS_SHOWN, "Content-Location: " HOME "trips/c.ics\r\n", "SUMMARY:Dinner" }, NULL },
    { "by another name", "MOVE", HOME "trips/c.ics", SHOWN "Destination: " HOME "trips/d.ics\r\n", NULL,
      201, { IS_SHOWN, "ETag: \"", "SUMMARY:Dinner" }, NULL },
    { "a card", "PUT", HOME "contacts/a.vcf", VCARD SHOWN, CARD("c", "Cara"), 201,
      { IS_SHOWN, "FN:Cara", "VERSION:3.0" }, NULL },
    { "in the version that is wanted", "PUT", HOME "contacts/a.vcf",
      VCARD SHOWN "Accept: text/vcard; version=4.0\r\n", CARD("c", "Zara"), 200,
      { IS_SHOWN, "FN:Zara", "VERSION:4.0" }, NULL },
};

static const struct dav_step added[] = {
    { "where to add", "PROPFIND", HOME "calendar/", DEPTH_0, PROPFIND("<add-member/>"), 207,
      { "<D:add-member><D:href>" HOME "calendar/</D:href></D:add-member>" }, NULL },
    { "not to a home", "PROPFIND", HOME, DEPTH_0, PROPFIND("<add-member/>"), 207, { "404" }, NULL },
    { "an event", "POST", HOME "calendar/", CALENDAR, EVENT("one", "Lunch"), 201,
      { "Location: " HOME "calendar/" }, "ETag" },
    { "is there", "GET", HOME "calendar/", NULL, NULL, 200, { "SUMMARY:Lunch" }, NULL },
    { "once", "POST", HOME "calendar/", CALENDAR, EVENT("one", "Lunch"), 403,
      { "<C:no-uid-conflict><D:href>" HOME "calendar/" }, "Location" },
    { "also where another has named it", "PUT", HOME "calendar/a.ics", CALENDAR, EVENT("two", "Tea"),
      201, { NULL }, NULL },
    { "as it has", "POST", HOME "calendar/", CALENDAR, EVENT("two", "Tea"), 403,
      { "<C:no-uid-conflict><D:href>" HOME "calendar/a.ics" }, "Location" },
    { "shown at once", "POST", HOME "calendar/", CALENDAR SHOWN, EVENT("three", "Cake"), 201,
      { "Location: " HOME "calendar/", "ETag: \"", "SUMMARY:Cake" }, NULL },
    { "a task", "POST", HOME "tasks", CALENDAR, TASK("t", "Bread"), 201,
      { "Location: " HOME "tasks/", ".ics\r\n" }, NULL },
    { "no event there", "POST", HOME "tasks/", CALENDAR, EVENT("t2", "Bread"), 403,
      { "<C:supported-calendar-component/>" }, "Location" },
    { "a card", "POST", HOME "contacts/", VCARD, CARD("c", "Cara"), 201,
      { "Location: " HOME "contacts/", ".vcf\r\n" }, NULL },
    { "without a UID", "POST", HOME "contacts/", VCARD,
      "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Nobody\r\nN:;Nobody;;;\r\nEND:VCARD\r\n", 403,
      { "<A:valid-address-data/>" }, "Location" },
    { "no card", "POST", HOME "contacts/", CALENDAR, EVENT("e", "x"), 403,
      { "<A:supported-address-data/>" }, "Location" },
    { "nothing", "POST", HOME "calendar/", CALENDAR, "", 403, { "<C:valid-calendar-data/>" }, "Location" },
    { "not in the directory", "POST", "/directory/", VCARD, CARD("d", "Dora"), 405, { NULL }, NULL },
};
/* clang-format on */

Test(caldav_prefer, a_short_answer)
{
    DAV_PLAY(world, short_answers);
}

Test(caldav_prefer, what_has_become_of_it)
{
    DAV_PLAY(world, shown);
}

Test(caldav_prefer, members_are_added_under_names_of_ours)
{
    DAV_PLAY(world, added);
}

/* What is told is what is read; and it costs the write and one look. */
Test(caldav_prefer, a_new_event_is_shown_with_a_tag_that_holds)
{
    struct exchange *exchange = dav_world_exchange(world);

    dav_do(world, "GET", HOME "calendar/", NULL, NULL);
    exchange_reset_calls(exchange);
    struct dav_answer put = dav_do(world, "POST", HOME "calendar/",
                                   CALENDAR SHOWN, EVENT("one", "Lunch"));
    cr_expect_eq(exchange_calls(exchange, NULL), 2u, "%u",
                 exchange_calls(exchange, NULL));
    struct dav_answer got = dav_do(
        world, "GET", dav_answer_field(world, &put, "Location"), NULL, NULL);
    cr_expect_str_eq(dav_answer_field(world, &put, "ETag"),
                     dav_answer_field(world, &got, "ETag"));
    cr_expect_str_eq(put.body, got.body);
}

/* Who has not heard the answer tries again. */
Test(caldav_prefer, a_member_is_not_added_twice)
{
    struct exchange *exchange = dav_world_exchange(world);
    const struct exchange_fault_rule lost = { .operation = "CreateItem",
                                              .fault = FAULT_RESET_AFTER,
                                              .times = 1 };
    const struct exchange_fault_rule mute = { .operation = "FindItem",
                                              .fault = FAULT_HTTP_500,
                                              .times = 100 };

    dav_do(world, "GET", HOME "calendar/", NULL, NULL);
    exchange_set_fault(exchange, &lost);
    exchange_set_fault(exchange, &mute);
    struct dav_answer answer = dav_do(world, "POST", HOME "calendar/", CALENDAR,
                                      EVENT("one", "Lunch"));
    cr_expect_eq(answer.code, 504, "nobody knows: %d", answer.code);
    exchange_clear_faults(exchange);
    answer = dav_do(world, "POST", HOME "calendar/", CALENDAR,
                    EVENT("one", "Lunch"));
    cr_expect_eq(answer.code, 201, "%d %s", answer.code, answer.body);
    answer = dav_do(world, "GET", HOME "calendar/", NULL, NULL);
    cr_expect_eq(dav_count(answer.body, "BEGIN:VEVENT"), 1u, "%s", answer.body);
}
