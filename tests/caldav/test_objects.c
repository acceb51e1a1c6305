/*
 * test_objects.c - events, tasks and contacts: PUT, GET, DELETE, COPY, MOVE
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/caldav/client.h"
#include "tests/caldav/texts.h"
#include "tests/exchange/exchange.h"

static struct dav_world *world;

static void begin(void)
{
    world = dav_world_new();
}

static void end(void)
{
    dav_world_free(&world);
}

TestSuite(caldav_objects, .init = begin, .fini = end);

/* clang-format off */
static const struct dav_step events[] = {
    { "an event that is not there", "GET", HOME "calendar/a.ics", NULL, NULL, 404, { NULL }, NULL },
    { "a new event", "PUT", HOME "calendar/a.ics", CALENDAR, EVENT("one", "Lunch"),
      201, { NULL }, NULL },
    { "is there under its name", "GET", HOME "calendar/a.ics", NULL, NULL,
      200, { "SUMMARY:Lunch\r\n", "UID:one\r\n", "ETag: \"" }, NULL },
    { "with its type", "GET", HOME "calendar/a.ics", NULL, NULL,
      200, { "Content-Type: text/calendar; charset=utf-8; component=vevent" }, NULL },
    { "and what Exchange has no place for", "GET", HOME "calendar/a.ics", NULL, NULL,
      200, { "X-KEPT;X-P=1:yes\r\n" }, NULL },
    { "is listed", "PROPFIND", HOME "calendar/", DEPTH_1, PROPFIND("<getetag/><getcontenttype/>"),
      207, { "<D:href>" HOME "calendar/a.ics</D:href>", "component=vevent", "<D:getetag>&quot;" },
      NULL },
    { "not made again", "PUT", HOME "calendar/a.ics", CALENDAR "If-None-Match: *\r\n",
      EVENT("one", "Dinner"), 412, { "ETag: \"" }, NULL },
    { "not replaced where it is another", "PUT", HOME "calendar/a.ics",
      CALENDAR "If-Match: \"0-0\"\r\n", EVENT("one", "Dinner"), 412, { NULL }, NULL },
    { "not replaced where there is none", "PUT", HOME "calendar/b.ics",
      CALENDAR "If-Match: *\r\n", EVENT("two", "Dinner"), 412, { NULL }, NULL },
    { "replaced", "PUT", HOME "calendar/a.ics", CALENDAR, EVENT("one", "Dinner"), 204, { NULL }, NULL },
    { "so that it is another", "GET", HOME "calendar/a.ics", NULL, NULL,
      200, { "SUMMARY:Dinner\r\n" }, "Lunch" },
    { "nobody has its UID a second time", "PUT", HOME "calendar/c.ics", CALENDAR,
      EVENT("one", "Copy"), 403,
      { "<C:no-uid-conflict><D:href>" HOME "calendar/a.ics</D:href></C:no-uid-conflict>" }, NULL },
    { "nor does it get another", "PUT", HOME "calendar/a.ics", CALENDAR, EVENT("other", "Dinner"),
      403, { "<C:no-uid-conflict>" }, NULL },
    { "any name goes", "PUT", HOME "calendar/%C3%A4%20%2F%3F%23%25.ics", CALENDAR,
      EVENT("three", "Odd"), 201, { NULL }, NULL },
    { "and comes back quoted", "PROPFIND", HOME "calendar/", DEPTH_1, PROPFIND("<getetag/>"),
      207, { "<D:href>" HOME "calendar/%C3%A4%20%2F%3F%23%25.ics</D:href>" }, NULL },
    { "the whole calendar in one file", "GET", HOME "calendar", NULL, NULL,
      200, { "SUMMARY:Dinner\r\n", "SUMMARY:Odd\r\n", "END:VEVENT\r\nEND:VCALENDAR\r\n" }, NULL },
    { "shown again at once", "PUT", HOME "calendar/d.ics",
      CALENDAR "Prefer: return=representation\r\n", EVENT("four", "Shown"),
      201, { "Preference-Applied: return=representation", "ETag: \"", "SUMMARY:Shown" }, NULL },
    { "a part of one", "PUT", HOME "calendar/a.ics",
      CALENDAR "Content-Range: bytes 0-5/10\r\n", EVENT("one", "Part"), 400, { NULL }, NULL },
    { "no calendar", "PUT", HOME "calendar/e.ics", CALENDAR, "Hello", 403,
      { "<C:valid-calendar-data/>" }, NULL },
    { "no one object", "PUT", HOME "calendar/e.ics", CALENDAR,
      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\n" VEVENT("e", "x")
      "END:VCALENDAR\r\n", 403, { "<C:valid-calendar-object-resource/>" }, NULL },
    { "a task among events", "PUT", HOME "calendar/e.ics", CALENDAR, TASK("e", "x"),
      403, { "<C:supported-calendar-component/>" }, NULL },
    { "an end that is before the start", "PUT", HOME "calendar/e.ics", CALENDAR,
      VCALENDAR("BEGIN:VEVENT\r\nUID:e\r\nDTSTART:20260101T100000Z\r\nDTEND:20260101T090000Z\r\n"
                "END:VEVENT\r\n"), 403, { "<C:valid-calendar-data/>" }, NULL },
    { "before Exchange has dates", "PUT", HOME "calendar/e.ics", CALENDAR,
      VCALENDAR("BEGIN:VEVENT\r\nUID:e\r\nDTSTART:15000101T000000Z\r\nEND:VEVENT\r\n"),
      403, { "<C:min-date-time/>" }, NULL },
    { "after it has", "PUT", HOME "calendar/e.ics", CALENDAR,
      VCALENDAR("BEGIN:VEVENT\r\nUID:e\r\nDTSTART:45001224T000000Z\r\nEND:VEVENT\r\n"),
      403, { "<C:max-date-time/>" }, NULL },
    { "what Exchange cannot hold", "PUT", HOME "calendar/e.ics", CALENDAR,
      EVENT_WITH("e", "x", "RRULE:FREQ=HOURLY\r\n"), 403,
      { "<C:valid-calendar-object-resource/>", "<D:responsedescription>" }, NULL },
    { "more rarely than Exchange repeats anything", "PUT", HOME "calendar/e.ics", CALENDAR,
      EVENT_WITH("e", "x", "RRULE:FREQ=DAILY;INTERVAL=1500\r\n"), 403,
      { "<C:valid-calendar-object-resource/>" }, NULL },
    { "a day that meets the next one", "PUT", HOME "calendar/e.ics", CALENDAR,
      VCALENDAR(VEVENT_WITH("e", "x", "RRULE:FREQ=DAILY\r\n")
                "BEGIN:VEVENT\r\nUID:e\r\nRECURRENCE-ID:20260602T100000Z\r\n"
                "DTSTART:20260603T080000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"),
      403, { "<C:valid-calendar-object-resource/>" }, NULL },
    { "is not there by half", "GET", HOME "calendar/e.ics", NULL, NULL, 404, { NULL }, NULL },
    { "a card among events", "PUT", HOME "calendar/e.ics", "Content-Type: text/vcard\r\n",
      CARD("e", "x"), 403, { "<C:supported-calendar-data/>" }, NULL },
    { "no slash at its end", "PUT", HOME "calendar/e.ics/", CALENDAR, EVENT("e", "x"),
      409, { NULL }, NULL },
    { "no object in the home", "PUT", HOME "e.ics", CALENDAR, EVENT("e", "x"), 405, { NULL }, NULL },
    { "no object below what is not there", "PUT", HOME "none/e.ics", CALENDAR, EVENT("e", "x"),
      409, { NULL }, NULL },
    { "deleted if it is as it was", "DELETE", HOME "calendar/a.ics", "If-Match: \"0-0\"\r\n", NULL,
      412, { NULL }, NULL },
    { "deleted", "DELETE", HOME "calendar/a.ics", NULL, NULL, 204, { NULL }, NULL },
    { "once", "DELETE", HOME "calendar/a.ics", NULL, NULL, 404, { NULL }, NULL },
    { "gone", "PROPFIND", HOME "calendar/a.ics", DEPTH_0, NULL, 404, { NULL }, NULL },
};

static const struct dav_step others[] = {
    { "a task", "PUT", HOME "tasks/t.ics", CALENDAR, TASK("t1", "Bake"), 201, { NULL }, NULL },
    { "comes back", "GET", HOME "tasks/t.ics", NULL, NULL,
      200, { "BEGIN:VTODO\r\n", "SUMMARY:Bake\r\n", "component=vtodo" }, NULL },
    { "an event among tasks", "PUT", HOME "tasks/e.ics", CALENDAR, EVENT("e", "x"),
      403, { "<C:supported-calendar-component/>" }, NULL },
    { "a contact", "PUT", HOME "contacts/c.vcf", "Content-Type: text/vcard; charset=utf-8\r\n",
      CARD("c1", "Cara Crumb"), 201, { NULL }, NULL },
    { "comes back", "GET", HOME "contacts/c.vcf", NULL, NULL,
      200, { "FN:Cara Crumb\r\n", "X-KEPT:yes\r\n", "VERSION:3.0\r\n" }, NULL },
    { "in another version", "GET", HOME "contacts/c.vcf", "Accept: text/vcard; version=4.0\r\n", NULL,
      200, { "FN:Cara Crumb\r\n", "VERSION:4.0\r\n" }, NULL },
    { "all cards in one file", "GET", HOME "contacts/", NULL, NULL,
      200, { "FN:Cara Crumb\r\n", "END:VCARD\r\n", "Content-Type: text/vcard" }, NULL },
    { "no card", "PUT", HOME "contacts/d.vcf", NULL, "Hello", 403, { "<A:valid-address-data/>" }, NULL },
    { "a calendar among cards", "PUT", HOME "contacts/d.vcf", CALENDAR, EVENT("e", "x"),
      403, { "<A:supported-address-data/>" }, NULL },
};

#define TO(PATH) "Destination: http://localhost" PATH "\r\n"

static const struct dav_step moving[] = {
    { "an event", "PUT", HOME "calendar/a.ics", CALENDAR, EVENT("one", "Lunch"), 201, { NULL }, NULL },
    { "and a place for it", "MKCALENDAR", HOME "Other/", NULL, NULL, 201, { NULL }, NULL },
    { "another name", "MOVE", HOME "calendar/a.ics", TO(HOME "calendar/b.ics"), NULL, 201, { NULL }, NULL },
    { "is there", "GET", HOME "calendar/b.ics", NULL, NULL, 200, { "SUMMARY:Lunch" }, NULL },
    { "alone", "GET", HOME "calendar/a.ics", NULL, NULL, 404, { NULL }, NULL },
    { "copied", "COPY", HOME "calendar/b.ics", TO(HOME "Other/c.ics"), NULL, 201, { NULL }, NULL },
    { "is there", "GET", HOME "Other/c.ics", NULL, NULL, 200, { "SUMMARY:Lunch" }, NULL },
    { "and where it was", "GET", HOME "calendar/b.ics", NULL, NULL, 200, { "SUMMARY:Lunch" }, NULL },
    { "not over another", "MOVE", HOME "calendar/b.ics", TO(HOME "Other/c.ics") "Overwrite: F\r\n", NULL,
      412, { NULL }, NULL },
    { "over another", "MOVE", HOME "calendar/b.ics", TO(HOME "Other/c.ics"), NULL, 204, { NULL }, NULL },
    { "so that it is gone", "GET", HOME "calendar/b.ics", NULL, NULL, 404, { NULL }, NULL },
    { "not over one with another UID", "PUT", HOME "Other/d.ics", CALENDAR, EVENT("two", "Tea"),
      201, { NULL }, NULL },
    { "by a copy", "COPY", HOME "Other/d.ics", TO(HOME "Other/c.ics"), NULL,
      403, { "<C:no-uid-conflict><D:href>" HOME "Other/c.ics</D:href></C:no-uid-conflict>" }, NULL },
    { "or a move", "MOVE", HOME "Other/d.ics", TO(HOME "Other/c.ics"), NULL,
      403, { "<C:no-uid-conflict>" }, NULL },
    { "which leaves both", "GET", HOME "Other/d.ics", NULL, NULL, 200, { "SUMMARY:Tea" }, NULL },
    { "not onto itself", "COPY", HOME "Other/c.ics", TO(HOME "Other/c.ics"), NULL, 403, { NULL }, NULL },
    { "not among contacts", "COPY", HOME "Other/c.ics", TO(HOME "contacts/c.ics"), NULL,
      403, { "<A:supported-address-data/>" }, NULL },
    { "not to nowhere", "COPY", HOME "Other/c.ics", TO(HOME "none/c.ics"), NULL, 409, { NULL }, NULL },
    { "not without saying where", "COPY", HOME "Other/c.ics", NULL, NULL, 400, { NULL }, NULL },
    { "not what is not there", "MOVE", HOME "Other/x.ics", TO(HOME "Other/y.ics"), NULL,
      404, { NULL }, NULL },
};
/* clang-format on */

Test(caldav_objects, events_come_and_go)
{
    DAV_PLAY(world, events);
}

Test(caldav_objects, tasks_and_contacts_have_folders_of_their_own)
{
    DAV_PLAY(world, others);
}

Test(caldav_objects, move_and_are_copied)
{
    DAV_PLAY(world, moving);
}

/* What Postern says the tag of an object is. */
static const char *tag_of(const char *target)
{
    struct dav_answer answer = dav_do(world, "GET", target, NULL, NULL);
    const char *tag = dav_answer_field(world, &answer, "ETag");

    cr_assert(answer.code == 200 && tag != NULL, "%s: %d", target, answer.code);
    return tag;
}

static struct dav_answer do_if(const char *method, const char *target,
                               const char *field, const char *tag,
                               const char *body)
{
    char fields[200];

    snprintf(fields, sizeof fields, "%s: %s\r\n", field, tag);
    return dav_do(world, method, target, fields, body);
}

Test(caldav_objects, have_tags_that_tell_whether_they_are_the_same)
{
    static const char target[] = HOME "calendar/a.ics";
    struct dav_answer answer =
        dav_do(world, "PUT", target, CALENDAR, EVENT("one", "Lunch"));
    const char *first = tag_of(target);

    cr_expect(answer.code == 201);
    cr_expect(do_if("GET", target, "If-None-Match", first, NULL).code == 304);
    cr_expect(do_if("HEAD", target, "If-Match", first, NULL).code == 200);
    cr_expect(
        do_if("PUT", target, "If-Match", first, EVENT("one", "Tea")).code ==
        204);
    cr_expect_str_neq(tag_of(target), first);
    cr_expect(do_if("GET", target, "If-None-Match", first, NULL).code == 200);
    cr_expect(
        do_if("PUT", target, "If-Match", first, EVENT("one", "Cake")).code ==
        412);
    cr_expect(do_if("DELETE", target, "If-Match", tag_of(target), NULL).code ==
              204);
}

Test(caldav_objects, give_a_tag_only_for_what_comes_back_as_it_was_sent)
{
    struct dav_answer put = dav_do(world, "PUT", HOME "calendar/a.ics",
                                   CALENDAR, EVENT("one", "Lunch"));
    const char *tag = dav_answer_field(world, &put, "ETag");
    struct dav_answer got =
        dav_do(world, "GET", HOME "calendar/a.ics", NULL, NULL);

    cr_expect(tag == NULL || strcmp(got.body, EVENT("one", "Lunch")) == 0, "%s",
              got.body);
    cr_expect(tag == NULL ||
              strcmp(dav_answer_field(world, &got, "ETag"), tag) == 0);
}

/* --- Calls ---------------------------------------------------------------- */

static unsigned calls(void)
{
    return exchange_calls(dav_world_exchange(world), NULL);
}

Test(caldav_objects, cost_few_calls)
{
    static const char target[] = HOME "calendar/a.ics";
    unsigned before;

    dav_do(world, "PUT", target, CALENDAR, EVENT("one", "Lunch"));
    dav_do(world, "GET", target, NULL, NULL);
    before = calls();
    dav_do(world, "PUT", target, CALENDAR, EVENT("one", "Tea"));
    cr_expect(calls() - before <= 2, "an edit: %u calls", calls() - before);
    dav_do(world, "GET", target, NULL, NULL);
    cr_expect(calls() - before <= 3, "and a look: %u calls", calls() - before);
    before = calls();
    dav_do(world, "GET", target, NULL, NULL);
    cr_expect(calls() - before <= 1, "another: %u calls", calls() - before);
    before = calls();
    dav_do(world, "PROPFIND", HOME "calendar/", DEPTH_0,
           PROPFIND("<S:getctag/><sync-token/>"));
    cr_expect(calls() - before <= 1, "no news: %u calls", calls() - before);
    before = calls();
    dav_do(world, "DELETE", target, NULL, NULL);
    cr_expect(calls() - before <= 2, "a deletion: %u calls", calls() - before);
}
